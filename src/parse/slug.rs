//! GitHub's heading anchors.

/// The anchor that GitHub gives a heading: lower case, punctuation removed, each space a `-`, letters of all scripts kept.
pub fn slug(text: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ') || is_mark(c);
    text.trim().chars().filter(|c| kept(*c)).flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Combining marks belong to the letters of their scripts.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Gives each slug its `-1`, `-2` when it was given before, as GitHub does.
#[derive(Debug, Default)]
pub struct Anchors {
    given: std::collections::HashMap<String, usize>,
}

impl Anchors {
    /// Takes a name that nobody else may get.
    pub fn reserve(&mut self, name: &str) {
        self.given.entry(name.to_owned()).or_insert(0);
    }

    /// Whether a name was given.
    pub fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// The slug itself, or with the first free number.
    pub fn give(&mut self, slug: &str) -> String {
        let Some(count) = self.given.get(slug).copied() else {
            self.reserve(slug);
            return slug.to_owned();
        };
        let mut next = count + 1;
        let mut name = format!("{slug}-{next}");
        while self.has(&name) {
            next += 1;
            name = format!("{slug}-{next}");
        }
        self.given.insert(slug.to_owned(), next);
        self.reserve(&name);
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_github_anchors() {
        assert_eq!(slug("Migrate the schema"), "migrate-the-schema");
        assert_eq!(slug("What if it fails?  (again)"), "what-if-it-fails--again");
        assert_eq!(slug("Düsseldorf: größer_als `x`"), "düsseldorf-größer_als-x");
        assert_eq!(slug("प्रक्रिया"), "प्रक्रिया");
    }

    #[test]
    fn equal_slugs_are_numbered() {
        let mut anchors = Anchors::default();
        let given: Vec<_> = ["a", "a", "a-1", "a"].into_iter().map(|slug| anchors.give(slug)).collect();
        assert_eq!(given, ["a", "a-1", "a-1-1", "a-2"]);
    }
}
