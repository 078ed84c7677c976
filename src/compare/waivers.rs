//! Accepted findings: which waivers came, went, changed, and ran out.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use serde::Serialize;

use crate::check::waive;
use crate::parse::blocks::Waive;

use super::names::Names;
use super::{Spot, Version};

/// Waivers that came, went, changed or ran out.
#[derive(Debug, Default, Serialize)]
pub struct Waivers<'a> {
    /// What nobody had signed before.
    pub added: Vec<SignedWaiver<'a>>,
    /// What nobody signs any more.
    pub removed: Vec<SignedWaiver<'a>>,
    /// What has another reason, signature or last day.
    pub changed: Vec<ChangedWaiver<'a>>,
    /// What held on the day of the version before and holds no longer.
    pub expired: Vec<SignedWaiver<'a>>,
}

/// A waiver.
#[derive(Clone, Debug, Serialize)]
pub struct SignedWaiver<'a> {
    /// `rule@element`: the finding that it covers, or the first of them.
    pub id: String,
    /// The rule.
    pub rule: &'a str,
    /// What it stands in.
    pub element: String,
    /// Where it stands.
    #[serde(flatten)]
    pub spot: Spot<'a>,
    /// What is signed.
    #[serde(flatten)]
    pub terms: Terms<'a>,
}

/// What a waiver says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Terms<'a> {
    /// Why it is accepted.
    pub reason: Option<&'a str>,
    /// Who signed.
    pub by: Option<&'a str>,
    /// The last day on which it holds.
    #[serde(serialize_with = "day")]
    pub until: Option<Date>,
}

fn day<S: serde::Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}

/// A waiver that says something else than before.
#[derive(Clone, Debug, Serialize)]
pub struct ChangedWaiver<'a> {
    /// As it is now.
    #[serde(flatten)]
    pub waiver: SignedWaiver<'a>,
    /// What was signed before.
    pub before: Terms<'a>,
}

impl Terms<'_> {
    fn held_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| until >= day)
    }
}

/// How the waivers changed.
pub fn changes<'a>(before: &Version<'a>, after: &Version<'a>, names: &Names<'a>) -> Waivers<'a> {
    let (old, new) = (signed(before), signed(after));
    let was: HashMap<String, Terms<'a>> = old.iter().map(|waiver| (names.id_after(&waiver.id), waiver.terms)).collect();
    let is: HashSet<String> = new.iter().map(|waiver| waiver.id.clone()).collect();
    let today = after.handbook().today;
    let mut waivers =
        Waivers { removed: old.into_iter().filter(|waiver| !is.contains(&names.id_after(&waiver.id))).collect(), ..Waivers::default() };
    for waiver in new {
        let Some(terms) = was.get(&waiver.id) else {
            waivers.added.push(waiver);
            continue;
        };
        if terms.held_on(before.day) && !waiver.terms.held_on(today) {
            waivers.expired.push(waiver.clone());
        }
        if *terms != waiver.terms {
            waivers.changed.push(ChangedWaiver { waiver, before: *terms });
        }
    }
    waivers
}

/// Every waiver of a version, in page order. A second one of a rule on one thing is told apart by `~2`.
fn signed<'a>(version: &Version<'a>) -> Vec<SignedWaiver<'a>> {
    let mut given: HashMap<String, usize> = HashMap::new();
    let mut waivers = Vec::new();
    for (element, page, waive) in waive::declared(version.handbook()) {
        let Some(rule) = &waive.rule else { continue };
        let element = element.name();
        let mut id = format!("{}@{element}", rule.value);
        let count = given.entry(id.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            id = format!("{id}~{count}");
        }
        waivers.push(SignedWaiver { id, rule: &rule.value, element, spot: version.spot(page.path(), rule.span), terms: terms(waive) });
    }
    waivers
}

fn terms(waive: &Waive) -> Terms<'_> {
    Terms {
        reason: waive.reason.as_ref().map(|reason| reason.value.0.trim()),
        by: waive.by.as_ref().map(|by| by.value.as_str()),
        until: waive.until.as_ref().map(|until| until.value),
    }
}
