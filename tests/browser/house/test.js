// `test` and `expect` of every file in specs/: a page that is watched, and a way to open the pages of the sites.
import { test as base, expect } from "@playwright/test";
import { pathToFileURL } from "node:url";
import { serve } from "./server.js";
import { SITES, UNPACKED } from "./sites.js";

export { expect };

/** Where a site may lie: at the root of a server, below a path, or unpacked from its offline copy in a folder without a server. */
export const PLACES = ["/", "/repo/", "file://"];

/** Where a preview of a pull request lies: deep below a path that nothing of the site knows. */
export const PREVIEW = "/acme/handbook/preview/pr-12/";

export const test = base.extend({
  /** `addresses(site, place)` is the address of a site's home page; servers begin when they are asked for. */
  addresses: [
    async ({}, use) => {
      const servers = new Map();
      const home = async (site, place) => {
        if (place === "file://") return `${pathToFileURL(UNPACKED[site]).href}/`;
        const name = `${site} ${place}`;
        if (!servers.has(name)) servers.set(name, await serve(SITES[site], place));
        return servers.get(name).home;
      };
      await use(home);
      for (const server of servers.values()) await server.close();
    },
    { scope: "worker" },
  ],

  /** Everything that a page asks for and complains about. A test that has passed fails all the same if something has left the site. */
  watched: [
    async ({ context }, use) => {
      const seen = { requests: [], complaints: [], homes: new Set() };
      context.on("request", (request) => seen.requests.push(request.url()));
      context.on("console", (message) => {
        const [page, about] = [message.page()?.url() ?? "", message.location().url];
        // A page that needs no other file names no icon, so the browser looks for one by itself.
        if (about.endsWith("/favicon.ico") && page.endsWith("/404.html")) return;
        if (["error", "warning"].includes(message.type())) seen.complaints.push(`${message.type()} in ${page}: ${message.text()}${about && about !== page ? ` (${about})` : ""}`);
      });
      context.on("weberror", (error) => seen.complaints.push(`exception in ${error.page()?.url()}: ${error.error().stack ?? error.error()}`));
      await use(seen);
      const own = (url) => /^(data|blob|about):/.test(url) || [...seen.homes].some((home) => url.startsWith(home));
      none(seen.requests.filter((url) => !own(url)), "requests that leave the site");
      none(seen.complaints, "complaints in the console");
    },
    { auto: true },
  ],

  /** `open({ site, path }, place)` opens a page of a site, at the root of a server unless told otherwise. */
  open: async ({ page, addresses, watched }, use) => {
    await use(async ({ site, path }, place = "/") => {
      const home = await addresses(site, place);
      watched.homes.add(home);
      const folder = path === "" || path.endsWith("/");
      const url = home + encodeURI(path) + (folder && place === "file://" ? "index.html" : "");
      await page.goto(url);
      return page;
    });
  },
});

/** Unfolds everything, so that a test sees what a reader may see. */
export async function unfold(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
}

/** Fails, and lists what was found, unless nothing was. */
export function none(found, what) {
  if (found.length === 0) return;
  const shown = found.slice(0, 40).map((line) => `  ${line}`);
  const rest = found.length - shown.length;
  const error = new Error(`${found.length} ${what}:\n${shown.join("\n")}${rest > 0 ? `\n  and ${rest} more` : ""}`);
  Error.captureStackTrace(error, none);
  throw error;
}
