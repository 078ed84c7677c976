//! The story of the model: from all documents to the resolved handbook.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::finding::{Element, Finding, Place};
use crate::parse::Document;
use crate::parse::front_matter::KindKeys;
use crate::parse::value::PageKind;
use crate::settings::Settings;
use crate::source::{Located, PagePath};

use super::links::{Places, in_declaration};
use super::resolve::{Resolver, Things, Undeclared, Wanted};
use super::{Handbook, Ids, Incident, Kind, Needs, Page, PageIx, Premortem, Process, ResolvedLink, Role, StepIx, System, Target, process};

/// Whether drafts are part of the handbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drafts {
    /// They are left out.
    Out,
    /// They are pages like others.
    In,
}

/// What the model is made of.
pub struct Parts {
    /// The settings.
    pub settings: Arc<Settings>,
    /// Every page with a file, in path order.
    pub documents: Vec<Arc<Document>>,
    /// Files that are copied as they are.
    pub assets: Vec<PagePath>,
    /// The day of this run.
    pub today: Date,
    /// Whether drafts are part of it.
    pub drafts: Drafts,
}

/// The handbook, and what is wrong between its pages.
pub fn build(parts: Parts) -> (Handbook, Vec<Finding>) {
    let Parts { settings, documents, assets, today, drafts } = parts;
    let is_draft = |document: &Document| document.front.page.draft.as_ref().is_some_and(|draft| draft.value);
    let left_out = |document: &Arc<Document>| drafts == Drafts::Out && is_draft(document);
    let draft_ids =
        documents.iter().filter(|document| left_out(document)).map(|document| (document.id.value.clone(), document.path.to_string()));
    let draft_ids: HashMap<String, String> = draft_ids.collect();
    let draft_paths = documents.iter().filter(|document| left_out(document)).map(|document| document.path.to_string());
    let draft_paths: HashSet<String> = draft_paths.collect();
    let written = documents.into_iter().filter(|document| !left_out(document)).map(|document| page(document, false));
    let tables = settings.tables.iter().map(|(id, table)| page(Arc::new(table_document(id, table)), true));
    let mut pages: Vec<Page> = written.chain(tables).collect();
    let (ids, mut findings) = Ids::new(&pages, draft_ids);
    let things = Things::new(&pages);
    let resolved: Vec<Resolved> = {
        use rayon::prelude::*;
        let places = Places::new(&pages, &things, &assets, &draft_paths);
        (0..pages.len()).into_par_iter().map(|page| resolve(page, &pages, &ids, &things, &places)).collect()
    };
    let mut undeclared = Vec::new();
    for (page, resolved) in pages.iter_mut().zip(resolved) {
        page.owner = resolved.owner;
        page.kind = resolved.kind;
        page.modes = resolved.modes;
        page.links = resolved.links;
        findings.extend(resolved.findings);
        undeclared.extend(resolved.undeclared);
    }
    inherit(&mut pages);
    let mut resolver = Resolver::new(&pages, &ids, &things, None);
    let hosted_on = resolver.dependencies(&settings.hosted_on, Wanted::System).into_iter().map(|dependency| dependency.page).collect();
    findings.append(&mut resolver.findings);
    undeclared.append(&mut resolver.undeclared);
    let referred = referred(&pages);
    let named_from_elsewhere = named_from_elsewhere(&pages);
    let needs = Needs::new(&pages);
    let handbook = Handbook {
        settings,
        pages: pages.into_iter().collect(),
        ids: Arc::new(ids),
        referred: Arc::new(referred),
        named_from_elsewhere: Arc::new(named_from_elsewhere),
        needs: Arc::new(needs),
        undeclared: Arc::new(undeclared),
        today,
        hosted_on,
        assets: Arc::new(assets),
    };
    (handbook, findings)
}

fn page(document: Arc<Document>, from_settings: bool) -> Page {
    let url = if from_settings { format!("/{}/", document.id.value) } else { url(&document.path) };
    Page {
        id: document.id.value.clone(),
        url,
        document,
        from_settings,
        owner: None,
        kind: Kind::Page,
        modes: Vec::new(),
        links: Vec::new(),
    }
}

/// The URL of a page by its path: `content/a/b.md` is `/a/b/`.
pub fn url(path: &PagePath) -> String {
    let inside = path.as_str().strip_prefix("content/").unwrap_or(path.as_str());
    let bare = inside.strip_suffix(".md").unwrap_or(inside);
    let (folder, stem) = bare.rsplit_once('/').unwrap_or(("", bare));
    let bare = if matches!(stem, "index" | "README") { folder } else { bare };
    if bare.is_empty() { "/".to_owned() } else { format!("/{bare}/") }
}

fn table_document(id: &Located<String>, table: &crate::settings::TablePage) -> Document {
    let mut document = Document::empty(&crate::settings::path());
    document.id = id.clone();
    document.explicit_id = true;
    document.front = table.front.clone();
    document.title = table.front.page.title.clone().unwrap_or_else(|| id.clone());
    document
}

struct Resolved {
    owner: Option<PageIx>,
    kind: Kind,
    modes: Vec<super::Mode>,
    links: Vec<ResolvedLink>,
    findings: Vec<Finding>,
    undeclared: Vec<Undeclared>,
}

/// Everything that one page refers to.
fn resolve(index: PageIx, pages: &[Page], ids: &Ids, things: &Things, places: &Places<'_>) -> Resolved {
    let page = &pages[index];
    let document = &page.document;
    let mut resolver = Resolver::new(pages, ids, things, Some(index));
    // Other tools own the front matter of YAML pages: an owner that is no role of ours is theirs.
    let owner = &document.front.page.owner;
    let owner =
        if document.is_foreign() { owner.as_ref().and_then(|owner| ids.get(&owner.value.0)) } else { resolver.maybe(owner, Wanted::Role) };
    let kind = kind(page, &mut resolver);
    let own_system = (page.page_kind() == PageKind::System).then_some(index);
    let follow = |target: &str| Some(places.follow(index, &in_declaration(target, Default::default())).target);
    let modes = document.failures.iter().map(|failure| process::mode(index, failure, own_system, &mut resolver, follow)).collect();
    let (mut findings, undeclared) = (resolver.findings, resolver.undeclared);
    let mut links = Vec::with_capacity(document.outline.links.len());
    for link in &document.outline.links {
        let followed = places.follow(index, link);
        findings.extend(followed.finding);
        links.push(followed.target);
    }
    for link in document.declared_markup().0.iter().filter(|_| !page.from_settings) {
        findings.extend(places.follow(index, link).finding);
    }
    if page.from_settings {
        findings.extend(crate::parse::declared(document));
    }
    findings.extend(missing_of(page));
    Resolved { owner, kind, modes, links, findings, undeclared }
}

fn kind(page: &Page, resolver: &mut Resolver<'_>) -> Kind {
    match &page.document.front.kind {
        KindKeys::Page => Kind::Page,
        KindKeys::Process(keys) => Kind::Process(process::process(page, keys, resolver)),
        KindKeys::System(keys) => Kind::System(System {
            depends_on: resolver.dependencies(keys.depends_on.as_deref().unwrap_or_default(), Wanted::System),
            fallback: resolver.dependencies(&keys.fallback, Wanted::System),
            renewed_by: resolver.maybe(&keys.renewed_by, Wanted::Process),
        }),
        KindKeys::Role(keys) => Kind::Role(Role {
            backup: resolver.maybe(&keys.backup, Wanted::Role),
            channels: resolver.dependencies(&keys.channels, Wanted::System),
            access: keys.access.as_ref().map(|access| resolver.dependencies(access, Wanted::System)),
        }),
        KindKeys::Incident(keys) => Kind::Incident(Incident {
            process: resolver.maybe(&keys.process, Wanted::Process),
            failure: resolver.mode(&keys.failure),
            learned: resolver.mode(&keys.learned),
            needed: resolver.dependencies(&keys.needed, Wanted::System),
            action_owners: keys.action.iter().map(|action| resolver.maybe(&action.owner, Wanted::Role)).collect(),
        }),
        KindKeys::Premortem(keys) => Kind::Premortem(Premortem {
            process: resolver.maybe(&keys.process, Wanted::Process),
            roles: keys.roles.iter().filter_map(|role| resolver.page(role, Wanted::Role)).collect(),
            failures: keys.item.iter().map(|item| resolver.mode(&item.failure)).collect(),
        }),
    }
}

/// On a process page, a failure mode of class dependency says what fails.
fn missing_of(page: &Page) -> Vec<Finding> {
    if page.process().is_none() && page.page_kind() != PageKind::Process {
        return Vec::new();
    }
    let lacks = |failure: &&crate::parse::document::Failure| {
        !failure.block.has("of") && failure.block.class.as_ref().is_some_and(|class| class.value.0 == "dependency")
    };
    let finding = |failure: &crate::parse::document::Failure| {
        Finding::new(
            "missing-key",
            Place::new(page.path(), failure.place),
            Element::thing(&page.id, &failure.id).part("of"),
            format!("the failure mode `{}` is of class dependency and does not say of which system", failure.title),
        )
        .help("add `of = \"…\"` with the id of the system or process that fails")
    };
    page.document.failures.iter().filter(lacks).map(finding).collect()
}

/// Gives every process the failure modes of the systems that it uses directly.
fn inherit(pages: &mut [Page]) {
    let inherited: Vec<(PageIx, Vec<super::ModeIx>)> = pages
        .iter()
        .enumerate()
        .filter_map(|(index, page)| {
            let process: &Process = page.process()?;
            let steps = process.tracks.iter().flat_map(|track| &track.steps).flat_map(|step| step.uses.iter());
            let uses = process.depends_on.iter().chain(steps).copied();
            Some((index, process::inherited(uses, pages)))
        })
        .collect();
    for (index, modes) in inherited {
        if let Kind::Process(process) = &mut pages[index].kind {
            process.inherited = modes;
        }
    }
}

/// The failure modes that name a step of another page.
fn named_from_elsewhere(pages: &[Page]) -> HashMap<StepIx, Vec<super::ModeIx>> {
    let mut named: HashMap<StepIx, Vec<super::ModeIx>> = HashMap::new();
    for (page, at) in pages.iter().enumerate() {
        for (mode, resolved) in at.modes.iter().enumerate() {
            for step in resolved.steps.iter().filter(|step| step.page != page) {
                named.entry(*step).or_default().push(super::ModeIx { page, mode });
            }
        }
    }
    named
}

/// The steps that any reference names, a track or process standing for its first step; by page.
fn referred(pages: &[Page]) -> HashMap<PageIx, Vec<StepIx>> {
    let mut referred: HashMap<PageIx, Vec<StepIx>> = HashMap::new();
    let mut refer = |target: Target| {
        if let Target::Step(step) = target {
            referred.entry(step.page).or_default().push(step);
        }
    };
    for page in pages {
        let steps = page.process().into_iter().flat_map(|process| &process.tracks).flat_map(|track| &track.steps);
        for step in steps {
            let targets = [step.takeover, step.abort, step.on_timeout, step.next];
            let branches = step.branches.iter().map(|branch| branch.to);
            targets.into_iter().chain(branches).flatten().for_each(&mut refer);
            let steps = step.requires.iter().map(|(step, _)| *step).chain(step.undo).chain(step.reversible_until);
            steps.map(Target::Step).for_each(&mut refer);
        }
        for (mode, written) in page.modes.iter().zip(&page.document.failures) {
            mode.path.iter().chain(&mode.alternative).copied().for_each(&mut refer);
            let at = mode.steps.iter().skip(usize::from(written.step.is_some()));
            at.copied().map(Target::Step).for_each(&mut refer);
        }
        page.process().into_iter().flat_map(|process| &process.drills).for_each(|(target, _)| refer(*target));
    }
    referred
}
