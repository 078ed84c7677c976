//! The manual pages of the rules, as they stand in `content/rules/`: the binary carries the very files that the site shows.

use include_dir::{Dir, include_dir};

static RULES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/content/rules");

/// The Markdown of a rule's page.
pub fn page(rule: &str) -> Option<&'static str> {
    RULES.get_file(format!("{rule}.md"))?.contents_utf8()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::RULES;
    use crate::check::rules;

    #[test]
    fn every_rule_has_its_page_and_every_page_its_rule() {
        let named = rules::RULES.iter().map(|rule| rule.name.to_owned());
        let pages = RULES.files().filter_map(|file| file.path().file_stem()?.to_str().map(str::to_owned));
        let pages: BTreeSet<String> = pages.filter(|page| page != "index").collect();
        assert_eq!(named.collect::<BTreeSet<String>>(), pages);
    }
}
