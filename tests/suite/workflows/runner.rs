//! A runner of a few lines: the steps of a job, one after the other, in a folder. It knows no expression but names, and does no `uses`.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::project::{Project, Ran};

/// Noon of the day of every test.
const EPOCH: &str = "1795176000";

/// A job under way.
pub struct Runner<'p> {
    project: &'p Project,
    /// What stands outside the work tree: programs, outputs, the summary.
    pub temp: Project,
    context: BTreeMap<String, String>,
    variables: BTreeMap<String, String>,
}

impl<'p> Runner<'p> {
    /// A job in the folder of a project, with forewarn installed.
    pub fn new(project: &'p Project) -> Self {
        let temp = Project::with(&[("output", ""), ("summary.md", ""), ("path", ""), ("bin/.keep", "")]);
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_forewarn"), temp.path("bin/forewarn")).expect("a link");
        Self { project, temp, context: BTreeMap::new(), variables: BTreeMap::new() }
    }

    /// What an expression is worth.
    pub fn given(mut self, expression: &str, value: &str) -> Self {
        self.context.insert(expression.to_owned(), value.to_owned());
        self
    }

    /// What the runner sets for every step.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Puts a program before all others.
    pub fn program(self, name: &str, script: &str) -> Self {
        let path = format!("bin/{name}");
        self.temp.write(&path, script);
        std::fs::set_permissions(self.temp.path(&path), PermissionsExt::from_mode(0o755)).expect("permissions");
        self
    }

    /// The value of a text with `${{ name }}` in it.
    pub fn value(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${{") {
            let (name, after) = after.split_once("}}").expect("the end of an expression");
            let known = self.context.get(name.trim());
            out.push_str(before);
            out.push_str(known.unwrap_or_else(|| panic!("`{}` has no value here", name.trim())));
            rest = after;
        }
        out + rest
    }

    /// What a step left behind, `steps.<id>.outputs.<name>`.
    pub fn output(&self, name: &str) -> &str {
        self.context.get(name).map_or("", String::as_str)
    }

    /// Does the `run` of a step.
    pub fn run(&mut self, step: &Value) -> Ran {
        let script = step["run"].as_str().unwrap_or_else(|| panic!("no script: {step}"));
        assert!(!script.contains("${{"), "what comes from outside is part of a script: {script}");
        let own = step["env"].as_object().into_iter().flatten();
        let own: Vec<(&String, String)> = own.map(|(name, value)| (name, self.value(value.as_str().expect("text")))).collect();
        let path = format!("{}:{}", self.temp.path("bin").display(), std::env::var("PATH").expect("PATH"));
        let at = |name: &str| self.temp.path(name);
        let files: [(&str, PathBuf); 4] = [
            ("GITHUB_OUTPUT", at("output")),
            ("GITHUB_STEP_SUMMARY", at("summary.md")),
            ("GITHUB_PATH", at("path")),
            ("RUNNER_TEMP", at("")),
        ];
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .current_dir(self.project.path(""))
            .env("PATH", path)
            .env("SOURCE_DATE_EPOCH", EPOCH)
            .env_remove("FOREWARN_BASE_URL")
            .env_remove("GITHUB_BASE_REF")
            .envs(self.project.alone())
            .envs(files)
            .envs(&self.variables)
            .envs(own)
            .stdin(Stdio::null())
            .output()
            .expect("bash runs");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        if let Some(id) = step["id"].as_str() {
            for line in self.temp.read("output").lines() {
                let (name, value) = line.split_once('=').expect("name=value");
                self.context.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
            }
        }
        self.temp.write("output", "");
        Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// The step with a name.
pub fn named<'s>(steps: &'s [Value], name: &str) -> &'s Value {
    steps.iter().find(|step| step["name"] == name).unwrap_or_else(|| panic!("no step `{name}`: {steps:?}"))
}
