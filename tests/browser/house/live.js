// A running `forewarn serve` over a copy of a handbook, for tests that edit files while a page is open.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { TODAY, program } from "./sites.js";

/** Serves the handbook in `from` (a folder), or the files of an object. Gives `home`, `write`, `read`, `remove`, `said` and `close`. */
export async function live(from, ...options) {
  const root = mkdtempSync(join(tmpdir(), "forewarn-live-"));
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  if (typeof from === "string") {
    for (const part of ["content", "forewarn.toml"]) cpSync(join(from, part), join(root, part), { recursive: true });
  } else {
    for (const [path, text] of Object.entries(from)) write(path, text);
  }
  const begin = (port) => {
    const child = spawn(program(), ["--root", root, "--today", TODAY, "serve", "--port", String(port), ...options], { stdio: ["ignore", "pipe", "pipe"] });
    const started = { child, text: "" };
    started.address = new Promise((resolve, reject) => {
      const hear = (data) => {
        started.text += data;
        const address = started.text.match(/^(http:\S+)[^]*watching /m);
        if (address) resolve(address[1]);
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.on("exit", (code) => reject(new Error(`serve ended with ${code}:\n${started.text}`)));
    });
    return started;
  };
  let running = begin(0);
  const home = await running.address;
  const end = () => new Promise((ended) => {
    running.child.on("exit", ended);
    running.child.kill("SIGINT");
  });
  return {
    home,
    root,
    write,
    read: (path) => readFileSync(join(root, path), "utf8"),
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    said: () => running.text,
    /** Ends the server, and begins it anew on the same port when called again. */
    end,
    begin: async () => {
      running = begin(new URL(home).port);
      await running.address;
    },
    close: async () => {
      if (running.child.exitCode === null && !running.child.killed) await end();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
