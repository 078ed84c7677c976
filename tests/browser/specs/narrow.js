// Nothing but tables, code and diagrams scrolls sideways, and those inside themselves; and no word is broken for want of room that there is.
import { ALL } from "../house/pages.js";
import { none, test, unfold } from "../house/test.js";

/** What a reader may have: a width in CSS pixels, and the size of text that they have asked their browser for. */
const READERS = [
  { name: "a telephone", width: 360, text: 1 },
  { name: "a small telephone", width: 320, text: 1 },
  { name: "a screen of 1280 pixels at 200 %", width: 640, text: 1 },
  { name: "a tablet with text at 200 %", width: 768, text: 2 },
  { name: "a telephone with text at 200 %", width: 360, text: 2 },
];

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

for (const where of ALL) {
  test(where.name, async ({ open, page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open(where);
    await unfold(page);
    const wide = [];
    for (const { name, width, text } of READERS) {
      await page.setViewportSize({ width, height: 740 });
      await page.evaluate((text) => (document.documentElement.style.fontSize = text === 1 ? "" : `${text * 106.25}%`), text);
      const culprits = await page.evaluate(() => {
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
      });
      if (culprits.length > 0) wide.push(`${name}: ${culprits.join(", ")}`);
      if (text === 1) for (const word of await page.evaluate(broken)) wide.push(`${name}: ${word}`);
    }
    none(wide, "faults for readers with little room");
  });
}
