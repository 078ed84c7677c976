//! `forewarn check`: findings.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, ValueEnum};

use crate::check::rules::{RULES, find};
use crate::compare;
use crate::discover;
use crate::parse::nearest::nearest;
use crate::pipeline::analyze;
use crate::report::{self, FailOn, Format, Options};

use super::{Global, before, outside, print};

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
    /// How many blocks to print at most; 0 prints all
    #[arg(long, default_value_t = 20, value_name = "N")]
    max: usize,
    /// Check drafts as well
    #[arg(long)]
    drafts: bool,
}

/// How to report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// For people.
    Human,
    /// For programs.
    Json,
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
        let discovered = discover::discover(&root)?;
        discovered.notes.iter().for_each(|note| print::say(global, &format!("note: {note}")));
        let run = outside::run(global, self.drafts)?;
        let revision = self.since.as_deref().map(|name| before::read(global, &root, name)).transpose()?;
        let (analysis, before) = match revision {
            None => (analyze(discovered, run), None),
            Some(revision) => {
                let (analysis, before) = before::analyze(discovered, revision, &run);
                (analysis, Some(before))
            }
        };
        let mut shown = report::select(&analysis.findings, &only, &paths);
        let known = before.map(|before| {
            let known = compare::known(&before.analysis.findings, &analysis.findings);
            report::without(&mut shown, &known, &before.name)
        });
        let options = Options {
            format: if self.format == FormatArg::Json { Format::Json } else { Format::Human },
            coloured: print::coloured(global),
            verbose: global.verbose,
            quiet: global.quiet,
            max: self.max,
            known: known.into_iter().collect(),
            seconds: started.elapsed().as_secs_f64(),
        };
        print::result(&report::report(&analysis, &shown, &options))?;
        Ok(if report::fails(&shown, self.fail_on.into()) { ExitCode::from(1) } else { ExitCode::SUCCESS })
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
