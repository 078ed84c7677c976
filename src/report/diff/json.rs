//! The JSON of `diff --format json`: a promise to other tools. References are ids; nothing is cut.

use serde::Serialize;

use crate::compare::{Change, Changes};

use super::Comparison;

#[derive(Serialize)]
struct Json<'a> {
    version: u32,
    from: From<'a>,
    to: To,
    /// How many faults each version has.
    faults: Change<usize>,
    #[serde(flatten)]
    changes: &'a Changes<'a>,
}

#[derive(Serialize)]
struct From<'a> {
    revision: &'a str,
    commit: &'a str,
    date: String,
}

/// The work tree, which has no revision.
#[derive(Serialize)]
struct To {
    revision: Option<&'static str>,
    date: String,
}

/// The comparison as pretty-printed JSON with a line break at its end.
pub fn text(comparison: &Comparison<'_>) -> String {
    let json = Json {
        version: 1,
        from: From { revision: comparison.name, commit: comparison.commit, date: comparison.day.to_string() },
        to: To { revision: None, date: comparison.today.to_string() },
        faults: comparison.faults,
        changes: &comparison.changes,
    };
    // Keys are strings and nothing here can refuse to be written, so the error cannot come up.
    let mut text = serde_json::to_string_pretty(&json).unwrap_or_default();
    text.push('\n');
    text
}
