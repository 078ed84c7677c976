//! The page of an incident: what came true, whether the page had said so, and what was learnt.

use serde::Serialize;

use crate::model::{Kind, PageIx};
use crate::parse::value::Detector;

use super::super::html::Body;
use super::super::words;
use super::mode::{ActionView, actions};
use super::process::{PartView, parts};
use super::{ClassView, Here, Link, ModeLink};

/// An incident.
#[derive(Clone, Debug, Serialize)]
pub struct IncidentView {
    /// The day.
    pub date: Option<String>,
    /// The process it hit.
    pub process: Option<Link>,
    /// `minor` to `critical`.
    pub severity: Option<&'static str>,
    /// Its class.
    pub class: Option<ClassView>,
    /// The failure mode that came true; none where nobody foresaw it.
    pub failure: Option<ModeLink>,
    /// The failure mode that was written afterwards.
    pub learned: Option<ModeLink>,
    /// Who or what noticed.
    pub detected_by: Option<&'static str>,
    /// How long until it was noticed.
    pub to_detect: Option<String>,
    /// How long until normal was back.
    pub to_recover: Option<String>,
    /// Whether the declared way back worked.
    pub recovery_worked: Option<bool>,
    /// Systems that were down.
    pub needed: Vec<Link>,
    /// What is done about it.
    pub actions: Vec<ActionView>,
    /// What stands on the page, in order.
    pub parts: Vec<PartView>,
    /// Footnotes of the text.
    pub footnotes_html: String,
}

/// An incident page.
pub fn incident(here: &Here<'_>, index: PageIx, body: &Body) -> IncidentView {
    let page = &here.atlas.handbook.pages[index];
    let keys = page.incident_keys();
    let model = match &page.kind {
        Kind::Incident(incident) => Some(incident),
        _ => None,
    };
    let minutes = |minutes: Option<&crate::source::Located<crate::parse::value::Amount>>| {
        minutes.map(|minutes| words::minutes(minutes.value.number()))
    };
    let owners = model.map_or(&[][..], |incident| &incident.action_owners);
    IncidentView {
        date: keys.and_then(|keys| keys.date.as_ref()).map(|date| words::day(date.value)),
        process: model.and_then(|incident| incident.process).map(|process| here.page(process)),
        severity: keys.and_then(|keys| keys.severity.as_ref()).map(|severity| severity.value.name()),
        class: keys.and_then(|keys| keys.class.as_ref()).map(|class| here.class(&class.value.0)),
        failure: model.and_then(|incident| incident.failure).map(|mode| here.mode(mode)),
        learned: model.and_then(|incident| incident.learned).map(|mode| here.mode(mode)),
        detected_by: keys.and_then(|keys| keys.detected_by.as_ref()).map(|by| match by.value {
            Detector::Alert => "an alert",
            Detector::Check => "a check",
            Detector::Human => "somebody who looked",
            Detector::Customer => "a customer",
        }),
        to_detect: minutes(keys.and_then(|keys| keys.minutes_to_detect.as_ref())),
        to_recover: minutes(keys.and_then(|keys| keys.minutes_to_recover.as_ref())),
        recovery_worked: keys.and_then(|keys| keys.recovery_worked.as_ref()).map(|worked| worked.value),
        needed: model.into_iter().flat_map(|incident| &incident.needed).map(|needed| here.page(needed.page)).collect(),
        actions: keys.map(|keys| actions(here, index, &keys.action, owners)).unwrap_or_default(),
        parts: parts(here, index, body, &body.parts),
        footnotes_html: body.footnotes.clone(),
    }
}
