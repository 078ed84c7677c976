// Live editing: files change while a page is open, and whoever reads it keeps their place.
import { resolve } from "node:path";
import { live } from "../house/live.js";
import { expect, test as base } from "../house/test.js";

const OWN = resolve(import.meta.dirname, "../../..");

const test = base.extend({
  /** A server over a copy of our own handbook; edits are of `deploy.md` unless they say otherwise. */
  server: async ({ page, watched }, use) => {
    const server = await live(OWN);
    watched.homes.add(server.home).add(server.home.replace("http:", "ws:"));
    await use(server);
    // A page that is still open would complain that its server has gone.
    await page.goto("about:blank");
    await server.close();
  },
});

// Machines that test are busy; what is slow here is measured elsewhere.
const soon = expect.configure({ timeout: 30_000 });
test.setTimeout(180_000);

const DEPLOY = "content/processes/deploy.md";
const edit = (server, path, from, to) => {
  const text = server.read(path);
  if (!text.includes(from)) throw new Error(`${path} does not hold: ${from}`);
  server.write(path, text.replace(from, to));
};
const overlay = (page) => page.locator("forewarn-live .faults");
const panel = (page) => page.locator("forewarn-live details.panel");
/** Marks the window, so that a reload is seen. */
const mark = (page) => page.evaluate(() => (window.stayed = true));
const stayed = (page) => page.evaluate(() => window.stayed === true);
/** The page is connected: only then is a change told. */
const open = async (page, server, path) => {
  const said = new Promise((heard) => page.on("websocket", (socket) => socket.on("framesent", heard)));
  await page.goto(server.home + path);
  await said;
  await mark(page);
};

test("a text changes in place: scroll, focus, open details, ticks and typed text stay", async ({ page, server }) => {
  await open(page, server, "processes/deploy/checklist/");
  const details = page.locator("details.how").nth(3);
  await details.locator("summary").click();
  await page.getByLabel("Run of").fill("Release 7");
  const box = page.locator(".tick input").nth(1);
  await box.check();
  await box.focus();
  await page.evaluate(() => document.querySelectorAll("li.check")[6].scrollIntoView({ behavior: "instant" }));
  const scrolled = await page.evaluate(() => scrollY);
  const title = (await page.locator("h1").textContent()).trim();
  const name = server.read(DEPLOY).match(/^title = "(.*)"$/m)?.[1] ?? title;
  server.write(DEPLOY, server.read(DEPLOY).replace(`title = "${name}"`, 'title = "Deploy once more"'));
  await soon(page.locator("h1")).toHaveText("Deploy once more");
  expect(await stayed(page)).toBe(true);
  await expect(details).toHaveAttribute("open", "");
  await expect(box).toBeChecked();
  await expect(box).toBeFocused();
  await expect(page.locator(".tick-note").nth(1)).toContainText("done");
  await expect(page.getByLabel("Run of")).toHaveValue("Release 7");
  expect(Math.abs((await page.evaluate(() => scrollY)) - scrolled)).toBeLessThan(60);
  await page.locator(".tick input").nth(2).check();
  await expect(page.locator('[data-run="said"]')).toContainText("2 of");
});

test("a page of prose keeps its place when it becomes longer above", async ({ page, server }) => {
  await open(page, server, "guide/failure-modes/");
  await page.evaluate(() => [...document.querySelectorAll("main h2")].at(-1).scrollIntoView({ behavior: "instant" }));
  const top = () => page.evaluate(() => [...document.querySelectorAll("main h2")].at(-1).getBoundingClientRect().top);
  const before = await top();
  const text = server.read("content/guide/failure-modes.md");
  const end = text.indexOf("```\n") + 4;
  server.write("content/guide/failure-modes.md", `${text.slice(0, end)}\nA new beginning. ${"It is long. ".repeat(80)}\n${text.slice(end)}`);
  await soon(page.getByText("A new beginning.")).toBeAttached();
  expect(Math.abs((await top()) - before)).toBeLessThan(4);
  expect(await stayed(page)).toBe(true);
});

test("a broken block brings the faults with place and help, and the repair takes them away", async ({ page, server }) => {
  await open(page, server, "processes/deploy/");
  const good = server.read(DEPLOY);
  server.write(DEPLOY, good.replace(/^class = "(\w+)"/m, 'class = "<img src=x onerror=alert(1)>"'));
  await soon(overlay(page)).toBeVisible();
  const line = good.slice(0, good.search(/^class = "/m)).split("\n").length;
  await expect(overlay(page).getByRole("button", { name: `${DEPLOY}:${line}` })).toBeVisible();
  await expect(overlay(page).getByRole("link", { name: "open in the editor" })).toHaveAttribute("href", `vscode://file${server.root}/${DEPLOY}:${line}:9`);
  await expect(overlay(page).locator("pre")).toContainText("it is one of technical, human, scale, dependency");
  expect(await page.locator("img[src=x]").count()).toBe(0);
  await expect(page.locator("h1")).toBeVisible();
  server.write(DEPLOY, good);
  await soon(overlay(page)).toBeHidden();
  expect(await stayed(page)).toBe(true);
});

test("the findings of a page stand in a panel, and lead to what they are about", async ({ page, server }) => {
  await open(page, server, "processes/deploy/");
  const good = server.read(DEPLOY);
  server.write(DEPLOY, good.replace(/^\[recover\]\n(?:(?!```).+\n)+/m, ""));
  await soon(panel(page)).toBeVisible();
  await panel(page).locator("summary").click();
  await panel(page).getByRole("button", { name: /no recovery/ }).first().click();
  await soon.poll(() => page.evaluate(() => document.activeElement.id)).not.toBe("");
  await soon(page.locator(":focus")).toBeInViewport();
});

test("a style is another without a reload, and without a moment with none", async ({ page, server }) => {
  await open(page, server, "guide/steps/");
  server.write("themes/default/static/style.css", "h1 { color: rgb(1, 2, 3) }");
  await soon(page.locator("h1")).toHaveCSS("color", "rgb(1, 2, 3)");
  expect(await stayed(page)).toBe(true);
  server.write("themes/default/static/style.css", "h1 { color: rgb(4, 5, 6) }");
  await soon(page.locator("h1")).toHaveCSS("color", "rgb(4, 5, 6)");
  expect(await page.locator("link[rel=stylesheet]").count()).toBe(1);
  expect(await stayed(page)).toBe(true);
});

test("a page that is deleted leads to the page for what is not here, and back when it is restored", async ({ page, server, watched }) => {
  await open(page, server, "guide/steps/");
  const text = server.read("content/guide/steps.md");
  server.remove("content/guide/steps.md");
  await soon(page.getByRole("heading", { level: 1 })).toHaveText("This page is not here");
  await expect(page.getByRole("link")).toHaveAttribute("href", "/");
  server.write("content/guide/steps.md", text);
  await soon(page.getByRole("heading", { level: 1 })).toHaveText(/steps/i);
  // That it is not here is said by the browser as well.
  watched.complaints.length = 0;
});

test("after the server was away the page catches up", async ({ page, server, watched }) => {
  await open(page, server, "guide/steps/");
  await server.end();
  await soon(page.locator("forewarn-live .lost")).toBeVisible();
  const text = server.read("content/guide/steps.md");
  const end = text.indexOf("```\n") + 4;
  server.write("content/guide/steps.md", `${text.slice(0, end)}\nWritten while nobody looked.\n${text.slice(end)}`);
  await server.begin();
  await soon(page.getByText("Written while nobody looked.")).toBeVisible();
  expect(await stayed(page)).toBe(true);
  watched.complaints.length = 0;
});

test("a session of a pre-mortem goes on when its process changes", async ({ page, server }) => {
  await open(page, server, "processes/deploy/premortem/");
  await page.getByRole("button", { name: "Next" }).click();
  const name = server.read(DEPLOY).match(/^title = "(.*)"$/m)[1];
  server.write(DEPLOY, server.read(DEPLOY).replace(`title = "${name}"`, 'title = "Deploy once more"'));
  await soon(page.locator("h1")).toContainText("Deploy once more");
  await soon(page.locator(".wb-bar")).toHaveCount(1);
  await expect(page.locator(".wb-stage")).toContainText("2");
  expect(await stayed(page)).toBe(true);
});
