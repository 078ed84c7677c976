//! `forewarn export`: the model or the schema, as JSON.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::discover;
use crate::pipeline::analyze;
use crate::render::model_json;
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
                let analysis = analyze(discovered, outside::run(global, false)?);
                let model = model_json::model(&analysis.handbook, &analysis.sources, &analysis.coverage);
                format!("{}\n", serde_json::to_string_pretty(&model)?)
            }
        };
        print::result(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
