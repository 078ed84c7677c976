//! What a rule is: static metadata, and one function whose type says at which height it looks.

use crate::finding::{Finding, Level};
use crate::model::{Handbook, ModeView, PageIx, StepView};

/// What a rule is about. Groups are named by intent; their order is that of the manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The page says what it means.
    Structure,
    /// Every obligation has an answer.
    Coverage,
    /// The answers hold.
    Hardness,
    /// People are there.
    People,
    /// It goes on working when there is more.
    Growth,
    /// The way back does not need what failed.
    SharedFate,
    /// Somebody looks after it.
    Governance,
    /// Incidents change the handbook.
    Learning,
    /// What real outages asked too late.
    OutageQuestions,
}

impl Group {
    /// The name in reports and settings.
    pub fn name(self) -> &'static str {
        match self {
            Group::Structure => "structure",
            Group::Coverage => "coverage",
            Group::Hardness => "hardness",
            Group::People => "people",
            Group::Growth => "growth",
            Group::SharedFate => "shared fate",
            Group::Governance => "governance",
            Group::Learning => "learning",
            Group::OutageQuestions => "outage questions",
        }
    }

    /// All groups, in the order of the manual.
    pub const ALL: [Group; 9] = [
        Group::Structure,
        Group::Coverage,
        Group::Hardness,
        Group::People,
        Group::Growth,
        Group::SharedFate,
        Group::Governance,
        Group::Learning,
        Group::OutageQuestions,
    ];
}

/// The level a rule has before settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultLevel {
    /// Always the same.
    Always(Level),
    /// Error where the process's criticality is major or critical, else warning.
    ByCriticality,
    /// Each finding says its own ([`Finding::level`]); the words tell the manual which, and when.
    Each(&'static str),
}

/// Whether a rule's findings can be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waivable {
    /// A waiver may cover them.
    Yes,
    /// They are faults of the page: nothing covers them.
    No,
}

/// The function of a rule; its type is the height at which it looks.
#[derive(Clone, Copy)]
pub enum Look {
    /// Found while reading or resolving; nothing is left to look for.
    Earlier,
    /// At each process that is in force or proposed.
    Process(fn(&Handbook, PageIx) -> Vec<Finding>),
    /// At each process, retired ones included.
    AnyProcess(fn(&Handbook, PageIx) -> Vec<Finding>),
    /// At each step of each process that is in force or proposed.
    Step(fn(&Handbook, &StepView<'_>) -> Vec<Finding>),
    /// At each step, of retired processes too.
    AnyStep(fn(&Handbook, &StepView<'_>) -> Vec<Finding>),
    /// At each failure mode on a system, or on a process that is in force or proposed.
    Mode(fn(&Handbook, &ModeView<'_>) -> Vec<Finding>),
    /// At each failure mode, of retired processes too.
    AnyMode(fn(&Handbook, &ModeView<'_>) -> Vec<Finding>),
    /// At each system.
    System(fn(&Handbook, PageIx) -> Vec<Finding>),
    /// At each role.
    Role(fn(&Handbook, PageIx) -> Vec<Finding>),
    /// At each incident.
    Incident(fn(&Handbook, PageIx) -> Vec<Finding>),
    /// Once, at the handbook as a whole.
    Handbook(fn(&Handbook) -> Vec<Finding>),
}

/// A rule.
pub struct Rule {
    /// Its name: the defect it finds.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// Its level before settings.
    pub level: DefaultLevel,
    /// Whether its findings can be accepted.
    pub waivable: Waivable,
    /// One sentence: when it fires.
    pub summary: &'static str,
    /// Where it looks, and how.
    pub look: Look,
}

impl Rule {
    /// Whether a finding of this rule is a fault: the handbook cannot be read as it was meant.
    pub fn is_fault(&self, level: Level) -> bool {
        self.waivable == Waivable::No && level == Level::Error && self.name != "invalid-waiver"
    }
}
