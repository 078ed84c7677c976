//! Every output of a plan, rendered: for the folder of `build` and for the branch of `publish`.
//!
//! In: a plan, and who wants the bytes. Out: what became of each. A panic of ours is an error that names the output. Absent: where bytes go.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use rayon::prelude::*;

use super::plan::Plan;
use crate::containment::named;
use crate::render::{Gathering, Output};

/// Renders all outputs but the one at `without`, in parallel and one at a time for each thread, and gives the bytes of each to `keep`. What is
/// made of others is made of the same bytes. The order of what is kept says nothing.
pub(crate) fn render_each<'s, T: Send>(
    plan: &Plan<'s>,
    without: Option<&str>,
    keep: impl Fn(&'s Output<'s>, Vec<u8>) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let gathered: HashSet<usize> =
        plan.gatherings.iter().flat_map(|gathering| gathering.of.iter().chain([&gathering.output])).copied().collect();
    let alone = |at: usize| {
        let output = &plan.outputs[at];
        keep(output, rendered(output, &output.bytes)?)
    };
    let part = |at: &usize| {
        let output = &plan.outputs[*at];
        let bytes = rendered(output, &output.bytes)?;
        Ok((Gathering::take(&bytes), keep(output, bytes)?))
    };
    let together = |gathering: &'s Gathering<'s>| {
        let parts = gathering.of.par_iter().map(part).collect::<Result<Vec<_>>>()?;
        let (taken, mut kept): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let output = &plan.outputs[gathering.output];
        kept.push(keep(output, rendered(output, || gathering.make(taken))?)?);
        Ok(kept)
    };
    let is_alone = |at: &usize| !gathered.contains(at) && Some(plan.outputs[*at].path.as_str()) != without;
    let (together, alone) = rayon::join(
        // One after the other, each with its parts in parallel: what is taken of them is in memory until they are together.
        || plan.gatherings.iter().map(together).collect::<Result<Vec<_>>>(),
        || (0..plan.outputs.len()).into_par_iter().filter(is_alone).map(alone).collect::<Result<Vec<_>>>(),
    );
    Ok(together?.into_iter().flatten().chain(alone?).collect())
}

/// The bytes of one output. A panic of ours is an error.
fn rendered(output: &Output<'_>, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    let rendering = || format!("rendering {}", named(Path::new(&output.path)));
    match catch_unwind(AssertUnwindSafe(make)) {
        Ok(bytes) => bytes.with_context(rendering),
        Err(_) => Err(anyhow!("internal error, please report")).with_context(rendering),
    }
}
