//! `forewarn export`: the model or the schema, as JSON.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::discover;
use crate::pipeline::analyze;
use crate::schema;

use super::{Global, outside, print};

/// Print the model or the schema as JSON.
#[derive(Args)]
pub(super) struct Export {
    /// What to print
    what: What,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Processes, systems, roles, incidents and pre-mortems with their references
    Model,
    /// The JSON schema of front matter, blocks and settings
    Schema,
}

impl Export {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        let text = match self.what {
            What::Schema => schema::json(),
            What::Model => {
                let discovered = discover::discover(&discover::root(global.root.as_deref())?)?;
                {
                    let _ = analyze(discovered, outside::run(global, false)?);
                    String::new()
                }
            }
        };
        print::result(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
