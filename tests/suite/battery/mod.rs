//! The battery of hostile and unlucky cases, in the groups of the contract. Each case is a project, what `check` must say of it and
//! where, and that nothing else is touched.

mod characters;
mod collisions;
pub mod html;
mod links;
mod machine;
mod markdown;
mod output;
mod published;
mod script;
mod toml;

use std::collections::BTreeMap;

use sha2::Digest as _;

use crate::project::Project;

/// A small handbook that is whole.
pub fn whole() -> Project {
    Project::with(&[
        ("forewarn.toml", "title = \"Battery\"\n"),
        ("content/index.md", "# Home\n\nSee [deploy](deploy.md).\n"),
        (
            "content/deploy.md",
            "```page\nkind = \"process\"\ntitle = \"Deploy\"\n```\n\n## Steps\n\n1. **Build.** Run it.\n2. **Ship.** Send it.\n",
        ),
    ])
}

/// Everything of a project but its output.
fn sources(project: &Project) -> BTreeMap<String, Vec<u8>> {
    project.tree("").into_iter().filter(|(path, _)| !path.starts_with("public")).collect()
}

/// Whether any of the places is `path:line:column rule`; all of them are shown when not. The sources stay as they were.
pub fn expect(project: &Project, place: &str) {
    let before = sources(project);
    let places = project.places("");
    assert!(places.iter().any(|found| found == place), "expected {place}, found:\n{}", places.join("\n"));
    assert!(sources(project) == before, "the sources were touched");
}

/// A fault: `check` and `build` exit 1 and name it at its place, sources and output stay as they were.
pub fn fault(project: &Project, place: &str) {
    let (before, output) = (sources(project), project.tree("public"));
    expect(project, place);
    for command in ["check", "build"] {
        let ran = project.run(command);
        assert_eq!(ran.code, 1, "{command}: {}{}", ran.out, ran.err);
        let rule = place.rsplit(' ').next().unwrap_or_default();
        assert!(ran.out.contains(rule), "{command} does not name {rule}: {}", ran.out);
    }
    assert!(sources(project) == before, "the sources were touched");
    assert!(project.tree("public") == output, "the output was touched");
}

/// The machine's fault: exit 2, one line that names the path, nothing touched.
pub fn refused(project: &Project, command: &str, named: &str) {
    let before = project.tree("");
    let ran = project.run(command);
    assert_eq!(ran.code, 2, "{command}: {}{}", ran.out, ran.err);
    assert!(ran.err.contains(named), "{command} does not name {named}: {}", ran.err);
    assert_eq!(ran.err.trim_end().lines().count(), 1, "{command}: more than a line: {}", ran.err);
    assert_eq!(project.tree(""), before, "{command}: something was touched");
}

/// A build that succeeds; its output.
pub fn built(project: &Project) -> BTreeMap<String, Vec<u8>> {
    built_by(project, "build")
}

/// A build that writes what it can, faults or not; its output.
pub fn built_anyway(project: &Project) -> BTreeMap<String, Vec<u8>> {
    built_by(project, "build --fail-on never")
}

fn built_by(project: &Project, command: &str) -> BTreeMap<String, Vec<u8>> {
    let before = sources(project);
    let ran = project.run(command);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(sources(project) == before, "the sources were touched");
    let output = project.tree("public");
    assert_is_whole(&output);
    for page in before.keys().filter_map(|path| path.strip_prefix("content/")?.strip_suffix(".md")) {
        let left_out = page.split('/').any(|part| part.starts_with(['.', '_', '#']));
        let draft = || project.read(&format!("content/{page}.md")).contains("draft = true");
        let at =
            if page == "index" { "index.html".to_owned() } else { format!("{}/index.html", page.strip_suffix("/index").unwrap_or(page)) };
        assert!(left_out || output.contains_key(&at) || draft(), "{page} gave no page");
    }
    output
}

/// The manifest of an output is true: it lists every file with its bytes, and no other.
pub fn assert_is_whole(output: &BTreeMap<String, Vec<u8>>) {
    let name = ".forewarn-manifest.json";
    let manifest: serde_json::Value = serde_json::from_slice(output.get(name).expect("a manifest")).expect("JSON");
    let text = |file: &serde_json::Value, key: &str| file[key].as_str().unwrap_or_default().to_owned();
    let listed: Vec<_> =
        manifest["files"].as_array().expect("files").iter().map(|file| (text(file, "path"), text(file, "sha256"))).collect();
    let hash = |bytes: &Vec<u8>| sha2::Sha256::digest(bytes).iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
    let there: Vec<_> = output.iter().filter(|(path, _)| *path != name).map(|(path, bytes)| (path.clone(), hash(bytes))).collect();
    assert!(listed == there, "the manifest lists {listed:?}, there is {there:?}");
}
