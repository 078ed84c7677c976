// At 03:00, on a phone: the page of a system answers without scrolling what stops, what one notices, whom to call, what to do and what not to rely on.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { SITES } from "../house/sites.js";
import { expect, none, test } from "../house/test.js";

const systems = () => readdirSync(join(SITES.own, "systems"), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);

test("every system answers above the fold", async ({ open, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const wrong = [], names = systems();
  for (const name of names) {
    await open({ site: "own", path: `systems/${name}/` });
    const bottom = await page.locator("nav.bar").evaluate((bar) => bar.getBoundingClientRect().top);
    const rows = page.locator(".night > .night-rows > div");
    await expect(rows.locator("dt")).toHaveText(["Stops", "You notice", "Call", "Do", "Do not use"]);
    for (const row of await rows.all()) {
      const at = await row.locator("dt").evaluate((term) => term.getBoundingClientRect().bottom);
      if (at > bottom) wrong.push(`${name}: “${await row.locator("dt").textContent()}” stands ${Math.ceil(at - bottom)} px below the fold`);
    }
  }
  expect(names.length, "systems looked at").toBeGreaterThan(15);
  none(wrong, "answers for which one has to scroll");
});

test("what takes a system away whole is answered first, the rest unfolds", async ({ open, page }) => {
  await open({ site: "own", path: "systems/payments-db/" });
  await expect(page.locator(".night-rows dd").nth(1)).toContainText("The database is down");
  await expect(page.locator(".night").getByText("Cancel it; block its account")).toBeHidden();
  await page.getByText("If it fails in another way").click();
  await expect(page.locator(".night").getByText("Cancel it; block its account")).toBeVisible();
});
