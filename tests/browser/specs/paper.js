// The whole handbook on one page, for paper. It is long, so each promise is tested once, and not as those of the ordinary pages.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, none, test } from "../house/test.js";

const PAPER = { site: "states", path: "print/" };

test("every page of the handbook stands there once, and its links lead inside", async ({ open, page }) => {
  await open(PAPER);
  const ids = await page.locator("article[id]").evaluateAll((list) => list.map((article) => article.id));
  expect(ids.length, "pages on paper").toBeGreaterThan(20);
  expect(new Set(ids).size).toBe(ids.length);
  await expect(page.locator('article[id] a[href^="#p"]').first()).toBeAttached();
});

test("it fits a telephone", async ({ open, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(PAPER);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test("axe has nothing to say about its head and its first pages", async ({ open, page }) => {
  test.slow();
  await open(PAPER);
  await page.evaluate(() => [...document.querySelectorAll("article[id]")].slice(4).forEach((article) => article.remove()));
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).disableRules(["skip-link"]).analyze();
  none(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(" ")}`)), "violations");
});
