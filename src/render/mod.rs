//! Handbook + Theme -> [`Site`]: the plan of every output, as a path and a pure function that gives its bytes.

use crate::source::PagePath;

/// One file of the site: where it goes, what it was made from, and how its bytes come about.
pub struct Output<'h> {
    /// Relative to the output folder, `/` between parts: `deploy/index.html`.
    pub path: String,
    /// The file that it comes from, where there is one.
    pub source: Option<PagePath>,
    /// Gives the bytes; called at most once per build.
    pub bytes: Box<dyn Fn() -> anyhow::Result<Vec<u8>> + Send + Sync + 'h>,
}

/// The plan of the whole output.
#[derive(Default)]
pub struct Site<'h> {
    /// Every file, sorted by path, no two equal.
    pub outputs: Vec<Output<'h>>,
}
