//! The calendar of what comes due: `reviews.ics`, as RFC 5545 has it.
//!
//! Whole days without a time, sorted by day. An event keeps its UID when its day changes, and the stamp is the day of the run: the same handbook
//! gives the same bytes on one day. What was never done has no day and is left out; the check says it. People are left out where the site is for
//! everybody.

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::check::due::{Due, What, due};
use crate::model::{Handbook, Kind, Target};
use crate::parse::markdown::plain;
use crate::parse::value::{Prose, said};
use crate::portable::is_invisible;
use crate::settings::Audience;

use super::calendar::Lines;
use super::relative::{encoded_path, fragment};

/// Characters of a title in a calendar.
const TITLE: usize = 120;
/// Characters of a line of a description.
const LINE: usize = 500;

/// The calendar as text. With `base_url` each event leads to its place on the site.
pub fn ics(handbook: &Handbook, base_url: Option<&str>) -> String {
    let mut lines = Lines::default();
    lines.raw("BEGIN", "VCALENDAR");
    lines.raw("VERSION", "2.0");
    lines.raw("PRODID", "-//forewarn//reviews//EN");
    lines.raw("CALSCALE", "GREGORIAN");
    lines.text("X-WR-CALNAME", &format!("{}: reviews", line(&handbook.settings.title, TITLE)));
    for (due, day) in due(handbook).iter().filter_map(|due| Some((due, due.day?))) {
        event(handbook, base_url, due, day, &mut lines);
    }
    lines.raw("END", "VCALENDAR");
    lines.into_text()
}

fn event(handbook: &Handbook, base_url: Option<&str>, due: &Due<'_>, day: Date, lines: &mut Lines) {
    lines.raw("BEGIN", "VEVENT");
    lines.raw("UID", &uid(handbook, due));
    lines.raw("DTSTAMP", &handbook.today.strftime("%Y%m%dT000000Z").to_string());
    lines.raw("DTSTART;VALUE=DATE", &day.strftime("%Y%m%d").to_string());
    lines.text("SUMMARY", &summary(handbook, due));
    lines.text("DESCRIPTION", &description(handbook, due));
    lines.raw("CATEGORIES", due.what.name());
    // A day on which something is due is no day on which nobody has time.
    lines.raw("TRANSP", "TRANSPARENT");
    if let Some(url) = base_url.and_then(|base| address(handbook, base, due.about)) {
        lines.raw("URL", &url);
    }
    lines.raw("END", "VEVENT");
}

/// An id for all time and all calendars: of the handbook's title and what is due.
fn uid(handbook: &Handbook, due: &Due<'_>) -> String {
    let digest = Sha256::digest(format!("{}\n{}", handbook.settings.title, due.id));
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("forewarn-{hex}")
}

fn summary(handbook: &Handbook, due: &Due<'_>) -> String {
    let about = line(handbook.title_of(due.about), TITLE);
    let page = line(handbook.pages[due.about.page()].title(), TITLE);
    let at = if matches!(due.about, Target::Page(_)) { String::new() } else { format!(" ({page})") };
    match due.what {
        What::Review { .. } => format!("Review: {about}"),
        What::Drill { .. } => format!("Drill: {about}{at}"),
        What::Premortem { .. } => format!("Pre-mortem: {about}"),
        What::Waiver(waive) => {
            let rule = waive.rule.as_ref().map_or("", |rule| rule.value.as_str());
            format!("Waiver ends: {} for {about}{at}", line(rule, TITLE))
        }
        What::Action(action) => format!("Action: {}", prose(&action.what, TITLE).unwrap_or_else(|| format!("for {about}{at}"))),
        What::Expiry => format!("Expires: {about}"),
    }
}

fn description(handbook: &Handbook, due: &Due<'_>) -> String {
    let internal = handbook.settings.audience == Audience::Internal;
    let about = line(handbook.title_of(due.about), TITLE);
    let mut lines = Vec::new();
    match due.what {
        What::Review { last } => {
            lines.extend(last.map(|last| format!("Last reviewed on {last}.")));
            lines.push(format!("Read it from end to end with those who do it, then: forewarn stamp review {}", handbook.id_of(due.about)));
        }
        What::Drill { last } => {
            lines.extend(last.map(|last| format!("Last drilled on {last}.")));
            lines.push(match due.about {
                Target::Page(_) => "Do it for real, then write the day under [drills].".to_owned(),
                about => format!("Do it for real, then: forewarn stamp drill {}", handbook.id_of(about)),
            });
        }
        What::Premortem { last } => {
            lines.extend(last.map(|last| format!("The last session was on {last}.")));
            lines.push("Hold one with the workbook of the process.".to_owned());
        }
        What::Waiver(waive) => {
            lines.extend(prose(&waive.reason, LINE));
            let by = waive.by.as_ref().filter(|_| internal);
            lines.extend(by.map(|by| format!("Signed by {}.", line(&by.value, TITLE))));
            lines.push("Mend what it covers, or sign it anew with a later day.".to_owned());
        }
        What::Action(_) => lines.push(format!("About: {about}")),
        What::Expiry => lines.extend(renewal(handbook, due.about)),
    }
    let role = due.role.filter(|_| internal).map(|role| line(handbook.pages[role].title(), TITLE));
    lines.extend(role.map(|role| format!("Owner: {role}")));
    lines.push(format!("Source: {}", line(handbook.pages[due.about.page()].path().as_str(), LINE)));
    lines.join("\n")
}

fn renewal(handbook: &Handbook, system: Target) -> Option<String> {
    let Kind::System(system) = &handbook.pages[system.page()].kind else { return None };
    system.renewed_by.map(|process| format!("Renewed by {}.", line(handbook.pages[process].title(), TITLE)))
}

/// Where something is on a site; nothing where the site's address is none that can be followed.
fn address(handbook: &Handbook, base: &str, about: Target) -> Option<String> {
    let follows = base.starts_with("https://") || base.starts_with("http://");
    if !follows || base.contains(|c: char| c.is_whitespace() || is_invisible(c)) {
        return None;
    }
    let thing = handbook.thing_of(about).map(fragment).unwrap_or_default();
    Some(format!("{}{}{thing}", base.trim_end_matches('/'), encoded_path(&handbook.pages[about.page()].url)))
}

fn prose(text: &Option<Prose>, most: usize) -> Option<String> {
    said(text).map(|text| line(&plain(text), most))
}

/// A text on one line, without what cannot be seen, of at most so many characters.
pub(super) fn line(text: &str, most: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || is_invisible(c)).filter(|word| !word.is_empty());
    let mut characters = words.flat_map(|word| std::iter::once(' ').chain(word.chars())).skip(1);
    let mut line: String = characters.by_ref().take(most).collect();
    if characters.next().is_some() {
        line.pop();
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_text_is_one_line_and_no_longer_than_asked() {
        assert_eq!(line(" a\r\nb\t c\u{1b}[31m\u{202e}d ", 40), "a b c [31m d");
        assert_eq!(line("one two three", 9), "one two …");
        assert_eq!(line("ein Größenvergleich", 9), "ein Größ…");
        assert_eq!(line("", 9), "");
        assert!((0..20).all(|most| line("one two three", most).chars().count() <= most.max(1)));
    }
}
