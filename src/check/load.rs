//! How much the planned runs of all active processes ask of something: minutes of a role, calls to a system.
//!
//! **One run** of a process is the most expensive way from the first step of its first track: page order, `next` and the branches of
//! decisions, into other tracks of its page too. So a linear track counts with all its steps, and a decision with its largest branch.
//! Timeouts, takeovers and recoveries are no part of a run. Nor is another process that a branch leads to: its runs are counted with
//! its own volume, and would be counted twice. No step counts twice: a way that leads back to where it came from ends there.
//!
//! All sums are exact.

use std::collections::{BTreeMap, HashMap, HashSet};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use rayon::prelude::*;

use crate::finding::{Finding, Place};
use crate::model::flow::{self, Way};
use crate::model::{Handbook, PageIx, StepIx, StepView, Target};
use crate::parse::value::{Parsed, Period, Rate, Status};
use crate::source::Located;

use super::sums;

/// What one process asks.
#[derive(Clone, Debug)]
pub struct Term {
    /// The process.
    pub process: PageIx,
    /// What one run asks.
    pub per_run: BigRational,
    /// How often it is planned to run.
    pub planned: Located<Parsed<Rate>>,
}

impl Term {
    /// What all runs of a period ask.
    pub fn per(&self, period: Period) -> BigRational {
        &self.per_run * self.planned.value.value.per(period)
    }
}

/// The minutes that are asked of each role that says how many hold it and what one can give. A step's minutes go to its role, a decision's to
/// whoever decides.
pub fn of_roles(handbook: &Handbook) -> BTreeMap<PageIx, Vec<Term>> {
    loads(handbook, |step| {
        let minutes = step.facts().and_then(|facts| facts.minutes.as_ref());
        let minutes = minutes.or(step.decision().and_then(|decision| decision.minutes.as_ref()));
        let role = step.resolved.role.filter(|role| given(handbook, *role).is_some());
        role.zip(minutes).map(|(role, minutes)| (role, minutes.value.exact())).into_iter().collect()
    })
}

/// The calls that are made to each system that has a rate limit. A step calls each system that it uses once, however often it is named.
pub fn of_systems(handbook: &Handbook) -> BTreeMap<PageIx, Vec<Term>> {
    loads(handbook, |step| {
        let Some(calls) = step.facts().and_then(|facts| facts.calls.as_ref()) else { return Vec::new() };
        let used: HashSet<PageIx> = step.resolved.uses.iter().map(|used| used.page).collect();
        let limited = used.into_iter().filter(|system| rate_limit(handbook, *system).is_some());
        limited.map(|system| (system, BigRational::from(BigInt::from(calls.value.0)))).collect()
    })
}

/// The minutes that all holders of a role can give to processes in a week.
pub fn given(handbook: &Handbook, role: PageIx) -> Option<BigRational> {
    let keys = handbook.pages[role].role_keys()?;
    let (holders, minutes) = (keys.holders.as_ref()?, keys.minutes_per_week.as_ref()?);
    Some(BigRational::from(BigInt::from(holders.value.0)) * minutes.value.exact())
}

/// How often a system may be called.
pub fn rate_limit(handbook: &Handbook, system: PageIx) -> Option<&Located<Parsed<Rate>>> {
    handbook.pages[system].system_keys()?.rate_limit.as_ref()
}

/// What each role or system is asked for by all active processes with planned runs, in path order. `asks` says what one step asks of
/// whom.
fn loads<'h>(handbook: &'h Handbook, asks: impl Fn(&StepView<'h>) -> Vec<(PageIx, BigRational)> + Sync) -> BTreeMap<PageIx, Vec<Term>> {
    let processes: Vec<PageIx> = handbook.processes().collect();
    let terms: Vec<Vec<(PageIx, Term)>> = processes.into_par_iter().map(|process| terms(handbook, process, &asks)).collect();
    let mut loads: BTreeMap<PageIx, Vec<Term>> = BTreeMap::new();
    for (asked, term) in terms.into_iter().flatten() {
        loads.entry(asked).or_default().push(term);
    }
    loads
}

fn terms<'h>(handbook: &'h Handbook, process: PageIx, asks: &impl Fn(&StepView<'h>) -> Vec<(PageIx, BigRational)>) -> Vec<(PageIx, Term)> {
    let page = &handbook.pages[process];
    let volume = page.process_keys().and_then(|keys| keys.volume.as_ref());
    let planned = volume.and_then(|volume| volume.planned.as_ref()).filter(|_| page.status() == Status::Active);
    let Some(planned) = planned.filter(|planned| !planned.value.value.count.exact().is_zero()) else { return Vec::new() };
    let mut asked: BTreeMap<PageIx, HashMap<StepIx, BigRational>> = BTreeMap::new();
    for step in handbook.steps(process) {
        for (whom, amount) in asks(&step).into_iter().filter(|(_, amount)| !amount.is_zero()) {
            *asked.entry(whom).or_default().entry(step.at).or_insert_with(BigRational::zero) += amount;
        }
    }
    if asked.is_empty() {
        return Vec::new();
    }
    let run = Run::of(handbook, process);
    let term = |(whom, amounts): (PageIx, HashMap<StepIx, BigRational>)| {
        (whom, Term { process, per_run: run.most(&amounts), planned: planned.clone() })
    };
    asked.into_iter().map(term).filter(|(_, term)| !term.per_run.is_zero()).collect()
}

/// The steps that a run of a process can pass.
struct Run {
    /// Each step after all to which it leads; the first step of the process is the last.
    steps: Vec<StepIx>,
    /// Where each leads, by their places in `steps`.
    ways: Vec<Vec<usize>>,
}

impl Run {
    /// From the first step of the first track. What leads back to a step on the way to itself is left out.
    fn of(handbook: &Handbook, process: PageIx) -> Self {
        let mut run = Self { steps: Vec::new(), ways: Vec::new() };
        let Some(first) = flow::entry(handbook, Target::Page(process)) else { return run };
        // Where a step that all of its ways were followed from stands in `steps`; none while they are being followed.
        let mut known: HashMap<StepIx, Option<usize>> = HashMap::from([(first, None)]);
        let mut open: Vec<(StepIx, Vec<StepIx>, usize)> = vec![(first, onward(handbook, first), 0)];
        while let Some((step, ways, at)) = open.last_mut() {
            if let Some(next) = ways.get(*at).copied() {
                *at += 1;
                known.entry(next).or_insert_with(|| {
                    open.push((next, onward(handbook, next), 0));
                    None
                });
            } else {
                let step = *step;
                let leads = ways.iter().filter_map(|next| known.get(next).copied().flatten()).collect();
                known.insert(step, Some(run.steps.len()));
                run.steps.push(step);
                run.ways.push(leads);
                open.pop();
            }
        }
        run
    }

    /// The most that a way through the steps can ask.
    fn most(&self, amounts: &HashMap<StepIx, BigRational>) -> BigRational {
        // A step that asks nothing shares the sum of what follows: no number is made for it.
        let mut sums = vec![BigRational::zero()];
        let mut best: Vec<usize> = Vec::with_capacity(self.steps.len());
        for (step, ways) in self.steps.iter().zip(&self.ways) {
            let after = ways.iter().map(|way| best[*way]).reduce(|a, b| if a == b || sums[a] >= sums[b] { a } else { b }).unwrap_or(0);
            best.push(match amounts.get(step) {
                None => after,
                Some(amount) => {
                    sums.push(&sums[after] + amount);
                    sums.len() - 1
                }
            });
        }
        best.last().map_or_else(BigRational::zero, |first| sums[*first].clone())
    }
}

/// The steps of the same page that follow a step in a run.
fn onward(handbook: &Handbook, step: StepIx) -> Vec<StepIx> {
    let ways = flow::after(handbook, step).into_iter().filter(|(way, _)| matches!(way, Way::Next | Way::Branch));
    ways.filter_map(|(_, target)| flow::entry(handbook, target).filter(|next| next.page == step.page && enters(target))).collect()
}

/// A process that a branch leads to is another run, even where it is the process itself.
fn enters(target: Target) -> bool {
    !matches!(target, Target::Page(_))
}

/// The largest of these are written out.
const WRITTEN: usize = 3;

/// At most so many are marked.
const MARKED: usize = 10;

/// A load in words, the largest terms first: `12 min × 20/week (Deploy to production) + 5 min × 3/week (Restore)`.
pub struct Sum {
    terms: Vec<Term>,
    period: Period,
    /// Everything together.
    pub total: BigRational,
}

impl Sum {
    /// The sum over a period.
    pub fn over(period: Period, mut terms: Vec<Term>) -> Self {
        terms.sort_by_cached_key(|term| (std::cmp::Reverse(term.per(period)), term.process));
        let each: Vec<BigRational> = terms.iter().map(|term| term.per(period)).collect();
        Self { terms, period, total: sums::sum(each.iter()) }
    }

    /// The terms of the sum, in a unit such as `min`; of several, a plan for another period also says what it is in
    /// that of the sum.
    pub fn in_words(&self, handbook: &Handbook, unit: impl Fn(&BigRational) -> String) -> String {
        let written = self.terms.iter().take(WRITTEN).map(|term| {
            let title = handbook.pages[term.process].title();
            let product = format!("{} × {}", unit(&term.per_run), term.planned.value.text.trim());
            if term.planned.value.value.period == self.period || self.terms.len() == 1 {
                format!("{product} ({title})")
            } else {
                format!("{product} ({title}: {} {})", unit(&term.per(self.period)), self.period.each())
            }
        });
        let mut parts: Vec<String> = written.collect();
        let rest: Vec<BigRational> = self.terms.iter().skip(WRITTEN).map(|term| term.per(self.period)).collect();
        match rest.len() {
            0 => {}
            1 => parts.push(format!("1 more ({})", unit(&rest[0]))),
            more => parts.push(format!("{more} more ({})", unit(&sums::sum(rest.iter())))),
        }
        parts.join(" + ")
    }

    /// A finding with the processes marked, where their planned runs stand.
    pub fn mark(&self, handbook: &Handbook, finding: Finding, unit: impl Fn(&BigRational) -> String) -> Finding {
        self.terms.iter().take(MARKED).fold(finding, |finding, term| {
            let page = &handbook.pages[term.process];
            finding.mark(Place::new(page.path(), term.planned.span), format!("{} a run", unit(&term.per_run)))
        })
    }
}
