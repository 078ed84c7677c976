import { chromium } from "@playwright/test";
import { serve } from "./house/server.js";
const [folder, rate, query] = [process.argv[2], Number(process.argv[3] ?? 4), process.argv[4] ?? "restore"];
const s = await serve(folder, "/");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (let run = 0; run < 3; run++) {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  page.on("pageerror", e => console.log("ERR", e.stack));
  await page.goto(s.home);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate });
  const got = await page.evaluate(async (query) => {
    const long = [];
    new PerformanceObserver((l) => l.getEntries().forEach((e) => long.push([Math.round(e.startTime), Math.round(e.duration)]))).observe({ entryTypes: ["longtask"] });
    const t0 = performance.now();
    const out = { long, t0: Math.round(t0) };
    document.querySelector("[data-search]").click();
    const until = (f) => new Promise((ok) => { const m = new MutationObserver(() => { const v = f(); if (v) { m.disconnect(); ok(v); } }); m.observe(document, { childList: true, subtree: true, attributes: true }); const v = f(); if (v) { m.disconnect(); ok(v); } });
    const input = await until(() => document.querySelector(".search[open] .search-input"));
    out.open = performance.now() - t0;
    input.value = query; input.dispatchEvent(new Event("input"));
    await until(() => document.querySelector(".search-list .hit"));
    out.first = performance.now() - t0;
    await new Promise((ok) => { let last = performance.now(); const m = new MutationObserver(() => { last = performance.now(); out.whole = last - t0; }); m.observe(document.querySelector(".search-list"), { childList: true, subtree: true }); const i = setInterval(() => { if (performance.now() - last > 4000) { clearInterval(i); ok(); } }, 200); });
    for (const word of ["backup", "ba", "backup vault approval"]) {
      const t = performance.now(); input.value = word; input.dispatchEvent(new Event("input"));
      await new Promise((ok) => { const m = new MutationObserver(() => { m.disconnect(); ok(); }); m.observe(document.querySelector(".search-list"), { childList: true }); });
      out[word] = Math.round(performance.now() - t);
    }
    out.status = document.querySelector("[role=status]").textContent;
    out.resources = performance.getEntriesByType("resource").filter((e) => /search|mini/.test(e.name)).map((e) => [e.name.split("/").pop(), Math.round(e.startTime - t0), Math.round(e.responseEnd - t0), e.decodedBodySize]);
    return out;
  }, query);
  console.log(JSON.stringify(got));
  await page.close();
}
await browser.close(); await s.close();
