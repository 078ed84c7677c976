//! The whole program on one page: `analyze` for check, build, serve, publish and diff; `compile` for build, serve and publish.

use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::discover::Discovered;
use crate::model::{self, Drafts, Parts};
use crate::parse::{self, Document};
use crate::render::{self, Broken, Site, Theme};

use crate::check::coverage;
use crate::collisions::collisions;
use crate::finding::Finding;
use crate::model::Handbook;
use crate::source::Sources;

/// A handbook with everything that is known of it.
#[derive(Debug)]
pub struct Analysis {
    /// The texts, for showing places.
    pub sources: Arc<Sources>,
    /// The resolved handbook.
    pub handbook: Handbook,
    /// Every finding, waived ones included: levels settled, ids unique, sorted by path, line, column, rule.
    pub findings: Vec<Finding>,
    /// Obligations and how many are met.
    pub coverage: coverage::Report,
}

/// What a run is told from outside.
#[derive(Clone, Debug)]
pub struct Run {
    /// The day of the run.
    pub today: Date,
    /// Whether drafts are part of the handbook.
    pub drafts: Drafts,
    /// The page on which reading fails inside, for tests of that case.
    pub fail_inside: Option<String>,
}

/// Sources -> everything that is known of the handbook: parse each page, resolve, check.
pub fn analyze(discovered: Discovered, run: Run) -> Analysis {
    let Discovered { sources, settings, mut findings, .. } = discovered;
    let rules = parse::Rules { fail_inside: run.fail_inside, ..settings.parse_rules() };
    let documents: Vec<Arc<Document>> = sources.pages.par_iter().map(|source| Arc::new(parse::parse(source, &rules))).collect();
    let parts = Parts { settings: Arc::new(settings), documents, assets: sources.assets.clone(), today: run.today, drafts: run.drafts };
    let (handbook, unresolved) = model::build(parts);
    findings.extend(handbook.pages.iter().flat_map(|page| page.document.findings.iter().cloned()));
    findings.extend(unresolved);
    findings.extend(collisions(&handbook, &render::outputs(&handbook)));
    let checked = crate::check::check(&handbook, &sources, findings);
    Analysis { sources: Arc::new(sources), handbook, findings: checked.findings, coverage: checked.coverage }
}

/// What becomes of a page whose rendering fails inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBroken {
    /// The build ends with the finding.
    Stop,
    /// A page that says so stands in for it.
    StandIn,
}

/// Analysis + theme -> the plan of the site, ready for a sink.
pub fn compile<'a>(analysis: &'a Analysis, theme: &'a Theme, read_asset: render::ReadAsset<'a>, on_broken: OnBroken) -> Site<'a> {
    let base_url = analysis.handbook.settings.base_url.as_deref();
    let mut site = render::plan(render::Parts { analysis, theme, read_asset, base_url, poison: None });
    if on_broken == OnBroken::StandIn {
        for output in &mut site.outputs {
            let bytes = std::mem::replace(&mut output.bytes, Box::new(|| Ok(Vec::new())));
            output.bytes = Box::new(move || bytes().or_else(|error| error.downcast::<Broken>().map(|broken| broken.page)));
        }
    }
    site
}
