//! forewarn compiles processes.
pub mod source;
pub mod containment;
pub mod finding;
pub mod render;
pub mod emit;
