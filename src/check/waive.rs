//! Waivers: which findings are accepted, and which waivers are themselves wrong.
//!
//! A waiver covers the findings of its rule on the thing that it stands in and all inside it; in the front matter, on the whole page. It
//! holds on the day of `until`. An invalid waiver waives nothing.

use std::collections::HashMap;
use std::sync::Arc;

use crate::finding::{Element, Finding, Place, Waiver};
use crate::model::{Handbook, Page};
use crate::parse::blocks::Waive;
use crate::parse::nearest::guess;
use crate::parse::value::{Status, says_something};
use crate::source::{PagePath, Span};

use super::rule::{Group, Waivable};
use super::rules::{RULES, find};

/// The shortest reason that says something, in characters.
const REASON: usize = 20;

/// A waiver with what it covers.
struct Scope<'h> {
    page: &'h Page,
    /// The step or failure mode it stands in; none in the front matter.
    thing: Option<&'h str>,
    /// All that belongs to a step.
    extent: Option<Span>,
    waive: &'h Waive,
}

/// Marks the findings that are accepted and adds those about waivers.
pub fn apply(handbook: &Handbook, findings: &mut Vec<Arc<Finding>>) {
    let mut by_rule: HashMap<(&str, PagePath), Vec<usize>> = HashMap::new();
    for (index, finding) in findings.iter().enumerate() {
        by_rule.entry((finding.rule, finding.place.path.clone())).or_default().push(index);
    }
    let mut wrong = Vec::new();
    for scope in scopes(handbook) {
        let Some(rule) = &scope.waive.rule else { continue };
        let known = find(&rule.value);
        let candidates = known.and_then(|known| by_rule.get(&(known.name, scope.page.path().clone())));
        let covered: Vec<usize> = candidates.into_iter().flatten().copied().filter(|index| scope.covers(&findings[*index])).collect();
        if let Some(finding) = scope.complaint(handbook, covered.is_empty()) {
            wrong.push(finding);
            continue;
        }
        let waiver = Waiver {
            reason: scope.reason().unwrap_or_default().to_owned(),
            by: scope.waive.by.as_ref().map(|by| by.value.clone()).unwrap_or_default(),
            until: scope.waive.until.as_ref().map(|until| until.value),
        };
        covered.into_iter().for_each(|index| Arc::make_mut(&mut findings[index]).waived = Some(waiver.clone()));
    }
    findings.extend(wrong.into_iter().map(Arc::new));
}

/// Every waiver that names a rule, with the thing that it stands in and the rule as its part; in page order.
pub fn declared(handbook: &Handbook) -> impl Iterator<Item = (Element, &Page, &Waive)> {
    scopes(handbook).filter_map(|Scope { page, thing, waive, .. }| {
        let rule = waive.rule.as_ref()?;
        Some((Element::of(&page.id, thing).part(&rule.value), page, waive))
    })
}

/// Every waiver of the handbook, in page order.
fn scopes(handbook: &Handbook) -> impl Iterator<Item = Scope<'_>> {
    handbook.pages.iter().enumerate().flat_map(|(index, page)| {
        let front = page.document.front.page.waive.iter().map(move |waive| Scope { page, thing: None, extent: None, waive });
        let steps = handbook.steps(index).flat_map(move |step| {
            step.waives().iter().map(move |waive| Scope { page, thing: Some(&step.written.id), extent: Some(step.written.extent), waive })
        });
        let failures = page.document.failures.iter().flat_map(move |failure| {
            failure.block.waive.iter().map(move |waive| Scope { page, thing: Some(&failure.id), extent: None, waive })
        });
        front.chain(steps).chain(failures)
    })
}

impl Scope<'_> {
    fn reason(&self) -> Option<&str> {
        self.waive.reason.as_ref().map(|reason| reason.value.0.trim())
    }

    fn covers(&self, finding: &Finding) -> bool {
        if self.page.from_settings && finding.element.page != self.page.id {
            return false;
        }
        match self.thing {
            None => true,
            Some(thing) if finding.element.thing.as_deref() == Some(thing) => true,
            Some(_) => self.extent.is_some_and(|extent| extent.contains(finding.place.span)),
        }
    }

    /// What is wrong with the waiver, if anything.
    fn complaint(&self, handbook: &Handbook, covers_nothing: bool) -> Option<Finding> {
        let rule = self.waive.rule.as_ref()?;
        let name = rule.value.as_str();
        let mut meant = None;
        let (span, message, help) = match find(name) {
            None => {
                let near = guess(name, &RULES.iter().map(|rule| rule.name).collect::<Vec<_>>());
                meant = near.filter(|near| near.is_certain);
                let otherwise = || "`forewarn explain --list` shows all rules".to_owned();
                let help = near.map_or_else(otherwise, |near| format!("did you mean `{}`?", near.name));
                (rule.span, format!("no rule is called `{name}`"), help)
            }
            Some(known) if known.waivable == Waivable::No => {
                (rule.span, format!("findings of `{name}` cannot be waived"), "mend what it finds, and delete the waiver".to_owned())
            }
            Some(_) if self.reason().is_none_or(|reason| reason.chars().count() < REASON || !says_something(reason)) => {
                let span = self.waive.reason.as_ref().map_or(rule.span, |reason| reason.span);
                let help = format!("say in {REASON} characters or more why this is accepted");
                (span, format!("this waiver of `{name}` gives no real reason"), help)
            }
            Some(_) if self.waive.by.as_ref().is_none_or(|by| !says_something(&by.value)) => {
                let span = self.waive.by.as_ref().map_or(rule.span, |by| by.span);
                (span, format!("nobody signs this waiver of `{name}`"), "add `by = \"…\"` with who accepts it".to_owned())
            }
            Some(_) if self.waive.until.as_ref().is_some_and(|until| until.value < handbook.today) => {
                let until = self.waive.until.as_ref()?;
                (
                    until.span,
                    format!("this waiver of `{name}` expired on {}", until.value),
                    "mend what it covers, or sign it anew with a later day".to_owned(),
                )
            }
            // What is retired is no longer looked at; its waivers wait with it.
            Some(known) if covers_nothing && self.page.status() == Status::Retired && known.group != Group::Structure => return None,
            Some(_) if covers_nothing => {
                let thing = self.thing.map_or_else(|| "this page".to_owned(), |thing| format!("`{thing}`"));
                (
                    rule.span,
                    format!("this waiver covers nothing: `{name}` finds nothing in {thing}"),
                    "delete it, or move it to where the finding is".to_owned(),
                )
            }
            Some(_) => return None,
        };
        let element = Element::of(&self.page.id, self.thing).part(name);
        let note = "an invalid waiver waives nothing";
        let place = Place::new(self.page.path(), span);
        let finding = Finding::new("invalid-waiver", place.clone(), element, message).note(note).help(help);
        Some(match meant {
            Some(meant) => finding.patch(place, format!("{:?}", meant.name)),
            None => finding,
        })
    }
}
