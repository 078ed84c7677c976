//! The whole tool, seen from outside: given files, when a command runs, then this output and these files.
//!
//! Only `project` knows how to call the binary; every other module speaks of files, commands and output.

// Tests stand outside the house: they lay out files, start the binary, and fail aloud.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::unwrap_used, clippy::print_stderr)]

mod baseline;
mod battery;
mod bounds;
mod commands;
mod coverage;
mod elements;
mod examples;
mod exports;
mod fixing;
mod formats;
mod golden;
mod hostile;
mod impact;
mod import;
mod hardness;
mod links;
mod offline;
mod own_handbook;
mod people_and_growth;
mod provenance;
mod publish;
mod project;
mod rebuilds;
mod rule_order;
mod revisions;
mod serve;
mod rule_pages;
mod search;
mod security;
mod shown;
mod steps;
mod theming;
mod workflows;
