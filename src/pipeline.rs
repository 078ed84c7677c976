//! The whole program on one page: `analyze` for check, build, serve, publish and diff; `compile` for build, serve and publish.

use std::sync::Arc;

use crate::check::coverage;
use crate::finding::Finding;
use crate::model::Handbook;
use crate::source::Sources;

/// A handbook with everything that is known of it.
#[derive(Debug)]
pub struct Analysis {
    /// The texts, for showing places.
    pub sources: Arc<Sources>,
    /// The resolved handbook.
    pub handbook: Handbook,
    /// Every finding, waived ones included: levels settled, ids unique, sorted by path, line, column, rule.
    pub findings: Vec<Finding>,
    /// Obligations and how many are met.
    pub coverage: coverage::Report,
}
