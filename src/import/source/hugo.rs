//! Hugo: `hugo.toml`, `config.toml` and their other spellings; `content/`, `static/`, `layouts/`.

use crate::discover::Foreign;
use crate::import::values;

use super::{Layout, Tool, Urls, first};

const CONFIGS: [&str; 13] = [
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "hugo.json",
    "config/_default/hugo.toml",
    "config/_default/hugo.yaml",
    "config/_default/config.toml",
    "config/_default/config.yaml",
    "config.toml",
    "config.yaml",
    "config.yml",
    "config.json",
    "config/_default/hugo.json",
];

/// The layout, if this is one of its sites.
pub(super) fn layout(files: &Foreign) -> Option<Layout> {
    let config = first(files, &CONFIGS)?;
    let read = values::by_ending(config, files.text(config).unwrap_or_default());
    // A `config.toml` may be anybody's.
    let is_hugo =
        config.contains("hugo") || read.as_ref().is_ok_and(|table| table.keys().any(|key| is_key(key))) || files.holds("content/");
    if !is_hugo {
        return None;
    }
    let fault = read.as_ref().err().map(|fault| format!("`{config}` cannot be read, so its defaults hold: {fault}"));
    let table = read.unwrap_or_default();
    // Hugo does not mind the case of its keys.
    let table: toml::Table = table.into_iter().map(|(key, value)| (key.to_lowercase(), value)).collect();
    let docs = values::text_at(&table, "contentdir").unwrap_or_else(|| "content".to_owned());
    let mut layout = Layout::new(Tool::Hugo, &docs);
    layout.notes.extend(fault);
    layout.config = Some(config.to_owned());
    layout.title = values::text_at(&table, "title");
    layout.description = values::text_at(&table, "params.description");
    layout.repository = values::text_at(&table, "params.github_repo").or_else(|| values::text_at(&table, "params.BookRepo"));
    layout.language = values::text_at(&table, "languagecode").or_else(|| values::text_at(&table, "defaultcontentlanguage"));
    layout.at(&values::text_at(&table, "baseurl").unwrap_or_default());
    layout.urls = if values::text_at(&table, "uglyurls").as_deref() == Some("true") { Urls::Files } else { Urls::Folders };
    layout.statics.push("static/".to_owned());
    for folder in ["archetypes/", "layouts/", "themes/", "assets/", "data/", "i18n/", "resources/"] {
        layout.apart.push((folder.to_owned(), "templates and data of Hugo"));
    }
    layout.apart.push(("public/".to_owned(), "output of Hugo"));
    if table.contains_key("languages") {
        layout.notes.push("the site has several languages: their pages stand side by side in the handbook".to_owned());
    }
    Some(layout)
}

fn is_key(key: &str) -> bool {
    matches!(key.to_lowercase().as_str(), "baseurl" | "languagecode" | "contentdir" | "markup" | "taxonomies" | "permalinks")
}
