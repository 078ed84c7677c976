// What comes due, what was foreseen, what fills up: reached from everywhere, and each chart says the same as its table.
import { example } from "../house/pages.js";
import { expect, none, PLACES, test } from "../house/test.js";

const PAGES = ["Reviews", "Foresight", "Growth"];

for (const place of PLACES) {
  test(`${place}: a phone finds them in the menu`, async ({ open, page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const title of PAGES) {
      await open(example("process"), place);
      await page.locator(".bar").getByRole("link", { name: "Menu" }).click();
      await page.locator("#Fw-nav").getByRole("link", { name: title, exact: true }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    }
  });
}

test("a wide screen has them at the top", async ({ open, page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await open(example("process"));
  for (const title of PAGES) {
    await page.locator(".top-links").getByRole("link", { name: title }).click();
    await expect(page.locator(".top-links [aria-current]")).toHaveText(title);
  }
});

test("the bars of growth are the rows of its table, what is full first before the others", async ({ open, page }) => {
  await open(example("growth"));
  const names = await page.locator(".chart .name").allTextContents();
  const rows = page.locator(".numbers").first().locator("tbody tr");
  const titles = await rows.locator("th a").allTextContents();
  expect(names.length).toBeGreaterThan(0);
  expect(titles.slice(0, names.length)).toEqual(names);
  const factors = (await rows.locator("td:nth-child(2) b").allTextContents()).map((text) => parseFloat(text.replaceAll(" ", "")));
  expect(factors).toEqual(factors.toSorted((a, b) => a - b));
  await expect(page.locator(".verdict")).toContainText(titles[0]);
});

test("the bars of foresight add up to its tables and to its first line", async ({ open, page }) => {
  await open(example("foresight"));
  const sum = async (locator) => (await locator.allTextContents()).map(Number).reduce((all, count) => all + count, 0);
  const total = Number((await page.locator(".verdict").textContent()).match(/Of (\d+)/)[1]);
  expect(await sum(page.locator(".chart .count"))).toBe(total);
  for (const table of await page.locator(".numbers").all()) expect(await sum(table.locator("tbody td:last-child"))).toBe(total);
  await expect(page.locator(".incidents > li")).toHaveCount(total);
});

test("days follow each other, and the calendar stands beside them", async ({ open, page }) => {
  await open(example("reviews"));
  const days = await page.locator("main time").evaluateAll((times) => times.map((time) => time.dateTime));
  expect(days).toEqual(days.toSorted());
  await expect(page.getByRole("link", { name: "reviews.ics" })).toHaveAttribute("href", "../reviews.ics");
  none(days.filter((day) => !/^\d{4}-\d\d-\d\d$/.test(day)), "days that are none");
});
