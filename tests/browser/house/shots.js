// Pictures of the pages at three widths, light and dark, and as printed.
import { chromium } from "@playwright/test";
import { join } from "node:path";
import { ALL } from "./pages.js";
import { serve } from "./server.js";
import { buildAll, SITES } from "./sites.js";

const [folder, words] = process.argv.slice(2);
const pages = ALL.filter(({ name }) => name.includes(words ?? ""));

/** Longer pages are cut: what stands further down looks like what stands above. */
const TALL = 5_000;

buildAll();
const browser = await chromium.launch({ executablePath: process.env.WHOLE_CHROMIUM, args: ["--no-sandbox"] });
const homes = {};
for (const site of Object.keys(SITES)) homes[site] = await serve(SITES[site], "/");

const take = async (page, name) => {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const { width } = page.viewportSize();
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, TALL) } });
};

for (const { site, path, name } of pages) {
  const file = name.replaceAll(/[^\p{L}\p{N}]+/gu, "-");
  for (const width of [1280, 768, 360]) {
    const page = await browser.newPage({ viewport: { width, height: 800 }, deviceScaleFactor: width === 360 ? 2 : 1, reducedMotion: "reduce" });
    await page.goto(homes[site].home + encodeURI(path));
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await take(page, `${file}-${width}-${colorScheme}`);
    }
    await page.close();
  }
  // The width of A4 between its margins.
  const page = await browser.newPage({ viewport: { width: 680, height: 960 } });
  await page.goto(homes[site].home + encodeURI(path));
  await page.emulateMedia({ media: "print" });
  await take(page, `${file}-print`);
  await page.close();
}
await browser.close();
for (const server of Object.values(homes)) await server.close();
console.log(`${pages.length} pages, ${pages.length * 7} pictures in ${folder}`);
