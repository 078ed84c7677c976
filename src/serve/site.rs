//! The site in memory: a compiled handbook, the plan of its pages, and what was rendered of it so far.
//!
//! [`Whole`] is one handbook, compiled; [`Snapshot`] is what is served at one moment: a whole, and pages of older ones where the newest
//! text has a fault. Neither ever changes, but for the pages that are kept once they are rendered. Files that are copied are read when
//! they are asked for. Absent: requests, sockets.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use self_cell::self_cell;
use sha2::{Digest, Sha256};

use crate::discover;
use crate::model::PageIx;
use crate::pipeline::{Analysis, compile_for, compile_page};
use crate::render::{Lookups, Site, Theme, offline};
use crate::report::{FailOn, reasons};
use crate::source::{PagePath, ThemeFile};

use super::told;

/// Rendered pages that are kept, in bytes: a few thousand pages. Beyond that they are rendered again when they are asked for.
const KEPT: usize = 64 * 1024 * 1024;

/// Up to so many pages that a change has broken are kept as bytes; of more, the whole that they come from is kept.
const HELD_AS_BYTES: usize = 64;

/// Bytes that many may look at.
pub(super) type Bytes = Arc<[u8]>;

/// A theme, and what tells its styles and scripts from those of another version.
pub(super) struct Look {
    theme: Theme,
    /// Changes with any stylesheet.
    pub(super) styles: String,
    /// Changes with any script.
    pub(super) scripts: String,
}

impl Look {
    /// The default theme with a project's files over it.
    pub(super) fn new(files: &[ThemeFile]) -> anyhow::Result<Self> {
        let theme = Theme::new(files)?;
        let of = |scripts: bool| {
            let mut hash = Sha256::new();
            for (name, bytes) in theme.statics().filter(|(name, _)| name.ends_with(".js") == scripts) {
                hash.update(name.as_bytes());
                hash.update((bytes.len() as u64).to_be_bytes());
                hash.update(bytes);
            }
            short(&hash.finalize())
        };
        let (styles, scripts) = (of(false), of(true));
        Ok(Self { theme, styles, scripts })
    }
}

/// Eight bytes of a hash, in hexadecimal.
fn short(hash: &[u8]) -> String {
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// What tells some bytes from others.
pub(super) fn digest(bytes: &[u8]) -> String {
    short(&Sha256::digest(bytes))
}

type Read = Box<dyn Fn(&PagePath) -> anyhow::Result<Vec<u8>> + Send + Sync>;

struct Ground {
    analysis: Analysis,
    look: Arc<Look>,
    home: String,
    read: Read,
}

struct Plan<'a>(Site<'a>);

self_cell!(
    struct Compiled {
        owner: Ground,
        #[not_covariant]
        dependent: Plan,
    }
);

/// A compiled handbook.
pub(super) struct Whole {
    compiled: Compiled,
    rendered: Mutex<Rendered>,
    sorted: Arc<OnceLock<told::Sorted>>,
}

#[derive(Default)]
struct Rendered {
    pages: HashMap<String, Bytes>,
    bytes: usize,
}

impl Whole {
    /// The plan of a site for a server that has its home page at `home`.
    pub(super) fn new(analysis: Analysis, look: Arc<Look>, root: PathBuf, home: &str) -> Self {
        Self::with(analysis, look, root, home, None, Arc::default())
    }

    fn with(
        analysis: Analysis,
        look: Arc<Look>,
        root: PathBuf,
        home: &str,
        lookups: Option<&Lookups>,
        sorted: Arc<OnceLock<told::Sorted>>,
    ) -> Self {
        let read: Read = Box::new(move |path| discover::read_asset_later(&root, path));
        let ground = Ground { analysis, look, home: home.to_owned(), read };
        let compiled =
            Compiled::new(ground, |ground| Plan(compile_for(&ground.analysis, &ground.look.theme, &*ground.read, &ground.home, lookups)));
        Self { compiled, rendered: Mutex::default(), sorted }
    }

    /// The plan of the whole site, of a handbook that says the same to model and check as this one.
    pub(super) fn again(&self, analysis: Analysis, root: PathBuf) -> Self {
        let lookups = self.compiled.with_dependent(|_, plan| plan.0.lookups.clone());
        let Ground { look, home, .. } = self.compiled.borrow_owner();
        Self::with(analysis, Arc::clone(look), root, home, lookups.as_ref(), Arc::clone(&self.sorted))
    }

    /// Looks up now what answers ask for.
    pub(super) fn warm(&self) {
        self.sorted();
        self.analysis().marking(&PagePath::new(crate::settings::FILE));
    }

    /// What is made of one page, of a handbook that says the same to model and check as this one; nothing where this one has no plan.
    pub(super) fn with_text(&self, analysis: Analysis, page: PageIx, root: PathBuf) -> Option<Self> {
        let lookups = self.compiled.with_dependent(|_, plan| plan.0.lookups.clone())?;
        let Ground { look, home, .. } = self.compiled.borrow_owner();
        let read: Read = Box::new(move |path| discover::read_asset_later(&root, path));
        let ground = Ground { analysis, look: Arc::clone(look), home: home.clone(), read };
        let compiled = Compiled::new(ground, |ground| {
            Plan(compile_page(&ground.analysis, &ground.look.theme, &*ground.read, &ground.home, &lookups, page))
        });
        // The same findings in the same order.
        Some(Self { compiled, rendered: Mutex::default(), sorted: Arc::clone(&self.sorted) })
    }

    /// What is known of the handbook.
    pub(super) fn analysis(&self) -> &Analysis {
        &self.compiled.borrow_owner().analysis
    }

    /// Its findings, sorted.
    fn sorted(&self) -> &told::Sorted {
        self.sorted.get_or_init(|| told::Sorted::new(self.analysis()))
    }

    fn look(&self) -> &Look {
        &self.compiled.borrow_owner().look
    }

    /// The file that an output comes from; nothing where there is no such output.
    fn source(&self, path: &str) -> Option<Option<PagePath>> {
        self.compiled.with_dependent(|_, plan| {
            let at = plan.0.outputs.binary_search_by(|output| output.path.as_str().cmp(path)).ok()?;
            Some(plan.0.outputs[at].source.clone())
        })
    }

    /// The paths of all outputs, with the files that they come from.
    fn outputs(&self) -> Vec<(String, Option<PagePath>)> {
        self.compiled.with_dependent(|_, plan| plan.0.outputs.iter().map(|output| (output.path.clone(), output.source.clone())).collect())
    }

    /// The bytes of an output; nothing where there is no such output.
    fn bytes(&self, path: &str) -> Option<anyhow::Result<Bytes>> {
        let kept = || self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().pages.get(path) {
            return Some(Ok(Arc::clone(known)));
        }
        let (made, copied) = self.compiled.with_dependent(|_, plan| {
            let at = plan.0.outputs.binary_search_by(|output| output.path.as_str().cmp(path)).ok()?;
            let output = &plan.0.outputs[at];
            // The offline copy holds files that are copied.
            Some(((output.bytes)(), path == offline::FILE || output.source.as_ref().is_some_and(is_copied)))
        })?;
        let made: Bytes = match made {
            Ok(made) => made.into(),
            Err(error) => return Some(Err(error)),
        };
        if !copied {
            let mut kept = kept();
            if kept.bytes + made.len() > KEPT {
                *kept = Rendered::default();
            }
            kept.bytes += made.len();
            kept.pages.insert(path.to_owned(), Arc::clone(&made));
        }
        Some(Ok(made))
    }
}

/// Whether a file goes to the site as it is.
fn is_copied(path: &PagePath) -> bool {
    !path.as_str().ends_with(".md") && path.as_str() != crate::settings::FILE
}

/// A page of an older whole, where the newest text has a fault.
#[derive(Clone)]
enum Held {
    Bytes(Bytes),
    Of(Arc<Whole>),
}

/// What is served at one moment.
pub(super) struct Snapshot {
    /// Where pages come from.
    whole: Arc<Whole>,
    /// Where findings come from: the newest text, served or not.
    newest: Arc<Whole>,
    /// What is made of a page whose newest text says the same to model and check, while all others are still to be made.
    ahead: Option<Arc<Whole>>,
    /// Pages of older wholes.
    held: HashMap<String, Held>,
    /// Outputs of pages that were never without a fault.
    plain: HashMap<String, PagePath>,
    /// Why the newest files could not be compiled at all.
    trouble: Option<String>,
    /// Changes with any file that is copied.
    copied: u64,
}

/// What an address leads to.
pub(super) enum Found {
    /// A file of the site.
    File(String),
    /// A folder, whose address ends with a slash.
    Folder,
    /// Nothing.
    Nothing,
}

/// The bytes of a page, before the live script is put into it.
pub(super) struct Page {
    /// 200, 404 or 500.
    pub(super) status: u16,
    /// The bytes.
    pub(super) bytes: Bytes,
}

impl Snapshot {
    /// What is served once `whole` is compiled: all of it, but for the pages that have a fault. They stay as they were, and where they
    /// never were without one they show it.
    pub(super) fn new(whole: Whole, before: Option<&Snapshot>, copied: u64) -> Self {
        let whole = Arc::new(whole);
        let analysis = whole.analysis();
        let all: Vec<_> = analysis.findings.iter().collect();
        let faulty: HashSet<PagePath> = reasons(&all, FailOn::Fault).into_iter().map(|fault| fault.place.path.clone()).collect();
        let newest = Arc::clone(&whole);
        let mut snapshot = Self { whole, newest, ahead: None, held: HashMap::new(), plain: HashMap::new(), trouble: None, copied };
        if faulty.is_empty() {
            return snapshot;
        }
        match before {
            // A fault in the settings may mean anything: nothing that follows from them is shown before it is mended.
            Some(before) if faulty.iter().any(|path| path.as_str() == crate::settings::FILE) => {
                snapshot.whole = Arc::clone(&before.whole);
                snapshot.held.clone_from(&before.held);
                snapshot.plain.clone_from(&before.plain);
            }
            _ => snapshot.hold(&faulty, before),
        }
        snapshot
    }

    fn hold(&mut self, faulty: &HashSet<PagePath>, before: Option<&Snapshot>) {
        let of_faulty = |whole: &Whole| -> Vec<(String, PagePath)> {
            let outputs = whole.outputs().into_iter();
            outputs
                .filter_map(|(path, source)| Some((path, source.filter(|source| faulty.contains(source) && !is_copied(source))?)))
                .collect()
        };
        let mut outputs = of_faulty(&self.whole);
        if let Some(before) = before {
            let mut known: HashSet<String> = outputs.iter().map(|(path, _)| path.clone()).collect();
            outputs.extend(of_faulty(&before.whole).into_iter().filter(|(path, _)| known.insert(path.clone())));
        }
        let many = outputs.len() > HELD_AS_BYTES;
        for (path, source) in outputs {
            let good = before.and_then(|before| {
                if let Some(held) = before.held.get(&path) {
                    return Some(held.clone());
                }
                if before.plain.contains_key(&path) || before.whole.source(&path).is_none() {
                    return None;
                }
                if many {
                    return Some(Held::Of(Arc::clone(&before.whole)));
                }
                before.whole.bytes(&path)?.ok().map(Held::Bytes)
            });
            match good {
                Some(held) => drop(self.held.insert(path, held)),
                None if source.as_str() == crate::settings::FILE => {}
                None => drop(self.plain.insert(path, source)),
            }
        }
    }

    /// The same site, when the newest files cannot be compiled.
    pub(super) fn troubled(&self, trouble: String) -> Self {
        Self {
            whole: Arc::clone(&self.whole),
            newest: Arc::clone(&self.newest),
            ahead: self.ahead.clone(),
            held: self.held.clone(),
            plain: self.plain.clone(),
            trouble: Some(trouble),
            copied: self.copied,
        }
    }

    /// The same site with other copied files.
    pub(super) fn with_copied(&self, copied: u64) -> Self {
        Self { copied, trouble: None, ..self.troubled(String::new()) }
    }

    /// The same site with one page ahead of the others: what is made of it shows its newest text already. Nothing where pages are held
    /// back, or where it has something to say to other pages as well.
    pub(super) fn with_page_ahead(&self, analysis: Analysis, page: PageIx, root: &Path) -> Option<Self> {
        let nothing_held = self.held.is_empty() && self.plain.is_empty() && Arc::ptr_eq(&self.whole, &self.newest);
        if !nothing_held || self.trouble.is_some() {
            return None;
        }
        let path = analysis.handbook.pages[page].path().clone();
        let ahead = self.whole.with_text(analysis, page, root.to_path_buf())?;
        let ours = ahead.outputs().iter().all(|(output, _)| self.whole.source(output) == Some(Some(path.clone())));
        ours.then(|| Self { ahead: Some(Arc::new(ahead)), ..self.with_copied(self.copied) })
    }

    /// Makes the page of a file, if it is ahead, before anybody asks for it.
    pub(super) fn make_ready(&self, source: &PagePath) {
        let Some(ahead) = &self.ahead else { return };
        let page = ahead.analysis().handbook.pages.iter().find(|page| page.path() == source && !page.from_settings);
        if let Some(page) = page {
            ahead.bytes(&crate::render::paths::file_of(&page.url));
        }
    }

    /// Whether an output is ahead of the others.
    pub(super) fn is_ahead(&self, path: &str) -> bool {
        self.ahead.as_ref().is_some_and(|ahead| ahead.source(path).is_some())
    }

    /// The compiled handbook of the newest text.
    pub(super) fn newest(&self) -> &Whole {
        &self.newest
    }

    fn first(&self) -> &Whole {
        self.ahead.as_ref().unwrap_or(&self.newest)
    }

    /// The newest handbook.
    pub(super) fn analysis(&self) -> &Analysis {
        self.first().analysis()
    }

    /// Its findings, sorted.
    pub(super) fn sorted(&self) -> &told::Sorted {
        self.first().sorted()
    }

    /// Why the newest files could not be compiled.
    pub(super) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// How often copied files have changed.
    pub(super) fn copied(&self) -> u64 {
        self.copied
    }

    /// The file that a path of the site names, as servers of folders do it.
    pub(super) fn find(&self, path: &str) -> Found {
        let exists = |path: &str| self.source(path).is_some();
        if path.is_empty() || path.ends_with('/') {
            let index = format!("{path}index.html");
            return if exists(&index) { Found::File(index) } else { Found::Nothing };
        }
        match () {
            () if exists(path) => Found::File(path.to_owned()),
            () if exists(&format!("{path}/index.html")) => Found::Folder,
            () => Found::Nothing,
        }
    }

    /// The file that an output comes from; nothing where there is no such output.
    pub(super) fn source(&self, path: &str) -> Option<Option<PagePath>> {
        if let Some(source) = self.plain.get(path) {
            return Some(Some(source.clone()));
        }
        match self.held.get(path) {
            Some(Held::Of(whole)) => whole.source(path),
            Some(Held::Bytes(_)) => Some(self.newest.source(path).or_else(|| self.whole.source(path)).flatten()),
            None => self.whole.source(path),
        }
    }

    /// The bytes of a file that [`Self::find`] has found, or of the page for what does not exist.
    pub(super) fn page(&self, found: Option<&str>) -> Page {
        let path = found.unwrap_or("404.html");
        let status = if found.is_some() { 200 } else { 404 };
        if let Some(source) = self.plain.get(path) {
            return Page { status: 200, bytes: told::plain_page(self, Some(source)).into() };
        }
        if let Some(Ok(bytes)) = self.ahead.as_ref().and_then(|ahead| ahead.bytes(path)) {
            return Page { status, bytes };
        }
        let made = match self.held.get(path) {
            Some(Held::Bytes(bytes)) => return Page { status, bytes: Arc::clone(bytes) },
            Some(Held::Of(whole)) => whole.bytes(path),
            None => self.whole.bytes(path),
        };
        match made {
            Some(Ok(bytes)) => Page { status, bytes },
            Some(Err(error)) if !path.ends_with(".html") => {
                // A file that is copied may have gone since the walk; the events of that are on their way.
                let bytes = format!("{error:#}\n").into_bytes().into();
                Page { status: 404, bytes }
            }
            Some(Err(error)) => Page { status: 500, bytes: told::failed_page(&format!("{error:#}")).into() },
            None => Page { status: 404, bytes: Arc::from(&b"not here\n"[..]) },
        }
    }

    /// What tells what a browser shows from what it should show: the page, styles, scripts, findings, copied files.
    pub(super) fn shown(&self, found: Option<&str>, page: &Page) -> String {
        let look = self.whole.look();
        let findings = digest(told::findings(self, found).to_string().as_bytes());
        format!("{}-{}.{}.{}.{findings}.{}", page.status, digest(&page.bytes), look.styles, look.scripts, self.copied)
    }
}
