import { chromium } from "@playwright/test";
import { serve } from "./house/server.js";
const [folder, query] = [process.argv[2], process.argv[3] ?? "restore"];
const s = await serve(folder, "/");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (let run = 0; run < 4; run++) {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  page.on("pageerror", e => console.log("ERR", e.stack));
  await page.goto(s.home); await page.waitForTimeout(1500);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const at = async () => Object.fromEntries((await cdp.send("Performance.getMetrics")).metrics.map((m) => [m.name, m.value]));
  const a = await at();
  await page.evaluate((query) => new Promise((ok) => {
    document.querySelector("[data-search]").click();
    let typed = false;
    new MutationObserver((_, m) => {
      const input = document.querySelector(".search[open] .search-input");
      if (input && !typed) { typed = true; input.value = query; input.dispatchEvent(new Event("input")); }
      if (typed && document.querySelector(".search-list .hit.first")) { m.disconnect(); requestAnimationFrame(() => setTimeout(ok, 0)); }
    }).observe(document, { childList: true, subtree: true, attributes: true });
  }), query);
  const b = await at();
  await page.waitForSelector("[data-indexed]", { timeout: 60000 });
  const c = await at();
  const d = {};
  for (const word of ["backup", "ba", "backup vault approval", "bakcup valut"]) {
    const x = await at();
    await page.evaluate((word) => new Promise((ok) => { const i = document.querySelector(".search-input"); new MutationObserver((_, m) => { m.disconnect(); requestAnimationFrame(() => setTimeout(ok, 0)); }).observe(document.querySelector(".search-list"), { childList: true }); i.value = word; i.dispatchEvent(new Event("input")); }), word);
    const y = await at(); d[word] = Math.round((y.TaskDuration - x.TaskDuration) * 1000);
  }
  console.log("CPU ms of the page's thread: first result", Math.round((b.TaskDuration - a.TaskDuration) * 1000), "script", Math.round((b.ScriptDuration - a.ScriptDuration) * 1000), "whole", Math.round((c.TaskDuration - a.TaskDuration) * 1000), JSON.stringify(d), "heap MB", Math.round(c.JSHeapUsedSize / 1e6));
  await page.close();
}
await browser.close(); await s.close();
