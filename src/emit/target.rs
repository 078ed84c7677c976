//! Vetting an output folder: may a build go there, and how.
//!
//! In: the root of the handbook and the folder that was asked for. Out: a [`Target`], or one line that names the folder, says why not and
//! what to do. Absent: any write. What lies in the folder is judged again by `survey`, under the lock, before anything is written.

use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::files::{Disk, Files, Kind, Stat, is_mount_point, is_writable};
use super::manifest::{self, Manifest};
use crate::containment::{self, Outside, named};

/// An output folder into which a build may go. Only [`vet`] makes one.
#[derive(Clone, Debug)]
pub struct Target {
    /// The folder: absolute, without symlinks, with a parent.
    folder: PathBuf,
    /// How a build gets there.
    pub(super) way: Way,
}

/// How a build gets into the output folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Built beside it, then changing places with it in one step.
    Swap,
    /// Built inside it, then put in place file by file, because the folder cannot be renamed.
    InPlace(&'static str),
}

impl Target {
    /// The output folder: absolute, without symlinks.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder in which stagings and the lock lie.
    pub(super) fn workplace(&self) -> &Path {
        match self.way {
            Way::Swap => self.parent(),
            Way::InPlace(_) => &self.folder,
        }
    }

    pub(super) fn parent(&self) -> &Path {
        self.folder.parent().unwrap_or(&self.folder)
    }

    /// The name of something of ours in the workplace: hidden, and beside the output with the output's name in it.
    pub(super) fn name_of(&self, what: &str) -> OsString {
        match self.way {
            Way::Swap => self.name_beside(what),
            Way::InPlace(_) => name_within(what),
        }
    }

    pub(super) fn name_beside(&self, what: &str) -> OsString {
        let mut name = OsString::from(".");
        name.push(self.folder.file_name().unwrap_or_default());
        name.push(".forewarn-");
        name.push(what);
        name
    }

    #[cfg(test)]
    pub(super) fn for_tests(folder: &Path, way: Way) -> Self {
        Target { folder: folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf()), way }
    }
}

/// The name of something of ours inside the output.
pub(super) fn name_within(what: &str) -> OsString {
    format!(".forewarn-{what}").into()
}

/// Whether an output folder may be written, before any work is done for it.
///
/// `root` is the folder of `forewarn.toml`. A relative `out` lies below `root`; a caller who was given one relative to another folder
/// joins them first. Refused, in one line that says what to do, without touching anything: the root of the handbook, the current folder,
/// the home folder, and whatever contains one of them; the sources, and whatever lies in them; symlinks and files; a folder that cannot
/// be written; a folder with files in it and no manifest of ours, or one that was tampered with.
pub fn vet(root: &Path, out: &Path) -> Result<Target> {
    vet_with(root, out, std::env::home_dir().as_deref())
}

fn vet_with(root: &Path, out: &Path, home: Option<&Path>) -> Result<Target> {
    ensure!(!out.as_os_str().is_empty(), "the output folder is \"\": name a folder, such as `public`");
    let given = root;
    let root = given.canonicalize().with_context(|| format!("looking at the root {}", named(given)))?;
    let folder = resolve(given, &root, out)?;
    refuse_precious(&root, out, &folder, home)?;
    let found = Disk.stat(&folder).with_context(|| format!("looking at the output {}", named(&folder)))?;
    let way = match found {
        Some(found) => {
            refuse_kind(&folder, &found)?;
            refuse_foreign(&Disk, &folder)?;
            way(&folder)?
        }
        None => {
            let above = folder.ancestors().skip(1).find(|above| above.is_dir()).unwrap_or(&root);
            ensure!(is_writable(above), "{} cannot be made: {} is read-only; build elsewhere with `--out`", named(&folder), named(above));
            Way::Swap
        }
    };
    Ok(Target { folder, way })
}

/// The folder meant, absolute and without symlinks. Its last part is not followed; parts that do not exist are kept as they are.
fn resolve(given: &Path, root: &Path, out: &Path) -> Result<PathBuf> {
    let looked = |why: Outside| anyhow!("the output {} cannot be used: {why}; build elsewhere with `--out`", named(out));
    let unreadable = |path: &Path, error| looked(Outside::Unreadable(path.to_path_buf(), error));
    // Below the root nobody expects to leave it: a symlink on the way there is a trap, or an accident.
    let below = if out.is_absolute() { out.strip_prefix(root).or_else(|_| out.strip_prefix(given)).ok() } else { Some(out) };
    if let Some(below) = below
        && below.components().all(|part| matches!(part, Component::Normal(_)))
    {
        containment::without_links(root, below).map_err(looked)?;
    }
    let whole = root.join(out);
    if whole.file_name().is_none() {
        return whole.canonicalize().map_err(|error| unreadable(&whole, error));
    }
    let mut missing = Vec::new();
    let mut above = whole.as_path();
    loop {
        let (Some(name), Some(parent)) = (above.file_name(), above.parent()) else {
            bail!("the output {} goes up (`..`) from a folder that does not exist: name the folder itself", named(out));
        };
        missing.push(name.to_os_string());
        above = parent;
        match above.canonicalize() {
            Ok(real) => {
                ensure!(
                    real.is_dir(),
                    "the output {} cannot be made: {} is not a folder; build elsewhere with `--out`",
                    named(out),
                    named(above)
                );
                return Ok(real.components().map(|part| part.as_os_str().to_os_string()).chain(missing.into_iter().rev()).collect());
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable(above, error)),
        }
    }
}

/// Refuses what must never be an output, whatever lies in it.
fn refuse_precious(root: &Path, out: &Path, folder: &Path, home: Option<&Path>) -> Result<()> {
    let refuse = |why: &str| bail!("the output {} {why}: name a folder of its own, such as `public`", named(out));
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let contains = |path: &Path| path.starts_with(folder);
    if folder.parent().is_none() {
        return refuse("is the root of the file system");
    }
    if home.is_some_and(|home| !home.as_os_str().is_empty() && contains(&real(home))) {
        return refuse("is or contains your home folder");
    }
    if contains(root) {
        return refuse("is or contains the handbook itself");
    }
    for name in ["content", "themes", "forewarn.toml", ".git"] {
        let source = root.join(name);
        for source in [real(&source), source] {
            if contains(&source) || folder.starts_with(&source) {
                return refuse(&format!("is, contains or lies in `{name}`, which a build reads"));
            }
        }
    }
    if std::env::current_dir().is_ok_and(|current| contains(&real(&current))) {
        return refuse("is or contains the current folder");
    }
    Ok(())
}

/// Refuses what is no folder that we may write.
pub(super) fn refuse_kind(folder: &Path, found: &Stat) -> Result<()> {
    match found.kind {
        Kind::Folder => {}
        Kind::Link => bail!("the output {} is a symlink: name the folder that it leads to, or remove it", named(folder)),
        Kind::File | Kind::Other => bail!("the output {} is not a folder: remove it, or build elsewhere with `--out`", named(folder)),
    }
    let read_only = folder.metadata().is_ok_and(|found| found.permissions().readonly());
    ensure!(!read_only && is_writable(folder), "the output {} is read-only: allow writing, or build elsewhere with `--out`", named(folder));
    Ok(())
}

/// Refuses a folder that holds files but no trustworthy manifest of ours.
pub(super) fn refuse_foreign(files: &dyn Files, folder: &Path) -> Result<()> {
    let ours = Manifest::read(files, folder, manifest::NAME)?.is_some() | Manifest::read(files, folder, manifest::NEXT)?.is_some();
    if ours {
        return Ok(());
    }
    let names = files.list(folder).with_context(|| format!("reading the output {}", named(folder)))?;
    match names.iter().map(|entry| entry.name.as_os_str()).filter(|name| !may_wait_for_us(name)).min() {
        None => Ok(()),
        Some(first) => bail!(
            "the output {} holds {}, and nothing says that forewarn wrote it: move the files away, or build into a new folder with `--out`",
            named(folder),
            named(Path::new(first)),
        ),
    }
}

/// What may lie in a folder into which nothing was built yet: the repository and domain of the pages branch, and what a build of ours
/// that was killed left behind.
fn may_wait_for_us(name: &OsStr) -> bool {
    name == ".git" || name == "CNAME" || name.as_encoded_bytes().starts_with(b".forewarn-")
}

fn way(folder: &Path) -> Result<Way> {
    if is_mount_point(folder) {
        return Ok(Way::InPlace("is a mount point"));
    }
    Ok(match folder.parent() {
        Some(parent) if is_writable(parent) => Way::Swap,
        _ => Way::InPlace("lies in a folder that cannot be written"),
    })
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;
    use std::fs;

    fn handbook() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("root");
        fs::create_dir_all(root.join("content/guide")).unwrap();
        fs::create_dir_all(root.join("themes")).unwrap();
        fs::write(root.join("forewarn.toml"), "").unwrap();
        (folder, root)
    }

    fn refusal(root: &Path, out: impl AsRef<Path>) -> String {
        let error = format!("{:#}", vet_with(root, out.as_ref(), Some(Path::new("/home/someone"))).expect_err("must be refused"));
        assert_eq!(error.lines().count(), 1, "{error}");
        error
    }

    #[test]
    fn o01_the_handbook_the_home_and_the_root_are_refused() {
        let (_kept, root) = handbook();
        for out in ["", ".", "./", "..", "../", "/", "/home/someone", "/home", "../root", "./content/..", "content/guide/../.."] {
            assert!(refusal(&root, out).contains("name a"), "{out}");
        }
        refusal(&root, "x/..");
        assert!(refusal(&root, &root).contains("handbook"));
        assert!(refusal(&root, std::env::current_dir().unwrap()).contains("current folder"));
        assert!(vet_with(&root, Path::new("public"), None).is_ok());
        assert!(vet_with(&root, Path::new("../site"), None).is_ok());
        assert!(vet_with(&root, Path::new("deep/er/public/"), None).is_ok());
        assert!(!root.join("deep").exists());
    }

    #[test]
    fn o02_the_sources_are_refused() {
        let (_kept, root) = handbook();
        for out in
            ["content", "content/", "themes", "forewarn.toml", "content/guide", "themes/x", "content/new/deep", "x/../content", ".git/x"]
        {
            let error = refusal(&root, out);
            assert!(error.contains("which a build reads") || error.contains("goes up"), "{out}: {error}");
        }
    }

    #[test]
    fn o03_a_folder_with_other_files_is_refused_with_a_way_on() {
        let (_kept, root) = handbook();
        fs::create_dir(root.join("src")).unwrap();
        assert!(vet(&root, Path::new("src")).is_ok(), "an empty folder will do");
        fs::write(root.join("src/main.rs"), "").unwrap();
        let error = refusal(&root, "src");
        assert!(error.contains("`main.rs`") && error.contains("--out"), "{error}");
        assert!(root.join("src/main.rs").exists());
    }

    #[test]
    fn o06_a_repository_and_a_domain_may_wait_for_the_first_build() {
        let (_kept, root) = handbook();
        fs::create_dir_all(root.join("public/.git")).unwrap();
        fs::write(root.join("public/CNAME"), "example.org").unwrap();
        assert!(vet(&root, Path::new("public")).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn o07_symlinks_files_and_read_only_folders_are_refused() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let (kept, root) = handbook();
        let elsewhere = kept.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        symlink(&elsewhere, root.join("link")).unwrap();
        symlink("nowhere", root.join("dangling")).unwrap();
        for out in ["link", "link/", "link/public", "dangling"] {
            assert!(refusal(&root, out).contains("is a symlink"), "{out}");
            assert!(refusal(&root, root.join(out)).contains("is a symlink"), "{out}");
        }
        fs::write(root.join("file"), "").unwrap();
        assert!(refusal(&root, "file").contains("not a folder"));
        refusal(&root, "file/public");
        fs::create_dir(root.join("locked")).unwrap();
        fs::set_permissions(root.join("locked"), fs::Permissions::from_mode(0o555)).unwrap();
        assert!(refusal(&root, "locked").contains("read-only"));
    }

    #[test]
    fn o08_a_forged_manifest_is_refused() {
        let (_kept, root) = handbook();
        fs::create_dir(root.join("public")).unwrap();
        let hash = "0".repeat(64);
        let forged = format!("{{\"version\": 1, \"files\": [{{\"path\": \"../../victim\", \"bytes\": 0, \"sha256\": \"{hash}\"}}]}}");
        fs::write(root.join("public").join(manifest::NAME), forged).unwrap();
        assert!(refusal(&root, "public").contains("victim"));
        fs::write(root.join("public").join(manifest::NAME), "nonsense").unwrap();
        assert!(refusal(&root, "public").contains("not as forewarn wrote it"));
    }
}
