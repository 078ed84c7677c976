//! The day of a run: `--today`, `SOURCE_DATE_EPOCH`, or the clock, in UTC.

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The day that was given, or the environment's, or the clock's.
pub(super) fn today(given: Option<Date>) -> anyhow::Result<Date> {
    if let Some(day) = given {
        return Ok(day);
    }
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().filter(|text| !text.trim().is_empty());
    let now = match epoch {
        Some(text) => {
            let seconds = text.trim().parse().with_context(|| format!("SOURCE_DATE_EPOCH is `{text}`, and seconds since 1970 are wanted"))?;
            Timestamp::from_second(seconds).with_context(|| format!("SOURCE_DATE_EPOCH is `{text}`, which is no time"))?
        }
        None => Timestamp::now(),
    };
    Ok(now.to_zoned(TimeZone::UTC).date())
}
