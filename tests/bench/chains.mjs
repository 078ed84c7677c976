// Writes a handbook in which every rule of the graph has work to do: processes whose recoveries need systems in chains of ten, roles with
// hours, backups, channels and minutes, drills, volumes, incidents and pre-mortem records. Same arguments, same bytes.
//
//   node tests/bench/chains.mjs --processes 10000 --out /tmp/chains
//   time target/release/forewarn --root /tmp/chains check --max 1
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { processes: { type: "string", default: "1000" }, out: { type: "string" } } });
if (!values.out) throw new Error("--out DIR is missing");
const processes = Number(values.processes);
const chains = 100;
const links = 10;
const roles = 50;
const content = join(values.out, "content");
const write = (path, text) => {
  const file = join(content, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
};
const front = (keys) => `\`\`\`page\n${keys}\n\`\`\`\n`;
const block = (kind, keys) => `\`\`\`${kind}\n${keys}\n\`\`\`\n`;
const system = (chain, link) => `system-${chain}-${link}`;
const indented = (text) => text.replace(/^(?=.)/gm, "   ");

writeFileSync(join((mkdirSync(values.out, { recursive: true }), values.out), "forewarn.toml"), 'title = "Chains"\nhosted_on = ["system-0-9"]\n');
write("index.md", "# Chains\n\nA handbook to measure with.\n");

for (let chain = 0; chain < chains; chain++) {
  for (let link = 0; link < links; link++) {
    const below = link + 1 < links ? `"${system(chain, link + 1)}"` : "";
    const modes = link % 3 === 0 ? ["down", "slow"] : ["down"];
    const failures = modes.map((state) =>
      block("failure", `class = "dependency"\ntitle = "System ${chain} ${link} is ${state}"\nstate = "${state}"\ncause = "Its node is lost"\neffect = "What needs it stops"
severity = "major"\nlikelihood = "unlikely"\n\n[detect]\nsignal = "An alert on its latency"\nby = "alert"\nvia = ["${system((chain + 1) % chains, 0)}"]\nwithin = "2m"\n
[recover]\ntext = "Start it anew."\nby = "role-${(chain + link) % roles}"\nuses = ["${system((chain + 7) % chains, 2)}"]\ndecide = "Whoever is on call"\nverify = "The alert is quiet"\nwithin = "20m"\ndrilled = 2026-09-01`));
    write(`systems/${system(chain, link)}.md`, front(`kind = "system"\ntitle = "System ${chain} ${link}"\ntype = "service"\nowner = "role-${chain % roles}"\ndepends_on = [${below}]
rate_limit = "100000/hour"\nchanged = 2026-08-01\nfallback = ["${system((chain + 3) % chains, link)}"]`) + "\n" + failures.join("\n"));
  }
}

for (let role = 0; role < roles; role++) {
  write(`roles/role-${role}.md`, front(`kind = "role"\ntitle = "Role ${role}"\nholders = ${1 + (role % 4)}\nbackup = "role-${(role + 1) % roles}"\nhours = "Mon-Fri 08:00-18:00 Europe/Berlin; Sat-Sun 10:00-16:00 America/New_York"
channels = ["${system(role, 1)}", "${system(role + 1, 1)}"]\nminutes_per_week = 600`));
}

for (let number = 0; number < processes; number++) {
  const uses = [number % chains, (number * 7 + 1) % chains, (number * 13 + 2) % chains].map((chain) => system(chain, 0));
  const role = (add) => `role-${(number + add) % roles}`;
  const step = (index, title, keys) => `${index}. **${title}.** Do it as the page says, and look at the result.\n\n${indented(block("step", keys))}`;
  const failure = (title, used, state) =>
    block("failure", `class = "dependency"\ntitle = "${title}"\nof = "${used}"\nstate = "${state}"\ncause = "It cannot be reached"\neffect = "The change waits"\nseverity = "critical"\nlikelihood = "unlikely"\n
[detect]\nsignal = "The pipeline stops"\nby = "alert"\nvia = ["${system((number + 5) % chains, 0)}"]\nwithin = "5m"\n
[recover]\npath = ["#steps-to-roll-back"]\nby = "${role(1)}"\ndecide = "The one who runs it"\nverify = "The smoke test is green"\nwithin = "20m"`);
  write(`processes/${Math.floor(number / 500)}/process-${number}.md`, `${front(`kind = "process"\ntitle = "Process ${number}"\nowner = "${role(0)}"\ncriticality = "critical"\nruns = "any time"\nchange_window = "any time because it is measured"
tolerable_outage = "30m"\n\n[context]\nintent = "To be measured."\nrisk = "None."\nchanges_production = true\n\n[volume]\nnow = "2/week"\nplanned = "5/week"\n\n[review]\nlast = 2026-09-01`)}
## Steps

${step(1, "Freeze", `role = "${role(0)}"\nminutes = 5\nuses = ["${uses[0]}"]`)}
${step(2, "Migrate", `actor = "automation"\nrole = "${role(1)}"\nminutes = 4\nuses = ["${uses[0]}", "${uses[1]}"]\nwrites = ["${uses[0]}", "${uses[1]}"]\ncalls = 12\ntakeover = "#steps-to-roll-back"\ntimeout = "20m"\nreversible = false\nguard = "dry-run"`)}
${step(3, "Switch", `actor = "automation"\nuses = ["${uses[2]}"]\nreach = "batch"\nrequires = ["#freeze"]\ntakeover = "#steps-to-roll-back"`)}
${step(4, "Verify", `role = "${role(2)}"\nminutes = 3\nverifies = true`)}
## Steps to roll back

${step(1, "Stop the pipeline", `role = "${role(1)}"\nuses = ["${uses[1]}"]`)}
${step(2, "Put the old version back", `role = "${role(3)}"\nuses = ["${uses[2]}"]`)}
## Failure modes

${failure("The first system is gone", system(number % chains, number % links), "down")}
${failure("The second system is slow", uses[1], "slow")}
${failure("Nobody can reach the third", uses[2], "access-lost")}
`);
  if (number % 10 === 0) {
    write(`incidents/incident-${number}.md`, front(`kind = "incident"\ntitle = "Incident ${number}"\ndate = 2026-10-0${1 + (number % 9)}\nprocess = "process-${number}"\nfailure = "process-${number}#the-first-system-is-gone"\nrecovery_worked = ${number % 20 === 0}`));
  }
}
