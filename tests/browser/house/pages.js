// The pages that the tests open: one of each kind from our own handbook, and every awkward state.

const own = {
  home: "",
  section: "processes/",
  "plain page": "guide/steps/",
  process: "processes/deploy/",
  "run sheet": "processes/deploy/checklist/",
  workbook: "processes/deploy/premortem/",
  system: "systems/payments-db/",
  role: "roles/dba/",
  incident: "incidents/migration-stopped/",
  "pre-mortem record": "premortems/deploy-november/",
  "pre-mortems": "premortems/",
  risks: "risks/",
  gaps: "gaps/",
  reviews: "reviews/",
  foresight: "foresight/",
  growth: "growth/",
  map: "map/",
  "rule page": "rules/untested-recovery/",
  "not found": "404.html",
};

const states = {
  "home without description": "",
  "section without text": "processes/",
  "no failure modes": "processes/unguarded/",
  "forty steps": "processes/forty-steps/",
  "forty steps: run sheet": "processes/forty-steps/checklist/",
  "forty steps: workbook": "processes/forty-steps/premortem/",
  "title of 140 characters": "processes/long-title/",
  "title of 140 characters: run sheet": "processes/long-title/checklist/",
  "title of 140 characters: workbook": "processes/long-title/premortem/",
  "system with a long title": "systems/system-with-a-long-title/",
  "role with a long title": "roles/role-with-a-long-title/",
  "word of 60": "processes/long-word/",
  "word of 60: run sheet": "processes/long-word/checklist/",
  "word of 60: workbook": "processes/long-word/premortem/",
  "system with a word of 60": "systems/long-word-system/",
  "only gaps": "processes/only-gaps/",
  "only gaps: run sheet": "processes/only-gaps/checklist/",
  "no gaps": "processes/no-gaps/",
  "no gaps: workbook": "processes/no-gaps/premortem/",
  "proposed process": "processes/proposed/",
  "retired process": "processes/retired/",
  "no steps": "processes/no-steps/",
  "no steps: run sheet": "processes/no-steps/checklist/",
  "incident of today": "incidents/today/",
  "foreseen incident": "incidents/foreseen/",
  "pre-mortem record": "premortems/november/",
  "role with one holder": "roles/operator/",
  "system that says nothing": "systems/plain-system/",
  "system from the settings": "declared-in-settings/",
  "all of Markdown": "pages/markdown/",
  "nine columns": "pages/nine-columns/",
  "right-to-left text": "pages/rtl/",
  "raw HTML": "pages/raw/",
  "title with markup": "pages/markup-title/",
  "depth four": "one/two/three/four/",
  umlauts: "größe/umläute/",
  Chinese: "中文/部署/",
  "Chinese: run sheet": "中文/部署/checklist/",
  risks: "risks/",
  gaps: "gaps/",
  reviews: "reviews/",
  foresight: "foresight/",
  growth: "growth/",
  map: "map/",
};

const rightToLeft = {
  process: "processes/only-gaps/",
  "run sheet": "processes/forty-steps/checklist/",
  workbook: "processes/only-gaps/premortem/",
  system: "systems/system-with-a-long-title/",
  text: "pages/rtl/",
  risks: "risks/",
  map: "map/",
};

const listed = (site, list) => Object.entries(list).map(([name, path]) => ({ site, path, name: `${site}: ${name}` }));

/** One page of each kind. */
export const KINDS = listed("own", own);

/** Every awkward state. */
export const STATES = [...listed("states", states), ...listed("right-to-left", rightToLeft)];

/** Both. */
export const ALL = [...KINDS, ...STATES];

/** One page of each kind, and the states that look like no other page. */
export const DISTINCT = ALL.filter((page) => page.site === "own" || /only gaps|no gaps|retired|proposed|all of Markdown|right-to-left: (process|map)/.test(page.name));

/** The page of our own handbook that is the example of a kind. */
export function example(kind) {
  const found = KINDS.find((page) => page.name === `own: ${kind}`);
  if (!found) throw new Error(`there is no kind of page ${kind}; there are ${Object.keys(own).join(", ")}`);
  return found;
}
