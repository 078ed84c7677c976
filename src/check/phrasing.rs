//! How lists, ways and lengths of time are put into words in messages.

/// The most steps of a way that are all named; of a longer one, its beginning and its end.
const NAMED: usize = 9;

/// A list as it is read aloud: `a, b and c`.
pub fn listed<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [most @ .., last] => format!("{} and {}", most.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "), last.as_ref()),
    }
}

/// A way from one thing to the next: `a → b → c`.
pub fn chain(titles: &[&str]) -> String {
    let ends = NAMED / 2;
    if titles.len() <= NAMED {
        return titles.join(" → ");
    }
    format!("{} → … → {}", titles[..ends].join(" → "), titles[titles.len() - ends..].join(" → "))
}

/// A length of time, exact: `2 h 30 min`. Hours are the largest unit below two days.
pub fn lasting(seconds: i64) -> String {
    const UNITS: [(i64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let largest = if seconds < 2 * 86_400 { 1 } else { 0 };
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (length, unit) in &UNITS[largest..] {
        let count = rest / length;
        rest %= length;
        if count != 0 {
            parts.push(format!("{count} {unit}"));
        }
    }
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_aloud() {
        assert_eq!(listed::<&str>(&[]), "");
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn a_long_way_keeps_its_beginning_and_its_end() {
        assert_eq!(chain(&["a", "b", "c"]), "a → b → c");
        let letters: Vec<String> = ('a'..='l').map(String::from).collect();
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        assert_eq!(chain(&letters[..9]).matches('→').count(), 8);
        assert_eq!(chain(&letters), "a → b → c → d → … → i → j → k → l");
    }

    #[test]
    fn lengths_of_time_are_exact() {
        let shown = [0, 59, 3_000, 9_000, 86_400 + 3_600, 3 * 86_400, 365 * 86_400 / 12].map(lasting);
        assert_eq!(shown, ["0 s", "59 s", "50 min", "2 h 30 min", "25 h", "3 d", "30 d 10 h"]);
    }
}
