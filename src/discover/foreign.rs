//! A folder that another tool made, read whole: the one reader of `import`.
//!
//! Enters: a folder. Leaves: the texts of pages and settings, paths of everything else, and what was not read and why: links out of the
//! folder, hidden files, packages, files over the limit. Absent: which of it becomes a page (`import`); a byte written there, ever.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::containment::{followed, named};
use crate::settings::Limits;

use super::folder::Folder;
use super::names;
use super::origin::{Entry, Kind, Origin, Then};
use super::svg;

/// Endings of files whose text counts: pages and settings.
const TEXTS: [&str; 10] = [".md", ".markdown", ".mdx", ".mkd", ".mdown", ".mdwn", ".yml", ".yaml", ".toml", ".json"];
/// Settings larger than this are data.
const SETTINGS_BYTES: u64 = 1_000_000;
/// Hidden names that are read all the same: settings and pictures of other tools.
const HIDDEN: [&str; 4] = [".gitbook", ".gitbook.yaml", ".gitbook.yml", ".vitepress"];
/// Folders of other programs' packages.
const PACKAGES: [&str; 3] = ["node_modules", "bower_components", "__pycache__"];

/// A folder of another tool.
#[derive(Debug, Default)]
pub struct Foreign {
    /// Files by their path from the root of the folder, with `/` between its parts.
    pub files: BTreeMap<String, ForeignFile>,
    /// What was not read, and why.
    pub refused: Vec<(String, String)>,
}

/// A file of another tool's folder.
#[derive(Debug)]
pub enum ForeignFile {
    /// A page, or settings. What is no UTF-8 is read as Latin-1 or UTF-16, and `decoded` says so.
    Text {
        /// Its text: no BOM, `\n` line ends.
        text: String,
        /// What it was read as, where that is not UTF-8.
        decoded: Option<&'static str>,
    },
    /// Anything else; why it may not be copied into a handbook, if so.
    Other {
        /// `it holds the element script`.
        danger: Option<String>,
    },
}

impl Foreign {
    /// Whether there is such a file.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The text of a file, if it is one.
    pub fn text(&self, path: &str) -> Option<&str> {
        match self.files.get(path)? {
            ForeignFile::Text { text, .. } => Some(text),
            ForeignFile::Other { .. } => None,
        }
    }

    /// The paths of all texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.files.iter().filter(|(_, file)| matches!(file, ForeignFile::Text { .. })).map(|(path, _)| path.as_str())
    }

    /// Whether any path begins so.
    pub fn holds(&self, beginning: &str) -> bool {
        self.files.range(beginning.to_owned()..).next().is_some_and(|(path, _)| path.starts_with(beginning))
            || self.refused.iter().any(|(path, _)| path.starts_with(beginning.trim_end_matches('/')))
    }
}

/// Reads a folder. Errors: it is none, or something in it cannot be read.
pub fn foreign(root: &Path) -> anyhow::Result<Foreign> {
    if !root.is_dir() {
        bail!("{} is no folder", named(root));
    }
    let limits = Limits::default();
    let folder = Folder { root };
    let mut read = Foreign::default();
    let (mut texts, mut pictures): (Vec<Entry<PathBuf>>, Vec<Entry<PathBuf>>) = (Vec::new(), Vec::new());
    folder.below("", &mut |met| {
        let path = met.path.as_str().to_owned();
        let Some(name) = met.name.to_str() else {
            read.refused.push((path, "its name is no UTF-8 text".to_owned()));
            return Ok(Then::Leave);
        };
        let passed_over = match name {
            ".git" => Some(None),
            name if PACKAGES.contains(&name) => Some(Some("packages of other programs")),
            name if name.starts_with('.') && !HIDDEN.contains(&name) => Some(Some("its name begins with a dot")),
            name if names::is_left_over(name) => Some(Some("an editor left it behind")),
            _ => None,
        };
        if let Some(why) = passed_over {
            read.refused.extend(why.map(|why| (path, why.to_owned())));
            return Ok(Then::Leave);
        }
        match (met.kind)()? {
            Kind::Folder => return Ok(Then::Enter),
            Kind::File { at, bytes } => {
                let lower = name.to_ascii_lowercase();
                let ending = TEXTS.iter().position(|ending| lower.ends_with(ending));
                let limit = if ending.is_some_and(|ending| ending < 6) { limits.file_bytes as u64 } else { SETTINGS_BYTES };
                match ending {
                    Some(_) if bytes <= limit => texts.push(Entry { path: met.path, at, bytes }),
                    Some(ending) if ending < 6 => {
                        read.refused.push((path, format!("it has {bytes} bytes, over the limit of {limit}: split it")));
                    }
                    _ if lower.ends_with(".svg") => pictures.push(Entry { path: met.path, at, bytes }),
                    _ => {
                        let danger = names::unsafe_file(&met.path).map(|_| "a browser or a system could run it".to_owned());
                        read.files.insert(path, ForeignFile::Other { danger });
                    }
                }
            }
            Kind::Special => read.refused.push((path, "it is no regular file".to_owned())),
            Kind::LinkOutside => read.refused.push((path, "it is a link that leads out of the folder".to_owned())),
            Kind::LinkNowhere => read.refused.push((path, "it is a link that leads nowhere, or in a circle".to_owned())),
            Kind::Absent => {}
        }
        Ok(Then::Leave)
    })?;
    let read_texts = folder.read(&texts, |entry, bytes| (entry.path.as_str().to_owned(), decoded(&bytes)))?;
    for (path, decoded) in read_texts {
        match decoded {
            Some((text, decoded)) => {
                read.files.insert(path, ForeignFile::Text { text: crate::source::normal_text(&text).into_owned(), decoded });
            }
            None => read.refused.push((path, "it is no text".to_owned())),
        }
    }
    for (path, danger) in folder.read(&pictures, |entry, bytes| (entry.path.as_str().to_owned(), svg::danger(&bytes)))? {
        read.files.insert(path, ForeignFile::Other { danger: danger.map(|danger| format!("it holds {danger}")) });
    }
    read.refused.sort();
    Ok(read)
}

/// The bytes of a file of the folder, which may have become a link out of it since it was looked at.
pub fn read_foreign(root: &Path, path: &str) -> anyhow::Result<Vec<u8>> {
    let on_disk = root.join(path);
    match followed(root, &on_disk).with_context(|| format!("cannot read {}", named(&on_disk)))? {
        Some(real) => super::read(&real),
        None => bail!("{} is a link that leads out of the folder", named(&on_disk)),
    }
}

/// The text of a table that a command line names: UTF-8, or what spreadsheets write instead.
pub fn read_table(path: &Path) -> anyhow::Result<String> {
    let bytes = super::read(path)?;
    let limit = Limits::default().file_bytes;
    if bytes.len() > limit {
        bail!("{} has {} bytes, over the limit of {limit}", named(path), bytes.len());
    }
    let (text, _) = decoded(&bytes).with_context(|| format!("{} is no text", named(path)))?;
    Ok(crate::source::normal_text(&text).into_owned())
}

/// A text and what it was read as, where that is not UTF-8; nothing for what is no text.
fn decoded(bytes: &[u8]) -> Option<(String, Option<&'static str>)> {
    let wide = |from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| from([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok()
    };
    match bytes {
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes).map(|text| (text, Some("UTF-16"))),
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes).map(|text| (text, Some("UTF-16"))),
        _ if bytes.contains(&0) => None,
        _ => Some(match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), None),
            Err(_) => (bytes.iter().map(|byte| char::from(*byte)).collect(), Some("Latin-1")),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_in_any_encoding() {
        assert_eq!(decoded("ü".as_bytes()), Some(("ü".to_owned(), None)));
        assert_eq!(decoded(b"\xfc"), Some(("ü".to_owned(), Some("Latin-1"))));
        assert_eq!(decoded(b"\xff\xfea\0"), Some(("a".to_owned(), Some("UTF-16"))));
        assert_eq!(decoded(b"a\0b"), None);
    }
}
