//! A recovery failed in an incident, and nobody has drilled it since.

use crate::check::drill;
use crate::check::record::{self, CameTrue};
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView};
use crate::parse::value::Status;

/// One finding per failure mode, at the day of its last drill, or at its block.
pub const RULE: Rule = Rule {
    name: "failed-recovery-unrevised",
    group: Group::Learning,
    level: DefaultLevel::Always(Level::Error),
    waivable: Waivable::Yes,
    summary: "An incident says that the recovery of a failure mode did not work, and it was not drilled since.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    let record = record::of_modes(handbook);
    let modes = record.iter().map(|(mode, incidents)| (handbook.mode(*mode), incidents));
    let looked_at = modes.filter(|(mode, _)| mode.page.status() != Status::Retired);
    looked_at.filter_map(|(mode, incidents)| finding(&mode, incidents)).collect()
}

fn finding(mode: &ModeView<'_>, incidents: &[CameTrue<'_>]) -> Option<Finding> {
    // Without a recovery, that is what is missing; a day that cannot be read has its own fault.
    if !mode.has_recovery() || mode.recovery_has_unreadable("drilled") {
        return None;
    }
    let did_not = |incident: &&CameTrue<'_>| matches!(incident.recovery_worked, Some((false, _)));
    let failed = incidents.iter().rev().find(did_not)?;
    let (_, said) = failed.recovery_worked?;
    let last = drill::last(mode);
    let since = match last {
        Some(last) if last.day >= failed.day => return None,
        Some(last) => format!("was last drilled before that, on {}", last.day),
        None => "was never drilled".to_owned(),
    };
    let title = &mode.written.title;
    let message = format!("the recovery of `{title}` did not work on {}, and {since}", failed.day);
    let span = last.and_then(|last| last.span).unwrap_or(mode.written.place);
    let id = format!("{}#{}", mode.page.id, mode.written.id);
    let mut finding = Finding::new(RULE.name, Place::new(mode.page.path(), span), Element::thing(&mode.page.id, &mode.written.id), message)
        .mark(failed.place(said), "here it did not work")
        .note("it failed once where it counted; until somebody has done it, nobody knows whether the mended one works");
    let worked = |incident: &&CameTrue<'_>| incident.day > failed.day && matches!(incident.recovery_worked, Some((true, _)));
    let help = match incidents.iter().rev().find(worked) {
        Some(later) => {
            let (_, span) = later.recovery_worked?;
            finding = finding.mark(later.place(span), "here it worked");
            format!(
                "if it worked on {0} as the page says, that was a drill: `drilled = {0}`; else mend it, do it for real, then `forewarn stamp drill {id}`",
                later.day
            )
        }
        None => format!("mend it, do it for real, then `forewarn stamp drill {id}`"),
    };
    Some(finding.help(help))
}
