//! `forewarn new`: skeleton pages, and the workflow that publishes on GitHub Pages.

use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, ValueEnum};

use crate::discover;
use crate::emit::author;
use crate::parse::value::PageKind;
use crate::pipeline::analyze;
use crate::starter::{self, NewFile, Wish};

use super::{Global, outside, print, workflow};

/// Make a skeleton page, one for every role and system that is referred to and not declared, or a workflow for GitHub Pages.
#[derive(Args)]
pub(super) struct New {
    /// What the page is
    #[arg(required_unless_present = "missing")]
    kind: Option<KindArg>,
    /// Its title
    #[arg(required_if_eq_any = PAGES.map(|kind| ("kind", kind)))]
    title: Option<String>,
    /// Where it goes, below `content/` [default: the folder of its kind]
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// A page for every role and system that is referred to and not declared
    #[arg(long, conflicts_with_all = ["kind", "title", "path"])]
    missing: bool,
}

/// The kinds of pages, each of which has a title.
const PAGES: [&str; 6] = ["process", "system", "role", "incident", "premortem", "page"];

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
    /// A workflow that checks pull requests and publishes the handbook on GitHub Pages; it has no title
    PagesWorkflow,
}

impl KindArg {
    /// The kind of page, where it is one.
    fn page(self) -> Option<PageKind> {
        match self {
            KindArg::Process => Some(PageKind::Process),
            KindArg::System => Some(PageKind::System),
            KindArg::Role => Some(PageKind::Role),
            KindArg::Incident => Some(PageKind::Incident),
            KindArg::Premortem => Some(PageKind::Premortem),
            KindArg::Page => Some(PageKind::Page),
            KindArg::PagesWorkflow => None,
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
        let files = match (self.kind.map(KindArg::page), self.title) {
            (Some(None), title) => {
                if title.is_some() || self.path.is_some() {
                    bail!("the workflow has neither title nor path of its own: `forewarn new pages-workflow`");
                }
                let workflow = workflow::wanted(&analysis.handbook.settings.branch)?;
                author::create(&root, &texts(std::slice::from_ref(&workflow.file)))?;
                workflow::say(global, &root, &workflow);
                return print::result(&format!("{}\n", workflow.file.path)).map(|()| ExitCode::SUCCESS);
            }
            (Some(Some(kind)), Some(title)) => {
                let wish = Wish { kind, title: &title, path: self.path.as_deref(), today };
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
