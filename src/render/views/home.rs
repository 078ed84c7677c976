//! The home page: the author's text, then the state of the handbook.

use serde::Serialize;

use crate::check::coverage::Coverage;
use crate::check::due::Due;
use crate::check::priority::Priority;
use crate::model::{ModeIx, PageIx};
use crate::parse::value::PageKind;

use super::super::html::Body;
use super::super::register::GapParts;
use super::super::sections::SectionIx;
use super::super::sums::Sums;
use super::super::words;
use super::coverage::{ClassCoverage, CoverageView, coverage};
use super::finding::Counts;
use super::gaps::{RuleCount, place};
use super::process::{PartView, parts};
use super::reviews::{self, DueView};
use super::risks::{RiskRow, row};
use super::{Here, Link};

/// The home page.
#[derive(Clone, Debug, Serialize)]
pub struct HomeView {
    /// What the author wrote.
    pub parts: Vec<PartView>,
    /// Footnotes of the text.
    pub footnotes_html: String,
    /// Whether there is no process yet.
    pub new: bool,
    /// How many processes, systems, roles and failure modes there are.
    pub sizes: Sizes,
    /// Obligations met and unmet, over all pages.
    pub coverage: CoverageView,
    /// A row for each process, or for each section where there are many.
    pub heat: Vec<HeatRow>,
    /// Whether the rows are sections.
    pub by_section: bool,
    /// What presses most, at most five.
    pub top: Vec<RiskRow>,
    /// All findings, by level.
    pub counts: Counts,
    /// How often each rule fires, most often first.
    pub rules: Vec<RuleCount>,
    /// What is due or overdue, soonest first.
    pub due: Vec<DueView>,
    /// How much of what comes due was never done.
    pub never: usize,
    /// How many incidents there are.
    pub incidents: usize,
    /// How many of them were on a page before.
    pub foreseen: usize,
    /// The day of the build.
    pub built: String,
}

/// How large the handbook is.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Sizes {
    /// Processes.
    pub processes: usize,
    /// Systems.
    pub systems: usize,
    /// Roles.
    pub roles: usize,
    /// Failure modes.
    pub modes: usize,
    /// Steps and decisions.
    pub steps: usize,
}

/// A row of the heat map.
#[derive(Clone, Debug, Serialize)]
pub struct HeatRow {
    /// The process or section.
    pub link: Link,
    /// The criticality of a process.
    pub criticality: Option<&'static str>,
    /// `proposed`, `active` or `retired`; none for a section.
    pub status: Option<&'static str>,
    /// Met of those that are owed, in whole percent.
    pub percent: Option<usize>,
    /// How many gaps there are.
    pub unmet: usize,
    /// One cell per class, in their order.
    pub cells: Vec<HeatCell>,
}

/// A cell of the heat map.
#[derive(Clone, Debug, Serialize)]
pub struct HeatCell {
    /// The class and how far it is answered.
    pub coverage: ClassCoverage,
    /// The gaps, or the page where there are none.
    pub href: String,
}

/// Above this many processes the heat map has one row per section.
const ROWS: usize = 50;

/// The home page. `index` is its page, where one was written.
pub fn home(
    here: &Here<'_>,
    index: Option<PageIx>,
    body: &Body,
    sums: &Sums,
    gap_parts: &GapParts,
    risks: &[ModeIx],
    due: &[Due<'_>],
) -> HomeView {
    let atlas = here.atlas;
    let handbook = atlas.handbook;
    let processes: Vec<PageIx> = handbook.processes().filter(|page| atlas.counts(*page)).collect();
    let by_section = processes.len() > ROWS;
    let heat = if by_section { section_rows(here, &processes, gap_parts) } else { process_rows(here, &processes, gap_parts) };
    let pressing = risks.iter().filter(|mode| atlas.counts(mode.page) && atlas.priority(**mode) > Priority::Low).take(5);
    HomeView {
        parts: index.map(|index| parts(here, index, body, &body.parts)).unwrap_or_default(),
        footnotes_html: body.footnotes.clone(),
        new: processes.is_empty(),
        sizes: Sizes {
            processes: processes.len(),
            systems: handbook.of_kind(PageKind::System).count(),
            roles: handbook.of_kind(PageKind::Role).count(),
            modes: risks.len(),
            steps: processes.iter().map(|page| handbook.steps(*page).count()).sum(),
        },
        coverage: coverage(here, &atlas.analysis.coverage.handbook),
        heat,
        by_section,
        top: pressing.map(|mode| row(here, *mode)).collect(),
        counts: sums.findings,
        rules: sums.rules.clone(),
        due: soon(here, due),
        never: sums.never,
        incidents: sums.incidents,
        foreseen: sums.foreseen,
        built: words::day(handbook.today),
    }
}

fn process_rows(here: &Here<'_>, processes: &[PageIx], gap_parts: &GapParts) -> Vec<HeatRow> {
    let mut processes = processes.to_vec();
    processes.sort_by_key(|page| (std::cmp::Reverse(here.atlas.handbook.pages[*page].criticality()), *page));
    let row = |page: &PageIx| {
        let model = &here.atlas.handbook.pages[*page];
        let tally = here.atlas.analysis.coverage.pages.get(page).cloned().unwrap_or_default();
        let to_page = here.page(*page);
        HeatRow {
            criticality: Some(model.criticality().name()),
            status: Some(model.status().name()),
            ..heat_row(here, to_page.clone(), &tally, place(here, gap_parts, *page), to_page.href)
        }
    };
    processes.iter().map(row).collect()
}

fn section_rows(here: &Here<'_>, processes: &[PageIx], gap_parts: &GapParts) -> Vec<HeatRow> {
    let sections = &here.atlas.sections;
    let mut order: Vec<SectionIx> = Vec::new();
    let mut sums: std::collections::HashMap<SectionIx, (Coverage, PageIx, Option<PageIx>)> = std::collections::HashMap::new();
    for page in processes {
        let section = sections.of[*page];
        let tally = here.atlas.analysis.coverage.pages.get(page).cloned().unwrap_or_default();
        let has_gaps = tally.total.unmet > 0;
        let sum = sums.entry(section).or_insert_with(|| {
            order.push(section);
            (Coverage::default(), *page, None)
        });
        sum.0 = add(&sum.0, &tally);
        if has_gaps {
            sum.2.get_or_insert(*page);
        }
    }
    let row = |section: SectionIx| {
        let (tally, first, with_gaps) = sums.get(&section)?;
        let index = sections.all[section].index.unwrap_or(*first);
        let link = Link { title: sections.all[section].title.clone(), href: here.page(index).href };
        let gaps = with_gaps.map_or_else(|| link.href.clone(), |page| place(here, gap_parts, page));
        Some(heat_row(here, link.clone(), tally, gaps, link.href))
    };
    order.into_iter().filter_map(row).collect()
}

fn add(a: &Coverage, b: &Coverage) -> Coverage {
    let mut names: Vec<&String> = a.by_class.iter().chain(&b.by_class).map(|(class, _)| class).collect();
    names.dedup();
    let mut by_class: Vec<(String, _)> = Vec::new();
    for class in names {
        if !by_class.iter().any(|(known, _)| known == class) {
            by_class.push((class.clone(), a.class(class).plus(b.class(class))));
        }
    }
    Coverage { total: a.total.plus(b.total), by_class }
}

fn heat_row(here: &Here<'_>, link: Link, tally: &Coverage, gaps: String, page: String) -> HeatRow {
    let view = coverage(here, tally);
    let cell = |class: ClassCoverage| HeatCell { href: if class.unmet > 0 { gaps.clone() } else { page.clone() }, coverage: class };
    HeatRow {
        link,
        criticality: None,
        status: None,
        percent: view.percent,
        unmet: view.unmet,
        cells: view.classes.into_iter().map(cell).collect(),
    }
}

/// What is overdue or due within 30 days of the build; at most ten.
fn soon(here: &Here<'_>, due: &[Due<'_>]) -> Vec<DueView> {
    let limit = here.atlas.handbook.today.saturating_add(jiff::Span::new().days(30));
    let soon = due.iter().filter(|due| due.day.is_some_and(|day| day <= limit));
    soon.take(10).map(|due| reviews::view(here, due)).collect()
}
