//! `forewarn explain`: the page of a rule, or all rules.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use crate::{manual, report};

use super::{Global, check, print};

/// Print the page of a rule, or list all rules.
#[derive(Args)]
pub(super) struct Explain {
    /// The rule's name, as it stands in a finding: missing-recovery
    rule: Option<String>,
    /// List all rules with level, group and a sentence
    #[arg(long, conflicts_with = "rule")]
    list: bool,
}

impl Explain {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        let coloured = print::coloured(global);
        let text = match &self.rule {
            None if self.list => report::explain::list(coloured),
            None => bail!("name a rule, as in `forewarn explain missing-recovery`; `forewarn explain --list` shows all"),
            Some(name) => {
                check::known_rule(name)?;
                report::explain::page(name, manual::page(name).unwrap_or_default(), coloured)
            }
        };
        print::result(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
