//! Where a new page goes, and whether it may: its path from kind, title and wish, and everything about the handbook that stands against it.

use anyhow::{Context, bail};

use crate::containment::is_plain;
use crate::model::{Handbook, Page, url};
use crate::parse::file_id;
use crate::parse::slug::slug;
use crate::parse::value::PageKind;
use crate::portable::{folded, unportable};
use crate::render::paths::MADE;
use crate::source::PagePath;

/// A title on one line: every run of white space is one space.
pub fn one_line(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The folder in which pages of a kind begin their life.
pub fn folder(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Page => "content",
        PageKind::Process => "content/processes",
        PageKind::System => "content/systems",
        PageKind::Role => "content/roles",
        PageKind::Incident => "content/incidents",
        PageKind::Premortem => "content/premortems",
    }
}

/// The path of a new page: the folder of its kind and the slug of its title, or what was asked for. `content/` before it and `.md` after
/// it may be left out; a wish that ends in `/` is a folder.
pub fn path(kind: PageKind, title: &str, wish: Option<&str>) -> anyhow::Result<PagePath> {
    let file = || {
        let slug = slug(title);
        let slug = slug.trim_start_matches(['_', '-']).trim_end_matches('-').to_owned();
        let why = || format!("the title `{title}` gives no file name; name the file with `--path`");
        (!slug.is_empty()).then_some(slug).with_context(why)
    };
    let Some(wish) = wish else { return Ok(PagePath::new(format!("{}/{}.md", folder(kind), file()?))) };
    let bare = wish.strip_prefix("./").unwrap_or(wish);
    let whole = if bare.ends_with('/') { format!("{bare}{}", file()?) } else { bare.to_owned() };
    let whole = if whole.starts_with("content/") { whole } else { format!("content/{whole}") };
    if bare.starts_with('/') || !is_plain(&whole) {
        bail!("`{}` is no path below `content/`", wish.escape_debug());
    }
    Ok(PagePath::new(if whole.ends_with(".md") { whole } else { format!("{whole}.md") }))
}

/// Fails where a page of that kind cannot stand at that path.
pub fn may_stand(kind: PageKind, path: &PagePath, handbook: &Handbook) -> anyhow::Result<()> {
    portable(path, handbook)?;
    if let Some(taken) =
        handbook.pages.iter().map(Page::path).chain(handbook.assets.iter()).find(|taken| folded(taken.as_str()) == folded(path.as_str()))
    {
        bail!("`{taken}` exists already; give another title, or another path with `--path`");
    }
    let address = url(path);
    if MADE.iter().any(|name| folded(&address) == format!("/{name}/")) {
        bail!("`{address}` is a page that forewarn makes itself; give another title, or another path with `--path`");
    }
    if let Some(taken) = handbook.pages.iter().find(|page| !page.from_settings && folded(&page.url) == folded(&address)) {
        bail!("`{path}` would have the address `{address}`, and `{}` has it already; give another path with `--path`", taken.path());
    }
    free_id(kind, path, handbook)
}

/// Every system can hold the names of which a path is made, and they are read as content.
fn portable(path: &PagePath, handbook: &Handbook) -> anyhow::Result<()> {
    let limits = &handbook.settings.limits;
    for part in path.as_str().split('/') {
        let name = part.strip_suffix(".md").unwrap_or(part);
        let refused = match unportable(name) {
            Some(why) => Some(why.to_owned()),
            None if name.starts_with(['.', '_']) => Some("what begins with `.` or `_` is not read as content".to_owned()),
            None if part.len() > limits.path_part_bytes => Some(format!("it is longer than {} bytes", limits.path_part_bytes)),
            None => None,
        };
        if let Some(why) = refused {
            bail!("`{}` cannot be the name of a file or folder: {why}; name another with `--path`", name.escape_debug());
        }
    }
    if path.as_str().len() > limits.path_bytes {
        bail!("the path is longer than {} bytes; give a shorter one with `--path`", limits.path_bytes);
    }
    Ok(())
}

/// Nobody else has the id that the page gets from its file name. Plain pages may share theirs.
fn free_id(kind: PageKind, path: &PagePath, handbook: &Handbook) -> anyhow::Result<()> {
    let id = file_id(path);
    if kind == PageKind::Page {
        return Ok(());
    }
    let firm = |page: &&Page| page.id == id && (page.document.explicit_id || page.page_kind() != PageKind::Page);
    let taken = handbook.pages.iter().find(firm).map(|page| page.path().as_str()).or_else(|| handbook.ids.draft(&id));
    match taken {
        Some(taken) => bail!("the id `{id}` is taken: `{taken}` has it; give another title, or another file name with `--path`"),
        None => Ok(()),
    }
}
