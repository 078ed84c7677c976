//! A folder of Markdown that no tool made: as GitHub shows it.

use crate::discover::Foreign;

use super::{Layout, Tool};

/// The layout of any folder: the folder itself, or its `docs/` where nothing but a front page stands beside it.
pub(super) fn layout(_: &Foreign) -> Layout {
    let mut layout = Layout::new(Tool::Plain, "");
    layout.apart.push(("node_modules/".to_owned(), "packages of other programs"));
    layout
}
