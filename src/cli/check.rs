//! `forewarn check`: findings.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, ValueEnum};

use crate::check::rules::{RULES, find};
use crate::compare;
use crate::discover;
use crate::finding::Finding;
use crate::parse::nearest::nearest;
use crate::pipeline::{Analysis, Run, analyze};
use crate::report::baseline::Baseline;
use crate::report::external::{External, Listing};
use crate::report::{self, FailOn, Format, Options};

use super::before::{self, Before};
use super::{Global, baseline, fix, outside, print};

/// Find the holes: everything that has no answer to "what if this fails?"
#[derive(Args)]
pub(super) struct Check {
    /// Report only what stands in these files or folders
    paths: Vec<PathBuf>,
    /// How to report
    #[arg(long, value_enum, default_value_t = FormatArg::Human)]
    format: FormatArg,
    /// The least that makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOnArg::Error, value_name = "LEVEL")]
    fail_on: FailOnArg,
    /// Report only these rules
    #[arg(long, value_name = "RULE", num_args = 1.., value_delimiter = ',')]
    only: Vec<String>,
    /// Report only what this git revision does not have: a branch, a tag, a commit, or `main...` for where HEAD left main
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    /// How many blocks the human report has at most; 0 prints all. The other formats list everything
    #[arg(long, default_value_t = 20, value_name = "N")]
    max: usize,
    /// Leave out the findings that this file knows, from the report and the exit code
    ///
    /// They are known by their ids, whatever their level, faults included. Coverage counts them all the same; `build` does not look at the
    /// file. Entries that match nothing any more are named on standard error.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings that are not waived to this file, as known from now on, and report nothing
    ///
    /// An older baseline is overwritten, every other file is refused. Exits with 0.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "only", "baseline", "since"])]
    write_baseline: Option<PathBuf>,
    /// Make the edits that the help of these findings shows, then check again
    ///
    /// Only what would be reported is mended: paths, `--only`, `--since` and `--baseline` hold here as well. Findings under a waiver stay.
    #[arg(long, conflicts_with = "write_baseline")]
    fix: bool,
    /// Print the URLs that lead out of the handbook, one a line, sorted, and report nothing
    ///
    /// For a link checker of your choice: forewarn asks the network nothing. With `-v` the places follow each URL, `--format json` has them
    /// too. Paths narrow it down. Exits with 0.
    #[arg(long, conflicts_with_all = ["only", "since", "baseline", "write_baseline", "fix"])]
    list_external: bool,
    /// Check drafts as well
    #[arg(long)]
    drafts: bool,
}

/// How to report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// For people
    Human,
    /// For programs: findings, sums and coverage, see the guide
    Json,
    /// For code scanning and editors: SARIF 2.1.0
    Sarif,
    /// For a job on GitHub: annotations of the changed files
    Github,
    /// For what shows the results of tests: JUnit's XML
    Junit,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Human => Format::Human,
            FormatArg::Json => Format::Json,
            FormatArg::Sarif => Format::Sarif,
            FormatArg::Github => Format::Github,
            FormatArg::Junit => Format::Junit,
        }
    }
}

/// The least finding that makes a run fail.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOnArg {
    /// Pages that cannot be read as they were meant.
    Fault,
    /// Errors.
    Error,
    /// Warnings.
    Warning,
    /// Nothing.
    Never,
}

impl From<FailOnArg> for FailOn {
    fn from(fail_on: FailOnArg) -> Self {
        match fail_on {
            FailOnArg::Fault => FailOn::Fault,
            FailOnArg::Error => FailOn::Error,
            FailOnArg::Warning => FailOn::Warning,
            FailOnArg::Never => FailOn::Never,
        }
    }
}

impl Check {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        let started = Instant::now();
        let root = discover::root(global.root.as_deref())?;
        // `--only RULE… PATH`: what is no rule and exists is a path.
        let is_path = |name: &String| crate::check::rules::find(name).is_none() && (Path::new(name).exists() || root.join(name).exists());
        let (more, only): (Vec<String>, Vec<String>) = self.only.into_iter().partition(is_path);
        only.iter().try_for_each(|name| known_rule(name))?;
        let named: Vec<PathBuf> = self.paths.into_iter().chain(more.into_iter().map(PathBuf::from)).collect();
        let paths = discover::named_paths(&root, &named)?;
        let baseline = self.baseline.as_deref().map(|file| Ok::<_, anyhow::Error>((file.to_owned(), baseline::read(file)?))).transpose()?;
        let wanted = Wanted { only, paths, baseline, since: self.since };
        let looking = Looking { global, root: &root, run: outside::run(global, self.drafts)?, wanted: &wanted, notes: Notes::Said };
        if self.list_external {
            let listing = listing(self.format, global)?;
            let external = External::of(&looking.look()?.analysis, &wanted.paths);
            return print::result(&external.text(listing)).map(|()| ExitCode::SUCCESS);
        }
        let looked = if self.fix { fix::fix(&looking)? } else { looking.look()? };
        if let Some(file) = &self.write_baseline {
            return baseline::write(global, file, &looked.analysis.findings);
        }
        let (shown, set_aside) = looked.shown(&wanted);
        if let Some((file, baseline)) = &wanted.baseline {
            baseline::say_gone(global, file, &baseline.gone(&looked.analysis.findings));
        }
        let options = Options {
            format: self.format.into(),
            coloured: print::coloured(global),
            verbose: global.verbose,
            quiet: global.quiet,
            max: self.max,
            seconds: started.elapsed().as_secs_f64(),
            fail_on: self.fail_on.into(),
            paths: wanted.paths.clone(),
            set_aside,
            base: outside::base(global.root.as_deref()),
        };
        print::result(&report::report(&looked.analysis, &shown, &options))?;
        Ok(if report::fails(&shown, self.fail_on.into()) { ExitCode::from(1) } else { ExitCode::SUCCESS })
    }
}

/// How URLs are listed.
fn listing(format: FormatArg, global: &Global) -> anyhow::Result<Listing> {
    match format {
        FormatArg::Human if global.verbose => Ok(Listing::Places),
        FormatArg::Human => Ok(Listing::Urls),
        FormatArg::Json => Ok(Listing::Json),
        FormatArg::Sarif | FormatArg::Github | FormatArg::Junit => {
            anyhow::bail!("`--list-external` lists URLs, and `--format` is of findings: leave it out, or take `json`")
        }
    }
}

/// What of the findings is asked for.
pub(super) struct Wanted {
    only: Vec<String>,
    paths: Vec<String>,
    baseline: Option<(PathBuf, Baseline)>,
    since: Option<String>,
}

/// Whether notes about the files that are read are said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Notes {
    /// They are.
    Said,
    /// They were said before.
    Silent,
}

/// How the handbook is looked at, each time anew.
pub(super) struct Looking<'c> {
    pub(super) global: &'c Global,
    pub(super) root: &'c Path,
    pub(super) wanted: &'c Wanted,
    run: Run,
    notes: Notes,
}

/// A handbook that was looked at, and the version before, where one was named.
pub(super) struct Looked {
    pub(super) analysis: Analysis,
    before: Option<Before>,
}

impl Looking<'_> {
    /// Reads the handbook as it lies on disk now.
    pub(super) fn look(&self) -> anyhow::Result<Looked> {
        let discovered = discover::discover(self.root)?;
        let note = |note: &String| {
            if self.notes == Notes::Said {
                print::say(self.global, &format!("note: {note}"));
            }
        };
        discovered.notes.iter().for_each(note);
        let Some(name) = &self.wanted.since else {
            return Ok(Looked { analysis: analyze(discovered, self.run.clone()), before: None });
        };
        let revision = before::read(self.global, self.root, name)?;
        let (analysis, before) = before::analyze(discovered, revision, &self.run);
        Ok(Looked { analysis, before: Some(before) })
    }

    /// The same without notes.
    pub(super) fn again(&self) -> Self {
        Self { run: self.run.clone(), notes: Notes::Silent, ..*self }
    }
}

impl Looked {
    /// The findings that are asked for, and in words what was set aside.
    pub(super) fn shown(&self, wanted: &Wanted) -> (Vec<&Finding>, Vec<String>) {
        let mut shown = report::select(&self.analysis.findings, &wanted.only, &wanted.paths);
        let mut set_aside = Vec::new();
        if let Some(before) = &self.before {
            let all = shown.len();
            shown = report::select::without(shown, &compare::known(&before.analysis.findings, &self.analysis.findings));
            set_aside.extend(report::select::known(all - shown.len(), &format!("`{}`", before.name)));
        }
        if let Some((_, baseline)) = &wanted.baseline {
            let all = shown.len();
            shown = report::select::without(shown, baseline.ids());
            set_aside.extend(report::select::known(all - shown.len(), "the baseline"));
        }
        (shown, set_aside)
    }
}

/// Fails for a name that no rule has, with the nearest one.
pub(super) fn known_rule(name: &str) -> anyhow::Result<()> {
    if find(name).is_some() {
        return Ok(());
    }
    match nearest(name, RULES.iter().map(|rule| rule.name)) {
        Some(near) => anyhow::bail!("no rule is called `{name}`; did you mean `{near}`?"),
        None => anyhow::bail!("no rule is called `{name}`; `forewarn explain --list` shows all"),
    }
}
