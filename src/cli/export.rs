//! `forewarn export`: the model, the register of failure modes, the calendar of what comes due, the schema.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, ValueEnum};

use crate::discover;
use crate::pipeline::{Analysis, analyze};
use crate::render::{model_json, reviews, risks};
use crate::schema;

use super::{Global, outside, print};

/// Print the model, the register of failure modes, the calendar of what comes due, or the schema.
#[derive(Args)]
pub(super) struct Export {
    /// What to print
    what: What,
    /// In which format; each has a usual one
    #[arg(long, value_enum)]
    format: Option<FormatArg>,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Processes, systems, roles, incidents and pre-mortems with their references: json
    Model,
    /// The register of failure modes, what presses most first: csv, or json
    Risks,
    /// When reviews, drills, pre-mortems, actions, waivers and expiries come due, for a calendar: ics
    Reviews,
    /// The JSON schema of front matter, blocks and settings: json
    Schema,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// For programs
    Json,
    /// For spreadsheets
    Csv,
    /// For calendars
    Ics,
}

impl What {
    fn name(self) -> &'static str {
        match self {
            What::Model => "model",
            What::Risks => "risks",
            What::Reviews => "reviews",
            What::Schema => "schema",
        }
    }

    /// The formats that there are of it, the usual one first.
    fn formats(self) -> &'static [FormatArg] {
        match self {
            What::Model | What::Schema => &[FormatArg::Json],
            What::Risks => &[FormatArg::Csv, FormatArg::Json],
            What::Reviews => &[FormatArg::Ics],
        }
    }
}

impl FormatArg {
    fn name(self) -> &'static str {
        match self {
            FormatArg::Json => "json",
            FormatArg::Csv => "csv",
            FormatArg::Ics => "ics",
        }
    }
}

impl Export {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        let formats = self.what.formats();
        let format = self.format.or(formats.first().copied()).filter(|format| formats.contains(format));
        let Some(format) = format else {
            let known: Vec<&str> = formats.iter().map(|format| format.name()).collect();
            let asked = self.format.map_or("", FormatArg::name);
            bail!("`export {}` prints {}, not {asked}", self.what.name(), known.join(" or "));
        };
        let analysis = || -> anyhow::Result<Analysis> {
            let discovered = discover::discover(&discover::root(global.root.as_deref())?)?;
            Ok(analyze(discovered, outside::run(global, false)?))
        };
        let text = match self.what {
            What::Schema => schema::json(),
            What::Model => {
                let analysis = analysis()?;
                let model = model_json::model(&analysis.handbook, &analysis.sources, &analysis.coverage);
                format!("{}\n", serde_json::to_string_pretty(&model)?)
            }
            What::Risks => {
                let Analysis { handbook, sources, .. } = analysis()?;
                let sorted = risks::sorted(&handbook);
                let rows = risks::rows(&handbook, &sources, &sorted);
                let bytes = if format == FormatArg::Csv { risks::csv(rows)? } else { risks::json(rows)? };
                String::from_utf8(bytes)?
            }
            What::Reviews => {
                let Analysis { handbook, .. } = analysis()?;
                reviews::ics(&handbook, handbook.settings.base_url.as_deref())
            }
        };
        print::result(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
