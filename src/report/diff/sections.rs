//! What changed, in words: sections of items, before they are drawn for a terminal or as Markdown. What got worse comes first.

use std::collections::HashSet;

use crate::compare::{
    Change, ChangedRecovery, Changes, Failure, Field, FieldChange, Found, Gap, NamedPage, Pages, Rated, RemovedRecovery, Renamed,
    SignedWaiver, Spot, Terms,
};

use super::Detail;
use super::verdict::is_rise;

/// Characters of somebody's text that are quoted.
const QUOTED: usize = 160;

/// A heading with what stands under it.
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// The items.
    pub items: Vec<Item>,
}

/// Something that changed.
pub struct Item {
    /// Whether it came, went or changed.
    pub mark: char,
    /// The same in a word.
    pub word: &'static str,
    /// Whether that is good.
    pub tone: Tone,
    /// What it is.
    pub line: Vec<Piece>,
    /// More about it.
    pub more: Vec<Vec<Piece>>,
}

/// Whether a change is good, as far as one can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// There is less to hold on to.
    Worse,
    /// There is more.
    Better,
    /// Nobody can say.
    Neutral,
}

/// A piece of a line.
pub enum Piece {
    /// Words of ours.
    Ours(String),
    /// An id, a key or a value.
    Code(String),
    /// A line of a file.
    Place(String),
    /// Somebody's text.
    Words(String),
    /// The first line of a finding: words of ours with names in backticks.
    Message(String),
}

use Piece::{Code, Message, Words};

fn ours(text: &str) -> Piece {
    Piece::Ours(text.to_owned())
}

/// Every section that has something to say.
pub fn sections(changes: &Changes<'_>, detail: Detail) -> Vec<Section> {
    let all = [
        ("Recoveries", recoveries(changes)),
        ("Failure modes", failures(changes)),
        ("New gaps", new_gaps(changes, detail)),
        ("New findings", new_findings(changes, detail)),
        ("Levels in the settings", levels(changes)),
        ("Priorities", priorities(changes)),
        ("Waivers", waivers(changes)),
        ("Blast radius", blast(changes)),
        ("Pages", pages(changes)),
        ("Steps", steps(changes)),
        ("Closed gaps", closed_gaps(changes, detail)),
        ("Closed findings", closed_findings(changes, detail)),
    ];
    all.into_iter().map(|(title, items)| Section { title, items }).filter(|section| !section.items.is_empty()).collect()
}

/// Whether a gap or finding of this level is spoken of.
pub fn is_shown(level: Option<&str>, detail: Detail) -> bool {
    detail == Detail::Full || matches!(level, Some("error" | "warning"))
}

/// How many gaps and findings came or went that are not spoken of.
pub fn hidden(changes: &Changes<'_>, detail: Detail) -> usize {
    let gaps = changes.gaps.new.iter().map(|gap| gap.gap.level).chain(changes.gaps.closed.iter().map(|gap| gap.gap.level));
    let new = changes.findings.new.iter().map(|finding| Some(finding.found.level));
    let closed = changes.findings.closed.iter().map(|finding| Some(finding.found.level));
    gaps.chain(new).chain(closed).filter(|level| !is_shown(*level, detail)).count()
}

fn recoveries(changes: &Changes<'_>) -> Vec<Item> {
    let removed = |recovery: &RemovedRecovery<'_>| {
        let mut more = vec![vec![ours("nothing says the way back any more, "), place(recovery.spot)]];
        more.extend(recovery.recovery.iter().filter(|field| field.field != "steps").map(was));
        Item { mark: '-', word: "removed", tone: Tone::Worse, line: named(&recovery.id, recovery.title), more }
    };
    let changed = |recovery: &ChangedRecovery<'_>| {
        let loses = recovery.fields.iter().any(FieldChange::is_loss);
        let mut more = vec![vec![place(recovery.spot)]];
        more.extend(recovery.fields.iter().flat_map(change));
        Item {
            mark: '~',
            word: if loses { "lessened" } else { "changed" },
            tone: if loses { Tone::Worse } else { Tone::Neutral },
            line: named(&recovery.id, recovery.title),
            more,
        }
    };
    let added = |recovery: &RemovedRecovery<'_>| {
        let more = vec![vec![place(recovery.spot)]];
        Item { mark: '+', word: "added", tone: Tone::Better, line: named(&recovery.id, recovery.title), more }
    };
    let recoveries = &changes.recoveries;
    let worse = recoveries.removed.iter().map(removed).chain(recoveries.changed.iter().map(changed));
    worse.chain(recoveries.added.iter().map(added)).collect()
}

/// What a way back that is gone was made of.
fn was(field: &Field) -> Vec<Piece> {
    let mut line = vec![Code(field.field.to_owned()), ours(" was: ")];
    line.extend(values(field.field, &field.value));
    line
}

/// What changed in one field of a way back, each change on a line of its own.
fn change(change: &FieldChange) -> Vec<Vec<Piece>> {
    let FieldChange { field, before, after } = change;
    let key = || Code((*field).to_owned());
    let line = |words: &str, value: &[String]| [vec![key(), ours(words)], values(field, value)].into_iter().flatten().collect();
    if after.is_empty() {
        return vec![line(" is gone, was: ", before)];
    }
    if before.is_empty() {
        return vec![line(" is new: ", after)];
    }
    if is_ids(field) {
        let only = |list: &[String], other: &[String]| list.iter().filter(|id| !other.contains(id)).cloned().collect::<Vec<_>>();
        let (gone, new) = (only(before, after), only(after, before));
        let lines = [(" no longer has ", gone), (" now has ", new)].into_iter().filter(|(_, ids)| !ids.is_empty());
        let lines: Vec<Vec<Piece>> = lines.map(|(words, ids)| line(words, &ids)).collect();
        return if lines.is_empty() { vec![line(" has another order: ", after)] } else { lines };
    }
    vec![[line(": ", before), vec![ours(" → ")], values(field, after)].into_iter().flatten().collect()]
}

/// Whether a field of a way back holds ids.
fn is_ids(field: &str) -> bool {
    matches!(field, "path" | "steps" | "uses" | "alternative" | "alternative_uses")
}

fn values(field: &str, values: &[String]) -> Vec<Piece> {
    if is_ids(field) || field == "by" {
        return ids(values.iter().map(String::as_str));
    }
    values.iter().map(|value| Words(cut(value))).collect()
}

fn failures(changes: &Changes<'_>) -> Vec<Item> {
    let removed = |failure: &Failure<'_>| {
        let words = if failure.recovery { "gone with its recovery, " } else { "it had no recovery, " };
        let more = vec![vec![ours(words), ours("was "), place(failure.spot)]];
        Item { mark: '-', word: "removed", tone: Tone::Worse, line: named(&failure.id, failure.title), more }
    };
    let added = |failure: &Failure<'_>| {
        let class = failure.class.map_or_else(Vec::new, |class| vec![ours("class "), Words(class.to_owned()), ours(", ")]);
        let words = format!("priority {}, {} recovery, ", failure.priority, if failure.recovery { "with a" } else { "without a" });
        let more = vec![[class, vec![Piece::Ours(words), place(failure.spot)]].into_iter().flatten().collect()];
        Item { mark: '+', word: "added", tone: Tone::Better, line: named(&failure.id, failure.title), more }
    };
    let renamed = |renamed: &Renamed| Item {
        mark: '~',
        word: "renamed",
        tone: Tone::Neutral,
        line: vec![Code(renamed.before.clone()), ours(" is "), Code(renamed.after.clone()), ours(" now, all else as it was")],
        more: Vec::new(),
    };
    let failures = &changes.failures;
    let gone = failures.removed.iter().map(removed).chain(failures.renamed.iter().map(renamed));
    gone.chain(failures.added.iter().map(added)).collect()
}

fn new_gaps(changes: &Changes<'_>, detail: Detail) -> Vec<Item> {
    let shown = changes.gaps.new.iter().filter(|gap| is_shown(gap.gap.level, detail));
    let item = |gap: &Gap<'_>, was: Option<&str>| {
        let before = match was {
            Some("met") => "was answered before, ",
            Some("waived") => "was waived before, ",
            Some("not_applicable") => "did not apply before, ",
            _ => "",
        };
        let line = gap.message.map_or_else(|| vec![Code(gap.id.clone())], |message| vec![Message(message.to_owned())]);
        Item { mark: '+', word: word(gap.level), tone: Tone::Worse, line, more: vec![about(before, gap.spot, &gap.id)] }
    };
    shown.map(|gap| item(&gap.gap, gap.was)).collect()
}

fn closed_gaps(changes: &Changes<'_>, detail: Detail) -> Vec<Item> {
    let shown = changes.gaps.closed.iter().filter(|gap| is_shown(gap.gap.level, detail));
    let item = |gap: &Gap<'_>, now: Option<&str>| {
        let (word, tone) = match now {
            Some("met") => ("answered", Tone::Better),
            Some("waived") => ("waived", Tone::Neutral),
            Some("not_applicable") => ("does not apply", Tone::Neutral),
            _ => ("gone", Tone::Neutral),
        };
        Item { mark: '-', word, tone, line: vec![Code(gap.id.clone())], more: Vec::new() }
    };
    shown.map(|gap| item(&gap.gap, gap.now)).collect()
}

fn new_findings(changes: &Changes<'_>, detail: Detail) -> Vec<Item> {
    let shown = changes.findings.new.iter().filter(|finding| is_shown(Some(finding.found.level), detail));
    let item = |found: &Found<'_>, was: Option<&str>| {
        let before = if was.is_some() { "was waived before, " } else { "" };
        let line = vec![Message(found.message.to_owned())];
        Item { mark: '+', word: word(Some(found.level)), tone: Tone::Worse, line, more: vec![about(before, Some(found.spot), found.id)] }
    };
    shown.map(|finding| item(&finding.found, finding.was)).collect()
}

fn closed_findings(changes: &Changes<'_>, detail: Detail) -> Vec<Item> {
    let shown = changes.findings.closed.iter().filter(|finding| is_shown(Some(finding.found.level), detail));
    let item = |found: &Found<'_>, now: Option<&str>| {
        let (word, tone) = match now {
            Some("waived") => ("waived", Tone::Neutral),
            Some("off") => ("turned off", Tone::Worse),
            _ => ("mended", Tone::Better),
        };
        Item { mark: '-', word, tone, line: vec![Code(found.id.to_owned())], more: Vec::new() }
    };
    shown.map(|finding| item(&finding.found, finding.now)).collect()
}

/// What was before, where it stands, and by which id it is known.
fn about(before: &str, spot: Option<Spot<'_>>, id: &str) -> Vec<Piece> {
    let mut line = vec![ours(before)];
    if let Some(spot) = spot {
        line.extend([place(spot), ours(", ")]);
    }
    line.push(Code(id.to_owned()));
    line
}

fn word(level: Option<&str>) -> &'static str {
    match level {
        Some("error") => "error",
        Some("warning") => "warning",
        Some(_) => "info",
        None => "off",
    }
}

fn levels(changes: &Changes<'_>) -> Vec<Item> {
    let item = |level: &crate::compare::ChangedLevel<'_>| {
        let off = level.after == Some("off");
        let words = |level: Option<&str>| level.unwrap_or("not set").to_owned();
        Item {
            mark: '~',
            word: if off { "turned off" } else { "changed" },
            tone: if off { Tone::Worse } else { Tone::Neutral },
            line: vec![Code(level.name.to_owned()), Piece::Ours(format!(": {} → {}", words(level.before), words(level.after)))],
            more: Vec::new(),
        }
    };
    changes.levels.iter().map(item).collect()
}

fn priorities(changes: &Changes<'_>) -> Vec<Item> {
    let item = |rated: &Rated| {
        let (word, tone) = match () {
            () if rated.before == rated.after => ("as it was", Tone::Neutral),
            () if is_rise(rated.before, rated.after) => ("raised", Tone::Worse),
            () => ("lowered", Tone::Better),
        };
        let why = [("severity", rated.severity), ("likelihood", rated.likelihood), ("detection", rated.detection)];
        let why = why.iter().filter_map(|(what, change)| change.map(|Change { before, after }| format!("{what} {before} → {after}")));
        let why = why.collect::<Vec<_>>().join(", ");
        let priority = if rated.before == rated.after {
            format!("priority stays {}: {why}", rated.after)
        } else {
            format!("priority {} → {}: {why}", rated.before, rated.after)
        };
        Item { mark: '~', word, tone, line: named(&rated.id, &rated.title), more: vec![vec![Piece::Ours(priority)]] }
    };
    changes.priorities.iter().chain(&changes.ratings).map(item).collect()
}

fn waivers(changes: &Changes<'_>) -> Vec<Item> {
    let item = |waiver: &SignedWaiver<'_>, mark: char, word: &'static str, tone: Tone| {
        let mut more = vec![signature(&waiver.terms)];
        more.extend(waiver.terms.reason.map(|reason| vec![ours("reason: "), Words(cut(reason))]));
        let line = vec![Code(waiver.rule.to_owned()), ours(" on "), Code(waiver.element.clone()), ours(", "), place(waiver.spot)];
        Item { mark, word, tone, line, more }
    };
    let waivers = &changes.waivers;
    let expired = waivers.expired.iter().map(|waiver| item(waiver, '-', "expired", Tone::Worse));
    let added = waivers.added.iter().map(|waiver| item(waiver, '+', "added", Tone::Neutral));
    let changed = waivers.changed.iter().map(|changed| {
        let mut shown = item(&changed.waiver, '~', "changed", Tone::Neutral);
        let mut before = vec![ours("before: ")];
        before.extend(signature(&changed.before));
        shown.more.insert(1, before);
        shown
    });
    let removed = waivers.removed.iter().map(|waiver| item(waiver, '-', "removed", Tone::Neutral));
    expired.chain(added).chain(changed).chain(removed).collect()
}

/// Who signed, and until when.
fn signature(terms: &Terms<'_>) -> Vec<Piece> {
    let mut line = match terms.by {
        Some(by) => vec![ours("signed by "), Words(cut(by))],
        None => vec![ours("signed by nobody")],
    };
    line.push(Piece::Ours(terms.until.map_or_else(|| ", without an end".to_owned(), |until| format!(", until {until}"))));
    line
}

fn blast(changes: &Changes<'_>) -> Vec<Item> {
    let item = |blast: &crate::compare::Blast<'_>| {
        let part = |words: &str, list: &[&str]| [vec![ours(words)], ids(list.iter().copied())].into_iter().flatten().collect::<Vec<_>>();
        let when = vec![ours("when "), Code(blast.id.to_owned()), ours(" fails, it ")];
        let gained = (!blast.gained.is_empty()).then(|| part("now takes along ", &blast.gained));
        let grown = gained.is_some();
        let mut parts = gained.into_iter().chain((!blast.lost.is_empty()).then(|| part("no longer takes along ", &blast.lost)));
        Item {
            mark: '~',
            word: if grown { "grown" } else { "shrunk" },
            tone: if grown { Tone::Worse } else { Tone::Better },
            line: when.into_iter().chain(parts.next().into_iter().flatten()).collect(),
            more: parts.collect(),
        }
    };
    changes.blast_radius.iter().map(item).collect()
}

fn pages(changes: &Changes<'_>) -> Vec<Item> {
    let kinds: [(&str, &Pages<'_>); 5] = [
        ("process", &changes.processes.pages),
        ("system", &changes.systems),
        ("role", &changes.roles),
        ("incident", &changes.incidents),
        ("pre-mortem", &changes.premortems),
    ];
    let line = |kind: &str, page: &NamedPage<'_>| {
        [vec![Piece::Ours(format!("{kind} "))], named(page.id, page.title)].into_iter().flatten().collect()
    };
    let holds = |page: &NamedPage<'_>| {
        let parts = [(page.steps, "step"), (page.failures, "failure mode")];
        let parts: Vec<String> =
            parts.iter().filter(|(number, _)| *number > 0).map(|(number, noun)| super::super::summary::counted(*number, noun)).collect();
        (!parts.is_empty()).then(|| vec![Piece::Ours(parts.join(", "))])
    };
    let item = |kind: &str, page: &NamedPage<'_>, mark, word, tone| Item {
        mark,
        word,
        tone,
        line: line(kind, page),
        more: holds(page).into_iter().collect(),
    };
    let mut items: Vec<Item> = changes.processes.changed.iter().map(changed_process).collect();
    for (kind, pages) in kinds {
        items.extend(pages.removed.iter().map(|page| item(kind, page, '-', "removed", Tone::Neutral)));
    }
    for (kind, pages) in kinds {
        items.extend(pages.renamed.iter().map(|renamed| Item {
            mark: '~',
            word: "renamed",
            tone: Tone::Neutral,
            line: vec![
                Piece::Ours(format!("{kind} ")),
                Code(renamed.before.clone()),
                ours(" is "),
                Code(renamed.after.clone()),
                ours(" now, with the same text"),
            ],
            more: vec![vec![Code(format!("id = \"{}\"", renamed.before)), ours(" would keep its id for whatever refers to it")]],
        }));
    }
    for (kind, pages) in kinds {
        items.extend(pages.added.iter().map(|page| item(kind, page, '+', "added", Tone::Neutral)));
    }
    items
}

fn changed_process(process: &crate::compare::ChangedProcess<'_>) -> Item {
    let status = process.status.map(|Change { before, after }| {
        let owes = match (before, after) {
            (_, "retired") => ": it owes no answers any more",
            ("retired", _) => ": it owes answers again",
            (_, "proposed") => ": its findings are infos now",
            _ => "",
        };
        vec![Piece::Ours(format!("status {before} → {after}{owes}"))]
    });
    let criticality = process.criticality.map(|Change { before, after }| vec![Piece::Ours(format!("criticality {before} → {after}"))]);
    let retired = process.status.is_some_and(|status| status.after == "retired");
    Item {
        mark: '~',
        word: "changed",
        tone: if retired { Tone::Worse } else { Tone::Neutral },
        line: vec![ours("process "), Code(process.id.to_owned())],
        more: status.into_iter().chain(criticality).collect(),
    }
}

/// The steps that came and went on pages that stayed.
fn steps(changes: &Changes<'_>) -> Vec<Item> {
    let of = |list: &[String], pages: &[NamedPage<'_>]| {
        let pages: HashSet<&str> = pages.iter().map(|page| page.id).collect();
        let stays = |id: &&String| !pages.contains(id.split('#').next().unwrap_or_default());
        list.iter().filter(stays).cloned().collect::<Vec<String>>()
    };
    let Pages { removed, added, .. } = &changes.processes.pages;
    let (removed, added) = (of(&changes.steps.removed, removed), of(&changes.steps.added, added));
    let item = |id: String, mark, word| Item { mark, word, tone: Tone::Neutral, line: vec![Code(id)], more: Vec::new() };
    removed.into_iter().map(|id| item(id, '-', "removed")).chain(added.into_iter().map(|id| item(id, '+', "added"))).collect()
}

/// An id with what it is called.
fn named(id: &str, title: &str) -> Vec<Piece> {
    vec![Code(id.to_owned()), ours(": "), Words(cut(title))]
}

fn ids<'i>(ids: impl Iterator<Item = &'i str>) -> Vec<Piece> {
    let mut line = Vec::new();
    for id in ids {
        if !line.is_empty() {
            line.push(ours(", "));
        }
        line.push(Code(id.to_owned()));
    }
    line
}

fn place(spot: Spot<'_>) -> Piece {
    Piece::Place(format!("{}:{}", spot.path, spot.line))
}

/// The beginning of a text, on one line.
fn cut(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}
