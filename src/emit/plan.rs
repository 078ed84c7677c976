//! The door: what a site wants to write, checked once more before anything is written.
//!
//! In: a site. Out: its files and folders, all below the output, none twice, none both file and folder. A refusal here is a fault of this
//! program, since `render` and `check` promise the same. Absent: whether two names collide on some other system (`check` knows).

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use anyhow::{Result, ensure};

use super::manifest::{folders_of, may_be_ours};
use crate::containment::named;
use crate::render::{Gathering, Output, Pack, Site};

/// A site whose paths may be written.
pub(crate) struct Plan<'s> {
    pub(crate) outputs: &'s [Output<'s>],
    /// The output that holds others, where there is one.
    pub(crate) pack: Option<&'s Pack>,
    /// Outputs that are made of others.
    pub(crate) gatherings: &'s [Gathering<'s>],
    /// The path of every output.
    pub(crate) files: HashSet<&'s str>,
    /// Every folder above one, in an order in which they can be made.
    pub(crate) folders: BTreeSet<&'s str>,
}

impl<'s> Plan<'s> {
    /// The plan of a site.
    pub(crate) fn of(site: &'s Site<'s>) -> Result<Self> {
        let mut files = HashSet::with_capacity(site.outputs.len());
        for Output { path, source, .. } in &site.outputs {
            let from = source.as_ref().map_or(String::new(), |source| format!(" (from `{source}`)"));
            ensure!(may_be_ours(path), "the output path {}{from} may not be written: please report this", named(Path::new(path)));
            ensure!(files.insert(path.as_str()), "the output path {}{from} is given twice: please report this", named(Path::new(path)));
        }
        let folders = folders_of(files.iter().copied());
        if let Some(both) = folders.iter().find(|folder| files.contains(*folder)) {
            anyhow::bail!("the output path {} is both a file and a folder: please report this", named(Path::new(both)));
        }
        Ok(Plan { outputs: &site.outputs, pack: site.pack.as_ref(), gatherings: &site.gatherings, files, folders })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(paths: &[&str]) -> String {
        let output = |path: &&str| Output { path: path.to_string(), source: None, bytes: Box::new(|| Ok(Vec::new())) };
        let site = Site { outputs: paths.iter().map(output).collect(), ..Site::default() };
        Plan::of(&site).err().map_or(String::new(), |error| error.to_string())
    }

    #[test]
    fn only_paths_below_the_output_pass_the_door() {
        for path in ["../x", "/x", "a//b", "a/../b", "", ".git/x", ".forewarn-manifest.json", "a/"] {
            assert!(refused(&["index.html", path]).contains("may not be written"), "{path}");
        }
        assert!(refused(&["a", "a"]).contains("twice"));
        assert!(refused(&["a", "a/b"]).contains("both"));
        assert_eq!(refused(&[".nojekyll", "a.html", "a/b"]), "");
    }
}
