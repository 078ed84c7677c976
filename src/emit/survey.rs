//! What lies in the output before a build touches it: our files, unchanged since, and files of others.
//!
//! In: the output and the plan of the new build. Out: a [`Survey`], or a refusal that names the file that stands in the way. Absent: any
//! write, and any step through a symlink: what is ours is what a walk from the output finds, never what a manifest claims.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use super::files::{Files, Kind, Stat};
use super::manifest::{self, Content, Manifest, folders_above, folders_of};
use super::plan::Plan;
use super::stage;
use super::target::{self, Target};
use crate::containment::named;

/// A file of ours which still holds what we wrote.
pub(super) struct Found {
    pub(super) content: Content,
    pub(super) stat: Stat,
}

/// What lies in the output.
#[derive(Default)]
pub(super) struct Survey {
    /// Whether there is an output at all.
    pub(super) exists: bool,
    /// Our files, by path.
    pub(super) ours: BTreeMap<String, Found>,
    /// Folders which hold a file of ours, did once, or will.
    pub(super) folders: Vec<String>,
    /// Files of others, and folders that hold nothing of ours, by path.
    pub(super) foreign: Vec<(PathBuf, Kind)>,
    /// Whether a build was being put in place, file by file, when it died.
    pub(super) half_placed: bool,
    /// Whether another file system is mounted somewhere inside.
    pub(super) mounted_inside: bool,
}

/// One name below a folder.
pub(super) struct Below {
    /// Relative to that folder.
    pub(super) path: PathBuf,
    pub(super) stat: Stat,
}

/// Every name below a folder, and below those folders in it that `enter` agrees to; no symlink is followed.
pub(super) fn walk(files: &dyn Files, folder: &Path, enter: impl Fn(&Path) -> bool) -> Result<Vec<Below>> {
    let list = |below: &PathBuf| {
        let listed = files.list(&folder.join(below)).with_context(|| format!("reading {}", named(&folder.join(below))))?;
        Ok(listed.into_iter().map(|entry| Below { path: below.join(entry.name), stat: entry.stat }).collect::<Vec<_>>())
    };
    let (mut all, mut level) = (Vec::new(), vec![PathBuf::new()]);
    while !level.is_empty() {
        let listed = level.par_iter().map(list).collect::<Result<Vec<_>>>()?;
        let from = all.len();
        all.extend(listed.into_iter().flatten());
        let entered = all[from..].iter().filter(|below: &&Below| below.stat.kind == Kind::Folder && enter(&below.path));
        level = entered.map(|below| below.path.clone()).collect();
    }
    Ok(all)
}

/// A relative path on disk as the manifest writes it; none if it is not text.
pub(super) fn key(path: &Path) -> Option<String> {
    let parts = path.components().map(|part| part.as_os_str().to_str()).collect::<Option<Vec<_>>>()?;
    Some(parts.join("/"))
}

impl Survey {
    /// Looks at everything in the output that a build could touch.
    pub(super) fn of(files: &dyn Files, target: &Target, plan: &Plan<'_>) -> Result<Self> {
        let out = target.folder();
        let Some(found) = files.stat(out).with_context(|| format!("looking at the output {}", named(out)))? else {
            return Ok(Survey::default());
        };
        target::refuse_kind(out, &found)?;
        target::refuse_foreign(files, out)?;
        let listed = Manifest::read(files, out, manifest::NAME)?.unwrap_or_default();
        let next = Manifest::read(files, out, manifest::NEXT)?;
        let half_placed = next.is_some();
        let next = next.unwrap_or_default();

        let our_folders = folders_of(listed.files.keys().chain(next.files.keys()).map(String::as_str));
        let is_ours = |path: &str| listed.files.contains_key(path) || next.files.contains_key(path);
        // A build that died in place may have left a folder where a file of ours was or comes.
        let enters = |path: &str| our_folders.contains(path) || is_ours(path) || plan.folders.contains(path) || plan.files.contains(path);
        let all = walk(files, out, |path| key(path).is_some_and(|path| enters(&path)))?;

        let device = |stat: &Stat| stat.id.map(|id| id.device);
        let mounted_inside = all.iter().any(|below| device(&below.stat) != device(&found));
        let (mut candidates, mut folders, mut foreign) = (Vec::new(), Vec::new(), Vec::new());
        for Below { path, stat } in all {
            let Some(text) = key(&path) else {
                foreign.push((path, stat.kind));
                continue;
            };
            match stat.kind {
                _ if is_our_tool(files, out, &text)? => {}
                Kind::Folder if enters(&text) => folders.push(text),
                Kind::File if is_ours(&text) => candidates.push((text, stat)),
                Kind::Link if is_ours(&text) || our_folders.contains(text.as_str()) => bail!(
                    "{} was made by forewarn and is a symlink now: remove it, or build into another folder with `--out`",
                    named(&out.join(path))
                ),
                _ if is_ours(&text) => return Err(edited(out, &[text])),
                kind => foreign.push((path, kind)),
            }
        }
        foreign.sort();
        refuse_in_the_way(out, &foreign, plan)?;

        let look = |(path, stat): (String, Stat)| {
            let wrote: Vec<_> = [listed.files.get(&path), next.files.get(&path)].into_iter().flatten().collect();
            let content = if wrote.iter().any(|wrote| wrote.bytes == stat.length) {
                let file = out.join(&path);
                Some(
                    files
                        .read(&file)
                        .and_then(|read| Content::read(read, stat.length))
                        .with_context(|| format!("reading {}", named(&file)))?,
                )
            } else {
                None
            };
            Ok(match content {
                Some(content) if wrote.contains(&&content) => (path, Some(Found { content, stat })),
                _ => (path, None),
            })
        };
        let looked = candidates.into_par_iter().map(look).collect::<Result<Vec<_>>>()?;
        let mut others: Vec<String> = looked.iter().filter(|(_, found)| found.is_none()).map(|(path, _)| path.clone()).collect();
        others.sort();
        if !others.is_empty() {
            return Err(edited(out, &others));
        }
        let ours = looked.into_iter().filter_map(|(path, found)| Some((path, found?))).collect();
        Ok(Survey { exists: true, ours, folders, foreign, half_placed, mounted_inside })
    }

    /// What is said about files of others, save those that belong beside a published site.
    pub(super) fn note(&self) -> Option<String> {
        let expected = |path: &Path| path == Path::new(".git") || path == Path::new("CNAME");
        let kept: Vec<_> = self.foreign.iter().filter(|(path, _)| !expected(path)).map(|(path, _)| named(path)).collect();
        let (shown, more) = (kept.len().min(10), kept.len().saturating_sub(10));
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        (!kept.is_empty()).then(|| {
            format!(
                "kept {}{more} in the output: forewarn did not write {}",
                kept[..shown].join(", "),
                if kept.len() == 1 { "it" } else { "them" }
            )
        })
    }
}

/// Whether a name at the top of the output is the manifest, the lock or a staging.
fn is_our_tool(files: &dyn Files, out: &Path, name: &str) -> Result<bool> {
    if !name.starts_with(".forewarn-") || name.contains('/') {
        return Ok(false);
    }
    let own = [manifest::NAME, manifest::NEXT].contains(&name) || *name == *target::name_within("lock");
    Ok(own || stage::is_staging(files, &out.join(name)).unwrap_or(false))
}

fn edited(out: &Path, paths: &[String]) -> anyhow::Error {
    let more = if paths.len() > 1 { format!(" (and {} more)", paths.len() - 1) } else { String::new() };
    let first = named(&out.join(&paths[0]));
    anyhow::anyhow!(
        "{first}{more} was changed since forewarn wrote it: move the change into the sources, then delete the file, or build into another folder with `--out`"
    )
}

fn refuse_in_the_way(out: &Path, foreign: &[(PathBuf, Kind)], plan: &Plan<'_>) -> Result<()> {
    let wanted = |path: &str| {
        plan.files.contains(path) || plan.folders.contains(path) || folders_above(path).any(|folder| plan.files.contains(folder))
    };
    match foreign.iter().filter_map(|(path, _)| key(path)).find(|path| wanted(path)) {
        Some(path) => bail!(
            "{} is where the build wants to write, and forewarn did not write it: move it away, or build into another folder with `--out`",
            named(&out.join(path))
        ),
        None => Ok(()),
    }
}
