//! A process changes production, and none of its steps checks the result.

use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::users::is_serious_and_active;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, PageIx, StepView};

/// One finding per process.
pub const RULE: Rule = Rule {
    name: "unverified-process",
    group: Group::OutageQuestions,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A serious process changes production, and none of its steps verifies.",
    look: Look::Process(look),
};

fn look(handbook: &Handbook, process: PageIx) -> Vec<Finding> {
    let page = &handbook.pages[process];
    let mut steps = handbook.steps(process).peekable();
    let answers =
        |step: StepView<'_>| step.verifies() || step.facts().is_some_and(|facts| facts.verifies.is_none() && facts.has("verifies"));
    // A process without steps has its own finding.
    if !is_serious_and_active(handbook, process) || !page.changes_production() || steps.peek().is_none() || steps.any(answers) {
        return Vec::new();
    }
    let place = Place::new(page.path(), page.title_place());
    let message = format!("`{}` changes production, and none of its steps checks the result", page.title());
    let finding = Finding::new(RULE.name, place, Element::page(&page.id), message)
        .note("that every step was done is no proof that it worked; without a look, a customer is the first to see")
        .help("add `verifies = true` to the `step` block of the step that looks at the result, or add such a step");
    let changes = page.process_keys().and_then(|keys| keys.context.as_ref()).and_then(|context| context.changes_production.as_ref());
    vec![match changes {
        Some(changes) => finding.mark(Place::new(page.path(), changes.span), "it changes production"),
        None => finding,
    }]
}
