//! A chain from something that is needed down to what fails, in words and in places.

use crate::finding::{Finding, Place};
use crate::model::{Handbook, Kind, PageIx, Target};
use crate::source::Span;

/// Links that a chain may have before its middle is left out.
const LONG: usize = 12;

/// `Steps to roll back → Re-run the pipeline → ci → sso → dns`: titles of the parts of a path, ids of systems.
pub fn words(handbook: &Handbook, chain: &[Target]) -> String {
    let name = |target: &Target| match target {
        Target::Page(page) if handbook.pages[*page].process().is_none() => handbook.pages[*page].id.clone(),
        target => handbook.title_of(*target).to_owned(),
    };
    let mut names: Vec<String> = chain.iter().map(name).collect();
    if names.len() > LONG {
        let left_out = format!("({} more)", names.len() - LONG + 1);
        names.splice(LONG / 2..names.len() + 1 - LONG / 2, [left_out]);
    }
    names.join(" → ")
}

/// The shortest chain of systems from one to another that it hangs on, both included: `ci → sso → dns`.
pub fn of_systems(handbook: &Handbook, from: PageIx, to: PageIx) -> Vec<Target> {
    handbook.needs.chain(from, to).unwrap_or_default().into_iter().map(Target::Page).collect()
}

/// A finding with each link between two systems of a chain marked, once, where it is declared.
pub fn mark_links(handbook: &Handbook, mut finding: Finding, chain: &[Target]) -> Finding {
    for pair in chain.windows(2).take(LONG) {
        let [Target::Page(from), Target::Page(to)] = *pair else { continue };
        let Some(span) = link(handbook, from, to) else { continue };
        let (from, to) = (&handbook.pages[from], &handbook.pages[to]);
        let place = Place::new(from.path(), span);
        if finding.places.iter().all(|mark| mark.place != place) {
            finding = finding.mark(place, format!("`{}` needs `{}`", from.id, to.id));
        }
    }
    finding
}

/// Where a system names another that it does not work without.
fn link(handbook: &Handbook, from: PageIx, to: PageIx) -> Option<Span> {
    let Kind::System(system) = &handbook.pages[from].kind else { return None };
    system.depends_on.iter().find(|needed| needed.page == to).map(|needed| needed.span)
}
