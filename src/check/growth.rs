//! What fills up as processes run more often: the minutes of roles, the calls that systems allow, and what runs out.
//!
//! Enters: the handbook. Leaves: the sums of [`load`](super::load), set against what there is. The same sums decide the rules of growth.
//! Absent: words, and how it is drawn.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use crate::model::{Handbook, PageIx};
use crate::parse::front_matter::Limit;
use crate::parse::value::{PageKind, Period};

use super::load::{self, Sum, Term};
use super::sums;

/// What processes ask of a role or of a system, and what it can give, in one period.
#[derive(Clone, Debug)]
pub struct Demand {
    /// The role or system.
    pub whom: PageIx,
    /// The period of all numbers.
    pub period: Period,
    /// What it can give: minutes of all holders, or calls.
    pub given: BigRational,
    /// What each process asks, the most first.
    pub terms: Vec<Term>,
    /// What is asked now by those of them that say how often they run now.
    pub now: BigRational,
    /// How many of them do not say it.
    pub now_not_stated: usize,
    /// What is asked as planned.
    pub planned: BigRational,
}

impl Demand {
    /// How many times the planned volume fits; nothing where nothing is asked.
    pub fn full_at(&self) -> Option<BigRational> {
        (!self.planned.is_zero()).then(|| &self.given / &self.planned)
    }

    /// What is asked at ten times the planned volume.
    pub fn tenfold(&self) -> BigRational {
        &self.planned * BigRational::from(BigInt::from(10))
    }
}

/// What a process asks of its role or system now, in a period; nothing where it does not say how often it runs.
pub fn now(handbook: &Handbook, term: &Term, period: Period) -> Option<BigRational> {
    let volume = handbook.pages[term.process].process_keys()?.volume.as_ref()?;
    Some(&term.per_run * volume.now.as_ref()?.value.value.per(period))
}

/// All roles and systems that say what they can give, what is full first before the others; what nothing is asked of comes last.
pub fn demands(handbook: &Handbook) -> Vec<Demand> {
    let (mut roles, mut systems) = (load::of_roles(handbook), load::of_systems(handbook));
    let of_roles = handbook.of_kind(PageKind::Role).filter_map(|role| {
        let terms = roles.remove(&role).unwrap_or_default();
        Some(demand(handbook, role, Period::Week, load::given(handbook, role)?, terms))
    });
    let of_systems = handbook.of_kind(PageKind::System).filter_map(|system| {
        let rate = load::rate_limit(handbook, system)?.value.value;
        Some(demand(handbook, system, rate.period, rate.count.exact(), systems.remove(&system).unwrap_or_default()))
    });
    let mut demands: Vec<Demand> = of_roles.chain(of_systems).collect();
    demands.sort_by_cached_key(|demand| {
        let factor = demand.full_at();
        (factor.is_none(), factor, demand.whom)
    });
    demands
}

/// What is asked of one role, out of what is asked of all; nothing where it does not say what it can give.
pub fn of_role(handbook: &Handbook, asked: &BTreeMap<PageIx, Vec<Term>>, role: PageIx) -> Option<Demand> {
    let terms = asked.get(&role).cloned().unwrap_or_default();
    Some(demand(handbook, role, Period::Week, load::given(handbook, role)?, terms))
}

fn demand(handbook: &Handbook, whom: PageIx, period: Period, given: BigRational, mut terms: Vec<Term>) -> Demand {
    terms.sort_by_cached_key(|term| (std::cmp::Reverse(term.per(period)), term.process));
    let planned = Sum::over(period, terms.clone()).total;
    let asked_now: Vec<Option<BigRational>> = terms.iter().map(|term| now(handbook, term, period)).collect();
    let now_not_stated = asked_now.iter().filter(|now| now.is_none()).count();
    Demand { whom, period, given, now: sums::sum(asked_now.iter().flatten()), now_not_stated, planned, terms }
}

/// Something of a system that runs out.
#[derive(Clone, Debug)]
pub struct Stock<'h> {
    /// The system.
    pub system: PageIx,
    /// What is declared of it.
    pub limit: &'h Limit,
    /// How much is used.
    pub now: BigRational,
    /// How much there is.
    pub max: BigRational,
}

impl Stock<'_> {
    /// How many times what is used now fits; nothing where nothing is used.
    pub fn full_at(&self) -> Option<BigRational> {
        (!self.now.is_zero()).then(|| &self.max / &self.now)
    }
}

/// What runs out, where both numbers are stated, what is nearly used up before the rest.
pub fn stocks(handbook: &Handbook) -> Vec<Stock<'_>> {
    let limits = |system: PageIx| handbook.pages[system].system_keys().map_or(&[][..], |keys| &keys.limit).iter();
    let mut stocks: Vec<Stock<'_>> = handbook
        .of_kind(PageKind::System)
        .flat_map(|system| limits(system).map(move |limit| (system, limit)))
        .filter_map(|(system, limit)| {
            let (now, max) = (limit.now.as_ref()?.value.exact(), limit.max.as_ref()?.value.exact());
            Some(Stock { system, limit, now, max })
        })
        .collect();
    stocks.sort_by_cached_key(|stock| {
        let factor = stock.full_at();
        (factor.is_none(), factor, stock.system)
    });
    stocks
}
