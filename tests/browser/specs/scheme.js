// Colours and motion as the reader wants them.
import { ALL, example } from "../house/pages.js";
import { expect, none, PLACES, test } from "../house/test.js";

const paper = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

for (const place of PLACES) {
  test(`${place}: the chosen scheme is remembered, from the first paint on, on every page`, async ({ open, page }) => {
    const choose = async (name) => {
      const button = page.getByRole("button", { name });
      if (await button.isVisible()) await button.click();
      return paper(page);
    };
    await open(example("process"), place);
    const light = await paper(page);
    const dark = await choose("Use dark colours");
    expect(dark).not.toBe(light);
    // A browser that has other work loses what was stored in the instant before its page goes. No reader is as quick as that: the walk begins again then.
    await expect(async () => {
      await open(example("process"), place);
      expect(await choose("Use dark colours")).toBe(dark);
      await page.reload();
      expect(await paper(page)).toBe(dark);
      await open(example("risks"), place);
      expect(await paper(page)).toBe(dark);
      expect(await choose("Use light colours")).toBe(light);
      await page.reload();
      expect(await paper(page)).toBe(light);
    }).toPass();
    // Before the first paint: the script that restores it stands before the style sheet, and needs no other file.
    expect(await page.evaluate(() => {
      const script = document.querySelector("head script:not([src])"), sheet = document.querySelector("link[rel=stylesheet]");
      return Boolean(script.compareDocumentPosition(sheet) & Node.DOCUMENT_POSITION_FOLLOWING);
    })).toBe(true);
  });
}

test("without a choice the system's scheme counts, and changes with it", async ({ open, page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open(example("process"));
  const dark = await paper(page);
  await page.emulateMedia({ colorScheme: "light" });
  expect(await paper(page)).not.toBe(dark);
});

test("a choice works for as long as the page is open where storage is blocked", async ({ open, page, context }) => {
  await context.addInitScript(() => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } }));
  await open(example("process"));
  await page.getByRole("button", { name: "Use dark colours" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

for (const where of ALL.filter(({ site, name }) => site === "own" || /only gaps|no gaps/.test(name))) {
  test(`${where.name}: forced colours leave every control, mark and bar to be seen`, async ({ open, page }) => {
    await page.emulateMedia({ forcedColors: "active" });
    await open(where);
    const lost = await page.evaluate(() => {
      const clear = (colour) => colour === "transparent" || /^rgba\(.*, 0\)$/.test(colour);
      const ground = (element) => {
        for (let at = element; at; at = at.parentElement) { const colour = getComputedStyle(at).backgroundColor; if (!clear(colour)) return colour; }
        return "rgb(255, 255, 255)";
      };
      const found = [];
      const say = (element, what) => found.push(`${what}: ${element.outerHTML.slice(0, 100)}`);
      for (const element of document.querySelectorAll("a, button, select, summary, input, .gap, .tag, .q, svg.i, .bars rect, .covbar rect")) {
        if (!element.checkVisibility() || element.closest(".vh")) continue;
        const style = getComputedStyle(element), behind = ground(element);
        if (element.matches("svg.i")) { if (style.stroke === behind || style.stroke === "none") say(element, "an icon in the colour of its ground"); }
        else if (element.matches("rect")) { if (!clear(style.fill) && style.fill !== "none" && style.fill === ground(element.closest("svg"))) say(element, "a bar in the colour of its ground"); }
        else if (element.matches("input")) { if (style.appearance === "none") say(element, "a box drawn by hand"); }
        else if (style.color === behind) say(element, "words in the colour of their ground");
        if (element.matches(".gap, .act-button, select") && (style.borderTopStyle === "none" || parseFloat(style.borderTopWidth) < 1)) say(element, "no edge");
      }
      return found;
    });
    none(lost, "things that cannot be seen");
  });
}
