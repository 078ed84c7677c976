//! The whole program on one page: `analyze` for check, build, serve, publish and diff; `compile` for build, serve and publish.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use rayon::prelude::*;

use crate::discover::Discovered;
use crate::model::{self, Drafts, PageIx, Parts};
use crate::parse::{self, Document};
use crate::render::{self, Broken, Site, Theme};

use crate::check::coverage;
use crate::collisions::collisions;
use crate::finding::{Finding, Findings};
use crate::model::Handbook;
use crate::shared::Shared;
use crate::source::{PagePath, Source, Sources};

/// A handbook with everything that is known of it.
///
/// A copy shares everything.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The texts, for showing places.
    pub sources: Arc<Sources>,
    /// The resolved handbook.
    pub handbook: Handbook,
    /// Every finding, waived ones included: levels settled, ids unique, sorted by path, line, column, rule.
    pub findings: Findings,
    /// Obligations and how many are met.
    pub coverage: Arc<coverage::Report>,
    /// The day on which each page was last changed, where that is known.
    pub changed: Arc<BTreeMap<PagePath, Date>>,
    marking: Arc<OnceLock<HashMap<PagePath, Vec<usize>>>>,
}

impl Analysis {
    /// Everything that is known of a handbook.
    pub fn new(
        sources: Sources,
        handbook: Handbook,
        findings: Findings,
        coverage: coverage::Report,
        changed: BTreeMap<PagePath, Date>,
    ) -> Self {
        let (sources, coverage, changed) = (Arc::new(sources), Arc::new(coverage), Arc::new(changed));
        Self { sources, handbook, findings, coverage, changed, marking: Arc::default() }
    }

    /// The findings that mark anything in a file, as places in the list. All are looked through when it is first asked for.
    pub fn marking(&self, path: &PagePath) -> &[usize] {
        let marking = self.marking.get_or_init(|| {
            let mut marking: HashMap<PagePath, Vec<usize>> = HashMap::new();
            for (index, finding) in self.findings.iter().enumerate() {
                for path in finding.files() {
                    let of_file = marking.entry(path.clone()).or_default();
                    if of_file.last() != Some(&index) {
                        of_file.push(index);
                    }
                }
            }
            marking
        });
        marking.get(path).map_or(&[], Vec::as_slice)
    }
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
    analyze_telling(discovered, run, &mut |_| ())
}

/// The same, for one who wants to be told of the end of each stage: `parse`, `model`, `check`.
pub fn analyze_telling(discovered: Discovered, run: Run, ended: &mut dyn FnMut(&'static str)) -> Analysis {
    let parsed = parse_pages(&discovered, &run, None);
    ended("parse");
    examine_telling(discovered, &parsed, run, ended)
}

/// The same, for one who has analyzed another version of the handbook, and gets this one's pages for the next time.
pub fn analyze_again(discovered: Discovered, run: Run, known: Option<&Parsed>) -> (Analysis, Parsed) {
    let parsed = parse_pages(&discovered, &run, known);
    let analysis = examine(discovered, &parsed, run);
    (analysis, parsed)
}

/// A handbook in which one page has another text, where that says the same to model and check: nothing is found that was not found
/// before, and some of it stands elsewhere. Nothing where it says something else, or where that cannot be told. Gives the page as well.
pub fn analyze_text(before: &Analysis, known: &Parsed, source: &Arc<Source>) -> Option<(Analysis, Parsed, PageIx)> {
    let at = known.pages.find(|(page, _)| page.path.cmp(&source.path))?;
    let (old_source, old) = &known.pages[at];
    let page = before.handbook.ids.get(&old.id.value).filter(|page| Arc::ptr_eq(&before.handbook.pages[*page].document, old))?;
    if source.damaged || old_source.damaged {
        return None;
    }
    let document = Arc::new(parse::parse(source, &known.rules));
    let moved = parse::facts::moved(old, &old_source.text, &document, &source.text)?;
    let marking = before.marking(&source.path).iter();
    let others = marking.map(|index| Some((*index, before.findings[*index].moved(&source.path, |span| moved.span(span))?)));
    let others: Vec<(usize, Finding)> = others.collect::<Option<_>>()?;
    let pages = known.pages.with([(at, (Arc::clone(source), Arc::clone(&document)))]);
    let parsed = Parsed { rules: known.rules.clone(), pages };
    let mut sources = (*before.sources).clone();
    let listed = sources.pages.binary_search_by(|page| page.path.cmp(&source.path)).ok()?;
    sources.pages[listed] = Arc::clone(source);
    let other = model::Page { document, ..before.handbook.pages[page].clone() };
    let handbook = Handbook { pages: before.handbook.pages.with([(page, other)]), ..before.handbook.clone() };
    let analysis = Analysis { sources: Arc::new(sources), handbook, findings: before.findings.with(others), ..before.clone() };
    Some((analysis, parsed, page))
}

/// Two versions of a handbook, looked at on the same day. A page that is the same in both is parsed once.
pub fn analyze_both(one: Discovered, other: Discovered, run: &Run) -> (Analysis, Analysis) {
    let first = parse_pages(&one, run, None);
    let second = parse_pages(&other, run, Some(&first));
    rayon::join(|| examine(one, &first, run.clone()), || examine(other, &second, run.clone()))
}

/// The pages of a version, parsed. A document depends on nothing but its page and the settings that it is read with, so another version
/// may take it from here.
pub struct Parsed {
    rules: parse::Rules,
    pages: Shared<(Arc<Source>, Arc<Document>)>,
}

/// Every page, parsed; those that another version has parsed already are taken from there.
fn parse_pages(discovered: &Discovered, run: &Run, known: Option<&Parsed>) -> Parsed {
    let rules = parse::Rules { fail_inside: run.fail_inside.clone(), ..discovered.settings.parse_rules() };
    let known = known.filter(|known| known.rules == rules);
    let parsed = |source: &Arc<Source>| {
        let known = known?;
        let at = known.pages.find(|(page, _)| page.path.cmp(&source.path))?;
        let (page, document) = &known.pages[at];
        (Arc::ptr_eq(page, source) || (page.text == source.text && page.damaged == source.damaged)).then(|| Arc::clone(document))
    };
    let document = |source: &Arc<Source>| parsed(source).unwrap_or_else(|| Arc::new(parse::parse(source, &rules)));
    let pages: Vec<_> = discovered.sources.pages.par_iter().map(|source| (Arc::clone(source), document(source))).collect();
    Parsed { rules, pages: pages.into_iter().collect() }
}

fn examine(discovered: Discovered, parsed: &Parsed, run: Run) -> Analysis {
    examine_telling(discovered, parsed, run, &mut |_| ())
}

fn examine_telling(discovered: Discovered, parsed: &Parsed, run: Run, ended: &mut dyn FnMut(&'static str)) -> Analysis {
    let documents = parsed.pages.iter().map(|(_, document)| Arc::clone(document)).collect();
    let Discovered { sources, settings, mut findings, changed, .. } = discovered;
    let parts = Parts { settings: Arc::new(settings), documents, assets: sources.assets.clone(), today: run.today, drafts: run.drafts };
    let (handbook, unresolved) = model::build(parts);
    findings.extend(handbook.pages.iter().flat_map(|page| page.document.findings.iter().cloned()));
    findings.extend(unresolved);
    findings.extend(collisions(&handbook, &render::outputs(&handbook)));
    ended("model");
    let checked = crate::check::check(&handbook, &sources, findings);
    ended("check");
    Analysis::new(sources, handbook, checked.findings, checked.coverage, changed)
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
    let mut site = render::plan(parts(analysis, theme, read_asset, None));
    if on_broken == OnBroken::StandIn {
        site.outputs.iter_mut().for_each(stand_in);
    }
    site
}

/// The same for a server that has its home page at `home`, such as `/repo/`, whatever the handbook's `base_url` says; with stand-ins for
/// broken pages. `lookups` are those of another handbook that says the same to model and check, where there are any.
pub fn compile_for<'a>(
    analysis: &'a Analysis,
    theme: &'a Theme,
    read_asset: render::ReadAsset<'a>,
    home: &'a str,
    lookups: Option<&render::Lookups>,
) -> Site<'a> {
    let mut site = render::plan_with(parts(analysis, theme, read_asset, Some(home)), lookups);
    site.outputs.iter_mut().for_each(stand_in);
    site
}

/// What is made of one page, for a server as well: `lookups` are those of the plan of this handbook, or of another that says the same to
/// model and check.
pub fn compile_page<'a>(
    analysis: &'a Analysis,
    theme: &'a Theme,
    read_asset: render::ReadAsset<'a>,
    home: &'a str,
    lookups: &render::Lookups,
    page: PageIx,
) -> Site<'a> {
    let mut site = render::plan_page(parts(analysis, theme, read_asset, Some(home)), lookups, page);
    site.outputs.iter_mut().for_each(stand_in);
    site
}

fn parts<'a>(analysis: &'a Analysis, theme: &'a Theme, read_asset: render::ReadAsset<'a>, home: Option<&'a str>) -> render::Parts<'a> {
    let base_url = analysis.handbook.settings.base_url.as_deref();
    render::Parts { analysis, theme, read_asset, base_url, home, poison: None }
}

fn stand_in(output: &mut render::Output<'_>) {
    let bytes = std::mem::replace(&mut output.bytes, Box::new(|| Ok(Vec::new())));
    output.bytes = Box::new(move || bytes().or_else(|error| error.downcast::<Broken>().map(|broken| broken.page)));
}
