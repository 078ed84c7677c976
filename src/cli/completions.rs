//! `forewarn completions`: shell completions.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, print};

/// Print completions for a shell.
#[derive(Args)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Runs the command.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let mut bytes = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "forewarn", &mut bytes);
        print::result(&String::from_utf8_lossy(&bytes))?;
        Ok(ExitCode::SUCCESS)
    }
}
