// The search: loaded when it is asked for, led by the keyboard or one thumb, right about what to do at night, and never more than text.
import { AxeBuilder } from "@axe-core/playwright";
import { runInNewContext } from "node:vm";
import { elements, files, text } from "../house/files.js";
import { example } from "../house/pages.js";
import { SITES } from "../house/sites.js";
import { expect, none, PLACES, test } from "../house/test.js";

const OURS = /\/(search[^/]*\.js|minisearch\.js)$/;

/** Opens the search, waits until everything is indexed, and types. */
const search = async (page, words) => {
  if (!(await page.locator("dialog.search[open]").count())) await page.keyboard.press("Control+k");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await expect(page.locator("dialog.search[data-indexed]")).toBeVisible({ timeout: 30_000 });
  if (words !== undefined) await page.getByRole("searchbox").fill(words);
};
const hits = (page) => page.locator(".search .hit");
const first = (page) => hits(page).first();

for (const place of PLACES) {
  test(`${place}: a system is found by what one calls it at night, and leads to its page`, async ({ open, page }) => {
    await open(example("process"), place);
    for (const words of ["db down", "payments-db", "what if the payments database is not working", "paymnets databse", "Payments dat"]) {
      await search(page, words);
      await expect(first(page).locator(".hit-title")).toHaveText("Payments database");
      await expect(first(page)).toContainText("System · what to do if it fails");
    }
    await page.keyboard.press("Enter");
    await expect(page.locator("h1")).toHaveText("Payments database");
    await expect(page.getByRole("heading", { name: "If it fails" })).toBeInViewport();
  });

  test(`${place}: a step and a failure mode lead to their place, on this page and on others`, async ({ open, page }) => {
    await open(example("home"), place);
    await search(page, "migration stops halfway");
    await first(page).click();
    await expect(page).toHaveURL(/processes\/deploy\/(index\.html)?#the-migration-stops-halfway$/);
    await expect(page.locator('[id="the-migration-stops-halfway"]')).toBeInViewport();
    await search(page, "stop the pipeline");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/#stop-the-pipeline$/);
    await expect(page.locator('[id="stop-the-pipeline"]')).toBeInViewport();
    await expect(page.locator("dialog.search")).not.toBeVisible();
  });

  test(`${place}: words of the text are found, with the words around them`, async ({ open, page }) => {
    await open({ site: "states", path: "größe/umläute/" }, place);
    await search(page, "abbreviated header");
    await search(page, "部署");
    await expect(first(page)).toContainText("部署到生产环境");
    await search(page, "umlaute");
    await expect(first(page).locator(".hit-title mark")).toHaveCount(1);
  });
}

test("nothing is loaded before the search is asked for, and everything once after", async ({ open, page, watched }) => {
  await open(example("process"));
  await page.mouse.move(300, 300);
  await page.keyboard.press("Tab");
  expect(watched.requests.filter((url) => OURS.test(url)), "requests before").toEqual([]);
  await search(page, "vault");
  await expect(first(page)).toBeVisible();
  const names = () => watched.requests.filter((url) => OURS.test(url)).map((url) => url.split("/").pop());
  const texts = files("own").filter((path) => path.startsWith("search-text-"));
  await expect.poll(() => names().length).toBe(3 + texts.length);
  expect(names().slice(0, 3).sort()).toEqual(["minisearch.js", "search-dialog.js", "search.js"]);
  // The texts of the section in which the reader is come first.
  expect(names()[3]).toBe("search-text-processes.js");
  await page.keyboard.press("Escape");
  await search(page, "slack");
  await expect(first(page)).toBeVisible();
  expect(new Set(names()).size, "each once").toBe(names().length);
});

test("with the keyboard alone: open, choose, go back, leave; the focus returns to where it was", async ({ open, page }) => {
  await open(example("process"));
  const before = page.locator("main a").nth(3);
  await before.focus();
  await page.keyboard.press("/");
  const box = page.getByRole("searchbox");
  await expect(box).toBeFocused();
  await expect(box).toHaveValue("");
  await expect(hits(page), "what most steps need").not.toHaveCount(0);
  await page.keyboard.press("ArrowDown");
  await expect(first(page)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(box).toBeFocused();
  await page.keyboard.type("roll back");
  await expect(first(page).locator("mark")).not.toHaveCount(0);
  await page.keyboard.press("ArrowDown");
  await expect(hits(page).nth(1)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(first(page)).toBeFocused();
  const outline = await first(page).evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(outline, "one sees where one is").not.toBe("none");
  await page.keyboard.type("x");
  await expect(box).toBeFocused();
  await expect(box).toHaveValue("roll backx");
  await page.keyboard.press("Escape");
  await expect(page.locator("dialog.search")).not.toBeVisible();
  await expect(before).toBeFocused();
  await page.keyboard.press("Control+k");
  await expect(box).toBeFocused();
  // What was typed is there and chosen: typing takes its place.
  await page.keyboard.type("vault");
  await expect(box).toHaveValue("vault");
});

test("a slash that is typed into a field is a slash", async ({ open, page }) => {
  await open(example("run sheet"));
  const field = page.locator("#Fw-run-of");
  await field.focus();
  await page.keyboard.type("release 1/2");
  await expect(field).toHaveValue("release 1/2");
  await expect(page.locator("dialog.search")).toHaveCount(0);
});

test("filters by kind, class and owner say how many there are, and narrow what is shown", async ({ open, page }) => {
  await open(example("home"));
  await search(page, "database");
  const kind = page.getByRole("group", { name: "Kind" });
  const modes = kind.getByRole("button", { name: /^Failure modes \d+$/ });
  await expect(modes).toBeVisible();
  await modes.click();
  await expect(modes).toHaveAttribute("aria-pressed", "true");
  await expect(modes).toBeFocused();
  const count = Number((await modes.textContent()).match(/\d+$/)[0]);
  await expect(page.locator(".search [role=status]")).toHaveText(`${count} results`);
  for (const hit of await hits(page).all()) await expect(hit.locator(".hit-what")).toContainText("Failure mode");
  const human = page.getByRole("group", { name: "Class" }).getByRole("button", { name: /Human/ });
  const humans = Number((await human.textContent()).match(/\d+$/)[0]);
  expect(humans).toBeLessThan(count);
  await human.click();
  await expect(page.locator(".search [role=status]")).toHaveText(humans === 1 ? "1 result" : `${humans} results`);
  await human.click();
  await modes.click();
  await expect(modes).toHaveAttribute("aria-pressed", "false");
  const owner = page.getByRole("group", { name: "Owner" }).getByRole("button").first();
  await owner.click();
  await expect(owner).toHaveAttribute("aria-pressed", "true");
  // Words that nothing has under these filters offer the way out of them.
  await page.getByRole("searchbox").fill("preset");
  const all = page.getByRole("button", { name: /^Show all \d+$/ });
  await all.click();
  await expect(hits(page)).not.toHaveCount(0);
  await expect(page.getByRole("searchbox")).toBeFocused();
});

test("what is not there is said, with a way on", async ({ open, page }) => {
  await open(example("home"));
  await search(page, "zzqqxxyy");
  await expect(page.locator(".search-says")).toContainText("Nothing found for “zzqqxxyy”");
  await page.locator(".search").getByRole("link", { name: "all failure modes" }).click();
  await expect(page.locator("h1")).toHaveText("Risks");
});

test("markup in a title, a heading and a text stays text, wherever it is shown", async ({ open, page }) => {
  page.on("dialog", (dialog) => { throw new Error(`a dialog: ${dialog.message()}`); });
  await open({ site: "states", path: "" });
  await page.evaluate(() => {
    window.made = [];
    new MutationObserver((records) => records.forEach((record) => record.addedNodes.forEach((node) => {
      if (node.nodeType !== 1) return;
      for (const element of [node, ...node.querySelectorAll("*")]) if (/^(img|script|b|svg|title)$/i.test(element.localName) && !element.closest(".hit-icon, .search-head, .hit-side, .chip")) window.made.push(element.outerHTML);
    }))).observe(document.body, { childList: true, subtree: true });
  });
  for (const words of ["ambush", "marked title script img", "<img src=x onerror=alert(1)>", "onerror", "alert script"]) {
    await search(page, words);
    await expect(hits(page).filter({ hasText: "Marked </title></script><img src=x" }).or(hits(page).filter({ hasText: "<img src=y" })).first()).toBeVisible();
  }
  await page.getByRole("searchbox").fill("</script><img src=z onerror=alert(6)>zzz");
  await page.waitForTimeout(200);
  none(await page.evaluate(() => window.made), "elements made of words");
});

test("on a telephone it takes the whole screen, and a thumb hits everything", async ({ open, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(example("process"));
  const bar = page.locator(".bar");
  await expect(bar.locator("> *:visible")).toHaveText(["Menu", "Search", "Run sheet", "Call"]);
  await bar.getByRole("button", { name: "Search" }).click();
  await search(page, "database");
  await expect(first(page)).toBeVisible();
  const box = await page.locator("dialog.search").boundingBox();
  expect(box).toMatchObject({ x: 0, y: 0, height: 740 });
  // All but the room that a scroll bar takes, where scroll bars take any.
  expect(box.width).toBeGreaterThanOrEqual(340);
  const small = [];
  for (const one of await page.locator("dialog.search :is(a, button, input):visible").all()) {
    const { width, height } = await one.boundingBox();
    if (height < 36 || width < 36) small.push(`${await one.textContent()}: ${width} × ${height}`);
  }
  none(small, "targets too small for a thumb");
  expect(await page.evaluate(() => document.querySelector(".search-list").scrollWidth - document.querySelector(".search-list").clientWidth), "sideways").toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Close" }).click();
  await expect(bar.getByRole("button", { name: "Search" })).toBeFocused();
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe has nothing to say about the open search, ${colorScheme}`, async ({ open, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await open(example("plain page"));
      for (const words of ["", "database", "zzqqxxyy"]) {
        await search(page, words);
        await expect(words === "zzqqxxyy" ? page.locator(".search-says") : first(page)).toBeVisible();
        const { violations } = await new AxeBuilder({ page }).include("dialog.search").analyze();
        none(violations.map(({ id, help, nodes }) => `${width} "${words}" ${id} (${help}) at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`), "violations");
      }
    }
  });
}

test("data that cannot be loaded is said", async ({ open, page, watched }) => {
  await page.route(/\/search\.js$/, (route) => route.abort());
  await open(example("home"));
  await page.keyboard.press("/");
  await expect(page.locator(".search-says")).toHaveText("The search could not be loaded.");
  await expect.poll(() => watched.complaints.length).toBe(1);
  watched.complaints.splice(0);
});

for (const site of Object.keys(SITES)) {
  test(`${site}: everything in the search data is there: page and anchor`, () => {
    let facts, things;
    runInNewContext(text(site, "search.js"), { forewarn: { searchFacts: (...all) => ([facts, things] = all) }, JSON });
    expect(facts.pages.length).toBeGreaterThan(20);
    const missing = [];
    facts.pages.forEach((page, at) => {
      const path = decodeURIComponent(page.url) + "index.html";
      if (!files(site).includes(path)) return missing.push(path);
      const anchors = JSON.parse(things[at] ?? "[]").map((thing) => thing[1]);
      const ids = new Set(elements(text(site, path)).map(({ attributes }) => attributes.id));
      missing.push(...anchors.filter((anchor) => !ids.has(anchor)).map((anchor) => `${path}#${anchor}`));
    });
    none(missing, "places that are not there");
    const texts = files(site).filter((path) => path.startsWith("search-text-"));
    expect(texts).toEqual(facts.sections.map((name) => `search-text-${name}.js`).sort());
    for (const path of texts) {
      runInNewContext(text(site, path), {
        forewarn: {
          searchTexts: (list) => list.forEach(([page, thing, words]) => {
            expect(facts.pages[page]).toBeDefined();
            if (thing >= 0) expect(JSON.parse(things[page])[thing]).toBeDefined();
            expect(words).not.toBe("");
          }),
        },
      });
    }
  });
}
