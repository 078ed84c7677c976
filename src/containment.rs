//! What lies inside a folder: the one place that decides it, for reading, writing and serving.
//!
//! In: a folder and a path below it that someone else chose (a manifest, a page's `id`, a request). Out: the path on disk, or why it is
//! none. Absent: any opening, reading or writing; percent-decoding (a server decodes before it asks).

use std::fmt;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Why a path does not lie inside a folder.
#[derive(Debug)]
pub enum Outside {
    /// It is not made of plain names: empty, absolute, with `..`, `.`, an empty part, a backslash, NUL or a drive letter.
    Shape,
    /// This part of it is a symlink, which may lead anywhere.
    Link(PathBuf),
    /// This part of it could not be looked at.
    Unreadable(PathBuf, io::Error),
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outside::Shape => f.write_str("it is not a plain path below the folder"),
            Outside::Link(part) => write!(f, "{} is a symlink", named(part)),
            Outside::Unreadable(part, error) => write!(f, "{} cannot be looked at: {error}", named(part)),
        }
    }
}

impl std::error::Error for Outside {}

/// Whether a `/`-separated path is made of plain names only, so that joined to a folder it stays below that folder on every system.
pub fn is_plain(relative: &str) -> bool {
    let drive = relative.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && relative.as_bytes().get(1) == Some(&b':');
    !drive && !relative.contains(['\\', '\0']) && relative.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// The path on disk of a plain path below `base`, none of whose parts is a symlink. Parts that do not exist are fine; `base` itself is
/// trusted and may lead through symlinks.
pub fn inside(base: &Path, relative: &str) -> Result<PathBuf, Outside> {
    if !is_plain(relative) {
        return Err(Outside::Shape);
    }
    without_links(base, Path::new(relative))
}

/// As [`inside`], for a path that came from the system and may not be text.
pub fn without_links(base: &Path, relative: &Path) -> Result<PathBuf, Outside> {
    let mut path = base.to_path_buf();
    for part in relative.components() {
        let Component::Normal(name) = part else { return Err(Outside::Shape) };
        path.push(name);
        match path.symlink_metadata() {
            Ok(found) if found.is_symlink() => return Err(Outside::Link(path)),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(error) => return Err(Outside::Unreadable(path, error)),
        }
    }
    Ok(path)
}

/// The real path behind `path`, symlinks followed, if it lies in the real folder behind `base` (or is it); `None` where it leads out.
pub fn followed(base: &Path, path: &Path) -> io::Result<Option<PathBuf>> {
    let (base, real) = (base.canonicalize()?, path.canonicalize()?);
    Ok(real.starts_with(base).then_some(real))
}

/// The real path that something will have once it exists: symlinks followed as far as there is anything.
pub fn nearest_real(path: &Path) -> io::Result<PathBuf> {
    let whole = if path.is_absolute() { path.to_path_buf() } else { std::env::current_dir()?.join(path) };
    let mut rest: Vec<std::ffi::OsString> = Vec::new();
    for above in whole.ancestors() {
        match above.canonicalize() {
            Ok(real) => return Ok(rest.iter().rev().fold(real, |path: PathBuf, part| path.join(part))),
            Err(_) => match above.file_name() {
                Some(name) => rest.push(name.to_os_string()),
                None => return Err(io::Error::new(io::ErrorKind::NotFound, format!("{} does not exist", named(above)))),
            },
        }
    }
    Ok(whole)
}

/// A path as messages show it: in backticks, on one line, with control characters escaped.
pub fn named(path: &Path) -> String {
    let text: String =
        path.to_string_lossy().chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect();
    format!("`{text}`")
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_stay_below_a_folder() {
        for plain in ["index.html", "a/b/c.html", ".nojekyll", "a b/ü.png", "..a/b..", "a:b"] {
            assert_eq!(is_plain(plain), !plain.starts_with("a:"), "{plain}");
        }
        for other in ["", "/", "/etc/x", "//x", "..", ".", "../x", "a/../b", "a//b", "a/", "./a", "a/.", "a\\b", "C:x", "a\0b"] {
            assert!(!is_plain(other), "{other:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_symlink_at_any_part_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/etc", folder.path().join("out")).unwrap();
        assert!(matches!(inside(folder.path(), "out/passwd"), Err(Outside::Link(part)) if part.ends_with("out")));
        assert!(matches!(inside(folder.path(), "out"), Err(Outside::Link(_))));
        assert!(inside(folder.path(), "not/there/yet").is_ok());
        assert!(followed(folder.path(), &folder.path().join("out/passwd")).unwrap().is_none());
    }

    #[test]
    fn a_name_with_a_line_break_stays_on_one_line() {
        assert_eq!(named(Path::new("a\nb")), "`a\\nb`");
    }
}
