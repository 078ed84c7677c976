//! Jekyll: `_config.yml`; collections, `_posts`, permalinks.

use toml::Value;

use crate::discover::Foreign;
use crate::import::values;

use super::{Layout, Tool, Urls, first};

/// The layout, if this is one of its sites.
pub(super) fn layout(files: &Foreign) -> Option<Layout> {
    let config = first(files, &["_config.yml", "_config.yaml", "docs/_config.yml"])?;
    let read = values::yaml(files.text(config).unwrap_or_default());
    let fault = read.as_ref().err().map(|fault| format!("`{config}` cannot be read, so its defaults hold: {fault}"));
    let table = read.unwrap_or_default();
    let base = config.strip_suffix("_config.yml").unwrap_or_default();
    let docs = values::text_at(&table, "source").map_or(base.to_owned(), |source| format!("{base}{source}"));
    let mut layout = Layout::new(Tool::Jekyll, &docs);
    layout.notes.extend(fault);
    layout.config = Some(config.to_owned());
    layout.title = values::text_at(&table, "title");
    layout.description = values::text_at(&table, "description");
    layout.repository =
        values::text_at(&table, "repository").map(|name| if name.contains("://") { name } else { format!("https://github.com/{name}") });
    layout.language = values::text_at(&table, "lang");
    layout.at(&values::text_at(&table, "baseurl").unwrap_or_default());
    let pretty = values::text_at(&table, "permalink").is_some_and(|permalink| permalink == "pretty" || permalink.ends_with('/'));
    layout.urls = if pretty { Urls::Folders } else { Urls::Files };
    let apart = |layout: &mut Layout, folder: &str, why| layout.apart.push((format!("{}{folder}", layout.docs), why));
    for folder in ["_includes/", "_layouts/", "_sass/", "_data/", "_plugins/"] {
        apart(&mut layout, folder, "templates and data of Jekyll");
    }
    for folder in ["_site/", ".jekyll-cache/", "vendor/"] {
        apart(&mut layout, folder, "output of Jekyll and its tools");
    }
    for file in ["Gemfile", "Gemfile.lock"] {
        apart(&mut layout, file, "tools of Jekyll");
    }
    if let Some(excluded) = table.get("exclude").and_then(Value::as_array) {
        for name in excluded
            .iter()
            .filter_map(Value::as_str)
            .map(|name| name.trim_matches('/'))
            .filter(|name| !name.contains('*') && !name.is_empty())
        {
            apart(&mut layout, name, "left out by `exclude` in the configuration");
        }
    }
    if files.holds(&format!("{}_data/navigation", layout.docs)) {
        layout.notes.push("`_data/navigation` is a theme's own menu and was not read; give pages an `order`".to_owned());
    }
    Some(layout)
}
