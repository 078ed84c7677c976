//! The offline copy: `handbook.zip` holds the site as it is, and the same bytes each time.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use crate::project::Project;

fn handbook(settings: &str) -> Project {
    Project::with(&[
        ("forewarn.toml", settings),
        ("content/index.md", "# Home\n\nSee [deploy](deploy.md).\n"),
        ("content/img/flow.txt", "a file that is copied"),
        (
            "content/deploy.md",
            "```page\nkind = \"process\"\ntitle = \"Deploy\"\naliases = [\"/old/\"]\n```\n\n## Steps\n\n1. **Build.** Run it.\n2. **Ship.** Send it.\n",
        ),
    ])
}

fn build(project: &Project, arguments: &str, variables: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let ran = project.run_with(&format!("build {arguments}"), variables);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    project.tree("public")
}

fn unpacked(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut entry = |at: usize| {
        let mut entry = archive.by_index(at).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        assert_eq!(entry.compression(), zip::CompressionMethod::Stored, "{name}");
        assert_eq!(entry.unix_mode(), Some(0o100_644), "{name}");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        (name, bytes)
    };
    (0..zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive").len()).map(&mut entry).collect()
}

#[test]
fn the_copy_holds_every_page_as_it_stands_on_the_site_and_nothing_that_needs_a_server() {
    let project = handbook("offline_copy = true\naudience = \"public\"\nbase_url = \"https://acme.example/repo/\"\n");
    let mut site = build(&project, "", &[]);
    let copy = unpacked(&site.remove("handbook.zip").expect("the copy"));
    let left_out: Vec<String> = site.keys().filter(|path| !copy.contains_key(*path)).cloned().collect();
    assert_eq!(left_out, [".forewarn-manifest.json", ".nojekyll", "404.html", "old/index.html", "robots.txt", "sitemap.xml"]);
    left_out.iter().for_each(|path| drop(site.remove(path)));
    assert_eq!(copy, site);
}

#[test]
fn the_copy_has_the_same_bytes_whatever_the_build_finds() {
    let project = handbook("offline_copy = true\n");
    let first = build(&project, "", &[]);
    // Nothing has changed, so every other file is a second name of the old one.
    assert_eq!(build(&project, "", &[("RAYON_NUM_THREADS", "1"), ("TZ", "Pacific/Kiritimati")]), first);
    project.write("content/img/flow.txt", "another");
    let other = build(&project, "", &[]);
    assert_ne!(other["handbook.zip"], first["handbook.zip"]);
    project.write("content/img/flow.txt", "a file that is copied");
    assert_eq!(build(&project, "", &[]), first);
    project.sh("rm -r public");
    assert_eq!(build(&project, "", &[]), first);
}

#[test]
fn without_the_setting_there_is_no_copy_and_an_old_one_goes() {
    let project = handbook("offline_copy = true\n");
    assert!(build(&project, "", &[]).contains_key("handbook.zip"));
    project.write("forewarn.toml", "");
    assert!(!build(&project, "", &[]).contains_key("handbook.zip"));
}

#[test]
fn a_file_of_ones_own_in_its_place_is_a_collision() {
    let project = handbook("offline_copy = true\n").file("content/handbook.zip", "mine");
    assert_eq!(project.places("--only url-collision"), ["content/handbook.zip:1:1 url-collision"]);
}
