//! Where a handbook comes from: the repository's remote, and when each page was last changed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::source::PagePath;

use super::command::{Git, without_credentials};

/// What git knows of the folder of a handbook. Where git is not installed, where there is no repository and where nothing is committed, it
/// knows nothing, and that is no fault.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The last changes.
    pub history: History,
    /// The path of the handbook in its repository, with a closing `/`, or empty.
    pub folder: String,
    /// The address of the remote `origin` as it is configured, without credentials.
    pub remote: Option<String>,
}

/// When pages were last changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum History {
    /// Nothing is known.
    #[default]
    Unknown,
    /// The clone holds only the newest commits, so that it cannot be told what an older one changed.
    Shallow,
    /// The day of the newest commit that changed each file, in UTC; files that were never committed are left out.
    Known(BTreeMap<PagePath, Date>),
}

/// Stands before the time of a commit, where a path never begins.
const COMMIT: u8 = 1;

impl Provenance {
    /// Of the handbook in a folder; `files` are those whose last change is asked for. The history is read in one go, newest commit first,
    /// and no further than needed.
    pub fn of<'p>(folder: &Path, files: impl Iterator<Item = &'p PagePath>) -> Self {
        let git = Git { folder };
        let Some((prefix, shallow)) = repository(git) else { return Self::default() };
        let history = if shallow { History::Shallow } else { history(git, files).unwrap_or_default() };
        Self { history, folder: prefix, remote: remote(git) }
    }
}

/// The path of the folder in its repository, and whether that is shallow.
fn repository(git: Git<'_>) -> Option<(String, bool)> {
    let answer = git.ask(["rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-prefix"]).ok()?;
    let out = String::from_utf8(answer.out).ok().filter(|_| answer.success)?;
    let mut lines = out.lines();
    if lines.next() != Some("true") {
        return None;
    }
    let shallow = lines.next() == Some("true");
    Some((lines.next().unwrap_or_default().to_owned(), shallow))
}

/// The remote as it stands in the configuration, before any rewriting that is set up on this machine alone.
fn remote(git: Git<'_>) -> Option<String> {
    let answer = git.ask(["config", "--get", "remote.origin.url"]).ok()?;
    let out = String::from_utf8(answer.out).ok().filter(|_| answer.success)?;
    Some(without_credentials(out.trim())).filter(|url| !url.is_empty())
}

/// The newest commit of each file.
fn history<'p>(git: Git<'_>, files: impl Iterator<Item = &'p PagePath>) -> Option<History> {
    let mut wanted: BTreeSet<&PagePath> = files.collect();
    let arguments =
        ["log", "-c", "-z", "--format=%x01%ct", "--name-only", "--relative", "--no-renames", "--no-color", "--no-show-signature"];
    let mut child = git.start(arguments.into_iter().chain(["HEAD", "--", "content"])).ok()?;
    let mut known = BTreeMap::new();
    let mut day = None;
    if let Some(out) = child.stdout.take() {
        for piece in BufReader::with_capacity(1 << 16, out).split(0).map_while(Result::ok) {
            if let Some(seconds) = piece.strip_prefix(&[COMMIT]) {
                day = date(seconds);
            } else if let (Some(day), Ok(path)) = (day, std::str::from_utf8(piece.strip_prefix(b"\n").unwrap_or(&piece))) {
                let path = PagePath::new(path);
                if wanted.remove(&path) {
                    known.insert(path, day);
                }
            }
            if wanted.is_empty() {
                break;
            }
        }
    }
    // What it would still say is not needed; where it could not begin, nothing is known.
    let cut = wanted.is_empty();
    if cut {
        let _ = child.kill();
    }
    let ended = child.wait().ok()?;
    (cut || ended.success()).then_some(History::Known(known))
}

fn date(seconds: &[u8]) -> Option<Date> {
    let seconds = std::str::from_utf8(seconds).ok()?.trim().parse().ok()?;
    Some(Timestamp::from_second(seconds).ok()?.to_zoned(TimeZone::UTC).date())
}
