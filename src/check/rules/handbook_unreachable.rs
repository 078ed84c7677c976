//! The handbook is hosted on something that is expected to fail, and there is no copy elsewhere.

use std::collections::BTreeMap;

use crate::check::chain;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView, PageIx, Target};
use crate::parse::value::{State, Status};
use crate::settings;
use crate::source::Span;

/// One finding for the handbook, at the first entry of `hosted_on` that leads to such a system.
pub const RULE: Rule = Rule {
    name: "handbook-unreachable",
    group: Group::SharedFate,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A system that the handbook is hosted on, or one below it, is expected to be down, and there is no offline copy.",
    look: Look::Handbook(look),
};

/// Systems whose chains are printed, and which are named where there are many.
const NAMED: usize = 3;

/// A way from where the handbook is hosted to a system that is expected to be gone.
struct Way {
    span: Span,
    lost: PageIx,
    chain: Vec<Target>,
}

fn look(handbook: &Handbook) -> Vec<Finding> {
    let settings = &handbook.settings;
    if settings.offline_copy || settings.offline_copy_unread || handbook.hosted_on.is_empty() {
        return Vec::new();
    }
    let expected = expected(handbook);
    let ways = ways(handbook, &expected);
    let Some(first) = ways.first() else { return Vec::new() };
    let titles: Vec<&str> = ways.iter().map(|way| handbook.pages[way.lost].title()).collect();
    let chains: Vec<String> = ways.iter().take(NAMED).map(|way| chain::words(handbook, &way.chain)).collect();
    let message = format!("this handbook cannot be read when {} fails: {}", either(&titles), chains.join("; "));
    let path = settings::path();
    let element = Element::page(settings::FILE).part("hosted_on");
    let mut finding = Finding::new(RULE.name, Place::new(&path, first.span), element, message);
    for way in ways.iter().take(NAMED) {
        finding = chain::mark_links(handbook, finding, &way.chain);
        if let Some(mode) = expected.get(&way.lost) {
            finding = finding.mark(Place::new(mode.page.path(), mode.written.place), format!("`{}` is expected", mode.written.title));
        }
    }
    let note = "the pages with the way back are gone at the very time when they are needed";
    let help = "add `offline_copy = true` to `forewarn.toml`: each build then also writes `handbook.zip`, which opens from a folder; keep it on the laptops of those on call";
    vec![finding.note(note).help(help)]
}

/// The systems that a failure mode says may be down or shut, each with the first such mode in page order.
fn expected(handbook: &Handbook) -> BTreeMap<PageIx, ModeView<'_>> {
    let mut expected = BTreeMap::new();
    let pages = (0..handbook.pages.len()).filter(|page| handbook.pages[*page].status() != Status::Retired);
    for mode in pages.flat_map(|page| handbook.modes(page)) {
        let gone = matches!(mode.state(), Some(State::Down | State::AccessLost));
        if let Some(of) = mode.resolved.of.filter(|_| gone) {
            expected.entry(of).or_insert(mode);
        }
    }
    expected
}

/// One way to each such system, the entries of `hosted_on` in their order, the nearest first.
fn ways(handbook: &Handbook, expected: &BTreeMap<PageIx, ModeView<'_>>) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    for entry in &handbook.settings.hosted_on {
        let Some(host) = handbook.ids.get(&entry.value.0).filter(|host| handbook.hosted_on.contains(host)) else { continue };
        let below = handbook.needs.below(host).filter(|system| expected.contains_key(system));
        let new = below.filter(|system| ways.iter().all(|way| way.lost != *system));
        let mut new: Vec<Way> = new.map(|lost| Way { span: entry.span, lost, chain: chain::of_systems(handbook, host, lost) }).collect();
        new.sort_by_key(|way| (way.chain.len(), way.lost));
        ways.extend(new);
    }
    ways
}

/// `GitHub`, `GitHub or DNS`, `GitHub, DNS, Sign-on or one of 4 more systems`.
fn either(titles: &[&str]) -> String {
    match titles {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] if titles.len() <= NAMED + 1 => format!("{} or {last}", most.join(", ")),
        _ => format!("{} or one of {} more systems", titles[..NAMED].join(", "), titles.len() - NAMED),
    }
}
