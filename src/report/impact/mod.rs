//! An impact -> text for whoever was called at 3 AM, and JSON for machines.
//!
//! Enters: an [`Analysis`] and an [`Impact`]. Leaves: text of at most 100 columns, what breaks first and the way back last, where a
//! terminal leaves it in sight; or the JSON, with ids alone in references. Absent: printing, and any thought about what depends on what.

mod json;
mod layout;
mod words;

use crate::check::chain;
use crate::check::drill;
use crate::check::reach::WayAround;
use crate::impact::{Absence, Blind, Cut, Dependents, Impact, Passage, Stop, Strike, Way, WayBack};
use crate::model::{Dependency, Handbook, Kind, ModeIx, ModeView, PageIx, StepIx, StepView, Target};
use crate::parse::value::{Expiry, Severity, Status, said};
use crate::pipeline::Analysis;

use layout::{Layout, Row};
use words::{abort_text, entrance, facts, ids, listed, notice, second, sentence, spoken, who};

pub use json::json;

/// Names in one line of names.
const NAMED: usize = 4;

/// The impact as text; in colour its headings are bold.
pub fn text(analysis: &Analysis, impact: &Impact, coloured: bool) -> String {
    let handbook = &analysis.handbook;
    let mut sheet = Sheet { analysis, handbook, layout: Layout { coloured, ..Layout::default() } };
    sheet.opening(impact);
    if let Some(strike) = &impact.strike {
        sheet.strike(strike);
    }
    if let Some(absence) = &impact.absence {
        sheet.absence(absence);
    }
    if let Some(dependents) = &impact.dependents {
        sheet.dependents(dependents, impact.what.page());
    }
    if let Some(passage) = &impact.passage {
        sheet.passage(passage, impact.what);
    }
    sheet.ways_back(impact);
    sheet.layout.out
}

/// Text as it is laid out.
struct Sheet<'a> {
    analysis: &'a Analysis,
    handbook: &'a Handbook,
    layout: Layout,
}

impl Sheet<'_> {
    /// What fails, what it is, and in one sentence what that means.
    fn opening(&mut self, impact: &Impact) {
        let name = self.path_part(impact.what);
        let facts = facts(self.handbook, impact.what);
        self.layout.strong("", &std::iter::once(name).chain(facts).collect::<Vec<_>>().join(" · "));
        self.layout.lines("", &sentence(self.handbook, impact));
    }

    fn dependents(&mut self, dependents: &Dependents, failed: PageIx) {
        let handbook = self.handbook;
        if !dependents.systems.is_empty() {
            self.layout.heading("Systems that stop");
            let rows = dependents.systems.iter().map(|stop| {
                let instead = Dependents::instead(handbook, stop, failed);
                let instead = instead.map_or_else(String::new, |system| format!(" · meanwhile: {}", handbook.pages[system].title()));
                (self.title(stop.what), format!("{}{instead}", self.chain(&stop.chain)))
            });
            let rows: Vec<Row> = rows.collect();
            self.layout.table(&rows);
        }
        if !dependents.processes.is_empty() {
            self.layout.heading("Processes that stop");
            let rows = dependents.processes.iter().map(|stop| {
                let process = stop.what.page();
                let steps: Vec<StepIx> = dependents.steps_of(process).collect();
                let steps = if steps.is_empty() { String::new() } else { format!("\nat {}", self.step_titles(&steps)) };
                (self.process_title(process), format!("{}{steps}", self.chain(&stop.chain)))
            });
            let rows: Vec<Row> = rows.collect();
            self.layout.table(&rows);
        }
        let whole = |page: PageIx| dependents.processes.iter().any(|stop| stop.what.page() == page) || page == failed;
        let rest: Vec<&Stop> = dependents.steps.iter().filter(|stop| !whole(stop.what.page())).collect();
        self.steps_by_process("Processes that go on, but for these steps", &rest);
        self.closed(&dependents.closed);
        self.cut(&dependents.cut);
        if !dependents.handbook.is_empty() {
            self.layout.heading("This handbook");
            let copy = match handbook.settings.offline_copy {
                true => "open the offline copy, handbook.zip",
                false => "and there is no offline copy",
            };
            self.layout.lines("  ", &format!("cannot be read: {}; {copy}", self.chain(&dependents.handbook)));
        }
        self.blind(&dependents.blind);
        self.steps_by_process("Steps that must not begin: one that they require stops", &dependents.held.iter().collect::<Vec<_>>());
        self.steps_by_process("Automated steps whose signal is gone", &dependents.misled.iter().collect::<Vec<_>>());
        let hampered: Vec<&Stop> = dependents.hampered.iter().filter(|stop| stop.what.page() != failed).collect();
        self.steps_by_process("Steps that go on and miss it", &hampered);
        if !dependents.renews.is_empty() {
            self.layout.heading("Systems that it renews");
            let rows = dependents.renews.iter().map(|system| {
                let expires = handbook.pages[*system].system_keys().and_then(|keys| keys.expires.as_ref());
                let until = match expires.map(|expires| &expires.value) {
                    Some(Expiry::On(day)) => format!("good until {day}"),
                    _ => handbook.pages[*system].id.clone(),
                };
                (self.title(Target::Page(*system)), until)
            });
            let rows: Vec<Row> = rows.collect();
            self.layout.table(&rows);
        }
    }

    fn closed(&mut self, closed: &[Way]) {
        let (open, shut): (Vec<&Way>, Vec<&Way>) = closed.iter().partition(|way| way.second == WayAround::Open);
        for (heading, ways) in
            [("Ways back from other failures that are closed now", shut), ("Ways back of which only the second is open", open)]
        {
            if ways.is_empty() {
                continue;
            }
            self.layout.heading(heading);
            let rows = ways.iter().map(|way| (self.mode_title(way.mode), self.chain(&way.chain)));
            let rows: Vec<Row> = rows.collect();
            self.layout.table(&rows);
        }
    }

    fn blind(&mut self, blind: &[Blind]) {
        let (partly, wholly): (Vec<&Blind>, Vec<&Blind>) = blind.iter().partition(|blind| !blind.left.is_empty());
        if blind.is_empty() {
            return;
        }
        self.layout.heading("Signals of other failures that do not arrive now");
        let rows = wholly.iter().map(|blind| {
            let chains: Vec<String> = blind.lost.iter().map(|stop| self.chain(&stop.chain)).collect();
            (self.mode_title(blind.mode), chains.join("; "))
        });
        let rows: Vec<Row> = rows.collect();
        self.layout.table(&rows);
        match partly.len() {
            0 => {}
            1 => self.layout.lines("  ", "1 other comes on fewer ways than usual"),
            more => self.layout.lines("  ", &format!("{more} others come on fewer ways than usual")),
        }
    }

    fn cut(&mut self, cut: &[Cut]) {
        if cut.is_empty() {
            return;
        }
        self.layout.heading("People who are not reached as usual");
        let names = |pages: &[PageIx]| pages.iter().map(|page| self.handbook.pages[*page].title()).collect::<Vec<_>>().join(", ");
        let rows = cut.iter().map(|cut| {
            let lost: Vec<PageIx> = cut.lost.iter().map(|stop| stop.what.page()).collect();
            let how = match cut.left.is_empty() {
                true => format!("not at all (only by {})", names(&lost)),
                false => format!("by {}, not by {}", names(&cut.left), names(&lost)),
            };
            (self.title(Target::Page(cut.role)), how)
        });
        let rows: Vec<Row> = rows.collect();
        self.layout.table(&rows);
    }

    fn passage(&mut self, passage: &Passage, what: Target) {
        if !passage.behind.is_empty() {
            self.layout.heading("Steps behind it that are not reached");
            self.layout.lines("  ", &self.step_titles(&passage.behind));
        }
        if !passage.required_by.is_empty() {
            self.layout.heading("Steps that must not begin before it is done");
            self.layout.lines("  ", &self.step_ids(&passage.required_by, what));
        }
        if !passage.entered_from.is_empty() {
            self.layout.heading("Steps that lead into it");
            let rows = passage.entered_from.iter().map(|entry| (self.title(Target::Step(entry.from)), entrance(entry.as_).to_owned()));
            let rows: Vec<Row> = rows.collect();
            self.layout.table(&rows);
        }
        for (heading, modes) in
            [("Ways back that lead over it", &passage.ways_back), ("Second ways back that lead over it", &passage.second_ways)]
        {
            self.modes(heading, modes);
        }
    }

    fn absence(&mut self, absence: &Absence) {
        self.modes("Ways back that it goes", &absence.recoveries);
        self.modes("Ways back on which it does a step", &absence.helps);
        self.modes("Calls for help that end here", &absence.escalations);
        if !absence.steps.is_empty() {
            self.layout.heading("Steps that wait");
            let mut processes: Vec<PageIx> = absence.steps.iter().map(|step| step.page).collect();
            processes.dedup();
            processes.sort_by_key(|process| (std::cmp::Reverse(self.handbook.pages[*process].criticality()), *process));
            let rows = processes.into_iter().map(|process| {
                let steps: Vec<StepIx> = absence.steps.iter().copied().filter(|step| step.page == process).collect();
                (self.process_title(process), self.step_titles(&steps))
            });
            let rows: Vec<Row> = rows.collect();
            self.layout.table(&rows);
        }
        for (heading, pages) in [("Roles for which it steps in", &absence.backs_up), ("Pages that it owns", &absence.owns)] {
            if !pages.is_empty() {
                self.layout.heading(heading);
                let titles: Vec<&str> = pages.iter().map(|page| self.handbook.pages[*page].title()).collect();
                self.layout.lines("  ", &listed(&titles, pages.len()));
            }
        }
        self.layout.heading("Who steps in");
        match absence.backup {
            Some(backup) => {
                let page = &self.handbook.pages[backup];
                let facts = facts(self.handbook, Target::Page(backup));
                self.layout
                    .lines("  ", &std::iter::once(format!("{} ({})", page.title(), page.id)).chain(facts).collect::<Vec<_>>().join(" · "));
            }
            None => self.layout.lines("  ", "nobody: the role names no backup"),
        }
    }

    fn strike(&mut self, strike: &Strike) {
        let handbook = self.handbook;
        if !strike.steps.is_empty() {
            self.layout.heading("Steps that it hits");
            let stops: Vec<Stop> = strike.steps.iter().map(|step| Stop { what: Target::Step(*step), chain: Vec::new() }).collect();
            self.by_process(&stops.iter().collect::<Vec<_>>());
        }
        if let Some(of) = strike.of {
            self.layout.heading("What fails");
            let page = &handbook.pages[of];
            self.layout.lines("  ", &format!("{}; `forewarn impact {}` shows everything that stops with it", page.title(), page.id));
        }
        if !strike.incidents.is_empty() {
            self.layout.heading("It came true");
            let rows = strike.incidents.iter().rev().map(|incident| {
                let page = &handbook.pages[*incident];
                let keys = page.incident_keys();
                let day = keys.and_then(|keys| keys.date.as_ref()).map_or_else(String::new, |date| date.value.to_string());
                let worked = keys.and_then(|keys| keys.recovery_worked.as_ref()).map_or("", |worked| match worked.value {
                    true => "; the way back worked",
                    false => "; the way back did not work",
                });
                (day, format!("{}{worked}", page.title()))
            });
            let rows: Vec<Row> = rows.collect();
            self.layout.table(&rows);
        }
    }

    /// The ways back, in full where they are few; then those who run the system, and what stands in for it.
    fn ways_back(&mut self, impact: &Impact) {
        let handbook = self.handbook;
        let what = impact.what;
        if impact.absence.is_some() {
            return;
        }
        if let Target::Step(step) = what {
            self.ways_out(&handbook.step(step));
        }
        let heading = match what {
            Target::Page(page) if handbook.pages[page].process().is_none() => "The way back",
            Target::Mode(_) => "The way back",
            Target::Page(_) => "Its failure modes, and the way back from each",
            _ => "What can hit it, and the way back",
        };
        self.layout.heading(heading);
        if impact.ways_back.is_empty() {
            self.layout.lines("  ", "nothing is declared: no page says how one notices, or what one does then");
        }
        let full = impact.ways_back.len() <= 6;
        if full {
            for (index, way) in impact.ways_back.iter().enumerate() {
                if index > 0 {
                    self.layout.out.push('\n');
                }
                self.way_back(way);
            }
        } else {
            let id = |way: &WayBack| handbook.id_of(Target::Mode(way.mode));
            let rows = impact.ways_back.iter().map(|way| (self.mode_title(way.mode), format!("{}\n{}", id(way), self.in_short(way))));
            let rows: Vec<Row> = rows.collect();
            self.layout.whole_table(&rows);
            self.layout.lines("  ", &format!("`forewarn impact {}` shows one of them in full", id(&impact.ways_back[0])));
        }
        if let (Target::Page(page), Some(_)) = (what, &impact.dependents) {
            self.those_who_run_it(page);
        }
    }

    /// What a step itself says about going on without it.
    fn ways_out(&mut self, step: &StepView<'_>) {
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, text: Option<String>| rows.extend(text.map(|text| (name.to_owned(), text)));
        let named = |target: Option<Target>| target.map(|target| self.path_part(target));
        add("take over", named(step.resolved.takeover));
        if let Some(facts) = step.facts() {
            add("stop it", named(step.resolved.abort).or_else(|| abort_text(facts).map(|text| spoken(&text))));
            let after = facts.timeout.as_ref().map_or_else(String::new, |timeout| format!("after {}: ", timeout.value.text));
            add("too long", named(step.resolved.on_timeout).map(|part| format!("{after}{part}")));
            add("undo", named(step.resolved.undo.map(Target::Step)));
            let retry = facts.retry.as_ref().map(|retry| match retry.value.0 {
                1 => "once".to_owned(),
                more => format!("{more} times"),
            });
            let twice = match facts.idempotent.as_ref().map(|idempotent| idempotent.value) {
                Some(true) => "; doing it twice does no harm",
                Some(false) => "; doing it twice does harm",
                None => "",
            };
            add("try again", retry.map(|retry| format!("{retry}{twice}")));
        } else {
            add("too long", named(step.resolved.on_timeout));
        }
        if !rows.is_empty() {
            self.layout.heading("The way out");
            self.layout.table(&rows);
        }
    }

    fn way_back(&mut self, way: &WayBack) {
        let handbook = self.handbook;
        let mode = handbook.mode(way.mode);
        let line = self.analysis.sources.position(mode.page.path(), mode.written.place.start()).line;
        let words: Vec<&str> = mode.severity().map(Severity::name).into_iter().chain(mode.state().map(|state| state.name())).collect();
        let words = if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) };
        self.layout.strong("  ", &format!("{}{words}", mode.written.title));
        self.layout.lines("    ", &format!("{}:{line}", mode.page.path()));
        let rows: Vec<(&str, Option<String>)> = vec![
            ("notice", notice(handbook, &mode)),
            ("decide", mode.decide().map(spoken)),
            ("do", self.way(&mode)),
            ("closed", (!way.closed.is_empty()).then(|| format!("{}; {}", self.chain(&way.closed), second(way.second)))),
            ("or", (!mode.resolved.alternative.is_empty()).then(|| self.path(&mode.resolved.alternative))),
            ("needs", (!mode.resolved.uses.is_empty()).then(|| ids(handbook, &mode.resolved.uses).join(", "))),
            ("who", who(handbook, &mode)),
            ("normal", mode.verify().map(spoken)),
            ("data", mode.recover().and_then(|table| said(&table.data)).map(spoken)),
            ("drilled", mode.has_recovery().then(|| drill::last(&mode).map_or_else(|| "never".to_owned(), |last| last.day.to_string()))),
        ];
        for (name, text) in rows {
            if let Some(text) = text {
                self.layout.row("    ", 9, name, &text);
            }
        }
        if !mode.has_recovery() {
            self.layout.row("    ", 9, "do", "nothing is written down");
        }
    }

    /// Whom to call about a system or process, and what stands in for it.
    fn those_who_run_it(&mut self, page: PageIx) {
        let at = &self.handbook.pages[page];
        let mut rows: Vec<(String, String)> = Vec::new();
        if let Some(keys) = at.system_keys() {
            rows.extend(said(&keys.contact).map(|contact| ("contact".to_owned(), spoken(contact))));
            rows.extend(keys.status_page.as_ref().map(|url| ("state".to_owned(), url.value.clone())));
            if let Kind::System(system) = &at.kind {
                let needs = &self.handbook.needs;
                let stands = |fallback: &Dependency| match needs.hangs_on(fallback.page, page) {
                    true => format!("{} (hangs on it: {})", self.handbook.pages[fallback.page].title(), {
                        self.chain(&chain::of_systems(self.handbook, fallback.page, page))
                    }),
                    false => format!("{} ({})", self.handbook.pages[fallback.page].title(), self.handbook.pages[fallback.page].id),
                };
                let fallback: Vec<String> = system.fallback.iter().map(stands).collect();
                rows.push(("instead".to_owned(), if fallback.is_empty() { "nothing is named".to_owned() } else { fallback.join(", ") }));
            }
            rows.extend(said(&keys.comeback).map(|comeback| ("then".to_owned(), spoken(comeback))));
        }
        if let Some(owner) = at.owner {
            let owner_page = &self.handbook.pages[owner];
            let facts = facts(self.handbook, Target::Page(owner));
            let owner = std::iter::once(owner_page.title().to_owned()).chain(facts).collect::<Vec<_>>().join(" · ");
            rows.insert(0, ("owner".to_owned(), owner));
        }
        if !rows.is_empty() {
            self.layout.heading(if at.process().is_some() { "Whom to ask" } else { "Whom to call, and what stands in for it" });
            self.layout.table(&rows);
        }
    }

    fn title(&self, target: Target) -> String {
        self.handbook.title_of(target).to_owned()
    }

    fn process_title(&self, process: PageIx) -> String {
        let page = &self.handbook.pages[process];
        let criticality = page.criticality();
        let more = match (page.status(), criticality) {
            (Status::Proposed, _) => " (proposed)".to_owned(),
            (_, Severity::Major | Severity::Critical) => format!(" ({criticality})"),
            _ => String::new(),
        };
        format!("{}{more}", page.title())
    }

    fn mode_title(&self, mode: ModeIx) -> String {
        let view = self.handbook.mode(mode);
        match view.severity() {
            Some(severity) if severity >= Severity::Major => format!("{} ({severity})", view.written.title),
            _ => view.written.title.clone(),
        }
    }

    /// `Steps to roll back → Re-run the pipeline → ci → sso`: titles of tracks and steps, ids of systems and processes.
    fn chain(&self, links: &[Target]) -> String {
        let name = |link: &Target| match link {
            Target::Page(_) => self.handbook.id_of(*link),
            link => self.title(*link),
        };
        links.iter().map(name).collect::<Vec<_>>().join(" → ")
    }

    /// `Migrate the schema, Run the canary and 3 more`.
    fn step_titles(&self, steps: &[StepIx]) -> String {
        let titles: Vec<String> = steps.iter().map(|step| self.title(Target::Step(*step))).collect();
        listed(&titles.iter().map(String::as_str).collect::<Vec<_>>(), NAMED)
    }

    /// Titles of steps, with their page where it is another.
    fn step_ids(&self, steps: &[StepIx], here: Target) -> String {
        let name = |step: &StepIx| match step.page == here.page() {
            true => self.title(Target::Step(*step)),
            false => format!("{} ({})", self.title(Target::Step(*step)), self.handbook.pages[step.page].title()),
        };
        let names: Vec<String> = steps.iter().map(name).collect();
        listed(&names.iter().map(String::as_str).collect::<Vec<_>>(), NAMED)
    }

    /// A part of a path with what one types to find it.
    fn path_part(&self, target: Target) -> String {
        format!("{} ({})", self.title(target), self.handbook.id_of(target))
    }

    fn path(&self, path: &[Target]) -> String {
        path.iter().map(|target| self.path_part(*target)).collect::<Vec<_>>().join(", then ")
    }

    /// The way back: its path and its words.
    fn way(&self, mode: &ModeView<'_>) -> Option<String> {
        let path = (!mode.resolved.path.is_empty()).then(|| self.path(&mode.resolved.path));
        let text = mode.recovery_text().map(spoken);
        let prose = (mode.written.prose.is_some() && text.is_none()).then(|| "As the page says below its heading".to_owned());
        let parts: Vec<String> = path.into_iter().chain(text).chain(prose).collect();
        (!parts.is_empty()).then(|| parts.join(". "))
    }

    /// A way back on one line.
    fn in_short(&self, way: &WayBack) -> String {
        let mode = self.handbook.mode(way.mode);
        match (&way.closed[..], self.way(&mode)) {
            ([], Some(text)) => text,
            ([], None) => "nothing is written down".to_owned(),
            (closed, _) => format!("closed: {}; {}", self.chain(closed), second(way.second)),
        }
    }

    fn modes(&mut self, heading: &str, modes: &[ModeIx]) {
        if !modes.is_empty() {
            self.layout.heading(heading);
            let rows = modes.iter().map(|mode| (self.mode_title(*mode), self.handbook.id_of(Target::Mode(*mode))));
            let rows: Vec<Row> = rows.collect();
            self.layout.table(&rows);
        }
    }

    fn steps_by_process(&mut self, heading: &str, stops: &[&Stop]) {
        if !stops.is_empty() {
            self.layout.heading(heading);
            self.by_process(stops);
        }
    }

    fn by_process(&mut self, stops: &[&Stop]) {
        let mut processes: Vec<PageIx> = stops.iter().map(|stop| stop.what.page()).collect();
        processes.dedup();
        processes.sort_by_key(|process| (std::cmp::Reverse(self.handbook.pages[*process].criticality()), *process));
        let rows = processes.into_iter().map(|process| {
            let steps = stops.iter().filter_map(|stop| match stop.what {
                Target::Step(step) if step.page == process => Some(step),
                _ => None,
            });
            (self.process_title(process), self.step_titles(&steps.collect::<Vec<_>>()))
        });
        let rows: Vec<Row> = rows.collect();
        self.layout.table(&rows);
    }
}
