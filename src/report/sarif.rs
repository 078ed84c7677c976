//! Findings -> SARIF 2.1.0, for code scanning and editors.
//!
//! The types are the part of the format that is used here, by the names of the standard (OASIS, *Static Analysis Results Interchange Format
//! 2.1.0*); a test holds the result against the official schema. Every rule of the table is described, fired or not, so that an index means
//! the same in every report of one version. Texts are plain: nothing that a page says becomes a link. Absent: times, hosts and absolute
//! paths; the same handbook gives the same bytes.

use std::collections::HashMap;

use serde::Serialize;

use crate::check::rule::{DefaultLevel, Rule};
use crate::check::rules::RULES;
use crate::finding::{Finding, Level, Patch, Place, Waiver};
use crate::pipeline::Analysis;
use crate::render::relative::encoded_path;

use super::region::Region as Span;
use super::rule_help::{RuleHelp, rule_help};
use super::{FailOn, Options, escape, explain, fails, plain};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// What relative addresses begin at: the root of the checkout, by the name that code scanning gives it.
const ROOT: &str = "%SRCROOT%";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<Result<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    help_uri: String,
    help: Help,
    default_configuration: Configuration,
    properties: Tags,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Tags {
    tags: [&'static str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    exit_code: u8,
    exit_code_description: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result<'a> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprints<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'a>>,
    suppressions: Vec<Suppression<'a>>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
}

/// The id of a finding survives edits elsewhere; the number is that of its form.
#[derive(Serialize)]
struct Fingerprints<'a> {
    #[serde(rename = "forewarnFindingId/v1")]
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Message>,
    artifact_changes: [Change<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    artifact_location: Artifact,
    replacements: [Replacement<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    #[serde(skip_serializing_if = "Option::is_none")]
    inserted_content: Option<Content<'a>>,
}

#[derive(Serialize)]
struct Content<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    status: &'static str,
    justification: &'a str,
    properties: Signature<'a>,
}

#[derive(Serialize)]
struct Signature<'a> {
    by: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

/// The report as pretty-printed JSON with a line break at its end.
pub fn text(analysis: &Analysis, findings: &[&Finding], options: &Options) -> String {
    let indexes: HashMap<&str, usize> = RULES.iter().enumerate().map(|(index, rule)| (rule.name, index)).collect();
    let writer = Writer { analysis, base: &options.base };
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "forewarn",
                    version: VERSION,
                    semantic_version: VERSION,
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules: RULES.iter().map(descriptor).collect(),
                },
            },
            invocations: [invocation(findings, options.fail_on)],
            column_kind: "unicodeCodePoints",
            results: findings.iter().map(|finding| writer.result(finding, indexes.get(finding.rule).copied())).collect(),
        }],
    };
    // Keys are strings and nothing here can refuse to be written, so the error cannot come up.
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn descriptor(rule: &Rule) -> Descriptor {
    let RuleHelp { description, text, markdown, uri } = rule_help(rule);
    // Most processes are neither major nor critical.
    let usual = match rule.level {
        DefaultLevel::ByCriticality => Some(Level::Warning),
        level => explain::levels(level).first().copied(),
    };
    Descriptor {
        id: rule.name,
        short_description: Message { text: rule.summary.to_owned() },
        full_description: Message { text: description },
        help_uri: uri,
        help: Help { text, markdown },
        default_configuration: Configuration { level: name(usual.unwrap_or(Level::Warning)) },
        properties: Tags { tags: [rule.group.name()] },
    }
}

/// A run that finds something has succeeded: what failed is the check.
fn invocation(findings: &[&Finding], fail_on: FailOn) -> Invocation {
    let failed = fails(findings, fail_on);
    let limit = match fail_on {
        FailOn::Fault => "faults",
        FailOn::Error => "errors",
        FailOn::Warning => "errors or warnings",
        FailOn::Never => "findings that count",
    };
    Invocation {
        execution_successful: true,
        exit_code: u8::from(failed),
        exit_code_description: format!("{} {limit}", if failed { "there are" } else { "there are no" }),
    }
}

fn name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

/// What a place is written with.
struct Writer<'a> {
    analysis: &'a Analysis,
    base: &'a str,
}

impl Writer<'_> {
    fn result<'f>(&self, finding: &'f Finding, rule_index: Option<usize>) -> Result<'f> {
        let mut location = self.location(&finding.place);
        location.logical_locations = vec![Logical { fully_qualified_name: finding.element.name() }];
        let related = finding.places.iter().enumerate().map(|(index, mark)| Location {
            id: Some(index + 1),
            message: Some(message(&escape::line(&mark.label))).filter(|_| !mark.label.is_empty()),
            ..self.location(&mark.place)
        });
        Result {
            rule_id: finding.rule,
            rule_index,
            level: name(finding.level),
            message: message(&plain::lines(finding)),
            locations: [location],
            related_locations: related.collect(),
            partial_fingerprints: Fingerprints { id: &finding.id },
            fixes: finding.patch.iter().map(|patch| self.fix(patch, finding.help.as_deref())).collect(),
            // Empty says: looked at, and not suppressed. The standard wants it on all results or on none.
            suppressions: finding.waived.iter().map(suppression).collect(),
        }
    }

    fn location(&self, place: &Place) -> Location {
        let physical_location = Physical { artifact_location: self.artifact(place), region: self.region(place) };
        Location { id: None, physical_location, logical_locations: Vec::new(), message: None }
    }

    fn artifact(&self, place: &Place) -> Artifact {
        Artifact { uri: encoded_path(&format!("{}{}", self.base, place.path)), uri_base_id: ROOT }
    }

    /// A file without text has no columns; code scanning wants a line all the same.
    fn region(&self, place: &Place) -> Region {
        if self.analysis.sources.get(&place.path).is_none() {
            return Region { start_line: 1, start_column: None, end_line: None, end_column: None };
        }
        let Span { line, column, end_line, end_column } = Span::of(place, &self.analysis.sources);
        Region { start_line: line, start_column: Some(column), end_line: Some(end_line), end_column: Some(end_column) }
    }

    fn fix<'f>(&self, patch: &'f Patch, help: Option<&str>) -> Fix<'f> {
        let inserted_content = Some(Content { text: &patch.replacement }).filter(|content| !content.text.is_empty());
        Fix {
            description: help.map(|help| message(&escape::lines(help))),
            artifact_changes: [Change {
                artifact_location: self.artifact(&patch.place),
                replacements: [Replacement { deleted_region: self.region(&patch.place), inserted_content }],
            }],
        }
    }
}

fn suppression(waiver: &Waiver) -> Suppression<'_> {
    let properties = Signature { by: &waiver.by, until: waiver.until.map(|day| day.to_string()) };
    Suppression { kind: "inSource", status: "accepted", justification: &waiver.reason, properties }
}

/// A plain text. `[words](target)` would be a link in it, so the bracket that closes the words is escaped. Braces stay single: without
/// arguments to put in their place, viewers show the text as it is.
fn message(text: &str) -> Message {
    Message { text: text.replace("](", "\\](") }
}
