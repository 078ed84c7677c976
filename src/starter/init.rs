//! The starter handbook: `src/starter/handbook/`, embedded, with its days counted back from the given one so that nothing in it is due.

use include_dir::{Dir, include_dir};
use jiff::civil::Date;

use super::NewFile;
use super::fill::{fill, quoted};
use super::name::one_line;

static HANDBOOK: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/starter/handbook");

/// What a handbook is called where nobody says.
const TITLE: &str = "Team handbook";

/// How a starter handbook is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Init<'a> {
    /// The handbook's name; else it is called team handbook.
    pub title: Option<&'a str>,
    /// The day from which reviews, drills and incidents are dated back.
    pub today: Date,
}

/// The files of a starter handbook, in path order: settings, pages, and a `.gitignore` for the output. It builds, and on that day no rule
/// finds anything in it.
pub fn init(wanted: Init<'_>) -> Vec<NewFile> {
    let title = wanted.title.map(one_line).filter(|title| !title.is_empty());
    let title = quoted(title.as_deref().unwrap_or(TITLE));
    let mut files: Vec<NewFile> = templates(&HANDBOOK)
        .into_iter()
        .map(|(path, template)| NewFile { text: fill(template, wanted.today, |name| (name == "title").then(|| title.clone())), path })
        .collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

/// Every text below a folder, with its path.
fn templates<'d>(folder: &'d Dir<'d>) -> Vec<(String, &'d str)> {
    let path = |file: &include_dir::File<'_>| {
        file.path().components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    let here = folder.files().filter_map(|file| Some((path(file), file.contents_utf8()?)));
    here.chain(folder.dirs().flat_map(templates)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::starter::testing::{TODAY, analysis, findings};

    fn starter() -> Vec<NewFile> {
        init(Init { title: None, today: TODAY })
    }

    #[test]
    fn no_rule_finds_anything_in_the_starter() {
        assert_eq!(findings(&analysis(&starter())), Vec::<String>::new());
    }

    #[test]
    fn the_starter_meets_all_its_obligations() {
        let coverage = analysis(&starter()).coverage.handbook.total;
        assert!(coverage.met > 60, "{coverage:?}");
        assert_eq!((coverage.unmet, coverage.waived), (0, 0));
    }

    #[test]
    fn the_starter_shows_every_kind_of_page_and_every_class() {
        let analysis = analysis(&starter());
        for kind in crate::parse::value::PageKind::ALL {
            assert!(analysis.handbook.of_kind(*kind).count() > 0, "{kind}");
        }
        let deploy = analysis.handbook.ids.get("deploy-website").unwrap();
        let classes: Vec<&str> = analysis.handbook.modes(deploy).filter_map(|mode| mode.class()).collect();
        assert_eq!(classes, ["technical", "dependency", "human", "scale"]);
        assert!(analysis.handbook.steps(deploy).any(|step| step.decision().is_some()));
        assert!(analysis.handbook.steps(deploy).any(|step| step.is_automated()));
    }

    #[test]
    fn nothing_in_the_starter_is_left_to_fill_in_and_its_days_have_passed() {
        for file in starter() {
            assert!(!file.text.contains("{{"), "{}", file.path);
            assert!(!file.text.contains('\r') && file.text.ends_with('\n'), "{}", file.path);
            assert!(file.text.lines().all(|line| line.chars().count() <= 160), "{}", file.path);
        }
        let texts = starter().into_iter().map(|file| file.text).collect::<String>();
        let days = texts.match_indices(" = 2").filter_map(|(at, _)| texts.get(at + 3..at + 13)?.parse::<Date>().ok()).collect::<Vec<_>>();
        assert!(days.len() > 10 && days.iter().all(|day| *day <= TODAY), "{days:?}");
    }

    #[test]
    fn paths_are_relative_and_the_output_is_ignored() {
        let files = starter();
        assert!(files.iter().all(|file| crate::containment::is_plain(&file.path)));
        let ignored = files.iter().find(|file| file.path == ".gitignore").unwrap();
        assert_eq!(ignored.text, "/public\n");
        assert!(files.iter().any(|file| file.path == "forewarn.toml"));
        assert!(files.iter().any(|file| file.path == "content/index.md"));
    }

    #[test]
    fn the_title_is_text_whatever_it_holds() {
        for title in ["Ops \"night\" \\ 'day'", "\"\"\" {{today}} ```", "प्रक्रिया – Büro"] {
            let analysis = analysis(&init(Init { title: Some(title), today: TODAY }));
            assert_eq!(analysis.handbook.settings.title, title);
            assert_eq!(findings(&analysis), Vec::<String>::new(), "{title}");
        }
    }

    #[test]
    fn the_starter_stays_short() {
        let is_word = |word: &&str| word.contains(char::is_alphabetic);
        let words = |path: &str| {
            starter().iter().filter(|file| file.path.contains(path)).flat_map(|file| file.text.split_whitespace()).filter(is_word).count()
        };
        assert!(words("deploy-website") < 1_000, "{} words", words("deploy-website"));
        assert!(words("") < 3_500, "{} words", words(""));
    }
}
