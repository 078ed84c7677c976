//! The battery of hostile and unlucky cases, in the groups of the contract. Each case is a project, what `check` must say of it and
//! where, and that nothing else is touched.

mod characters;
mod collisions;
mod links;
mod markdown;
mod output;
mod published;
mod toml;

use std::collections::BTreeMap;

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

/// Whether any of the places begins with `path:line:column rule`; all of them are shown when not.
pub fn expect(project: &Project, place: &str) {
    let places = project.places("");
    assert!(places.iter().any(|found| found == place), "expected {place}, found:\n{}", places.join("\n"));
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
    assert_eq!(sources(project), before, "the sources were touched");
    assert_eq!(project.tree("public"), output, "the output was touched");
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
    let ran = project.run("build");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    project.tree("public")
}
