// The sites that the tests look at, and how they are built.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const repository = resolve(here, "../..");
const work = join(here, ".work/sites");

/** The day on which every site is built. */
export const TODAY = "2026-11-20";

/** The built sites by name: our own handbook, the handbook of awkward states, and the same read from right to left. */
export const SITES = {
  own: join(work, "own"),
  states: join(work, "states"),
  "right-to-left": join(work, "right-to-left"),
};

/** Their offline copies, `handbook.zip`, unpacked: what a reader opens from a folder. */
export const UNPACKED = Object.fromEntries(Object.keys(SITES).map((site) => [site, join(work, "unpacked", site)]));

/** The program under test. */
export function program() {
  return resolve(process.env.FOREWARN ?? join(repository, "target/release/forewarn"));
}

/** Builds the handbook in `root` into `out`, and says what `forewarn` said if it cannot. */
export function build(root, out, ...options) {
  try {
    execFileSync(program(), ["--root", root, "--today", TODAY, "build", "--out", out, ...options], { stdio: "pipe" });
  } catch (error) {
    throw new Error(`${program()} build --root ${root} failed:\n${error.stdout ?? ""}${error.stderr ?? error.message}`);
  }
}

/** Builds all sites anew. */
export function buildAll() {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  build(repository, SITES.own);
  const states = join(work, "handbook");
  cpSync(join(here, "handbook"), states, { recursive: true });
  // The theme as it lies in the tree, so that a change of a template or a style is seen without compiling.
  cpSync(join(repository, "themes/default"), join(states, "themes/default"), { recursive: true });
  build(states, SITES.states);
  const settings = join(states, "forewarn.toml");
  writeFileSync(settings, readFileSync(settings, "utf8").replace('language = "en"', 'language = "he"'));
  build(states, SITES["right-to-left"]);
  for (const [site, folder] of Object.entries(UNPACKED)) {
    execFileSync("python3", ["-m", "zipfile", "-e", join(SITES[site], "handbook.zip"), folder]);
  }
}
