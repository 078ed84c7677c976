//! The JSON of `check --format json`: a promise to other tools, in the order of path and line. Every selected finding is listed, waived ones
//! too; `max` and verbosity do not apply.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::check::coverage::{Coverage, Tally};
use crate::check::rules;
use crate::finding::{Finding, Place};
use crate::model::Handbook;
use crate::pipeline::Analysis;
use crate::source::Sources;

use super::region::Region;
use super::summary::Summary;

#[derive(Serialize)]
struct Json<'a> {
    version: u32,
    findings: Vec<JsonFinding<'a>>,
    summary: JsonSummary<'a>,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    id: &'a str,
    rule: &'a str,
    group: &'a str,
    level: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: JsonPlace<'a>,
    element: String,
    page: &'a str,
    places: Vec<JsonMark<'a>>,
    note: Option<&'a str>,
    help: Option<&'a str>,
    waived: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<JsonWaiver<'a>>,
}

/// Lines and columns count from 1, columns in characters; the end is the column after the last character.
#[derive(Serialize)]
struct JsonPlace<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct JsonMark<'a> {
    #[serde(flatten)]
    place: JsonPlace<'a>,
    label: &'a str,
}

#[derive(Serialize)]
struct JsonWaiver<'a> {
    reason: &'a str,
    by: &'a str,
    until: Option<String>,
}

#[derive(Serialize)]
struct JsonSummary<'a> {
    errors: usize,
    warnings: usize,
    infos: usize,
    waived: usize,
    pages: usize,
    processes: usize,
    coverage: JsonCoverage<'a>,
}

#[derive(Serialize)]
struct JsonCoverage<'a> {
    #[serde(flatten)]
    total: JsonTally,
    by_class: Classes<'a>,
}

#[derive(Serialize)]
struct JsonTally {
    met: usize,
    unmet: usize,
    waived: usize,
    not_applicable: usize,
}

/// The classes as one object, in the order of the report.
struct Classes<'a>(&'a [(String, Tally)]);

impl Serialize for Classes<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(class, tally)| (class, JsonTally::from(*tally))))
    }
}

impl From<Tally> for JsonTally {
    fn from(Tally { met, unmet, waived, not_applicable }: Tally) -> Self {
        Self { met, unmet, waived, not_applicable }
    }
}

/// The report as pretty-printed JSON with a line break at its end.
pub fn text(analysis: &Analysis, findings: &[&Finding]) -> String {
    let groups: BTreeMap<&str, &str> = rules::RULES.iter().map(|rule| (rule.name, rule.group.name())).collect();
    let Summary { counts, pages, processes, .. } = Summary::of(analysis, findings);
    let Coverage { total, by_class } = &analysis.coverage.handbook;
    let json = Json {
        version: 1,
        findings: findings.iter().map(|finding| json_finding(finding, &groups, analysis)).collect(),
        summary: JsonSummary {
            errors: counts.errors,
            warnings: counts.warnings,
            infos: counts.infos,
            waived: counts.waived,
            pages,
            processes,
            coverage: JsonCoverage { total: (*total).into(), by_class: Classes(by_class) },
        },
    };
    // Keys are strings and nothing here can refuse to be written, so the error cannot come up.
    let mut text = serde_json::to_string_pretty(&json).unwrap_or_default();
    text.push('\n');
    text
}

fn json_finding<'a>(finding: &'a Finding, groups: &BTreeMap<&str, &'a str>, analysis: &'a Analysis) -> JsonFinding<'a> {
    let sources = &analysis.sources;
    JsonFinding {
        id: &finding.id,
        rule: finding.rule,
        group: groups.get(finding.rule).copied().unwrap_or("structure"),
        level: finding.level.name(),
        message: &finding.message,
        place: json_place(&finding.place, sources),
        element: finding.element.to_string(),
        page: page(finding, &analysis.handbook),
        places: finding.places.iter().map(|mark| JsonMark { place: json_place(&mark.place, sources), label: &mark.label }).collect(),
        note: finding.note.as_deref(),
        help: finding.help.as_deref(),
        waived: finding.waived.is_some(),
        waiver: finding.waived.as_ref().map(|waiver| JsonWaiver {
            reason: &waiver.reason,
            by: &waiver.by,
            until: waiver.until.map(|day| day.to_string()),
        }),
    }
}

/// The page that a finding is about; where its element is several pages or a URL, the page on which it stands.
fn page<'a>(finding: &'a Finding, handbook: &'a Handbook) -> &'a str {
    let named = &finding.element.page;
    if handbook.page(named).is_some() {
        return named;
    }
    let standing = handbook.pages.iter().find(|page| !page.from_settings && *page.path() == finding.place.path);
    standing.map_or(named, |page| &page.id)
}

fn json_place<'a>(place: &'a Place, sources: &Sources) -> JsonPlace<'a> {
    let Region { line, column, end_line, end_column } = Region::of(place, sources);
    JsonPlace { path: place.path.as_str(), line, column, end_line, end_column }
}

#[cfg(test)]
mod tests {
    use crate::source::Span;
    use snapbox::{assert_data_eq, str};

    use super::super::sample::{DEPLOY, analysis, finding, place};
    use super::super::select;
    use crate::finding::{Element, Level, Waiver};

    const PAGES: &[(&str, &str)] = &[("content/deploy.md", DEPLOY)];

    #[test]
    fn the_json_is_that_of_the_manual() {
        let at = |text| place(PAGES, "content/deploy.md", text);
        let recovery = finding(
            "missing-recovery",
            Level::Error,
            at("\"The migration stops halfway\""),
            Element::thing("deploy", "the-migration-stops-halfway"),
            "failure mode `The migration stops halfway` has no recovery",
        )
        .note("whoever is called finds nothing here")
        .mark(at("Migrate the database"), "can hit this step");
        let mut class = finding(
            "class-not-considered",
            Level::Warning,
            at("# Deploy"),
            Element::page("deploy").part("scale"),
            "no failure mode of class scale in `Deploy`",
        )
        .help("add one");
        let until = Some(jiff::civil::date(2027, 3, 1));
        class.waived = Some(Waiver { reason: "two releases a year will not grow".into(), by: "platform".into(), until });
        let analysis = analysis(PAGES, vec![recovery, class]);
        let findings = select(&analysis.findings, &[], &[]);
        assert_data_eq!(
            super::text(&analysis, &findings),
            str![[r#"
{
  "version": 1,
  "findings": [
    {
      "id": "class-not-considered@deploy/scale",
      "rule": "class-not-considered",
      "group": "coverage",
      "level": "warning",
      "message": "no failure mode of class scale in `Deploy`",
      "path": "content/deploy.md",
      "line": 1,
      "column": 1,
      "end_line": 1,
      "end_column": 9,
      "element": "deploy/scale",
      "page": "deploy",
      "places": [],
      "note": null,
      "help": "add one",
      "waived": true,
      "waiver": {
        "reason": "two releases a year will not grow",
        "by": "platform",
        "until": "2027-03-01"
      }
    },
    {
      "id": "missing-recovery@deploy#the-migration-stops-halfway",
      "rule": "missing-recovery",
      "group": "coverage",
      "level": "error",
      "message": "failure mode `The migration stops halfway` has no recovery",
      "path": "content/deploy.md",
      "line": 26,
      "column": 9,
      "end_line": 26,
      "end_column": 38,
      "element": "deploy#the-migration-stops-halfway",
      "page": "deploy",
      "places": [
        {
          "path": "content/deploy.md",
          "line": 17,
          "column": 4,
          "end_line": 17,
          "end_column": 24,
          "label": "can hit this step"
        }
      ],
      "note": "whoever is called finds nothing here",
      "help": null,
      "waived": false
    }
  ],
  "summary": {
    "errors": 1,
    "warnings": 0,
    "infos": 0,
    "waived": 1,
    "pages": 1,
    "processes": 1,
    "coverage": {
      "met": 10,
      "unmet": 1,
      "waived": 1,
      "not_applicable": 0,
      "by_class": {
        "technical": {
          "met": 4,
          "unmet": 1,
          "waived": 0,
          "not_applicable": 0
        },
        "human": {
          "met": 5,
          "unmet": 0,
          "waived": 0,
          "not_applicable": 0
        },
        "scale": {
          "met": 0,
          "unmet": 0,
          "waived": 1,
          "not_applicable": 0
        },
        "dependency": {
          "met": 1,
          "unmet": 0,
          "waived": 0,
          "not_applicable": 0
        }
      }
    }
  }
}

"#]]
        );
    }

    #[test]
    fn columns_count_characters_and_an_empty_span_ends_where_it_begins() {
        let pages: &[(&str, &str)] = &[("content/a.md", "größe 手順 x\n")];
        let word = finding("broken-link", Level::Error, place(pages, "content/a.md", "手順"), Element::page("a"), "…");
        let mut empty = word.clone();
        empty.place.span = Span::new(empty.place.span.start(), empty.place.span.start());
        let analysis = analysis(pages, vec![word, empty]);
        let json: serde_json::Value = serde_json::from_str(&super::text(&analysis, &select(&analysis.findings, &[], &[]))).unwrap();
        let columns: Vec<_> = json["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| (finding["column"].as_u64(), finding["end_column"].as_u64()))
            .collect();
        assert_eq!(columns, [(Some(7), Some(7)), (Some(7), Some(9))]);
    }

    #[test]
    fn without_findings_the_lists_are_empty_and_the_text_ends_with_a_line_break() {
        let analysis = analysis(&[("content/index.md", "# Home\n")], Vec::new());
        let text = super::text(&analysis, &[]);
        assert!(text.starts_with("{\n  \"version\": 1,\n  \"findings\": [],\n"), "{text}");
        assert!(text.ends_with("}\n"));
    }
}
