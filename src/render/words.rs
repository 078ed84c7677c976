//! Days, lengths of time and numbers as readers want them. Absolute dates only.

use jiff::civil::Date;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `14 Sep 2026`.
pub fn day(date: Date) -> String {
    let month = usize::try_from(date.month()).ok().and_then(|month| MONTHS.get(month.wrapping_sub(1))).unwrap_or(&"");
    format!("{} {month} {}", date.day(), date.year())
}

/// A length of time as written, with a space between number and unit: `30 min`, `2 h`, `6 months`.
pub fn span(written: &str) -> String {
    let written = written.trim();
    let digits = written.find(|c: char| !c.is_ascii_digit()).unwrap_or(written.len());
    let (number, unit) = written.split_at(digits);
    let unit = match unit.trim() {
        "m" => "min",
        unit => unit,
    };
    if number.is_empty() || unit.contains(|c: char| c.is_ascii_digit()) { written.to_owned() } else { format!("{number} {unit}") }
}

/// Minutes: `8 min`, `1 h 30 min`.
pub fn minutes(minutes: f64) -> String {
    let whole = minutes.round();
    if (minutes - whole).abs() > f64::EPSILON || whole >= 1e9 {
        return format!("{minutes} min");
    }
    let whole = whole as u64;
    match (whole / 60, whole % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// An amount with thin spaces between thousands: `2 000 000`.
pub fn amount(amount: f64) -> String {
    if amount.fract() != 0.0 || amount.abs() >= 1e15 {
        return amount.to_string();
    }
    let digits = format!("{amount:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

/// The first letter as a capital.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A text without characters that XML cannot hold: they become U+FFFD.
pub fn without_controls(text: &str) -> String {
    let wrong = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if wrong(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_spans_read_well() {
        assert_eq!(day(jiff::civil::date(2026, 9, 14)), "14 Sep 2026");
        assert_eq!(span("30m"), "30 min");
        assert_eq!(span("6 months"), "6 months");
        assert_eq!(span("1h30m"), "1h30m");
        assert_eq!(minutes(90.0), "1 h 30 min");
        assert_eq!(minutes(0.5), "0.5 min");
        assert_eq!(amount(2_000_000.0), "2\u{202f}000\u{202f}000");
    }
}
