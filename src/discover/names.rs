//! What is wrong with files as such, before their text is read: names, kinds, sizes, links.

use std::ffi::OsStr;

use crate::finding::{Element, Finding, Place};
use crate::parse::file_id;
use crate::portable::unportable;
use crate::settings::{Limits, Settings};
use crate::source::{PagePath, Span};

/// Endings of files that a browser or an operating system would run.
const RUNNING: &[&str] = &[
    "html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml", "hta", "js", "mjs", "cjs", "css", "xml", "xsl", "xslt", "svgz", "swf", "wasm",
    "php", "jsp", "asp", "aspx", "cgi", "exe", "com", "bat", "cmd", "ps1", "sh", "bash", "msi", "jar", "scr", "vbs", "appimage", "dmg",
];

/// A name as messages show it: what is no text, escaped.
pub fn shown(name: &OsStr) -> String {
    name.to_str().map_or_else(|| format!("{name:?}").trim_matches('"').to_owned(), str::to_owned)
}

fn finding(rule: &'static str, path: &PagePath, part: Option<&str>, message: impl Into<String>) -> Finding {
    let page = if path.as_str() == crate::settings::FILE { crate::settings::FILE.to_owned() } else { file_id(path) };
    let element = part.map_or_else(|| Element::page(&page), |part| Element::page(&page).part(part));
    Finding::new(rule, Place::new(path, Span::default()), element, message)
}

/// Why a name cannot be part of the content, if so.
pub fn refused(path: &PagePath, name: &OsStr, limits: &Limits) -> Option<Finding> {
    let Some(text) = name.to_str() else {
        let message = format!("the name of `{path}` is no UTF-8 text");
        return Some(finding("unsafe-name", path, Some(path.as_str()), message).help("rename the file"));
    };
    let text = text.strip_suffix(".md").unwrap_or(text);
    if let Some(why) = unportable(text) {
        let shown: String =
            text.chars().map(|c| if crate::portable::is_invisible(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect();
        let message = format!("the name `{shown}` cannot be used on every system: {why}");
        return Some(finding("unsafe-name", path, Some(&shown), message).help("rename the file or folder"));
    }
    let over = |what: &str, has: usize, limit: usize, key: &str| {
        let message = format!("{what} is {has} bytes long, over the limit of {limit}");
        finding("limit-exceeded-input", path, Some(key), message).help(format!("shorten it, or raise `{key}` under `[limits]`"))
    };
    if name.len() > limits.path_part_bytes {
        return Some(over("this name", name.len(), limits.path_part_bytes, "path_part_bytes"));
    }
    (path.as_str().len() > limits.path_bytes).then(|| over("this path", path.as_str().len(), limits.path_bytes, "path_bytes"))
}

/// Whether an editor or a merge leaves files of this name behind.
pub fn is_left_over(name: &str) -> bool {
    let endings = [".swp", ".swo", ".swx", ".bak", ".orig", ".rej", ".tmp", "___jb_tmp___", "___jb_old___"];
    name.ends_with('~') || (name.starts_with('#') && name.ends_with('#')) || endings.iter().any(|ending| name.ends_with(ending))
}

/// A symbolic link out of the project.
pub fn link_outside(path: &PagePath) -> Finding {
    finding("symlink-outside", path, Some(path.as_str()), format!("`{path}` is a link that leads out of the project, or nowhere"))
        .note("whoever builds the handbook would publish a file that is not part of it")
        .help("put a copy of the file in its place")
}

/// A symbolic link in a circle, or to nothing.
pub fn link_nowhere(path: &PagePath) -> Finding {
    finding("symlink-outside", path, Some(path.as_str()), format!("`{path}` is a link that leads nowhere, or in a circle"))
        .help("put the file in its place, or delete the link")
}

/// A pipe, a socket or a device.
pub fn special_file(path: &PagePath) -> Finding {
    finding("special-file", path, Some(path.as_str()), format!("`{path}` is no regular file"))
        .note("reading a pipe, a socket or a device could wait for ever")
        .help("delete it")
}

/// A file over its size.
pub fn too_large(path: &PagePath, bytes: u64, limit: usize) -> Finding {
    finding("limit-exceeded-input", path, Some("file_bytes"), format!("`{path}` has {bytes} bytes, over the limit of {limit}"))
        .note("it was not read")
        .help("split it, or raise `file_bytes` under `[limits]`")
}

/// More pages than the limit.
pub fn too_many_pages(pages: usize, limit: usize) -> Finding {
    let path = crate::settings::path();
    finding("limit-exceeded-input", &path, Some("pages"), format!("the handbook has {pages} pages, over the limit of {limit}"))
        .note("the pages past the limit were not read")
        .help("raise `pages` under `[limits]`")
}

/// A theme that is neither ours nor in the project.
pub fn unknown_theme(settings: &Settings) -> Finding {
    let name = &settings.theme;
    Finding::new(
        "invalid-value",
        Place::new(&crate::settings::path(), name.span),
        Element::page(crate::settings::FILE).part("theme"),
        format!("there is no theme `{}`", name.value),
    )
    .help(format!("make the folder `themes/{}`, or leave `theme` out for the default one", name.value))
}

fn ending(path: &PagePath) -> String {
    path.as_str().rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase())
}

/// A file whose kind may not be in the content.
pub fn unsafe_file(path: &PagePath) -> Option<Finding> {
    let ending = ending(path);
    RUNNING.contains(&ending.as_str()).then(|| {
        finding("unsafe-file", path, Some(path.as_str()), format!("a `.{ending}` file is not allowed in the content: `{path}`"))
            .note("content alone must not be able to put a running script on the site")
            .help("put styles and scripts into a theme, and offer programs for download elsewhere")
    })
}

/// Whether a file is an SVG picture, which can hold scripts.
pub fn is_svg(path: &PagePath) -> bool {
    ending(path) == "svg"
}

/// An SVG picture that could run something.
pub fn unsafe_svg(path: &PagePath, danger: String) -> Finding {
    finding("unsafe-file", path, Some(path.as_str()), format!("this picture holds {danger}: `{path}`"))
        .note("opened by itself, an SVG file runs like a page")
        .help("export it again as a plain SVG, or as PNG")
}
