// Two tabs of each page that ships. Fails by throwing; writes screenshots.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const { DORMOUSE_URL: url, CHROMIUM: executablePath, SCREENSHOTS: screenshots } = process.env;
mkdirSync(screenshots, { recursive: true });
const userDataDir = mkdtempSync(join(tmpdir(), "dormouse-browser-"));

const browser = await puppeteer.launch({
  executablePath,
  userDataDir,
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

const problems = [];

/** A tab with storage of its own, as a second person has it. */
async function tab(path, scheme) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(`${path}: ${error.message}`));
  await page.setViewport({ width: 1280, height: 800 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(url + path);
  return page;
}

const shot = (page, name) => page.screenshot({ path: join(screenshots, `${name}.png`) });

const sees = (page, selector, text) =>
  page.waitForFunction(
    (where, what) => [...document.querySelectorAll(where)].some((e) => e.textContent.includes(what)),
    { timeout: 15_000 },
    selector,
    text,
  );

async function echo() {
  const one = await tab("/plugins/echo/", "light");
  const two = await tab("/plugins/echo/", "dark");
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

async function say(from, to, text) {
  await from.type("#text", text);
  await from.keyboard.press("Enter");
  await sees(to, ".line .text", text);
}

async function chat() {
  const people = [];
  for (const [name, scheme] of [["Ada", "light"], ["Bob", "dark"], ["Chloé", "light"]]) {
    const page = await tab("/plugins/chat/", scheme);
    await page.waitForSelector("#name-dialog[open]");
    await page.type("#name", name);
    await page.keyboard.press("Enter");
    await sees(page, "#my-name", name);
    people.push(page);
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

try {
  const start = await tab("/", "light");
  await sees(start, "a", "chat");
  await shot(start, "start");
  await echo();
  await chat();
  assert.deepEqual(problems, []);
} finally {
  await browser.close();
  rmSync(userDataDir, { recursive: true, force: true });
}
