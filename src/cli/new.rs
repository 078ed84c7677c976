//! To come.
use std::process::ExitCode;
use clap::Args;
use super::Global;
/// To come.
#[derive(Args)]
pub(super) struct New {}
impl New { pub(super) fn run(self, _: &Global) -> anyhow::Result<ExitCode> { anyhow::bail!("not there yet") } }
