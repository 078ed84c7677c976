//! Events of the file system -> what may have changed, once it has been quiet for a moment.
//!
//! Folders are watched, not files, since editors put a new file in the place of the old one: the root for the settings and for `content/`
//! and `themes/` going and coming, and what lies below these two. The output is never watched. Where the system tells of no events, it is
//! looked for changes again and again. Whatever is doubtful (events were lost, a folder is new) means more to be read, never less.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{CreateKind, EventKind, ModifyKind};
use notify::{Config, Event, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use crate::discover::Changed;

use super::{Say, Word};

/// How long it is quiet after a save.
const QUIET: Duration = Duration::from_millis(8);
/// How long it is quiet when very many files change: whoever changes so many is not done yet.
const QUIET_OF_MANY: Duration = Duration::from_millis(60);
/// From how many paths on that is so.
const MANY: usize = 50;
/// The longest wait, however many events keep coming.
const LONGEST: Duration = Duration::from_millis(300);
/// The longest wait when very many files change: half a checkout is of no use to anybody, and a build of it delays the whole.
const LONGEST_OF_MANY: Duration = Duration::from_millis(1_000);
/// A new folder is looked at again after this time: files may have come into it before it was watched.
const AGAIN: Duration = Duration::from_millis(250);
/// How often it is looked for changes where there are no events.
const POLL: Duration = Duration::from_millis(700);
/// Where times of files are coarse, two changes within this time may look like one.
const COARSE: Duration = Duration::from_millis(2_100);

/// How files are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watching {
    /// By events, where there are any.
    Events,
    /// By looking again and again.
    Polling,
    /// As if the system had no watches left, for the test of that case.
    NoneLeft,
}

/// What a watcher has heard.
#[derive(Debug)]
enum Heard {
    /// These paths may be different; a new folder is to be looked at again.
    Paths { paths: Vec<String>, new_folder: bool },
    /// Events were lost.
    Anything,
    /// There will be no more events, and this is why.
    Silence(String),
}

/// What changed, for one rebuild.
pub(super) struct Batch {
    pub(super) changed: Changed,
    /// When the first of it was heard.
    pub(super) heard: Instant,
}

enum Kind {
    Events(RecommendedWatcher),
    Polling(PollWatcher),
}

/// A watched handbook.
pub(super) struct Watch {
    root: PathBuf,
    watcher: Kind,
    heard: Receiver<(Instant, Heard)>,
    tell: Sender<(Instant, Heard)>,
    /// What is looked at again, and when.
    later: Option<(Instant, Changed)>,
}

const FOLDERS: [&str; 2] = ["content", "themes"];

impl Watch {
    /// Watches the handbook in `root`. Errors: the root cannot be found.
    pub(super) fn begin(root: &Path, watching: Watching, say: &Say) -> anyhow::Result<Self> {
        let root = anyhow::Context::with_context(root.canonicalize(), || format!("cannot find {}", crate::containment::named(root)))?;
        let (tell, heard) = channel();
        let native = match watching {
            Watching::Polling => None,
            Watching::NoneLeft => Some(Err("no watches are left (test)".to_owned())),
            Watching::Events => Some(match silent_file_system(&root) {
                Some(kind) => Err(format!("{kind} tells of no changes")),
                None => events(&root, &tell),
            }),
        };
        let watcher = match native {
            Some(Ok(watcher)) => Kind::Events(watcher),
            Some(Err(why)) => {
                say(Word::Warning(polling_because(&why)));
                Kind::Polling(polling(&root, &tell)?)
            }
            None => Kind::Polling(polling(&root, &tell)?),
        };
        // What is polled is told by its time, to the second: a save in the second of the first look would never be seen.
        let polls = matches!(watcher, Kind::Polling(_));
        let later = polls.then(|| (Instant::now() + COARSE, Changed::Everything));
        Ok(Self { root, watcher, heard, tell, later })
    }

    /// Which watcher is active, in words.
    pub(super) fn described(&self) -> String {
        match self.watcher {
            Kind::Events(_) => "content/, themes/ and forewarn.toml by events".to_owned(),
            Kind::Polling(_) => format!("content/, themes/ and forewarn.toml by polling, every {} ms", POLL.as_millis()),
        }
    }

    /// Waits for a change, and until it has been quiet after it. `meanwhile` is called with what changed first, if that is one path: it
    /// may be all. Nothing: there will never be another change.
    pub(super) fn next(&mut self, say: &Say, meanwhile: &mut dyn FnMut(&Changed)) -> Option<Batch> {
        let mut batch = Gathered::default();
        let (began, first) = loop {
            let (when, heard) = match &self.later {
                None => self.heard.recv().ok()?,
                Some((when, _)) => match self.heard.recv_timeout(when.saturating_duration_since(Instant::now())) {
                    Ok(heard) => heard,
                    Err(RecvTimeoutError::Timeout) => {
                        let (_, changed) = self.later.take()?;
                        return Some(Batch { changed, heard: Instant::now() });
                    }
                    Err(RecvTimeoutError::Disconnected) => return None,
                },
            };
            batch.add(heard);
            if !batch.is_empty() {
                // The longest wait begins now: what happened during a rebuild lies ready, and is all taken.
                break (Instant::now(), when);
            }
        };
        let mut last = first;
        if let Some(one) = batch.one_path() {
            meanwhile(&one);
        }
        loop {
            let (quiet, longest) = if batch.paths.len() > MANY { (QUIET_OF_MANY, LONGEST_OF_MANY) } else { (QUIET, LONGEST) };
            let (left, rest) = (longest.saturating_sub(began.elapsed()), quiet.saturating_sub(last.elapsed()));
            if left.is_zero() {
                break;
            }
            // What was heard meanwhile counts from when it happened.
            match self.heard.recv_timeout(rest.min(left)) {
                Ok((when, heard)) => {
                    last = when;
                    batch.add(heard);
                }
                Err(_) => break,
            }
        }
        Some(self.settle(batch, first, say))
    }

    fn settle(&mut self, batch: Gathered, heard: Instant, say: &Say) -> Batch {
        let Gathered { paths, new_folder, anything, silence } = batch;
        let moved: Vec<&str> = FOLDERS.into_iter().filter(|folder| paths.contains(*folder)).collect();
        moved.iter().for_each(|folder| self.renew(folder));
        let mut changed = if anything || !moved.is_empty() { Changed::Everything } else { Changed::Paths(paths) };
        if let Some(why) = silence
            && matches!(self.watcher, Kind::Events(_))
        {
            match polling(&self.root, &self.tell) {
                Ok(watcher) => {
                    say(Word::Warning(polling_because(&why)));
                    self.watcher = Kind::Polling(watcher);
                }
                Err(error) => say(Word::Warning(format!("warning: changes are not seen any more: {why}; {error:#}"))),
            }
            changed = Changed::Everything;
        }
        let polls = matches!(self.watcher, Kind::Polling(_));
        if polls || new_folder || !moved.is_empty() {
            let after = if polls { COARSE } else { AGAIN };
            let waiting = self.later.take().map(|(_, changed)| changed);
            let again = waiting.map_or_else(|| changed.clone(), |waiting| waiting.and(changed.clone()));
            self.later = Some((Instant::now() + after, again));
        }
        Batch { changed, heard }
    }

    /// A folder may be another one than before: the one that has its name now is watched.
    fn renew(&mut self, folder: &str) {
        let path = self.root.join(folder);
        let watcher: &mut dyn Watcher = match &mut self.watcher {
            Kind::Events(watcher) => watcher,
            Kind::Polling(watcher) => watcher,
        };
        let _ = watcher.unwatch(&path);
        if path.is_dir()
            && let Err(error) = watcher.watch(&path, RecursiveMode::Recursive)
            && path.is_dir()
        {
            let _ = self.tell.send((Instant::now(), Heard::Silence(error.to_string())));
        }
    }
}

/// What has been heard since it was last quiet.
#[derive(Default)]
struct Gathered {
    paths: BTreeSet<String>,
    new_folder: bool,
    anything: bool,
    silence: Option<String>,
}

impl Gathered {
    fn add(&mut self, heard: Heard) {
        match heard {
            Heard::Paths { paths, new_folder } => {
                self.new_folder |= new_folder;
                self.paths.extend(paths);
            }
            Heard::Anything => self.anything = true,
            Heard::Silence(why) => self.silence = Some(why),
        }
    }

    /// The change, where it is that of one path.
    fn one_path(&self) -> Option<Changed> {
        let only = self.paths.len() == 1 && !self.anything && !self.new_folder && self.silence.is_none();
        only.then(|| Changed::Paths(self.paths.clone()))
    }

    fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.anything && self.silence.is_none()
    }
}

fn polling_because(why: &str) -> String {
    format!("warning: {why}; files are looked at every {} ms instead", POLL.as_millis())
}

fn events(root: &Path, tell: &Sender<(Instant, Heard)>) -> Result<RecommendedWatcher, String> {
    let handler = handler(root, tell);
    let mut watcher = RecommendedWatcher::new(handler, Config::default()).map_err(|error| reason(&error))?;
    watch_all(&mut watcher, root).map_err(|error| reason(&error))?;
    Ok(watcher)
}

fn polling(root: &Path, tell: &Sender<(Instant, Heard)>) -> anyhow::Result<PollWatcher> {
    let mut watcher = PollWatcher::new(handler(root, tell), Config::default().with_poll_interval(POLL))?;
    watch_all(&mut watcher, root)?;
    Ok(watcher)
}

fn watch_all(watcher: &mut dyn Watcher, root: &Path) -> notify::Result<()> {
    watcher.watch(root, RecursiveMode::NonRecursive)?;
    for folder in FOLDERS.map(|folder| root.join(folder)) {
        if folder.is_dir() {
            watcher.watch(&folder, RecursiveMode::Recursive)?;
        }
    }
    Ok(())
}

fn reason(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => "the system has no watches left (fs.inotify.max_user_watches)".to_owned(),
        _ => format!("files cannot be watched by events ({error})"),
    }
}

fn handler(root: &Path, tell: &Sender<(Instant, Heard)>) -> impl Fn(notify::Result<Event>) + Send + 'static {
    let (root, tell) = (root.to_path_buf(), tell.clone());
    move |event| {
        if let Some(heard) = heard(&root, event) {
            // Nobody listens any more when the program ends.
            let _ = tell.send((Instant::now(), heard));
        }
    }
}

/// What an event means for the handbook in `root`.
fn heard(root: &Path, event: notify::Result<Event>) -> Option<Heard> {
    let event = match event {
        Ok(event) => event,
        Err(error) if matches!(error.kind, notify::ErrorKind::MaxFilesWatch) => return Some(Heard::Silence(reason(&error))),
        // A file that went while it was looked at, and the like.
        Err(_) => return Some(Heard::Anything),
    };
    if event.need_rescan() {
        return Some(Heard::Anything);
    }
    if matches!(event.kind, EventKind::Access(_)) {
        return None;
    }
    let paths: Vec<String> = event.paths.iter().filter_map(|path| relative(root, path)).collect();
    let may_be_folder =
        matches!(event.kind, EventKind::Create(CreateKind::Folder | CreateKind::Any) | EventKind::Modify(ModifyKind::Name(_)));
    let new_folder = may_be_folder && event.paths.iter().any(|path| path.is_dir());
    (!paths.is_empty()).then_some(Heard::Paths { paths, new_folder })
}

/// A path below the root that belongs to the handbook.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let inside = path.strip_prefix(root).ok()?;
    let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let first = parts.first()?;
    let settings = parts.len() == 1 && *first == crate::settings::FILE;
    (settings || FOLDERS.contains(&&**first)).then(|| parts.join("/"))
}

/// The kind of a file system that gives no events for what other machines change.
#[cfg(target_os = "linux")]
fn silent_file_system(root: &Path) -> Option<&'static str> {
    let found = rustix::fs::statfs(root).ok()?;
    // From linux/magic.h.
    // Its type differs from one C library to the next.
    #[allow(clippy::useless_conversion)]
    let kind = i64::try_from(found.f_type).ok()? & 0xFFFF_FFFF;
    Some(match kind {
        0x6969 => "a file system of another machine (NFS)",
        0x517B | 0xFF53_4D42 | 0xFE53_4D42 => "a file system of another machine (SMB)",
        0x0102_1997 => "a file system of another system (9P)",
        0x786F_4256 => "a shared folder of VirtualBox",
        _ => return None,
    })
}

#[cfg(not(target_os = "linux"))]
fn silent_file_system(_root: &Path) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{DataChange, Flag, RemoveKind};

    fn of(kind: EventKind, paths: &[&str]) -> Option<Heard> {
        let event = paths.iter().fold(Event::new(kind), |event, path| event.add_path(PathBuf::from(path)));
        heard(Path::new("/h"), Ok(event))
    }

    #[test]
    fn only_what_belongs_to_the_handbook_is_heard() {
        let modify = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let Some(Heard::Paths { paths, .. }) = of(modify, &["/h/content/a.md", "/h/public/a/index.html"]) else { panic!("nothing") };
        assert_eq!(paths, ["content/a.md"]);
        assert!(of(modify, &["/h/public/index.html"]).is_none());
        assert!(of(modify, &["/h/content.md"]).is_none() && of(modify, &["/h"]).is_none() && of(modify, &["/x/content/a"]).is_none());
        assert!(of(EventKind::Remove(RemoveKind::Folder), &["/h/content"]).is_some());
        assert!(of(EventKind::Access(notify::event::AccessKind::Read), &["/h/content/a.md"]).is_none());
    }

    #[test]
    fn lost_events_mean_that_anything_may_have_changed() {
        let event = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert!(matches!(heard(Path::new("/h"), Ok(event)), Some(Heard::Anything)));
        let full = notify::Error::new(notify::ErrorKind::MaxFilesWatch);
        assert!(matches!(heard(Path::new("/h"), Err(full)), Some(Heard::Silence(_))));
    }
}
