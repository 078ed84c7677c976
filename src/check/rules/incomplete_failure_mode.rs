//! The cause or the effect of a failure mode is missing, says nothing, or says what the title says.

use crate::check::phrasing::listed;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView};
use crate::parse::markdown;
use crate::parse::value::Prose;
use crate::source::Span;

/// One finding per failure mode, for its cause, its effect or both.
pub const RULE: Rule = Rule {
    name: "incomplete-failure-mode",
    group: Group::Hardness,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "The cause or the effect of a failure mode is missing, says nothing, or says what the title says.",
    look: Look::Mode(look),
};

/// What is wrong with one of the two texts.
#[derive(Clone, Copy)]
enum Lack {
    Absent,
    SaysNothing(Span),
    Repeats(Span),
}

impl Lack {
    fn span(self) -> Option<Span> {
        match self {
            Lack::Absent => None,
            Lack::SaysNothing(span) | Lack::Repeats(span) => Some(span),
        }
    }
}

fn look(_: &Handbook, mode: &ModeView<'_>) -> Vec<Finding> {
    let facts = mode.facts();
    let texts = [("cause", &facts.cause), ("effect", &facts.effect)];
    let readable = texts.into_iter().filter(|(key, text)| text.is_some() || !facts.has(key));
    let lacks: Vec<(&str, Lack)> = readable.filter_map(|(key, text)| Some((key, lack(&mode.written.title, text)?))).collect();
    let Some((_, first)) = lacks.first() else { return Vec::new() };
    let title = &mode.written.title;
    let repeats = |lack: &Lack| matches!(lack, Lack::Repeats(_));
    let (repeated, absent): (Vec<_>, Vec<_>) = lacks.iter().partition(|(_, lack)| repeats(lack));
    let absent: Vec<String> = absent.iter().map(|(key, _)| format!("no {key}")).collect();
    let repeated: Vec<&str> = repeated.iter().map(|(key, _)| *key).collect();
    let message = match (absent.as_slice(), repeated.as_slice()) {
        (absent, []) => format!("failure mode `{title}` has {}", listed(absent)),
        ([], [one]) => format!("the {one} of `{title}` only repeats its title"),
        ([], _) => format!("cause and effect of `{title}` only repeat its title"),
        (absent, repeated) => format!("failure mode `{title}` has {}, and its {} only repeats its title", listed(absent), listed(repeated)),
    };
    let block = mode.written.place;
    let spans: Vec<Span> = lacks.iter().filter_map(|(_, lack)| lack.span()).collect();
    // A single text that is there is the place; of two, or where one must be added, the block is.
    let place = if lacks.len() == 1 { first.span().unwrap_or(block) } else { block };
    let mut finding =
        Finding::new(RULE.name, Place::new(mode.page.path(), place), Element::thing(&mode.page.id, &mode.written.id), message)
            .note(
                "the cause tells what to prevent, the effect tells how bad it is: without them nobody can say whether this plan is enough",
            )
            .help(help(&lacks));
    for span in spans.into_iter().filter(|span| *span != place) {
        finding = finding.mark(Place::new(mode.page.path(), span), "says no more than the title, or nothing");
    }
    vec![finding]
}

fn lack(title: &str, text: &Option<Prose>) -> Option<Lack> {
    match text {
        None => Some(Lack::Absent),
        Some(text) if text.said().is_none() => Some(Lack::SaysNothing(text.span)),
        Some(text) if words(&markdown::plain(&text.value.0)) == words(title) => Some(Lack::Repeats(text.span)),
        Some(_) => None,
    }
}

/// The words of a text, without letter case and punctuation.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn help(lacks: &[(&str, Lack)]) -> String {
    let line = |key: &str| match key {
        "cause" => "what makes it happen: `cause = \"…\"`",
        _ => "what it does to those who wait for the service: `effect = \"…\"`",
    };
    let lines: Vec<&str> = lacks.iter().map(|(key, _)| line(key)).collect();
    format!("say {}", listed(&lines))
}
