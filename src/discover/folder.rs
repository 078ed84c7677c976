//! A handbook in a folder on disk.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rayon::prelude::*;
use walkdir::WalkDir;

use crate::containment::{followed, named};
use crate::source::PagePath;

use super::origin::{Entry, Kind, Met, Origin, Sort, Then};

/// The folder.
pub struct Folder<'a> {
    /// The root of the handbook.
    pub root: &'a Path,
}

impl Origin for Folder<'_> {
    type At = PathBuf;

    fn look(&self, path: &str) -> anyhow::Result<Option<Kind<PathBuf>>> {
        let at = self.root.join(path);
        let Ok(found) = at.symlink_metadata() else { return Ok(None) };
        if found.is_symlink() {
            match followed(self.root, &at) {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(Some(Kind::LinkOutside)),
                Err(_) => return Ok(Some(Kind::LinkNowhere)),
            }
        }
        let found = at.metadata().with_context(|| format!("cannot read {}", named(&at)))?;
        Ok(Some(match () {
            () if found.is_dir() => Kind::Folder,
            () if found.is_file() => Kind::File { bytes: found.len(), at },
            () => Kind::Special,
        }))
    }

    fn below(&self, folder: &str, meet: &mut dyn FnMut(Met<'_, PathBuf>) -> anyhow::Result<Then>) -> anyhow::Result<()> {
        let mut entries = WalkDir::new(self.root.join(folder)).follow_links(true).sort_by_file_name().min_depth(1).into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.broken(&error, meet)?;
                    continue;
                }
            };
            let is_folder = entry.file_type().is_dir();
            let kind = || {
                if entry.path_is_symlink() && !matches!(followed(self.root, entry.path()), Ok(Some(_))) {
                    return Ok(Kind::LinkOutside);
                }
                Ok(match () {
                    () if is_folder => Kind::Folder,
                    () if entry.file_type().is_file() => {
                        let metadata = entry.metadata().with_context(|| format!("cannot read {}", named(entry.path())))?;
                        Kind::File { at: entry.path().to_path_buf(), bytes: metadata.len() }
                    }
                    () => Kind::Special,
                })
            };
            let sort = if is_folder { Sort::Folder } else { Sort::Leaf };
            let then = meet(Met { path: self.relative(entry.path()), name: entry.file_name(), sort, kind: &kind })?;
            if then == Then::Leave && is_folder {
                entries.skip_current_dir();
            }
        }
        Ok(())
    }

    fn read<T: Send>(&self, files: &[Entry<PathBuf>], make: impl Fn(&Entry<PathBuf>, Vec<u8>) -> T + Sync) -> anyhow::Result<Vec<T>> {
        let one = |entry: &Entry<PathBuf>| {
            let bytes = super::read(&entry.at)?;
            if (bytes.len() as u64) < entry.bytes {
                bail!("{} became shorter while it was read; run again", named(&entry.at));
            }
            Ok(make(entry, bytes))
        };
        files.par_iter().map(one).collect()
    }

    fn named(&self, path: &str) -> String {
        named(&self.root.join(path))
    }
}

impl Folder<'_> {
    /// A link in a circle or to nowhere is the user's fault; anything else is the machine's.
    fn broken(&self, error: &walkdir::Error, meet: &mut dyn FnMut(Met<'_, PathBuf>) -> anyhow::Result<Then>) -> anyhow::Result<()> {
        let path = error.path().unwrap_or(self.root);
        let is_link = path.symlink_metadata().is_ok_and(|found| found.is_symlink());
        if error.loop_ancestor().is_none() && !is_link {
            let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
            bail!("cannot read {}: {reason}", named(path));
        }
        let name = path.file_name().unwrap_or_default();
        meet(Met { path: self.relative(path), name, sort: Sort::Nowhere, kind: &|| Ok(Kind::LinkNowhere) })?;
        Ok(())
    }

    /// A path as messages show it: relative to the root, `/` between parts, what is no text escaped.
    fn relative(&self, path: &Path) -> PagePath {
        let inside = path.strip_prefix(self.root).unwrap_or(path);
        let parts = inside.components().map(|part| super::names::shown(part.as_os_str()));
        PagePath::new(parts.collect::<Vec<_>>().join("/"))
    }
}
