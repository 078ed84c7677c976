// axe has nothing to say about any kind of page, in either colour scheme.
import { AxeBuilder } from "@axe-core/playwright";
import { ALL } from "../house/pages.js";
import { none, test, unfold } from "../house/test.js";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What the second scheme can break. */
const COLOURS = ["color-contrast", "link-in-text-block"];

for (const where of ALL) {
  test(where.name, async ({ open, page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await open(where);
    await unfold(page);
    // The rows of a register are all made alike: a dozen will do.
    await page.evaluate(() => document.querySelectorAll("tr.risk:nth-child(n + 13), .finding-group:nth-of-type(n + 13)").forEach((row) => row.remove()));
    const found = [];
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      const axe = new AxeBuilder({ page });
      const { violations } = await (colorScheme === "light" ? axe.withTags(RULES) : axe.withRules(COLOURS)).analyze();
      for (const { id, help, nodes } of violations) {
        for (const { target, failureSummary } of nodes) {
          found.push(`${colorScheme} ${id} (${help}) at ${target.join(" ")}: ${failureSummary.split("\n").slice(1).join(" ").trim()}`);
        }
      }
    }
    none(found, "violations");
  });
}
