//! To come.
use super::Global;
use clap::Args;
use std::process::ExitCode;
/// To come.
#[derive(Args)]
pub(super) struct New {}
impl New {
    pub(super) fn run(self, _: &Global) -> anyhow::Result<ExitCode> {
        anyhow::bail!("not there yet")
    }
}
