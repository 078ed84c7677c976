//! What a name on the command line names, and the declaration in which its date stands.

use anyhow::{Context, bail};

use crate::model::{Handbook, Page, Target};
use crate::parse::blocks::Recover;
use crate::parse::document::Failure;
use crate::parse::nearest::nearest;
use crate::parse::opening::{Opening, opening};
use crate::parse::value::PageKind;
use crate::source::Source;

/// How many names an error lists.
const NAMED: usize = 12;

/// The place of a date.
pub struct Spot<'h> {
    /// The page.
    pub page: &'h Page,
    /// What the date is: ``drill of `deploy#steps-to-roll-back` ``.
    pub what: String,
    /// The fence in which it stands, by its index in the outline; else in the front matter.
    fence: Option<usize>,
    /// The table.
    pub table: &'static str,
    /// The key in the table.
    pub key: String,
}

/// The text of a declaration, and where it stands.
pub struct Declaration {
    /// The line of the file on which the text begins, from 1.
    pub first: usize,
    /// The text, line by line as in the file, without the indentation of what it stands in.
    pub text: String,
}

impl Spot<'_> {
    /// The declaration that holds the date.
    pub fn declaration(&self, source: &Source) -> anyhow::Result<Declaration> {
        let outline = &self.page.document.outline;
        if let (None, Opening::Toml(fenced)) = (self.fence, opening(&source.text)) {
            return Ok(Declaration { first: 2, text: fenced.text.to_owned() });
        }
        let front = || outline.fences.iter().position(|fence| fence.span == self.page.document.front.span);
        let fence = self.fence.or_else(front).with_context(|| format!("{} has no front matter in TOML", self.page.path()))?;
        let fence = &outline.fences[fence];
        Ok(Declaration { first: source.position(fence.opening.start()).line + 1, text: fence.text(&source.text).to_owned() })
    }
}

/// The date of a drill: `drilled` of a failure mode, or the track's entry under `[drills]`.
pub fn drill<'h>(handbook: &'h Handbook, name: &str) -> anyhow::Result<Spot<'h>> {
    let (id, thing) = name.split_once('#').map_or((name, None), |(id, thing)| (id, Some(thing)));
    let page = page(handbook, id, &[PageKind::Process, PageKind::System])?;
    let Some(thing) = thing else { bail!("a drill is one of a track or a failure mode of `{id}`: {}", names(page)) };
    let what = format!("drill of `{id}#{thing}`");
    if let Some(index) = page.document.failures.iter().position(|failure| failure.id == thing) {
        let failure = &page.document.failures[index];
        return match &failure.block.recover {
            Some(Recover::Table(_)) => Ok(Spot { page, what, fence: Some(failure.fence), table: "recover", key: "drilled".to_owned() }),
            _ => bail!("{}", no_table(handbook, page, index, failure)),
        };
    }
    if page.document.tracks.iter().any(|track| track.id == thing) {
        return Ok(Spot { page, what, fence: None, table: "drills", key: drill_key(page, thing) });
    }
    if let Some(track) = page.document.tracks.iter().find(|track| track.steps.iter().any(|step| step.id == thing)) {
        bail!("`{name}` is a step, and a drill is one of a whole way back: its track is `{id}#{}`", track.id);
    }
    match nearest(thing, ids(page)) {
        Some(near) => bail!("nothing on `{id}` has the id `{thing}`; did you mean `{id}#{near}`?"),
        None => bail!("nothing on `{id}` has the id `{thing}`; it has {}", names(page)),
    }
}

/// The date of the last review of a process.
pub fn review<'h>(handbook: &'h Handbook, name: &str) -> anyhow::Result<Spot<'h>> {
    let page = page(handbook, name, &[PageKind::Process])?;
    Ok(Spot { page, what: format!("review of `{name}`"), fence: None, table: "review", key: "last".to_owned() })
}

/// The page of an id, if it is of one of these kinds and has a file of its own.
fn page<'h>(handbook: &'h Handbook, id: &str, kinds: &[PageKind]) -> anyhow::Result<&'h Page> {
    let Some(page) = handbook.page(id) else {
        if let Some(path) = handbook.ids.draft(id) {
            bail!("`{id}` is a draft, `{path}`, and drafts are left out");
        }
        match handbook.ids.nearest(id, |page| kinds.contains(&handbook.pages[page].page_kind())) {
            Some(near) => bail!("no page has the id `{id}`; did you mean `{}`?", near.name),
            None => bail!("no page has the id `{id}`"),
        }
    };
    if !kinds.contains(&page.page_kind()) {
        let wanted: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        bail!("`{id}` is of kind {}, and a {} is wanted", page.page_kind(), wanted.join(" or a "));
    }
    if page.from_settings {
        bail!("`{id}` stands in `{}` and has no page", page.path());
    }
    Ok(page)
}

/// The key of a track under `[drills]`: as it is written there, else the track's id.
fn drill_key(page: &Page, track: &str) -> String {
    let whole = format!("{}#{track}", page.id);
    let written = page.process_keys().into_iter().flat_map(|keys| &keys.drills.0).map(|(key, _)| key.value.as_str());
    let mut same = written.filter(|key| key.trim_start_matches('#') == track || *key == whole);
    same.next().unwrap_or(track).to_owned()
}

/// Why a failure mode has no place for a date, and what to do instead.
fn no_table(handbook: &Handbook, page: &Page, index: usize, failure: &Failure) -> String {
    let named = format!("the recovery of `{}`", failure.title);
    let on_track = |target: &Target| match target {
        Target::Track(..) => Some(handbook.id_of(*target)),
        _ => None,
    };
    if let Some(track) = page.modes.get(index).and_then(|mode| mode.path.iter().find_map(on_track)) {
        return format!("{named} leads to a track, and the drill is the track's: `forewarn stamp drill {track}`");
    }
    match (&failure.block.recover, failure.prose) {
        (Some(_), _) => format!(
            "{named} is plain text, which has no place for a date; write it as a table, then stamp again: `[recover]` and below it `text = \"…\"`"
        ),
        (None, Some(_)) => {
            format!(
                "{named} is the text under its heading, which has no place for a date; say it in the block, then stamp again: `[recover]` and below it `text = \"…\"`"
            )
        }
        (None, None) => {
            format!("`{}` has no recovery that could be drilled; write one first: `[recover]` and below it `text = \"…\"`", failure.title)
        }
    }
}

/// What can be drilled on a page.
fn ids(page: &Page) -> impl Iterator<Item = &str> {
    let tracks = page.document.tracks.iter().map(|track| track.id.as_str());
    tracks.chain(page.document.failures.iter().map(|failure| failure.id.as_str()))
}

fn names(page: &Page) -> String {
    let mut names: Vec<String> = ids(page).take(NAMED).map(|id| format!("`{}#{id}`", page.id)).collect();
    match (names.is_empty(), ids(page).count() > NAMED) {
        (true, _) => return "it has none".to_owned(),
        (false, more) => names.extend(more.then(|| "…".to_owned())),
    }
    names.join(", ")
}
