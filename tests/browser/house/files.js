// The built files, parsed by the parser that browsers agree on.
import { readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parse } from "parse5";
import { SITES } from "./sites.js";

/** Every file of a built site, as paths from its root, without those of `forewarn` itself. */
export function files(site) {
  const folder = SITES[site];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
  return paths.filter((path) => !path.startsWith(".")).sort();
}

/** The text of a file. */
export function text(site, path) {
  return readFileSync(join(SITES[site], path), "utf8");
}

/** The elements of a page in order: `{ tag, attributes, text, line, within }`, where `within` are the tags around it. */
export function elements(html) {
  const found = [];
  const walk = (node, within) => {
    const inside = node.tagName ? [...within, node.tagName] : within;
    if (node.tagName) {
      found.push({
        tag: node.tagName,
        attributes: Object.fromEntries(node.attrs.map((attribute) => [attribute.name, attribute.value])),
        text: (node.childNodes ?? []).map((child) => child.value ?? "").join(""),
        line: node.sourceCodeLocation?.startLine,
        within,
      });
    }
    for (const child of [...(node.childNodes ?? []), ...(node.content?.childNodes ?? [])]) walk(child, inside);
  };
  walk(parse(html, { sourceCodeLocationInfo: true }), []);
  return found;
}
