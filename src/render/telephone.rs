//! Telephone numbers in a line that says how people are reached, as links that a telephone can call.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// The fewest and the most digits of an international number, by ITU-T E.164.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Inline Markdown in which every text that is surely a telephone number is a link: one that begins with `+` and a country, and stands in
/// no link or code already.
pub fn linked(markdown: &str) -> String {
    if !markdown.contains('+') {
        return markdown.to_owned();
    }
    let mut found = Vec::new();
    let mut inside = 0_usize;
    for (event, place) in Parser::new(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => inside += 1,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => inside = inside.saturating_sub(1),
            Event::Text(text) if inside == 0 && markdown.get(place.clone()) == Some(&*text) => numbers(markdown, place, &mut found),
            _ => {}
        }
    }
    let mut out = String::with_capacity(markdown.len() + 32);
    let mut done = 0;
    for (start, end, digits) in found {
        out.push_str(&markdown[done..start]);
        out.push_str(&format!("[{}](tel:+{digits})", &markdown[start..end]));
        done = end;
    }
    out + &markdown[done..]
}

fn numbers(markdown: &str, place: std::ops::Range<usize>, found: &mut Vec<(usize, usize, String)>) {
    let mut at = place.start;
    while let Some(plus) = markdown[at..place.end].find('+').map(|plus| at + plus) {
        at = plus + 1;
        let apart = markdown[..plus].chars().next_back().is_none_or(|before| before.is_whitespace() || "([*_~:;,|·".contains(before));
        if let Some((length, digits)) = number(&markdown[at..place.end]).filter(|_| apart) {
            found.push((plus, at + length, digits));
            at += length;
        }
    }
}

/// The number that a text after `+` begins with: how many bytes it takes, and its digits.
fn number(text: &str) -> Option<(usize, String)> {
    let mut digits = String::new();
    let (mut end, mut group, mut gap) = (0, 0, 0);
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() {
            group = if gap > 0 { 1 } else { group + 1 };
            gap = 0;
            digits.push(c);
            end = at + 1;
        } else if matches!(c, ' ' | '-' | '.' | '(' | ')' | '\u{a0}' | '\u{202f}') && !digits.is_empty() && gap < 2 {
            gap += 1;
        } else {
            break;
        }
    }
    // `+44 (0)20 …`: the zero is dialled only inside the country.
    let written = &text[..end];
    if let Some(trunk) = written.find("(0)") {
        let before = written[..trunk].chars().filter(char::is_ascii_digit).count();
        digits.remove(before);
    }
    let closed = written.matches('(').count() == written.matches(')').count();
    let mut after = text[end..].chars();
    // `+234 1 555 0100 24x7`, `… 24 hours`: what the last digits belong to is not sure.
    let sure = match after.next() {
        None => true,
        Some(c) if c.is_alphanumeric() => false,
        Some(' ') => group > 2 || !after.next().is_some_and(char::is_alphanumeric),
        Some(_) => true,
    };
    (sure && closed && DIGITS.contains(&digits.len()) && !digits.starts_with('0')).then_some((end, digits))
}

#[cfg(test)]
mod tests {
    use super::linked;

    #[test]
    fn an_international_number_becomes_a_link() {
        assert_eq!(linked("+234 1 555 0100 · #dba"), "[+234 1 555 0100](tel:+23415550100) · #dba");
        assert_eq!(linked("Call **+49 (0)30 555-0100**, then mail"), "Call **[+49 (0)30 555-0100](tel:+49305550100)**, then mail");
        assert_eq!(
            linked("+1.202.555.0100 or +1.202.555.0101."),
            "[+1.202.555.0100](tel:+12025550100) or [+1.202.555.0101](tel:+12025550101)."
        );
    }

    #[test]
    fn what_may_be_something_else_stays_as_it_is() {
        for text in [
            "+234 … · #dba",
            "phone tree, branch 2",
            "0800 555 0100",
            "CVE+2026-1234567",
            "`+234 1 555 0100`",
            "[office](tel:+23415550100)",
            "[+234 1 555 0100](https://example.org/)",
            "+234 1 555 0100 24x7",
            "+234 1 555 0100 24 hours a day",
            "+12345678901234567890",
            "+1 (202 555 0100",
            "https://example.org/?q=+23415550100",
        ] {
            assert_eq!(linked(text), text);
        }
    }
}
