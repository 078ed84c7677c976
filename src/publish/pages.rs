//! Site -> an id for each path. Pages are rendered in parallel, each on its own; those that the branch lacks are handed to git, and all are
//! forgotten as soon as they have an id.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};

use super::Wish;
use super::target::{OfflineCopy, Target};
use super::tip::Tip;
use crate::emit::manifest::{self, Content, Manifest};
use crate::emit::plan::Plan;
use crate::emit::render_each;
use crate::git::{Git, PLAIN, import::Import};
use crate::render::{Output, Site, offline};

/// Tells GitHub Pages to serve every file as it is, those whose names begin with `_` too.
pub(super) const NOJEKYLL: &str = ".nojekyll";

/// Everything that a publish puts on the branch.
pub(super) struct Pages {
    /// Every file of the site, and beside it the manifest and [`NOJEKYLL`]: its path, and its id.
    pub(super) files: BTreeMap<String, String>,
    /// Every folder above one.
    pub(super) folders: BTreeSet<String>,
    /// How many bytes each file of the site has.
    pub(super) sizes: Vec<(String, u64)>,
}

/// Where files go that the branch lacks.
enum Sink {
    /// Into the repository.
    Git(Mutex<Import>),
    /// Nowhere.
    Nowhere,
}

impl Pages {
    /// Renders a site.
    pub(super) fn render(site: &Site<'_>, target: &Target<'_>, tip: &Tip, wish: Wish) -> Result<Self> {
        // The copy is for the day when the host is down. On the host itself it is of little use, and it is large.
        let left_out = (target.offline_copy == OfflineCopy::LeftOut).then_some(offline::FILE);
        let plan = Plan::of(site)?;
        let sink = match wish {
            Wish::Push => Sink::Git(Mutex::new(Import::begin(Git { folder: target.root })?)),
            Wish::Tell => Sink::Nowhere,
        };
        let add = |path: &str, bytes: &[u8]| -> Result<String> {
            let id = target.format.blob(bytes);
            let has = tip.held.get(path.as_bytes()).is_some_and(|held| held.id == id && held.mode == PLAIN);
            match &sink {
                Sink::Git(import) if !has => import.lock().unwrap_or_else(PoisonError::into_inner).blob(bytes)?,
                _ => {}
            }
            Ok(id)
        };
        let keep = |output: &Output<'_>, bytes: Vec<u8>| {
            let id = add(&output.path, &bytes)?;
            Ok((output.path.clone(), id, Content::of(&bytes)))
        };
        let made = render_each(&plan, left_out, keep)?;
        let manifest = Manifest { files: made.iter().map(|(path, _, content)| (path.clone(), *content)).collect() };
        let sizes = made.iter().map(|(path, _, content)| (path.clone(), content.bytes)).collect();
        let mut files: BTreeMap<String, String> = made.into_iter().map(|(path, id, _)| (path, id)).collect();
        for (path, bytes) in [(manifest::NAME, manifest.text()?), (NOJEKYLL, Vec::new())] {
            if !files.contains_key(path) {
                files.insert(path.to_owned(), add(path, &bytes)?);
            }
        }
        if let Sink::Git(import) = sink {
            import.into_inner().unwrap_or_else(PoisonError::into_inner).end().context("cannot store the site in the repository")?;
        }
        Ok(Self { files, folders: plan.folders.iter().map(|folder| (*folder).to_owned()).collect(), sizes })
    }
}
