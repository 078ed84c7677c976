// No page asks for anything outside the site or complains, wherever the site lies; and it is the same page everywhere.
import { ALL } from "../house/pages.js";
import { expect, PLACES, test } from "../house/test.js";

for (const where of ALL) {
  test(where.name, async ({ open, page }) => {
    // That no request leaves the site and that the console is silent is asked after every test, see house/test.js.
    const seen = [];
    for (const place of PLACES) {
      await open(where, place);
      expect(await page.evaluate(() => document.styleSheets.length), "style sheets").toBe(1);
      // Without a server, the script points links to folders at their index.
      seen.push((await page.locator("html").evaluate((html) => html.outerHTML)).replaceAll(/(href="[^"]*\/)index\.html/g, "$1"));
    }
    expect(seen[1], "the page below /repo/ and the one at /").toBe(seen[0]);
    expect(seen[2], "the page from a folder and the one at /").toBe(seen[0]);
  });
}

test.fail("a page that asks for something outside the site is caught", async ({ open, page }) => {
  await open(ALL[0]);
  await page.evaluate(() => document.body.append(Object.assign(new Image(), { src: "https://elsewhere.example/pixel.png" })));
  await page.waitForTimeout(200);
});

test.fail("a page that complains is caught", async ({ open, page }) => {
  await open(ALL[0]);
  await page.evaluate(() => document.body.setAttribute("style", "color: red"));
});
