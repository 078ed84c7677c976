//! `forewarn import`: a handbook that another tool made, or a table of failure modes, into forewarn's own form.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;

use crate::containment::{named, nearest_real};
use crate::discover;
use crate::emit::author::{self, New};
use crate::import::{self, Content, Import as Imported, Suggest, fmea};

use super::{Global, print};

/// Make a forewarn handbook of one that another tool made, or failure blocks of a table.
#[derive(Args)]
pub(super) struct Import {
    /// A folder: MkDocs, mdBook, GitBook, Hugo, Jekyll, Docusaurus, Starlight, VitePress, or plain Markdown; or an FMEA table as .csv
    #[arg(value_name = "DIR|FILE.csv")]
    source: PathBuf,
    /// The folder of the new handbook, which must be empty or not exist [default: beside DIR, with `-handbook` after its name]
    #[arg(long, value_name = "NEW")]
    out: Option<PathBuf>,
    /// With a proposal beside each page that looks like a process
    #[arg(long)]
    suggest: bool,
}

impl Import {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        if self.source.is_file() {
            return self.table(global);
        }
        let out = match self.out.clone().or_else(|| global.root.clone()) {
            Some(out) => out,
            None => beside(&self.source)?,
        };
        let source = self.source.canonicalize().with_context(|| format!("cannot find {}", named(&self.source)))?;
        if nearest_real(&out)?.starts_with(&source) {
            bail!("{} lies in {}, which is never written to; give another folder with `--out`", named(&out), named(&self.source));
        }
        if self.source.join(crate::settings::FILE).exists() {
            bail!("{} is a forewarn handbook already", named(&self.source));
        }
        author::vet(&out)?;
        let suggest = if self.suggest { Suggest::Processes } else { Suggest::Nothing };
        let Imported { files, report } = import::import(&discover::foreign(&self.source)?, suggest);
        if report.pages.is_empty() {
            bail!("{} holds no Markdown page that could be imported", named(&self.source));
        }
        let new: Vec<New<'_>> = files
            .iter()
            .map(|(path, content)| match content {
                Content::Text(text) => New { path, bytes: Box::new(|| Ok(text.clone().into_bytes())) },
                Content::Copy(from) => New { path, bytes: Box::new(|| discover::read_foreign(&self.source, from)) },
            })
            .collect();
        author::create_whole(&out, &new)?;
        print::result(&report.summary())?;
        print::say(
            global,
            &format!("a handbook stands in {}; what became of every file is in {}", named(&out), named(&out.join(import::REPORT))),
        );
        print::say(global, &format!("next: cd {} && forewarn check && forewarn build", out.display()));
        Ok(ExitCode::SUCCESS)
    }

    /// Prints the failure blocks of a table.
    fn table(&self, global: &Global) -> anyhow::Result<ExitCode> {
        if self.out.is_some() || self.suggest {
            bail!("failure blocks are printed: `--out` and `--suggest` are for a folder");
        }
        let is_table =
            self.source.extension().is_some_and(|ending| ["csv", "tsv", "txt"].iter().any(|known| ending.eq_ignore_ascii_case(known)));
        if !is_table {
            bail!("{} is neither a folder nor a .csv file", named(&self.source));
        }
        let blocks = fmea::blocks(&discover::read_table(&self.source)?).with_context(|| format!("cannot read {}", named(&self.source)))?;
        print::result(&blocks.text)?;
        for (line, fault) in &blocks.faults {
            print::complain(&format!("{}:{line}: {fault}", self.source.display()));
        }
        print::say(
            global,
            &format!(
                "{} failure block{}; paste them into the process, then run `forewarn check`",
                blocks.count,
                if blocks.count == 1 { "" } else { "s" }
            ),
        );
        Ok(if blocks.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

/// The folder of a new handbook where none is given.
fn beside(source: &Path) -> anyhow::Result<PathBuf> {
    let real = source.canonicalize().with_context(|| format!("cannot find {}", named(source)))?;
    let name = real.file_name().with_context(|| format!("{} has no name; give the new folder with `--out`", named(source)))?;
    let mut name = name.to_owned();
    name.push("-handbook");
    Ok(match source.file_name() {
        Some(_) => source.with_file_name(name),
        None => real.with_file_name(name),
    })
}
