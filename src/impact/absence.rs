//! What waits when nobody fills a role: its steps, the ways back that it goes, the calls that end at it, and who steps in.

use crate::model::{Handbook, Kind, ModeIx, PageIx, StepIx, flow};
use crate::parse::value::PageKind;

use super::{counts, modes, steps};

/// What waits when nobody fills a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absence {
    /// The steps that it does, watches or decides, in page order.
    pub steps: Vec<StepIx>,
    /// The failure modes whose way back it goes, the most severe first.
    pub recoveries: Vec<ModeIx>,
    /// The failure modes on whose way back it does a step that another role leads.
    pub helps: Vec<ModeIx>,
    /// The failure modes in which it is called next.
    pub escalations: Vec<ModeIx>,
    /// The roles for which it steps in.
    pub backs_up: Vec<PageIx>,
    /// The processes and systems that it owns.
    pub owns: Vec<PageIx>,
    /// The role that steps in.
    pub backup: Option<PageIx>,
}

/// What waits when nobody fills this role.
pub fn absence(handbook: &Handbook, role: PageIx) -> Absence {
    let is_by = |step: StepIx| handbook.step(step).resolved.role == Some(role);
    let severe_first = |mut found: Vec<ModeIx>| {
        found.sort_by_key(|mode| (std::cmp::Reverse(handbook.mode(*mode).severity()), *mode));
        found
    };
    let of_modes = |wanted: &dyn Fn(&crate::model::Mode) -> bool| {
        severe_first(modes(handbook).filter(|mode| wanted(mode.resolved)).map(|mode| mode.at).collect())
    };
    let helps = |mode: &crate::model::Mode| mode.by != Some(role) && flow::steps_on(handbook, &mode.path).into_iter().any(is_by);
    let backed = |other: &PageIx| matches!(&handbook.pages[*other].kind, Kind::Role(other) if other.backup == Some(role));
    let owned = |page: &PageIx| {
        let known = matches!(handbook.pages[*page].page_kind(), PageKind::Process | PageKind::System);
        known && counts(handbook, *page) && handbook.pages[*page].owner == Some(role)
    };
    Absence {
        steps: steps(handbook).map(|step| step.at).filter(|step| is_by(*step)).collect(),
        recoveries: of_modes(&|mode| mode.by == Some(role)),
        helps: of_modes(&helps),
        escalations: of_modes(&|mode| mode.escalate_to == Some(role)),
        backs_up: handbook.of_kind(PageKind::Role).filter(backed).collect(),
        owns: (0..handbook.pages.len()).filter(owned).collect(),
        backup: match &handbook.pages[role].kind {
            Kind::Role(resolved) => resolved.backup,
            _ => None,
        },
    }
}
