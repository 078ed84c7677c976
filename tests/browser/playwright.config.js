// How the tests run: two workers, since the machine that checks has two cores, and Debian's own Chromium.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "specs",
  testMatch: "*.js",
  outputDir: ".work/results",
  globalSetup: "./house/set-up.js",
  fullyParallel: true,
  workers: 2,
  // A test that is green at the second try is red.
  retries: 0,
  forbidOnly: true,
  // Nothing here waits that long; a machine with other work does.
  timeout: 150_000,
  expect: { timeout: 5_000 },
  // A dot for each test; whatever is red is told whole at the end.
  reporter: "dot",
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
    locale: "en-GB",
    timezoneId: "Africa/Lagos",
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: ["--no-sandbox"],
    },
  },
});
