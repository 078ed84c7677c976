//! `forewarn impact`: what breaks when something fails, and the way back.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::pipeline::analyze;
use crate::report::{self, FailOn};
use crate::{discover, impact};

use super::{Global, outside, print};

/// Show what breaks when a system, role, step or process fails, and the way back.
#[derive(Args)]
#[command(after_help = "\
Examples:
  forewarn impact sso                   the sign-on is down
  forewarn impact dba                   no database administrator answers
  forewarn impact deploy#migrate        a step fails, or a track or failure mode of that id
  forewarn impact deploy --format json  everything, for other tools

A system takes with it what `depends_on` it, and what uses that. The chain says why each thing stops.")]
pub(super) struct Impact {
    /// What fails: `page`, `page#step`, `page#track` or `page#failure`
    id: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = FormatArg::Human)]
    format: FormatArg,
}

/// How to print it.
#[derive(Clone, Copy, ValueEnum)]
enum FormatArg {
    /// For people.
    Human,
    /// For programs.
    Json,
}

impl Impact {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        let analysis = analyze(discover::discover(&discover::root(global.root.as_deref())?)?, outside::run(global, false)?);
        let what = impact::find(&analysis.handbook, self.id.trim())?;
        let found = impact::impact(&analysis.handbook, what);
        let all: Vec<_> = analysis.findings.iter().collect();
        let faults = report::reasons(&all, FailOn::Fault).len();
        let said = match faults {
            1 => "1 declaration cannot be read or leads nowhere, so something may be missing here; `forewarn check` shows it".to_owned(),
            more => {
                format!("{more} declarations cannot be read or lead nowhere, so something may be missing here; `forewarn check` shows them")
            }
        };
        if faults > 0 {
            print::say(global, &format!("note: {said}"));
        }
        print::result(&match self.format {
            FormatArg::Human => report::impact::text(&analysis, &found, print::coloured(global)),
            FormatArg::Json => report::impact::json(&analysis.handbook, &found),
        })?;
        Ok(ExitCode::SUCCESS)
    }
}
