// With the keyboard alone: everything is reached, in order, one sees where one is, and nothing holds one back.
import { example, KINDS, STATES } from "../house/pages.js";
import { expect, none, test } from "../house/test.js";

const WALKED = [...KINDS, ...STATES.filter(({ name }) => /only gaps|all of Markdown|raw HTML|nine columns|right-to-left: process/.test(name))];

for (const where of WALKED) {
  test(`${where.name}: a walk`, async ({ open, page }) => {
    test.slow();
    await page.emulateMedia({ reducedMotion: "reduce" });
    await open(where);
    // The rows of a register are all made alike: a dozen will do.
    await page.evaluate(() => document.querySelectorAll("tr.risk:nth-child(n + 13), .finding-group:nth-of-type(n + 13)").forEach((row) => row.remove()));
    const wanted = await page.evaluate(() => {
      const list = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
      const reachable = list.filter((element) => !element.disabled && element.checkVisibility({ visibilityProperty: true }) && !element.closest("[inert]"));
      reachable.forEach((element, at) => element.setAttribute("data-stop", at));
      return reachable.length;
    });
    const stops = [];
    const wrong = [];
    for (let press = 0; press < 2 * wanted + 5; press += 1) {
      await page.keyboard.press("Tab");
      const stop = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        const name = `${element.outerHTML.slice(0, 90).replace(/\s+/g, " ")}`;
        const outline = style.outlineStyle === "auto" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
        const shadow = style.boxShadow !== "none";
        const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
        // Not behind the header that stays: some point of what is to be seen of it is on top.
        const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
        const [width, height] = [Math.min(box.right, innerWidth) - left, Math.min(box.bottom, innerHeight) - top];
        const points = [[0.5, 0.5], [0.1, 0.9], [0.9, 0.9], [0.1, 0.1]].map(([x, y]) => [left + width * x, top + height * y]);
        const onTop = points.some(([x, y]) => { const hit = document.elementFromPoint(x, y); return hit && (element.contains(hit) || hit.contains(element)); });
        return { at: element.getAttribute("data-stop"), name, marked: outline || shadow, inView, onTop, parts: element.matches("input[type=date]") };
      });
      if (!stop) break;
      if (stops.length > 0 && stop.at === stops[0]) break;
      // Day, month, year and the calendar of one date are stops of the browser's own.
      if (!(stop.parts && stop.at === stops.at(-1))) stops.push(stop.at);
      if (stop.at === null) wrong.push(`a stop that nobody sees: ${stop.name}`);
      if (!stop.marked) wrong.push(`no visible focus: ${stop.name}`);
      if (!stop.inView) wrong.push(`the focus is out of sight: ${stop.name}`);
      else if (!stop.onTop) wrong.push(`the focus is behind something: ${stop.name}`);
    }
    none(wrong, "stops that one cannot see");
    expect(new Set(stops).size, "stops; each once, no trap").toBe(stops.length);
    expect(stops.length, "stops reached, of those on the page").toBe(wanted);
  });
}

test("the first stop skips to the content", async ({ open, page }) => {
  await open(example("process"));
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement.closest("main") !== null)).toBe(true);
});

test("the colour scheme, a folded part and a box work with the keyboard", async ({ open, page }) => {
  await open(example("run sheet"));
  await page.locator("button.scheme").focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Space");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  const details = page.locator("details.how").first();
  await details.locator("summary").focus();
  await page.keyboard.press("Enter");
  await expect(details).toHaveAttribute("open", "");
  await page.keyboard.press("Enter");
  await expect(details).not.toHaveAttribute("open");
  const box = page.locator(".tick input").first();
  await box.focus();
  await page.keyboard.press("Space");
  await expect(box).toBeChecked();
});

test("filters and sorting of the register work with the keyboard", async ({ open, page }) => {
  await open(example("risks"));
  const rows = page.locator("tr.risk:visible");
  const all = await rows.count();
  await page.getByLabel("Class").focus();
  await page.keyboard.press("h");
  await expect.poll(() => rows.count()).toBeLessThan(all);
  expect(await rows.count()).toBeGreaterThan(0);
  const head = page.getByRole("button", { name: "What happens" });
  await head.focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("th[aria-sort]")).toHaveText("What happens");
  const titles = await rows.evaluateAll((list) => list.map((row) => row.dataset.title));
  expect(titles).toEqual([...titles].sort((a, b) => a.localeCompare(b)));
});
