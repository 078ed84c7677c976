//! Golden sites: `tests/sites/<case>/in` built gives `tests/sites/<case>/out`, byte for byte.
//!
//! After a change on purpose, `FOREWARN_BLESS=1 cargo test golden` writes the new output; it is read before it is committed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project::{TODAY, tree};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder).expect("the cases").flatten().map(|entry| entry.path()).collect();
    cases.retain(|case| case.join("in").is_dir());
    cases.sort();
    cases
}

#[test]
fn golden_sites_are_as_they_were_read() {
    let bless = std::env::var_os("FOREWARN_BLESS").is_some();
    let cases = cases();
    assert!(!cases.is_empty(), "no golden site");
    for case in cases {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("site");
        let ran = Command::new(env!("CARGO_BIN_EXE_forewarn"))
            .args(["build", "--today", TODAY, "--root"])
            .arg(case.join("in"))
            .arg("--out")
            .arg(&out)
            .env_remove("FOREWARN_BASE_URL")
            .output()
            .expect("the binary runs");
        assert!(
            ran.status.success(),
            "{}: {}{}",
            case.display(),
            String::from_utf8_lossy(&ran.stdout),
            String::from_utf8_lossy(&ran.stderr)
        );
        // The theme's own files are read where they stand, in `themes/default/`.
        let mut built = tree(&out);
        built.retain(|path, _| !path.starts_with(['.', '_']));
        built.retain(|path, _| {
            path.ends_with(".html") || path.ends_with(".json") || path.ends_with(".csv") || path.ends_with(".txt") || path.ends_with(".js")
        });
        let golden = case.join("out");
        if bless {
            let _ = std::fs::remove_dir_all(&golden);
            for (path, bytes) in &built {
                let path = golden.join(path);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
                std::fs::write(path, bytes).expect("a file");
            }
        }
        let expected = tree(&golden);
        let names = |files: &std::collections::BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&built), names(&expected), "{}", case.display());
        for (path, bytes) in built {
            let (new, old) = (String::from_utf8_lossy(&bytes).into_owned(), String::from_utf8_lossy(&expected[&path]).into_owned());
            snapbox::assert_data_eq!(new, old);
        }
    }
}
