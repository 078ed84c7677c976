//! Handbook -> findings. Changes nothing, does no I/O, and no rule sees another's findings.

pub mod coverage;
pub mod priority;
pub mod reach;
pub mod rule;
pub mod rules;
