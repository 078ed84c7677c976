//! Blast radius: what no longer works when a system or process fails, and did not hang on it before, or the other way round.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

use serde::Serialize;

use crate::model::{Handbook, PageIx};
use crate::parse::value::{PageKind, Status};

use super::Version;
use super::names::Names;

/// A system or process with another set of hard dependents than before.
#[derive(Debug, Serialize)]
pub struct Blast<'a> {
    /// What fails.
    pub id: &'a str,
    /// What fails with it now and did not: processes first, each group by id.
    pub gained: Vec<&'a str>,
    /// What failed with it and does not any more.
    pub lost: Vec<&'a str>,
}

/// Systems and processes whose dependents changed; those that took most processes along first. What is new itself counts only for what
/// was there before, and the same holds for what is gone: a new process on a new system changes nobody's blast radius.
pub fn changes<'a>(before: &Version<'a>, after: &Version<'a>, names: &Names<'a>) -> Vec<Blast<'a>> {
    let (old, new) = (before.handbook(), after.handbook());
    let known = |id: &str| old.page(names.page_before(id)).is_some();
    let mut changed = Vec::new();
    for id in touched(before, after, names) {
        let was: HashSet<&str> = dependents(old, names.page_before(id)).map(|id| names.page_after(id)).collect();
        let is: HashSet<&str> = dependents(new, id).collect();
        let (existed, exists) = (known(id), new.page(id).is_some());
        let gained = is.difference(&was).copied().filter(|other| existed || known(other));
        let lost = was.difference(&is).copied().filter(|other| exists || new.page(other).is_some());
        let blast = Blast { id, gained: in_order(new, gained), lost: in_order(old, lost) };
        if !blast.gained.is_empty() || !blast.lost.is_empty() {
            let processes = blast.gained.iter().filter(|id| new.page(id).is_some_and(|page| page.process().is_some())).count();
            changed.push((Reverse(processes), Reverse(blast.gained.len()), blast));
        }
    }
    changed.sort_by(|a, b| (a.0, a.1, a.2.id).cmp(&(b.0, b.1, b.2.id)));
    changed.into_iter().map(|(_, _, blast)| blast).collect()
}

/// What may have other dependents: what a need that came or went leads to, and everything below that, in either version; by its id now.
fn touched<'a>(before: &Version<'a>, after: &Version<'a>, names: &Names<'a>) -> BTreeSet<&'a str> {
    let was: HashSet<(&str, &str)> = needs(before).map(|(from, to)| (names.page_after(from), names.page_after(to))).collect();
    let is: HashSet<(&str, &str)> = needs(after).collect();
    let starts: HashSet<&str> = was.symmetric_difference(&is).map(|(_, to)| *to).collect();
    let below = |handbook: &'a Handbook, starts: Vec<PageIx>| {
        let mut seen: HashSet<PageIx> = HashSet::new();
        let mut waiting = starts;
        while let Some(page) = waiting.pop() {
            if seen.insert(page) {
                waiting.extend(handbook.needs.direct(page));
            }
        }
        seen.into_iter().map(|page| handbook.pages[page].id.as_str())
    };
    let (old, new) = (before.handbook(), after.handbook());
    let went = starts.iter().filter_map(|id| old.ids.get(names.page_before(id))).collect();
    let came = starts.iter().filter_map(|id| new.ids.get(id)).collect();
    below(old, went).map(|id| names.page_after(id)).chain(below(new, came)).collect()
}

/// Every hard need as the ids of who needs and what is needed. A retired process is nobody's worry: a change of status is a change.
fn needs<'a>(version: &Version<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let handbook = version.handbook();
    let id = |page: PageIx| handbook.pages[page].id.as_str();
    let counted = version.pages().filter(|page| counts(handbook, *page));
    counted.flat_map(move |page| handbook.needs.direct(page).map(move |needed| (id(page), id(needed))))
}

fn counts(handbook: &Handbook, page: PageIx) -> bool {
    handbook.pages[page].status() != Status::Retired
}

fn dependents<'a>(handbook: &'a Handbook, id: &str) -> impl Iterator<Item = &'a str> {
    let dependents = handbook.ids.get(id).map(|page| handbook.needs.dependents(page)).unwrap_or_default();
    dependents.into_iter().filter(|page| counts(handbook, *page)).map(|page| handbook.pages[page].id.as_str())
}

fn in_order<'a>(handbook: &Handbook, ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_by_key(|id| (handbook.page(id).is_none_or(|page| page.page_kind() != PageKind::Process), *id));
    ids
}
