//! `forewarn diff`: what changed in failure paths since a git revision.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::compare::{Change, Version, compare};
use crate::discover;
use crate::report::diff::{Comparison, Detail, Form, diff, faults};

use super::{Global, before, outside, print};

/// Say what changed in failure paths since a git revision.
#[derive(Args)]
#[command(after_help = "\
Compares the work tree with a revision by the ids of failure modes, obligations and findings: recoveries removed or lessened, gaps opened \
and closed, priorities, waivers, blast radius, coverage. A pull request that removes a recovery says so first of all. Both versions are \
looked at on the same day. Nothing is checked out, fetched or written.\n\n\
Infos and what is beyond twenty of a kind are shown with -v. The exit code is 0 whatever changed, for a comparison is no verdict: \
`forewarn check --since REV` gives one. It is 2 where git or the revision cannot be read.")]
pub(super) struct Diff {
    /// A branch, a tag, a commit, or `main...` for where HEAD left main
    #[arg(value_name = "REV")]
    revision: String,
    /// How to report
    #[arg(long, value_enum, default_value_t = FormatArg::Human)]
    format: FormatArg,
}

/// How to report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// For people
    Human,
    /// For a comment on a pull request
    Markdown,
    /// For programs
    Json,
}

impl Diff {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        let root = discover::root(global.root.as_deref())?;
        let discovered = discover::discover(&root)?;
        let run = outside::run(global, false)?;
        let revision = before::read(global, &root, &self.revision)?;
        let (analysis, before) = before::analyze(discovered, revision, &run);
        let changes = compare(&Version { analysis: &before.analysis, day: before.day }, &Version { analysis: &analysis, day: run.today });
        let comparison = Comparison {
            changes,
            name: &before.name,
            commit: &before.commit,
            day: before.day,
            today: run.today,
            faults: Change { before: faults(&before.analysis.findings), after: faults(&analysis.findings) },
        };
        let form = match self.format {
            FormatArg::Human => Form::Human { coloured: print::coloured(global) },
            FormatArg::Markdown => Form::Markdown,
            FormatArg::Json => Form::Json,
        };
        print::result(&diff(&comparison, form, if global.verbose { Detail::Full } else { Detail::Short }))?;
        Ok(ExitCode::SUCCESS)
    }
}
