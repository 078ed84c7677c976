//! The whole tool, seen from outside: given files, when a command runs, then this output and these files.
//!
//! Only `project` knows how to call the binary; every other module speaks of files, commands and output.

mod battery;
mod commands;
mod examples;
mod golden;
mod own_handbook;
mod project;
mod rule_pages;
mod steps;
