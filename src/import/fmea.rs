//! Rows of an FMEA sheet -> failure blocks to be pasted into a process page.
//!
//! In: a table as spreadsheets export it: commas, semicolons or tabs; a few rows before the header; merged cells as blanks below. Out: one
//! block for each failure mode, in row order, and what is wrong with rows, each with its line. Absent: which page it is for, and any
//! guess of a class: a sheet that does not say it gets `technical`, to be looked at.

use std::collections::HashMap;

use anyhow::{Context, bail};

use crate::parse::slug::slug;
use crate::parse::value::{CLASSES, Detector, Likelihood, Severity};
use crate::starter::quoted;

/// What came of a sheet.
#[derive(Debug, PartialEq, Eq)]
pub struct Blocks {
    /// The blocks, ready to be pasted.
    pub text: String,
    /// How many there are.
    pub count: usize,
    /// Rows that could not be read as they were meant: the line of the file, and what to do.
    pub faults: Vec<(usize, String)>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Column {
    Step,
    Mode,
    Effect,
    Cause,
    Prevention,
    DetectionControl,
    Controls,
    Severity,
    Occurrence,
    Detection,
    Class,
    System,
    Action,
    Owner,
    Recovery,
}

/// Reads a sheet. An error where it has no column of failure modes.
pub fn blocks(text: &str) -> anyhow::Result<Blocks> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(text)).from_reader(text.as_bytes());
    let mut columns: Option<HashMap<Column, usize>> = None;
    let mut rows: Vec<Row> = Vec::new();
    let mut faults = Vec::new();
    let mut step = String::new();
    for record in reader.records() {
        let record = record.context("this table cannot be read")?;
        let line = record.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(usize::MAX));
        let Some(known) = &columns else {
            columns = header(&record);
            continue;
        };
        let cell = |column: Column| known.get(&column).and_then(|at| record.get(*at)).map(one_line).unwrap_or_default();
        if record.iter().all(|cell| cell.trim().is_empty()) || header(&record).is_some() {
            continue;
        }
        let own = cell(Column::Step);
        let moved = !own.is_empty() && own != step;
        if !own.is_empty() {
            step = own;
        }
        let row = Row::read(line, &step, cell, &mut faults);
        match (row.mode.is_empty(), rows.last_mut()) {
            (false, _) => rows.push(row),
            // A merged cell: a further cause or effect of the mode above.
            (true, Some(above)) if !moved && row.says_something() => above.join(row),
            (true, _) if row.says_something() => {
                faults.push((line, "this row has no failure mode: say in a few words what goes wrong".to_owned()));
            }
            (true, _) => {}
        }
    }
    if columns.is_none() {
        bail!(
            "there is no column of failure modes: one row must have `Failure mode` in it, and beside it columns such as `Step`, `Effect`, `Cause`, `Severity`"
        );
    }
    let mut ids: HashMap<String, usize> = HashMap::new();
    let texts: Vec<String> = rows.iter().map(|row| row.block(&mut ids)).collect();
    faults.sort();
    Ok(Blocks { text: texts.join("\n"), count: rows.len(), faults })
}

/// What separates cells: whatever the first line that holds any has most of.
fn delimiter(text: &str) -> u8 {
    let head: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(10).collect();
    let count = |mark: char| head.iter().map(|line| line.matches(mark).count()).max().unwrap_or(0);
    [(b'\t', count('\t')), (b';', count(';')), (b',', count(','))]
        .into_iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(b',', |(mark, _)| mark)
}

fn one_line(cell: &str) -> String {
    let cell = cell.trim().trim_start_matches('\u{feff}');
    cell.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !crate::portable::is_invisible(*c)).collect()
}

/// The columns of a row, if it is a header.
fn header(record: &csv::StringRecord) -> Option<HashMap<Column, usize>> {
    let mut columns = HashMap::new();
    for (at, cell) in record.iter().enumerate() {
        if let Some(column) = column(&one_line(cell).to_lowercase()) {
            columns.entry(column).or_insert(at);
        }
    }
    (columns.contains_key(&Column::Mode) && columns.len() >= 2).then_some(columns)
}

fn column(name: &str) -> Option<Column> {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let bare = name.trim_matches(|c: char| !c.is_alphanumeric());
    match () {
        () if bare.len() > 60 || has(&["rpn", "risk priority"]) => None,
        () if has(&["failure mode", "failuremode", "mode of failure", "potential failure", "what can go wrong", "what could go wrong"])
            && !has(&["effect", "cause"]) =>
        {
            Some(Column::Mode)
        }
        () if has(&["effect", "consequence", "impact"]) => Some(Column::Effect),
        () if has(&["cause", "mechanism"]) => Some(Column::Cause),
        () if has(&["prevent"]) => Some(Column::Prevention),
        () if has(&["control"]) && has(&["detect"]) => Some(Column::DetectionControl),
        () if has(&["control", "safeguard"]) => Some(Column::Controls),
        () if matches!(bare, "s" | "sev") || has(&["severity"]) => Some(Column::Severity),
        () if matches!(bare, "o" | "occ") || has(&["occurrence", "occurence", "likelihood", "probability", "frequency"]) => {
            Some(Column::Occurrence)
        }
        () if matches!(bare, "d" | "det") || has(&["detection", "detectability"]) => Some(Column::Detection),
        () if has(&["recovery", "contingency", "reaction plan", "way back"]) => Some(Column::Recovery),
        () if has(&["action", "recommend"]) && !has(&["taken", "date", "status", "result"]) => Some(Column::Action),
        () if has(&["responsib", "owner"]) => Some(Column::Owner),
        () if has(&["class", "category"]) && !has(&["classification"]) => Some(Column::Class),
        () if has(&["system", "component", "dependency"]) => Some(Column::System),
        () if has(&["step", "function", "process", "item", "task", "activity", "requirement"]) => Some(Column::Step),
        () if bare == "failure" || bare == "mode" || bare == "failures" => Some(Column::Mode),
        () => None,
    }
}

/// A failure mode.
#[derive(Debug, Default)]
struct Row {
    step: String,
    mode: String,
    effect: String,
    cause: String,
    prevention: String,
    signal: String,
    recovery: String,
    severity: Option<Severity>,
    likelihood: Option<Likelihood>,
    detector: Option<Detector>,
    class: String,
    system: String,
    actions: Vec<(String, String)>,
    /// Whether the sheet says the class.
    classed: bool,
}

impl Row {
    fn read(line: usize, step: &str, cell: impl Fn(Column) -> String, faults: &mut Vec<(usize, String)>) -> Self {
        let rated = |column: Column, what: &str, words: &str| {
            let text = cell(column);
            let said = !text.is_empty() && !matches!(text.to_lowercase().as_str(), "-" | "n/a" | "na" | "tbd" | "?");
            (said.then_some(text), format!("{what} is a number from 1 to 10, or {words}"))
        };
        let (severity, severity_help) = rated(Column::Severity, "a severity", "minor, moderate, major or critical");
        let (likelihood, likelihood_help) = rated(Column::Occurrence, "an occurrence", "rare, unlikely, likely or frequent");
        let (detector, detector_help) = rated(Column::Detection, "a detection", "alert, check, human or customer");
        let mut take = |name: &str, text: Option<String>, help: String, known: bool| {
            if let Some(text) = text.filter(|_| !known) {
                faults.push((line, format!("the {name} `{text}` is none: {help}; the block leaves it out")));
            }
        };
        let found = severity.as_deref().and_then(read_severity);
        take("severity", severity, severity_help, found.is_some());
        let often = likelihood.as_deref().and_then(read_likelihood);
        take("occurrence", likelihood, likelihood_help, often.is_some());
        let noticed = detector.as_deref().and_then(read_detector);
        take("detection", detector, detector_help, noticed.is_some());
        let given = cell(Column::Class).to_lowercase();
        let class = CLASSES.into_iter().find(|class| given.starts_with(class)).unwrap_or_default();
        if !given.is_empty() && class.is_empty() {
            faults.push((line, format!("the class `{given}` is none: it is {}; the block says technical", CLASSES.join(", "))));
        }
        let system = slug(&cell(Column::System)).trim_matches('-').to_owned();
        let dependency = class == "dependency";
        if dependency && system.is_empty() {
            faults.push((
                line,
                "a dependency fails in some system: add a column `System` with the id of its page; the block says technical".to_owned(),
            ));
        }
        let class = if class.is_empty() || dependency && system.is_empty() { "technical" } else { class };
        let step = step_of(step);
        if step.is_empty() && !cell(Column::Step).is_empty() {
            faults.push((
                line,
                format!("the step `{}` is a number alone: write its title; the block stands for the whole process", cell(Column::Step)),
            ));
        }
        let action = cell(Column::Action);
        Self {
            step,
            mode: cell(Column::Mode),
            effect: cell(Column::Effect),
            cause: cell(Column::Cause),
            prevention: together(&cell(Column::Prevention), &cell(Column::Controls)),
            signal: cell(Column::DetectionControl),
            recovery: cell(Column::Recovery),
            severity: found,
            likelihood: often,
            detector: noticed,
            classed: !given.is_empty(),
            class: class.to_owned(),
            system,
            actions: if action.is_empty() { Vec::new() } else { vec![(action, cell(Column::Owner))] },
        }
    }

    fn says_something(&self) -> bool {
        [&self.effect, &self.cause, &self.prevention, &self.signal, &self.recovery].iter().any(|text| !text.is_empty())
            || !self.actions.is_empty()
    }

    /// Takes in a row that says more about the same mode.
    fn join(&mut self, row: Row) {
        let add = |mine: &mut String, more: &str| *mine = together(mine, more);
        add(&mut self.effect, &row.effect);
        add(&mut self.cause, &row.cause);
        add(&mut self.prevention, &row.prevention);
        add(&mut self.signal, &row.signal);
        add(&mut self.recovery, &row.recovery);
        self.severity = self.severity.max(row.severity);
        self.likelihood = self.likelihood.max(row.likelihood);
        self.detector = self.detector.or(row.detector);
        self.actions.extend(row.actions);
    }

    /// The block.
    fn block(&self, ids: &mut HashMap<String, usize>) -> String {
        let mut lines = vec!["```failure".to_owned()];
        let id = slug(&self.mode);
        let seen = ids.entry(id.clone()).or_default();
        *seen += 1;
        if *seen > 1 && !id.is_empty() {
            let id: String = id.chars().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-').collect();
            lines.push(format!("id = {}", quoted(format!("{}-{seen}", id.trim_matches('-')).trim_start_matches('-'))));
        }
        let look = if self.classed { "" } else { "              # technical, human, scale or dependency?" };
        lines.push(format!("class = {}{look}", quoted(&self.class)));
        lines.push(format!("title = {}", prose(&self.mode)));
        if !self.step.is_empty() {
            lines.push(format!("at = {}", quoted(&format!("#{}", self.step))));
        }
        if self.class == "dependency" {
            lines.push(format!("of = {}", quoted(&self.system)));
        }
        for (key, text) in [("cause", &self.cause), ("effect", &self.effect)] {
            if !text.is_empty() {
                lines.push(format!("{key} = {}", prose(text)));
            }
        }
        lines.extend(self.severity.map(|severity| format!("severity = \"{severity}\"")));
        lines.extend(self.likelihood.map(|likelihood| format!("likelihood = \"{likelihood}\"")));
        if !self.prevention.is_empty() {
            lines.push(format!("prevent = {}", prose(&self.prevention)));
        }
        if !self.recovery.is_empty() {
            lines.push(format!("recover = {}", prose(&self.recovery)));
        }
        if !self.signal.is_empty() || self.detector.is_some() {
            lines.extend([String::new(), "[detect]".to_owned()]);
            if !self.signal.is_empty() {
                lines.push(format!("signal = {}", prose(&self.signal)));
            }
            lines.extend(self.detector.map(|by| format!("by = \"{by}\"")));
        }
        for (what, owner) in &self.actions {
            lines.extend([String::new(), "[[action]]".to_owned(), format!("what = {}", prose(what))]);
            if !owner.is_empty() {
                lines.push(format!("# owner = {}              # the id of a role", quoted(&slug(owner))));
            }
        }
        lines.push("```\n".to_owned());
        lines.join("\n")
    }
}

fn together(one: &str, other: &str) -> String {
    match (one.is_empty(), other.is_empty() || one == other) {
        (true, _) => other.to_owned(),
        (_, true) => one.to_owned(),
        _ => format!("{one}; {other}"),
    }
}

/// A cell as inline Markdown that shows its letters.
fn prose(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let in_word = |at: usize| {
        let beside = [at.checked_sub(1), Some(at + 1)];
        beside.into_iter().all(|at| at.and_then(|at| letters.get(at)).is_some_and(|c| c.is_alphanumeric()))
    };
    let mut said = String::with_capacity(text.len());
    for (at, c) in letters.iter().enumerate() {
        if matches!(c, '[' | ']' | '<' | '\\' | '`' | '*') || *c == '_' && !in_word(at) {
            said.push('\\');
        }
        said.push(*c);
    }
    quoted(&said)
}

/// The id of a step by its title, without the number before it.
fn step_of(title: &str) -> String {
    let bare = title.strip_prefix("Step ").or_else(|| title.strip_prefix("step ")).unwrap_or(title);
    let rest = bare.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = if rest.len() < bare.len() { rest.trim_start_matches([')', ':', '-', '–', ' ']) } else { title };
    slug(rest.trim_end_matches(['.', ':']))
}

fn whole(text: &str) -> Option<u32> {
    let number: f64 = text.replace(',', ".").parse().ok()?;
    (1.0..=10.0).contains(&number).then(|| number.round() as u32)
}

/// Severity in words, or from 1 to 10 as AIAG and VDA count: 9 and 10 endanger, 7 and 8 stop the main function, 4 to 6 a lesser one.
fn read_severity(text: &str) -> Option<Severity> {
    if let Some(number) = whole(text) {
        return Some(match number {
            1..=3 => Severity::Minor,
            4..=6 => Severity::Moderate,
            7..=8 => Severity::Major,
            _ => Severity::Critical,
        });
    }
    Some(match text.to_lowercase().as_str() {
        "minor" | "low" | "negligible" | "very low" | "none" => Severity::Minor,
        "moderate" | "medium" => Severity::Moderate,
        "major" | "high" | "serious" | "significant" => Severity::Major,
        "critical" | "very high" | "catastrophic" | "hazardous" | "extreme" => Severity::Critical,
        _ => return None,
    })
}

fn read_likelihood(text: &str) -> Option<Likelihood> {
    if let Some(number) = whole(text) {
        return Some(match number {
            1..=2 => Likelihood::Rare,
            3..=5 => Likelihood::Unlikely,
            6..=8 => Likelihood::Likely,
            _ => Likelihood::Frequent,
        });
    }
    Some(match text.to_lowercase().as_str() {
        "rare" | "remote" | "very low" | "extremely unlikely" | "improbable" => Likelihood::Rare,
        "unlikely" | "low" | "occasional" => Likelihood::Unlikely,
        "likely" | "medium" | "moderate" | "high" | "probable" => Likelihood::Likely,
        "frequent" | "very high" | "almost certain" | "certain" => Likelihood::Frequent,
        _ => return None,
    })
}

/// Who notices: from 1 (certain to be noticed) to 10 (not at all, so a customer tells).
fn read_detector(text: &str) -> Option<Detector> {
    if let Some(number) = whole(text) {
        return Some(match number {
            1..=3 => Detector::Alert,
            4..=5 => Detector::Check,
            6..=8 => Detector::Human,
            _ => Detector::Customer,
        });
    }
    let text = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    Some(match () {
        () if has(&["alert", "automatic", "monitor", "alarm", "almost certain", "very high"]) => Detector::Alert,
        () if has(&["check", "test", "inspection", "high"]) => Detector::Check,
        () if has(&["human", "manual", "visual", "operator", "moderate", "medium", "low"]) => Detector::Human,
        () if has(&["customer", "none", "undetect", "impossible", "remote", "uncertain"]) => Detector::Customer,
        () => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_blocks() {
        let sheet = "FMEA of the release,,,\n\nProcess step,Potential failure mode,Effect,Cause,S,O,D\n1. Migrate the schema,It stops <halfway>,Half,Lock,9,3,2\n,,,Full disk,,,\n";
        let read = blocks(sheet).unwrap();
        assert_eq!((read.count, read.faults), (1, vec![]));
        assert_eq!(
            read.text,
            "```failure\nclass = \"technical\"              # technical, human, scale or dependency?\ntitle = 'It stops \\<halfway>'\nat = \"#migrate-the-schema\"\ncause = \"Lock; Full disk\"\neffect = \"Half\"\nseverity = \"critical\"\nlikelihood = \"unlikely\"\n\n[detect]\nby = \"alert\"\n```\n"
        );
    }

    #[test]
    fn bad_rows_are_told_and_the_others_come_out() {
        let sheet = "Step;Failure mode;Severity;Class\nA;x;11;human\nB;y;major;weather\nC;;;\n7;z;2;dependency\n";
        let read = blocks(sheet).unwrap();
        assert_eq!(read.count, 3);
        let lines: Vec<usize> = read.faults.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 5, 5]);
        assert!(read.text.contains("severity = \"minor\"") && !read.text.contains("at = \"#7\""), "{}", read.text);
        assert!(blocks("a,b\n1,2\n").is_err());
    }

    #[test]
    fn equal_modes_have_ids_of_their_own() {
        let read = blocks("Step,Failure mode\nA,It fails\nB,It fails\n").unwrap();
        assert!(read.text.contains("id = \"it-fails-2\"\n"), "{}", read.text);
    }
}
