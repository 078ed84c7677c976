//! Questions to git: what a revision names, which files it holds, what stands in them; where a folder comes from, and when its files were
//! last changed.
//!
//! Enters: a folder that lies in a repository, and the name of a revision as somebody typed it. Leaves: ids, paths, days and bytes. Nothing is
//! checked out, nothing is written, nothing is fetched. Absent: any idea of a handbook; `discover` has that.
//!
//! It is the `git` command that is asked, and no library: publishing needs the command anyway (credentials, remotes, hosts are set up for
//! it), whoever names a revision has it, and it reads every format of repository that its owner's git can write.

mod command;
mod objects;
mod provenance;
mod revision;

pub use command::without_credentials;
pub use provenance::{History, Provenance};
pub use revision::{Content, Listed, Revision};
