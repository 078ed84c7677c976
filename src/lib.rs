//! forewarn compiles processes.
pub mod source;
pub mod finding;
pub mod render;
pub mod emit;
