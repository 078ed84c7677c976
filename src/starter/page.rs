//! A new page: a skeleton that asks the questions of the pre-mortem workbook and can be read without fault, so that what `check` reports
//! of it are its gaps.

use anyhow::bail;
use jiff::civil::Date;

use crate::model::{Handbook, Page};
use crate::parse::value::{PageKind, says_something};

use super::NewFile;
use super::fill::{fill, quoted};
use super::name::{may_stand, one_line, path};

/// How many processes a comment names at most.
const NAMED: usize = 6;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// What the page is.
    pub kind: PageKind,
    /// Its title: any text.
    pub title: &'a str,
    /// Where it is to stand; else by kind and title.
    pub path: Option<&'a str>,
    /// The day of an incident, a session or a first review.
    pub today: Date,
}

/// The skeleton of a page. Fails for a title without a letter, a path that is unsafe or cannot be held by every system, and a path, an
/// address or an id that another page has. To see drafts as well, hand in a handbook that holds them.
pub fn new_page(wish: Wish<'_>, handbook: &Handbook) -> anyhow::Result<NewFile> {
    let title = one_line(wish.title);
    if title.is_empty() {
        bail!("the title is empty: `forewarn new {} \"…\"`", wish.kind);
    }
    if !says_something(&title) {
        bail!("the title `{title}` says nothing");
    }
    if title.contains(char::is_control) {
        bail!("the title `{}` holds a control character", title.escape_debug());
    }
    let path = path(wish.kind, &title, wish.path)?;
    may_stand(wish.kind, &path, handbook)?;
    Ok(NewFile { path: path.to_string(), text: text(wish.kind, &title, wish.today, handbook) })
}

/// The text of a skeleton.
pub(super) fn text(kind: PageKind, title: &str, today: Date, handbook: &Handbook) -> String {
    fill(skeleton(kind), today, |name| match name {
        "title" => Some(quoted(title)),
        "process" => Some(process(title, handbook)),
        _ => None,
    })
}

fn skeleton(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Page => include_str!("skeletons/page.md"),
        PageKind::Process => include_str!("skeletons/process.md"),
        PageKind::System => include_str!("skeletons/system.md"),
        PageKind::Role => include_str!("skeletons/role.md"),
        PageKind::Incident => include_str!("skeletons/incident.md"),
        PageKind::Premortem => include_str!("skeletons/premortem.md"),
    }
}

/// The `process` key, which an incident and a session must have: the process that the title speaks of, else the first, and beside it
/// those that it could be instead.
fn process(title: &str, handbook: &Handbook) -> String {
    let title = title.to_lowercase();
    let spoken_of = |page: &&Page| {
        title.contains(&page.title().to_lowercase()) || title.contains(&page.id) || title.contains(&page.id.replace('-', " "))
    };
    let mut processes: Vec<&Page> = handbook.processes().map(|page| &handbook.pages[page]).collect();
    let Some(first) = processes.first().copied() else {
        return "# Which process? There must be one: `forewarn new process \"…\"`.\n# process = \"…\"".to_owned();
    };
    let chosen = processes.iter().copied().filter(spoken_of).max_by_key(|page| page.id.len()).unwrap_or(first);
    processes.retain(|page| page.id != chosen.id);
    let line = format!("process = {}", quoted(&chosen.id));
    if processes.is_empty() {
        return line;
    }
    let mut others: Vec<&str> = processes.iter().take(NAMED).map(|page| page.id.as_str()).collect();
    others.extend((processes.len() > NAMED).then_some("…"));
    format!("# Which process? It could also be: {}\n{line}", others.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::rule::Group;
    use crate::pipeline::Analysis;
    use crate::starter::testing::{TODAY, analysis, findings, findings_of};
    use crate::starter::{Init, init};

    fn file(path: &str, text: &str) -> NewFile {
        NewFile { path: path.to_owned(), text: text.to_owned() }
    }

    fn wish<'a>(kind: PageKind, title: &'a str, path: Option<&'a str>) -> Wish<'a> {
        Wish { kind, title, path, today: TODAY }
    }

    fn starter() -> Vec<NewFile> {
        init(Init { title: None, today: TODAY })
    }

    /// The starter with a new page, and the page.
    fn with_new(kind: PageKind, title: &str) -> (Analysis, NewFile) {
        let mut files = starter();
        let page = new_page(wish(kind, title, None), &analysis(&files).handbook).unwrap();
        files.push(page.clone());
        (analysis(&files), page)
    }

    /// What of a page cannot be read as it was meant.
    fn faults(analysis: &Analysis) -> Vec<String> {
        findings_of(analysis, Group::Structure)
    }

    fn refusal(kind: PageKind, title: &str, path: Option<&str>) -> String {
        new_page(wish(kind, title, path), &analysis(&starter()).handbook).unwrap_err().to_string()
    }

    #[test]
    fn every_kind_has_its_folder() {
        let at = |kind| with_new(kind, "Rotate the keys").1.path;
        assert_eq!(at(PageKind::Process), "content/processes/rotate-the-keys.md");
        assert_eq!(at(PageKind::System), "content/systems/rotate-the-keys.md");
        assert_eq!(at(PageKind::Role), "content/roles/rotate-the-keys.md");
        assert_eq!(at(PageKind::Incident), "content/incidents/rotate-the-keys.md");
        assert_eq!(at(PageKind::Premortem), "content/premortems/rotate-the-keys.md");
        assert_eq!(at(PageKind::Page), "content/rotate-the-keys.md");
    }

    #[test]
    fn every_skeleton_parses_without_faults_and_only_a_process_has_obligations() {
        for kind in PageKind::ALL {
            let (analysis, page) = with_new(*kind, "Rotate keys");
            assert!(!page.text.contains("{{"), "{kind}");
            assert_eq!(faults(&analysis), Vec::<String>::new(), "{kind}");
            assert_eq!(findings_of(&analysis, Group::Coverage).is_empty(), *kind != PageKind::Process, "{kind}");
            assert_eq!(analysis.handbook.page("rotate-keys").unwrap().page_kind(), *kind);
        }
    }

    #[test]
    fn a_new_process_is_told_what_nobody_has_said_yet_and_nothing_else() {
        let (analysis, _) = with_new(PageKind::Process, "Rotate keys");
        let classes = ["technical", "human", "scale", "dependency"].map(|class| format!("class-not-considered@rotate-keys/{class}"));
        assert_eq!(findings_of(&analysis, Group::Coverage), classes);
        assert!(findings(&analysis).len() < 9);
    }

    #[test]
    fn the_question_block_of_a_skeleton_counts_once_its_first_word_is_failure() {
        for kind in [PageKind::Process, PageKind::System] {
            let (_, page) = with_new(kind, "Rotate keys");
            let mut files = starter();
            files.push(file(&page.path, &page.text.replace("```toml", "```failure")));
            let analysis = analysis(&files);
            assert_eq!(faults(&analysis), Vec::<String>::new(), "{kind}");
            let index = analysis.handbook.ids.get("rotate-keys").unwrap();
            let mode = analysis.handbook.modes(index).next().unwrap();
            assert!(mode.has_detection() && mode.has_recovery(), "{kind}");
        }
    }

    #[test]
    fn every_question_uncommented_is_a_key_that_is_known() {
        for kind in PageKind::ALL {
            let (_, page) = with_new(*kind, "Rotate keys");
            let is_key = |line: &str| {
                line.starts_with("[[")
                    || line.starts_with("[") && line.ends_with(']')
                    || line.split_once(" = ").is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
            };
            let open = |line: &str| match line.trim_start().strip_prefix("# ") {
                Some(rest) if is_key(rest) => format!("{}{rest}", &line[..line.len() - line.trim_start().len()]),
                _ => line.to_owned(),
            };
            let text: String = page.text.replace("```toml", "```failure").lines().map(|line| open(line) + "\n").collect();
            let mut files = starter();
            files.push(file(&page.path, &text));
            let commented = |text: &str| text.lines().filter(|line| line.trim_start().starts_with("# ")).count();
            assert!(*kind == PageKind::Page || commented(&page.text) > commented(&text) + 3, "{kind}");
            let wrong: Vec<String> = faults(&analysis(&files)).into_iter().filter(|id| !id.starts_with("unknown-reference")).collect();
            assert_eq!(wrong, Vec::<String>::new(), "{kind}\n{text}");
        }
    }

    #[test]
    fn a_title_is_text_whatever_it_holds() {
        let titles = [
            "Say \"no\" to 'this' \\ that",
            "\"\"\" and ''' and ``` and +++",
            "<script>alert(1)</script> [x](javascript:y) **b** {#id}",
            "प्रक्रिया – Größe ändern 🔑",
            "{{today}} {{process}} $(rm) %s",
            "a = 1 # no comment",
        ];
        for title in titles {
            for kind in PageKind::ALL {
                let (analysis, page) = with_new(*kind, title);
                let id = crate::parse::file_id(&crate::source::PagePath::new(&page.path));
                let made = analysis.handbook.page(&id).unwrap();
                assert_eq!(made.title(), title, "{kind}");
                assert_eq!(faults(&analysis), Vec::<String>::new(), "{kind}");
            }
        }
        assert!(with_new(PageKind::Role, " two\n lines\t").1.text.contains("title = \"two lines\"\n"));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
        #[test]
        fn any_title_is_refused_or_is_the_title(title in ".{0,40}|[-_`'\"\\\\{}#+=\\[\\]<>* a]{1,20}") {
            let empty = analysis(&[file("content/index.md", "# Home\n")]);
            for kind in [PageKind::Process, PageKind::System, PageKind::Page] {
                let Ok(page) = new_page(wish(kind, &title, None), &empty.handbook) else { continue };
                let path = page.path.clone();
                let made = analysis(&[page]);
                proptest::prop_assert_eq!(made.handbook.pages[0].title(), one_line(&title));
                proptest::prop_assert!(faults(&made).is_empty(), "{}: {:?}", path, made.findings);
            }
        }
    }

    #[test]
    fn titles_without_a_name_are_refused() {
        assert!(refusal(PageKind::Process, " \n", None).contains("empty"));
        assert!(refusal(PageKind::Process, "TBD", None).contains("says nothing"));
        assert!(refusal(PageKind::Process, "()", None).contains("--path"));
        assert!(refusal(PageKind::Process, "bell \u{7}", None).contains("control character"));
        assert!(refusal(PageKind::System, "CON", None).contains("device"));
        assert!(refusal(PageKind::System, &"long ".repeat(60), None).contains("180 bytes"));
    }

    #[test]
    fn a_path_may_be_given_in_the_ways_people_give_it() {
        let handbook = analysis(&starter()).handbook;
        let at = |path| new_page(wish(PageKind::Process, "Rotate keys", Some(path)), &handbook).unwrap().path;
        assert_eq!(at("content/ops/rotate.md"), "content/ops/rotate.md");
        assert_eq!(at("ops/rotate"), "content/ops/rotate.md");
        assert_eq!(at("./content/ops/"), "content/ops/rotate-keys.md");
    }

    #[test]
    fn paths_out_of_the_content_are_refused() {
        for path in ["../x.md", "/etc/x.md", "content/../x.md", "a//b.md", "C:x.md", "a\\b.md", "", "/", "..", "a/../../x/"] {
            assert!(new_page(wish(PageKind::Process, "Keys", Some(path)), &analysis(&starter()).handbook).is_err(), "{path:?}");
        }
        for path in ["con.md", "a./x.md", "_drafts/x.md", ".hidden.md", "a\u{202e}b.md", "x?.md"] {
            assert!(refusal(PageKind::Process, "Rotate keys", Some(path)).contains("cannot be the name"), "{path:?}");
        }
    }

    #[test]
    fn what_exists_is_not_written_again() {
        let exists = refusal(PageKind::Process, "Deploy the website", Some("processes/Deploy-Website.md"));
        assert!(exists.contains("`content/processes/deploy-website.md` exists already"), "{exists}");
        let taken = refusal(PageKind::System, "Deploy website", None);
        assert!(taken.contains("the id `deploy-website` is taken: `content/processes/deploy-website.md` has it"), "{taken}");
        assert!(refusal(PageKind::System, "GitHub", None).contains("`forewarn.toml` has it"));
        assert!(refusal(PageKind::Page, "Backups", Some("systems/backups/index.md")).contains("has it already"));
        assert!(refusal(PageKind::Page, "Risks", None).contains("forewarn makes itself"));
    }

    #[test]
    fn a_draft_keeps_its_id() {
        let mut files = starter();
        files.push(file("content/keys.md", "```page\nkind = \"process\"\ntitle = \"K\"\ndraft = true\n```\n"));
        let error = new_page(wish(PageKind::Process, "Keys", None), &analysis(&files).handbook).unwrap_err().to_string();
        assert!(error.contains("`content/keys.md` has it"), "{error}");
    }

    #[test]
    fn an_incident_names_the_process_that_its_title_speaks_of() {
        assert!(with_new(PageKind::Incident, "Restore database took all night").1.text.contains("\nprocess = \"restore-database\"\n"));
        let (_, other) = with_new(PageKind::Premortem, "Autumn session");
        assert!(other.text.contains("could also be: restore-database\nprocess = \"deploy-website\"\n"), "{}", other.text);
        let empty = analysis(&[file("content/index.md", "# Home\n")]);
        let page = new_page(wish(PageKind::Incident, "It broke", None), &empty.handbook).unwrap();
        assert!(page.text.contains("# process = \"…\""));
    }
}
