//! The fixed sets of words.

use std::fmt;

use crate::parse::declaration::{Declared, Node, Reader};
use crate::parse::nearest::guess;
use crate::source::Located;

/// Defines one of the fixed sets of words.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $( $(#[$variant_meta:meta])* $variant:ident $text:literal ),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$variant_meta])* $variant ),* }

        impl $name {
            /// Every word of the set, in its order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl Declared for Located<$name> {
            fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
                let text = Located::<String>::read(node, reader)?;
                let known = $name::ALL.iter().find(|word| word.name() == text.value);
                if known.is_none() {
                    let names: Vec<_> = $name::ALL.iter().map(|word| word.name()).collect();
                    not_among(node, &text.value, &names, reader);
                }
                known.map(|word| Located::new(*word, text.span))
            }
        }

        impl $crate::parse::declaration::EachProse for Located<$name> {
            fn each_prose(&self, _: &mut dyn FnMut(&$crate::parse::value::Prose)) {}
        }

        impl schemars::JsonSchema for Located<$name> {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($text),*] })
            }
        }
    };
}

pub(crate) use words;

/// Notes that a text is none of the words that may stand here.
pub fn not_among(node: &Node<'_>, text: &str, names: &[&str], reader: &mut Reader<'_>) {
    let key = reader.key_name();
    let near = guess(text, names);
    let fault = reader.fault("invalid-value", node.span(), format!("`{key}` cannot be `{text}`; it is one of {}", names.join(", ")));
    if let Some(near) = near {
        fault.help = Some(format!("did you mean `{}`?", near.name));
        fault.replacement = near.is_certain.then(|| format!("{:?}", near.name));
    }
}

words! {
    /// Who does a step.
    Actor { /// A person.
        Human "human", /// A machine.
        Automation "automation" }
}
words! {
    /// How bad it is; in ascending order.
    Severity { /// Noticed, harmless.
        Minor "minor", /// Hurts.
        Moderate "moderate", /// Hurts customers.
        Major "major", /// Threatens the business.
        Critical "critical" }
}
words! {
    /// How often it is expected; in ascending order.
    Likelihood { /// Less than once in five years.
        Rare "rare", /// Less than once a year.
        Unlikely "unlikely", /// Once a year or more.
        Likely "likely", /// Once a month or more.
        Frequent "frequent" }
}
words! {
    /// Whether a process is in force.
    Status { /// Not yet: its findings are infos.
        Proposed "proposed", /// In force.
        Active "active", /// No longer: checked for structure alone.
        Retired "retired" }
}
words! {
    /// How a failure shows.
    State { /// Gone.
        Down "down", /// Late answers.
        Slow "slow", /// Wrong answers.
        Wrong "wrong", /// Half done.
        Partial "partial", /// Too late.
        Late "late", /// Done twice.
        Repeated "repeated", /// Refused for rate.
        Throttled "throttled", /// Nobody gets in.
        AccessLost "access-lost" }
}
words! {
    /// Who or what notices.
    Detector { /// A machine tells a person.
        Alert "alert", /// A check that the process runs.
        Check "check", /// Somebody sees it.
        Human "human", /// A customer tells.
        Customer "customer" }
}
words! {
    /// What makes an irreversible step safe to begin.
    Guard { /// A second person.
        Peer "peer", /// A run that changes nothing.
        DryRun "dry-run", /// Somebody's consent.
        Approval "approval", /// A copy to go back to.
        Backup "backup", /// A target that cannot be too wide.
        ScopedTarget "scoped-target", /// A part first.
        Staged "staged" }
}
words! {
    /// How much a step touches at once.
    Reach { /// One thing.
        One "one", /// Some.
        Batch "batch", /// Everything.
        All "all" }
}
words! {
    /// What a system is.
    SystemType { /// Keeps data.
        Datastore "datastore", /// Answers requests.
        Service "service", /// Carries traffic.
        Network "network", /// Says who is who.
        Identity "identity", /// Proves who is who, until a day.
        Certificate "certificate", /// Runs other systems.
        Platform "platform", /// Helps people.
        Tool "tool", /// Lets people talk.
        Comms "comms", /// Another organisation.
        Vendor "vendor", /// None of these.
        Other "other" }
}
words! {
    /// What a metric measures.
    MetricKind { /// The outcome.
        Outcome "outcome", /// Time from start to end.
        CycleTime "cycle-time", /// How often it goes wrong.
        Errors "errors", /// What it costs.
        Cost "cost" }
}
words! {
    /// What became of a pre-mortem item.
    Outcome { /// A new failure mode.
        Failure "failure", /// Part of a known one.
        Merged "merged", /// Something to do.
        Action "action", /// Not followed, with a reason.
        Rejected "rejected" }
}
words! {
    /// What a page is.
    PageKind { /// Prose.
        Page "page", /// A process.
        Process "process", /// A system.
        System "system", /// A role.
        Role "role", /// An incident.
        Incident "incident", /// A record of a pre-mortem.
        Premortem "premortem" }
}

/// The four classes that every process must consider, in the order in which they are always shown.
pub const CLASSES: [&str; 4] = ["technical", "human", "scale", "dependency"];

/// A failure class: one of [`CLASSES`], or one that the settings add.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(pub String);

impl Declared for Located<Class> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Located::<String>::read(node, reader)?;
        let further = reader.context.classes.iter().map(String::as_str);
        let names: Vec<&str> = CLASSES.into_iter().chain(further).collect();
        if !names.contains(&text.value.as_str()) {
            not_among(node, &text.value, &names, reader);
            return None;
        }
        Some(text.map(Class))
    }
}
