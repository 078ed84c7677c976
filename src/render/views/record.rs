//! The page of a pre-mortem record: what was said in one session, and what became of it.

use serde::Serialize;

use crate::model::{Kind, PageIx};
use crate::parse::value::{Outcome, said};

use super::super::html::Body;
use super::super::relative::relative;
use super::super::words;
use super::process::{PartView, parts};
use super::{ClassView, Here, Link, ModeLink};

/// A record of a pre-mortem.
#[derive(Clone, Debug, Serialize)]
pub struct RecordView {
    /// The process that was thought to have failed.
    pub process: Option<Link>,
    /// The workbook for the next session.
    pub workbook: Option<String>,
    /// The day of the session.
    pub date: Option<String>,
    /// How far ahead the failure was imagined.
    pub horizon: Option<String>,
    /// Who took part.
    pub roles: Vec<Link>,
    /// What was said.
    pub items: Vec<ItemView>,
    /// What stands on the page, in order.
    pub parts: Vec<PartView>,
    /// Footnotes of the text.
    pub footnotes_html: String,
}

/// One answer.
#[derive(Clone, Debug, Serialize)]
pub struct ItemView {
    /// In the words of the room.
    pub html: String,
    /// Its class.
    pub class: Option<ClassView>,
    /// `failure`, `merged`, `action` or `rejected`.
    pub outcome: Option<&'static str>,
    /// The outcome in words.
    pub outcome_words: &'static str,
    /// The failure mode that it became or joined.
    pub failure: Option<ModeLink>,
    /// Why.
    pub because_html: Option<String>,
}

/// The page of a record.
pub fn record(here: &Here<'_>, index: PageIx, body: &Body) -> RecordView {
    let page = &here.atlas.handbook.pages[index];
    let keys = page.premortem_keys();
    let model = match &page.kind {
        Kind::Premortem(record) => Some(record),
        _ => None,
    };
    let process = model.and_then(|record| record.process);
    let items = keys.into_iter().flat_map(|keys| keys.item.iter().enumerate()).map(|(at, item)| ItemView {
        html: said(&item.text).map(|text| here.prose(index, text)).unwrap_or_default(),
        class: item.class.as_ref().map(|class| here.class(&class.value.0)),
        outcome: item.outcome.as_ref().map(|outcome| outcome.value.name()),
        outcome_words: match item.outcome.as_ref().map(|outcome| outcome.value) {
            Some(Outcome::Failure) => "new failure mode",
            Some(Outcome::Merged) => "part of a known one",
            Some(Outcome::Action) => "something to do",
            Some(Outcome::Rejected) => "not followed",
            None => "open",
        },
        failure: model.and_then(|record| record.failures.get(at).copied().flatten()).map(|mode| here.mode(mode)),
        because_html: said(&item.because).map(|because| here.prose(index, because)),
    });
    RecordView {
        process: process.map(|process| here.page(process)),
        workbook: process.map(|process| relative(here.at.url, &format!("{}premortem/", here.atlas.handbook.pages[process].url))),
        date: keys.and_then(|keys| keys.date.as_ref()).map(|date| words::day(date.value)),
        horizon: keys.and_then(|keys| keys.horizon.as_ref()).map(|horizon| words::span(&horizon.value.text)),
        roles: model.into_iter().flat_map(|record| &record.roles).map(|role| here.page(*role)).collect(),
        items: items.collect(),
        parts: parts(here, index, body, &body.parts),
        footnotes_html: body.footnotes.clone(),
    }
}
