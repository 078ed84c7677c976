//! The recoveries of processes invoke each other in a circle.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use std::collections::BTreeMap;

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView, PageIx};

/// One finding per circle.
pub const RULE: Rule = Rule {
    name: "recovery-cycle",
    group: Group::Structure,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::Yes,
    summary: "The recoveries of processes invoke each other in a circle.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    let mut invokes: BTreeMap<(PageIx, PageIx), ModeView<'_>> = BTreeMap::new();
    for process in handbook.processes() {
        for mode in handbook.modes(process) {
            let called = mode.resolved.path.iter().map(|target| target.page()).filter(|page| *page != process);
            called.for_each(|page| {
                invokes.entry((process, page)).or_insert(mode);
            });
        }
    }
    let graph: DiGraphMap<PageIx, ()> = invokes.keys().copied().collect();
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1);
    circles.map(|circle| finding(handbook, &invokes, circle)).collect()
}

fn finding(handbook: &Handbook, invokes: &BTreeMap<(PageIx, PageIx), ModeView<'_>>, mut circle: Vec<PageIx>) -> Finding {
    circle.sort_by_key(|page| &handbook.pages[*page].id);
    let ids: Vec<&str> = circle.iter().map(|page| handbook.pages[*page].id.as_str()).collect();
    let titles: Vec<String> = circle.iter().map(|page| format!("`{}`", handbook.pages[*page].title())).collect();
    let call = |from: PageIx| invokes.iter().find(|((caller, called), _)| *caller == from && circle.contains(called)).map(|(_, mode)| mode);
    let place = |from: PageIx| {
        let page = &handbook.pages[from];
        Place::new(page.path(), call(from).map_or_else(|| page.title_place(), |mode| mode.written.place))
    };
    let mut finding = Finding::new(
        RULE.name,
        place(circle[0]),
        Element::page(ids.join("+")),
        format!("the recoveries of {} invoke each other", titles.join(", ")),
    )
    .note("each waits for the other, and nobody is back to normal")
    .help("give one of the failure modes a recovery that needs none of the others");
    for page in circle.iter().skip(1) {
        finding = finding.mark(place(*page), "it leads back from here");
    }
    finding
}
