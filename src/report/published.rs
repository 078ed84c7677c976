//! What a publish did to its branch, in a few lines.

use crate::git::short;
use crate::pipeline::Analysis;
use crate::publish::{Outcome, Published, State, Target};

use super::escape;
use super::summary::{Summary, counted};

/// How many paths of each kind are listed, unless all are wanted. Of a new branch none is: it would be the whole site.
const LISTED: usize = 20;

/// How much a telling lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The first paths of each kind.
    Some,
    /// Every path.
    All,
}

/// The lines that end a publish: what went where, what changed there, where it is to be read, and the summary of the findings.
pub fn published(analysis: &Analysis, published: &Published, target: &Target<'_>, detail: Detail, seconds: f64) -> String {
    let place = escape::line(&format!("`{}` of `{}` ({})", target.branch, target.remote.name, target.remote.address)).into_owned();
    let with = if target.source.state == State::Changed { " with uncommitted changes" } else { "" };
    let source = format!("{}{with}", short(&target.source.commit));
    let mut text = match &published.outcome {
        Outcome::Nothing => format!("nothing to publish: {place} holds this site already\n"),
        Outcome::Pushed(commit) => format!("published {source} to {place} as {}{}\n", short(commit), changes(published)),
        Outcome::Told => {
            format!("would publish {source} to {place}{}\n{}nothing was pushed\n", changes(published), listed(published, detail))
        }
    };
    if let (Outcome::Pushed(_), Some(base_url)) = (&published.outcome, &analysis.handbook.settings.base_url) {
        text.push_str(&format!("to be read at {base_url} as soon as the host has taken it\n"));
    }
    let findings: Vec<_> = analysis.findings.iter().collect();
    text + &Summary::of(analysis, &findings).line(&[], seconds) + "\n"
}

fn changes(published: &Published) -> String {
    let Published { added, changed, removed, unchanged, .. } = published;
    if published.new_branch {
        return format!(", a new branch: {}", counted(added.len(), "file"));
    }
    let counts = [("added", added.len()), ("changed", changed.len()), ("removed", removed.len()), ("as before", *unchanged)];
    let counts: Vec<String> = counts.iter().filter(|(_, count)| *count > 0).map(|(what, count)| format!("{count} {what}")).collect();
    format!(": {}", counts.join(", "))
}

fn listed(published: &Published, detail: Detail) -> String {
    let mut text = String::new();
    for (mark, paths) in [('+', &published.added), ('~', &published.changed), ('-', &published.removed)] {
        let shown = match detail {
            Detail::All => paths.len(),
            Detail::Some if published.new_branch => 0,
            Detail::Some => paths.len().min(LISTED),
        };
        paths[..shown].iter().for_each(|path| text.push_str(&format!("  {mark} {}\n", escape::line(path))));
        if shown < paths.len() {
            let (and, more) = if shown == 0 { ("", "") } else { ("and ", "more ") };
            text.push_str(&format!("  {mark} {and}{} {more}files, which `-v` lists\n", paths.len() - shown));
        }
    }
    text
}
