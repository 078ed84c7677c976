//! Walks `content/`, `themes/` and the settings into [`Sources`]: the only reader.
//!
//! Enters: the root of a handbook. Leaves: texts, paths of files that are copied, and what is wrong with files as such: names, links,
//! encodings, sizes. Errors are the machine's: no `content/`, a file that cannot be read. Absent: any meaning of a text.
#![allow(clippy::disallowed_methods)]

mod bytes;
mod names;
mod svg;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use rayon::prelude::*;

use crate::containment::{inside, named};
use crate::finding::Finding;
use crate::settings::{FILE, Limits, Settings};
use crate::source::{PagePath, Source, Sources, ThemeFile};

use walk::{Entry, walk};

/// A handbook on disk, read.
pub struct Discovered {
    /// Its texts.
    pub sources: Sources,
    /// Its settings.
    pub settings: Settings,
    /// What is wrong with its files.
    pub findings: Vec<Finding>,
    /// Files that were left out on purpose, as notes to whoever runs the tool.
    pub notes: Vec<String>,
}

/// Reads the handbook in `root`.
pub fn discover(root: &Path) -> anyhow::Result<Discovered> {
    let content = root.join("content");
    if content.symlink_metadata().is_err() {
        bail!("there is no `content/` in {}: this is no handbook. `forewarn init` makes one, `--root` names another", named(root));
    }
    let mut findings = Vec::new();
    let settings_source = settings_source(root, &mut findings)?;
    let (settings, faults) = Settings::read(settings_source.as_ref());
    findings.extend(faults);
    let walked = walk(root, "content", &settings.limits)?;
    findings.extend(walked.findings);
    let mut notes = walked.notes;
    let (pages, others): (Vec<Entry>, Vec<Entry>) = walked.files.into_iter().partition(|entry| entry.path.as_str().ends_with(".md"));
    if pages.len() > settings.limits.pages {
        findings.push(names::too_many_pages(pages.len(), settings.limits.pages));
    }
    let (sources, faults) = read_pages(&pages[..pages.len().min(settings.limits.pages)], &settings.limits)?;
    findings.extend(faults);
    let (assets, faults) = check_assets(others)?;
    findings.extend(faults);
    let (theme, faults) = read_theme(root, &settings)?;
    findings.extend(faults);
    notes.sort();
    Ok(Discovered { sources: Sources { settings: settings_source, pages: sources, theme, assets }, settings, findings, notes })
}

/// The bytes of a file that is copied.
pub fn read_asset(root: &Path, path: &PagePath) -> anyhow::Result<Vec<u8>> {
    let on_disk = root.join(path.as_str());
    read(&on_disk)
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

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", named(path)))
}

fn settings_source(root: &Path, findings: &mut Vec<Finding>) -> anyhow::Result<Option<Source>> {
    let path = root.join(FILE);
    let Ok(metadata) = path.symlink_metadata() else { return Ok(None) };
    let file = crate::settings::path();
    if metadata.is_symlink() && !matches!(crate::containment::followed(root, &path), Ok(Some(_))) {
        findings.push(names::link_outside(&file));
        return Ok(None);
    }
    let metadata = path.metadata().with_context(|| format!("cannot read {}", named(&path)))?;
    if !metadata.is_file() {
        findings.push(names::special_file(&file));
        return Ok(None);
    }
    let limit = Limits::default().file_bytes;
    if metadata.len() > limit as u64 {
        findings.push(names::too_large(&file, metadata.len(), limit));
        return Ok(None);
    }
    let (source, fault) = bytes::source(&file, &read(&path)?);
    findings.extend(fault);
    Ok(Some(source))
}

fn read_pages(entries: &[Entry], limits: &Limits) -> anyhow::Result<(Vec<Source>, Vec<Finding>)> {
    let read: Vec<(Source, Option<Finding>)> = entries
        .par_iter()
        .map(|entry| {
            if entry.bytes > limits.file_bytes as u64 {
                let fault = names::too_large(&entry.path, entry.bytes, limits.file_bytes);
                return Ok((Source::damaged(entry.path.clone()), Some(fault)));
            }
            let bytes = read(&entry.on_disk)?;
            if (bytes.len() as u64) < entry.bytes {
                bail!("{} became shorter while it was read; run again", named(&entry.on_disk));
            }
            Ok(bytes::source(&entry.path, &bytes))
        })
        .collect::<anyhow::Result<_>>()?;
    let (sources, faults): (Vec<Source>, Vec<Option<Finding>>) = read.into_iter().unzip();
    Ok((sources, faults.into_iter().flatten().collect()))
}

/// The files that may be copied, and what is wrong with the others.
fn check_assets(entries: Vec<Entry>) -> anyhow::Result<(Vec<PagePath>, Vec<Finding>)> {
    let mut assets = Vec::new();
    let mut findings = Vec::new();
    for entry in entries {
        if let Some(finding) = names::unsafe_file(&entry.path) {
            findings.push(finding);
        } else if names::is_svg(&entry.path) {
            match svg::danger(&read(&entry.on_disk)?) {
                Some(danger) => findings.push(names::unsafe_svg(&entry.path, danger)),
                None => assets.push(entry.path),
            }
        } else {
            assets.push(entry.path);
        }
    }
    Ok((assets, findings))
}

fn read_theme(root: &Path, settings: &Settings) -> anyhow::Result<(Vec<ThemeFile>, Vec<Finding>)> {
    let name = &settings.theme.value;
    let folder = format!("themes/{name}");
    if crate::portable::unportable(name).is_some() {
        return Ok((Vec::new(), vec![names::unknown_theme(settings)]));
    }
    if root.join(&folder).symlink_metadata().is_err() {
        let known = name == "default";
        return Ok((Vec::new(), if known { Vec::new() } else { vec![names::unknown_theme(settings)] }));
    }
    let walked = walk(root, &folder, &settings.limits)?;
    let file = |entry: &Entry| -> anyhow::Result<ThemeFile> {
        let path = entry.path.as_str().strip_prefix(&folder).unwrap_or_default().trim_start_matches('/').to_owned();
        Ok(ThemeFile { path, bytes: Arc::from(read(&entry.on_disk)?) })
    };
    let files = walked.files.iter().map(file).collect::<anyhow::Result<Vec<_>>>()?;
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
