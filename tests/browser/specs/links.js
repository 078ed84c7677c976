// The built files without a browser: every link and anchor resolves wherever the site lies, and nothing is on a page that must not be.
import { createHash } from "node:crypto";
import { posix } from "node:path";
import { elements, files, text } from "../house/files.js";
import { SITES } from "../house/sites.js";
import { expect, none, PREVIEW, test } from "../house/test.js";

/** Attributes that hold an address. */
const ADDRESSES = ["href", "src", "srcset", "poster", "action", "data", "cite"];

/** Attributes that name elements of the same page. */
const REFERENCES = ["for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details", "aria-flowto", "headers", "list"];

/** The site at these addresses is not a part of the page. */
const CANONICAL = ["canonical", "alternate"];

/** Reads all pages of a site once: path → elements and ids. */
function pages(site) {
  const read = (path) => {
    const list = elements(text(site, path));
    const ids = list.map(({ attributes }) => attributes.id).filter((id) => id !== undefined);
    return [path, { list, ids: new Set(ids), twice: ids.filter((id, at) => ids.indexOf(id) !== at) }];
  };
  return new Map(files(site).filter((path) => path.endsWith(".html")).map(read));
}

/** The addresses on a page, with the line they stand on. */
function addresses(page) {
  return page.list.flatMap(({ tag, attributes, line }) => {
    const plain = ADDRESSES.filter((name) => name in attributes).flatMap((name) =>
      name === "srcset" ? attributes[name].split(",").map((part) => part.trim().split(/\s+/)[0]) : [attributes[name]],
    );
    const refresh = tag === "meta" && /^refresh$/i.test(attributes["http-equiv"] ?? "") ? [attributes.content.replace(/^[^=]*=\s*/, "")] : [];
    return [...plain, ...refresh].map((address) => ({ address, tag, line, asks: asks({ tag, attributes }), canonical: CANONICAL.includes(attributes.rel) }));
  });
}

const leaves = (address) => /^[a-z][a-z0-9+.-]*:/i.test(address) || address.startsWith("//");

/** Attributes whose address the browser asks for by itself. */
const asks = ({ tag, attributes }) => "src" in attributes || (tag === "link" && !CANONICAL.includes(attributes.rel));

/** The path of the file behind an address of the site, as servers of folders find it. */
const fileOf = (address, home) => {
  const path = decodeURIComponent(address.slice(home.length));
  return path === "" || path.endsWith("/") ? `${path}index.html` : path;
};

/**
 * Follows every link from the home page and the old addresses, as a browser resolves it, and asks the server for each address once.
 * Gives what is broken, and the files that were reached.
 */
async function crawl(home, all, aliases) {
  const broken = [];
  const reached = new Set();
  const asked = new Set();
  let next = [["", home], ...aliases.map((path) => ["", home + path.replace(/(^|\/)index\.html$/, "$1").split("/").map(encodeURIComponent).join("/")])];
  while (next.length > 0) {
    const now = next.filter(([, address]) => !asked.has(address) && asked.add(address));
    next = [];
    const answers = await Promise.all(now.map(async ([from, address]) => {
      const answer = await fetch(address, { redirect: "manual" });
      await answer.arrayBuffer();
      return [from, address, answer.status];
    }));
    for (const [from, address, status] of answers) {
      if (status !== 200) {
        broken.push(`${from}: ${address} is answered with ${status}`);
        continue;
      }
      const path = fileOf(address, home);
      reached.add(path);
      for (const link of all.has(path) ? addresses(all.get(path)) : []) {
        const to = new URL(link.address, address);
        const say = (what) => broken.push(`${path}:${link.line} <${link.tag}> ${link.address}: ${what}`);
        if (to.origin !== new URL(home).origin || !/^https?:/.test(to.protocol)) {
          if (link.asks) say("another host is asked");
          continue;
        }
        const anchor = decodeURIComponent(to.hash.slice(1));
        to.hash = "";
        if (!to.href.startsWith(home)) {
          say("it leads out of the site");
          continue;
        }
        next.push([`${path}:${link.line}`, to.href]);
        const target = all.get(fileOf(to.href.split("?")[0], home));
        if (anchor !== "" && target && !target.ids.has(anchor)) say("there is no such anchor");
      }
    }
  }
  return { broken, reached };
}

for (const site of Object.keys(SITES)) {
  test.describe(site, () => {
    const known = new Set();
    let all;
    test.beforeAll(() => {
      all = pages(site);
      for (const path of files(site)) known.add(path);
    });

    test("from the home page every link leads on, in every place where a site can lie, and every page is reached", async ({ addresses: home }) => {
      const aliases = [...all].filter(([, page]) => page.list.some(({ attributes }) => attributes["http-equiv"] === "refresh")).map(([path]) => path);
      for (const prefix of ["/", "/repo/", PREVIEW]) {
        const { broken, reached } = await crawl(await home(site, prefix), all, aliases);
        none(broken, `broken links below ${prefix}`);
        none([...all.keys()].filter((path) => path !== "404.html" && !reached.has(path)), `pages that nothing leads to below ${prefix}`);
      }
    });

    test("what is not there is answered with the page for that, and as an error", async ({ addresses: home }) => {
      const address = await home(site, PREVIEW);
      for (const missing of ["no-such-page/", "no/such.html", "risks/no.json"]) {
        const answer = await fetch(address + missing);
        expect(answer.status, missing).toBe(404);
        expect(await answer.text(), missing).toBe(text(site, "404.html"));
      }
    });

    test("every address inside the site is relative", () => {
      const absolute = [];
      for (const [path, page] of all) {
        for (const { address, tag, line, canonical } of addresses(page)) {
          if (canonical || path === "404.html") continue;
          if (/^[/\\]/.test(address) || /^https?:\/\/(localhost|127\.|handbook\.example)/.test(address)) absolute.push(`${path}:${line} <${tag}> ${address}`);
        }
      }
      none(absolute, "absolute addresses of the site itself");
    });

    test("the page for what is not there needs no other file, and links to the home page alone", () => {
      const home = site === "own" ? "/" : "/repo/";
      none(addresses(all.get("404.html")).map(({ address }) => address).filter((address) => address !== home), `addresses beside ${home}`);
    });

    test("no id stands twice on a page, and every reference to an id finds one", () => {
      const wrong = [];
      for (const [path, page] of all) {
        for (const id of page.twice) wrong.push(`${path}: two elements have the id ${id}`);
        for (const { tag, attributes, line } of page.list) {
          for (const name of REFERENCES.filter((name) => name in attributes)) {
            for (const id of attributes[name].split(/\s+/)) if (!page.ids.has(id)) wrong.push(`${path}:${line} <${tag} ${name}="${attributes[name]}">: nothing has that id`);
          }
        }
      }
      none(wrong, "faults with ids");
    });

    test("no style, no event handler and no script stands in a page but the restorer of the theme, which the policy admits by its hash", () => {
      const wrong = [];
      for (const [path, page] of all) {
        const say = (line, what) => wrong.push(`${path}:${line} ${what}`);
        const policies = page.list.filter(({ attributes }) => attributes["http-equiv"] === "Content-Security-Policy");
        if (policies.length !== 1) say(1, `${policies.length} policies`);
        const policy = policies[0]?.attributes.content ?? "";
        const admitted = (text) => policy.includes(`'sha256-${createHash("sha256").update(text).digest("base64")}'`);
        for (const { tag, attributes, line } of page.list) {
          if ("style" in attributes) say(line, `<${tag} style>`);
          for (const name of Object.keys(attributes)) if (/^on/.test(name)) say(line, `<${tag} ${name}>`);
          for (const name of ADDRESSES) if (/^\s*(javascript|vbscript|data:text)/i.test(attributes[name] ?? "")) say(line, `<${tag} ${name}="${attributes[name]}">`);
        }
        const styles = page.list.filter(({ tag }) => tag === "style");
        if (path !== "404.html" && styles.length > 0) say(styles[0].line, "<style>");
        for (const style of styles) if (!admitted(style.text)) say(style.line, "a style that the policy refuses");
        const inline = page.list.filter(({ tag, attributes }) => tag === "script" && !("src" in attributes));
        const alone = path === "404.html" || page.list.some(({ attributes }) => attributes["http-equiv"] === "refresh");
        if (inline.length !== (alone ? 0 : 1)) say(inline[0]?.line ?? 1, `${inline.length} scripts in the page`);
        for (const script of inline) {
          if (Buffer.byteLength(script.text) > 300) say(script.line, "a script of more than 300 bytes in the page");
          if (!admitted(script.text)) say(script.line, "a script that the policy refuses");
        }
        for (const { tag, attributes, line } of page.list) {
          if (tag === "script" && attributes.type === "module") say(line, "a module, which file:// refuses");
        }
      }
      none(wrong, "things that must not be on a page");
    });

    test("one style sheet blocks the first paint, and nothing else does", () => {
      const wrong = [];
      for (const [path, page] of all) {
        const sheets = page.list.filter(({ tag, attributes }) => tag === "link" && attributes.rel === "stylesheet");
        if (sheets.length > 1) wrong.push(`${path}: ${sheets.length} style sheets`);
        for (const { tag, attributes, line } of page.list) {
          if (tag === "script" && "src" in attributes && !("defer" in attributes) && !("async" in attributes)) wrong.push(`${path}:${line} a script that blocks`);
        }
      }
      none(wrong, "things that block");
    });

    test("what style sheets name is there", () => {
      const broken = [];
      for (const path of files(site).filter((path) => path.endsWith(".css"))) {
        for (const [, address] of text(site, path).matchAll(/url\(\s*["']?([^"')]+)["']?\s*\)/g)) {
          if (leaves(address) || !known.has(posix.join(posix.dirname(path), address))) broken.push(`${path}: ${address}`);
        }
        if (/@import/.test(text(site, path))) broken.push(`${path}: @import`);
      }
      none(broken, "addresses in style sheets");
    });
  });
}
