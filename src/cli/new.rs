//! `forewarn new`: skeleton pages.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::discover;
use crate::emit::author;
use crate::parse::value::PageKind;
use crate::pipeline::analyze;
use crate::starter::{self, NewFile, Wish};

use super::{Global, outside, print};

/// Make a skeleton page, or one for every role and system that is referred to and not declared.
#[derive(Args)]
pub(super) struct New {
    /// What the page is
    #[arg(required_unless_present = "missing")]
    kind: Option<KindArg>,
    /// Its title
    #[arg(required_unless_present = "missing")]
    title: Option<String>,
    /// Where it goes, below `content/` [default: the folder of its kind]
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// A page for every role and system that is referred to and not declared
    #[arg(long, conflicts_with_all = ["kind", "title", "path"])]
    missing: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArg {
    /// Something a team does
    Process,
    /// Something that steps use
    System,
    /// Somebody who does steps
    Role,
    /// Something that happened
    Incident,
    /// A record of a pre-mortem session
    Premortem,
    /// Prose
    Page,
}

impl From<KindArg> for PageKind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Process => PageKind::Process,
            KindArg::System => PageKind::System,
            KindArg::Role => PageKind::Role,
            KindArg::Incident => PageKind::Incident,
            KindArg::Premortem => PageKind::Premortem,
            KindArg::Page => PageKind::Page,
        }
    }
}

/// Paths and texts, as the writer wants them.
pub(super) fn texts(files: &[NewFile]) -> Vec<(&str, &str)> {
    files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect()
}

impl New {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        let root = discover::root(global.root.as_deref())?;
        let run = outside::run(global, true)?;
        let today = run.today;
        let analysis = analyze(discover::discover(&root)?, run);
        let files = match (self.kind, self.title) {
            (Some(kind), Some(title)) => {
                let wish = Wish { kind: kind.into(), title: &title, path: self.path.as_deref(), today };
                vec![starter::new_page(wish, &analysis.handbook)?]
            }
            _ => {
                let stubs = starter::missing(&analysis);
                stubs
                    .refused
                    .iter()
                    .for_each(|refused| print::say(global, &format!("note: no page for `{}`: {}", refused.id, refused.why)));
                stubs.files
            }
        };
        author::create(&root, &texts(&files))?;
        if files.is_empty() {
            print::say(global, "nothing is missing: every role and system that is referred to is declared");
        }
        let lines: String = files.iter().map(|file| format!("{}\n", file.path)).collect();
        print::result(&lines)?;
        Ok(ExitCode::SUCCESS)
    }
}
