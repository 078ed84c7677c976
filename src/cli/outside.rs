//! What a run is told from outside, as values: the day (`--today`, `SOURCE_DATE_EPOCH`, or the clock, in UTC), where the handbook lies, and
//! the tests' hook.

use std::path::{Component, Path};

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::Drafts;
use crate::pipeline::Run;
use crate::whereabouts::{self, Asked};

use super::Global;

/// The run that a command line asks for.
pub(super) fn run(global: &Global, drafts: bool) -> anyhow::Result<Run> {
    let drafts = if drafts { Drafts::In } else { Drafts::Out };
    Ok(Run { today: today(global.today)?, drafts, fail_inside: std::env::var("FOREWARN_TEST_PANIC").ok() })
}

/// What is asked for about the address of the site: by a flag, and by the environment.
pub(super) fn asked(flag: Option<String>) -> Asked {
    Asked { flag, variable: std::env::var(whereabouts::VARIABLE).ok(), remote: None }
}

/// Where the handbook lies, seen from where the tool runs: `docs/` for `--root docs`. Empty where that is the same folder, and where the root
/// leads elsewhere: then paths are those of the handbook.
pub(super) fn base(root: Option<&Path>) -> String {
    let mut base = String::new();
    for part in root.into_iter().flat_map(Path::components) {
        match part {
            Component::CurDir => {}
            Component::Normal(name) => {
                base.push_str(&name.to_string_lossy());
                base.push('/');
            }
            _ => return String::new(),
        }
    }
    base
}

/// The day that was given, or the environment's, or the clock's.
pub(super) fn today(given: Option<Date>) -> anyhow::Result<Date> {
    if let Some(day) = given {
        return Ok(day);
    }
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().filter(|text| !text.trim().is_empty());
    let now = match epoch {
        Some(text) => {
            let seconds =
                text.trim().parse().with_context(|| format!("SOURCE_DATE_EPOCH is `{text}`, and seconds since 1970 are wanted"))?;
            Timestamp::from_second(seconds).with_context(|| format!("SOURCE_DATE_EPOCH is `{text}`, which is no time"))?
        }
        None => Timestamp::now(),
    };
    Ok(now.to_zoned(TimeZone::UTC).date())
}
