//! One page of text -> [`Document`]: the facts, the steps, the failure modes and the shape of a page, and everything wrong with it.
//!
//! Pure, and it never fails: any bytes give a Document and findings; a panic inside becomes a finding. Absent: other pages. What a
//! reference names, and whether a link leads anywhere, is `model`'s to say.

pub mod blocks;
pub(crate) mod declaration;
pub mod document;
pub mod facts;
pub mod front_matter;
pub mod markdown;
mod markup;
mod naming;
pub mod nearest;
pub mod opening;
pub mod outline;
mod page;
pub mod place_map;
pub mod raw_html;
pub mod slug;
pub mod steps;
pub(crate) mod toml_depth;
pub mod url;
pub mod value;
mod yaml;

pub use declaration::{Context, Fault, read};
pub use document::{Document, file_id};
pub use markup::declared;
pub use page::parse;

/// What parsing needs to know from the settings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    /// The words that open a track.
    pub steps_headings: Vec<String>,
    /// How declarations are read.
    pub declarations: Context,
    /// How deep quotes and lists may nest.
    pub block_nesting: usize,
    /// How long a part of a path may be, in bytes.
    pub path_part_bytes: usize,
    /// The same for the whole path.
    pub path_bytes: usize,
    /// Whether raw HTML is shown as text, so that nothing in it leads anywhere.
    pub raw_html_is_text: bool,
    /// The page on which reading fails inside, for tests of that case.
    pub fail_inside: Option<String>,
}
