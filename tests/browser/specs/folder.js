// From a folder, without a server: the pages lead to one another.
import { example } from "../house/pages.js";
import { expect, PLACES, test } from "../house/test.js";

for (const place of PLACES) {
  test(`${place}: from page to page, there and back`, async ({ open, page }) => {
    const at = (path) => (place === "file://" ? `${path}index.html` : path);
    await open(example("home"), place);
    await page.locator(".heat").getByRole("link", { name: "Deploy to production" }).click();
    await expect(page).toHaveURL(new RegExp(`${at("/processes/deploy/")}$`));
    await page.getByRole("link", { name: "Run sheet" }).first().click();
    await expect(page).toHaveURL(new RegExp(`${at("/processes/deploy/checklist/")}$`));
    await page.locator(".crumbs a", { hasText: "Deploy to production" }).click();
    await page.getByRole("link", { name: "Pre-mortem", exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`${at("/processes/deploy/premortem/")}$`));
    await page.locator(".top .home").click();
    await expect(page).toHaveURL(new RegExp(`${at("/")}$`));
    await page.getByRole("link", { name: "Risks" }).first().click();
    await expect(page.locator("h1")).toHaveText("Risks");
    // A link with an anchor leads to the place on the other page.
    const link = page.locator("tr.risk .what > a").first();
    const anchor = decodeURIComponent((await link.getAttribute("href")).split("#")[1]);
    await link.click();
    await expect(page.locator(`[id="${anchor}"]`)).toBeInViewport();
    await page.goBack();
    await expect(page.locator("h1")).toHaveText("Risks");
  });

  test(`${place}: letters of every script in addresses`, async ({ open, page }) => {
    await open({ site: "states", path: "größe/umläute/" }, place);
    await page.getByRole("main").getByRole("link", { name: "部署" }).click();
    await expect(page.locator("h1")).toHaveText("部署到生产环境");
    expect(decodeURIComponent(page.url())).toMatch(/#steps-步骤$/);
    await expect(page.locator('[id="steps-步骤"]')).toBeInViewport();
    await page.getByRole("link", { name: "Run sheet" }).first().click();
    await expect(page.locator(".check")).toHaveCount(4);
  });
}

for (const [site, place] of [["own", "/"], ["states", "/repo/"]]) {
  test(`${place}: what is not there is answered at any depth`, async ({ addresses, page, watched }) => {
    const home = await addresses(site, place);
    watched.homes.add(home);
    const answer = await page.goto(`${home}no/such/page/`);
    expect(answer.status()).toBe(404);
    await expect(page.locator("h1")).toHaveText("This page is not here");
    // The answer itself is an error to the console, and the browser may look for an icon of its own.
    await expect.poll(() => watched.complaints.filter((complaint) => !complaint.includes("favicon.ico"))).toHaveLength(1);
    watched.complaints.splice(0);
    await page.getByRole("main").getByRole("link").click();
    await expect(page).toHaveURL(home);
  });
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(`old addresses, JavaScript ${javaScriptEnabled ? "on" : "off"}`, () => {
    test.use({ javaScriptEnabled });
    // Not from a folder: there the old address leads to a list of files, one of which is the page.
    for (const place of ["/", "/repo/"]) {
      test(`${place}: lead to the new ones`, async ({ open, page }) => {
        await open({ site: "states", path: "old/proposed/" }, place);
        await expect(page).toHaveURL(/\/processes\/proposed\/$/);
        await expect(page.locator("h1")).toHaveText("A proposed process");
      });
    }
  });
}
