// A program that a test talks to: each line of standard input is an expression, whose value (or error)
// is written as a line of JSON. Ends with its standard input.
import { createInterface } from "node:readline";

const AsyncFunction = (async () => {}).constructor;

/** Says that the program is ready, then evaluates lines with these names in scope. */
export async function answerLines(scope, ready = null) {
  const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\n");
  say({ value: ready });
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      const expression = new AsyncFunction(...Object.keys(scope), `return (${line});`);
      say({ value: (await expression(...Object.values(scope))) ?? null });
    } catch (error) {
      say({ error: String(error?.stack ?? error) });
    }
  }
  process.exit();
}
