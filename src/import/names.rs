//! Paths of a source -> paths of a handbook.
//!
//! In: paths of pages and other files below the folder that holds a source's pages. Out: for each, a path below `content/` that every
//! system can hold, that is read as content, whose URL forewarn does not make itself and nobody else has. Absent: reading, writing.

use std::collections::BTreeSet;

use crate::portable::{folded, unportable};
use crate::render::paths::MADE;

/// URLs beside each process.
const BESIDE: [&str; 2] = ["checklist", "premortem"];
/// Files at the top of a site that forewarn makes itself.
const FILES: [&str; 7] = ["model.json", "risks.csv", "risks.json", "reviews.ics", "robots.txt", "handbook.zip", "404.html"];
/// Endings of Markdown files, the longest first.
const MARKDOWN: [&str; 9] = [".html.markdown", ".html.md", ".htm.md", ".markdown", ".mdown", ".mdwn", ".mkd", ".mdx", ".md"];
/// The longest part of a path in bytes: below the limit that every handbook has, with room for a number.
const LONGEST: usize = 150;

/// The path without its Markdown ending, if it is a page's.
pub fn stem(path: &str) -> Option<&str> {
    let lower = path.to_ascii_lowercase();
    let ending = MARKDOWN.iter().find(|ending| lower.ends_with(**ending))?;
    let stem = &path[..path.len() - ending.len()];
    (!stem.is_empty() && !stem.ends_with('/')).then_some(stem)
}

/// Whether a stem's last part is that of a folder's own page.
pub fn is_index(stem: &str) -> bool {
    let name = stem.rsplit('/').next().unwrap_or(stem);
    name == "index" || name == "_index" || name.eq_ignore_ascii_case("readme")
}

/// Paths that are given already.
#[derive(Debug, Default)]
pub struct Names {
    /// Files of the site, folded.
    files: BTreeSet<String>,
    /// Folders of the site, folded.
    folders: BTreeSet<String>,
    /// Paths of the handbook, folded.
    paths: BTreeSet<String>,
}

impl Names {
    /// The path of a page whose stem below the pages' folder this is. Folders' own pages ask first.
    pub fn page(&mut self, stem: &str) -> String {
        let mut parts: Vec<String> = stem.split('/').filter(|part| !part.is_empty()).map(part).collect();
        let name = parts.pop().unwrap_or_else(|| "page".to_owned());
        let last = stem.rsplit('/').next().unwrap_or(stem);
        let index = is_index(last);
        reserve(&mut parts);
        let name = match (index, last.eq_ignore_ascii_case("readme")) {
            (true, true) => "README".to_owned(),
            (true, false) => "index".to_owned(),
            _ => {
                let mut whole = parts.clone();
                whole.push(name);
                reserve(&mut whole);
                let name = whole.pop().unwrap_or_default();
                if BESIDE.contains(&folded(&name).as_str()) { format!("{name}-page") } else { name }
            }
        };
        if index && parts.last().is_some_and(|folder| BESIDE.contains(&folded(folder).as_str())) {
            let folder = parts.pop().unwrap_or_default();
            parts.push(format!("{folder}-page"));
        }
        let folder = parts.iter().fold(String::new(), |path, part| format!("{path}{part}/"));
        self.free(|number| {
            let name = match (number, name.as_str()) {
                (0, name) => name.to_owned(),
                (1, "README") => "readme".to_owned(),
                (number, name) => format!("{}-{}", name.to_lowercase(), number + 1),
            };
            let bare = if matches!(name.as_str(), "index" | "README") {
                folder.trim_end_matches('/').to_owned()
            } else {
                format!("{folder}{name}")
            };
            let url = if bare.is_empty() { "index.html".to_owned() } else { format!("{bare}/index.html") };
            (format!("{folder}{name}.md"), url)
        })
    }

    /// The path of a file that is copied.
    pub fn file(&mut self, path: &str) -> String {
        let mut parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(part).collect();
        if parts.len() == 1 && FILES.contains(&folded(&parts[0]).as_str()) {
            parts[0] = numbered(&parts[0], "-file");
        }
        let name = parts.pop().unwrap_or_else(|| "file".to_owned());
        reserve(&mut parts);
        let folder = parts.iter().fold(String::new(), |path, part| format!("{path}{part}/"));
        self.free(|number| {
            let name = if number == 0 { name.clone() } else { numbered(&name, &format!("-{}", number + 1)) };
            (format!("{folder}{name}"), format!("{folder}{name}"))
        })
    }

    /// Takes an old URL, if nobody has it: `/old/` or `/old.html`.
    pub fn alias(&mut self, url: &str) -> bool {
        let bare = url.trim_start_matches('/');
        let file = if bare.ends_with('/') { format!("{bare}index.html") } else { bare.to_owned() };
        let top = bare.split('/').next().unwrap_or_default();
        if MADE.contains(&folded(top.trim_end_matches(".html")).as_str()) || FILES.contains(&folded(bare).as_str()) || bare.starts_with('_')
        {
            return false;
        }
        let is_free = self.is_free(&file);
        if is_free {
            self.claim(&file);
        }
        is_free
    }

    fn free(&mut self, name: impl Fn(usize) -> (String, String)) -> String {
        let mut number = 0;
        loop {
            let (path, file) = name(number);
            if !self.paths.contains(&folded(&path)) && self.is_free(&file) {
                self.paths.insert(folded(&path));
                self.claim(&file);
                return path;
            }
            number += 1;
        }
    }

    fn is_free(&self, file: &str) -> bool {
        let file = folded(file);
        let above = file.match_indices('/').any(|(at, _)| self.files.contains(&file[..at]));
        !above && !self.files.contains(&file) && !self.folders.contains(&file)
    }

    fn claim(&mut self, file: &str) {
        let file = folded(file);
        self.folders.extend(file.match_indices('/').map(|(at, _)| file[..at].to_owned()));
        self.files.insert(file);
    }
}

/// The first part of a path is no page that forewarn makes.
fn reserve(parts: &mut [String]) {
    if let Some(first) = parts.first_mut().filter(|first| MADE.contains(&folded(first).as_str())) {
        first.push_str("-page");
    }
}

/// A name with some letters before its ending.
fn numbered(name: &str, mark: &str) -> String {
    name.rsplit_once('.').map_or_else(|| format!("{name}{mark}"), |(stem, ending)| format!("{stem}{mark}.{ending}"))
}

/// A part of a path that every system can hold and that is read as content.
fn part(part: &str) -> String {
    let refused = |c: char| matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\' | '/') || crate::portable::is_invisible(c);
    let mut name: String = part.trim_start_matches(['.', '_']).chars().map(|c| if refused(c) { '-' } else { c }).collect();
    if name.len() > LONGEST {
        let ending = name.rsplit_once('.').map(|(_, ending)| format!(".{ending}")).filter(|ending| ending.len() < 12).unwrap_or_default();
        let mut end = LONGEST - ending.len();
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        name.truncate(end);
        name.push_str(&ending);
    }
    let name = name.trim_matches(' ').trim_end_matches(['.', ' ']).to_owned();
    if name.is_empty() {
        return "page".to_owned();
    }
    if unportable(&name).is_some() {
        numbered(&name, "-page").replacen('.', "-", usize::from(unportable(&numbered(&name, "-page")).is_some()))
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str) -> String {
        Names::default().page(stem(path).unwrap())
    }

    #[test]
    fn endings_and_indexes_are_ours() {
        for (old, new) in [
            ("deploy.html.md", "deploy.md"),
            ("a/b.mdx", "a/b.md"),
            ("a/_index.md", "a/index.md"),
            ("readme.MD", "README.md"),
            ("_posts/2020-01-01-x.markdown", "posts/2020-01-01-x.md"),
        ] {
            assert_eq!(page(old), new);
        }
        assert_eq!(stem("a.txt"), None);
        assert_eq!(stem("a/.md"), None);
    }

    #[test]
    fn urls_that_forewarn_makes_are_left_to_it() {
        for (old, new) in [
            ("risks.md", "risks-page.md"),
            ("map/index.md", "map-page/index.md"),
            ("print/a.md", "print-page/a.md"),
            ("a/checklist.md", "a/checklist-page.md"),
            ("a/premortem/index.md", "a/premortem-page/index.md"),
            ("a/risks.md", "a/risks.md"),
        ] {
            assert_eq!(page(old), new);
        }
        assert_eq!(Names::default().file("model.json"), "model-file.json");
    }

    #[test]
    fn two_never_share_a_name() {
        let mut names = Names::default();
        let given: Vec<String> = ["a/index", "a", "A", "a/README", "A/Index"].into_iter().map(|stem| names.page(stem)).collect();
        assert_eq!(given, ["a/index.md", "a-2.md", "a-3.md", "a/readme.md", "A/Index-2.md".to_lowercase().replace("a/", "A/").as_str()]);
        assert_eq!(names.file("a-2"), "a-2-2");
        assert!(names.alias("/old/") && !names.alias("/old/") && !names.alias("/a/") && !names.alias("/risks/"));
    }

    #[test]
    fn every_system_can_hold_them() {
        for (old, new) in [("con", "con-page.md"), ("a:b?", "a-b-.md"), ("x. ", "x.md"), ("...", "page.md"), ("aux.x", "aux-page.x.md")] {
            assert_eq!(Names::default().page(old), new, "{old}");
            assert_eq!(unportable(new), None);
        }
        assert!(Names::default().page(&"é".repeat(200)).len() < 180);
    }
}
