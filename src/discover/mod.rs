//! Walks `content/`, `themes/` and the settings into [`Sources`]: the only reader.
//!
//! Enters: the root of a handbook, and the name of a git revision where that is read and not the folder. Leaves: texts, paths of files
//! that are copied, and what is wrong with files as such: names, links, encodings, sizes. Errors are the machine's: no `content/`, a file
//! that cannot be read. Absent: any meaning of a text.
#![allow(clippy::disallowed_methods)]

mod again;
mod bytes;
mod folder;
mod foreign;
mod names;
mod origin;
mod revision;
mod svg;
mod walk;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use jiff::civil::Date;

use crate::containment::{inside, named};
use crate::finding::Finding;
use crate::settings::{FILE, Limits, Settings};
use crate::source::{PagePath, Source, Sources, ThemeFile};

use again::Known;
use folder::Folder;
use origin::{Entry, Kind, Origin};
use walk::{Walked, walk};

pub use again::{Changed, discover_again};
pub(crate) use bytes::source as source_of;
pub use foreign::{Foreign, ForeignFile, foreign, read_foreign, read_table};
pub use revision::{Revision, revision};

/// A handbook, read.
#[derive(Clone)]
pub struct Discovered {
    /// Its texts.
    pub sources: Sources,
    /// Its settings.
    pub settings: Settings,
    /// What is wrong with its files.
    pub findings: Vec<Finding>,
    /// Files that were left out on purpose, as notes to whoever runs the tool.
    pub notes: Vec<String>,
    /// The day on which each page was last changed, where that is known.
    pub changed: BTreeMap<PagePath, Date>,
}

/// Reads the handbook in `root`.
pub fn discover(root: &Path) -> anyhow::Result<Discovered> {
    read_handbook(&handbook_in(root)?, &Known::nothing())
}

/// The folder in `root`, if it holds a handbook.
fn handbook_in(root: &Path) -> anyhow::Result<Folder<'_>> {
    let folder = Folder { root };
    if folder.look("content")?.is_none() {
        bail!("there is no `content/` in {}: this is no handbook. `forewarn init` makes one, `--root` names another", named(root));
    }
    Ok(folder)
}

/// Everything that a handbook holds, wherever it lies. Without `content/` it has no pages.
fn read_handbook<O: Origin>(origin: &O, known: &Known<'_>) -> anyhow::Result<Discovered> {
    let mut findings = Vec::new();
    let settings_source = settings_source(origin, &mut findings)?;
    let (settings, faults) = Settings::read(settings_source.as_deref());
    findings.extend(faults);
    let walked = match origin.look("content")? {
        None | Some(Kind::Absent) => Walked::default(),
        Some(_) => walk(origin, "content", &settings.limits)?,
    };
    findings.extend(walked.findings);
    let mut notes = walked.notes;
    let (mut pages, others): (Vec<_>, Vec<_>) = walked.files.into_iter().partition(|entry| entry.path.as_str().ends_with(".md"));
    if pages.len() > settings.limits.pages {
        findings.push(names::too_many_pages(pages.len(), settings.limits.pages));
        pages.truncate(settings.limits.pages);
    }
    let (sources, faults) = read_pages(origin, pages, &settings.limits, known)?;
    findings.extend(faults);
    let (assets, faults) = check_assets(origin, others)?;
    findings.extend(faults);
    let (theme, faults) = read_theme(origin, &settings)?;
    findings.extend(faults);
    notes.sort();
    let sources = Sources { settings: settings_source, pages: sources, theme, assets };
    Ok(Discovered { sources, settings, findings, notes, changed: BTreeMap::new() })
}

/// The bytes of a file that is copied.
pub fn read_asset(root: &Path, path: &PagePath) -> anyhow::Result<Vec<u8>> {
    let on_disk = root.join(path.as_str());
    read(&on_disk)
}

/// The same for whoever asks long after the walk: the file may have become a link out of the handbook since.
pub fn read_asset_later(root: &Path, path: &PagePath) -> anyhow::Result<Vec<u8>> {
    let on_disk = root.join(path.as_str());
    match crate::containment::followed(root, &on_disk).with_context(|| format!("cannot read {path}"))? {
        Some(real) => read(&real),
        None => bail!("{path} is a link that leads out of the project"),
    }
}

/// The text of a file of the project as it lies on disk, for commands that edit one place of it.
pub fn read_text(root: &Path, path: &PagePath) -> anyhow::Result<String> {
    let on_disk = inside(root, path.as_str()).with_context(|| format!("cannot read {path}"))?;
    String::from_utf8(read(&on_disk)?).with_context(|| format!("{path} is no UTF-8 text"))
}

/// The text of a file that a command line names, wherever it lies; nothing where there is none.
pub fn read_named(path: &Path) -> anyhow::Result<Option<String>> {
    match path.metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", named(path))),
        Ok(found) if !found.is_file() => bail!("{} is no file", named(path)),
        Ok(_) => {}
    }
    String::from_utf8(read(path)?).map(Some).with_context(|| format!("{} is no UTF-8 text", named(path)))
}

/// The bytes of the running program.
pub fn read_itself() -> anyhow::Result<Vec<u8>> {
    read(&std::env::current_exe().context("cannot find the running program")?)
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", named(path)))
}

fn settings_source<O: Origin>(origin: &O, findings: &mut Vec<Finding>) -> anyhow::Result<Option<Arc<Source>>> {
    let path = crate::settings::path();
    let limit = Limits::default().file_bytes;
    let (at, bytes) = match origin.look(FILE)? {
        None | Some(Kind::Absent) => return Ok(None),
        Some(Kind::File { at, bytes }) => (at, bytes),
        Some(Kind::LinkOutside | Kind::LinkNowhere) => {
            findings.push(names::link_outside(&path));
            return Ok(None);
        }
        Some(Kind::Folder | Kind::Special) => {
            findings.push(names::special_file(&path));
            return Ok(None);
        }
    };
    if bytes > limit as u64 {
        findings.push(names::too_large(&path, bytes, limit));
        return Ok(None);
    }
    let read = origin.read(&[Entry { path, at, bytes }], |entry, bytes| bytes::source(&entry.path, &bytes))?;
    let Some((source, fault)) = read.into_iter().next() else { return Ok(None) };
    findings.extend(fault);
    Ok(Some(Arc::new(source)))
}

type Pages = (Vec<Arc<Source>>, Vec<Finding>);

fn read_pages<O: Origin>(origin: &O, entries: Vec<Entry<O::At>>, limits: &Limits, known: &Known<'_>) -> anyhow::Result<Pages> {
    let (large, small): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.bytes > limits.file_bytes as u64);
    let mut sources: Vec<Arc<Source>> = Vec::with_capacity(small.len());
    let mut unknown = Vec::new();
    for entry in small {
        match known.page(&entry.path) {
            Some(source) => sources.push(Arc::clone(source)),
            None => unknown.push(entry),
        }
    }
    let mut read = origin.read(&unknown, |entry, bytes| bytes::source(&entry.path, &bytes))?;
    read.extend(large.into_iter().map(|entry| {
        let fault = names::too_large(&entry.path, entry.bytes, limits.file_bytes);
        (Source::damaged(entry.path), Some(fault))
    }));
    let (new, faults): (Vec<Source>, Vec<Option<Finding>>) = read.into_iter().unzip();
    sources.extend(new.into_iter().map(Arc::new));
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((sources, faults.into_iter().flatten().collect()))
}

/// The files that may be copied, and what is wrong with the others. Only pictures that could run something are read.
fn check_assets<O: Origin>(origin: &O, entries: Vec<Entry<O::At>>) -> anyhow::Result<(Vec<PagePath>, Vec<Finding>)> {
    let mut assets = Vec::new();
    let mut findings = Vec::new();
    let mut pictures = Vec::new();
    for entry in entries {
        match names::unsafe_file(&entry.path) {
            Some(finding) => findings.push(finding),
            None if names::is_svg(&entry.path) => pictures.push(entry),
            None => assets.push(entry.path),
        }
    }
    for (path, danger) in origin.read(&pictures, |entry, bytes| (entry.path.clone(), svg::danger(&bytes)))? {
        match danger {
            Some(danger) => findings.push(names::unsafe_svg(&path, danger)),
            None => assets.push(path),
        }
    }
    assets.sort();
    Ok((assets, findings))
}

fn read_theme<O: Origin>(origin: &O, settings: &Settings) -> anyhow::Result<(Vec<ThemeFile>, Vec<Finding>)> {
    let name = &settings.theme.value;
    let folder = format!("themes/{name}");
    if crate::portable::unportable(name).is_some() {
        return Ok((Vec::new(), vec![names::unknown_theme(settings)]));
    }
    if origin.look(&folder)?.is_none() {
        let known = name == "default";
        return Ok((Vec::new(), if known { Vec::new() } else { vec![names::unknown_theme(settings)] }));
    }
    let walked = walk(origin, &folder, &settings.limits)?;
    let files = origin.read(&walked.files, |entry, bytes| {
        let path = entry.path.as_str().strip_prefix(&folder).unwrap_or_default().trim_start_matches('/').to_owned();
        ThemeFile { path, bytes: Arc::from(bytes) }
    })?;
    Ok((files, walked.findings))
}

/// The root of the handbook that a command means: the given folder, else the nearest one upwards that holds settings or content.
pub fn root(given: Option<&Path>) -> anyhow::Result<PathBuf> {
    match given {
        Some(root) if root.is_dir() => Ok(root.to_path_buf()),
        Some(root) => bail!("{} is no folder", named(root)),
        None => Ok(PathBuf::from(".")),
    }
}

/// Paths of the command line, relative to the root of the handbook, with `/` between their parts.
pub fn named_paths(root: &Path, paths: &[PathBuf]) -> anyhow::Result<Vec<String>> {
    let base = root.canonicalize().with_context(|| format!("cannot find {}", named(root)))?;
    let relative = |path: &PathBuf| {
        let found: Vec<PathBuf> = [path.canonicalize(), root.join(path).canonicalize()].into_iter().flatten().collect();
        if found.is_empty() {
            bail!("cannot find {}", named(path));
        }
        let inside = found.iter().find_map(|real| real.strip_prefix(&base).ok());
        let inside = inside.with_context(|| format!("{} does not lie in the handbook", named(path)))?;
        Ok(inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
    };
    paths.iter().map(relative).collect()
}
