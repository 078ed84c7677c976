// Every page of every site is HTML as the standard has it.
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import { files, text } from "../house/files.js";
import { SITES } from "../house/sites.js";
import { none, test } from "../house/test.js";
import config, { SPARED } from "../html-validate.js";

for (const site of Object.keys(SITES)) {
  test(`${site}: html-validate has nothing to say`, async () => {
    const validator = new HtmlValidate(new StaticConfigLoader(config));
    const wrong = [];
    // The page for paper repeats the others, each with its own title, and is as long as all of them.
    for (const path of files(site).filter((path) => path.endsWith(".html") && (site === "states" || !path.startsWith("print/")))) {
      const report = await validator.validateString(text(site, path), path);
      const messages = report.results.flatMap((result) => result.messages).filter(({ message, ruleId }) => !(path.startsWith("print/") && ruleId === "heading-level") && !SPARED.some((spared) => spared.test(message)));
      for (const { line, column, ruleId, message } of messages) wrong.push(`${path}:${line}:${column} ${ruleId}: ${message}`);
    }
    none(wrong, "faults in the HTML");
  });
}
