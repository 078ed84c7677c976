//! One leaflet per command: its arguments and a `run` of a few lines. No logic lives here; this is the only room that prints.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod baseline;
mod before;
mod build;
mod check;
mod completions;
mod diff;
mod explain;
mod export;
mod fix;
mod impact;
mod import;
mod init;
mod making;
mod new;
mod outside;
mod print;
mod publish;
mod serve;
mod stages;
mod stamp;
mod workflow;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

/// A compiler for processes: Markdown pages with declared failure modes in, a handbook site with every missing failure path out.
#[derive(Parser)]
#[command(name = "forewarn", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Begin with `forewarn init`, then `forewarn check` and `forewarn build`.")]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Args, Clone)]
pub struct Global {
    /// The folder of the handbook, which holds `content/`
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The day of this run, YYYY-MM-DD [default: SOURCE_DATE_EPOCH, else today in UTC]
    #[arg(long, global = true, value_name = "DATE")]
    today: Option<Date>,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// Say only what is asked for
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more: infos, stages and their times
    #[arg(short, long, global = true)]
    verbose: bool,
}

/// When to colour.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Subcommand)]
enum Command {
    /// Make a starter handbook that builds, passes `check` and teaches the format
    Init(init::Init),
    /// Make a forewarn handbook of one that another tool made, or failure blocks of an FMEA table
    ///
    /// A folder is recognised by its configuration. Front matter becomes TOML, the navigation becomes `order`, boxes become alerts, links
    /// become relative paths, and nothing is lost: every file is a page, a copied file, or a line in import-report.md, which lies beside
    /// `content/` and names every link that leads nowhere. The source is never written to, and the same source gives the same bytes.
    /// A .csv file is printed as failure blocks; rows that cannot be read are named on stderr, and the exit code is then 1.
    Import(import::Import),
    /// Make a skeleton page, or one for every role and system that is referred to and not declared
    New(new::New),
    /// Set the date of one drill or review to today
    Stamp(stamp::Stamp),
    /// Find the holes: everything that has no answer to "what if this fails?"
    Check(check::Check),
    /// Say what changed in failure paths since a git revision
    Diff(diff::Diff),
    /// Print the page of a rule, or list all rules
    Explain(explain::Explain),
    /// Check, render and write the site
    ///
    /// From the second build on it names the pages that were added, changed and removed, and anchors that are gone though other pages linked
    /// to them. With `offline_copy = true` in forewarn.toml it also writes handbook.zip, which works unpacked, without a server.
    Build(build::Build),
    /// Edit with the handbook open in a browser: it shows each change as soon as a file is saved
    Serve(serve::Serve),
    /// Check, build afresh and push the site to a branch
    ///
    /// The site is made from the files as they are now, not from the output folder of `build`. It becomes one commit on top of what the branch
    /// holds at the remote, and that commit names the one that is checked out. Work tree, index and branches of this clone stay as they are.
    /// Nothing is ever forced: where somebody else pushes meanwhile, the site is put on top of theirs, or the command says why not and exits
    /// with 2. `CNAME` and files that forewarn did not write are kept. Where the branch holds the site already, nothing is pushed, and that is
    /// fine.
    Publish(publish::Publish),
    /// Show what breaks when a system, role, step or process fails, and the way back
    Impact(impact::Impact),
    /// Print the model, the register of failure modes, the calendar of what comes due, or the schema
    Export(export::Export),
    /// Print completions for a shell
    Completions(completions::Completions),
}

/// Runs the command line of this process and says what went wrong. Findings are an exit code; errors are the machine's, or the caller's.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(remember_panic));
    match std::panic::catch_unwind(run) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => failed(&error),
        Err(_) => {
            let place = PANIC.lock().ok().and_then(|place| place.clone()).unwrap_or_default();
            print::complain(&format!("error: forewarn failed inside{place}; this is a fault of forewarn, please report it"));
            ExitCode::from(2)
        }
    }
}

/// Where the last panic was. A panic inside a page becomes a finding of that page and is not spoken of.
static PANIC: std::sync::Mutex<Option<String>> = std::sync::Mutex::new(None);

fn remember_panic(info: &std::panic::PanicHookInfo<'_>) {
    if let (Ok(mut last), Some(location)) = (PANIC.lock(), info.location()) {
        *last = Some(format!(" at {}:{}", location.file(), location.line()));
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    if let Some(interrupted) = error.downcast_ref::<crate::emit::Interrupted>() {
        return ExitCode::from(interrupted.exit_code());
    }
    print::complain(&format!("error: {error:#}"));
    ExitCode::from(2)
}

fn run() -> anyhow::Result<ExitCode> {
    let Cli { global, command } = Cli::parse();
    match command {
        Command::Init(init) => init.run(&global),
        Command::Import(import) => import.run(&global),
        Command::New(new) => new.run(&global),
        Command::Stamp(stamp) => stamp.run(&global),
        Command::Check(check) => check.run(&global),
        Command::Diff(diff) => diff.run(&global),
        Command::Explain(explain) => explain.run(&global),
        Command::Build(build) => build.run(&global),
        Command::Serve(serve) => serve.run(&global),
        Command::Publish(publish) => publish.run(&global),
        Command::Impact(impact) => impact.run(&global),
        Command::Export(export) => export.run(&global),
        Command::Completions(completions) => completions.run(),
    }
}
