// Two tabs of one balancer talk again and again; before each time but the first they wait for a line.
import { once } from "node:events";
import { browse, chatTab, say } from "./tabs.js";

const url = process.env.DORMOUSE_URL;

await browse(async () => {
  const ada = await chatTab(url, "Ada", "light");
  const bob = await chatTab(url, "Bob", "dark");
  for (let round = 1; round <= 3; round++) {
    if (round > 1) {
      await once(process.stdin, "data");
    }
    await say(ada, bob, `Round ${round}: from one tab`);
    await say(bob, ada, `Round ${round}: from the other`);
    console.log(`talk ${round}`);
  }
});
process.stdin.destroy();
