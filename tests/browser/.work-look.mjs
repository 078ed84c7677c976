import { chromium } from "@playwright/test";
import { serve } from "./house/server.js";
const [folder, out] = process.argv.slice(2);
const s = await serve(folder, "/");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const width of [1280]) for (const scheme of ["light"]) {
  const page = await browser.newPage({ viewport: { width, height: 800 }, deviceScaleFactor: width === 360 ? 2 : 1, colorScheme: scheme });
  page.on("console", m => console.log(m.type(), m.text()));
  page.on("pageerror", e => console.log("ERR", e.stack));
  await page.goto(s.home + "processes/deploy/");
  await page.keyboard.press("/");
  await page.waitForSelector(".search[open]");
  await page.waitForTimeout(1500);
  const shots = process.argv[4] ? process.argv[4].split(",") : ["", "db down", "migraton", "rollback", "zzqq", "github", "schema_version", "what if vault is sealed"];
  for (const q of shots) {
    await page.fill(".search-input", q);
    await page.waitForTimeout(250);
    if (width === 1280 && scheme === "light") console.log("==", q, "\n" + (await page.locator(".search-list .hit").evaluateAll(l => l.slice(0, 8).map(e => "  " + e.textContent))).join("\n"));
    await page.screenshot({ path: `${out}/${width}-${scheme}-${q.replace(/\W+/g, "_") || "empty"}.png` });
  }
  await page.close();
}
await browser.close(); await s.close();
