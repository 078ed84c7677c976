//! `forewarn build`: check, render, write.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

use crate::discover;
use crate::emit;
use crate::git::Provenance;
use crate::pipeline::{OnBroken, analyze, compile};
use crate::render::{Broken, Theme};
use crate::report::{self, Format, Options};
use crate::source::PagePath;
use crate::whereabouts;

use super::check::FailOnArg;
use super::{Global, outside, print};

/// Check, render and write the site.
///
/// From the second build on it names the pages that were added, changed and removed, and anchors that are gone though other pages linked to
/// them. With `offline_copy = true` in forewarn.toml it also writes handbook.zip, which works unpacked, without a server.
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
        let mut discovered = discover::discover(&root)?;
        discovered.notes.iter().for_each(|note| print::say(global, &format!("note: {note}")));
        let provenance = Provenance::of(&root, discovered.sources.pages.iter().map(|page| &page.path));
        let notes = whereabouts::settle(&mut discovered, provenance, &outside::asked(self.base_url))?;
        let target = emit::vet(&root, &folder)?;
        let analysis = analyze(discovered, outside::run(global, self.drafts)?);
        let all: Vec<_> = analysis.findings.iter().collect();
        let options = |seconds| Options {
            format: Format::Human,
            coloured: print::coloured(global),
            verbose: global.verbose,
            quiet: global.quiet,
            seconds,
            fail_on: self.fail_on.into(),
            ..Options::default()
        };
        if report::fails(&all, self.fail_on.into()) {
            let reasons = report::reasons(&all, self.fail_on.into());
            print::result(&report::report(&analysis, &reasons, &options(started.elapsed().as_secs_f64())))?;
            print::say(global, "nothing was written; `forewarn check` shows everything");
            return Ok(ExitCode::from(1));
        }
        let theme = Theme::new(&analysis.sources.theme)?;
        let read_asset = |path: &PagePath| discover::read_asset(&root, path);
        let on_broken = if self.fail_on == FailOnArg::Never { OnBroken::StandIn } else { OnBroken::Stop };
        let site = compile(&analysis, &theme, &read_asset, on_broken);
        let emitted = match emit::emit(&site, &target) {
            Ok(emitted) => emitted,
            Err(error) => {
                let broken = error.downcast::<Broken>()?;
                print::result(&report::report(&analysis, &[&*broken.finding], &options(started.elapsed().as_secs_f64())))?;
                print::say(global, "nothing was written");
                return Ok(ExitCode::from(1));
            }
        };
        notes.iter().for_each(|note| print::say(global, note));
        site.notes.iter().chain(&emitted.notes).for_each(|note| print::say(global, &format!("note: {note}")));
        if !global.quiet {
            print::result(&report::built(&analysis, &emitted, &out, started.elapsed().as_secs_f64()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
