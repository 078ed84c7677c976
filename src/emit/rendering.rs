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
use crate::render::{Article, Gathering, Output};

/// Renders the outputs that are wanted, in parallel and one at a time for each thread, and gives the bytes of each to `keep`. What is made
/// of others is made of the same bytes. The order of what is kept says nothing.
pub(crate) fn render_each<'s, T: Send>(
    plan: &Plan<'s>,
    wanted: impl Fn(&Output<'_>) -> Result<bool> + Sync,
    keep: impl Fn(&'s Output<'s>, Vec<u8>) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let gathered: HashSet<usize> =
        plan.gatherings.iter().flat_map(|gathering| gathering.of.iter().chain([&gathering.output])).copied().collect();
    let make = |at: usize| -> Result<Option<Vec<u8>>> {
        let output = &plan.outputs[at];
        if !wanted(output)? {
            return Ok(None);
        }
        rendered(output, &output.bytes).map(Some)
    };
    let alone = |at: usize| make(at)?.map(|bytes| keep(&plan.outputs[at], bytes)).transpose();
    let gather = |gathering: &'s Gathering<'s>| {
        let part = |at: &usize| {
            let Some(bytes) = make(*at)? else { return Ok((Article::default(), None)) };
            Ok((Gathering::take(&bytes), Some(keep(&plan.outputs[*at], bytes)?)))
        };
        let (taken, mut kept): (Vec<_>, Vec<_>) = gathering.of.par_iter().map(part).collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let output = &plan.outputs[gathering.output];
        if wanted(output)? {
            let bytes = rendered(output, || gathering.make(taken))?;
            kept.push(Some(keep(output, bytes)?));
        }
        Ok(kept)
    };
    let (together, alone) = rayon::join(
        || plan.gatherings.par_iter().map(gather).collect::<Result<Vec<_>>>(),
        || (0..plan.outputs.len()).into_par_iter().filter(|at| !gathered.contains(at)).map(alone).collect::<Result<Vec<_>>>(),
    );
    Ok(together?.into_iter().flatten().chain(alone?).flatten().collect())
}

/// The bytes of one output. A panic of ours is an error.
fn rendered(output: &Output<'_>, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    let rendering = || format!("rendering {}", named(Path::new(&output.path)));
    match catch_unwind(AssertUnwindSafe(make)) {
        Ok(bytes) => bytes.with_context(rendering),
        Err(_) => Err(anyhow!("internal error, please report")).with_context(rendering),
    }
}
