//! The register of all failure modes, in parts of at most 500.

use serde::Serialize;

use crate::check::priority::{Detection, detection};
use crate::check::reach::alert_needs_what_failed;
use crate::model::{ModeIx, ModeView as Model};

use super::super::register::ROWS;
use super::super::relative::relative;
use super::super::sums::Sums;
use super::process::Priorities;
use super::{ClassView, Here, Link, ModeLink};

/// One part of the register.
#[derive(Clone, Debug, Serialize)]
pub struct RisksView {
    /// How many failure modes there are in all.
    pub total: usize,
    /// How many of each priority.
    pub priorities: Priorities,
    /// The rows of this part.
    pub rows: Vec<RiskRow>,
    /// The classes that occur in this part.
    pub classes: Vec<ClassView>,
    /// Owners that occur in this part.
    pub owners: Vec<String>,
    /// Processes and systems that occur in this part.
    pub pages: Vec<String>,
    /// The register as CSV.
    pub csv: String,
    /// The register as JSON.
    pub json: String,
    /// The other parts.
    pub pager: Pager,
}

/// A failure mode in the register.
#[derive(Clone, Debug, Serialize)]
pub struct RiskRow {
    /// The failure mode.
    pub mode: ModeLink,
    /// `high`, `medium` or `low`.
    pub priority: &'static str,
    /// For sorting: 3 is high.
    pub rank: usize,
    /// `minor` to `critical`.
    pub severity: Option<&'static str>,
    /// For sorting: 4 is critical, 0 is not rated.
    pub severity_rank: usize,
    /// `rare` to `frequent`.
    pub likelihood: Option<&'static str>,
    /// For sorting: 4 is frequent, 0 is not rated.
    pub likelihood_rank: usize,
    /// `automatic`, `human` or `none`.
    pub detection: &'static str,
    /// The role that owns it, or its page.
    pub owner: Option<Link>,
    /// The signal.
    pub notice_html: Option<String>,
    /// The first step of the way back, or the way back in words.
    pub do_html: Option<String>,
    /// How one knows that normal is back.
    pub back_html: Option<String>,
}

/// The parts of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Pager {
    /// This part, from 1.
    pub part: usize,
    /// How many there are.
    pub parts: usize,
    /// The part before.
    pub previous: Option<String>,
    /// The part after.
    pub next: Option<String>,
}

/// Where this part of a list stands among the others.
pub fn pager(here: &Here<'_>, urls: &[String], part: usize) -> Pager {
    let to = |url: &String| relative(here.at.url, url);
    Pager {
        part: part + 1,
        parts: urls.len(),
        previous: part.checked_sub(1).and_then(|at| urls.get(at)).map(to),
        next: urls.get(part + 1).map(to),
    }
}

/// A part of the register.
pub fn risks(here: &Here<'_>, sums: &Sums, modes: &[ModeIx], urls: &[String], part: usize) -> RisksView {
    let start = (part * ROWS).min(modes.len());
    let end = (start + ROWS).min(modes.len());
    let rows: Vec<RiskRow> = modes[start..end].iter().map(|mode| row(here, *mode)).collect();
    let mut classes: Vec<ClassView> = rows.iter().filter_map(|row| row.mode.class.clone()).collect();
    classes.sort_by(|a, b| class_rank(&a.id).cmp(&class_rank(&b.id)));
    classes.dedup_by(|a, b| a.id == b.id);
    let names = |name: fn(&RiskRow) -> Option<String>| {
        let mut names: Vec<String> = rows.iter().filter_map(name).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    RisksView {
        total: modes.len(),
        priorities: sums.priorities,
        owners: names(|row| row.owner.as_ref().map(|owner| owner.title.clone())),
        pages: names(|row| Some(row.mode.page.title.clone())),
        classes,
        rows,
        csv: relative(here.at.url, "/risks.csv"),
        json: relative(here.at.url, "/risks.json"),
        pager: pager(here, urls, part),
    }
}

fn class_rank(id: &str) -> (usize, &str) {
    let place = crate::parse::value::CLASSES.iter().position(|class| *class == id);
    (place.unwrap_or(usize::MAX), id)
}

/// A row of the register.
pub fn row(here: &Here<'_>, at: ModeIx) -> RiskRow {
    let handbook = here.atlas.handbook;
    let mode = handbook.mode(at);
    let owner = mode.resolved.owner.or(handbook.pages[at.page].owner);
    let severity = mode.severity();
    let likelihood = mode.likelihood();
    let priority = here.atlas.priority(at);
    let path = &mode.resolved.path;
    let way = if path.is_empty() {
        mode.recovery_text().map(|text| here.prose(at.page, text))
    } else {
        Some(here.links_html(path.iter().copied()))
    };
    RiskRow {
        mode: here.mode(at),
        priority: priority.name(),
        rank: priority as usize + 1,
        severity: severity.map(|severity| severity.name()),
        severity_rank: severity.map_or(0, |severity| severity as usize + 1),
        likelihood: likelihood.map(|likelihood| likelihood.name()),
        likelihood_rank: likelihood.map_or(0, |likelihood| likelihood as usize + 1),
        detection: detected(here, &mode),
        owner: owner.map(|owner| here.page(owner)),
        notice_html: mode.signal().map(|signal| here.prose(at.page, signal)),
        do_html: way,
        back_html: mode.verify().map(|verify| here.prose(at.page, verify)),
    }
}

/// Who notices, as the priority counts it.
pub fn detected(here: &Here<'_>, mode: &Model<'_>) -> &'static str {
    match detection(mode, alert_needs_what_failed(here.atlas.handbook, mode)) {
        Detection::Automatic => "automatic",
        Detection::Human => "human",
        Detection::None => "none",
    }
}
