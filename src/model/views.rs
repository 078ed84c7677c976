//! A step and a failure mode as the rest of the program looks at them: where it is, how it is written, what its references name.

use crate::parse::blocks::{Action, DecisionBlock, Detect, DetectTable, FailureBlock, Recover, RecoverTable, StepBlock, Waive};
use crate::parse::document::{self, StepFacts};
use crate::parse::value::{Actor, Detector, Duration, Likelihood, Prose, Reversible, Severity, State, said};
use crate::source::Located;

use super::{Mode, ModeIx, Page, Step, StepIx};

/// A step: where it is, how it is written, and what its references name.
#[derive(Clone, Copy, Debug)]
pub struct StepView<'h> {
    /// Where it is.
    pub at: StepIx,
    /// Its page.
    pub page: &'h Page,
    /// As written.
    pub written: &'h document::Step,
    /// What its references name.
    pub resolved: &'h Step,
}

impl<'h> StepView<'h> {
    /// The facts of a step that is no decision.
    pub fn facts(&self) -> Option<&'h StepBlock> {
        match &self.written.facts {
            StepFacts::Step(block) => Some(block),
            StepFacts::Decision(_) => None,
        }
    }

    /// The facts of a decision.
    pub fn decision(&self) -> Option<&'h DecisionBlock> {
        match &self.written.facts {
            StepFacts::Decision(block) => Some(block),
            StepFacts::Step(_) => None,
        }
    }

    /// Who does it.
    pub fn actor(&self) -> Actor {
        self.facts().and_then(|facts| facts.actor.as_ref()).map_or(Actor::Human, |actor| actor.value)
    }

    /// Whether a machine does it.
    pub fn is_automated(&self) -> bool {
        self.actor() == Actor::Automation
    }

    /// Whether it can always be undone.
    pub fn is_fully_reversible(&self) -> bool {
        self.facts().and_then(|facts| facts.reversible.as_ref()).is_none_or(|reversible| reversible.value == Reversible::Yes)
    }

    /// Whether it is exposed: automated, or not fully reversible. Such a step needs a failure mode.
    pub fn is_exposed(&self) -> bool {
        self.is_automated() || !self.is_fully_reversible()
    }

    /// Whether it checks that the normal state is back.
    pub fn verifies(&self) -> bool {
        self.facts().and_then(|facts| facts.verifies.as_ref()).is_some_and(|verifies| verifies.value)
    }

    /// Whether the process ends here by declaration.
    pub fn ends(&self) -> bool {
        self.facts().and_then(|facts| facts.end.as_ref()).is_some_and(|end| end.value)
    }

    /// The accepted findings that stand in its block.
    pub fn waives(&self) -> &'h [Waive] {
        match &self.written.facts {
            StepFacts::Step(block) => &block.waive,
            StepFacts::Decision(block) => &block.waive,
        }
    }
}

/// A failure mode: where it is, how it is written, and what its references name.
#[derive(Clone, Copy, Debug)]
pub struct ModeView<'h> {
    /// Where it is.
    pub at: ModeIx,
    /// Its page.
    pub page: &'h Page,
    /// As written.
    pub written: &'h document::Failure,
    /// What its references name.
    pub resolved: &'h Mode,
}

impl<'h> ModeView<'h> {
    /// The facts.
    pub fn facts(&self) -> &'h FailureBlock {
        &self.written.block
    }

    /// The class, where it could be read.
    pub fn class(&self) -> Option<&'h str> {
        self.facts().class.as_ref().map(|class| class.value.0.as_str())
    }

    /// The declared severity.
    pub fn severity(&self) -> Option<Severity> {
        self.facts().severity.as_ref().map(|severity| severity.value)
    }

    /// The declared likelihood.
    pub fn likelihood(&self) -> Option<Likelihood> {
        self.facts().likelihood.as_ref().map(|likelihood| likelihood.value)
    }

    /// How it shows.
    pub fn state(&self) -> Option<State> {
        self.facts().state.as_ref().map(|state| state.value)
    }

    /// Whether its declared severity is major or critical.
    pub fn is_serious(&self) -> bool {
        self.severity().is_some_and(|severity| severity >= Severity::Major)
    }

    /// Whether anything says how it is noticed.
    pub fn has_detection(&self) -> bool {
        match &self.facts().detect {
            None => self.facts().has("detect"),
            Some(Detect::Text(text)) => text.said().is_some(),
            Some(Detect::Table(table)) => said(&table.signal).is_some() || table.has("by") || !table.via.is_empty(),
        }
    }

    /// The signal, as Markdown.
    pub fn signal(&self) -> Option<&'h str> {
        match &self.facts().detect {
            None => None,
            Some(Detect::Text(text)) => text.said(),
            Some(Detect::Table(table)) => said(&table.signal),
        }
    }

    /// Detection as a table, where it is one.
    pub fn detect(&self) -> Option<&'h DetectTable> {
        match &self.facts().detect {
            Some(Detect::Table(table)) => Some(table),
            _ => None,
        }
    }

    /// Who or what notices, where declared.
    pub fn detector(&self) -> Option<Detector> {
        self.detect().and_then(|table| table.by.as_ref()).map(|by| by.value)
    }

    /// Recovery as a table, where it is one.
    pub fn recover(&self) -> Option<&'h RecoverTable> {
        match &self.facts().recover {
            Some(Recover::Table(table)) => Some(table),
            _ => None,
        }
    }

    /// The recovery in words of a declaration, as Markdown.
    pub fn recovery_text(&self) -> Option<&'h str> {
        match &self.facts().recover {
            Some(Recover::Text(text)) => text.said(),
            Some(Recover::Table(table)) => said(&table.text),
            None => None,
        }
    }

    /// Whether anything says the way back: a path, words, links, or prose under its own heading.
    pub fn has_recovery(&self) -> bool {
        let unreadable = self.facts().recover.is_none() && self.facts().has("recover");
        let path = self.recover().is_some_and(|table| !table.path.is_empty());
        unreadable || path || self.recovery_text().is_some() || self.written.prose.is_some()
    }

    /// Who decides to begin the recovery, as Markdown.
    pub fn decide(&self) -> Option<&'h str> {
        self.recover().and_then(|table| said(&table.decide))
    }

    /// How one knows that normal is back, as Markdown.
    pub fn verify(&self) -> Option<&'h str> {
        self.recover().and_then(|table| said(&table.verify))
    }

    /// Whether a key of the recovery was given a value that cannot be read: that is one fault, and nothing is missing besides.
    pub fn recovery_has_unreadable(&self, key: &str) -> bool {
        match &self.facts().recover {
            Some(Recover::Table(table)) => match key {
                "decide" => table.has(key) && table.decide.is_none(),
                "verify" => table.has(key) && table.verify.is_none(),
                "drilled" => table.has(key) && table.drilled.is_none(),
                _ => false,
            },
            Some(Recover::Text(_)) => false,
            None => self.facts().has("recover"),
        }
    }

    /// What is being done about it.
    pub fn actions(&self) -> &'h [Action] {
        &self.facts().action
    }

    /// A text of the declaration, unless it says nothing.
    pub fn said(&self, text: &'h Option<Prose>) -> Option<&'h str> {
        said(text)
    }

    /// How long detection and recovery may take together, where both are stated.
    pub fn longest(&self) -> Option<(Duration, Duration)> {
        let detect = self.detect()?.within.as_ref()?.value.value;
        let recover = self.recover()?.within.as_ref()?.value.value;
        Some((detect, recover))
    }

    /// The place to mark: the opening line of its block.
    pub fn place(&self) -> Located<&'h str> {
        Located::new(self.written.title.as_str(), self.written.place)
    }
}
