//! Code -> HTML with its words marked by class, at build time. The classes say what a word is, never how it looks, so that both schemes,
//! paper and forced colours can decide for themselves; the grammars are those of bat.
//!
//! A language without a grammar, a text too long to be read, and a grammar that fails give nothing: the code is shown as it is.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};
use syntect::util::LinesWithEndings;

use super::html::escape::escape_into;

/// Above this many bytes code is shown as it is: nobody reads it for its colours, and grammars are slow.
const LONGEST: usize = 100_000;

/// Every grammar, loaded when the first code block with a language is met.
static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// What a word is, from the scope that says so, the narrower before the wider, to the class. The scopes are those of Sublime Text's
/// naming guide, which all the grammars follow.
static CLASSES: LazyLock<Vec<(Scope, &'static str)>> = LazyLock::new(|| {
    let named = [
        ("comment", "h-comment"),
        ("punctuation.definition.comment", "h-comment"),
        ("constant.character.escape", "h-escape"),
        ("string", "h-string"),
        ("punctuation.definition.string", "h-string"),
        ("constant.numeric", "h-number"),
        ("constant", "h-constant"),
        ("variable.language", "h-keyword"),
        ("keyword.operator", "h-operator"),
        ("keyword", "h-keyword"),
        ("storage", "h-keyword"),
        ("entity.name.function", "h-name"),
        ("support.function", "h-name"),
        ("variable.function", "h-name"),
        ("entity.name.tag", "h-key"),
        ("entity.name.section", "h-heading"),
        ("entity.name.table", "h-heading"),
        ("entity.name", "h-type"),
        ("support.type.property-name", "h-key"),
        ("support.type", "h-type"),
        ("support.class", "h-type"),
        ("entity.other.attribute-name", "h-key"),
        ("variable.other.key", "h-key"),
        ("meta.mapping.key", "h-key"),
        ("markup.inserted", "h-inserted"),
        ("markup.deleted", "h-deleted"),
        ("markup.heading", "h-heading"),
    ];
    named.into_iter().filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, class))).collect()
});

/// Code that was marked lately, by language and text. The same code stands on the page, its run sheet and the page for paper, and in the
/// next version of all of them.
static LATELY: LazyLock<Mutex<Lately>> = LazyLock::new(Mutex::default);

/// The most bytes that are kept of it: the code of a thousand pages that are full of it.
const KEPT: usize = 16 * 1024 * 1024;

#[derive(Default)]
struct Lately {
    /// By SHA-256 of language and code.
    html: HashMap<[u8; 32], Option<Arc<str>>>,
    bytes: usize,
}

/// Code of a language as HTML; nothing where it is to be shown as it is. `language` is a name or file ending: `sh`, `toml`, `rust`.
pub fn highlight(language: &str, code: &str) -> Option<Arc<str>> {
    if language.is_empty() || code.len() > LONGEST {
        return None;
    }
    let lately = || LATELY.lock().unwrap_or_else(PoisonError::into_inner);
    let key: [u8; 32] = Sha256::new_with_prefix(language).chain_update([0]).chain_update(code).finalize().into();
    if let Some(known) = lately().html.get(&key) {
        return known.clone();
    }
    let html: Option<Arc<str>> = marked(language, code).map(Arc::from);
    let mut lately = lately();
    lately.bytes += key.len() + html.as_ref().map_or(0, |html| html.len());
    if lately.bytes > KEPT {
        *lately = Lately::default();
    }
    lately.html.insert(key, html.clone());
    html
}

fn marked(language: &str, code: &str) -> Option<String> {
    let syntax = GRAMMARS.find_syntax_by_token(known_as(language)).filter(|syntax| syntax.name != "Plain Text")?;
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut html = Writer { html: String::with_capacity(code.len() * 2), open: None };
    for line in LinesWithEndings::from(code) {
        let mut at = 0;
        for (until, change) in state.parse_line(line, &GRAMMARS).ok()? {
            html.put(line.get(at..until)?, class(&stack));
            at = until;
            stack.apply(&change).ok()?;
        }
        html.put(line.get(at..)?, class(&stack));
    }
    html.put("", None);
    Some(html.html)
}

/// The name under which the grammars know a language.
fn known_as(language: &str) -> &str {
    match language {
        "shell" | "zsh" | "ksh" => "sh",
        "jsonc" | "json5" => "json",
        "dockerfile" | "containerfile" => "Dockerfile",
        "hcl" | "terraform" => "tf",
        "golang" => "go",
        "patch" => "diff",
        other => other,
    }
}

/// The class of the innermost scope that has one.
fn class(stack: &ScopeStack) -> Option<&'static str> {
    let of = |scope: &Scope| CLASSES.iter().find(|(known, _)| known.is_prefix_of(*scope)).map(|(_, class)| *class);
    stack.as_slice().iter().rev().find_map(of)
}

/// Puts neighbours of one class into one element.
struct Writer {
    html: String,
    open: Option<&'static str>,
}

impl Writer {
    fn put(&mut self, text: &str, class: Option<&'static str>) {
        if text.is_empty() && class.is_some() {
            return;
        }
        if class != self.open {
            if self.open.is_some() {
                self.html.push_str("</span>");
            }
            if let Some(class) = class {
                self.html.push_str("<span class=\"");
                self.html.push_str(class);
                self.html.push_str("\">");
            }
            self.open = class;
        }
        escape_into(text, &mut self.html);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        let mut text = String::new();
        let mut inside = false;
        for c in html.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => text.push(c),
                _ => {}
            }
        }
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
    }

    #[test]
    fn words_are_marked_by_what_they_are() {
        let html = highlight("toml", "# why\nwithin = \"2m\" # soon\nretry = 3\n").unwrap();
        assert!(html.contains("<span class=\"h-comment\"># why</span>\n"), "{html}");
        assert!(html.contains("<span class=\"h-string\">&quot;2m&quot;</span>"), "{html}");
        assert!(html.contains("<span class=\"h-number\">3</span>"), "{html}");
    }

    #[test]
    fn languages_of_operations_have_a_grammar() {
        for language in [
            "sh",
            "bash",
            "shell",
            "toml",
            "yaml",
            "yml",
            "json",
            "sql",
            "python",
            "rust",
            "go",
            "dockerfile",
            "tf",
            "hcl",
            "diff",
            "ini",
            "xml",
            "html",
            "css",
            "js",
            "ts",
            "nginx",
            "makefile",
            "ruby",
            "java",
        ] {
            assert!(highlight(language, "x = 1\n").is_some(), "{language}");
        }
    }

    #[test]
    fn what_has_no_grammar_is_left_alone() {
        assert_eq!(highlight("", "x"), None);
        assert_eq!(highlight("no-such-language", "x"), None);
        assert_eq!(highlight("text", "x"), None);
        assert_eq!(highlight("toml", &"x = 1\n".repeat(20_000)), None);
    }

    proptest::proptest! {
        #[test]
        fn nothing_of_the_code_is_lost(code in "(\\PC|\n|\"|<|&|'|\\$|\\{|#|/\\*){0,200}", language in proptest::sample::select(vec!["sh", "toml", "yaml", "rust", "html", "markdown", "sql", "diff", "js"])) {
            let code = format!("{code}\n");
            if let Some(html) = highlight(language, &code) {
                proptest::prop_assert_eq!(text(&html), code);
            }
        }
    }
}
