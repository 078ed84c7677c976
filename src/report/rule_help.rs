//! A rule's manual page -> what SARIF tells of a rule. The page stands in `content/rules/`; what is read elsewhere needs whole links.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, LinkType, Tag, TagEnd};

use crate::check::rule::Rule;
use crate::manual;
use crate::parse::markdown;
use crate::parse::url;

use super::explain;

/// Characters of a full description that GitHub keeps.
const DESCRIPTION: usize = 1024;

/// What a reader of a report is told of a rule.
pub struct RuleHelp {
    /// When it fires: the page's words before its first section.
    pub description: String,
    /// The page as plain text.
    pub text: String,
    /// The page as Markdown.
    pub markdown: String,
    /// The page on the web.
    pub uri: String,
}

/// What is told of a rule.
pub fn rule_help(rule: &Rule) -> RuleHelp {
    let page = manual::page(rule.name).unwrap_or_default();
    let body = body(page);
    let description = Some(intro(&body)).filter(|intro| !intro.is_empty()).unwrap_or_else(|| rule.summary.to_owned());
    RuleHelp {
        description,
        text: explain::page(rule.name, page, false),
        markdown: whole_links(body.trim(), rule.name),
        uri: address(&format!("content/rules/{}.md", rule.name)),
    }
}

/// Where a file of forewarn's own repository is read.
fn address(path: &str) -> String {
    format!("{}/blob/HEAD/{path}", env!("CARGO_PKG_REPOSITORY"))
}

/// A page without the block that holds its facts.
fn body(page: &str) -> String {
    let is_facts = |event: &Event<'_>| matches!(event, Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if info.trim() == "page");
    match markdown::events(page).find(|(event, _)| is_facts(event)) {
        Some((_, facts)) => format!("{}{}", &page[..facts.start], &page[facts.end..]),
        None => page.to_owned(),
    }
}

/// The paragraphs before the first section, without marks; the level is told elsewhere.
fn intro(body: &str) -> String {
    let mut text = String::new();
    let mut heading = false;
    for (event, _) in markdown::events(body) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => heading = true,
            Event::Start(Tag::Heading { .. } | Tag::CodeBlock(_)) => break,
            Event::End(TagEnd::Heading(_)) => heading = false,
            Event::End(TagEnd::Paragraph | TagEnd::Item) => text.push('\n'),
            _ if heading => {}
            event => markdown::push_plain(&event, &mut text),
        }
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("Level: ")).collect();
    let text = lines.join("\n");
    let Some((end, _)) = text.char_indices().nth(DESCRIPTION) else { return text };
    // Whole sentences, where there are some.
    let sentences = [". ", ".\n"].into_iter().filter_map(|stop| text[..end].rfind(stop)).max();
    text[..sentences.map_or(end, |dot| dot + 1)].to_owned()
}

/// The Markdown with its relative links made whole.
fn whole_links(body: &str, rule: &str) -> String {
    let mut edits = Vec::new();
    for (event, range) in markdown::events(body) {
        let Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, .. }) = event else { continue };
        if url::is_external(&dest_url) {
            continue;
        }
        let source = &body[range.clone()];
        if let Some(at) = source.rfind(&format!("]({dest_url}")) {
            let start = range.start + at + 2;
            edits.push((start..start + dest_url.len(), address(&beside(rule, &dest_url))));
        }
    }
    let mut text = body.to_owned();
    for (range, whole) in edits.into_iter().rev() {
        text.replace_range(range, &whole);
    }
    text
}

/// The path, from the root of the repository, of a link on a rule's page.
fn beside(rule: &str, link: &str) -> String {
    let mut parts = vec!["content", "rules"];
    if link.starts_with('#') {
        return format!("content/rules/{rule}.md{link}");
    }
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::rules::{RULES, find};

    #[test]
    fn every_rule_has_words_before_its_first_section() {
        for rule in RULES {
            let help = rule_help(rule);
            assert!(help.description.chars().count() <= DESCRIPTION, "{}", rule.name);
            assert_ne!(help.description, rule.summary, "{}", rule.name);
            assert!(help.text.starts_with(rule.name), "{}", rule.name);
            assert!(!help.markdown.starts_with("```page"), "{}", rule.name);
            assert!(help.markdown.contains("## "), "{}", rule.name);
        }
    }

    #[test]
    fn links_of_a_page_are_whole() {
        let help = rule_help(find("untested-recovery").unwrap());
        assert!(help.markdown.contains("/blob/HEAD/content/rules/missing-recovery.md)"), "{}", help.markdown);
        assert_eq!(beside("a", "../guide/steps.md#x"), "content/guide/steps.md#x");
        assert_eq!(beside("a", "#x"), "content/rules/a.md#x");
        assert_eq!(whole_links("`](b.md)` [x](./b.md \"t\")\n", "a"), format!("`](b.md)` [x]({} \"t\")\n", address("content/rules/b.md")));
    }
}
