//! Templates of the starter and the skeletons -> text: `{{title}}`, `{{today}}`, `{{today-14d}}` and what else a template asks for.
//!
//! A filled-in text is never read as a template again.

use jiff::Span;
use jiff::civil::Date;

/// The template with each `{{name}}` that is a day or that `known` knows replaced; others stay.
pub fn fill(template: &str, today: Date, known: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find("{{") {
        let Some(end) = rest[start..].find("}}").map(|end| start + end) else { break };
        let name = &rest[start + 2..end];
        text.push_str(&rest[..start]);
        match day(name, today).map(|day| day.to_string()).or_else(|| known(name)) {
            Some(value) => text.push_str(&value),
            None => text.push_str(&rest[start..end + 2]),
        }
        rest = &rest[end + 2..];
    }
    text.push_str(rest);
    text
}

/// `today`, or a number of days before it: `today-14d`.
fn day(name: &str, today: Date) -> Option<Date> {
    let before = name.strip_prefix("today")?;
    if before.is_empty() {
        return Some(today);
    }
    let days: i64 = before.strip_prefix('-')?.strip_suffix('d')?.parse().ok().filter(|days| (0..100_000).contains(days))?;
    Some(today.saturating_sub(Span::new().days(days)))
}

/// A text as a TOML string on one line; the text itself has no line breaks.
pub fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 3, 1);

    #[test]
    fn days_count_back_from_today() {
        let text = fill("{{today}} {{today-1d}} {{today-14d}}", TODAY, |_| None);
        assert_eq!(text, "2026-03-01 2026-02-28 2026-02-15");
    }

    #[test]
    fn what_is_filled_in_is_no_template() {
        let text = fill("{{title}}, {{today}}", TODAY, |name| (name == "title").then(|| "{{today}} {{".to_owned()));
        assert_eq!(text, "{{today}} {{, 2026-03-01");
    }

    #[test]
    fn what_nobody_knows_stays() {
        assert_eq!(fill("{{x}} ${{ y }} {{", TODAY, |_| None), "{{x}} ${{ y }} {{");
    }
}
