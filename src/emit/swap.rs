//! The one moment at which the output changes: the old folder and the new one change places.
//!
//! In: a whole tree in a staging. Out: the tree stands as the output and the old output lies in the staging, or nothing has changed. On
//! Linux and macOS that is one step; elsewhere the old folder steps aside first, and comes back if the new one cannot take its place.
//! Absent: removal of the old tree.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};

use super::files::Files;
use super::stage::{Done, Staging, cannot};
use crate::containment::named;

/// Puts the tree of a staging in the place of an output that is not there.
pub(super) fn appear(files: &dyn Files, staging: &Staging, out: &Path) -> Result<()> {
    files.rename(&staging.tree(), out).with_context(|| format!("putting the build in place as {}", named(out)))
}

/// Lets the tree of a staging and an output change places.
pub(super) fn swap(files: &dyn Files, staging: &Staging, out: &Path) -> Result<Done> {
    let attempt = || format!("swapping the build with {}", named(out));
    files.permit_as(&staging.tree(), out).with_context(attempt)?;
    match files.exchange(&staging.tree(), out) {
        Ok(()) => Ok(Done::Yes),
        // The system, or this file system, has no such step.
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput) => aside(files, staging, out),
        Err(error) if cannot(&error) => Ok(Done::Cannot(format!("cannot be renamed ({error})"))),
        Err(error) => Err(error).with_context(attempt),
    }
}

/// The old output steps aside, the new one takes its place. If we die in between, the next build puts the old one back.
fn aside(files: &dyn Files, staging: &Staging, out: &Path) -> Result<Done> {
    match files.rename(out, &staging.aside()) {
        Ok(()) => {}
        Err(error) if cannot(&error) => return Ok(Done::Cannot(format!("cannot be renamed ({error})"))),
        Err(error) => return Err(error).with_context(|| format!("setting {} aside", named(out))),
    }
    let appeared = appear(files, staging, out);
    if appeared.is_err() {
        let back = files.rename(&staging.aside(), out);
        back.with_context(|| format!("the last build lies in {}; the next build puts it back as {}", named(&staging.aside()), named(out)))?;
    }
    appeared.map(|()| Done::Yes)
}
