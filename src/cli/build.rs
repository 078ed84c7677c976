//! `forewarn build`: check, render, write.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

use crate::discover;
use crate::emit;
use crate::git::Provenance;
use crate::pipeline::analyze_telling;
use crate::report;
use crate::whereabouts;

use super::check::FailOnArg;
use super::making::Making;
use super::stages::Stages;
use super::{Global, outside, print};

/// Check, render and write the site.
#[derive(Args)]
pub(super) struct Build {
    /// The folder to write [default: public]
    #[arg(long, value_name = "DIR", value_parser = clap::value_parser!(OsString))]
    out: Option<OsString>,
    /// Where the site will stand, for what must be absolute
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Build drafts as well
    #[arg(long)]
    drafts: bool,
    /// The least that keeps the site from being written
    #[arg(long, value_enum, default_value_t = FailOnArg::Fault, value_name = "LEVEL")]
    fail_on: FailOnArg,
}

impl Build {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        let started = Instant::now();
        let root = discover::root(global.root.as_deref())?;
        let out = self.out.map_or_else(|| root.join("public"), PathBuf::from);
        let folder = if out.as_os_str().is_empty() { out.clone() } else { std::env::current_dir()?.join(&out) };
        let mut stages = Stages::begin(started);
        let mut discovered = discover::discover(&root)?;
        stages.end("read");
        discovered.notes.iter().for_each(|note| print::say(global, &format!("note: {note}")));
        let provenance = Provenance::of(&root, discovered.sources.pages.iter().map(|page| &page.path));
        let notes = whereabouts::settle(&mut discovered, provenance, &outside::asked(self.base_url))?;
        let target = emit::vet(&root, &folder)?;
        stages.end("git");
        let analysis = analyze_telling(discovered, outside::run(global, self.drafts)?, &mut |stage| stages.end(stage));
        let making = Making { global, fail_on: self.fail_on, started, undone: "nothing was written" };
        let Some(made) = making.site(&root, &analysis, |site| emit::emit(site, &target))? else { return Ok(ExitCode::from(1)) };
        stages.end("render and write");
        notes.iter().for_each(|note| print::say(global, note));
        made.notes.iter().chain(&made.done.notes).for_each(|note| print::say(global, &format!("note: {note}")));
        if !global.quiet {
            print::result(&report::built(&analysis, &made.done, &out, making.seconds()))?;
        }
        if global.verbose {
            print::say(global, &stages.text());
        }
        Ok(ExitCode::SUCCESS)
    }
}
