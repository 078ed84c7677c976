//! Docusaurus, Starlight and VitePress: sites whose configuration is a program, which is never run. Order and titles come from the pages, from
//! `_category_` files and from numbers before names.

use toml::Value;

use crate::discover::Foreign;
use crate::import::values;

use super::{Layout, Section, Tool, Urls, first};

/// The layout, if this is a site of one of the three.
pub(super) fn layout(files: &Foreign) -> Option<Layout> {
    docusaurus(files).or_else(|| starlight(files)).or_else(|| vitepress(files))
}

fn docusaurus(files: &Foreign) -> Option<Layout> {
    let config = first(files, &["docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs"])?;
    let mut layout = Layout::new(Tool::Docusaurus, "docs");
    layout.config = Some(config.to_owned());
    layout.urls = Urls::Bare;
    layout.statics.push("static/".to_owned());
    layout.apart.push(("build/".to_owned(), "output of Docusaurus"));
    layout.apart.push((".docusaurus/".to_owned(), "output of Docusaurus"));
    layout.notes.push(format!("`{config}` is a program and was not run: give the handbook a `title` in `forewarn.toml`"));
    if let Some(sidebars) = first(files, &["sidebars.js", "sidebars.ts"]) {
        layout.notes.push(format!("`{sidebars}` is a program and was not run: the order comes from the pages and their folders"));
    }
    let categories: Vec<String> = files
        .texts()
        .filter(|path| path.rsplit('/').next().is_some_and(|name| name.starts_with("_category_.")))
        .map(str::to_owned)
        .collect();
    for path in categories {
        let Some(folder) = path.strip_prefix(&layout.docs).and_then(|path| path.rsplit_once('/')).map(|(folder, _)| folder.to_owned())
        else {
            continue;
        };
        match values::by_ending(&path, files.text(&path).unwrap_or_default()) {
            Ok(table) => {
                let order =
                    table.get("position").and_then(|value| value.as_float().or_else(|| value.as_integer().map(|number| number as f64)));
                layout.sections.insert(folder, Section { title: table.get("label").and_then(Value::as_str).map(str::to_owned), order });
            }
            Err(fault) => layout.notes.push(format!("`{path}` cannot be read: {fault}")),
        }
        layout.apart.push((path, "the name and place of a section: both are in its page now"));
    }
    Some(layout)
}

fn starlight(files: &Foreign) -> Option<Layout> {
    let config = first(files, &["astro.config.mjs", "astro.config.js", "astro.config.ts"])?;
    let docs = ["src/content/docs/", "src/pages/"].into_iter().find(|folder| files.holds(folder))?;
    let mut layout = Layout::new(Tool::Starlight, docs);
    layout.config = Some(config.to_owned());
    layout.urls = Urls::Folders;
    layout.statics.push("public/".to_owned());
    layout.apart.push(("dist/".to_owned(), "output of Astro"));
    layout.notes.push(format!(
        "`{config}` is a program and was not run: the order comes from the pages, and the title is yours to set in `forewarn.toml`"
    ));
    Some(layout)
}

fn vitepress(files: &Foreign) -> Option<Layout> {
    let base = ["", "docs/"].into_iter().find(|base| files.holds(&format!("{base}.vitepress/")))?;
    let mut layout = Layout::new(Tool::VitePress, base);
    layout.config = Some(format!("{base}.vitepress/"));
    layout.urls = Urls::Bare;
    layout.statics.push(format!("{base}public/"));
    layout.apart.push((format!("{base}.vitepress/"), "configuration, theme and output of VitePress"));
    layout.notes.push(format!("the configuration in `{base}.vitepress/` is a program and was not run: the order is that of the titles"));
    Some(layout)
}
