//! `forewarn init`: a starter handbook.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use crate::containment::named;
use crate::emit::author;
use crate::starter::{self, Init as Wanted};

use super::{Global, new, outside, print, workflow};

/// The branch that is published, which a new handbook does not say otherwise.
const BRANCH: &str = "main";

/// Make a starter handbook that builds, passes `check` and teaches the format.
#[derive(Args)]
pub(super) struct Init {
    /// Where [default: here]
    dir: Option<PathBuf>,
    /// What the handbook is called
    #[arg(long)]
    title: Option<String>,
    /// With a workflow that checks pull requests and publishes the handbook on GitHub Pages
    #[arg(long)]
    github_pages: bool,
}

impl Init {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        let dir = self.dir.or_else(|| global.root.clone()).unwrap_or_else(|| PathBuf::from("."));
        if self.github_pages && dir.join(crate::settings::FILE).exists() {
            bail!("{} is a handbook already: `forewarn new pages-workflow` writes the workflow for it", named(&dir));
        }
        let workflow = self.github_pages.then(|| workflow::wanted(BRANCH)).transpose()?;
        let mut files = starter::init(Wanted { title: self.title.as_deref(), today: outside::today(global.today)? });
        files.extend(workflow.iter().map(|workflow| workflow.file.clone()));
        let keeps = |path: &str| path == ".gitignore" && dir.join(path).exists();
        let (kept, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| keeps(&file.path));
        author::create(&dir, &new::texts(&files))?;
        if !kept.is_empty() {
            print::say(global, "note: your `.gitignore` stays as it is; add `/public` to it");
        }
        print::say(global, &format!("a handbook of {} files stands in {}", files.len(), named(&dir)));
        if let Some(workflow) = &workflow {
            workflow::say(global, &dir, workflow);
        }
        let go = if dir.as_os_str() == "." { String::new() } else { format!("cd {} && ", dir.display()) };
        print::say(global, &format!("next: {go}forewarn check && forewarn build"));
        Ok(ExitCode::SUCCESS)
    }
}
