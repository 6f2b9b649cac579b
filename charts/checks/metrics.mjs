// Whether the metrics that alerts, dashboard and autoscaler ask for exist: what they ask is parsed and held against the
// table of docs/operations.md, and that table against what the host's code registers; every alert has its chapter there.
// Usage: node metrics.mjs FILE.yaml... ; with SCRAPE=FILE.txt also against what a host told at /metrics.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parser } from "@prometheus-io/lezer-promql";
import { documents, here, report } from "./common.mjs";

const problems = [];
const repository = join(here, "../..");
const operations = readFileSync(join(repository, "docs/operations.md"), "utf8");

/** Without what Prometheus adds by the kind of a metric. */
const family = (name) => name.replace(/_(total|seconds(_(count|sum|max))?)$/, "");

// The table: | `name` | `label`, `label` | meaning |
const table = new Map();
for (const [, name, labels] of operations.matchAll(/^\| `([a-z0-9_]+)` \|([^|]*)\|/gm)) {
  table.set(name, [...labels.matchAll(/`([a-z]+)`/g)].map((match) => match[1]));
}

// What the code registers.
const sources = join(repository, "host/src/main/java");
const registered = new Set();
for (const file of readdirSync(sources, { recursive: true }).filter((each) => each.endsWith(".java"))) {
  const code = readFileSync(join(sources, file), "utf8");
  const add = (name) => registered.add(name.replace(/[.-]/g, "_"));
  for (const [, name] of code.matchAll(/(?:counter|builder|count)\(\s*"(dormouse\.[a-z.]*[a-z])"/g)) add(name);
  for (const [, name] of code.matchAll(/meters\.gauge\("([a-z.]+)"/g)) add(`dormouse.backplane.${name}`);
  if (file.endsWith("RuntimeMeters.java")) {
    for (const [, name] of code.matchAll(/static final String [A-Z]+ = "([a-z.]+)"/g)) add(`dormouse.plugin.${name}`);
  }
}
const own = [...table.keys()].filter((name) => name.startsWith("dormouse_"));
for (const name of registered) {
  if (!own.some((each) => family(each) === name)) problems.push(`the code has ${name}, and docs/operations.md has not`);
}
for (const name of own) {
  if (!registered.has(family(name))) problems.push(`docs/operations.md has ${name}, and the code has not`);
}

const scraped = new Map(); // metric → labels, of one host
if (process.env.SCRAPE) {
  for (const [, name, labels] of readFileSync(process.env.SCRAPE, "utf8").matchAll(/^([a-z][a-z0-9_]*)(?:\{(.*)\})? /gm)) {
    scraped.set(name, [...(labels ?? "").matchAll(/([a-z]+)="/g)].map((match) => match[1]));
  }
  for (const [name, labels] of scraped) {
    const told = table.get(name) ?? table.get(name.replace(/_(count|sum|max)$/, ""));
    if (name.startsWith("dormouse_") && !told) problems.push(`the host has ${name}, and docs/operations.md has not`);
    for (const label of labels) {
      if (told && !told.includes(label)) problems.push(`the host's ${name} has a label ${label}, and docs/operations.md does not tell`);
    }
  }
}

/** Checks one query. */
function ask(where, query) {
  const text = query.replaceAll("$__rate_interval", "5m").replaceAll("$namespace", "n").replaceAll("$service", "s");
  const metrics = [];
  const labels = new Set();
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError) problems.push(`${where}: no PromQL near '${text.slice(Math.max(0, node.from - 20), node.to + 20)}'`);
      if (node.name === "VectorSelector") metrics.push(text.slice(node.from, node.node.getChild("Identifier")?.to));
      if (node.name === "LabelName") labels.add(text.slice(node.from, node.to));
    },
  });
  if (!metrics.length) problems.push(`${where}: asks for no metric`);
  const allowed = new Set(["namespace", "service", "pod"]);
  for (const name of metrics) {
    if (name === "up") continue;
    const told = table.get(name) ?? table.get(name.replace(/_(count|sum|max)$/, ""));
    if (!told) problems.push(`${where}: ${name} is not in docs/operations.md`);
    told?.forEach((label) => allowed.add(label));
  }
  for (const label of labels) if (!allowed.has(label)) problems.push(`${where}: ${metrics} has no label ${label}`);
  return 1;
}

let queries = 0;
const all = documents(process.argv.slice(2), problems);
for (const { manifest, label } of all) {
  if (manifest.kind === "PrometheusRule") {
    for (const rule of manifest.spec.groups.flatMap((group) => group.rules)) {
      queries += ask(`${label}, ${rule.alert}`, rule.expr);
      if (!operations.includes(`\n### ${rule.alert}\n`)) problems.push(`docs/operations.md does not say what to do about ${rule.alert}`);
    }
  }
  for (const trigger of manifest.kind === "ScaledObject" ? manifest.spec.triggers : []) {
    if (trigger.metadata.query) queries += ask(label, trigger.metadata.query);
  }
  if (manifest.kind === "ConfigMap" && manifest.data["dormouse.json"]) {
    for (const panel of JSON.parse(manifest.data["dormouse.json"]).panels) {
      for (const target of panel.targets ?? []) queries += ask(`${label}, panel '${panel.title}'`, target.expr);
    }
  }
}
const alerts = new Set(all.filter(({ manifest }) => manifest.kind === "PrometheusRule")
  .flatMap(({ manifest }) => manifest.spec.groups.flatMap((group) => group.rules.map((rule) => rule.alert))));
for (const [, alert] of operations.matchAll(/^### (Dormouse\w+)$/gm)) {
  if (!alerts.has(alert)) problems.push(`docs/operations.md tells of ${alert}, which is no alert`);
}
report(`${queries} queries, ${table.size} metrics`, problems, queries && registered.size);
