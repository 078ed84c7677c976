//! Examples in Markdown: sections of a manual page or a corner-case file, each a small project.
//!
//! Under `## Flagged`, `## Accepted` and `## Waiver`, every `###` heading begins an example. A fence is a file of the project; the line
//! of inline code before it is its path, `content/deploy.md` where there is none. A fence `sh` is a script that makes files; a fence
//! `console` is the command to run instead of `forewarn check`, and below it a part of what that prints, word for word.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

use crate::project::Project;

/// What an example promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// Exactly one finding of the rule.
    Flagged,
    /// None.
    Accepted,
    /// Exactly one, which is waived.
    Waived,
}

/// One example.
#[derive(Debug)]
pub struct Example {
    /// Its heading.
    pub title: String,
    /// What it promises.
    pub promise: Promise,
    files: Vec<(String, String)>,
    scripts: Vec<String>,
    command: Option<String>,
}

/// The examples of a page.
pub fn examples(page: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut promise = None;
    let mut heading: Option<(HeadingLevel, String)> = None;
    let mut fence: Option<(String, String)> = None;
    let (mut paragraph, mut code, mut path) = (String::new(), String::new(), None);
    for event in Parser::new(page) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => heading = Some((level, String::new())),
            Event::End(TagEnd::Heading(_)) => match heading.take() {
                Some((HeadingLevel::H2, title)) => promise = promise_of(&title),
                Some((HeadingLevel::H3, title)) => {
                    if let Some(promise) = promise {
                        examples.push(Example { title, promise, files: Vec::new(), scripts: Vec::new(), command: None });
                    }
                }
                _ => {}
            },
            Event::Start(Tag::Paragraph) => {
                paragraph.clear();
                code.clear();
            }
            Event::End(TagEnd::Paragraph) => path = (paragraph.trim().is_empty() && !code.is_empty()).then(|| code.clone()),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => fence = Some((info.to_string(), String::new())),
            Event::End(TagEnd::CodeBlock) => {
                let (info, text) = fence.take().unwrap_or_default();
                let path = path.take();
                if let (Some(example), Some(_)) = (examples.last_mut(), promise) {
                    match info.split_whitespace().next().unwrap_or_default() {
                        "sh" if path.is_none() => example.scripts.push(text),
                        "console" => example.command = Some(text),
                        _ => example.files.push((path.unwrap_or_else(|| "content/deploy.md".to_owned()), text)),
                    }
                }
            }
            Event::Text(text) => match (&mut heading, &mut fence) {
                (Some((_, title)), _) => title.push_str(&text),
                (None, Some((_, body))) => body.push_str(&text),
                _ => paragraph.push_str(&text),
            },
            Event::Code(text) => match &mut heading {
                Some((_, title)) => title.push_str(&text),
                None => code.push_str(&text),
            },
            _ => {}
        }
    }
    examples
}

fn promise_of(title: &str) -> Option<Promise> {
    match title {
        "Flagged" => Some(Promise::Flagged),
        "Accepted" => Some(Promise::Accepted),
        "Waiver" => Some(Promise::Waived),
        _ => None,
    }
}

impl Example {
    /// The project that it shows.
    pub fn project(&self) -> Project {
        let project = self.files.iter().fold(Project::empty(), |project, (path, text)| project.file(path, text));
        self.scripts.iter().for_each(|script| {
            project.sh(script);
        });
        project
    }

    /// Runs the example; the reason if it does not keep its promise for `rule`.
    pub fn broken(&self, rule: &str) -> Option<String> {
        if self.files.is_empty() && self.scripts.is_empty() {
            return Some("the example has no file".to_owned());
        }
        let project = self.project();
        let (variables, options) = self.command.as_deref().map_or_else(Default::default, command);
        let variables: Vec<(&str, &str)> = variables.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let findings = project.findings_with(&options, &variables);
        let of = |name: &str| findings.iter().filter(|finding| finding["rule"] == name).cloned().collect::<Vec<_>>();
        let found = of(rule);
        let waived = found.iter().filter(|finding| finding["waived"] == true).count();
        let kept = match self.promise {
            Promise::Flagged => found.len() == 1 && waived == 0,
            Promise::Accepted => found.is_empty(),
            Promise::Waived => found.len() == 1 && waived == 1 && of("invalid-waiver").is_empty(),
        };
        let printed = |said: &String| project.run_with(&format!("check {options}"), &variables).out.contains(said.as_str());
        if let Some(said) = self.command.as_deref().and_then(transcript).filter(|said| !printed(said)) {
            return Some(format!(
                "the report does not say\n{said}\nbut\n{}",
                project.run_with(&format!("check {options}"), &variables).out
            ));
        }
        let shown = || findings.iter().map(|f| format!("    {} {}:{} {}", f["id"], f["path"], f["line"], f["message"])).collect::<Vec<_>>();
        (!kept).then(|| format!("{} findings of {rule}, {waived} waived; all findings:\n{}", found.len(), shown().join("\n")))
    }
}

/// What a transcript shows below its command: it stands in the report for people, word for word.
fn transcript(text: &str) -> Option<String> {
    let (_, said) = text.split_once("$ ")?;
    let (_, said) = said.split_once('\n')?;
    Some(said.trim().to_owned()).filter(|said| !said.is_empty())
}

/// The variables and options of `$ KEY=value forewarn check --drafts`.
fn command(text: &str) -> (Vec<(String, String)>, String) {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("$ ")).unwrap_or_default();
    let (before, after) = line.split_once("forewarn check").unwrap_or((line, ""));
    let variables = before.split_whitespace().filter_map(|word| word.split_once('='));
    (variables.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(), after.trim().to_owned())
}

impl Example {
    /// The lines of its transcript that a run does not print one after the other; nothing where it shows a command alone.
    pub fn misquoted(&self) -> Option<String> {
        let (_, quoted) = self.command.as_deref()?.split_once('\n')?;
        let (variables, options) = command(self.command.as_deref()?);
        let variables: Vec<(&str, &str)> = variables.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let printed = self.project().run_with(&format!("check {options}"), &variables).out;
        let lines = |text: &str| text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        (!lines(&printed).contains(&lines(quoted))).then(|| format!("quoted:\n{quoted}\nprinted:\n{printed}"))
    }
}
