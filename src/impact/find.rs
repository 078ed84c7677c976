//! What a name on the command line names.

use anyhow::bail;

use crate::model::{Handbook, Kind, ModeIx, Page, PageIx, StepIx, Target};
use crate::parse::nearest::nearest;
use crate::parse::value::PageKind;

/// How many names an error offers.
const OFFERED: usize = 3;

/// What `page`, `page#step`, `page#track` or `page#failure` names. Fails with the nearest names where it names nothing, or nothing that
/// can fail.
pub fn find(handbook: &Handbook, name: &str) -> anyhow::Result<Target> {
    let (id, thing) = name.split_once('#').map_or((name, None), |(id, thing)| (id, Some(thing)));
    let Some(page) = handbook.ids.get(id) else { bail!("{}", no_page(handbook, id, thing)) };
    let at = &handbook.pages[page];
    if let Some(thing) = thing {
        return match named(page, at, thing) {
            Some(target) => Ok(target),
            None => bail!(
                "nothing on `{id}` has the id `{thing}`; {}",
                offer(near(thing, &things(at)).iter().map(|near| format!("{id}#{near}")))
            ),
        };
    }
    match &at.kind {
        Kind::Process(_) | Kind::System(_) | Kind::Role(_) => Ok(Target::Page(page)),
        Kind::Incident(incident) => {
            let process = incident.process.map(|process| handbook.pages[process].id.clone());
            bail!("`{id}` is an incident, and an incident has happened; {}", offer(process.into_iter()))
        }
        _ => bail!("`{id}` is a {}, and a system, role, process, track, step or failure mode is wanted", at.page_kind()),
    }
}

/// The track, step or failure mode of that id on a page.
fn named(page: PageIx, at: &Page, id: &str) -> Option<Target> {
    let tracks = &at.document.tracks;
    let track = || tracks.iter().position(|track| track.id == id).map(|track| Target::Track(page, track));
    let step = || {
        let mut found = tracks.iter().enumerate().filter_map(|(track, written)| {
            written.steps.iter().position(|step| step.id == id).map(|step| Target::Step(StepIx { page, track, step }))
        });
        found.next()
    };
    let mode = || at.document.failures.iter().position(|failure| failure.id == id).map(|mode| Target::Mode(ModeIx { page, mode }));
    track().or_else(step).or_else(mode)
}

/// The ids of everything on a page that can fail.
fn things(page: &Page) -> Vec<&str> {
    let tracks = page.document.tracks.iter();
    let tracks = tracks.flat_map(|track| std::iter::once(track.id.as_str()).chain(track.steps.iter().map(|step| step.id.as_str())));
    tracks.chain(page.document.failures.iter().map(|failure| failure.id.as_str())).collect()
}

fn no_page(handbook: &Handbook, id: &str, thing: Option<&str>) -> String {
    if let Some(path) = handbook.ids.draft(id) {
        return format!("`{id}` is a draft, `{path}`, and drafts are left out");
    }
    let can_fail = |page: &&Page| matches!(page.page_kind(), PageKind::Process | PageKind::System | PageKind::Role);
    let pages: Vec<&Page> = handbook.pages.iter().filter(can_fail).collect();
    // Somebody at 3 AM types what stands in the heading, or the last half of an id.
    let titled = pages.iter().filter(|page| page.title().eq_ignore_ascii_case(id)).map(|page| page.id.clone());
    let holders = pages.iter().filter(|page| thing.is_none() && things(page).contains(&id)).map(|page| format!("{}#{id}", page.id));
    let mut offered: Vec<String> = titled.chain(holders).take(OFFERED).collect();
    if offered.is_empty() {
        let ids: Vec<&str> = pages.iter().map(|page| page.id.as_str()).collect();
        let whole = |near: &&str| thing.map_or_else(|| (*near).to_owned(), |thing| format!("{near}#{thing}"));
        offered = near(id, &ids).iter().map(whole).collect();
    }
    format!("nothing has the id `{id}`; {}", offer(offered.into_iter()))
}

/// The nearest names, the nearest first.
fn near<'k>(name: &str, known: &[&'k str]) -> Vec<&'k str> {
    let mut left = known.to_vec();
    let mut found = Vec::new();
    while let Some(next) = nearest(name, left.iter().copied()).filter(|_| found.len() < OFFERED) {
        left.retain(|known| *known != next);
        found.push(next);
    }
    found
}

/// `did you mean `a`, `b` or `c`?`, or where all ids are to be seen.
fn offer(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "`forewarn export model` lists all ids".to_owned(),
        [only] => format!("did you mean {only}?"),
        [most @ .., last] => format!("did you mean {} or {last}?", most.join(", ")),
    }
}
