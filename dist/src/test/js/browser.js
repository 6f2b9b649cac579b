// Two tabs of each page that ships. Fails by throwing; writes screenshots.
import { browse, chatTab, say, sees, shot, tab } from "./tabs.js";

const url = process.env.DORMOUSE_URL;

async function echo() {
  const one = await tab(url + "/plugins/echo/", "light");
  const two = await tab(url + "/plugins/echo/", "dark");
  for (const page of [one, two]) {
    await sees(page, "#way .now", "websocket");
  }
  await one.type("#text", "typed in the first tab");
  await one.keyboard.press("Enter");
  await sees(two, "#heard .text", "typed in the first tab");
  await sees(one, "#heard .text", "typed in the first tab");
  await shot(one, "echo-light");
  await shot(two, "echo-dark");
}

async function chat() {
  const people = [];
  for (const [name, scheme] of [["Ada", "light"], ["Bob", "dark"], ["Chloé", "light"]]) {
    people.push(await chatTab(url, name, scheme));
  }
  const [ada, bob, chloé] = people;
  await say(ada, bob, "Good morning everyone");
  await say(bob, ada, "Morning! The rehearsal is at six, in the small hall.");
  await say(chloé, ada, "I bring the scores 🎼");
  await say(ada, chloé, "<b>Text</b> is text here, by the way.");
  await sees(ada, "#connection-text", "websocket");
  await shot(ada, "chat-light");
  await bob.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true });
  // The page is loaded again for it, and finds everything again.
  await sees(bob, ".line .text", "is text here");
  await sees(bob, "#connection-text", "websocket");
  await shot(bob, "chat-phone-dark");
}

await browse(async () => {
  const start = await tab(url + "/", "light");
  await sees(start, "a", "chat");
  await shot(start, "start");
  await echo();
  await chat();
});
