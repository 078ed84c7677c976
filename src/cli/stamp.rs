//! `forewarn stamp`: one date of one page, set to today.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::discover;
use crate::emit::author;
use crate::pipeline::analyze;
use crate::starter;

use super::{Global, outside, print};

/// Set the date of one drill or review to today.
#[derive(Args)]
pub(super) struct Stamp {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Somebody really did this recovery today
    Drill {
        /// The failure mode or track: `process#failure`, `process#track`
        element: String,
    },
    /// Somebody read this process as a whole today
    Review {
        /// The process
        process: String,
    },
}

impl Stamp {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        let root = discover::root(global.root.as_deref())?;
        let analysis = analyze(discover::discover(&root)?, outside::run(global, true)?);
        let stamp = match &self.what {
            What::Drill { element } => starter::Stamp::Drill(element),
            What::Review { process } => starter::Stamp::Review(process),
        };
        let stamped = starter::stamp(&analysis, stamp, |path| discover::read_text(&root, path))?;
        author::replace(&root, stamped.path.as_str(), &stamped.text)?;
        print::say(global, &stamped.said);
        Ok(ExitCode::SUCCESS)
    }
}
