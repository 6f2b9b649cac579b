// Rejects what a strict API server would refuse: unknown field, missing field, wrong type, value out of a pattern.
// Usage: node manifests.mjs FILE.yaml... ; needs npm ci.
// Unknown fields: each manifest becomes a TypeScript literal of the published type. Values: the published validators.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { documents, here, report } from "./common.mjs";

const home = {
  "keda.sh": "@kubernetes-models/keda/",
  "gateway.networking.k8s.io": "@kubernetes-models/gateway-api/",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator/",
};
const problems = [];
const folder = mkdtempSync(join(here, ".types-"));
const typed = new Map(); // file of a literal → what it is
const all = documents(process.argv.slice(2), problems);
const known = new Set(); // most manifests are the same for several values
for (const { manifest, label } of all) {
  const text = JSON.stringify(manifest, null, 1);
  if (known.has(text)) continue;
  known.add(text);
  const module = (home[manifest.apiVersion.split("/")[0]] ?? "kubernetes-models/") + manifest.apiVersion;
  const type = await import(module).then((models) => models[manifest.kind]).catch(() => undefined);
  if (!type) {
    problems.push(`${label}: no schema for ${manifest.apiVersion} ${manifest.kind}`);
    continue;
  }
  try {
    new type(manifest).validate();
  } catch (error) {
    problems.push(`${label}: ${error.message}`);
  }
  const file = join(folder, `m${typed.size}.ts`);
  typed.set(file, label);
  writeFileSync(file, `import type { I${manifest.kind} } from "${module}";\nexport const manifest: I${manifest.kind} = ${text};\n`);
}
const program = ts.createProgram([...typed.keys()], {
  noEmit: true, strict: true, skipLibCheck: true, types: [],
  target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
});
for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
  const label = typed.get(diagnostic.file?.fileName) ?? diagnostic.file?.fileName;
  problems.push(`${label}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ").slice(0, 300)}`);
}
rmSync(folder, { recursive: true });
report(`${all.length} manifests, ${known.size} different`, problems, all.length);
