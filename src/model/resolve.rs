//! What references name: ids of pages, `#id` on the same page, `page#id` elsewhere; and what is said of those that name nothing.

use std::collections::HashMap;

use crate::finding::{Element, Finding, Place};
use crate::parse::Document;
use crate::parse::nearest::{Guess, guess};
use crate::parse::value::{PageKind, Reference};
use crate::source::{Located, Span};

use super::{Dependency, Ids, ModeIx, Page, PageIx, StepIx, Target};

/// What a reference field wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A role.
    Role,
    /// A system.
    System,
    /// A process.
    Process,
    /// A system or a process.
    Dependency,
    /// A step.
    Step,
    /// A step, a track or a process.
    Flow,
    /// A failure mode.
    Mode,
}

impl Wanted {
    fn words(self) -> &'static str {
        match self {
            Wanted::Role => "a role",
            Wanted::System => "a system",
            Wanted::Process => "a process",
            Wanted::Dependency => "a system or a process",
            Wanted::Step => "a step",
            Wanted::Flow => "a step, a track or a process",
            Wanted::Mode => "a failure mode",
        }
    }

    fn admits_page(self, kind: PageKind) -> bool {
        match self {
            Wanted::Role => kind == PageKind::Role,
            Wanted::System => kind == PageKind::System,
            Wanted::Process | Wanted::Flow => kind == PageKind::Process,
            Wanted::Dependency => matches!(kind, PageKind::System | PageKind::Process),
            Wanted::Step | Wanted::Mode => false,
        }
    }

    fn admits(self, target: Target, pages: &[Page]) -> bool {
        match target {
            Target::Page(page) => self.admits_page(pages[page].page_kind()),
            Target::Track(..) => self == Wanted::Flow,
            Target::Step(_) => matches!(self, Wanted::Step | Wanted::Flow),
            Target::Mode(_) => self == Wanted::Mode,
        }
    }
}

/// The things on each page, by id.
#[derive(Debug, Default)]
pub struct Things(Vec<HashMap<String, Target>>);

impl Things {
    /// The things on all pages.
    pub fn new(pages: &[Page]) -> Self {
        Self(pages.iter().enumerate().map(|(index, page)| things(index, &page.document)).collect())
    }

    /// The thing that an id names on a page.
    pub fn get(&self, page: PageIx, id: &str) -> Option<Target> {
        self.0[page].get(id).copied()
    }
}

fn things(page: PageIx, document: &Document) -> HashMap<String, Target> {
    let mut things = HashMap::new();
    for (index, failure) in document.failures.iter().enumerate() {
        things.insert(failure.id.clone(), Target::Mode(ModeIx { page, mode: index }));
    }
    for (track_index, track) in document.tracks.iter().enumerate() {
        for (index, step) in track.steps.iter().enumerate() {
            things.insert(step.id.clone(), Target::Step(StepIx { page, track: track_index, step: index }));
        }
        things.insert(track.id.clone(), Target::Track(page, track_index));
    }
    things
}

/// Resolves the references that stand on one thing of one page, and keeps what is wrong with them.
pub struct Resolver<'h> {
    pages: &'h [Page],
    ids: &'h Ids,
    things: &'h Things,
    page: Option<PageIx>,
    element: Element,
    /// The references that name nothing, or the wrong kind of thing.
    pub findings: Vec<Finding>,
    /// The pages that references name and nobody has declared.
    pub undeclared: Vec<Undeclared>,
}

/// A page that a reference names and nobody has declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undeclared {
    /// The id, as the reference gives it.
    pub id: String,
    /// What the reference wants.
    pub wanted: Wanted,
}

impl<'h> Resolver<'h> {
    /// For the references on a page; `None` for the settings.
    pub fn new(pages: &'h [Page], ids: &'h Ids, things: &'h Things, page: Option<PageIx>) -> Self {
        let element = page.map_or_else(|| Element::page(crate::settings::FILE), |page| Element::page(&pages[page].id));
        Self { pages, ids, things, page, element, findings: Vec::new(), undeclared: Vec::new() }
    }

    /// From now on, findings are about this thing on the page.
    pub fn about(&mut self, thing: Option<&str>) -> &mut Self {
        self.element.thing = thing.map(str::to_owned);
        self
    }

    /// What a reference names, if it names what is wanted.
    pub fn target(&mut self, reference: &Located<Reference>, wanted: Wanted) -> Option<Target> {
        let found = self.find(&reference.value, wanted);
        match found {
            Ok(target) if wanted.admits(target, self.pages) => Some(target),
            // What it is could not be read: that has its own fault.
            Ok(Target::Page(page)) if self.pages[page].document.unknown_kind => None,
            Ok(target) => {
                let what = self.what(target);
                self.complain(reference, format!("`{}` is {what}, and {} is wanted here", reference.value.0, wanted.words()), None, None);
                None
            }
            Err(problem) => {
                let id = problem.undeclared.then(|| reference.value.parts().0.to_owned());
                self.undeclared.extend(id.map(|id| Undeclared { id, wanted }));
                self.complain(reference, problem.message, problem.help, problem.nearest);
                None
            }
        }
    }

    /// The page that a reference names.
    pub fn page(&mut self, reference: &Located<Reference>, wanted: Wanted) -> Option<PageIx> {
        match self.target(reference, wanted) {
            Some(Target::Page(page)) => Some(page),
            _ => None,
        }
    }

    /// The page that an optional reference names.
    pub fn maybe(&mut self, reference: &Option<Located<Reference>>, wanted: Wanted) -> Option<PageIx> {
        reference.as_ref().and_then(|reference| self.page(reference, wanted))
    }

    /// The step, track or process that an optional reference names.
    pub fn flow(&mut self, reference: &Option<Located<Reference>>) -> Option<Target> {
        reference.as_ref().and_then(|reference| self.target(reference, Wanted::Flow))
    }

    /// The steps, tracks and processes of a path, each with the place where it is named.
    pub fn path(&mut self, references: &[Located<Reference>]) -> Vec<(Target, Span)> {
        references.iter().filter_map(|reference| Some((self.target(reference, Wanted::Flow)?, reference.span))).collect()
    }

    /// The step that a reference names.
    pub fn step(&mut self, reference: &Located<Reference>) -> Option<StepIx> {
        match self.target(reference, Wanted::Step) {
            Some(Target::Step(step)) => Some(step),
            _ => None,
        }
    }

    /// The failure mode that an optional reference names.
    pub fn mode(&mut self, reference: &Option<Located<Reference>>) -> Option<ModeIx> {
        match reference.as_ref().and_then(|reference| self.target(reference, Wanted::Mode)) {
            Some(Target::Mode(mode)) => Some(mode),
            _ => None,
        }
    }

    /// The systems, or systems and processes, of a list, each with the place where it is named.
    pub fn dependencies(&mut self, references: &[Located<Reference>], wanted: Wanted) -> Vec<Dependency> {
        let found =
            references.iter().filter_map(|reference| Some(Dependency { page: self.page(reference, wanted)?, span: reference.span }));
        found.collect()
    }

    /// What a drill speaks of: a track of this page, or another process. `dated` are the names that have a date already.
    pub fn drilled(&mut self, name: &Located<String>, dated: &[&str]) -> Option<Target> {
        let bare = name.value.trim_start_matches('#');
        let here = self.page.and_then(|page| self.things.get(page, bare));
        if let Some(target @ Target::Track(..)) = here {
            return Some(target);
        }
        let process = self.ids.get(bare).filter(|page| self.pages[*page].page_kind() == PageKind::Process);
        if let Some(process) = process {
            return Some(Target::Page(process));
        }
        let tracks = self.page.into_iter().flat_map(|page| &self.pages[page].document.tracks).map(|track| track.id.as_str());
        let near = guess(bare, &tracks.collect::<Vec<_>>()).map(Near::from);
        let near = near.map(|near| Near { is_certain: near.is_certain && !dated.contains(&near.name.as_str()), ..near });
        let reference = Located::new(Reference(name.value.clone()), name.span);
        self.complain(&reference, format!("`{}` is no track of this page and no process", name.value), None, near);
        None
    }

    fn find(&self, reference: &Reference, wanted: Wanted) -> Result<Target, Problem> {
        let (page_id, thing) = reference.parts();
        let page = match (page_id, self.page) {
            ("", Some(page)) => page,
            _ => self.ids.get(page_id).ok_or_else(|| self.no_page(page_id, thing, wanted))?,
        };
        let Some(thing) = thing else { return Ok(Target::Page(page)) };
        self.things.get(page, thing).ok_or_else(|| self.no_thing(page, page_id, thing, wanted))
    }

    fn no_page(&self, id: &str, thing: Option<&str>, wanted: Wanted) -> Problem {
        if let Some(path) = self.ids.draft(id) {
            let help = "build with `--drafts`, or refer to it when it is no draft any more".to_owned();
            let message = format!("`{id}` is a draft, `{path}`, and drafts are left out");
            return Problem { message, help: Some(help), nearest: None, undeclared: false };
        }
        if let Some(pages) = self.ids.shared(id) {
            let paths: Vec<&str> = pages.iter().map(|page| self.pages[*page].path().as_str()).collect();
            return Problem {
                message: format!("`{id}` could be any of {}", paths.join(", ")),
                help: Some("give the page that is meant an `id` of its own".to_owned()),
                nearest: None,
                undeclared: false,
            };
        }
        let here = self.page.filter(|_| thing.is_none()).and_then(|page| self.things.get(page, id));
        if here.is_some_and(|target| wanted.admits(target, self.pages)) {
            let message = format!("no page has the id `{id}`, but something on this page has");
            return Problem { message, help: None, nearest: Some(Near { name: format!("#{id}"), is_certain: true }), undeclared: false };
        }
        let admits = |page: PageIx| thing.is_some() || wanted.admits_page(self.pages[page].page_kind());
        let near = self.ids.nearest(id, admits).map(Near::from);
        let near = near.map(|near| thing.iter().fold(near, |near, thing| Near { name: format!("{}#{thing}", near.name), ..near }));
        let message = match thing {
            None => format!("`{id}` names nothing; {} is wanted here", wanted.words()),
            Some(_) => format!("no page has the id `{id}`"),
        };
        let help = near.is_none().then(|| how_to_declare(id, wanted)).flatten();
        Problem { message, help, nearest: near, undeclared: thing.is_none() }
    }

    fn no_thing(&self, page: PageIx, page_id: &str, thing: &str, wanted: Wanted) -> Problem {
        let known = &self.things.0[page];
        let mut names: Vec<&str> =
            known.iter().filter(|(_, target)| wanted.admits(**target, self.pages)).map(|(id, _)| id.as_str()).collect();
        names.sort_unstable();
        let near = guess(thing, &names).map(|near| Near { name: format!("{page_id}#{}", near.name), is_certain: near.is_certain });
        let on = if page_id.is_empty() { "this page".to_owned() } else { format!("`{page_id}`") };
        let help = (near.is_none() && !names.is_empty() && names.len() <= 12).then(|| format!("it has {}", names.join(", ")));
        Problem { message: format!("nothing on {on} has the id `{thing}`"), help, nearest: near, undeclared: false }
    }

    fn what(&self, target: Target) -> String {
        match target {
            Target::Page(page) => match self.pages[page].page_kind() {
                PageKind::Incident => "an incident".to_owned(),
                kind => format!("a {kind}"),
            },
            Target::Track(..) => "a track".to_owned(),
            Target::Step(_) => "a step".to_owned(),
            Target::Mode(_) => "a failure mode".to_owned(),
        }
    }

    fn complain(&mut self, reference: &Located<Reference>, message: String, help: Option<String>, nearest: Option<Near>) {
        let path = self.page.map_or_else(crate::settings::path, |page| self.pages[page].path().clone());
        let place = Place::new(&path, reference.span);
        let mut finding = Finding::new("unknown-reference", place.clone(), self.element.clone().part(&reference.value.0), message);
        finding.help = help;
        if let Some(nearest) = nearest {
            finding = finding.help(format!("did you mean `{}`?", nearest.name));
            if nearest.is_certain {
                finding = finding.patch(place, format!("{:?}", nearest.name));
            }
        }
        self.findings.push(finding);
    }
}

struct Problem {
    message: String,
    help: Option<String>,
    nearest: Option<Near>,
    /// Whether a page of that id would mend it.
    undeclared: bool,
}

/// The reference that was probably meant.
struct Near {
    name: String,
    /// Whether it can hardly be another.
    is_certain: bool,
}

impl From<Guess<'_>> for Near {
    fn from(guess: Guess<'_>) -> Self {
        Self { name: guess.name.to_owned(), is_certain: guess.is_certain }
    }
}

fn how_to_declare(id: &str, wanted: Wanted) -> Option<String> {
    let table = match wanted {
        Wanted::Role => "roles",
        Wanted::System | Wanted::Dependency => "systems",
        _ => return None,
    };
    let id = if id.is_empty() { "…" } else { id };
    Some(format!("write a page for it, or add `[{table}.{id}]` to `forewarn.toml`; `forewarn new --missing` stubs all that are missing"))
}
