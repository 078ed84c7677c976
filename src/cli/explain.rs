//! `forewarn explain`: the page of a rule.

use std::process::ExitCode;

use clap::Args;

use crate::{manual, report};

use super::{Global, check, print};

/// Print the page of a rule.
#[derive(Args)]
pub(super) struct Explain {
    /// The rule's name
    #[arg(required_unless_present = "list")]
    rule: Option<String>,
    /// List all rules with level and group
    #[arg(long, conflicts_with = "rule")]
    list: bool,
}

impl Explain {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        let coloured = print::coloured(global);
        let text = match &self.rule {
            None => report::explain::list(coloured),
            Some(name) => {
                check::known_rule(name)?;
                report::explain::page(name, manual::page(name).unwrap_or_default(), coloured)
            }
        };
        print::result(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
