//! Findings -> workflow commands, by which a job on GitHub annotates the files of a change.
//!
//! The commands and their escapes are those of GitHub's toolkit (`packages/core/src/command.ts` in actions/toolkit): in what is said `%`,
//! `\r` and `\n`, in properties `:` and `,` as well. Everything else that cannot be seen is shown as its code, so that no text of a page
//! begins a line of its own. GitHub shows ten annotations of each level for a step, so what matters most comes first.

use std::fmt::Write;

use crate::finding::{Finding, Level};
use crate::pipeline::Analysis;

use super::order::{self, Criticalities};
use super::region::Region;
use super::summary::Counts;
use super::{Options, escape, plain};

/// Annotations of one level that GitHub shows for a step (`_maxCountPerIssueType` in actions/runner).
const SHOWN: usize = 10;

/// One command a line, without what is waived; then a line for whoever reads the log.
pub fn text(analysis: &Analysis, findings: &[&Finding], options: &Options) -> String {
    let mut open: Vec<&Finding> = findings.iter().copied().filter(|finding| finding.waived.is_none()).collect();
    order::sort_findings(&mut open, &Criticalities::of(&analysis.handbook));
    let mut out = String::new();
    for finding in open {
        let _ =
            writeln!(out, "::{} {}::{}", command(finding.level), properties(finding, analysis, options), said(finding, analysis, options));
    }
    if !options.quiet {
        let _ = writeln!(out, "{}", last_line(&Counts::of(findings), options));
    }
    out
}

fn command(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    }
}

fn properties(finding: &Finding, analysis: &Analysis, options: &Options) -> String {
    let path = format!("{}{}", options.base, finding.place.path);
    let mut text = format!("file={}", property(&path));
    if analysis.sources.get(&finding.place.path).is_some() {
        let Region { line, column, end_line, end_column } = Region::of(&finding.place, &analysis.sources);
        let _ = write!(text, ",line={line}");
        // GitHub drops columns where the lines differ.
        if line == end_line {
            let _ = write!(text, ",col={column}");
        }
        let _ = write!(text, ",endLine={end_line}");
        if line == end_line {
            let _ = write!(text, ",endColumn={end_column}");
        }
    }
    let _ = write!(text, ",title={}", property(finding.rule));
    text
}

/// What is the matter, then where: the log shows nothing of the properties.
fn said(finding: &Finding, analysis: &Analysis, options: &Options) -> String {
    let mut lines = vec![plain::lines(finding)];
    lines.extend(plain::places(finding, analysis, &options.base).into_iter().map(|place| format!("see {place}")));
    lines.push(format!("at {}", plain::place(finding, analysis, &options.base)));
    data(&lines.join("\n"))
}

/// Text behind the command. Its line breaks are ours, or were escaped before.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(&escape::line(text)).replace(':', "%3A").replace(',', "%2C")
}

fn last_line(counts: &Counts, options: &Options) -> String {
    let words = counts.words(&options.set_aside);
    let most = [counts.errors, counts.warnings, counts.infos].into_iter().max().unwrap_or(0);
    match most > SHOWN {
        true => format!("{words}; GitHub shows the first {SHOWN} annotations of each level, this log has all"),
        false => words,
    }
}

#[cfg(test)]
mod tests {
    use snapbox::{IntoData, assert_data_eq, str};

    use super::super::sample::{DEPLOY, analysis, finding, place};
    use super::super::{Format, Options, report, select};
    use crate::finding::{Element, Finding, Level, Place, Waiver};
    use crate::source::{PagePath, Span};

    const PAGES: &[(&str, &str)] = &[("content/deploy.md", DEPLOY)];

    fn said(findings: Vec<Finding>, options: &Options) -> String {
        let analysis = analysis(PAGES, findings);
        report(&analysis, &select(&analysis.findings, &[], &[]), &Options { format: Format::Github, ..options.clone() })
    }

    fn at(text: &str) -> Place {
        place(PAGES, "content/deploy.md", text)
    }

    fn mode(level: Level) -> Finding {
        let element = Element::thing("deploy", "the-migration-stops-halfway");
        finding("missing-recovery", level, at("\"The migration stops halfway\""), element, "failure mode `X` has no recovery")
    }

    #[test]
    fn a_finding_is_one_line_with_its_place_note_and_help() {
        let finding = mode(Level::Error)
            .note("nobody knows the way back")
            .help("say it: `a`, or\n`b`")
            .mark(at("Migrate the database"), "can be hit");
        assert_data_eq!(
            said(vec![finding], &Options::default()),
            str![[r#"
::error file=content/deploy.md,line=26,col=9,endLine=26,endColumn=38,title=missing-recovery::failure mode `X` has no recovery%0Anote: nobody knows the way back%0Ahelp: say it: `a`, or%0A`b`%0Asee content/deploy.md:17:4: can be hit%0Aat content/deploy.md:26:9
1 error, 0 warnings, 0 waived

"#]]
        );
    }

    #[test]
    fn what_matters_most_comes_first_and_waived_ones_are_only_counted() {
        let mut waived = mode(Level::Error);
        waived.waived = Some(Waiver { reason: "the way back is worked out in February".into(), by: "platform".into(), until: None });
        let text = said(vec![mode(Level::Info), mode(Level::Warning), waived, mode(Level::Error)], &Options::default());
        let commands: Vec<&str> = text.lines().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(commands, ["::error", "::warning", "::notice", "1"]);
        assert!(text.ends_with("1 error, 1 warning, 1 info, 1 waived\n"), "{text}");
    }

    #[test]
    fn more_than_github_shows_is_said() {
        let many = || (0..11).map(|_| mode(Level::Warning)).collect();
        let last = "0 errors, 11 warnings, 0 waived; GitHub shows the first 10 annotations of each level, this log has all\n";
        assert!(said(many(), &Options { max: 1, ..Options::default() }).ends_with(last));
        assert_eq!(said(many(), &Options { quiet: true, ..Options::default() }).lines().count(), 11);
    }

    #[test]
    fn no_text_begins_a_command_or_breaks_a_property() {
        let path = Place::new(&PagePath::new("content/a,b:c%\n::warning::x.png"), Span::default());
        let hostile = "one\n::set-output name=x::1\r\n::error::\u{2028}\u{1b}[31m 100 %";
        let finding = finding("unsafe-name", Level::Error, path, Element::page("a"), hostile).note(hostile).help(hostile);
        assert_data_eq!(
            said(vec![finding], &Options::default()),
            str![[r#"
::error file=content/a%2Cb%3Ac%25\n%3A%3Awarning%3A%3Ax.png,title=unsafe-name::one\n::set-output name=x::1\r\n::error::\u{2028}\u{1b}[31m 100 %25%0Anote: one%0A::set-output name=x::1\r%0A::error::\u{2028}\u{1b}[31m 100 %25%0Ahelp: one%0A::set-output name=x::1\r%0A::error::\u{2028}\u{1b}[31m 100 %25%0Aat content/a,b:c%25\n::warning::x.png
1 error, 0 warnings, 0 waived

"#]]
            .raw()
        );
    }

    #[test]
    fn over_several_lines_there_are_no_columns_and_the_base_comes_first() {
        let mut long = mode(Level::Error);
        long.place.span = Span::new(long.place.span.start(), long.place.span.end() + 40);
        let text = said(vec![long], &Options { base: "docs/".into(), ..Options::default() });
        assert!(text.starts_with("::error file=docs/content/deploy.md,line=26,endLine=29,title=missing-recovery::"), "{text}");
        assert!(text.contains("%0Aat docs/content/deploy.md:26:9\n"), "{text}");
    }
}
