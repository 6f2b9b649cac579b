// Whether the table of values in the chart's README is that of values.yaml; --write makes it so.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isScalar, parseDocument } from "yaml";
import { here, report } from "./common.mjs";

const chart = join(here, "../dormouse");
const problems = [];
const rows = [];

function add(map, prefix) {
  for (const { key, value } of map.items) {
    const name = `${prefix}${key.value}`;
    const lines = (key === map.items[0].key ? (map.commentBefore ?? key.commentBefore) : key.commentBefore)?.split("\n") ?? [];
    const text = lines.findLast((line) => line.startsWith(" -- "))?.slice(4);
    if (isMap(value) && !text) {
      add(value, `${name}.`);
      continue;
    }
    if (!text) problems.push(`values.yaml says nothing about ${name}; write a line '# -- ...' above it`);
    const plain = isScalar(value) ? value.value : value.toJSON();
    const shown = plain === "" || JSON.stringify(plain) === "{}" || JSON.stringify(plain) === "[]" ? ""
      : `\`${typeof plain === "string" ? plain : JSON.stringify(plain)}\``;
    rows.push(`| \`${name}\` | ${shown} | ${text} |`);
  }
}

const values = parseDocument(readFileSync(join(chart, "values.yaml"), "utf8"));
add(values.contents, "");
const file = join(chart, "README.md");
const readme = readFileSync(file, "utf8");
const begin = "| key | default | meaning |\n|---|---|---|\n";
const [before, after] = readme.split(begin);
const made = before + begin + rows.join("\n") + "\n" + after.replace(/^(\|.*\n)*/, "");
if (process.argv.includes("--write")) writeFileSync(file, made);
else if (made !== readme) problems.push("charts/dormouse/README.md has another table than values.yaml; run: node charts/checks/readme.mjs --write");
report(`${rows.length} values in the README`, problems, rows.length);
