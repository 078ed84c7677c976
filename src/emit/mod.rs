//! Site -> folder; the only writer.
//!
//! In: a [`Site`] and a folder that [`vet`] found fit. Out: the folder holds exactly that site, plus what others put there, and
//! [`Emitted`] says what changed. Whatever fails, the folder is as it was. Absent: any opinion on what the files mean.
//!
//! A build becomes whole beside the output and then changes places with it:
//!
//! ```text
//! target     may a build go there?              refuses with one line, before any write
//! plan       what does the site want to write?  only below the output
//! lock       one build at a time
//! stage      recover: what a dead build left goes
//! survey     what lies there: ours, unchanged; others' is kept; ours, edited, is refused
//! stage      render and write page by page; second names for what stays; the manifest last
//! swap       the old folder and the new one change places (in_place: file by file, where a folder cannot)
//! remove     the old build goes, by its manifest
//! ```

pub mod author;
mod files;
mod in_place;
mod interrupt;
mod lock;
pub(crate) mod manifest;
pub(crate) mod plan;
mod remove;
mod rendering;
mod stage;
mod survey;
mod swap;
mod target;
mod vanished;
#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::containment::named;
use crate::render::Site;
use files::{Disk, Files};
use interrupt::Hold;
use lock::Lock;
use manifest::Manifest;
use plan::Plan;
use stage::{Done, Fate, Made, Staging};
use survey::Survey;
use target::{Way, name_within};

pub use interrupt::Interrupted;
pub(crate) use rendering::render_each;
pub use target::{Target, vet};
pub use vanished::Vanished;

/// How long a build waits for another one to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// Above this many bytes GitHub refuses a file.
const FILE_LIMIT: u64 = 100_000_000;
/// Above this many bytes GitHub Pages refuses a site.
const SITE_LIMIT: u64 = 1_000_000_000;

/// What a build did to the output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emitted {
    /// Paths that the last build did not have, sorted.
    pub added: Vec<String>,
    /// Paths with other bytes than in the last build, sorted.
    pub changed: Vec<String>,
    /// Paths that only the last build had, sorted.
    pub removed: Vec<String>,
    /// How many files are as they were.
    pub unchanged: usize,
    /// Anchors that are gone from pages which are still there, where other pages of the last build linked to them.
    pub vanished: Vec<Vanished>,
    /// What the user should know, one line each: files of others that were kept, how the output was written if not by a swap, what could
    /// not be removed, limits of GitHub Pages.
    pub notes: Vec<String>,
    /// The size of all files in bytes, without the manifest.
    pub bytes: u64,
}

/// What every stage of one build looks at.
struct Work<'w, 's> {
    files: &'w dyn Files,
    plan: &'w Plan<'s>,
    survey: &'w Survey,
    target: &'w Target,
    hold: &'w Hold,
}

/// Writes a site into its output folder.
///
/// Errors are the machine's faults or the state of the output, each with one line that names the path; the output is then as it was. A
/// signal gives [`Interrupted`] (find it by `error.downcast_ref`). Each output's bytes are asked for at most once, in parallel, and dropped
/// as soon as they are written.
pub fn emit(site: &Site<'_>, target: &Target) -> Result<Emitted> {
    run(&Disk, site, target, PATIENCE, &Hold::new())
}

fn run(files: &dyn Files, site: &Site<'_>, target: &Target, patience: Duration, hold: &Hold) -> Result<Emitted> {
    let plan = Plan::of(site)?;
    let mut made = Vec::new();
    let emitted = make_above(files, target.parent(), &mut made).and_then(|()| locked(files, &plan, target, patience, hold));
    if emitted.is_err() {
        remove::empty_folders(files, made);
    }
    emitted
}

/// Makes the folders that should hold the output.
fn make_above(files: &dyn Files, parent: &Path, made: &mut Vec<PathBuf>) -> Result<()> {
    let attempt = || format!("making {}", named(parent));
    let mut missing = Vec::new();
    for above in parent.ancestors() {
        if files.stat(above).with_context(attempt)?.is_some() {
            break;
        }
        missing.push(above);
    }
    for folder in missing.into_iter().rev() {
        match files.create_folder(folder) {
            Ok(()) => made.push(folder.to_path_buf()),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(attempt),
        }
    }
    Ok(())
}

fn locked(files: &dyn Files, plan: &Plan<'_>, target: &Target, patience: Duration, hold: &Hold) -> Result<Emitted> {
    let lock = Lock::take(files, target.workplace().join(target.name_of("lock")), patience, hold)?;
    let mut notes: Vec<String> = lock.note().into_iter().collect();
    notes.extend(stage::recover(files, target)?);
    let survey = Survey::of(files, target, plan)?;
    notes.extend(survey.note());
    let staging = Staging::open(files, target.workplace(), &target.name_of("staging-"))?;
    let built = build(&Work { files, plan, survey: &survey, target, hold }, &staging);
    let left = remove::staging(files, &staging, target.folder(), &survey.ours);
    let Built { made, vanished, told } = built?;
    notes.extend(told);
    notes.extend(left);
    Ok(Emitted { vanished, ..tally(&made, plan, &survey, notes) })
}

/// What came of a build that stands.
struct Built<'s> {
    made: Vec<Made<'s>>,
    vanished: Vec<Vanished>,
    /// How it got there, where that is worth a word.
    told: Option<String>,
}

/// Everything between an empty staging and an output that holds the new build.
fn build<'s>(work: &Work<'_, 's>, staging: &Staging) -> Result<Built<'s>> {
    let made = stage::fill(work, staging)?;
    // The last build still lies in the output.
    let vanished = vanished::of(work, staging, &made);
    let manifest = Manifest { files: made.iter().map(|made| (made.path.to_owned(), made.content)).collect() };
    let out = work.target.folder();
    let why = match work.target.way {
        Way::InPlace(why) => {
            in_place::put(work, staging, &made, &manifest)?;
            why.to_owned()
        }
        Way::Swap => match swap(work, staging, &manifest)? {
            Done::Yes => {
                // The new build stands; that the disk may not know it yet is no reason to fail.
                let unsure = work.files.sync(work.target.parent()).err();
                let told = unsure.map(|error| format!("{} could not be synced: {error}", named(work.target.parent())));
                return Ok(Built { made, vanished, told });
            }
            Done::Cannot(why) => {
                let within = Staging::open(work.files, out, &name_within("staging-"))?;
                let put = stage::restage(work, staging, &within, &made).and_then(|()| in_place::put(work, &within, &made, &manifest));
                let left = remove::staging(work.files, &within, out, &work.survey.ours);
                put?;
                left.map_or(why.clone(), |left| format!("{why} ({left})"))
            }
        },
    };
    let how = format!(
        "wrote {} file by file, because it {why}: a crash meanwhile leaves old beside new, and the next build makes it whole",
        named(out)
    );
    Ok(Built { made, vanished, told: Some(how) })
}

fn swap(work: &Work<'_, '_>, staging: &Staging, manifest: &Manifest) -> Result<Done> {
    let Work { files, survey, target, hold, .. } = *work;
    if let Done::Cannot(why) = stage::carry(work, staging)? {
        return Ok(Done::Cannot(why));
    }
    stage::finish(files, staging, manifest)?;
    hold.check()?;
    if survey.exists {
        swap::swap(files, staging, target.folder())
    } else {
        swap::appear(files, staging, target.folder()).map(|()| Done::Yes)
    }
}

fn tally(made: &[Made<'_>], plan: &Plan<'_>, survey: &Survey, notes: Vec<String>) -> Emitted {
    let with = |fate| {
        let mut paths: Vec<_> = made.iter().filter(|made| made.fate == fate).map(|made| made.path.to_owned()).collect();
        paths.sort();
        paths
    };
    let mut emitted = Emitted {
        added: with(Fate::Added),
        changed: with(Fate::Changed),
        removed: survey.ours.keys().filter(|path| !plan.files.contains(path.as_str())).cloned().collect(),
        unchanged: made.iter().filter(|made| made.fate == Fate::Unchanged).count(),
        vanished: Vec::new(),
        notes,
        bytes: made.iter().map(|made| made.content.bytes).sum(),
    };
    let sizes = limits(made.iter().map(|made| (made.path, made.content.bytes)), emitted.bytes);
    emitted.notes.extend(sizes);
    emitted
}

/// What exceeds the limits of GitHub Pages.
pub(crate) fn limits<'p>(files: impl Iterator<Item = (&'p str, u64)>, whole: u64) -> Vec<String> {
    let mega = |bytes: u64| bytes / 1_000_000;
    let large = files.filter(|(_, bytes)| *bytes > FILE_LIMIT);
    let mut notes: Vec<_> = large
        .map(|(path, bytes)| {
            format!("{} has {} MB, and GitHub refuses files over {} MB", named(Path::new(path)), mega(bytes), mega(FILE_LIMIT))
        })
        .collect();
    if whole > SITE_LIMIT {
        notes.push(format!("the output has {} MB, and GitHub Pages refuses sites over {} MB", mega(whole), mega(SITE_LIMIT)));
    }
    notes
}
