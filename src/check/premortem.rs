//! How long a pre-mortem counts.

use jiff::civil::Date;

use crate::parse::value::Duration;

/// How long a session counts: twelve calendar months.
const PERIOD: Duration = Duration { months: 12, seconds: 0 };

/// The last day on which a session still counts.
pub fn due(session: Date) -> Date {
    PERIOD.after(session)
}
