// A tab on each of two hosts: what is typed in one appears in the other. Writes screenshots.
import { browse, chatTab, say, sees, shot } from "./tabs.js";

const [first, second] = process.env.DORMOUSE_URLS.split(" ");

await browse(async () => {
  const ada = await chatTab(first, "Ada", "light");
  const bob = await chatTab(second, "Bob", "dark");
  await say(ada, bob, "Good morning from the first host");
  await say(bob, ada, "And from the second one.");
  await sees(ada, "#connection-text", "websocket");
  await shot(ada, "two-hosts-first");
  await shot(bob, "two-hosts-second");
});
