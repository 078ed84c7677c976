//! `forewarn serve`: live editing, from memory.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::discover;
use crate::report::Options;
use crate::serve::{self, Say, Serve as Server, Watching, Word};

use super::{Global, outside, print};

/// Edit with the handbook open in a browser: it shows each change as soon as a file is saved.
#[derive(Args)]
pub(super) struct Serve {
    /// The port to listen on [default: 8017, or the next free one]
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// The name or address to listen on; anything but this machine's own lets others read the handbook
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    host: String,
    /// Open the handbook in the browser
    #[arg(long)]
    open: bool,
    /// Look for changes again and again, for folders that tell of none, such as network mounts
    #[arg(long)]
    poll: bool,
    /// Serve below a path, as GitHub Pages does for a repository
    #[arg(long, value_name = "PATH", default_value = "/", value_parser = serve::base_path)]
    base_path: String,
    /// Show drafts as well
    #[arg(long)]
    drafts: bool,
}

impl Serve {
    /// Runs the command.
    pub(super) fn run(self, global: &Global) -> anyhow::Result<ExitCode> {
        let root = discover::root(global.root.as_deref())?;
        let no_watches = std::env::var_os("FOREWARN_TEST_NO_WATCHES").is_some();
        let watching = match () {
            () if self.poll => Watching::Polling,
            () if no_watches => Watching::NoneLeft,
            () => Watching::Events,
        };
        let say: Say = {
            let quiet = global.quiet;
            Arc::new(move |word| say(quiet, &word))
        };
        let (global_of_runs, drafts) = (global.clone(), self.drafts);
        outside::run(global, drafts)?;
        let report = Options { coloured: print::coloured(global), verbose: global.verbose, ..Options::default() };
        let server = Server {
            root,
            run: Box::new(move || outside::run(&global_of_runs, drafts)),
            asked: outside::asked(None),
            report,
            host: self.host,
            port: self.port,
            base: self.base_path,
            watching,
            ready: if self.open { Box::new(open) } else { Box::new(|_| {}) },
        };
        serve::serve(server, &say)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn open(address: &str) {
    if let Err(error) = open::that_detached(address) {
        print::complain(&format!("warning: cannot open a browser ({error}); the address is {address}"));
    }
}

fn say(quiet: bool, word: &Word) {
    let said = match word {
        Word::Line(text) => {
            let mut out = std::io::stdout().lock();
            writeln!(out, "{text}").and_then(|()| out.flush())
        }
        Word::Warning(_) if quiet => Ok(()),
        Word::Warning(text) => writeln!(std::io::stderr().lock(), "{text}"),
    };
    // Whoever started this may have gone, and the browser is still there.
    drop(said.or_else(|error| if error.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }));
}
