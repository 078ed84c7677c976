// Small over the wire, and still while it arrives.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { ALL, KINDS } from "../house/pages.js";
import { SITES } from "../house/sites.js";
import { expect, none, test } from "../house/test.js";

// What arrives before the first paint, and so what moves after it, is asked of a whole browser.
test.use({ launchOptions: { executablePath: process.env.WHOLE_CHROMIUM, args: ["--no-sandbox"] } });

/** What a process page may weigh in bytes: its HTML, and the styles and scripts that it names, each compressed as a server does. */
const MOST = 60_000;

/** How much may move in all, as a share of the window times a share of its height: a line that breaks elsewhere when the font arrives, and no more. */
const SHIFT = 0.05;

const weight = (path) => gzipSync(readFileSync(path)).length;

for (const { site, path, name } of ALL.filter(({ path }) => /(^|\/)processes\/[^/]+\/((checklist|premortem)\/)?$/.test(path))) {
  test(`${site}: ${name}: light enough for a bad connection`, () => {
    const file = join(SITES[site], path, "index.html");
    const named = [...readFileSync(file, "utf8").matchAll(/<(?:script[^>]* src|link rel="stylesheet" href)="([^"]+)"/g)].map(([, address]) => join(dirname(file), address));
    expect(named.length, "styles and scripts of the page").toBeGreaterThan(1);
    const parts = [file, ...named].map((part) => [part.slice(SITES[site].length), weight(part)]);
    const sum = parts.reduce((so, [, bytes]) => so + bytes, 0);
    none(sum > MOST ? parts.map(([part, bytes]) => `${part}: ${bytes}`) : [], `parts that make ${sum} bytes together, where ${MOST} may be`);
  });
}

for (const where of KINDS) {
  for (const width of [1280, 360]) {
    test(`${where.name} at ${width}: hardly anything moves while the page arrives`, async ({ open, page }) => {
      await page.setViewportSize({ width, height: 800 });
      await page.addInitScript(() => {
        window.moved = [];
        window.share = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput && (window.share += entry.value)) window.moved.push(`${entry.value.toFixed(4)}: ${entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? node?.nodeName).join(" | ")}`);
        }).observe({ type: "layout-shift", buffered: true });
      });
      await open(where);
      await page.evaluate(() => document.fonts.ready);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      none(await page.evaluate((most) => (window.share > most ? window.moved : []), SHIFT), "shifts");
    });
  }
}
