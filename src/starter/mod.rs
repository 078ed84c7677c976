//! What `forewarn init`, `forewarn new` and `forewarn stamp` write: handbooks, pages, dates, and the workflow that publishes on GitHub Pages.
//!
//! Enters: a title, a day, the handbook as it is. Leaves: new files as paths and texts, or the text of one file with one line changed.
//! Pure: absent are reading (the caller hands in the text that is stamped), writing, and the refusal to overwrite, which only whoever
//! writes can make good on; what can be known from the handbook alone is refused here.

mod fill;
mod init;
mod missing;
mod name;
mod page;
mod stamp;
#[cfg(test)]
mod testing;
mod workflow;

pub use fill::quoted;
pub use init::{Init, init};
pub use missing::{Refused, Stubs, missing};
pub use page::{Wish, new_page};
pub use stamp::{Stamp, Stamped, stamp};
pub use workflow::{PATH as PAGES_WORKFLOW, Pin, TARGET as PAGES_TARGET, Workflow, pages_workflow};

/// A file that is to be written where none is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Relative to the root of the handbook, with `/` between its parts.
    pub path: String,
    /// Its text: UTF-8 without BOM, `\n` line ends.
    pub text: String,
}
