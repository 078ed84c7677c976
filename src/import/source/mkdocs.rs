//! MkDocs: `mkdocs.yml` with `docs_dir`, `nav`, `site_url`, `use_directory_urls`.

use toml::Value;

use crate::discover::Foreign;
use crate::import::values;

use super::{Anchors, Layout, NavPage, Section, Tool, Urls, common_folder, first};

/// The layout, if this is one of its handbooks.
pub(super) fn layout(files: &Foreign) -> Option<Layout> {
    let config = first(files, &["mkdocs.yml", "mkdocs.yaml"])?;
    let read = values::yaml(files.text(config).unwrap_or_default());
    let fault = read.as_ref().err().map(|fault| format!("`{config}` cannot be read, so titles and order are those of the files: {fault}"));
    let table = read.unwrap_or_default();
    let docs = values::text_at(&table, "docs_dir").unwrap_or_else(|| "docs".to_owned());
    let mut layout = Layout::new(Tool::MkDocs, &docs);
    layout.notes.extend(fault);
    layout.config = Some(config.to_owned());
    layout.title = values::text_at(&table, "site_name");
    layout.description = values::text_at(&table, "site_description");
    layout.repository = values::text_at(&table, "repo_url");
    layout.language = values::text_at(&table, "theme.language");
    let folders = table.get("use_directory_urls").and_then(Value::as_bool).unwrap_or(true);
    layout.urls = if folders { Urls::Folders } else { Urls::Files };
    layout.anchors = Anchors::Python;
    layout.at(&values::text_at(&table, "site_url").unwrap_or_default());
    let site = values::text_at(&table, "site_dir").unwrap_or_else(|| "site".to_owned());
    layout.apart.push((format!("{}/", site.trim_matches('/')), "output of MkDocs"));
    if let Some(Value::Array(nav)) = table.get("nav") {
        let mut walk = Walk { layout: &mut layout };
        walk.entries(nav, 0);
    }
    Some(layout)
}

struct Walk<'l> {
    layout: &'l mut Layout,
}

impl Walk<'_> {
    /// The pages of a part of the navigation, by their path below the folder of pages.
    fn entries(&mut self, entries: &[Value], depth: usize) -> Vec<String> {
        let mut pages = Vec::new();
        for entry in entries {
            match entry {
                Value::String(path) => pages.extend(self.page(path, None)),
                Value::Table(table) => {
                    for (title, value) in table {
                        match value {
                            Value::String(path) => pages.extend(self.page(path, Some(title))),
                            Value::Array(inner) if depth < 20 => {
                                let below = self.entries(inner, depth + 1);
                                self.section(title, &below);
                                pages.extend(below);
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        pages
    }

    fn page(&mut self, path: &str, title: Option<&str>) -> Option<String> {
        if path.contains("://") || path.starts_with('/') {
            self.layout.notes.push(format!("the navigation leads out of the handbook to `{path}`; put that link on a page"));
            return None;
        }
        let path = path.trim_start_matches("./");
        self.layout.nav.push(NavPage { path: format!("{}{path}", self.layout.docs), title: title.map(str::to_owned) });
        Some(path.to_owned())
    }

    fn section(&mut self, title: &str, pages: &[String]) {
        let paths: Vec<&str> = pages.iter().map(String::as_str).collect();
        let folder = common_folder(&paths);
        let folder = folder.trim_end_matches('/');
        if folder.is_empty() || self.layout.sections.contains_key(folder) {
            if !pages.is_empty() {
                self.layout.notes.push(format!(
                    "the navigation groups {} page{} under `{title}`, which is no folder of its own: a section of a handbook is a folder",
                    pages.len(),
                    if pages.len() == 1 { "" } else { "s" }
                ));
            }
            return;
        }
        self.layout.sections.insert(folder.to_owned(), Section { title: Some(title.to_owned()), order: None });
    }
}
