//! The manifest: which files of the output are ours, and what we wrote into them.
//!
//! In: the bytes of a manifest, or paths with their hashes. Out: the same, checked. It holds no times, no absolute paths and nothing of
//! the machine, and is sorted, so that the same site gives the same bytes:
//!
//! ```json
//! {"version": 1, "files": [
//! {"path": "deploy/index.html", "bytes": 5120, "sha256": "…"},
//! {"path": "index.html", "bytes": 2048, "sha256": "…"}
//! ]}
//! ```
//!
//! Absent: any trust in a manifest that was read. Its paths are plain paths below the output, or it is refused as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use super::files::{Files, Kind};
use crate::containment::{is_plain, named};

/// The manifest's name in the output.
pub(crate) const NAME: &str = ".forewarn-manifest.json";
/// The manifest of the build that is being put in place, file by file, where the output cannot be swapped as a whole.
pub(super) const NEXT: &str = ".forewarn-manifest.next.json";

const VERSION: u64 = 1;

/// What we wrote into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    /// How many bytes.
    pub(crate) bytes: u64,
    /// Their SHA-256.
    pub(super) hash: [u8; 32],
}

impl Content {
    /// What these bytes are.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Content { bytes: bytes.len() as u64, hash: Sha256::digest(bytes).into() }
    }

    /// What a file of about this length holds, read piece by piece.
    pub(super) fn read(mut from: impl Read, length: u64) -> io::Result<Self> {
        let (mut hasher, mut bytes, mut piece) = (Sha256::new(), 0, vec![0; length.clamp(1 << 10, 1 << 16) as usize]);
        loop {
            match from.read(&mut piece) {
                Ok(0) => return Ok(Content { bytes, hash: hasher.finalize().into() }),
                Ok(length) => {
                    hasher.update(&piece[..length]);
                    bytes += length as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Our files in an output, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    pub(crate) files: BTreeMap<String, Content>,
}

#[derive(serde::Deserialize)]
struct Written {
    files: Vec<WrittenFile>,
}

#[derive(serde::Deserialize)]
struct WrittenFile {
    path: String,
    bytes: u64,
    sha256: String,
}

impl Manifest {
    /// The manifest named `name` in a folder, if there is one.
    pub(super) fn read(files: &dyn Files, folder: &Path, name: &str) -> Result<Option<Self>> {
        let path = folder.join(name);
        let attempt = || format!("reading {}", named(&path));
        match files.stat(&path).with_context(attempt)? {
            None => return Ok(None),
            Some(found) if found.kind == Kind::File => {}
            Some(_) => {
                bail!("{} is not a file, so nothing says what in the folder is ours: remove it and the old build by hand", named(&path))
            }
        }
        let mut text = Vec::new();
        files.read(&path).and_then(|mut file| file.read_to_end(&mut text)).with_context(attempt)?;
        Self::parse(&text).map(Some).with_context(|| {
            format!("{} is not as forewarn wrote it: delete the old build by hand, or build into another folder with `--out`", named(&path))
        })
    }

    /// Reads a manifest; nothing in it is trusted.
    pub(crate) fn parse(text: &[u8]) -> Result<Self> {
        #[derive(serde::Deserialize)]
        struct Version {
            version: u64,
        }
        let Version { version } = serde_json::from_slice(text)?;
        ensure!(version == VERSION, "its version is {version}, this forewarn knows {VERSION}");
        let written: Written = serde_json::from_slice(text)?;
        let mut files = BTreeMap::new();
        for WrittenFile { path, bytes, sha256 } in written.files {
            ensure!(may_be_ours(&path), "it lists {}, which no build of ours writes", named(Path::new(&path)));
            let hash = from_hex(&sha256).with_context(|| format!("the hash of {} is none", named(Path::new(&path))))?;
            ensure!(files.insert(path, Content { bytes, hash }).is_none(), "it lists a path twice");
        }
        Ok(Manifest { files })
    }

    /// The bytes of the manifest, one line for each file.
    pub(crate) fn text(&self) -> Result<Vec<u8>> {
        let mut text = format!("{{\"version\": {VERSION}, \"files\": [");
        for (n, (path, content)) in self.files.iter().enumerate() {
            let comma = if n == 0 { "" } else { "," };
            let path = serde_json::to_string(path)?;
            write!(text, "{comma}\n{{\"path\": {path}, \"bytes\": {}, \"sha256\": \"{}\"}}", content.bytes, to_hex(&content.hash))?;
        }
        text.push_str("\n]}\n");
        Ok(text.into_bytes())
    }
}

/// Whether a build may hold a file of ours at this path: below the output, not in a repository that lives there, not under a name that
/// we keep for ourselves.
pub(crate) fn may_be_ours(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or(path);
    is_plain(path) && !first.eq_ignore_ascii_case(".git") && !first.starts_with(".forewarn-")
}

/// Every folder above these paths: `a` and `a/b` for `a/b/c`.
pub(super) fn folders_of<'p>(paths: impl IntoIterator<Item = &'p str>) -> BTreeSet<&'p str> {
    let mut folders = BTreeSet::new();
    for path in paths {
        // A folder that is known has its own folders known.
        folders_above(path).take_while(|folder| folders.insert(*folder)).for_each(drop);
    }
    folders
}

/// The folders above a path, the nearest first.
pub(super) fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').map(|(at, _)| &path[..at])
}

fn to_hex(hash: &[u8]) -> String {
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(paths: &[&str]) -> Manifest {
        Manifest { files: paths.iter().map(|path| (path.to_string(), Content::of(path.as_bytes()))).collect() }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for paths in [&[][..], &["index.html"], &["a/\"b\".html", "ü/\u{1}"]] {
            let manifest = manifest(paths);
            assert_eq!(Manifest::parse(&manifest.text().unwrap()).unwrap(), manifest);
        }
    }

    #[test]
    fn a_forged_path_refuses_the_whole_manifest() {
        for path in ["../../victim", "/etc/passwd", "a/../../b", "", ".git/config", ".forewarn-manifest.json", "C:\\x"] {
            let error = Manifest::parse(&manifest(&["index.html", path]).text().unwrap()).unwrap_err();
            assert!(error.to_string().contains("which no build of ours writes"), "{error}");
        }
    }

    #[test]
    fn a_damaged_or_newer_manifest_is_refused() {
        for text in [
            "",
            "{",
            "[]",
            "{\"version\": 2, \"files\": {}}",
            "{\"version\": 1, \"files\": [{\"path\": \"a\", \"bytes\": 1, \"sha256\": \"é\"}]}",
        ] {
            assert!(Manifest::parse(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_file_read_in_pieces_has_the_hash_of_its_bytes() {
        let bytes = vec![7; 200_000];
        assert_eq!(Content::read(&bytes[..], 7).unwrap(), Content::of(&bytes));
    }

    #[test]
    fn folders_above_paths_are_found_once() {
        assert_eq!(folders_of(["a/b/c", "a/b/d", "e", "a/f"]).into_iter().collect::<Vec<_>>(), ["a", "a/b"]);
    }
}
