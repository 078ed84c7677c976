//! What comes due, and on which day: reviews, drills, pre-mortem sessions, the ends of waivers, actions, and what expires.
//!
//! Enters: the handbook. Leaves: a list by day. Declared days only: a review is due one period after the last, and what was never done has no
//! day. Absent: whether that is overdue (the rules say it), and how it is shown.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;

use crate::model::{Handbook, Kind, ModeView, PageIx, Target};
use crate::parse::blocks::{Action, Waive};
use crate::parse::slug::slug;
use crate::parse::value::{Duration, Expiry, PageKind, Status, says_something};

use super::drill;

/// How long a pre-mortem session counts.
const SESSION: Duration = Duration { months: 12, seconds: 0 };

/// Something that comes due.
#[derive(Clone, Debug)]
pub struct Due<'h> {
    /// `what@element`, unique in a handbook; survives edits elsewhere and a new day.
    pub id: String,
    /// What it is.
    pub what: What<'h>,
    /// The day; nothing for what was never done.
    pub day: Option<Date>,
    /// What it is about: a page, track, step or failure mode.
    pub about: Target,
    /// The role that answers for it.
    pub role: Option<PageIx>,
}

/// What comes due.
#[derive(Clone, Copy, Debug)]
pub enum What<'h> {
    /// A process is read again as a whole; the day is that of the last review and one period.
    Review {
        /// The last time.
        last: Option<Date>,
    },
    /// A recovery is really done: of a failure mode, or of the tracks and processes that it is made of.
    Drill {
        /// The last time.
        last: Option<Date>,
    },
    /// A session imagines that a process has failed.
    Premortem {
        /// The last time.
        last: Option<Date>,
    },
    /// A waiver holds until this day.
    Waiver(&'h Waive),
    /// Something that is being done is to be ready.
    Action(&'h Action),
    /// A system stops working unless renewed.
    Expiry,
}

impl What<'_> {
    /// The word for it: `review`, `drill`, `pre-mortem`, `waiver`, `action`, `expiry`.
    pub fn name(&self) -> &'static str {
        match self {
            What::Review { .. } => "review",
            What::Drill { .. } => "drill",
            What::Premortem { .. } => "pre-mortem",
            What::Waiver(_) => "waiver",
            What::Action(_) => "action",
            What::Expiry => "expiry",
        }
    }
}

/// Everything that comes due, what was never done first, then by day, then by id. Retired processes wait.
pub fn due(handbook: &Handbook) -> Vec<Due<'_>> {
    let sessions = Sessions::of(handbook);
    let mut found = Vec::new();
    for page in (0..handbook.pages.len()).filter(|page| !waits(handbook, *page)) {
        found.extend(review(handbook, page));
        found.extend(sessions.due(handbook, page));
        found.extend(drills(handbook, page));
        found.extend(waivers(handbook, page));
        found.extend(actions(handbook, page));
        found.extend(expiry(handbook, page));
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    number(&mut found);
    found.sort_by(|a, b| (a.day, &a.id).cmp(&(b.day, &b.id)));
    found
}

/// Whether a page is a retired process, or tells of one.
fn waits(handbook: &Handbook, page: PageIx) -> bool {
    let of = match &handbook.pages[page].kind {
        Kind::Incident(incident) => incident.process,
        _ => Some(page),
    };
    of.is_some_and(|page| handbook.pages[page].status() == Status::Retired)
}

/// Ids that are still equal get `~2`, `~3`.
fn number(found: &mut [Due<'_>]) {
    let mut given: HashMap<String, usize> = HashMap::new();
    for due in found {
        let count = given.entry(due.id.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            due.id = format!("{}~{count}", due.id);
        }
    }
}

fn review(handbook: &Handbook, page: PageIx) -> Option<Due<'_>> {
    let at = &handbook.pages[page];
    let keys = at.process_keys()?;
    let last = match &keys.review {
        Some(review) if review.last.is_none() && review.has("last") => return None,
        None if keys.has("review") => return None,
        review => review.as_ref().and_then(|review| review.last.as_ref()).map(|last| last.value),
    };
    let day = last.map(|last| drill::review_period(handbook, at).after(last));
    Some(Due { id: format!("review@{}", at.id), what: What::Review { last }, day, about: Target::Page(page), role: at.owner })
}

/// The last pre-mortem session of each process, as far as the records can be read.
struct Sessions {
    last: HashMap<PageIx, Date>,
    /// The processes with a record whose day cannot be read.
    undated: HashSet<PageIx>,
    /// Whether a record names no process that there is: it may be the session of any.
    unknown: bool,
}

impl Sessions {
    fn of(handbook: &Handbook) -> Self {
        let mut sessions = Self { last: HashMap::new(), undated: HashSet::new(), unknown: false };
        for page in handbook.of_kind(PageKind::Premortem).map(|page| &handbook.pages[page]) {
            let (Kind::Premortem(record), Some(keys)) = (&page.kind, page.premortem_keys()) else { continue };
            match (record.process, &keys.date) {
                (None, _) => sessions.unknown = true,
                (Some(process), None) => drop(sessions.undated.insert(process)),
                // What is dated after today has not happened.
                (Some(_), Some(date)) if date.value > handbook.today => {}
                (Some(process), Some(date)) => {
                    let last = sessions.last.entry(process).or_insert(date.value);
                    *last = date.value.max(*last);
                }
            }
        }
        sessions
    }

    fn due<'h>(&self, handbook: &'h Handbook, page: PageIx) -> Option<Due<'h>> {
        let at = &handbook.pages[page];
        let last = self.last.get(&page).copied();
        if !at.is_serious() || self.undated.contains(&page) || (last.is_none() && self.unknown) {
            return None;
        }
        let day = last.map(|last| SESSION.after(last));
        Some(Due { id: format!("pre-mortem@{}", at.id), what: What::Premortem { last }, day, about: Target::Page(page), role: at.owner })
    }
}

/// The drills that serious failure modes owe: one for each track or process under `[drills]` however many modes it leads out of, else one for
/// the mode.
fn drills(handbook: &Handbook, page: PageIx) -> Vec<Due<'_>> {
    let at = &handbook.pages[page];
    let period = drill::review_period(handbook, at);
    let due = |part: String, last: Option<Date>, about: Target, role: Option<PageIx>| Due {
        id: format!("drill@{part}"),
        what: What::Drill { last },
        day: last.map(|last| period.after(last)),
        about,
        role: role.or(at.owner),
    };
    let owes = |mode: &ModeView<'_>| mode.is_serious() && mode.has_recovery() && !mode.recovery_has_unreadable("drilled");
    let mut found = Vec::new();
    let mut shared: BTreeMap<Target, Option<Date>> = BTreeMap::new();
    for mode in handbook.modes(page).filter(owes) {
        match drill::shared(&mode) {
            [] => {
                let about = Target::Mode(mode.at);
                let last = drill::last(&mode).map(|last| last.day);
                found.push(due(handbook.id_of(about), last, about, mode.resolved.by.or(mode.resolved.owner)));
            }
            paths => shared.extend(paths.iter().map(|path| (*path, drill::last_of(at, *path)))),
        }
    }
    let paths = shared.into_iter().map(|(path, last)| {
        let id = handbook.id_of(path);
        let part = if matches!(path, Target::Track(of, _) if of == page) { id } else { format!("{}/{id}", at.id) };
        due(part, last, path, None)
    });
    found.extend(paths);
    found
}

fn waivers(handbook: &Handbook, page: PageIx) -> Vec<Due<'_>> {
    let at = &handbook.pages[page];
    let front = at.document.front.page.waive.iter().map(|waive| (Target::Page(page), waive));
    let steps = handbook.steps(page).flat_map(|step| step.waives().iter().map(move |waive| (Target::Step(step.at), waive)));
    let modes = handbook.modes(page).flat_map(|mode| mode.facts().waive.iter().map(move |waive| (Target::Mode(mode.at), waive)));
    let mut found = Vec::new();
    for (about, waive) in front.chain(steps).chain(modes) {
        if let (Some(rule), Some(until)) = (&waive.rule, &waive.until) {
            let id = format!("waiver@{}/{}", handbook.id_of(about), rule.value);
            found.push(Due { id, what: What::Waiver(waive), day: Some(until.value), about, role: at.owner });
        }
    }
    found
}

fn actions(handbook: &Handbook, page: PageIx) -> Vec<Due<'_>> {
    let at = &handbook.pages[page];
    let modes = handbook.modes(page).flat_map(|mode| {
        let owners = mode.resolved.action_owners.iter().map(move |owner| owner.or(mode.resolved.owner));
        mode.actions().iter().zip(owners).map(move |(action, owner)| (Target::Mode(mode.at), action, owner))
    });
    let of_incident = match (&at.kind, at.incident_keys()) {
        (Kind::Incident(incident), Some(keys)) => keys.action.iter().zip(&incident.action_owners).collect(),
        _ => Vec::new(),
    };
    let of_incident = of_incident.into_iter().map(|(action, owner)| (Target::Page(page), action, *owner));
    let open = modes.chain(of_incident).filter(|(_, action, _)| !action.has("done"));
    open.filter_map(|(about, action, owner)| {
        let day = action.due.as_ref()?.value;
        let words = action.what.as_ref().map(|what| what.value.0.as_str()).filter(|what| says_something(what));
        let part = words.map(slug).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "action".to_owned());
        let id = format!("action@{}/{part}", handbook.id_of(about));
        Some(Due { id, what: What::Action(action), day: Some(day), about, role: owner.or(at.owner) })
    })
    .collect()
}

fn expiry(handbook: &Handbook, page: PageIx) -> Option<Due<'_>> {
    let at = &handbook.pages[page];
    let expires = at.system_keys()?.expires.as_ref()?;
    let Expiry::On(day) = expires.value else { return None };
    let renewer = match &at.kind {
        Kind::System(system) => system.renewed_by.and_then(|process| handbook.pages[process].owner),
        _ => None,
    };
    let about = Target::Page(page);
    Some(Due { id: format!("expiry@{}", at.id), what: What::Expiry, day: Some(day), about, role: at.owner.or(renewer) })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{self, Drafts, Parts};
    use crate::parse::parse;
    use crate::settings::Settings;
    use crate::source::{PagePath, Source};

    /// What comes due in a handbook of these pages, as `id day`.
    fn found(pages: &[(&str, &str)]) -> Vec<String> {
        let settings = Arc::new(Settings::default());
        let rules = settings.parse_rules();
        let source = |(path, text): &(&str, &str)| Source::new(PagePath::new(format!("content/{path}.md")), text);
        let documents = pages.iter().map(|page| Arc::new(parse(&source(page), &rules))).collect();
        let today = jiff::civil::date(2026, 11, 20);
        let (handbook, _) = model::build(Parts { settings, documents, assets: Vec::new(), today, drafts: Drafts::Out });
        let day = |due: &Due<'_>| due.day.map_or_else(|| "never".to_owned(), |day| day.to_string());
        due(&handbook).iter().map(|due| format!("{} {}", due.id, day(due))).collect()
    }

    fn page(front: &str, rest: &str) -> String {
        format!("```page\n{front}\n```\n\n{rest}\n")
    }

    fn mode(title: &str, recover: &str) -> String {
        format!("```failure\nclass = \"technical\"\ntitle = \"{title}\"\nseverity = \"major\"\n{recover}\n```\n\n")
    }

    #[test]
    fn what_was_never_done_comes_first_without_a_day() {
        let process = page("kind = \"process\"\ntitle = \"A\"\ncriticality = \"major\"", &mode("x", "recover = \"Restore it.\""));
        assert_eq!(found(&[("a", &process)]), ["drill@a#x never", "pre-mortem@a never", "review@a never"]);
    }

    #[test]
    fn a_day_that_cannot_be_read_is_not_never() {
        let process = page(
            "kind = \"process\"\ntitle = \"A\"\ncriticality = \"major\"\nreview = { last = \"soon\" }",
            &mode("x", "recover = { text = \"Restore it.\", drilled = \"once\" }"),
        );
        let record = page("kind = \"premortem\"\ntitle = \"P\"\nprocess = \"a\"\ndate = \"soon\"", "");
        assert_eq!(found(&[("a", &process), ("p", &record)]), [""; 0]);
        let elsewhere = page("kind = \"premortem\"\ntitle = \"P\"\nprocess = \"b\"\ndate = 2026-11-01", "");
        assert_eq!(found(&[("a", &process), ("p", &elsewhere)]), [""; 0], "a record of nobody knows which process");
    }

    #[test]
    fn modes_that_share_a_way_back_share_its_drill() {
        let both = mode("x", "recover = { path = [\"#steps-back\"] }") + &mode("y", "recover = { path = [\"#steps-back\", \"other\"] }");
        let process = page(
            "kind = \"process\"\ntitle = \"A\"\nreview = { every = \"1 month\", last = 2026-10-31 }\ndrills = { \"steps-back\" = 2026-01-31 }",
            &format!("## Steps\n\n1. One\n\n## Steps back\n\n1. Two\n\n## What fails\n\n{both}"),
        );
        let other = page("kind = \"process\"\ntitle = \"Other\"\nstatus = \"retired\"", "## Steps\n\n1. One");
        assert_eq!(
            found(&[("a", &process), ("other", &other)]),
            ["drill@a/other never", "drill@a#steps-back 2026-02-28", "review@a 2026-11-30"]
        );
    }

    #[test]
    fn the_last_session_counts_and_one_to_come_does_not() {
        let process = page("kind = \"process\"\ntitle = \"A\"\ncriticality = \"critical\"\nreview = { last = 2026-11-01 }", "");
        let record = |day: &str| page(&format!("kind = \"premortem\"\ntitle = \"P\"\nprocess = \"a\"\ndate = {day}"), "");
        let pages = [("a", process), ("p1", record("2025-02-01")), ("p2", record("2026-02-28")), ("p3", record("2027-01-01"))];
        let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (*path, text.as_str())).collect();
        assert_eq!(found(&pages), ["pre-mortem@a 2027-02-28", "review@a 2027-04-30"]);
    }

    #[test]
    fn what_is_done_or_waits_is_not_due() {
        let actions = "[[action]]\nwhat = \"x\"\ndue = 2026-12-01\ndone = 2026-11-01\n\n[[action]]\nwhat = \"y\"\n\n[[action]]\nwhat = \"…\"\ndue = 2026-12-02\n";
        let incident = |process: &str| {
            page(&format!("kind = \"incident\"\ntitle = \"I\"\ndate = 2026-10-01\nprocess = \"{process}\"\n\n{actions}"), "")
        };
        let retired =
            page("kind = \"process\"\ntitle = \"Old\"\nstatus = \"retired\"\ncriticality = \"critical\"", &mode("x", "recover = \"R.\""));
        let process = page("kind = \"process\"\ntitle = \"A\"", "");
        let pages = [("a", process), ("i", incident("a")), ("j", incident("old")), ("old", retired)];
        let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (*path, text.as_str())).collect();
        assert_eq!(found(&pages), ["review@a never", "action@i/action 2026-12-02"]);
    }
}
