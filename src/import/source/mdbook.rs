//! mdBook: `book.toml` with `src`, and `SUMMARY.md`. GitBook: `.gitbook.yaml`, or a `SUMMARY.md` alone.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::discover::Foreign;
use crate::import::values;
use crate::parse::{markdown, url};

use super::{Layout, NavPage, Tool, Urls};

/// The layout, if this is a book.
pub(super) fn layout(files: &Foreign) -> Option<Layout> {
    let config = "book.toml";
    let read = values::toml(files.text(config)?);
    let fault = read.as_ref().err().map(|fault| format!("`{config}` cannot be read, so its defaults hold: {fault}"));
    let table = read.unwrap_or_default();
    let mut layout = Layout::new(Tool::MdBook, &values::text_at(&table, "book.src").unwrap_or_else(|| "src".to_owned()));
    layout.notes.extend(fault);
    layout.config = Some(config.to_owned());
    layout.title = values::text_at(&table, "book.title");
    layout.description = values::text_at(&table, "book.description");
    layout.language = values::text_at(&table, "book.language");
    layout.repository = values::text_at(&table, "output.html.git-repository-url");
    layout.urls = Urls::Files;
    layout.at(&values::text_at(&table, "output.html.site-url").unwrap_or_default());
    let output = values::text_at(&table, "build.build-dir").unwrap_or_else(|| "book".to_owned());
    layout.apart.push((format!("{}/", output.trim_matches('/')), "output of mdBook"));
    layout.apart.push(("theme/".to_owned(), "theme of mdBook"));
    summary(files, &mut layout, "SUMMARY.md");
    Some(layout)
}

/// The layout, if this is made with GitBook.
pub(super) fn gitbook(files: &Foreign) -> Option<Layout> {
    let config = [".gitbook.yaml", ".gitbook.yml"].into_iter().find(|name| files.has(name));
    let table = config.and_then(|config| values::yaml(files.text(config)?).ok()).unwrap_or_default();
    let docs = values::text_at(&table, "root").unwrap_or_default();
    let mut layout = Layout::new(Tool::GitBook, &docs);
    let name = values::text_at(&table, "structure.summary").unwrap_or_else(|| "SUMMARY.md".to_owned());
    let name = name.trim_start_matches("./").to_owned();
    if config.is_none() && !files.has(&format!("{}{name}", layout.docs)) {
        return None;
    }
    layout.config = config.map(str::to_owned).or(Some(format!("{}{name}", layout.docs)));
    summary(files, &mut layout, &name);
    Some(layout)
}

/// Reads a summary: its links in their order are the navigation.
fn summary(files: &Foreign, layout: &mut Layout, name: &str) {
    let path = format!("{}{name}", layout.docs);
    layout.apart.push((path.clone(), "the navigation: it gave pages their order and titles"));
    let Some(text) = files.text(&path) else {
        layout.notes.push(format!("there is no `{path}`, so titles and order are those of the files"));
        return;
    };
    let mut open: Option<(String, String)> = None;
    for (event, _) in markdown::events(text) {
        match &event {
            Event::Start(Tag::Link { dest_url, .. }) => open = Some((dest_url.to_string(), String::new())),
            Event::End(TagEnd::Link) => {
                let Some((target, title)) = open.take() else { continue };
                let title = title.trim().to_owned();
                let target = url::percent_decoded(target.split('#').next().unwrap_or_default());
                if target.is_empty() {
                    layout.notes.push(format!("the chapter `{title}` is planned and has no page"));
                } else if !url::is_external(&target) {
                    let path = format!("{}{}", layout.docs, target.trim_start_matches("./"));
                    let title = (!title.is_empty()).then_some(title);
                    layout.nav.push(NavPage { path, title });
                }
            }
            other => {
                if let Some((_, title)) = &mut open {
                    markdown::push_plain(other, title);
                }
            }
        }
    }
}
