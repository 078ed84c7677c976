//! A system that serious processes use can be down, and nothing says how the load comes back.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::serious_use::{InUse, ask};
use crate::finding::{Finding, Level, Place};
use crate::model::{Handbook, ModeView};
use crate::parse::value::{State, said};

/// One finding per system.
pub const RULE: Rule = Rule {
    name: "return-load-not-considered",
    group: Group::OutageQuestions,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A system that a serious process uses hard can be down, and states no `comeback`.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    ask(handbook, |system: &InUse<'_>| {
        let comeback = &system.keys.comeback;
        let stated = said(comeback).is_some() || (comeback.is_none() && system.keys.has("comeback"));
        let mode = down(handbook, system).filter(|_| !stated)?;
        let message = format!("`{}` can be down, and nothing says how the load comes back", system.page.title());
        let finding = system
            .finding(RULE.name, message)
            .note("when it answers again, everybody who waited comes at once, with cold caches, and it goes down a second time")
            .help(format!("add {}: who is let in first, how clients wait, what is warmed before", system.line("comeback = \"…\"")));
        Some(finding.mark(Place::new(mode.page.path(), mode.written.place), "here it is down"))
    })
}

/// A failure mode of the system with state `down`: on its own page, or on that of a serious active process which uses it.
fn down<'h>(handbook: &'h Handbook, system: &InUse<'_>) -> Option<ModeView<'h>> {
    let pages = std::iter::once(system.index).chain(system.users.iter().map(|(user, _)| *user));
    let mut modes = pages.flat_map(|page| handbook.modes(page));
    modes.find(|mode| mode.resolved.of == Some(system.index) && mode.state() == Some(State::Down))
}
