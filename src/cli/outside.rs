//! What a run is told from outside, as values: the day (`--today`, `SOURCE_DATE_EPOCH`, or the clock, in UTC), and the tests' hook.

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::Drafts;
use crate::pipeline::Run;

use super::Global;

/// The run that a command line asks for.
pub(super) fn run(global: &Global, drafts: bool) -> anyhow::Result<Run> {
    let drafts = if drafts { Drafts::In } else { Drafts::Out };
    Ok(Run { today: today(global.today)?, drafts, fail_inside: std::env::var("FOREWARN_TEST_PANIC").ok() })
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
