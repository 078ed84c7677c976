//! From changed files to the next snapshot, in a thread of its own.
//!
//! Nothing is patched: each rebuild calls the same pure stages as `build`. What is not read again is what no event has named, what is
//! not parsed again is what has the same text, and what is not rendered is what nobody looks at. Absent: sockets.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::watch::Sender;

use crate::discover::{self, Changed, Discovered};
use crate::git::Provenance;
use crate::pipeline::{Analysis, Parsed, Run, analyze_again, analyze_text};
use crate::report::Options;
use crate::source::{PagePath, Source, ThemeFile};
use crate::whereabouts::{self, Asked};

use super::live::Open;
use super::site::{Found, Look, Snapshot, Whole};
use super::watch::{Batch, Watch};
use super::{Say, Word, told};

/// How often files that change while they are read are read again, and after how long.
const TRIES: usize = 5;
const PATIENCE: Duration = Duration::from_millis(40);

/// How long the machine is left to a browser that shows the page that was saved, before all other pages are made.
const FIRST: Duration = Duration::from_millis(80);

/// Takes a snapshot that is to be shown while the next one is still made.
type Show<'s> = &'s mut dyn FnMut(Arc<Snapshot>);

/// What a new text of one page comes to, where it says the same to model and check.
struct Text {
    made_of: Arc<Source>,
    before: Arc<Snapshot>,
    analysis: Analysis,
    parsed: Parsed,
    /// The snapshot with that page ahead, where there can be one.
    ahead: Option<Arc<Snapshot>>,
}

/// Everything that a rebuild keeps for the next one.
pub(super) struct Builder {
    root: PathBuf,
    home: String,
    run: Box<dyn Fn() -> anyhow::Result<Run> + Send>,
    report: Options,
    asked: Asked,
    read: Option<Discovered>,
    /// What git knows. It is asked again when anything may have changed, not at each save: a save is no commit.
    provenance: Provenance,
    parsed: Option<Parsed>,
    /// What the change that is waited for may come to.
    glanced: Option<Text>,
    look: Option<(Vec<ThemeFile>, Arc<Look>)>,
    day: Option<jiff::civil::Date>,
    snapshot: Option<Arc<Snapshot>>,
    /// Whether what was read last may be old: something could not be read since.
    unsure: bool,
}

impl Builder {
    /// For the handbook in `root`, served at `home`.
    pub(super) fn new(
        root: PathBuf,
        home: String,
        run: Box<dyn Fn() -> anyhow::Result<Run> + Send>,
        report: Options,
        asked: Asked,
    ) -> Self {
        let provenance = Provenance::default();
        Self {
            root,
            home,
            run,
            report,
            asked,
            read: None,
            provenance,
            parsed: None,
            glanced: None,
            look: None,
            day: None,
            snapshot: None,
            unsure: false,
        }
    }

    /// The first snapshot. Errors as for `build`.
    pub(super) fn first(&mut self) -> anyhow::Result<Arc<Snapshot>> {
        let first = self.compile(&Changed::Everything, &mut |_| {})?;
        let first = first.context("the first compile gave nothing: please report this")?;
        self.snapshot = Some(Arc::clone(&first));
        Ok(first)
    }

    /// The snapshot after a change, or nothing where what is served stays what it was. Where one page has a new text that says the same to
    /// all others, a snapshot with that page ahead is shown at once.
    pub(super) fn next(&mut self, changed: &Changed, show: Show<'_>) -> Option<Arc<Snapshot>> {
        let before = self.snapshot.clone()?;
        let changed = if self.unsure { &Changed::Everything } else { changed };
        let next = match self.patiently(changed, &mut *show) {
            Ok(Some(next)) => next,
            Ok(None) if before.trouble().is_some() => Arc::new(before.with_copied(before.copied())),
            Ok(None) => return None,
            Err(error) => {
                self.unsure = true;
                let trouble = format!("{error:#}");
                if before.trouble() == Some(&*trouble) {
                    return None;
                }
                Arc::new(before.troubled(trouble))
            }
        };
        self.unsure = next.trouble().is_some();
        self.snapshot = Some(Arc::clone(&next));
        Some(next)
    }

    /// Files may be gone, or half written, while they are read: the next look finds them whole.
    fn patiently(&mut self, changed: &Changed, show: Show<'_>) -> anyhow::Result<Option<Arc<Snapshot>>> {
        for _ in 1..TRIES {
            match self.compile(changed, &mut *show) {
                Err(_) => std::thread::sleep(PATIENCE),
                done => return done,
            }
        }
        self.compile(&Changed::Everything, show)
    }

    /// The next snapshot, or nothing where nothing is different.
    fn compile(&mut self, changed: &Changed, show: Show<'_>) -> anyhow::Result<Option<Arc<Snapshot>>> {
        let glanced = self.glanced.take();
        let read = match &self.read {
            Some(before) => discover::discover_again(&self.root, before, changed)?,
            None => discover::discover(&self.root)?,
        };
        let run = (self.run)()?;
        let before = self.snapshot.clone();
        let copies = self.copies_touched(changed);
        let copied = before.as_ref().map_or(0, |before| before.copied() + u64::from(copies));
        if let (Some(before), Some(known)) = (&before, &self.read)
            && self.day == Some(run.today)
            && same(known, &read)
        {
            let other = copies && !read.sources.assets.is_empty();
            return Ok(other.then(|| Arc::new(before.with_copied(copied))));
        }
        let look = match &self.look {
            Some((files, look)) if *files == read.sources.theme => Arc::clone(look),
            _ => Arc::new(Look::new(&read.sources.theme)?),
        };
        self.day = Some(run.today);
        self.look = Some((read.sources.theme.clone(), Arc::clone(&look)));
        if self.read.is_none() || matches!(changed, Changed::Everything) {
            self.provenance = Provenance::of(&self.root, read.sources.pages.iter().map(|page| &page.path));
        }
        // Where anything may have changed, git may know another day as well.
        if let (Some(before), Changed::Paths(_)) = (&before, changed)
            && let Some(text) = self.text_alone(&read, glanced)
        {
            let Text { analysis, parsed, ahead, .. } = text;
            if let Some(ahead) = ahead {
                show(ahead);
            }
            self.read = Some(read);
            self.parsed = Some(parsed);
            let whole = before.newest().again(analysis, self.root.clone());
            return Ok(Some(Arc::new(Snapshot::new(whole, Some(before), copied))));
        }
        let mut settled = read.clone();
        whereabouts::settle(&mut settled, self.provenance.clone(), &self.asked)?;
        let (analysis, parsed) = analyze_again(settled, run, self.parsed.as_ref());
        self.read = Some(read);
        self.parsed = Some(parsed);
        let whole = Whole::new(analysis, look, self.root.clone(), &self.home);
        Ok(Some(Arc::new(Snapshot::new(whole, before.as_deref(), copied))))
    }

    /// Looks at a change before it is sure that it is all: the page that it seems to be of is made ready.
    fn glance(&mut self, changed: &Changed) {
        let Some(known) = &self.read else { return };
        if let Ok(read) = discover::discover_again(&self.root, known, changed) {
            self.glanced = self.text_alone(&read, None);
            if let Some(Text { ahead: Some(ahead), made_of, .. }) = &self.glanced {
                ahead.make_ready(&made_of.path);
            }
        }
    }

    /// What was glanced at, if that is still so, or else the next analysis, where one page has another text that says the same to model and
    /// check, and nothing else is different.
    fn text_alone(&self, read: &Discovered, glanced: Option<Text>) -> Option<Text> {
        let (known, parsed, before) = (self.read.as_ref()?, self.parsed.as_ref()?, self.snapshot.as_ref()?);
        if self.day != Some(before.analysis().handbook.today) {
            return None;
        }
        let source = only_text(known, read)?;
        if let Some(glanced) = glanced
            && Arc::ptr_eq(&glanced.before, before)
            && same_source(&glanced.made_of, source)
        {
            return Some(glanced);
        }
        let (analysis, parsed, page) = analyze_text(before.analysis(), parsed, source)?;
        let ahead = before.with_page_ahead(analysis.clone(), page, &self.root).map(Arc::new);
        Some(Text { made_of: Arc::clone(source), before: Arc::clone(before), analysis, parsed, ahead })
    }

    /// Whether a change may have touched files that are copied.
    fn copies_touched(&self, changed: &Changed) -> bool {
        let Some(read) = &self.read else { return false };
        match changed {
            Changed::Everything => true,
            Changed::Paths(paths) => read.sources.assets.iter().any(|asset| paths.contains(asset.as_str())),
        }
    }
}

/// Whether two readings of a handbook are the same, but for the files that are copied.
fn same(one: &Discovered, other: &Discovered) -> bool {
    let (a, b) = (&one.sources, &other.sources);
    same_around(one, other) && a.pages.len() == b.pages.len() && a.pages.iter().zip(&b.pages).all(|(a, b)| same_source(a, b))
}

/// The page that has another text, where nothing else is different.
fn only_text<'r>(one: &Discovered, other: &'r Discovered) -> Option<&'r Arc<Source>> {
    let (a, b) = (&one.sources, &other.sources);
    if a.pages.len() != b.pages.len() || !same_around(one, other) {
        return None;
    }
    let mut different = a.pages.iter().zip(&b.pages).filter(|(a, b)| !same_source(a, b));
    match (different.next(), different.next()) {
        (Some((before, now)), None) if before.path == now.path => Some(now),
        _ => None,
    }
}

/// Whether two readings of a handbook are the same in everything but its pages.
fn same_around(one: &Discovered, other: &Discovered) -> bool {
    let (a, b) = (&one.sources, &other.sources);
    let settings = match (&a.settings, &b.settings) {
        (None, None) => true,
        (Some(a), Some(b)) => same_source(a, b),
        _ => false,
    };
    settings && a.theme == b.theme && a.assets == b.assets && one.findings == other.findings
}

fn same_source(a: &Arc<Source>, b: &Arc<Source>) -> bool {
    Arc::ptr_eq(a, b) || (a.path == b.path && a.text == b.text && a.damaged == b.damaged)
}

/// Rebuilds for as long as there are events and someone to serve.
pub(super) fn keep(mut builder: Builder, mut watch: Watch, send: &Sender<Arc<Snapshot>>, open: &Open, say: &Say) {
    if let Some(first) = &builder.snapshot {
        first.newest().warm();
    }
    while let Some(Batch { changed, heard }) = watch.next(say, &mut |changed| builder.glance(changed)) {
        let before = builder.snapshot.clone();
        let mut shown = None;
        let mut show = |ahead: Arc<Snapshot>| {
            let rendered = render_open(&ahead, open, |file| ahead.is_ahead(file));
            send.send_replace(ahead);
            shown = Some((rendered, heard.elapsed()));
            if rendered > 0 {
                std::thread::sleep(FIRST);
            }
        };
        let Some(next) = builder.next(&changed, &mut show) else { continue };
        let rendered = render_open(&next, open, |_| true);
        // First the new site, then the word that there is one.
        send.send_replace(Arc::clone(&next));
        let (rendered, took) = shown.unwrap_or_else(|| (rendered, heard.elapsed()));
        if let Some(trouble) = next.trouble() {
            say(Word::Warning(format!("cannot compile, so what was served stays: {trouble}")));
            continue;
        }
        if let Some(before) = &before {
            say(Word::Line(told::rebuilt(&next, &named(&changed, next.analysis(), before.analysis()), rendered, took)));
            let new = told::new_findings(before.analysis(), next.analysis(), &builder.report);
            if !new.is_empty() {
                say(Word::Line(new.trim_end().to_owned()));
            }
        }
        // The last snapshot goes here and not in whoever answers a request.
        drop(before);
        next.newest().warm();
    }
}

/// Renders those of the pages that browsers show, before they ask. Gives how many pages that are.
fn render_open(snapshot: &Snapshot, open: &Open, is_among: impl Fn(&str) -> bool) -> usize {
    let files = open.paths().into_iter().filter_map(|path| if let Found::File(file) = snapshot.find(&path) { Some(file) } else { None });
    let pages: Vec<_> = files.filter(|file| is_among(file)).map(|file| snapshot.page(Some(&file))).collect();
    pages.len()
}

/// A change in a few words: the files of the handbook among its paths. Editors write files of their own beside the one that is saved.
fn named(changed: &Changed, now: &Analysis, before: &Analysis) -> String {
    let Changed::Paths(paths) = changed else { return "files".to_owned() };
    let is_known = |analysis: &Analysis, path: &str| {
        let sources = &analysis.sources;
        sources.get(&PagePath::new(path)).is_some()
            || sources.assets.iter().any(|asset| asset.as_str() == path)
            || path.starts_with("themes/")
    };
    let files: Vec<&String> = paths.iter().filter(|path| is_known(now, path) || is_known(before, path)).collect();
    match files.as_slice() {
        [] => "files".to_owned(),
        [one] => shown(one),
        [first, others @ ..] => format!("{} and {} more", shown(first), others.len()),
    }
}

fn shown(path: &str) -> String {
    path.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}
