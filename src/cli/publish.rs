//! `forewarn publish`: check, build afresh, push.

use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

use crate::discover;
use crate::git::Provenance;
use crate::pipeline::analyze;
use crate::publish::{self, Wish};
use crate::render::Site;
use crate::report::{self, Detail};
use crate::whereabouts;

use super::check::FailOnArg;
use super::making::Making;
use super::{Global, outside, print};

/// Check, build afresh and push the site to a branch.
#[derive(Args)]
pub(super) struct Publish {
    /// The branch to push to; it is made where there is none
    #[arg(long, value_name = "NAME", default_value = "gh-pages")]
    branch: String,
    /// The remote to push to, by its name in git
    #[arg(long, value_name = "NAME", default_value = "origin")]
    remote: String,
    /// Where the site will stand, for what must be absolute
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The least that keeps the site from being published
    #[arg(long, value_enum, default_value_t = FailOnArg::Fault, value_name = "LEVEL")]
    fail_on: FailOnArg,
    /// Show what would change on the branch, and push nothing
    #[arg(long)]
    dry_run: bool,
}

impl Publish {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        let started = Instant::now();
        let root = discover::root(global.root.as_deref())?;
        let mut discovered = discover::discover(&root)?;
        discovered.notes.iter().for_each(|note| print::say(global, &format!("note: {note}")));
        // Whether it can go anywhere is said after what is wrong with it.
        let target = publish::vet(&root, &discovered, &self.remote, &self.branch);
        let provenance = Provenance::of(&root, discovered.sources.pages.iter().map(|page| &page.path));
        let remote = target.as_ref().ok().map(|target| (target.remote.name.clone(), target.remote.address.clone()));
        let asked = whereabouts::Asked { remote, ..outside::asked(self.base_url) };
        let notes = whereabouts::settle(&mut discovered, provenance, &asked)?;
        let analysis = analyze(discovered, outside::run(global, false)?);
        let wish = if self.dry_run { Wish::Tell } else { Wish::Push };
        let base_url = analysis.handbook.settings.base_url.as_deref();
        let making = Making { global, fail_on: self.fail_on, started, undone: "nothing was published" };
        let sink = |site: &Site<'_>| {
            let target = target?;
            Ok((publish::publish(site, &target, base_url, wish)?, target))
        };
        let Some(made) = making.site(&root, &analysis, sink)? else { return Ok(ExitCode::from(1)) };
        let (published, target) = made.done;
        notes.iter().for_each(|note| print::say(global, note));
        made.notes.iter().chain(&published.notes).for_each(|note| print::say(global, &format!("note: {note}")));
        if !global.quiet || self.dry_run {
            let detail = if global.verbose { Detail::All } else { Detail::Some };
            print::result(&report::published(&analysis, &published, &target, detail, making.seconds()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
