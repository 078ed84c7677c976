//! A failure mode comes true more often than its likelihood says.

use crate::check::record::{self, CameTrue};
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView};
use crate::parse::value::{Duration, Likelihood, Status};

/// One finding per failure mode, at its likelihood.
pub const RULE: Rule = Rule {
    name: "likelihood-contradicted",
    group: Group::Learning,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A failure mode came true more often within the last 12 months than its likelihood allows.",
    look: Look::Handbook(look),
};

/// How far back incidents count.
const YEAR: Duration = Duration { months: 12, seconds: 0 };

fn look(handbook: &Handbook) -> Vec<Finding> {
    let record = record::of_modes(handbook);
    let modes = record.iter().map(|(mode, incidents)| (handbook.mode(*mode), incidents));
    let looked_at = modes.filter(|(mode, _)| mode.page.status() != Status::Retired);
    looked_at.filter_map(|(mode, incidents)| finding(handbook, &mode, incidents)).collect()
}

fn finding(handbook: &Handbook, mode: &ModeView<'_>, incidents: &[CameTrue<'_>]) -> Option<Finding> {
    let declared = mode.facts().likelihood.as_ref()?;
    let recent: Vec<&CameTrue<'_>> = incidents.iter().filter(|incident| YEAR.after(incident.day) >= handbook.today).collect();
    let allowed = allowed(declared.value)?;
    if recent.len() <= allowed {
        return None;
    }
    let honest = honest(recent.len());
    let times = match recent.len() {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    };
    let message = format!("`{}` is declared {}, and came true {times} in the last 12 months", mode.written.title, declared.value);
    let place = Place::new(mode.page.path(), declared.span);
    let allows = match allowed {
        0 => "allows none in a year".to_owned(),
        most => format!("allows {most} in a year"),
    };
    let mut finding = Finding::new(RULE.name, place.clone(), Element::thing(&mode.page.id, &mode.written.id), message)
        .mark(place.clone(), allows)
        .note("its priority is worked out from this word, so it ranks lower than it should")
        .help(format!("the record says `{honest}`"))
        .patch(place, format!("\"{honest}\""));
    for incident in recent {
        finding = finding.mark(incident.place(incident.named), format!("on {}", incident.day));
    }
    Some(finding)
}

/// How many incidents in 12 months a likelihood allows; any number where it is frequent.
fn allowed(likelihood: Likelihood) -> Option<usize> {
    match likelihood {
        Likelihood::Rare => Some(0),
        Likelihood::Unlikely => Some(1),
        Likelihood::Likely => Some(11),
        Likelihood::Frequent => None,
    }
}

/// The lowest likelihood that allows so many incidents.
fn honest(incidents: usize) -> Likelihood {
    let enough = |likelihood: &&Likelihood| allowed(**likelihood).is_none_or(|allowed| incidents <= allowed);
    Likelihood::ALL.iter().find(enough).copied().unwrap_or(Likelihood::Frequent)
}
