// Without JavaScript every word is there, and nothing is shown that does nothing.
import { DISTINCT, KINDS } from "../house/pages.js";
import { expect, none, test } from "../house/test.js";

/** The words of a page, shown or folded away, without what a script has added for its own use. */
const words = (body) => {
  const copy = body.cloneNode(true);
  copy.querySelectorAll("script, button.copy, [data-by-script]").forEach((element) => element.remove());
  return copy.textContent.replace(/\s+/g, " ").trim();
};

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  for (const where of DISTINCT) {
    test(where.name, async ({ open, page }) => {
      await open(where);
      await expect(page.locator("h1")).toBeVisible();
      const controls = page.locator("button, select, textarea, input:not([type=checkbox]), [role=button], [contenteditable], dialog[open]");
      const shown = [];
      for (const one of await controls.all()) if (await one.isVisible()) shown.push(await one.evaluate((element) => element.outerHTML.slice(0, 120)));
      none(shown, "controls that do nothing");
      const box = page.locator("main input[type=checkbox]:not(:disabled)").first();
      if ((await box.count()) > 0) await box.check();
      const folded = page.locator("main details:not([open]) > summary:visible").first();
      if ((await folded.count()) > 0) {
        const details = await folded.locator("xpath=..").elementHandle();
        await folded.click();
        expect(await details.getAttribute("open"), "a folded part opens").not.toBeNull();
      }
    });
  }
});

for (const where of KINDS) {
  test(`${where.name}: the same words with and without JavaScript`, async ({ browser, open, page }) => {
    await open(where);
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(page.url());
    const without = await plain.locator("body").evaluate(words);
    await context.close();
    expect(await page.locator("body").evaluate(words)).toBe(without);
  });
}
