// A real browser and its tabs. Screenshots go to the folder SCREENSHOTS.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const { CHROMIUM: executablePath, SCREENSHOTS: screenshots } = process.env;
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
export async function tab(url, scheme) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(`${url}: ${error.message}`));
  await page.setViewport({ width: 1280, height: 800 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(url);
  return page;
}

export const shot = (page, name) => page.screenshot({ path: join(screenshots, `${name}.png`) });

export const sees = (page, selector, text) =>
  page.waitForFunction(
    (where, what) => [...document.querySelectorAll(where)].some((e) => e.textContent.includes(what)),
    { timeout: 15_000 },
    selector,
    text,
  );

export async function say(from, to, text) {
  await from.type("#text", text);
  await from.keyboard.press("Enter");
  await sees(to, ".line .text", text);
}

/** Opens the chat in a tab of its own, as somebody of this name. */
export async function chatTab(url, name, scheme) {
  const page = await tab(`${url}/plugins/chat/`, scheme);
  await page.waitForSelector("#name-dialog[open]");
  await page.type("#name", name);
  await page.keyboard.press("Enter");
  await sees(page, "#my-name", name);
  return page;
}

/** Runs to the end of `script`, in which no page may have a problem, and closes the browser. */
export async function browse(script) {
  try {
    await script();
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
    rmSync(userDataDir, { recursive: true, force: true });
  }
}
