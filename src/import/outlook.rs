//! Title, place and old URLs of each page, and the pages of folders that had none.
//!
//! In: pages with what their front matter says, and the layout: navigation, sections, URL rules. Out: each page's block of keys. Absent:
//! the text of pages.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use toml::{Table, Value};

use super::front_matter::block;
use super::names::{Names, is_index};
use super::page::Page;
use super::source::{Layout, Tool, Urls};

/// The path of a page's URL at the other tool; of its file where there are no URLs.
pub(super) fn url(page: &Page, layout: &Layout) -> String {
    if layout.urls == Urls::Sources {
        return format!("/{}", page.stem);
    }
    if let Some(url) = page.front.url.as_ref().filter(|url| url.starts_with('/') && !url.contains([':', '{'])) {
        return url.clone();
    }
    if let (Tool::Docusaurus, Some(slug)) = (layout.tool, page.front.slug.as_ref().filter(|slug| slug.starts_with('/'))) {
        return format!("/docs{slug}");
    }
    let mut parts: Vec<String> = page.stem.split('/').map(str::to_owned).collect();
    let name = parts.pop().unwrap_or_default();
    let name = page.front.slug.clone().filter(|slug| !slug.contains(':') && !slug.trim_matches('/').is_empty()).unwrap_or(name);
    if layout.tool == Tool::Docusaurus {
        parts.iter_mut().for_each(|part| *part = without_number(part).to_owned());
        parts.insert(0, "docs".to_owned());
    }
    if layout.tool == Tool::Jekyll
        && let Some(dated) = post(&parts, &name)
    {
        return dated;
    }
    // A collection of Jekyll stands at its name.
    let collected = |part: &str| if layout.tool == Tool::Jekyll { part.trim_start_matches('_').to_owned() } else { part.to_owned() };
    let folder = parts.iter().fold(String::from("/"), |path, part| format!("{path}{}/", collected(part)));
    if is_index(&name) {
        return folder;
    }
    let name = if layout.tool == Tool::Docusaurus { without_number(&name) } else { name.trim_matches('/') };
    match layout.urls {
        Urls::Folders => format!("{folder}{name}/"),
        Urls::Files => format!("{folder}{name}.html"),
        Urls::Bare | Urls::Sources => format!("{folder}{name}"),
    }
}

/// The URL of a dated post of Jekyll.
fn post(parts: &[String], name: &str) -> Option<String> {
    if !parts.iter().any(|part| part == "_posts") {
        return None;
    }
    let mut words = name.splitn(4, '-');
    let date: Vec<&str> = words.by_ref().take(3).collect();
    let rest = words.next()?;
    let above: String = parts.iter().take_while(|part| *part != "_posts").map(|part| format!("/{part}")).collect();
    Some(format!("{above}/{}/{rest}.html", date.join("/")))
}

/// A name without the number that gives its place.
fn without_number(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let bare = rest.trim_start_matches(['-', '_', '.', ' ']);
    if rest.len() == name.len() || bare.len() == rest.len() || bare.is_empty() { name } else { bare }
}

/// The number before a name.
fn number(name: &str) -> Option<f64> {
    let digits = name.len() - name.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if without_number(name).len() == name.len() || digits > 4 { None } else { name[..digits].parse().ok() }
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Gives each page its block of keys.
pub(super) fn place(pages: &mut [Page], layout: &Layout, given: &mut Names) {
    let mut nav: HashMap<&str, (usize, Option<&str>)> = HashMap::new();
    for (index, entry) in layout.nav.iter().enumerate() {
        nav.entry(entry.path.as_str()).or_insert((index + 1, entry.title.as_deref()));
    }
    let below = first_below(pages, &nav);
    let numbered = layout.nav.is_empty() && matches!(layout.tool, Tool::Docusaurus | Tool::Plain | Tool::Starlight | Tool::VitePress);
    let orders: Vec<Option<f64>> = pages
        .iter()
        .map(|page| {
            let folder = page.stem.rsplit_once('/').map_or("", |(folder, _)| folder);
            let own = nav.get(page.source.as_str()).map(|(index, _)| *index as f64);
            if is_index(&page.stem) {
                let section = layout.sections.get(folder).and_then(|section| section.order);
                let first = below.get(folder).map(|index| *index as f64);
                let by_nav = [own, first.filter(|_| !folder.is_empty())].into_iter().flatten().reduce(f64::min);
                return by_nav.or(section).or(page.front.order).or_else(|| number(last(folder)).filter(|_| numbered));
            }
            own.or(if layout.nav.is_empty() { page.front.order } else { None }).or_else(|| number(last(&page.stem)).filter(|_| numbered))
        })
        .collect();
    let mut orders = orders;
    if layout.nav.is_empty() && by_file_name(layout.tool) {
        keep_file_order(pages, &mut orders);
    }
    let factor = if orders.iter().flatten().any(|order| order.fract() != 0.0) { 100.0 } else { 1.0 };
    for (page, order) in pages.iter_mut().zip(orders) {
        let navigated = nav.get(page.source.as_str()).and_then(|(_, title)| *title);
        let folder = page.stem.rsplit_once('/').map_or("", |(folder, _)| folder);
        let section = layout.sections.get(folder).and_then(|section| section.title.as_deref()).filter(|_| is_index(&page.stem));
        let heading = page.heading().map(str::to_owned);
        let heading = heading.as_deref();
        let outer = section.or(navigated).map(str::trim).filter(|title| !title.is_empty() && Some(*title) != heading);
        let title = page.front.title.clone().or_else(|| outer.map(str::to_owned));
        let title = title.or_else(|| by_number(page, heading).filter(|_| numbered));
        let mut keys = Table::new();
        let mut put = |key: &str, value: Option<Value>| drop(value.map(|value| keys.insert(key.to_owned(), value)));
        put("title", title.map(Value::String));
        put("description", page.front.description.clone().map(Value::String));
        let whole = order.map(|order| (order * factor).round()).filter(|order| order.abs() < 1e15);
        put("order", whole.map(|order| Value::Integer(order as i64)));
        put("tags", texts(&page.front.tags));
        put("aliases", texts(&aliases(page, layout, given)));
        put("draft", (page.front.draft || page.stem.starts_with("_drafts/")).then_some(Value::Boolean(true)));
        let mut extra = page.front.extra.clone();
        if let (false, Some(order)) = (layout.nav.is_empty(), page.front.order) {
            extra.insert("order".to_owned(), Value::Float(order));
        }
        put("extra", (!extra.is_empty()).then(|| Value::Table(extra)));
        if keys.is_empty() && needs_block(page) {
            let title = heading.map_or_else(|| last(&page.stem).replace(['-', '_'], " "), str::to_owned);
            keys.insert("kind".to_owned(), Value::String("page".to_owned()));
            keys.insert("title".to_owned(), Value::String(title));
        } else if has_our_blocks(page) {
            keys.insert("kind".to_owned(), Value::String("page".to_owned()));
        }
        if page.front.extra.contains_key("owner") {
            page.told.note(1, "its `owner` is kept in `[extra]`: an owner is a role of the handbook, so declare that role first");
        }
        page.block = if is_ours(page) { None } else { block(keys) };
    }
}

/// Whether a tool shows the pages of a folder by the names of their files, where nothing else is said; others go by titles, as forewarn does.
fn by_file_name(tool: Tool) -> bool {
    !matches!(tool, Tool::Hugo | Tool::Jekyll)
}

/// Gives places to the pages of a folder whose titles would bring them into another order than the names of their files do.
fn keep_file_order(pages: &[Page], orders: &mut [Option<f64>]) {
    let mut folders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, page) in pages.iter().enumerate().filter(|(_, page)| !is_index(&page.stem)) {
        folders.entry(page.stem.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default().push(at);
    }
    for of_folder in folders.into_values() {
        let title = |at: &usize| {
            let page = &pages[*at];
            let heading = page.heading().map(str::to_owned);
            page.front.title.clone().or(heading).unwrap_or_else(|| words(last(&page.stem))).to_lowercase()
        };
        let place = |at: &usize| orders[*at].unwrap_or(f64::INFINITY);
        let (mut by_file, mut by_title) = (of_folder.clone(), of_folder);
        by_file
            .sort_by(|a, b| place(a).total_cmp(&place(b)).then_with(|| pages[*a].stem.to_lowercase().cmp(&pages[*b].stem.to_lowercase())));
        by_title.sort_by(|a, b| place(a).total_cmp(&place(b)).then_with(|| title(a).cmp(&title(b))));
        if by_file == by_title {
            continue;
        }
        let mut next = by_file.iter().filter_map(|at| orders[*at]).fold(0.0, f64::max);
        for at in by_file {
            if orders[at].is_none() {
                next += 1.0;
                orders[at] = Some(next);
            }
        }
    }
}

/// Whether the page speaks forewarn's language already: its declaration stays as it is.
fn is_ours(page: &Page) -> bool {
    let first = page.lines.iter().find(|line| !line.is_blank() && !line.text.starts_with("# "));
    page.front.language.is_none() && first.is_some_and(|line| matches!(line.text.trim(), "```page" | "```toml page"))
}

/// Whether a page without keys could be read as one with a front matter that it has not.
fn needs_block(page: &Page) -> bool {
    let first = page.lines.first().map(|line| line.text.trim_end()).unwrap_or_default();
    matches!(first, "---" | "+++") || has_our_blocks(page)
}

/// Whether the page shows blocks of forewarn's, which are no facts about it.
fn has_our_blocks(page: &Page) -> bool {
    page.lines.iter().any(|line| {
        let text = line.text.trim_start_matches([' ', '>']);
        let info = text.trim_start_matches(['`', '~']);
        text.len() - info.len() >= 3 && matches!(info.trim().trim_start_matches("toml "), "page" | "step" | "decision" | "failure")
    })
}

/// The title of a page whose name begins with a number and that has no heading.
fn by_number(page: &Page, heading: Option<&str>) -> Option<String> {
    let name = last(&page.stem);
    (heading.is_none() && number(name).is_some()).then(|| words(without_number(name)))
}

fn texts(texts: &[String]) -> Option<Value> {
    (!texts.is_empty()).then(|| Value::Array(texts.iter().cloned().map(Value::String).collect()))
}

/// Old URLs that lead to the page: those that it had, and the one that the other tool gave it, where that is another.
fn aliases(page: &mut Page, layout: &Layout, given: &mut Names) -> Vec<String> {
    let own = crate::model::url(&crate::source::PagePath::new(&page.new));
    let base = page.url.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let written = std::mem::take(&mut page.front.aliases);
    let generated = (layout.urls != Urls::Sources).then(|| (page.url.clone(), false));
    let mut found = Vec::new();
    for (alias, by_author) in written.iter().map(|alias| (alias.clone(), true)).chain(generated) {
        let whole = if alias.starts_with('/') { alias.clone() } else { format!("{base}/{alias}") };
        let whole = if whole.ends_with('/') || whole.ends_with(".html") { whole } else { format!("{whole}/") };
        let whole = whole.strip_suffix("index.html").unwrap_or(&whole).to_owned();
        let inner = whole.trim_start_matches('/').trim_end_matches('/');
        let fits = !inner.is_empty()
            && !whole.contains(['%', '#', '?'])
            && whole.len() < 900
            && inner
                .split('/')
                .all(|part| part.len() < 180 && !part.starts_with(['.', '_']) && crate::portable::unportable(part).is_none());
        if whole == own {
            continue;
        }
        if fits && given.alias(&whole) {
            found.push(whole);
        } else if by_author {
            page.told.note(1, format!("the old address `{alias}` is taken or cannot be held, and was left out"));
        }
    }
    found
}

/// For each folder below the pages' folder, the place of its first page in the navigation.
fn first_below(pages: &[Page], nav: &HashMap<&str, (usize, Option<&str>)>) -> BTreeMap<String, usize> {
    let mut below: BTreeMap<String, usize> = BTreeMap::new();
    for page in pages {
        let Some((index, _)) = nav.get(page.source.as_str()) else { continue };
        let mut path = page.stem.as_str();
        while let Some((folder, _)) = path.rsplit_once('/') {
            let first = below.entry(folder.to_owned()).or_insert(*index);
            *first = (*first).min(*index);
            path = folder;
        }
    }
    below
}

/// A page for a folder that had none.
pub(super) struct Made {
    /// Its path.
    pub(super) path: String,
    /// Its text.
    pub(super) text: String,
}

/// Pages for folders that have none and need one: for their name, their place, or a link to them.
pub(super) fn sections(pages: &[Page], layout: &Layout, wanted: &BTreeSet<String>) -> Vec<Made> {
    let nav: HashMap<&str, (usize, Option<&str>)> =
        layout.nav.iter().enumerate().map(|(at, entry)| (entry.path.as_str(), (at + 1, None))).collect();
    let below = first_below(pages, &nav);
    let mut folders: BTreeMap<&str, &str> = BTreeMap::new();
    for page in pages {
        let (mut old, mut new) = (page.stem.as_str(), page.new.as_str());
        while let (Some((above, _)), Some((new_above, _))) = (old.rsplit_once('/'), new.rsplit_once('/')) {
            folders.insert(new_above, above);
            (old, new) = (above, new_above);
        }
    }
    let own: BTreeSet<&str> =
        pages.iter().filter_map(|page| page.new.strip_suffix("/index.md").or_else(|| page.new.strip_suffix("/README.md"))).collect();
    let made = |(new, old): (&&str, &&str)| {
        let section = layout.sections.get(*old);
        let order =
            below.get(*old).map(|first| *first as f64).or_else(|| section.and_then(|section| section.order)).or_else(|| number(last(old)));
        let needed = section.is_some() || order.is_some() || wanted.contains(*new);
        if !needed || own.contains(new) || *new == "content" {
            return None;
        }
        let title = section.and_then(|section| section.title.clone()).unwrap_or_else(|| words(without_number(last(old))));
        let mut keys = Table::from_iter([("title".to_owned(), Value::String(title.clone()))]);
        if let Some(order) = order {
            keys.insert("order".to_owned(), Value::Integer(order.round() as i64));
        }
        Some(Made { path: format!("{new}/index.md"), text: format!("{}\n# {}\n", block(keys)?, escaped(&title)) })
    };
    folders.iter().filter_map(made).collect()
}

/// A title as Markdown that shows it.
fn escaped(title: &str) -> String {
    title
        .chars()
        .flat_map(|c| {
            ['\\'].into_iter().filter(move |_| c.is_ascii_punctuation() && !matches!(c, '-' | ',' | '.' | ':' | '/' | '\'')).chain([c])
        })
        .collect()
}

/// The name of a folder as a title.
fn words(name: &str) -> String {
    let name = name.trim_start_matches(['.', '_']).replace(['-', '_'], " ");
    let mut letters = name.chars();
    letters.next().map_or_else(|| "Section".to_owned(), |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_before_names_give_a_place() {
        assert_eq!((number("01-intro"), without_number("01-intro")), (Some(1.0), "intro"));
        assert_eq!((number("2020-01-01-post"), number("10x")), (Some(2020.0), None));
        assert_eq!((without_number("404"), number("404")), ("404", None));
        assert_eq!(words("on_call-duty"), "On call duty");
    }
}
