// The map: something is picked by mouse, keyboard, words or address, and what it needs and what breaks with it stands out.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { example } from "../house/pages.js";
import { serve } from "../house/server.js";
import { build } from "../house/sites.js";
import { expect, none, PLACES, test } from "../house/test.js";

const node = (page, title) => page.locator(".map-drawing svg a", { hasText: title }).first();
const now = (page) => page.locator(".map-now .map-entry");

for (const place of PLACES) {
  test(`${place}: a click picks, marks by colour, line and word, and puts the lists first`, async ({ open, page }) => {
    await open(example("map"), place);
    await node(page, "Sign-on").click();
    await expect(page).toHaveURL(/#map=sso$/);
    await expect(page.getByRole("status")).toHaveText(/^With Sign-on, \d+ others break\. It needs 1\.$/);
    await expect(now(page).locator("h3")).toContainText("Sign-on");
    await expect(now(page).locator(".is-breaks")).toContainText("through Access gateway");
    await expect(node(page, "Sign-on").locator(".caption")).toHaveText("picked");
    await expect(node(page, "Access gateway").locator(".caption")).toHaveText("breaks");
    await expect(node(page, "DNS").locator(".caption")).toHaveText("needed");
    await expect(node(page, "crates.io")).toHaveClass("is-off");
    const drawn = (title) => node(page, title).locator(".box").first().evaluate((box) => {
      const { stroke, strokeDasharray, strokeWidth } = getComputedStyle(box);
      return `${stroke} ${strokeDasharray} ${strokeWidth}`;
    });
    const looks = [await drawn("Access gateway"), await drawn("DNS"), await drawn("crates.io")];
    expect(new Set(looks).size, looks.join(" | ")).toBe(3);
    expect(await page.locator(".map-drawing .way.is-break").count()).toBeGreaterThan(1);
    expect(await page.locator(".map-drawing .way.is-need").count()).toBe(1);
    await page.getByRole("button", { name: "Show all" }).click();
    await expect(now(page)).toHaveCount(0);
    await expect(node(page, "DNS").locator(".caption")).toHaveText("system");
    await expect(page).not.toHaveURL(/#/);
  });

  test(`${place}: the address of a pick can be shared, and one goes back`, async ({ open, page }) => {
    await open(example("system"), place);
    await page.getByRole("link", { name: "See on the map" }).click();
    await expect(page).toHaveURL(/\/map\/(index\.html)?#map=payments-db$/);
    await expect(now(page).locator("h3")).toContainText("Payments database");
    await expect(now(page)).toBeInViewport();
    await now(page).locator(".is-needs").getByRole("link", { name: "Cloud region" }).click();
    await expect(page).toHaveURL(/#map=cloud$/);
    await expect(now(page).locator("h3")).toContainText("Cloud region");
    await page.goBack();
    await expect(now(page).locator("h3")).toContainText("Payments database");
    await now(page).locator("h3").getByRole("link").click();
    await expect(page.locator("h1")).toHaveText("Payments database");
  });
}

test("with the keyboard: a node, the box, and the way out", async ({ open, page }) => {
  await open(example("map"));
  await node(page, "Secrets vault").focus();
  await page.keyboard.press("Enter");
  await expect(now(page).locator("h3")).toContainText("Secrets vault");
  await expect(node(page, "Secrets vault")).toBeFocused();
  await expect(node(page, "Secrets vault")).toBeInViewport();
  await page.keyboard.press("Escape");
  await expect(now(page)).toHaveCount(0);
  const box = page.getByRole("combobox", { name: "Pick a system or process" });
  await box.focus();
  await page.keyboard.type("data");
  const options = page.getByRole("option");
  // Words that begin so; those that only hold it come later.
  await expect(options.first()).toContainText("database");
  await page.keyboard.press("ArrowDown");
  await expect(options.nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowUp");
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  const title = await options.first().evaluate((option) => option.firstChild.textContent);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("listbox")).toBeHidden();
  await expect(now(page).locator("h3")).toContainText(title);
  await box.fill("nothing is called so");
  await expect(page.getByRole("option")).toHaveText("Nothing here is called that.");
  await page.keyboard.press("Escape");
  await expect(box).toHaveValue("");
});

test("the box of one part finds what another part lists, on a server and in a folder", async ({ page, watched }, info) => {
  test.slow();
  const root = info.outputPath("handbook"), out = info.outputPath("site");
  mkdirSync(join(root, "content"), { recursive: true });
  writeFileSync(join(root, "forewarn.toml"), 'title = "Large"\n');
  // Each needs the one before it: more lines than one part has room for.
  for (let at = 0; at < 60; at += 1) {
    const needs = at ? `["s${at - 1}"]` : "[]";
    writeFileSync(join(root, `content/s${at}.md`), `+++\nkind = "system"\ntitle = "Number ${at} of many"\ndepends_on = ${needs}\n+++\n`);
  }
  build(root, out);
  const { home, close } = await serve(out, "/");
  for (const [from, start] of [[home, "map/2/"], [`${pathToFileURL(out).href}/`, "map/2/index.html"]]) {
    watched.homes.add(from);
    await page.goto(from + start);
    await expect(page.locator('.map-entry[id="s1"]')).toHaveCount(0);
    await page.getByRole("combobox").fill("number 1 of");
    await page.getByRole("option").first().click();
    await expect(page).toHaveURL(/\/map\/(index\.html)?#map=s1$/);
    await expect(now(page).locator("h3")).toContainText("Number 1 of many");
    await expect(now(page).locator(".is-breaks h4 .n")).toHaveText("58");
  }
  await close();
});

test("on a phone the lists come first, and the drawing when it is asked for", async ({ open, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(example("map"));
  await expect(node(page, "Sign-on")).toBeHidden();
  await expect(page.getByRole("heading", { name: "With which most breaks" })).toBeInViewport();
  await page.getByText("The drawing", { exact: true }).click();
  await expect(node(page, "Sign-on")).toBeVisible();
  await page.setViewportSize({ width: 768, height: 900 });
  await page.reload();
  await expect(node(page, "Sign-on")).toBeVisible();
});

test("what only loses steps is marked as that", async ({ open, page }) => {
  await open({ ...example("map"), path: "map/#map=break-glass" });
  await expect(page.getByRole("status")).toContainText("some steps stop");
  await expect(node(page, "Restore the payments").locator(".caption")).toHaveText("some steps");
});

test("a click in the drawing moves nothing away from under the pointer", async ({ open, page }) => {
  await open(example("map"));
  await node(page, "Cloud region").scrollIntoViewIfNeeded();
  const before = await node(page, "Cloud region").boundingBox();
  await node(page, "Cloud region").click();
  await expect(now(page)).toHaveCount(1);
  const after = await node(page, "Cloud region").boundingBox();
  expect(Math.abs(after.y - before.y)).toBeLessThan(2);
  await page.getByRole("button", { name: "Lists" }).click();
  await expect(now(page).locator("h3")).toBeInViewport();
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 360]) {
    test(`${colorScheme}, ${width} px: a pick has no faults, and nothing scrolls sideways but the drawing`, async ({ open, page }) => {
      test.slow();
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await open({ ...example("map"), path: "map/#map=cloud" });
      await expect(now(page)).toHaveCount(1);
      await page.getByRole("combobox").fill("a");
      await expect(page.getByRole("listbox")).toBeVisible();
      // The entries are all made alike: those that are not picked are looked at with the whole page.
      await page.evaluate(() => document.querySelectorAll(".map-kind ~ .map-entry").forEach((entry) => entry.remove()));
      const { violations } = await new AxeBuilder({ page }).analyze();
      none(violations.flatMap(({ id, nodes }) => nodes.map((one) => `${id}: ${one.html.slice(0, 120)}`)), "faults that axe sees");
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    });
  }
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("nodes lead to the lists, lists to each other and to the pages", async ({ open, page }) => {
    await open(example("map"));
    await expect(page.getByRole("combobox")).toBeHidden();
    await node(page, "Sign-on").click();
    await expect(page).toHaveURL(/#sso$/);
    const entry = page.locator('[id="sso"]');
    await expect(entry).toBeInViewport();
    await entry.getByRole("link", { name: "DNS" }).click();
    await expect(page.locator('[id="dns"]')).toBeInViewport();
    await page.locator('[id="dns"] h3 a').click();
    await expect(page.locator("h1")).toHaveText("DNS");
  });
});
