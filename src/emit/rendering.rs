//! Every output of a plan, rendered: for the folder of `build` and for the branch of `publish`.
//!
//! In: a plan, and who wants the bytes. Out: what became of each. A panic of ours is an error that names the output. Absent: where bytes go.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, anyhow};
use rayon::prelude::*;

use super::plan::Plan;
use crate::containment::named;
use crate::render::{Article, Gathering, Output};

/// Renders all outputs but the one at `without`, in parallel and one at a time for each thread, and gives the bytes of each to `keep`. What is
/// made of others is made of the same bytes, as soon as the last of them is there. The order of what is kept says nothing.
///
/// Neighbours are rendered one after the other: a page, its run sheet and its workbook show the same code, which is marked once while it is
/// remembered.
pub(crate) fn render_each<'s, T: Send>(
    plan: &Plan<'s>,
    without: Option<&str>,
    keep: impl Fn(&'s Output<'s>, Vec<u8>) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let waiting: Vec<Waiting<'s>> = plan.gatherings.iter().map(Waiting::new).collect();
    let made_of_others: HashSet<usize> = plan.gatherings.iter().map(|gathering| gathering.output).collect();
    let parts: HashMap<usize, (usize, usize)> = (plan.gatherings.iter().enumerate())
        .flat_map(|(gathering, Gathering { of, .. })| of.iter().enumerate().map(move |(place, at)| (*at, (gathering, place))))
        .collect();
    let together = |gathering: &'s Gathering<'s>, taken| {
        let output = &plan.outputs[gathering.output];
        keep(output, rendered(output, || gathering.make(taken))?)
    };
    let one = |at: usize| {
        let output = &plan.outputs[at];
        let bytes = rendered(output, &output.bytes)?;
        let Some((gathering, place)) = parts.get(&at) else { return Ok(vec![keep(output, bytes)?]) };
        let waiting = &waiting[*gathering];
        let whole = waiting.take(*place, Gathering::take(&bytes));
        let mut kept = vec![keep(output, bytes)?];
        if let Some(taken) = whole {
            kept.push(together(waiting.gathering, taken)?);
        }
        Ok(kept)
    };
    let asked = |at: &usize| !made_of_others.contains(at) && Some(plan.outputs[*at].path.as_str()) != without;
    let kept = (0..plan.outputs.len()).into_par_iter().filter(asked).map(one).collect::<Result<Vec<_>>>()?;
    let of_nothing = plan.gatherings.iter().filter(|gathering| gathering.of.is_empty()).map(|gathering| together(gathering, Vec::new()));
    kept.into_iter().flatten().map(Ok).chain(of_nothing).collect()
}

/// What was taken so far for an output that is made of others.
struct Waiting<'s> {
    gathering: &'s Gathering<'s>,
    /// By their places among the others.
    taken: Mutex<HashMap<usize, Article>>,
}

impl<'s> Waiting<'s> {
    fn new(gathering: &'s Gathering<'s>) -> Self {
        Self { gathering, taken: Mutex::default() }
    }

    /// Adds what is taken of one; gives all of it, in order, when that was the last.
    fn take(&self, place: usize, article: Article) -> Option<Vec<Article>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.insert(place, article);
        let count = self.gathering.of.len();
        (taken.len() == count).then(|| (0..count).filter_map(|place| taken.remove(&place)).collect())
    }
}

/// The bytes of one output. A panic of ours is an error.
fn rendered(output: &Output<'_>, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    let rendering = || format!("rendering {}", named(Path::new(&output.path)));
    match catch_unwind(AssertUnwindSafe(make)) {
        Ok(bytes) => bytes.with_context(rendering),
        Err(_) => Err(anyhow!("internal error, please report")).with_context(rendering),
    }
}
