//! A finding as a card, a line of a list, and a place to edit.

use serde::Serialize;

use crate::finding::{Finding, Level};
use crate::model::{PageIx, Target};

use super::super::atlas::{is_fault, is_gap};
use super::super::edit;
use super::super::html::ticks;
use super::super::words;
use super::{Here, Link};

/// One finding.
#[derive(Clone, Debug, Serialize)]
pub struct FindingView {
    /// Its anchor on the page that it is about; also `rule@element` where a machine asks.
    pub anchor: String,
    /// `rule@element`.
    pub id: String,
    /// The rule's name.
    pub rule: &'static str,
    /// `error`, `warning` or `info`.
    pub level: &'static str,
    /// What the reader at this place needs to know, in one sentence.
    pub sentence_html: String,
    /// The finding's first line, as in the reports.
    pub message_html: String,
    /// Why it matters here.
    pub note_html: Option<String>,
    /// What can be done.
    pub help_html: Option<String>,
    /// `content/deploy.md:41`.
    pub place: String,
    /// Where the source can be edited; none where the repository is not known.
    pub edit: Option<String>,
    /// The place on the site that it is about.
    pub href: String,
    /// The step, track or failure mode that it is about.
    pub subject: Option<String>,
    /// Whether it is an unmet obligation.
    pub gap: bool,
    /// Whether the page cannot be read as it was meant.
    pub fault: bool,
    /// The waiver that covers it.
    pub waiver: Option<WaiverView>,
}

/// Why a finding is accepted.
#[derive(Clone, Debug, Serialize)]
pub struct WaiverView {
    /// The reason.
    pub reason_html: String,
    /// Who signed: a role of the handbook, or a name.
    pub by: Link,
    /// The last day on which it holds.
    pub until: Option<String>,
}

/// A finding about something on a page.
pub fn finding(here: &Here<'_>, page: Option<PageIx>, finding: &Finding) -> FindingView {
    let atlas = here.atlas;
    let position = atlas.analysis.sources.position(&finding.place.path, finding.place.span.start());
    let subject = page.and_then(|page| atlas.subject(page, finding));
    let anchor = anchor_of(finding);
    let shown_as_card = finding.waived.is_none() && (is_gap(finding) || is_fault(finding));
    let href = match (page, subject) {
        (None, _) => String::new(),
        (Some(page), _) if shown_as_card => atlas.places.anchor(here.at, page, &anchor),
        (Some(_), Some(subject)) => atlas.places.target(here.at, subject),
        (Some(page), None) => atlas.places.page(here.at, page),
    };
    FindingView {
        id: finding.id.clone(),
        rule: finding.rule,
        level: finding.level.name(),
        sentence_html: sentence(here, page, subject, finding),
        message_html: ticks(&words::capital(&finding.message)),
        note_html: finding.note.as_deref().map(|note| ticks(&words::capital(note))),
        help_html: finding.help.as_deref().map(|help| ticks(&words::capital(help))),
        place: format!("{}:{}", finding.place.path, position.line),
        edit: edit::line(&atlas.handbook.settings, &finding.place.path, position.line),
        href,
        subject: subject.map(|subject| atlas.handbook.title_of(subject).to_owned()),
        gap: is_gap(finding),
        fault: is_fault(finding),
        waiver: finding.waived.as_ref().map(|waiver| {
            let by = atlas
                .handbook
                .ids
                .get(&waiver.by)
                .map_or_else(|| Link { title: waiver.by.clone(), href: String::new() }, |page| here.page(page));
            let reason_html = page.map_or_else(|| super::html::escape(&waiver.reason), |page| here.prose(page, &waiver.reason));
            WaiverView { reason_html, by, until: waiver.until.map(words::day) }
        }),
        anchor,
    }
}

/// The anchor of a finding's card: its capital keeps it apart from every heading, whose anchors are in small letters.
pub fn anchor_of(finding: &Finding) -> String {
    let mut anchor = format!("Gap-{}", finding.rule);
    for part in [&finding.element.thing, &finding.element.part].into_iter().flatten() {
        anchor.push_str("--");
        anchor.extend(part.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' }));
    }
    if let Some((_, repeated)) = finding.id.rsplit_once('~') {
        anchor.push_str("--");
        anchor.push_str(repeated);
    }
    anchor
}

/// Findings by weight: errors first.
pub fn heaviest_first(findings: &mut [FindingView]) {
    findings.sort_by_key(|finding| match finding.level {
        "error" => 0,
        "warning" => 1,
        _ => 2,
    });
}

/// How many findings there are of each level.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Infos.
    pub infos: usize,
    /// Covered by a waiver.
    pub waived: usize,
}

impl Counts {
    /// Counts one more finding.
    pub fn add(&mut self, finding: &Finding) {
        match (finding.waived.is_some(), finding.level) {
            (true, _) => self.waived += 1,
            (_, Level::Error) => self.errors += 1,
            (_, Level::Warning) => self.warnings += 1,
            (_, Level::Info) => self.infos += 1,
        }
    }
}

/// What a gap means to whoever stands at it.
fn sentence(here: &Here<'_>, page: Option<PageIx>, subject: Option<Target>, finding: &Finding) -> String {
    let part = finding.element.part.as_deref().unwrap_or_default();
    let drilled = || match subject {
        Some(Target::Mode(mode)) => {
            here.atlas.handbook.mode(mode).recover().and_then(|recover| recover.drilled.as_ref()).map(|day| day.value)
        }
        _ => None,
    };
    let text = match finding.rule {
        "class-not-considered" => match part {
            "technical" => "Nothing says what happens when the technique breaks, or stops halfway.",
            "human" => "Nothing says what happens when people fail: asleep, away, or at the wrong target.",
            "scale" => "Nothing says what happens when ten times as much arrives.",
            "dependency" => "Nothing says what happens when something that this needs is down, slow or wrong.",
            _ => return ticks(&finding.message),
        },
        "step-without-failure-mode" => "Nothing says what happens if this fails.",
        "missing-takeover" => "If the automation breaks, nobody is told how to go on by hand.",
        "missing-detection" => "Nothing says how anybody would notice.",
        "missing-recovery" => "Nothing says how to get back to normal.",
        "missing-decision" => "Nobody is named who decides to begin.",
        "unverified-recovery" => "Nothing says how one knows that normal is back.",
        "untested-recovery" => {
            return match drilled() {
                Some(day) => format!("Last tried on {}: longer ago than this process is reviewed.", words::day(day)),
                None => "Nobody has tried this way back.".to_owned(),
            };
        }
        "dependency-without-failure-mode" => {
            let title = here.atlas.handbook.page(part).map_or(part, |page| page.title());
            return format!("Nothing says what happens if {} fails.", super::html::escape(title));
        }
        _ => {
            let _ = page;
            return ticks(&words::capital(&finding.message));
        }
    };
    text.to_owned()
}
