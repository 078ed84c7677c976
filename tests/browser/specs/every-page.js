// What holds for every page: it asks nobody else for anything, nothing moves where a reader wants no motion, axe has nothing to say about it,
// and a reader with little room never scrolls sideways. One visit for all of it, since pages are many.
import { AxeBuilder } from "@axe-core/playwright";
import { ALL, DISTINCT } from "../house/pages.js";
import { expect, none, test, unfold } from "../house/test.js";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What the second scheme can break. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** What a reader may have: a width in CSS pixels, and the size of text that they have asked their browser for. */
const READERS = [
  { name: "a telephone", width: 360, text: 1 },
  { name: "a small telephone", width: 320, text: 1 },
  { name: "a screen of 1280 pixels at 200 %", width: 640, text: 1 },
  { name: "a tablet with text at 200 %", width: 768, text: 2 },
  { name: "a telephone with text at 200 %", width: 360, text: 2 },
];

/** What axe says in a colour scheme. */
async function violations(page, colorScheme) {
  await page.emulateMedia({ colorScheme });
  // Pages have no frames, so nothing is gathered from several; of what is in order nothing is told.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"], preload: false });
  const { violations } = await (colorScheme === "light" ? axe.withTags(RULES) : axe.withRules(COLOURS)).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${colorScheme} ${id} (${help}) at ${target.join(" ")}: ${failureSummary.split("\n").slice(1).join(" ").trim()}`));
}

/** What makes the page wider than the window. */
const culprits = () => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room && document.body.scrollWidth <= room) return [];
  const inside = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement) if (/auto|scroll|hidden/.test(getComputedStyle(at).overflowX) && at !== document.body) return true;
    return false;
  };
  const out = [...document.body.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && (box.right > room + 1 || box.left < -1) && !inside(element) && !element.closest(".vh, .skip, svg");
  });
  const name = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}${[...element.classList].map((one) => `.${one}`).join("")}`;
  const most = out.filter((element) => !out.some((other) => other !== element && element.contains(other)));
  return [`the page is ${document.documentElement.scrollWidth} wide`, ...most.slice(0, 5).map((element) => `${name(element)} in ${name(element.parentElement)}`)];
};

/** Words of ordinary length that stand on two lines. */
const broken = () => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.checkVisibility() || node.parentElement.closest(".vh, code, pre, option, textarea")) continue;
    for (const { 0: word, index } of node.data.matchAll(/(?<!\S)\p{Script=Latin}{2,16}(?=[.,:;!?]?(\s|$))/gu)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1) found.push(`the word ${word} is broken in ${node.parentElement.outerHTML.slice(0, 80)}`);
    }
  }
  return found.slice(0, 5);
};

/** What moves by itself. */
const moving = () => [...document.querySelectorAll("*")].flatMap((element) => {
  const style = getComputedStyle(element);
  const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0.01);
  const moves = (style.animationName !== "none" && lasts(style.animationDuration)) || (style.transitionProperty !== "none" && lasts(style.transitionDuration)) || style.scrollBehavior === "smooth";
  return moves ? [element.outerHTML.slice(0, 80)] : [];
});

for (const where of ALL) {
  test(where.name, async ({ open, page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    // That no request leaves the site and that the console is silent is asked after every test, see house/test.js.
    await open(where);
    expect(await page.evaluate(() => document.styleSheets.length), "style sheets").toBe(1);
    none(await page.evaluate(moving), "things that move");
    await unfold(page);
    // The rows of a register are all made alike: a dozen will do.
    await page.evaluate(() => document.querySelectorAll("tr.risk:nth-child(n + 13), .finding-group:nth-of-type(n + 13)").forEach((row) => row.remove()));
    const found = await violations(page, "light");
    if (DISTINCT.includes(where)) found.push(...(await violations(page, "dark")));
    none(found, "violations");

    const wide = [];
    for (const { name, width, text } of READERS) {
      await page.setViewportSize({ width, height: 740 });
      await page.evaluate((text) => (document.documentElement.style.fontSize = text === 1 ? "" : `${text * 106.25}%`), text);
      const out = await page.evaluate(culprits);
      if (out.length > 0) wide.push(`${name}: ${out.join(", ")}`);
      if (text === 1) for (const word of await page.evaluate(broken)) wide.push(`${name}: ${word}`);
    }
    none(wide, "faults for readers with little room");
  });
}
