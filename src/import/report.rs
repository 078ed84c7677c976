//! What an import tells: what was changed, what could not be, which links lead nowhere, and what became of every file.
//!
//! In: what the stages noted. Out: the whole of it as a Markdown page, and a few lines for a terminal. Absent: printing, writing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::links::Broken;
use super::told::Change;

/// A line of a file of the source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, from the root of the source.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.path, self.line)
    }
}

/// Everything that is told of an import. All lists are in a stable order.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What made the source, and the file that says so.
    pub tool: &'static str,
    /// The file that says so.
    pub config: Option<String>,
    /// Pages: the file of the source, and the page of the handbook.
    pub pages: Vec<(String, String)>,
    /// Files that were copied: the file of the source, and of the handbook.
    pub files: Vec<(String, String)>,
    /// Pages that were made for folders that had none.
    pub made: Vec<String>,
    /// Files that were left out, and why.
    pub left_out: Vec<(String, String)>,
    /// Links that lead nowhere, by why and target, with all their places.
    pub broken: BTreeMap<(Broken, String), BTreeSet<Place>>,
    /// What was changed, by kind.
    pub changes: BTreeMap<Change, Vec<(Place, String)>>,
    /// What stays as it was, by what it is.
    pub kept: BTreeMap<String, BTreeSet<Place>>,
    /// What whoever goes on should know.
    pub notes: Vec<String>,
    /// Rules whose findings are warnings until the handbook is mended.
    pub lowered: Vec<&'static str>,
    /// Proposals for pages that look like processes: the page, and the proposal.
    pub proposals: Vec<(String, String)>,
}

/// How many broken targets a terminal shows.
const SHOWN: usize = 10;
/// How many places stand behind one target there, and behind one change in the page.
const PLACES: usize = 3;

fn counted(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

impl Broken {
    /// What the report calls such links.
    fn name(self) -> &'static str {
        match self {
            Broken::Target => "no such page or file",
            Broken::Anchor => "no such place on the page",
            Broken::LeftOut => "the file was left out",
        }
    }
}

impl Report {
    /// How many links lead nowhere.
    pub fn broken_links(&self) -> usize {
        self.broken.values().map(BTreeSet::len).sum()
    }

    /// A few lines: what came in, what to look at first.
    pub fn summary(&self) -> String {
        let mut out = String::new();
        let from = self.config.as_ref().map(|config| format!(" (`{config}`)")).unwrap_or_default();
        let _ = writeln!(
            out,
            "from {}{from}: {}, {} copied, {} left out",
            self.tool,
            counted(self.pages.len(), "page", "pages"),
            counted(self.files.len(), "file", "files"),
            self.left_out.len()
        );
        for (change, places) in &self.changes {
            let _ = writeln!(out, "  {}: {}", change.name(), places.len());
        }
        if !self.made.is_empty() {
            let _ = writeln!(out, "  pages made for folders that had none: {}", self.made.len());
        }
        let renamed = self.renamed().count();
        if renamed > 0 {
            let _ = writeln!(out, "  files with another name: {renamed}");
        }
        if !self.kept.is_empty() {
            let _ = writeln!(out, "  left as it was, to be looked at: {}", self.kept.values().map(BTreeSet::len).sum::<usize>());
        }
        if !self.proposals.is_empty() {
            let _ = writeln!(out, "  pages that look like processes, each with a proposal beside it: {}", self.proposals.len());
        }
        if !self.broken.is_empty() {
            let links = counted(self.broken_links(), "link leads", "links lead");
            let _ = writeln!(out, "{links} nowhere, to {}:", counted(self.broken.len(), "target", "targets"));
            let mut targets: Vec<_> = self.broken.iter().collect();
            targets.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
            for ((why, target), places) in targets.iter().take(SHOWN) {
                let _ = writeln!(out, "  {target} ({}): {}", why.name(), some(places.iter(), PLACES));
            }
            if targets.len() > SHOWN {
                let _ = writeln!(out, "  and {} more", targets.len() - SHOWN);
            }
        }
        out
    }

    /// The whole report as a page.
    pub fn page(&self) -> String {
        let mut out = String::from("# Import report\n\n");
        let from = self.config.as_ref().map(|config| format!(", by `{config}`")).unwrap_or_default();
        let _ = writeln!(
            out,
            "Made from {}{from}: {}, {}. Paths on the left are those of the source. This file is no page of the handbook: delete it when you are done.\n",
            self.tool,
            counted(self.pages.len(), "page", "pages"),
            counted(self.files.len(), "copied file", "copied files"),
        );
        self.broken_part(&mut out);
        self.notes_part(&mut out);
        if !self.kept.is_empty() {
            out.push_str("## Left as it was\n\nNobody but the other tool knows what these mean. They are shown as text.\n\n");
            for (what, places) in &self.kept {
                let _ = writeln!(out, "- {}: {}", code(what), some(places.iter(), usize::MAX));
            }
            out.push('\n');
        }
        if !self.changes.is_empty() {
            out.push_str("## Changed\n\n");
            for (change, places) in &self.changes {
                let _ = writeln!(out, "- {}: {}", change.name(), places.len());
                let mut by_file: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
                places.iter().for_each(|(place, _)| by_file.entry(&place.path).or_default().push(place.line));
                for (path, mut lines) in by_file {
                    lines.sort_unstable();
                    lines.dedup();
                    let lines = lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                    let _ = writeln!(out, "  - {}: {lines}", code(path));
                }
            }
            out.push('\n');
        }
        list(
            &mut out,
            "## Proposals",
            "Pages that look like processes, each with a proposal beside it that is no page yet. Edit it, then put it in the page's place.",
            &self.proposals,
        );
        let renamed: Vec<(String, String)> = self.renamed().cloned().collect();
        list(&mut out, "## Other names", "", &renamed);
        if !self.made.is_empty() {
            out.push_str("## Made\n\nA section takes its name and place from its page, so folders without one got one.\n\n");
            for path in &self.made {
                let _ = writeln!(out, "- {}", code(path));
            }
            out.push('\n');
        }
        if !self.left_out.is_empty() {
            out.push_str("## Left out\n\n");
            for (path, why) in &self.left_out {
                let _ = writeln!(out, "- {}: {why}", code(path));
            }
            out.push('\n');
        }
        list(&mut out, "## Pages", "", &self.pages);
        list(&mut out, "## Copied files", "", &self.files);
        while out.ends_with("\n\n") {
            out.pop();
        }
        out
    }

    fn broken_part(&self, out: &mut String) {
        let parts = [
            (Broken::Target, "## Links to nothing", "These were broken in the source, too. They stand as they were."),
            (Broken::Anchor, "## Links to places that are not there", "The page is there, and no heading on it has that anchor."),
            (Broken::LeftOut, "## Links to files that were left out", "The file exists in the source and is no part of the handbook."),
        ];
        for (why, heading, words) in parts {
            let of_kind: Vec<_> = self.broken.iter().filter(|((kind, _), _)| *kind == why).collect();
            if of_kind.is_empty() {
                continue;
            }
            let _ = writeln!(out, "{heading}\n\n{words}\n");
            for ((_, target), places) in of_kind {
                let _ = writeln!(out, "- {}: {}", code(target), some(places.iter(), usize::MAX));
            }
            out.push('\n');
        }
    }

    fn notes_part(&self, out: &mut String) {
        if self.notes.is_empty() && self.lowered.is_empty() {
            return;
        }
        out.push_str("## To look at\n\n");
        for note in &self.notes {
            let _ = writeln!(out, "- {note}");
        }
        for rule in &self.lowered {
            let _ = writeln!(
                out,
                "- `{rule}` is a warning in `forewarn.toml`, so that the handbook builds as it is. `forewarn check --only {rule}` shows the places; delete that line when they are mended."
            );
        }
        out.push('\n');
    }

    /// Pages and files whose path changed in more than the folder that all lie in, and its ending.
    fn renamed(&self) -> impl Iterator<Item = &(String, String)> {
        let all = self.pages.iter().chain(&self.files);
        all.filter(|(old, new)| {
            let new = new.strip_prefix("content/").unwrap_or(new);
            !(old == new || old.ends_with(&format!("/{new}")))
        })
    }
}

/// Text in backticks, whatever it holds.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest > 0 { format!("{fence} {text} {fence}") } else { format!("`{text}`") }
}

fn some<'p>(places: impl ExactSizeIterator<Item = &'p Place>, at_most: usize) -> String {
    let more = places.len().saturating_sub(at_most);
    let mut shown: Vec<String> = places.take(at_most).map(ToString::to_string).collect();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}

fn list(out: &mut String, heading: &str, words: &str, rows: &[(String, String)]) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(out, "{heading}\n");
    if !words.is_empty() {
        let _ = writeln!(out, "{words}\n");
    }
    for (old, new) in rows {
        let _ = writeln!(out, "- {} → {}", code(old), code(new));
    }
    out.push('\n');
}
