//! How lists and ways are put into words in messages.

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
}
