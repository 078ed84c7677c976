//! From an analysis to a site somewhere: what `build` and `publish` share. Only where the site goes is theirs.

use std::path::Path;
use std::time::Instant;

use crate::discover;
use crate::finding::Finding;
use crate::pipeline::{Analysis, OnBroken, compile};
use crate::render::{Broken, Site, Theme};
use crate::report::{self, Format, Options};
use crate::source::PagePath;

use super::check::FailOnArg;
use super::{Global, print};

/// How a site is made.
pub(super) struct Making<'g> {
    pub(super) global: &'g Global,
    /// The least that keeps it from being made.
    pub(super) fail_on: FailOnArg,
    pub(super) started: Instant,
    /// What is said where it is not: `nothing was written`.
    pub(super) undone: &'static str,
}

impl Making<'_> {
    /// Compiles the handbook and gives its site to a sink. Nothing where findings are against it: they are reported. Errors: the
    /// machine's, and the sink's.
    pub(super) fn site<T>(
        &self,
        root: &Path,
        analysis: &Analysis,
        sink: impl FnOnce(&Site<'_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<Option<Made<T>>> {
        let all: Vec<_> = analysis.findings.iter().collect();
        if report::fails(&all, self.fail_on.into()) {
            self.report(analysis, &report::reasons(&all, self.fail_on.into()))?;
            print::say(self.global, &format!("{}; `forewarn check` shows everything", self.undone));
            return Ok(None);
        }
        let theme = Theme::new(&analysis.sources.theme)?;
        let read_asset = |path: &PagePath| discover::read_asset(root, path);
        let on_broken = if self.fail_on == FailOnArg::Never { OnBroken::StandIn } else { OnBroken::Stop };
        let site = compile(analysis, &theme, &read_asset, on_broken);
        match sink(&site) {
            Ok(done) => Ok(Some(Made { done, notes: site.notes })),
            Err(error) => {
                let broken = error.downcast::<Broken>()?;
                self.report(analysis, &[&*broken.finding])?;
                print::say(self.global, self.undone);
                Ok(None)
            }
        }
    }

    /// How long it has taken so far.
    pub(super) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    fn report(&self, analysis: &Analysis, findings: &[&Finding]) -> anyhow::Result<()> {
        let options = Options {
            format: Format::Human,
            coloured: print::coloured(self.global),
            verbose: self.global.verbose,
            quiet: self.global.quiet,
            seconds: self.seconds(),
            fail_on: self.fail_on.into(),
            ..Options::default()
        };
        print::result(&report::report(analysis, findings, &options))
    }
}

/// A site that went somewhere.
pub(super) struct Made<T> {
    /// What became of it there.
    pub(super) done: T,
    /// What whoever built it should know.
    pub(super) notes: Vec<String>,
}
