//! forewarn compiles processes: Markdown pages with declared failure modes go in; a handbook site, and every missing failure path, come
//! out.
//!
//! ```text
//! content themes settings
//!    | discover  reads                          -> Sources
//!    v
//!  parse         pure, per page, in parallel    -> Document + findings
//!    v
//!  model         pure                           -> Handbook + findings
//!    v                                  \
//!  check         pure -> findings        render  pure (+ Theme) -> Site
//!    v                                      v
//!  report        pure -> text | json        emit    writes        -> folder
//!                                          publish commits       -> branch
//!                                          serve   keeps         -> browser
//! ```
//!
//! A handbook of another day comes the same way: `discover` finds it in a git revision as in a folder, and `compare` says what changed
//! between two analyses.
//!
//! Users' faults are findings; only the machine's faults are errors. Only `discover` reads, only `emit` writes, only `serve` listens, only
//! `git` starts a child process, only `publish` has it use the network, only `cli` prints, only `main` exits. The same input gives the same
//! bytes: the day enters as a value. No arrow points up.

pub mod source;
pub mod shared;
pub mod moved;
pub mod finding;
pub mod settings;
pub mod portable;
pub mod containment;
pub mod git;
pub mod discover;
pub mod parse;
pub mod model;
pub mod check;
pub mod impact;
pub mod address;
pub mod render;
pub mod collisions;
pub mod pipeline;
pub mod whereabouts;
pub mod compare;
pub mod report;
pub mod manual;
pub mod schema;
pub mod starter;
pub mod import;
pub mod fix;
pub mod emit;
pub mod publish;
pub mod serve;
pub mod hostile;
pub mod cli;
