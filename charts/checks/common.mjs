// What the checks have in common.
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

export const here = dirname(fileURLToPath(import.meta.url));

/** The manifests of rendered files, each with a label for people; what is no YAML is added to the problems. */
export function documents(files, problems) {
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(file, "utf8"), { uniqueKeys: true }).flatMap((document) => {
      document.errors.forEach((error) => problems.push(`${basename(file)}: ${error.message}`));
      const manifest = document.errors.length ? null : document.toJS();
      if (manifest === null) return [];
      return [{ file: basename(file), manifest, label: `${basename(file)}: ${manifest.kind} '${manifest.metadata?.name}'` }];
    }));
}

/** Ends the process: with 0 when there were no problems and there was something to look at. */
export function report(what, problems, count) {
  problems.forEach((problem) => console.error(problem));
  console.log(`${what}: ${count ? `${problems.length} problems` : "nothing was looked at"}`);
  process.exit(problems.length || !count ? 1 : 0);
}
