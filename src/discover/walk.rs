//! The files below a folder of the handbook, in the order of their paths; links followed only where they stay in the handbook.

use crate::finding::Finding;
use crate::settings::Limits;
use crate::source::PagePath;

use super::names;
use super::origin::{Entry, Kind, Origin, Sort, Then};

/// What a walk found.
pub struct Walked<At> {
    /// Regular files, sorted by path.
    pub files: Vec<Entry<At>>,
    /// What is wrong with names, links and kinds of files.
    pub findings: Vec<Finding>,
    /// What was left out on purpose.
    pub notes: Vec<String>,
}

impl<At> Default for Walked<At> {
    fn default() -> Self {
        Self { files: Vec::new(), findings: Vec::new(), notes: Vec::new() }
    }
}

/// Walks `folder`, which exists. What cannot be read is the machine's fault and an error.
pub fn walk<O: Origin>(origin: &O, folder: &str, limits: &Limits) -> anyhow::Result<Walked<O::At>> {
    let mut walked = Walked::default();
    if let Some(link) = linked_outside(origin, folder)? {
        walked.findings.push(names::link_outside(&link));
        return Ok(walked);
    }
    if !matches!(origin.look(folder)?, Some(Kind::Folder)) {
        anyhow::bail!("{} is no folder", origin.named(folder));
    }
    origin.below(folder, &mut |met| {
        let path = met.path;
        let name = met.name.to_string_lossy();
        if name.starts_with(['.', '_']) {
            if name.starts_with('.') && met.sort != Sort::Nowhere {
                walked.notes.push(format!("`{path}` is not copied: its name begins with a dot"));
            }
            return Ok(Then::Leave);
        }
        if names::is_left_over(&name) {
            walked.notes.push(format!("`{path}` is not copied: an editor left it behind"));
            return Ok(Then::Leave);
        }
        let refused = names::refused(&path, met.name, limits);
        let counts = refused.is_none();
        walked.findings.extend(refused);
        match (met.kind)()? {
            Kind::Folder if counts => return Ok(Then::Enter),
            Kind::File { at, bytes } if counts => walked.files.push(Entry { path, at, bytes }),
            Kind::Special if counts => walked.findings.push(names::special_file(&path)),
            Kind::LinkOutside => walked.findings.push(names::link_outside(&path)),
            Kind::LinkNowhere => walked.findings.push(names::link_nowhere(&path)),
            Kind::Folder | Kind::File { .. } | Kind::Special | Kind::Absent => {}
        }
        Ok(Then::Leave)
    })?;
    walked.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(walked)
}

/// The first part of a folder's path that is a link out of the handbook, or nowhere.
fn linked_outside<O: Origin>(origin: &O, folder: &str) -> anyhow::Result<Option<PagePath>> {
    let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
    for part in ends.map(|end| &folder[..end]) {
        if let Some(Kind::LinkOutside | Kind::LinkNowhere) = origin.look(part)? {
            return Ok(Some(PagePath::new(part)));
        }
    }
    Ok(None)
}
