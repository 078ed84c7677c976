//! Reading again after something has changed: what nobody has touched is not read a second time.
//!
//! Enters: what was read before, and the paths that events have named. Leaves: what [`super::discover`] would give, provided that every
//! change has been named; whoever is not sure of that says [`Changed::Everything`]. Absent: watching.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::finding::Finding;
use crate::source::{PagePath, Source, Sources};

use super::folder::Folder;
use super::names;
use super::origin::{Entry, Kind, Origin};
use super::{Discovered, bytes, handbook_in, read_handbook};

/// What may differ from what was read before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Anything.
    Everything,
    /// At most these paths and what lies below them, relative to the root, with `/` between their parts.
    Paths(BTreeSet<String>),
}

impl Changed {
    /// Both changes.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Paths(mut one), Self::Paths(other)) => {
                one.extend(other);
                Self::Paths(one)
            }
            _ => Self::Everything,
        }
    }
}

/// Pages that need not be read.
pub(super) struct Known<'a> {
    before: Option<&'a Discovered>,
    named: &'a BTreeSet<String>,
}

static NONE: BTreeSet<String> = BTreeSet::new();

impl<'a> Known<'a> {
    /// Every page is to be read.
    pub(super) fn nothing() -> Self {
        Self { before: None, named: &NONE }
    }

    /// A page that was read before without complaint, and has not been named since, nor a folder above it.
    pub(super) fn page(&self, path: &PagePath) -> Option<&'a Arc<Source>> {
        let before = self.before?;
        let at = before.sources.pages.binary_search_by(|page| page.path.cmp(path)).ok()?;
        let page = &before.sources.pages[at];
        let ends = path.as_str().match_indices('/').map(|(end, _)| end).chain([path.as_str().len()]);
        let named = ends.map(|end| &path.as_str()[..end]).any(|part| self.named.contains(part));
        (!named && !page.damaged && !complained(before, path)).then_some(page)
    }
}

/// Reads the handbook in `root` again.
pub fn discover_again(root: &Path, before: &Discovered, changed: &Changed) -> anyhow::Result<Discovered> {
    let Changed::Paths(named) = changed else { return super::discover(root) };
    let folder = handbook_in(root)?;
    let mut files = Vec::new();
    for path in named.iter().filter(|path| counts(path)) {
        match touched(&folder, before, path)? {
            Touched::Nothing => {}
            Touched::Page(entry) => files.push(entry),
            Touched::More => return read_handbook(&folder, &Known { before: Some(before), named }),
        }
    }
    if files.is_empty() {
        return Ok(before.clone());
    }
    let read: Vec<(Source, Option<Finding>)> = folder.read(&files, |entry, bytes| bytes::source(&entry.path, &bytes))?;
    if read.iter().any(|(_, fault)| fault.is_some()) {
        return read_handbook(&folder, &Known { before: Some(before), named });
    }
    let mut pages = before.sources.pages.clone();
    for (source, _) in read {
        if let Ok(at) = pages.binary_search_by(|page| page.path.cmp(&source.path))
            && pages[at].text != source.text
        {
            pages[at] = Arc::new(source);
        }
    }
    let Discovered { sources, settings, findings, notes, changed } = before;
    let Sources { settings: source, theme, assets, .. } = sources;
    let sources = Sources { settings: source.clone(), pages, theme: theme.clone(), assets: assets.clone() };
    Ok(Discovered { sources, settings: settings.clone(), findings: findings.clone(), notes: notes.clone(), changed: changed.clone() })
}

/// What the change of one path means.
enum Touched {
    /// No text of the handbook is another.
    Nothing,
    /// The text of one page may be another.
    Page(Entry<std::path::PathBuf>),
    /// There may be other files than before.
    More,
}

fn touched(folder: &Folder<'_>, before: &Discovered, path: &str) -> anyhow::Result<Touched> {
    let sources = &before.sources;
    let found = folder.look(path)?;
    let page = PagePath::new(path);
    if sources.pages.binary_search_by(|page| page.path.as_str().cmp(path)).is_ok() {
        let plain = folder.root.join(path).symlink_metadata().is_ok_and(|found| found.is_file());
        return Ok(match found {
            Some(Kind::File { at, bytes }) if plain && bytes <= before.settings.limits.file_bytes as u64 && !complained(before, &page) => {
                Touched::Page(Entry { path: page, at, bytes })
            }
            _ => Touched::More,
        });
    }
    if sources.assets.binary_search_by(|asset| asset.as_str().cmp(path)).is_ok() {
        let same = matches!(found, Some(Kind::File { .. })) && !names::is_svg(&page);
        return Ok(if same { Touched::Nothing } else { Touched::More });
    }
    let below = |known: &str| known.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let known = path.starts_with("themes")
        || path == crate::settings::FILE
        || sources.pages.iter().any(|page| below(page.path.as_str()))
        || sources.assets.iter().any(|asset| below(asset.as_str()))
        || before.findings.iter().any(|finding| below(finding.place.path.as_str()));
    Ok(if found.is_none() && !known { Touched::Nothing } else { Touched::More })
}

/// Whether something was wrong with a file as such.
fn complained(before: &Discovered, path: &PagePath) -> bool {
    before.findings.iter().any(|finding| finding.place.path == *path)
}

/// Whether a walk would look at a path: names that begin with a dot or an underscore, and what editors leave behind, are no part of a
/// handbook.
fn counts(path: &str) -> bool {
    !path.split('/').skip(1).any(|part| part.starts_with(['.', '_']) || names::is_left_over(part))
}
