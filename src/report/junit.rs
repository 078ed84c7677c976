//! Findings -> JUnit's XML, for what shows the results of tests: a suite per file, a case per finding.
//!
//! A case is named by the finding's id, which stays the same from run to run, and belongs to the file's path; so a viewer can tell what is
//! new. Errors and warnings fail, what is waived is skipped with its reason, infos pass with their words, and a file without findings is one
//! case that passes. No time, host or random number is in it: the same handbook gives the same bytes.

use std::collections::BTreeMap;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::finding::{Finding, Level, Waiver};
use crate::pipeline::Analysis;

use super::{Options, escape, plain, select};

/// The report, with a line break at its end.
pub fn text(analysis: &Analysis, findings: &[&Finding], options: &Options) -> String {
    let mut suites: BTreeMap<&str, Vec<&Finding>> = files(analysis, options).map(|path| (path, Vec::new())).collect();
    for finding in findings {
        suites.entry(finding.place.path.as_str()).or_default().push(finding);
    }
    let mut report = Report::new("forewarn");
    report.set_time(Duration::ZERO);
    report.add_test_suites(suites.into_iter().map(|(path, findings)| suite(path, &findings, analysis)));
    // It is written to memory, and its names are valid XML, so the error cannot come up.
    report.to_string().unwrap_or_default()
}

/// The files that were looked at and are reported: pages, and the settings.
fn files<'a>(analysis: &'a Analysis, options: &'a Options) -> impl Iterator<Item = &'a str> {
    let settings = analysis.sources.settings.as_ref().map(|source| source.path.as_str());
    let pages = analysis.handbook.pages.iter().filter(|page| !page.from_settings).map(|page| page.path().as_str());
    pages.chain(settings).filter(|path| select::is_selected(path, &options.paths))
}

fn suite(path: &str, findings: &[&Finding], analysis: &Analysis) -> TestSuite {
    let path = xml(&escape::line(path));
    let mut suite = TestSuite::new(&path);
    suite.set_time(Duration::ZERO);
    match findings {
        [] => suite.add_test_case(named("no findings", &path, TestCaseStatus::success())),
        findings => suite.add_test_cases(findings.iter().map(|finding| case(finding, &path, analysis))),
    };
    suite
}

fn case(finding: &Finding, path: &str, analysis: &Analysis) -> TestCase {
    let name = xml(&escape::line(&finding.id));
    let words = xml(&words(finding, analysis));
    if let Some(waiver) = &finding.waived {
        let mut status = TestCaseStatus::skipped();
        status.set_type(finding.level.name()).set_message(xml(&accepted(waiver))).set_description(words);
        return named(&name, path, status);
    }
    if finding.level == Level::Info {
        let mut case = named(&name, path, TestCaseStatus::success());
        case.set_system_out(words);
        return case;
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(finding.level.name()).set_message(xml(&escape::line(&finding.message))).set_description(words);
    named(&name, path, status)
}

fn named(name: &str, path: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(path).set_time(Duration::ZERO);
    case
}

/// Where the finding is, and all that is said of it.
fn words(finding: &Finding, analysis: &Analysis) -> String {
    let mut lines = vec![plain::place(finding, analysis, ""), plain::lines(finding)];
    lines.extend(plain::places(finding, analysis, "").into_iter().map(|place| format!("see {place}")));
    lines.join("\n")
}

fn accepted(waiver: &Waiver) -> String {
    let until = waiver.until.map_or_else(String::new, |day| format!(" until {day}"));
    format!("waived by {}{until}: {}", escape::line(&waiver.by), escape::line(&waiver.reason))
}

/// The two characters that are neither invisible nor part of XML 1.0, shown as their codes.
fn xml(text: &str) -> String {
    text.replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}")
}

#[cfg(test)]
mod tests {
    use snapbox::{assert_data_eq, str};

    use super::super::sample::{DEPLOY, analysis, finding, place};
    use super::super::{Format, Options, report, select};
    use crate::finding::{Element, Finding, Level, Waiver};

    const PAGES: &[(&str, &str)] = &[("content/deploy.md", DEPLOY), ("content/index.md", "# Home\n")];

    fn written(findings: Vec<Finding>, options: &Options) -> String {
        let analysis = analysis(PAGES, findings);
        report(&analysis, &select(&analysis.findings, &[], &options.paths), &Options { format: Format::Junit, ..options.clone() })
    }

    fn mode(rule: &'static str, level: Level) -> Finding {
        let at = place(PAGES, "content/deploy.md", "\"The migration stops halfway\"");
        finding(rule, level, at, Element::thing("deploy", "the-migration-stops-halfway"), "failure mode `<X>` has & no recovery")
    }

    #[test]
    fn findings_fail_waivers_skip_infos_and_clean_files_pass() {
        let recovery = mode("missing-recovery", Level::Error)
            .note("nobody knows the way back")
            .mark(place(PAGES, "content/deploy.md", "Migrate the database"), "can hit this step");
        let mut drill = mode("untested-recovery", Level::Warning);
        let until = Some(jiff::civil::date(2027, 3, 1));
        drill.waived = Some(Waiver { reason: "the restore is drilled in the game day".into(), by: "platform".into(), until });
        let info = mode("missing-decision", Level::Info).help("add `decide`");
        assert_data_eq!(
            written(vec![recovery, drill, info], &Options::default()),
            str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="forewarn" tests="4" skipped="1" failures="1" errors="0" time="0.000">
    <testsuite name="content/deploy.md" tests="3" skipped="1" errors="0" failures="1" time="0.000">
        <testcase name="missing-decision@deploy#the-migration-stops-halfway" classname="content/deploy.md" time="0.000">
            <system-out>content/deploy.md:26:9
failure mode `&lt;X&gt;` has &amp; no recovery
help: add `decide`</system-out>
        </testcase>
        <testcase name="missing-recovery@deploy#the-migration-stops-halfway" classname="content/deploy.md" time="0.000">
            <failure message="failure mode `&lt;X&gt;` has &amp; no recovery" type="error">content/deploy.md:26:9
failure mode `&lt;X&gt;` has &amp; no recovery
note: nobody knows the way back
see content/deploy.md:17:4: can hit this step</failure>
        </testcase>
        <testcase name="untested-recovery@deploy#the-migration-stops-halfway" classname="content/deploy.md" time="0.000">
            <skipped message="waived by platform until 2027-03-01: the restore is drilled in the game day" type="warning">content/deploy.md:26:9
failure mode `&lt;X&gt;` has &amp; no recovery</skipped>
        </testcase>
    </testsuite>
    <testsuite name="content/index.md" tests="1" skipped="0" errors="0" failures="0" time="0.000">
        <testcase name="no findings" classname="content/index.md" time="0.000"/>
    </testsuite>
</testsuites>

"#]]
        );
    }

    #[test]
    fn files_that_were_not_asked_for_do_not_pass() {
        let options = Options { paths: vec!["content/index.md".to_owned()], ..Options::default() };
        let text = written(vec![mode("missing-recovery", Level::Error)], &options);
        assert!(text.contains("content/index.md") && !text.contains("content/deploy.md"), "{text}");
    }
}
