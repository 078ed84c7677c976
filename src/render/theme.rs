//! Templates, styles and scripts: the default theme in the binary, and what a project puts over it.
//!
//! A file `templates/process.html` of a project's theme takes the place of the default's; it may extend it as `default/process.html`, and
//! override single blocks or components. A file under `static/` takes the place of the default's of that name, or stands beside it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use anyhow::{Context as _, anyhow};
use include_dir::{Dir, include_dir};
use serde::Serialize;
use tera::{Context, ErrorKind, Tera, Value};

use super::budget::Budget;
use crate::source::ThemeFile;

static DEFAULT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// The prefix of the default theme's templates.
const PREFIX: &str = "default/";

/// The names under which templates get their values.
const VALUES: [&str; 26] = [
    "site",
    "page",
    "nav",
    "prose",
    "process",
    "system",
    "role",
    "incident",
    "record",
    "home",
    "checklist",
    "workbook",
    "premortems",
    "gaps",
    "risks",
    "reviews",
    "growth",
    "map",
    "foresight",
    "print",
    "title",
    "target",
    "language",
    "base",
    "csp",
    "style",
];

/// A theme, ready to render.
pub struct Theme {
    tera: Tera,
    statics: BTreeMap<String, Cow<'static, [u8]>>,
}

impl Theme {
    /// The default theme with a project's files over it.
    pub fn new(files: &[ThemeFile]) -> anyhow::Result<Self> {
        let mut tera = Tera::new();
        tera.set_fallback_prefixes([PREFIX]).map_err(|error| anyhow!("preparing the default theme: {error}"))?;
        let mut statics = BTreeMap::new();
        let mut templates: Vec<(String, String)> = Vec::new();
        let mut embedded = Vec::new();
        gather(&DEFAULT, &mut embedded);
        for (path, bytes) in embedded {
            if let Some(name) = path.strip_prefix("templates/") {
                let text = std::str::from_utf8(bytes).with_context(|| format!("reading the default theme's template `{name}`"))?;
                templates.push((format!("{PREFIX}{name}"), text.to_owned()));
            } else if let Some(name) = path.strip_prefix("static/") {
                statics.insert(name.to_owned(), Cow::Borrowed(bytes));
            }
        }
        for file in files {
            if let Some(name) = file.path.strip_prefix("templates/") {
                let text = std::str::from_utf8(&file.bytes).with_context(|| format!("reading the theme's template `{}`", file.path))?;
                templates.push((name.to_owned(), text.to_owned()));
            } else if let Some(name) = file.path.strip_prefix("static/") {
                statics.insert(name.to_owned(), Cow::Owned(file.bytes.to_vec()));
            }
        }
        tera.autoescape_on([""]);
        let own: Vec<String> = templates.iter().map(|(name, _)| name.clone()).filter(|name| !name.starts_with(PREFIX)).collect();
        tera.add_raw_templates(templates).map_err(|error| anyhow!("reading the theme's templates: {error}"))?;
        for name in own {
            let used = tera.get_template_variables(&name).map_err(|error| anyhow!("reading the theme's templates: {error}"))?;
            let mut unknown: Vec<&str> = used.into_iter().filter(|variable| !VALUES.contains(variable)).collect();
            unknown.sort_unstable();
            if let Some(variable) = unknown.first() {
                return Err(anyhow!("the theme's template `{name}` uses `{variable}`, which no page has; there are {}", VALUES.join(", ")));
            }
        }
        Ok(Self { tera, statics })
    }

    /// The theme's own files, by name.
    pub fn statics(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.statics.iter().map(|(name, bytes)| (name.as_str(), bytes.as_ref()))
    }

    /// Renders a template. An unknown variable is an error that names template and line; `page` says which page it was for.
    pub fn render(&self, template: &str, values: &Values, page: &str) -> anyhow::Result<Vec<u8>> {
        let mut html = Budget::of_page();
        self.tera.render_to(template, &values.0, &mut html).map_err(|error| {
            let place = match error.kind() {
                ErrorKind::RenderingError(report) | ErrorKind::SyntaxError(report) => {
                    let span = report.span();
                    format!("template `{}`, line {}: {}", report.filename(), span.start_line, report.message())
                }
                _ => format!("template `{template}`: {error}"),
            };
            anyhow!("rendering `{page}`: {place}")
        })?;
        Ok(html.into_bytes())
    }
}

impl std::fmt::Debug for Theme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Theme").field("statics", &self.statics.keys().collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

/// The values that a template gets.
#[derive(Default)]
pub struct Values(Context);

impl Values {
    /// The same values and one more.
    pub fn with<T: Serialize>(mut self, name: &'static str, value: &T) -> anyhow::Result<Self> {
        let value = Value::try_from_serializable(value).map_err(|error| anyhow!("preparing `{name}` for the theme: {error}"))?;
        self.0.insert_value(name, value);
        Ok(self)
    }
}

fn gather<'d>(dir: &Dir<'d>, files: &mut Vec<(String, &'d [u8])>) {
    for file in dir.files() {
        // Names of the binary's own files, whatever separator the machine that built it has.
        let path: Vec<String> = file.path().components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        files.push((path.join("/"), file.contents()));
    }
    for inner in dir.dirs() {
        gather(inner, files);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn file(path: &str, text: &str) -> ThemeFile {
        ThemeFile { path: path.to_owned(), bytes: Arc::from(text.as_bytes()) }
    }

    #[test]
    fn a_project_overrides_one_template_and_extends_the_default() {
        let over = file("templates/probe.html", "{% for x in [1] %}{% set y = x %}{% if y %}{{ title }}{% endif %}{% endfor %}");
        let theme = Theme::new(&[over]).unwrap();
        let values = Values::default().with("title", &"<b>").unwrap();
        assert_eq!(theme.render("probe.html", &values, "x").unwrap(), b"&lt;b&gt;");
        assert!(Theme::new(&[file("templates/page.html", "{% extends \"default/page.html\" %}{% block title %}x{% endblock %}")]).is_ok());
    }

    #[test]
    fn an_unknown_variable_names_template_line_and_page() {
        let theme = Theme::new(&[file("templates/probe.txt", "a\n{{ page.nothing }}")]).unwrap();
        let values = Values::default().with("page", &serde_json::json!({ "title": "x" })).unwrap();
        let error = theme.render("probe.txt", &values, "content/a.md").unwrap_err().to_string();
        assert!(error.contains("`probe.txt`, line 2") && error.contains("content/a.md"), "{error}");
    }

    #[test]
    fn an_unknown_variable_is_found_where_it_is_only_asked_about() {
        let error = Theme::new(&[file("templates/probe.html", "{% if proces %}x{% endif %}")]).unwrap_err().to_string();
        assert!(error.contains("`probe.html`") && error.contains("`proces`"), "{error}");
    }

    #[test]
    fn every_template_escapes_whatever_its_name() {
        let theme = Theme::new(&[file("templates/probe.txt", "{{ title }}")]).unwrap();
        let values = Values::default().with("title", &"<script>").unwrap();
        assert_eq!(theme.render("probe.txt", &values, "x").unwrap(), b"&lt;script&gt;");
    }

    #[test]
    fn the_default_theme_may_stand_over_itself() {
        let mut files = Vec::new();
        gather(&DEFAULT, &mut files);
        let files: Vec<ThemeFile> = files.into_iter().map(|(path, bytes)| ThemeFile { path, bytes: Arc::from(bytes) }).collect();
        Theme::new(&files).unwrap();
    }

    #[test]
    fn a_project_overrides_a_file() {
        let theme = Theme::new(&[file("static/style.css", "x")]).unwrap();
        assert_eq!(theme.statics().find(|(name, _)| *name == "style.css").unwrap().1, b"x");
    }
}
