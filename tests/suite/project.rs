//! The harness: a handbook in a folder of its own, commands run in it, and what they left.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::bounds;

/// The day of every run, unless a test says otherwise.
pub const TODAY: &str = "2026-11-20";

/// A folder with files, in which commands run.
pub struct Project {
    folder: TempDir,
}

/// What a command left.
pub struct Ran {
    /// The exit code; 101 is a panic, -1 a signal.
    pub code: i32,
    /// What it printed.
    pub out: String,
    /// What it said about the run.
    pub err: String,
}

impl Project {
    /// An empty folder.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A folder with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        files.iter().fold(Self::empty(), |project, (path, text)| project.file(path, text))
    }

    /// With one more file.
    pub fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(path, text);
        self
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(&path, text).expect("a written file");
    }

    /// Where a path of the project lies.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        let bytes = std::fs::read(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        String::from_utf8(bytes).expect("UTF-8")
    }

    /// Runs a shell script in the folder.
    pub fn sh(&self, script: &str) -> &Self {
        let status = Command::new("sh").arg("-euc").arg(script).current_dir(self.folder.path()).status().expect("sh");
        assert!(status.success(), "the script failed: {script}");
        self
    }

    /// What keeps git from the configuration of this machine, and from a repository around the folder.
    pub fn alone(&self) -> [(&'static str, PathBuf); 3] {
        let above = self.folder.path().parent().unwrap_or(Path::new("/")).to_path_buf();
        let nothing = || PathBuf::from("/dev/null");
        [("GIT_CONFIG_GLOBAL", nothing()), ("GIT_CONFIG_SYSTEM", nothing()), ("GIT_CEILING_DIRECTORIES", above)]
    }

    /// Runs git in the folder, on the same day and as the same person each time.
    pub fn git(&self, arguments: &str) -> &Self {
        let output = Command::new("git")
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "core.autocrlf=false"])
            .args(shell_words(arguments))
            .current_dir(self.folder.path())
            .envs(self.alone())
            .env("GIT_AUTHOR_DATE", "2026-11-10T12:00:00Z")
            .env("GIT_COMMITTER_DATE", "2026-11-10T12:00:00Z")
            .output()
            .expect("git runs");
        assert!(output.status.success(), "git {arguments}: {}", String::from_utf8_lossy(&output.stderr));
        self
    }

    /// Puts everything under version control.
    pub fn committed(self) -> Self {
        self.git("init -q -b main --object-format=sha1").commit();
        self
    }

    /// Commits everything as it is.
    pub fn commit(&self) -> &Self {
        self.git("add --all --force .").git("commit -q --allow-empty -m version")
    }

    /// Runs `forewarn` with arguments as one would type them.
    pub fn run(&self, arguments: &str) -> Ran {
        self.run_with(arguments, &[])
    }

    /// The same with variables of the environment.
    pub fn run_with(&self, arguments: &str, variables: &[(&str, &str)]) -> Ran {
        let mut words = shell_words(arguments);
        if !words.iter().any(|word| word == "--today") && !words.is_empty() {
            words.extend(["--today".to_owned(), TODAY.to_owned()]);
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_forewarn"));
        command
            .args(words)
            .current_dir(self.folder.path())
            .env_remove("SOURCE_DATE_EPOCH")
            .env_remove("FOREWARN_BASE_URL")
            .env_remove("NO_COLOR")
            .envs(self.alone())
            .envs(variables.iter().copied());
        let ended = bounds::run(&mut command);
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let ran = Ran { code: ended.status.code().unwrap_or(-1), out: text(ended.out), err: text(ended.err) };
        assert!(!ran.err.contains("panicked at"), "{arguments}: {}", ran.err);
        assert!(matches!(ran.code, 0..=2 | 130 | 143), "{arguments}: exit {} {}", ran.code, ran.err);
        ran
    }

    /// The findings of `check`, as its JSON gives them.
    pub fn findings(&self, arguments: &str) -> Vec<Value> {
        self.findings_with(arguments, &[])
    }

    /// The same with variables of the environment.
    pub fn findings_with(&self, arguments: &str, variables: &[(&str, &str)]) -> Vec<Value> {
        let ran = self.run_with(&format!("check --format json {arguments}"), variables);
        let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err));
        report["findings"].as_array().expect("findings").clone()
    }

    /// Each finding as `path:line:column rule`, in the order of the report.
    pub fn places(&self, arguments: &str) -> Vec<String> {
        let findings = self.findings(arguments);
        let place = |f: &Value| {
            let text = |key: &str| f[key].as_str().unwrap_or_default().to_owned();
            format!("{}:{}:{} {}", text("path"), f["line"], f["column"], text("rule"))
        };
        findings.iter().map(place).collect()
    }

    /// Every file below a folder with its bytes.
    pub fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path(folder))
    }
}

/// Every file below a folder with its bytes; links as their targets.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
        let name = entry.path().strip_prefix(folder).expect("inside").to_string_lossy().into_owned();
        if entry.file_type().is_file() {
            files.insert(name, std::fs::read(entry.path()).unwrap_or_default());
        } else if entry.path_is_symlink() {
            files.insert(name, std::fs::read_link(entry.path()).unwrap_or_default().to_string_lossy().into_owned().into_bytes());
        }
    }
    files
}

/// Words as a shell splits them: by spaces, with double quotes around what holds some.
fn shell_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let (mut quoted, mut begun) = (false, false);
    for c in line.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                begun = true;
            }
            ' ' if !quoted => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            c => {
                word.push(c);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}
