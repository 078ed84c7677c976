// The run sheet: ticks belong to a run, are remembered, and are never older than one thinks.
import { example } from "../house/pages.js";
import { expect, PLACES, test } from "../house/test.js";

const SHEET = example("run sheet");
const NIGHT = new Date("2026-11-20T03:12:00+01:00");

/** A step of the sheet by its title. */
const box = (page, title) => page.locator(".check", { has: page.locator(".do", { hasText: new RegExp(`^${title}$`) }) }).getByRole("checkbox");
const note = (page, title) => page.locator(".check", { has: page.locator(".do", { hasText: new RegExp(`^${title}$`) }) }).locator(".tick-note");
const said = (page) => page.locator('[data-run="said"]');
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** What is on the clipboard. */
const copied = (page) => page.evaluate(() => navigator.clipboard.readText());

test.beforeEach(async ({ page }) => {
  await page.clock.install({ time: NIGHT });
});

for (const place of PLACES) {
  test(`${place}: ticks are there after a reload, with the time of each and of the run's beginning`, async ({ open, page }) => {
    await open(SHEET, place);
    await expect(page.locator('[data-run="began"]')).toHaveText("");
    await expect(page.getByRole("button", { name: "Copy run" })).toBeHidden();
    await box(page, "Open the release").check();
    await page.clock.setSystemTime(NIGHT.getTime() + 8 * 60_000);
    await box(page, "Deploy to staging").check();
    await page.reload();
    await expect(box(page, "Open the release")).toBeChecked();
    await expect(box(page, "Deploy to staging")).toBeChecked();
    await expect(box(page, "Migrate the schema")).not.toBeChecked();
    await expect(page.locator('[data-run="began"]')).toHaveText("03:12");
    await expect(note(page, "Deploy to staging")).toHaveText("done 03:20");
    await expect(said(page)).toHaveText("2 of 15 done.");
    await box(page, "Open the release").uncheck();
    await page.reload();
    await expect(box(page, "Open the release")).not.toBeChecked();
  });
}

test("each key begins with the path of the site's root, and handbooks of one host do not meet", async ({ open, page, addresses, watched }) => {
  await open(SHEET, "/repo/");
  await box(page, "Open the release").check();
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(["/repo/forewarn:run:deploy"]);
  await open({ site: "own", path: "processes/database-restore/checklist/" }, "/repo/");
  await expect(page.locator(".check input:checked")).toHaveCount(0);
  // The same sheet, as if another handbook stood on the same host.
  await page.evaluate(() => localStorage.setItem("/other/forewarn:run:deploy", localStorage.getItem("/repo/forewarn:run:deploy")));
  await page.evaluate(() => localStorage.removeItem("/repo/forewarn:run:deploy"));
  await open(SHEET, "/repo/");
  await expect(page.locator(".check input:checked")).toHaveCount(0);
});

test.describe("ticks of more than twelve hours ago", () => {
  const MINUTES = 60_000;
  const HOURS = 60 * MINUTES;

  test("are not shown as done; the run goes on when somebody says so", async ({ open, page }) => {
    await open(SHEET);
    await box(page, "Open the release").check();
    // The clock goes on while pages load: minutes on either side of the twelve hours leave it room.
    await page.clock.setSystemTime(NIGHT.getTime() + 12 * HOURS - 10 * MINUTES);
    await page.reload();
    await expect(box(page, "Open the release")).toBeChecked();
    await page.clock.setSystemTime(NIGHT.getTime() + 12 * HOURS + 10 * MINUTES);
    await page.reload();
    await expect(box(page, "Open the release")).not.toBeChecked();
    await expect(note(page, "Open the release")).toHaveText("ticked 03:12, more than 12 hours ago");
    await expect(page.getByRole("alert")).toHaveText(/One tick is more than 12 hours old and not shown as done\. Is this still the run that began 03:12\?/);
    await press(page, "Continue this run");
    await expect(box(page, "Open the release")).toBeChecked();
    await expect(note(page, "Open the release")).toHaveText("done 03:12");
    await expect(page.getByRole("alert")).toHaveText("");
    await expect(page.getByRole("button", { name: "Start new" })).toBeFocused();
    await page.reload();
    await expect(box(page, "Open the release")).toBeChecked();
    // What was said holds for twelve hours as well.
    await page.clock.setSystemTime(NIGHT.getTime() + 25 * HOURS);
    await page.reload();
    await expect(box(page, "Open the release")).not.toBeChecked();
    await expect(note(page, "Open the release")).toHaveText("ticked 20 Nov 2026 03:12, more than 12 hours ago");
  });

  test("make room for a new run, and the old one can be brought back", async ({ open, page }) => {
    await open(SHEET);
    await page.getByLabel("Run of").fill("release 412");
    await box(page, "Open the release").check();
    await page.clock.setSystemTime(NIGHT.getTime() + 13 * HOURS);
    await page.reload();
    await press(page, "Start new");
    await expect(page.locator(".check input:checked")).toHaveCount(0);
    await expect(page.locator(".tick-note:visible")).toHaveCount(0);
    await expect(page.locator('[data-run="began"]')).toHaveText("");
    await expect(page.getByLabel("Run of")).toHaveValue("");
    await page.reload();
    await expect(page.locator(".check input:checked")).toHaveCount(0);
    await press(page, "Bring the last run back");
    await expect(page.getByLabel("Run of")).toHaveValue("release 412");
    await expect(box(page, "Open the release")).not.toBeChecked();
    await press(page, "Start new");
    await box(page, "Deploy to staging").check();
    await expect(page.locator('[data-run="began"]')).toHaveText("16:12");
    await expect(page.getByRole("button", { name: "Bring the last run back" })).toBeHidden();
  });

  test("vanish from a page that stays open, and younger ones stay", async ({ open, page }) => {
    await open(SHEET);
    await box(page, "Open the release").check();
    await page.clock.fastForward("06:00:00");
    await box(page, "Deploy to staging").check();
    await page.clock.fastForward("06:01:00");
    await expect(box(page, "Open the release")).not.toBeChecked();
    await expect(box(page, "Deploy to staging")).toBeChecked();
    await expect(said(page)).toHaveText("1 of 15 done.");
    // A step that is done again is done now.
    await box(page, "Open the release").check();
    await expect(note(page, "Open the release")).toHaveText("done 15:13");
    await expect(page.getByRole("alert")).toHaveText("");
  });
});

test("a step that has changed is unticked and marked, and one that is gone is named", async ({ open, page }) => {
  await open(SHEET);
  for (const title of ["Open the release", "Deploy to staging", "Run the canary"]) await box(page, title).check();
  // The handbook changes: one step says something else, another is no longer there, a third has one more way to fail.
  await page.route("**/checklist/", async (route) => {
    const answer = await route.fetch();
    const html = (await answer.text())
      .replace("release open --commit", "release open --really --commit")
      .replaceAll("deploy-to-staging", "deploy-somewhere-else")
      .replace("<li class=\"check\" id=\"run-the-canary\"", "<li class=\"check\" data-more id=\"run-the-canary\"")
      .replace("The wrong commit is released", "The wrong commit is released, again");
    await route.fulfill({ response: answer, body: html });
  });
  await page.reload();
  await expect(box(page, "Open the release")).not.toBeChecked();
  await expect(note(page, "Open the release")).toHaveText("changed since it was done 03:12: look again");
  await expect(box(page, "Open the release")).toHaveAccessibleDescription("changed since it was done 03:12: look again");
  await expect(box(page, "Run the canary")).toBeChecked();
  await expect(said(page)).toHaveText("1 of 15 done. Done, and no longer on this sheet: Deploy to staging (03:12).");
  await box(page, "Open the release").check();
  await expect(note(page, "Open the release")).toHaveText("done 03:12");
  await page.reload();
  await expect(box(page, "Open the release")).toBeChecked();
});

test("the run is copied as Markdown, with times", async ({ open, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(SHEET);
  await page.getByLabel("Run of").fill("release *412*");
  await page.getByLabel("By", { exact: true }).fill("Ada");
  await box(page, "Open the release").check();
  await page.clock.setSystemTime(NIGHT.getTime() + 20 * 60_000);
  await box(page, "Stop the pipeline").check();
  await page.clock.setSystemTime(NIGHT.getTime() + 30 * 60_000);
  await press(page, "Copy run");
  await expect(said(page)).toHaveText(/^Copied, ready for the incident page\./);
  const lines = (await copied(page)).split("\n");
  expect(lines.slice(0, 11)).toEqual([
    "## Run: Deploy to production",
    "",
    "- Run of: release \\*412\\*",
    "- By: Ada",
    "- Began: 2026-11-20 03:12 (UTC+01:00)",
    "- Copied: 2026-11-20 03:42, 2 of 19 steps done",
    "",
    "**Steps**",
    "",
    "- [x] 2026-11-20 03:12 Open the release",
    "- [ ] Deploy to staging",
  ]);
  expect(lines).toContain("**Steps to roll back**");
  expect(lines).toContain("- [x] 2026-11-20 03:32 Stop the pipeline");
  expect(lines).not.toContain("**Steps to migrate back**");
});

test("where a page may not copy, it offers the text", async ({ open, page, context }) => {
  await context.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await open(SHEET);
  await box(page, "Open the release").check();
  await press(page, "Copy run");
  const text = page.getByLabel("The run as Markdown");
  await expect(text).toBeFocused();
  await expect(text).toHaveValue(/^## Run: Deploy to production\n[^]*- \[x\] 2026-11-20 03:12 Open the release\n/);
});

test("the end of the run is told when the last thing done is where the process ends", async ({ open, page }) => {
  await open({ site: "states", path: "processes/no-gaps/checklist/" });
  await box(page, "Switch the light on").check();
  await expect(page.locator('[data-run="ended"]')).toHaveText("");
  await page.clock.setSystemTime(NIGHT.getTime() + 60_000);
  await box(page, "See that one can read").check();
  await expect(page.locator('[data-run="ended"]')).toHaveText("03:13");
});

test("two windows show the same run", async ({ open, page, context }) => {
  await open(SHEET);
  const other = await context.newPage();
  await other.goto(page.url());
  await box(page, "Open the release").check();
  await expect(box(other, "Open the release")).toBeChecked();
  await other.close();
});

test("where storage is blocked, ticks last until the page is closed", async ({ open, page, context }) => {
  await context.addInitScript(() => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } }));
  await open(SHEET);
  await expect(said(page)).toHaveText("This browser keeps nothing: the ticks last until you close the page.");
  await box(page, "Open the release").check();
  await box(page, "Deploy to staging").check();
  await expect(page.locator(".check input:checked")).toHaveCount(2);
  await expect(page.locator('[data-run="began"]')).toHaveText("03:12");
  await page.reload();
  await expect(page.locator(".check input:checked")).toHaveCount(0);
});

test("what is kept and cannot be read does no harm", async ({ open, page }) => {
  await open(SHEET, "/repo/");
  for (const kept of ["no JSON", "null", "[]", '{"version":1}', '{"version":9,"run":{"ticks":{}}}']) {
    await page.evaluate((kept) => localStorage.setItem("/repo/forewarn:run:deploy", kept), kept);
    await page.reload();
    await expect(page.locator(".check input:checked")).toHaveCount(0);
    await box(page, "Open the release").check();
    await expect(note(page, "Open the release")).toHaveText("done 03:12");
  }
});

test("on paper: every step, its how and its ways back, nothing to press", async ({ open, page }) => {
  await open(SHEET);
  await box(page, "Open the release").check();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("button")).toHaveCount(0);
  await expect(page.locator(".how .prose").first()).toBeVisible();
  await expect(page.locator(".check-mode .act").first()).toBeVisible();
  await expect(page.locator('[data-run="began"]')).toHaveText("03:12");
  await expect(page.locator(".check").last()).toBeVisible();
});

test("without JavaScript the head has lines for a pen", async ({ browser, open, page }) => {
  await open(SHEET);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(page.url());
  await expect(plain.locator(".run-head")).toBeVisible();
  await expect(plain.locator(".run-head input")).toHaveCount(2);
  await expect(plain.locator(".run-head input:visible")).toHaveCount(0);
  await context.close();
});
