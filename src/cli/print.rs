//! Printing: results to stdout, words about the run to stderr. A closed pipe is no error.

use std::io::{ErrorKind, IsTerminal, Write};

use super::{Color, Global};

/// Prints a result.
pub(super) fn result(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(anyhow::Error::new(error).context("cannot print")),
        _ => Ok(()),
    }
}

/// Says something about the run, unless it is to be quiet.
pub(super) fn say(global: &Global, text: &str) {
    if !global.quiet {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}

/// Says what went wrong, on one line.
pub(super) fn complain(text: &str) {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Whether the result is coloured.
pub(super) fn coloured(global: &Global) -> bool {
    match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}
