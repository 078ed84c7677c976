//! Questions to git: what a revision names, which files it holds, what stands in them; where a folder comes from, and when its files were
//! last changed; and for publishing, a commit made and pushed.
//!
//! Enters: a folder that lies in a repository, and the name of a revision as somebody typed it. Leaves: ids, paths, days and bytes. Nothing is
//! checked out, neither work tree nor index is touched. Only [`Remote`] uses the network and only [`import`] writes objects, both for `publish`.
//! Absent: any idea of a handbook; `discover` has that.
//!
//! It is the `git` command that is asked, and no library: publishing needs the command anyway (credentials, remotes, hosts are set up for
//! it), whoever names a revision has it, and it reads every format of repository that its owner's git can write.

mod command;
mod held;
pub mod import;
mod objects;
mod provenance;
mod remote;
mod revision;
mod secrets;
mod state;

pub use command::{Git, without_credentials};
pub use held::{Held, HeldFile, PLAIN};
pub use objects::Objects;
pub use provenance::{History, Provenance};
pub use remote::{Push, Remote};
pub use revision::{Content, Listed, Revision};
pub use state::{Differences, Format, branch_name_is_fit, checked_out, head, is_ancestor, short};
