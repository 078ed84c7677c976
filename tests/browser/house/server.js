// A server for a folder, as plain as those that handbooks are put on: it finds the index of a folder and nothing else.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".csv": "text/csv; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".xml": "application/xml",
  ".ics": "text/calendar; charset=utf-8",
  ".zip": "application/zip",
};

/** Serves `folder` below `prefix` (`/` or `/repo/`) on a free port. Gives the address of its home page, and `close`. */
export async function serve(folder, prefix) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    let file = path.startsWith(prefix) ? join(folder, normalize(`/${path.slice(prefix.length)}`)) : join(folder, "404.html");
    if (existsSync(file) && statSync(file).isDirectory()) {
      if (!path.endsWith("/")) return response.writeHead(301, { location: `${encodeURI(path)}/` }).end();
      file = join(file, "index.html");
    }
    const found = existsSync(file) && path.startsWith(prefix);
    if (!found) file = join(folder, "404.html");
    response.writeHead(found ? 200 : 404, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "cache-control": "no-store" });
    createReadStream(file).pipe(response);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    home: `http://localhost:${server.address().port}${prefix}`,
    close: () => new Promise((closed) => { server.close(closed); server.closeAllConnections(); }),
  };
}
