//! The fenced blocks: `step`, `decision`, `failure`, and what they hold. The keys are those of the authoring format, sections 3 and 4.

use jiff::civil::Date;
use toml::de::DeValue;

use crate::source::Located;

use super::declaration::{Declared, EachProse, Node, Reader, declaration};
use super::value::*;

declaration! {
    /// A finding that is accepted, by whom and until when.
    Waive, "a `waive` table" {
        /// The rule whose findings are accepted.
        rule "rule": Option<Located<String>> = required,
        /// Why, in 20 characters or more.
        reason "reason": Option<Prose>,
        /// Who signs.
        by "by": Option<Located<String>>,
        /// The last day on which it holds.
        until "until": Option<Located<Date>>,
    }
}

declaration! {
    /// Something that is being done.
    Action, "an `action` table" {
        /// What.
        what "what": Option<Prose> = required,
        /// The role that does it.
        owner "owner": Option<Located<Reference>>,
        /// The day by which.
        due "due": Option<Located<Date>>,
        /// The day on which it was done.
        done "done": Option<Located<Date>>,
    }
}

declaration! {
    /// Facts about one step.
    StepBlock, "a `step` block" {
        /// Its id; else the slug of its title.
        id "id": Option<Located<Id>>,
        /// Who does it: a person, unless said otherwise.
        actor "actor": Option<Located<Actor>>,
        /// The role that does or watches it.
        role "role": Option<Located<Reference>>,
        /// The step, track or process by which a human takes over from automation.
        takeover "takeover": Option<Located<Reference>>,
        /// Systems and processes without which it cannot complete.
        uses "uses": Vec<Located<Reference>>,
        /// Systems and processes that help.
        may_use "may_use": Vec<Located<Reference>>,
        /// Human minutes per run.
        minutes "minutes": Option<Located<Amount>>,
        /// Whether it can be undone.
        reversible "reversible": Option<Located<Reversible>>,
        /// What makes it safe to begin.
        guard "guard": Option<Located<Guard>>,
        /// How much it touches at once.
        reach "reach": Option<Located<Reach>>,
        /// Steps that must have been done before.
        requires "requires": Vec<Located<Reference>>,
        /// How to stop it once begun.
        abort "abort": Option<Located<ReferenceOrText>>,
        /// Systems that nobody else can use meanwhile.
        locks "locks": Vec<Located<Reference>>,
        /// Systems that it deletes, or deletes from.
        destroys "destroys": Vec<Located<Reference>>,
        /// Systems whose signal the automation trusts.
        acts_on "acts_on": Vec<Located<Reference>>,
        /// How long its state may last.
        temporary "temporary": Option<Located<Parsed<Duration>>>,
        /// The step that undoes it.
        undo "undo": Option<Located<Reference>>,
        /// How long it may take.
        timeout "timeout": Option<Located<Parsed<Duration>>>,
        /// Where the process goes when it takes longer.
        on_timeout "on_timeout": Option<Located<Reference>>,
        /// How often it is tried again.
        retry "retry": Option<Located<Count>>,
        /// Whether doing it twice is as good as once.
        idempotent "idempotent": Option<Located<bool>>,
        /// Systems that it changes.
        writes "writes": Vec<Located<Reference>>,
        /// Calls per run on each used system with a rate limit.
        calls "calls": Option<Located<Count>>,
        /// The step that follows, where it is not the next on the page.
        next "next": Option<Located<Reference>>,
        /// Whether the process ends here.
        end "end": Option<Located<bool>>,
        /// Whether it checks that the normal state is back.
        verifies "verifies": Option<Located<bool>>,
        /// Accepted findings.
        waive "waive": Vec<Waive>,
    }
}

declaration! {
    /// One way out of a decision.
    Branch, "a `branch` table" {
        /// The condition; `otherwise` for the way that is always open.
        when "when": Option<Prose>,
        /// The step, track or process it leads to.
        to "to": Option<Located<Reference>>,
    }
}

declaration! {
    /// Facts about a decision.
    DecisionBlock, "a `decision` block" {
        /// Its id; else the slug of its title.
        id "id": Option<Located<Id>>,
        /// The role that decides.
        by "by": Option<Located<Reference>>,
        /// The way that is always open.
        otherwise "otherwise": Option<Located<Reference>>,
        /// The ways out.
        branch "branch": Vec<Branch>,
        /// Systems and processes without which it cannot be decided.
        uses "uses": Vec<Located<Reference>>,
        /// Systems and processes that help.
        may_use "may_use": Vec<Located<Reference>>,
        /// Human minutes per run.
        minutes "minutes": Option<Located<Amount>>,
        /// How long it may take.
        timeout "timeout": Option<Located<Parsed<Duration>>>,
        /// Where the process goes when it takes longer.
        on_timeout "on_timeout": Option<Located<Reference>>,
        /// Accepted findings.
        waive "waive": Vec<Waive>,
    }
}

declaration! {
    /// How a failure is noticed.
    DetectTable, "`detect`" {
        /// What shows it.
        signal "signal": Option<Prose>,
        /// Who or what notices.
        by "by": Option<Located<Detector>>,
        /// Systems that carry the signal.
        via "via": Vec<Located<Reference>>,
        /// How long until it is noticed.
        within "within": Option<Located<Parsed<Duration>>>,
    }
}

declaration! {
    /// Whom to call next, and when.
    Escalate, "`escalate`" {
        /// How long to wait.
        after "after": Option<Located<Parsed<Duration>>>,
        /// The role to call.
        to "to": Option<Located<Reference>>,
    }
}

declaration! {
    /// The way back to normal.
    RecoverTable, "`recover`" {
        /// Steps, tracks or processes, in their order.
        path "path": Vec<Located<Reference>>,
        /// The way back in words.
        text "text": Option<Prose>,
        /// The role that does it.
        by "by": Option<Located<Reference>>,
        /// Systems it needs beside what the steps on the path use.
        uses "uses": Vec<Located<Reference>>,
        /// Who decides to begin, and on what.
        decide "decide": Option<Prose>,
        /// How one knows that normal is back.
        verify "verify": Option<Prose>,
        /// How long it takes.
        within "within": Option<Located<Parsed<Duration>>>,
        /// How long one item takes, where it is repeated per item.
        per_unit "per_unit": Option<Located<Parsed<Duration>>>,
        /// How many items there are.
        units "units": Option<Located<Count>>,
        /// The last day on which somebody really did it.
        drilled "drilled": Option<Located<Date>>,
        /// What becomes of what was written meanwhile.
        data "data": Option<Prose>,
        /// Whom to call next.
        escalate "escalate": Option<Escalate>,
        /// A second path.
        alternative "alternative": Vec<Located<Reference>>,
        /// Systems that the second path needs.
        alternative_uses "alternative_uses": Vec<Located<Reference>>,
    }
}

/// How a failure is noticed: in words, or in a table.
#[derive(Clone, Debug, Hash, schemars::JsonSchema)]
#[schemars(untagged)]
pub enum Detect {
    /// In words.
    Text(Prose),
    /// In a table.
    Table(DetectTable),
}

impl Declared for Detect {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        match node.get_ref() {
            DeValue::String(_) => Prose::read(node, reader).map(Detect::Text),
            DeValue::Table(_) => DetectTable::read(node, reader).map(Detect::Table),
            _ => {
                reader.wrong_type(node, "text or a table");
                None
            }
        }
    }
}

/// The way back: in words (whose links are a path), or in a table.
#[derive(Clone, Debug, Hash, schemars::JsonSchema)]
#[schemars(untagged)]
pub enum Recover {
    /// In words.
    Text(Prose),
    /// In a table.
    Table(Box<RecoverTable>),
}

impl Declared for Recover {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        match node.get_ref() {
            DeValue::String(_) => Prose::read(node, reader).map(Recover::Text),
            DeValue::Table(_) => RecoverTable::read(node, reader).map(|table| Recover::Table(Box::new(table))),
            _ => {
                reader.wrong_type(node, "text or a table");
                None
            }
        }
    }
}

impl EachProse for Detect {
    fn each_prose(&self, see: &mut dyn FnMut(&Prose)) {
        match self {
            Detect::Text(text) => text.each_prose(see),
            Detect::Table(table) => table.each_prose(see),
        }
    }
}

impl EachProse for Recover {
    fn each_prose(&self, see: &mut dyn FnMut(&Prose)) {
        match self {
            Recover::Text(text) => text.each_prose(see),
            Recover::Table(table) => table.each_prose(see),
        }
    }
}

declaration! {
    /// A failure mode.
    FailureBlock, "a `failure` block" {
        /// Its id; else the slug of its title.
        id "id": Option<Located<Id>>,
        /// Its class.
        class "class": Option<Located<Class>> = required,
        /// What happens; else the heading above.
        title "title": Option<Prose>,
        /// Why it happens.
        cause "cause": Option<Prose>,
        /// What it does.
        effect "effect": Option<Prose>,
        /// How bad it is.
        severity "severity": Option<Located<Severity>>,
        /// How often it is expected.
        likelihood "likelihood": Option<Located<Likelihood>>,
        /// How it shows.
        state "state": Option<Located<State>>,
        /// The system or process that fails.
        of "of": Option<Located<Reference>>,
        /// The step it can hit, where the block stands elsewhere.
        at "at": Option<Located<Reference>>,
        /// The role that owns it.
        owner "owner": Option<Located<Reference>>,
        /// What keeps it from happening.
        prevent "prevent": Option<Prose>,
        /// How it is noticed.
        detect "detect": Option<Detect>,
        /// The way back.
        recover "recover": Option<Recover>,
        /// What is being done about it.
        action "action": Vec<Action>,
        /// Accepted findings.
        waive "waive": Vec<Waive>,
    }
}
