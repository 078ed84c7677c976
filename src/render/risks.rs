//! The register of failure modes for spreadsheets and programs: `risks.csv` and `risks.json`.

use anyhow::Context as _;
use serde::{Serialize, Serializer};

use crate::check::priority::{Priority, priority};
use crate::check::reach::alert_needs_what_failed;
use crate::model::{Handbook, ModeIx, ModeView, PageIx, Target};
use crate::parse::markdown::plain;
use crate::source::Sources;

/// The version of the JSON.
pub const VERSION: u32 = 1;

/// A failure mode as a row. Ids in references; texts without Markdown marks.
#[derive(Debug, Serialize)]
pub struct Row {
    /// `page#failure`.
    pub id: String,
    /// What happens.
    pub title: String,
    /// The process or system that it is declared on.
    pub page: String,
    /// That page's title.
    pub page_title: String,
    /// `process` or `system`.
    pub kind: &'static str,
    /// The class.
    pub class: Option<String>,
    /// `high`, `medium` or `low`.
    pub priority: &'static str,
    /// `minor` to `critical`.
    pub severity: Option<&'static str>,
    /// `rare` to `frequent`.
    pub likelihood: Option<&'static str>,
    /// `automatic`, `human` or `none`.
    pub detection: &'static str,
    /// How it shows.
    pub state: Option<&'static str>,
    /// What fails.
    pub of: Option<String>,
    /// The first step that it can hit.
    pub at: Option<String>,
    /// The role that owns it, or its page.
    pub owner: Option<String>,
    /// Why it happens.
    pub cause: Option<String>,
    /// What it does.
    pub effect: Option<String>,
    /// What keeps it from happening.
    pub prevent: Option<String>,
    /// What shows it.
    pub signal: Option<String>,
    /// The way back: steps, tracks and processes.
    pub recovery_path: Vec<String>,
    /// The way back in words.
    pub recovery: Option<String>,
    /// The role that goes it.
    pub recovery_by: Option<String>,
    /// Who decides to begin.
    pub decide: Option<String>,
    /// How one knows that normal is back.
    pub verify: Option<String>,
    /// The last drill.
    pub drilled: Option<String>,
    /// Where it is on the site.
    pub url: String,
    /// Where it is written: `content/deploy.md:41`.
    pub source: String,
}

/// The rows of `modes`, in their order, each made when it is asked for.
pub fn rows(handbook: &Handbook, sources: &Sources, modes: &[ModeIx]) -> impl ExactSizeIterator<Item = Row> + Clone {
    modes.iter().map(move |at| row(handbook, sources, &handbook.mode(*at)))
}

/// Every failure mode, what presses most first.
pub fn sorted(handbook: &Handbook) -> Vec<ModeIx> {
    let mut modes: Vec<(Priority, ModeIx)> =
        (0..handbook.pages.len()).flat_map(|page| handbook.modes(page).map(|mode| (priority(handbook, &mode), mode.at))).collect();
    modes.sort_by_key(|(priority, at)| {
        let mode = handbook.mode(*at);
        let retired = mode.page.status() == crate::parse::value::Status::Retired;
        (retired, std::cmp::Reverse((*priority, mode.severity(), mode.likelihood())), *at)
    });
    modes.into_iter().map(|(_, at)| at).collect()
}

fn row(handbook: &Handbook, sources: &Sources, mode: &ModeView<'_>) -> Row {
    use crate::check::priority::{Detection, detection};
    let facts = mode.facts();
    let id = |page: PageIx| handbook.pages[page].id.clone();
    let text = |text: Option<&str>| text.map(plain);
    let table = mode.recover();
    let line = sources.position(mode.page.path(), mode.written.place.start()).line;
    Row {
        id: handbook.id_of(Target::Mode(mode.at)),
        title: mode.written.title.clone(),
        page: mode.page.id.clone(),
        page_title: mode.page.title().to_owned(),
        kind: mode.page.page_kind().name(),
        class: mode.class().map(str::to_owned),
        priority: priority(handbook, mode).name(),
        severity: mode.severity().map(|severity| severity.name()),
        likelihood: mode.likelihood().map(|likelihood| likelihood.name()),
        detection: match detection(mode, alert_needs_what_failed(handbook, mode)) {
            Detection::Automatic => "automatic",
            Detection::Human => "human",
            Detection::None => "none",
        },
        state: mode.state().map(|state| state.name()),
        of: mode.resolved.of.map(id),
        at: mode.resolved.steps.first().map(|step| handbook.id_of(Target::Step(*step))),
        owner: mode.resolved.owner.or(mode.page.owner).map(id),
        cause: text(mode.said(&facts.cause)),
        effect: text(mode.said(&facts.effect)),
        prevent: text(mode.said(&facts.prevent)),
        signal: text(mode.signal()),
        recovery_path: mode.resolved.path.iter().map(|target| handbook.id_of(*target)).collect(),
        recovery: text(mode.recovery_text()).or_else(|| section(sources, mode)),
        recovery_by: mode.resolved.by.map(id),
        decide: text(mode.decide()),
        verify: text(mode.verify()),
        drilled: table.and_then(|table| table.drilled.as_ref()).map(|day| day.value.to_string()),
        url: format!("{}#{}", mode.page.url, mode.written.id),
        source: format!("{}:{line}", mode.page.path()),
    }
}

/// The words under a failure mode's own heading.
fn section(sources: &Sources, mode: &ModeView<'_>) -> Option<String> {
    let span = mode.written.prose?;
    let source = sources.get(mode.page.path())?;
    let blocks: Vec<_> = mode.page.document.blocks.iter().filter_map(|fence| mode.page.document.outline.fences.get(*fence)).collect();
    let mut text = source.text.get(span.start()..span.end())?.to_owned();
    for block in blocks.iter().rev().filter(|block| span.contains(block.span)) {
        text.replace_range(block.span.start() - span.start()..block.span.end() - span.start(), "");
    }
    Some(plain(&text))
}

/// Bytes that a row takes, about: room for all of them at once, instead of a copy of the register each time that it grows.
const ROW: usize = 1024;

/// The register as JSON.
pub fn json(rows: impl ExactSizeIterator<Item = Row> + Clone) -> anyhow::Result<Vec<u8>> {
    #[derive(Serialize)]
    struct Register<R: Iterator<Item = Row> + Clone> {
        version: u32,
        #[serde(serialize_with = "each")]
        risks: R,
    }
    fn each<S: Serializer>(rows: &(impl Iterator<Item = Row> + Clone), serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(rows.clone())
    }
    let mut bytes = Vec::with_capacity(rows.len() * ROW);
    serde_json::to_writer_pretty(&mut bytes, &Register { version: VERSION, risks: rows }).context("writing the register as JSON")?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The register as CSV. A cell that a spreadsheet would take for a formula begins with an apostrophe.
pub fn csv(rows: impl ExactSizeIterator<Item = Row>) -> anyhow::Result<Vec<u8>> {
    let bytes = Vec::with_capacity(rows.len() * ROW / 2);
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(bytes);
    let failed = "writing the register as CSV";
    writer.write_record(COLUMNS).context(failed)?;
    for row in rows {
        writer.write_record(cells(&row).iter().map(|cell| harmless(cell))).context(failed)?;
    }
    writer.into_inner().context(failed)
}

const COLUMNS: [&str; 26] = [
    "id",
    "title",
    "page",
    "page_title",
    "kind",
    "class",
    "priority",
    "severity",
    "likelihood",
    "detection",
    "state",
    "of",
    "at",
    "owner",
    "cause",
    "effect",
    "prevent",
    "signal",
    "recovery_path",
    "recovery",
    "recovery_by",
    "decide",
    "verify",
    "drilled",
    "url",
    "source",
];

fn cells(row: &Row) -> [String; 26] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
    [
        row.id.clone(),
        row.title.clone(),
        row.page.clone(),
        row.page_title.clone(),
        row.kind.to_owned(),
        text(&row.class),
        row.priority.to_owned(),
        word(row.severity),
        word(row.likelihood),
        row.detection.to_owned(),
        word(row.state),
        text(&row.of),
        text(&row.at),
        text(&row.owner),
        text(&row.cause),
        text(&row.effect),
        text(&row.prevent),
        text(&row.signal),
        row.recovery_path.join(" "),
        text(&row.recovery),
        text(&row.recovery_by),
        text(&row.decide),
        text(&row.verify),
        text(&row.drilled),
        row.url.clone(),
        row.source.clone(),
    ]
}

/// Spreadsheets run cells that begin with one of these characters.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        assert_eq!(harmless("a=1"), "a=1");
    }
}
