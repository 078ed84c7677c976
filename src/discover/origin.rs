//! Where the files of a handbook come from. A folder on disk and a git revision answer the same few questions, so that every rule about
//! files is written once, in `walk` and `names`.

use std::ffi::OsStr;

use crate::source::PagePath;

/// A place that holds a handbook. Paths are relative to the root of the handbook, with `/` between their parts.
pub trait Origin: Sync {
    /// What is needed to read a file later.
    type At: Send + Sync;

    /// What has this path, links followed; nothing where there is nothing.
    fn look(&self, path: &str) -> anyhow::Result<Option<Kind<Self::At>>>;

    /// Shows `meet` everything below a folder that exists, each folder before what it holds. A folder that is left is not looked into.
    fn below(&self, folder: &str, meet: &mut dyn FnMut(Met<'_, Self::At>) -> anyhow::Result<Then>) -> anyhow::Result<()>;

    /// Reads files and makes something of each, in their order.
    fn read<T: Send>(&self, files: &[Entry<Self::At>], make: impl Fn(&Entry<Self::At>, Vec<u8>) -> T + Sync) -> anyhow::Result<Vec<T>>;

    /// A path as messages show it.
    fn named(&self, path: &str) -> String;
}

/// Something that has a name, links followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind<At> {
    /// A folder.
    Folder,
    /// A regular file.
    File {
        /// What is needed to read it.
        at: At,
        /// Its size.
        bytes: u64,
    },
    /// A pipe, a socket or a device.
    Special,
    /// A link that leads out of the handbook.
    LinkOutside,
    /// A link to nothing, or in a circle.
    LinkNowhere,
    /// Something that the origin knows and does not hold; it has a note of its own.
    Absent,
}

/// Something met on a walk.
pub struct Met<'a, At> {
    /// Relative to the root.
    pub path: PagePath,
    /// Its own name.
    pub name: &'a OsStr,
    /// What can be told of it at no cost.
    pub sort: Sort,
    /// What it is; asked only of what has a name that counts.
    pub kind: &'a dyn Fn() -> anyhow::Result<Kind<At>>,
}

/// What can be told of a name before anything is looked at; for a link, of what it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A folder.
    Folder,
    /// Anything but a folder.
    Leaf,
    /// Nothing: a link that leads nowhere, or in a circle.
    Nowhere,
}

/// What becomes of something met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Go on, into it where it is a folder.
    Enter,
    /// Go on without looking into it.
    Leave,
}

/// A regular file of the handbook.
pub struct Entry<At> {
    /// Relative to the root.
    pub path: PagePath,
    /// What is needed to read it.
    pub at: At,
    /// Its size.
    pub bytes: u64,
}
