//! A folder of Markdown that no tool made: as GitHub shows it.

use crate::discover::Foreign;

use super::{Layout, Tool};

/// The layout of any folder: its pages are those of the folder itself, and links lead to files.
pub(super) fn layout(_: &Foreign) -> Layout {
    Layout::new(Tool::Plain, "")
}
