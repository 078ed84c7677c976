//! The priority of a failure mode: a published table of severity, likelihood and detection (`rules.md`, "Priority"), monotone in all
//! three. Ordinal ranks are never multiplied.

use crate::model::{Handbook, ModeView};
use crate::parse::value::{Detector, Likelihood, PageKind, Severity};

/// How much a failure mode presses. High needs an action or a waiver, medium a decision, low nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Nothing is needed.
    Low,
    /// Somebody must decide.
    Medium,
    /// Something must be done.
    High,
}

impl Priority {
    /// The word in reports and exports.
    pub fn name(self) -> &'static str {
        match self {
            Priority::Low => "low",
            Priority::Medium => "medium",
            Priority::High => "high",
        }
    }
}

/// Who notices, as far as the priority cares; in ascending order of how soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detection {
    /// Nobody of ours.
    None,
    /// Somebody who looks.
    Human,
    /// A machine that does not need what failed.
    Automatic,
}

/// The table: severity, then likelihood, then detection none / human / automatic.
pub fn lookup(severity: Severity, likelihood: Likelihood, detection: Detection) -> Priority {
    use Likelihood::{Frequent, Likely, Rare, Unlikely};
    use Priority::{High as H, Low as L, Medium as M};
    use Severity::{Critical, Major, Minor, Moderate};
    let cell = match (severity, likelihood) {
        (Critical, Frequent | Likely) | (Major, Frequent) => [H, H, H],
        (Critical, Unlikely) => [H, M, L],
        (Critical, Rare) => [M, L, L],
        (Major, Likely) | (Moderate, Frequent) => [H, H, M],
        (Major, Unlikely) | (Moderate, Likely) | (Minor, Frequent) => [M, M, L],
        (Major | Moderate | Minor, Rare) | (Moderate, Unlikely) | (Minor, Likely | Unlikely) => [L, L, L],
    };
    match detection {
        Detection::None => cell[0],
        Detection::Human => cell[1],
        Detection::Automatic => cell[2],
    }
}

/// Who notices a failure mode. An alert that needs what failed counts as human.
pub fn detection(mode: &ModeView<'_>, alert_needs_what_failed: bool) -> Detection {
    match mode.detector() {
        Some(Detector::Customer) => Detection::None,
        _ if !mode.has_detection() => Detection::None,
        Some(Detector::Alert | Detector::Check) if !alert_needs_what_failed => Detection::Automatic,
        _ => Detection::Human,
    }
}

/// What the priority of a failure mode is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    /// How bad it is.
    pub severity: Severity,
    /// How often it is expected.
    pub likelihood: Likelihood,
    /// Who notices.
    pub detection: Detection,
}

impl Rating {
    /// The rating of a failure mode. An unset severity counts as the criticality of its process (moderate on a system page), an unset
    /// likelihood as unlikely.
    pub fn of(handbook: &Handbook, mode: &ModeView<'_>) -> Self {
        let severity = mode.severity().unwrap_or_else(|| match mode.page.page_kind() {
            PageKind::Process => mode.page.criticality(),
            _ => Severity::Moderate,
        });
        let likelihood = mode.likelihood().unwrap_or(Likelihood::Unlikely);
        let detection = detection(mode, super::reach::alert_needs_what_failed(handbook, mode));
        Self { severity, likelihood, detection }
    }

    /// What the table says.
    pub fn priority(self) -> Priority {
        lookup(self.severity, self.likelihood, self.detection)
    }
}

/// The priority of a failure mode.
pub fn priority(handbook: &Handbook, mode: &ModeView<'_>) -> Priority {
    Rating::of(handbook, mode).priority()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_one_that_the_guide_prints() {
        let guide = include_str!("../../content/guide/check.md");
        let likelihoods = [Likelihood::Frequent, Likelihood::Likely, Likelihood::Unlikely, Likelihood::Rare];
        let detections = [Detection::None, Detection::Human, Detection::Automatic];
        for severity in Severity::ALL {
            let cells =
                likelihoods.map(|likelihood| detections.map(|detection| lookup(*severity, likelihood, detection).name()).join(" · "));
            let row = format!("| {severity} | {} |", cells.join(" | "));
            assert!(guide.contains(&row), "{row}");
        }
    }

    #[test]
    fn the_table_is_monotone_in_all_three_axes() {
        let detections = [Detection::None, Detection::Human, Detection::Automatic];
        for (s, severity) in Severity::ALL.iter().enumerate() {
            for (l, likelihood) in Likelihood::ALL.iter().enumerate() {
                for (d, detection) in detections.iter().enumerate() {
                    let here = lookup(*severity, *likelihood, *detection);
                    if let Some(worse) = Severity::ALL.get(s + 1) {
                        assert!(lookup(*worse, *likelihood, *detection) >= here);
                    }
                    if let Some(likelier) = Likelihood::ALL.get(l + 1) {
                        assert!(lookup(*severity, *likelier, *detection) >= here);
                    }
                    if let Some(sooner) = detections.get(d + 1) {
                        assert!(lookup(*severity, *likelihood, *sooner) <= here);
                    }
                }
            }
        }
    }
}
