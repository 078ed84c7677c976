// No page asks for anything outside the site or complains, wherever the site lies; and it is the same page everywhere.
// One page of each kind: that every other link holds in all of these places is asked without a browser, see links.js.
import { ALL, KINDS } from "../house/pages.js";
import { expect, PLACES, PREVIEW, test } from "../house/test.js";

for (const where of KINDS) {
  test(where.name, async ({ open, page }) => {
    // That no request leaves the site and that the console is silent is asked after every test, see house/test.js.
    const seen = {};
    // The page for what is not there needs a server, so the offline copy has none.
    for (const place of [...PLACES, PREVIEW].filter((place) => place !== "file://" || where.path !== "404.html")) {
      await open(where, place);
      expect(await page.evaluate(() => document.styleSheets.length), "style sheets").toBe(1);
      // Without a server, the script points links to folders at their index.
      seen[place] = (await page.locator("html").evaluate((html) => html.outerHTML)).replaceAll(/(href="[^"]*\/)index\.html/g, "$1");
      expect(seen[place], `the page at ${place} and the one at /`).toBe(seen["/"]);
    }
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
