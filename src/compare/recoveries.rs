//! The ways back of failure modes that both versions have: which came, which went, and what changed in the others.

use serde::Serialize;

use crate::check::drill;
use crate::model::{Dependency, Handbook, ModeView, PageIx, Target, flow};
use crate::parse::value::{Duration, Parsed, said};
use crate::source::Located;

use super::pairs::{Pairs, id};
use super::{Spot, Version};

/// Ways back that came, went or changed.
#[derive(Debug, Default, Serialize)]
pub struct Recoveries<'a> {
    /// Failure modes that had a way back and have none.
    pub removed: Vec<RemovedRecovery<'a>>,
    /// Failure modes whose way back changed; those that lost something first.
    pub changed: Vec<ChangedRecovery<'a>>,
    /// Failure modes that had no way back and have one.
    pub added: Vec<RemovedRecovery<'a>>,
}

/// A failure mode that lost its way back, or got one.
#[derive(Debug, Serialize)]
pub struct RemovedRecovery<'a> {
    /// `page#failure`.
    pub id: String,
    /// What happens.
    pub title: &'a str,
    /// Where the failure mode stands now.
    #[serde(flatten)]
    pub spot: Spot<'a>,
    /// The way back that was lost, or that came: what was declared of it.
    pub recovery: Vec<Field>,
}

/// A failure mode whose way back changed.
#[derive(Debug, Serialize)]
pub struct ChangedRecovery<'a> {
    /// `page#failure`.
    pub id: String,
    /// What happens.
    pub title: &'a str,
    /// Where the failure mode stands now.
    #[serde(flatten)]
    pub spot: Spot<'a>,
    /// What changed, in the order of the format.
    pub fields: Vec<FieldChange>,
}

/// Something declared of a way back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// The key under `recover`; `steps` for the steps that a path is made of; `text` also for words under the failure's own heading.
    pub field: &'static str,
    /// What is declared: ids in their order, or one text.
    pub value: Vec<String>,
}

/// Something declared of a way back, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// As in [`Field`].
    pub field: &'static str,
    /// Before; empty where nothing was declared.
    pub before: Vec<String>,
    /// After; empty where nothing is declared.
    pub after: Vec<String>,
}

impl FieldChange {
    /// Whether there is less of it: a key that is gone, or a part of a way that is.
    pub fn is_loss(&self) -> bool {
        let way = matches!(self.field, "path" | "steps" | "alternative");
        let needs = matches!(self.field, "uses" | "alternative_uses");
        !needs && (self.after.is_empty() || way && self.before.iter().any(|part| !self.after.contains(part)))
    }
}

/// How the ways back changed.
pub fn changes<'a>(before: &Version<'a>, after: &Version<'a>, pairs: &Pairs<'a>) -> Recoveries<'a> {
    let mut recoveries = Recoveries::default();
    for (old, new) in &pairs.both {
        let (id, title) = (id(new), new.written.title.as_str());
        let spot = after.spot(new.page.path(), new.written.place);
        let was = fields(before, old, &|id| pairs.names.after(&id));
        let is = fields(after, new, &|id| id);
        match (old.has_recovery(), new.has_recovery()) {
            (true, false) => recoveries.removed.push(RemovedRecovery { id, title, spot, recovery: was }),
            (false, true) => recoveries.added.push(RemovedRecovery { id, title, spot, recovery: is }),
            (false, false) => {}
            (true, true) if was == is => {}
            (true, true) => recoveries.changed.push(ChangedRecovery { id, title, spot, fields: differences(was, is) }),
        }
    }
    recoveries.changed.sort_by_key(|changed| !changed.fields.iter().any(FieldChange::is_loss));
    recoveries
}

fn differences(was: Vec<Field>, is: Vec<Field>) -> Vec<FieldChange> {
    let value =
        |fields: &[Field], name: &str| fields.iter().find(|field| field.field == name).map(|field| field.value.clone()).unwrap_or_default();
    let change = |field: &'static str| FieldChange { field, before: value(&was, field), after: value(&is, field) };
    FIELDS.into_iter().map(change).filter(|change| change.before != change.after).collect()
}

/// What can be declared of a way back, in the order of the format; `steps` after the path that is made of them.
const FIELDS: [&str; 15] = [
    "path",
    "steps",
    "text",
    "by",
    "uses",
    "decide",
    "verify",
    "within",
    "per_unit",
    "units",
    "drilled",
    "data",
    "escalate",
    "alternative",
    "alternative_uses",
];

/// Everything declared of a way back, references as ids as they are `called` now.
fn fields(version: &Version<'_>, mode: &ModeView<'_>, called: &dyn Fn(String) -> String) -> Vec<Field> {
    let handbook = version.handbook();
    let table = mode.recover();
    let length = |length: Option<&Located<Parsed<Duration>>>| length.map(|length| length.value.text.clone());
    let page = |page: PageIx| called(handbook.pages[page].id.clone());
    let pages = |needs: &[Dependency]| needs.iter().map(|need| page(need.page)).collect::<Vec<_>>();
    let targets = |path: &[Target]| path.iter().map(|target| called(handbook.id_of(*target))).collect::<Vec<_>>();
    let one = |text: Option<String>| text.into_iter().collect::<Vec<_>>();
    let value = |field: &str| match field {
        "path" => targets(&mode.resolved.path),
        "steps" => targets(&steps(handbook, &mode.resolved.path)),
        "uses" => pages(&mode.resolved.uses),
        "alternative" => targets(&mode.resolved.alternative),
        "alternative_uses" => pages(&mode.resolved.alternative_uses),
        "text" => one(mode.recovery_text().map(|text| text.trim().to_owned()).or_else(|| prose(version, mode))),
        "by" => one(mode.resolved.by.map(page)),
        "decide" => one(mode.decide().map(str::to_owned)),
        "verify" => one(mode.verify().map(str::to_owned)),
        "within" => one(length(table.and_then(|table| table.within.as_ref()))),
        "per_unit" => one(length(table.and_then(|table| table.per_unit.as_ref()))),
        "units" => one(table.and_then(|table| table.units.as_ref()).map(|units| units.value.0.to_string())),
        "drilled" => one(drill::last(mode).map(|drill| drill.day.to_string())),
        "data" => one(table.and_then(|table| said(&table.data)).map(str::to_owned)),
        "escalate" => one(escalation(mode, mode.resolved.escalate_to.map(page))),
        _ => Vec::new(),
    };
    FIELDS.into_iter().map(|field| Field { field, value: value(field) }).filter(|field| !field.value.is_empty()).collect()
}

/// The steps of the tracks and processes on a path, which can change where the path does not.
fn steps(handbook: &Handbook, path: &[Target]) -> Vec<Target> {
    let whole: Vec<Target> = path.iter().copied().filter(|target| !matches!(target, Target::Step(_))).collect();
    flow::steps_on(handbook, &whole).into_iter().map(Target::Step).collect()
}

/// The words under the failure's own heading, without the blocks among them.
fn prose(version: &Version<'_>, mode: &ModeView<'_>) -> Option<String> {
    let prose = mode.written.prose?;
    let document = &mode.page.document;
    let text = &version.analysis.sources.get(mode.page.path())?.text;
    let blocks = document.blocks.iter().filter_map(|block| document.outline.fences.get(*block)).map(|fence| fence.span);
    let mut words = String::new();
    let mut from = prose.start();
    for block in blocks.filter(|block| prose.contains(*block)) {
        words.push_str(text.get(from..block.start()).unwrap_or_default());
        from = block.end();
    }
    words.push_str(text.get(from..prose.end()).unwrap_or_default());
    Some(words.trim().to_owned()).filter(|words| !words.is_empty())
}

/// Whom to call next, and when: `sre-lead after 15m`.
fn escalation(mode: &ModeView<'_>, to: Option<String>) -> Option<String> {
    let escalate = mode.recover()?.escalate.as_ref()?;
    let after = escalate.after.as_ref().map(|after| format!("after {}", after.value.text));
    Some([to, after].into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}
