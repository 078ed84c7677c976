//! The room as a whole: handbooks in the author's notation go in, files of the site come out.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use super::*;
use crate::discover::Discovered;
use crate::model::Drafts;
use crate::pipeline::{Run, analyze};
use crate::settings::Settings;
use crate::source::{Source, Sources, ThemeFile};

const HOSTILE: &str = "</title></script><img src=x onerror=alert(1)>\"'";

fn analysis(settings: &str, pages: &[(&str, &str)], assets: &[&str]) -> Analysis {
    let settings_source = Arc::new(Source::new(PagePath::new("forewarn.toml"), settings));
    let (settings, findings) = Settings::read(Some(&settings_source));
    let mut sources: Vec<Arc<Source>> = pages.iter().map(|(path, text)| Arc::new(Source::new(PagePath::new(path), text))).collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let assets = assets.iter().map(PagePath::new).collect();
    let sources = Sources { settings: Some(settings_source), pages: sources, theme: Vec::new(), assets };
    let discovered = Discovered { sources, settings, findings, notes: Vec::new(), changed: Default::default() };
    analyze(discovered, Run { today: jiff::civil::date(2026, 11, 20), drafts: Drafts::Out, fail_inside: None })
}

fn rendered(analysis: &Analysis, theme: &Theme) -> BTreeMap<String, String> {
    let read = |path: &PagePath| Ok(path.as_str().as_bytes().to_vec());
    let site = plan(Parts { analysis, theme, read_asset: &read, base_url: None, home: None, poison: None });
    let text = |output: &Output<'_>| String::from_utf8_lossy(&(output.bytes)().unwrap()).into_owned();
    site.outputs.iter().map(|output| (output.path.clone(), text(output))).collect()
}

fn site_with(settings: &str, pages: &[(&str, &str)]) -> BTreeMap<String, String> {
    rendered(&analysis(settings, pages, &["content/img/flow.png"]), &Theme::new(&[]).unwrap())
}

fn site(pages: &[(&str, &str)]) -> BTreeMap<String, String> {
    site_with("title = \"Handbook\"", pages)
}

/// What stands in the article of one page of prose.
fn article(markdown: &str) -> String {
    let site = site(&[("content/folder/a.md", markdown), ("content/b.md", "# B\n\n## Part\n")]);
    let html = &site["folder/a/index.html"];
    let start = html.find("<article>").unwrap();
    html[start..html.find("</article>").unwrap()].to_owned()
}

#[derive(Default)]
struct Tags(std::cell::RefCell<Vec<Tag>>);

impl TokenSink for Tags {
    type Handle = ();
    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token {
            let script = tag.kind == TagKind::StartTag && &*tag.name == "script";
            self.0.borrow_mut().push(tag);
            if script {
                return TokenSinkResult::RawData(html5ever::tokenizer::states::RawKind::ScriptData);
            }
        }
        TokenSinkResult::Continue
    }
}

fn tags(html: &str) -> Vec<Tag> {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(Tags::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.take().into_iter().filter(|tag| tag.kind == TagKind::StartTag).collect()
}

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| attribute.value.to_string())
}

/// Everything that may not stand on any page, and every link that leads nowhere.
fn faults(site: &BTreeMap<String, String>) -> Vec<String> {
    let mut faults = Vec::new();
    let pages: BTreeMap<&str, Vec<Tag>> =
        site.iter().filter(|(path, _)| path.ends_with(".html")).map(|(path, html)| (path.as_str(), tags(html))).collect();
    let ids: BTreeMap<&str, Vec<String>> =
        pages.iter().map(|(path, tags)| (*path, tags.iter().filter_map(|tag| attribute(tag, "id")).collect())).collect();
    for (path, tags) in &pages {
        if ids[path].iter().collect::<BTreeSet<_>>().len() != ids[path].len() {
            faults.push(format!("{path}: an id stands twice"));
        }
        for tag in tags {
            let name = &*tag.name;
            let unwanted = ["iframe", "object", "embed", "base", "frame", "applet", "math"];
            if unwanted.contains(&name) || (name == "style" && *path != "404.html") {
                faults.push(format!("{path}: <{name}>"));
            }
            for attribute in &tag.attrs {
                let key = &*attribute.name.local;
                if key == "style" || key.starts_with("on") || key == "srcset" || key == "formaction" {
                    faults.push(format!("{path}: <{name} {key}>"));
                }
                if matches!(key, "href" | "src" | "action") {
                    faults.extend(follow(path, &attribute.value, site, &ids).map(|fault| format!("{path}: {fault}: {}", attribute.value)));
                }
            }
        }
        let inline = tags.iter().filter(|tag| &*tag.name == "script" && attribute(tag, "src").is_none()).count();
        if inline > 1 {
            faults.push(format!("{path}: {inline} inline scripts"));
        }
    }
    faults
}

fn follow(from: &str, url: &str, site: &BTreeMap<String, String>, ids: &BTreeMap<&str, Vec<String>>) -> Option<&'static str> {
    if crate::parse::url::unsafe_scheme(url).is_some() {
        return Some("a scheme that can run");
    }
    if crate::parse::url::is_external(url) || from == "404.html" {
        return None;
    }
    if url.starts_with('/') {
        return Some("not relative");
    }
    let (path, fragment) = url.split_once('#').unwrap_or((url, ""));
    let mut parts: Vec<String> = from.split('/').map(str::to_owned).collect();
    parts.pop();
    let decoded = |text: &str| crate::parse::url::percent_decoded(text);
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.is_empty() => return Some("leads out of the site"),
            ".." => drop(parts.pop()),
            part => parts.push(decoded(part)),
        }
    }
    let mut target = parts.join("/");
    if path.is_empty() {
        target = from.to_owned();
    } else if path.ends_with('/') || path.ends_with("..") {
        target = if target.is_empty() { "index.html".to_owned() } else { format!("{target}/index.html") };
    }
    if !site.contains_key(&target) {
        return Some("leads to no file");
    }
    let known = fragment.is_empty() || ids.get(target.as_str()).is_none_or(|ids| ids.contains(&decoded(fragment)));
    (!known).then_some("leads to no anchor")
}

const PROCESS: &str = r##"+++
kind = "process"
title = "Deploy"
owner = "platform"
criticality = "critical"
depends_on = ["github"]
aliases = ["/old/deploy/", "/older.html"]
[context]
intent = "Ship *well*."
+++

Before all: [roll back](#steps-to-roll-back), [B](b.md#part), ![flow](img/flow.png).

## Steps

Read this first.

1. **Freeze the `queue`.** In [chat](b.md).

   ```step
   id = "freeze"
   role = "platform"
   ```

2. Migrate the schema. The pipeline does.

   ```step
   actor = "automation"
   uses = ["github"]
   reversible = false
   ```

   ```failure
   class = "technical"
   title = "It stops halfway"
   severity = "critical"
   likelihood = "likely"
   cause = "A [lock](b.md) that `waits`"
   [recover]
   path = ["#steps-to-roll-back"]
   ```

3. *Look. Then look again* at the graph.

### GitHub is gone

```failure
class = "dependency"
of = "github"
detect = "Red everywhere"
```

Go home, then:

1. Come back.

## Steps to roll back

### Put it back: {#put-back}

Do it.

## Notes

The end.
"##;

const OTHERS: [(&str, &str); 4] = [
    ("content/b.md", "# B\n\n## Part\n\nText.\n"),
    (
        "content/roles/platform.md",
        "+++\nkind = \"role\"\ntitle = \"Platform\"\nholders = 1\nhours = \"24x7\"\nchannels = [\"chat\"]\n+++\n",
    ),
    (
        "content/systems/github.md",
        "+++\nkind = \"system\"\ntitle = \"GitHub\"\ncontact = \"CANARY-CONTACT\"\n+++\n\n### It is slow\n\n```failure\nclass = \"scale\"\nstate = \"slow\"\n```\n\nWait.\n",
    ),
    ("content/systems/chat.md", "+++\nkind = \"system\"\ntitle = \"Chat\"\ndepends_on = [\"github\"]\n+++\n"),
];

fn deploy() -> BTreeMap<String, String> {
    let pages: Vec<(&str, &str)> = OTHERS.into_iter().chain([("content/deploy.md", PROCESS)]).collect();
    site(&pages)
}

#[test]
fn every_page_of_a_process_is_there_and_whole() {
    let site = deploy();
    for path in ["deploy/index.html", "deploy/checklist/index.html", "deploy/premortem/index.html", "risks/index.html", "gaps/index.html"] {
        assert!(site.contains_key(path), "{path}");
    }
    assert_eq!(faults(&site), Vec::<String>::new());
}

#[test]
fn steps_keep_the_marks_of_their_titles_and_lose_them_in_the_text() {
    let html = &deploy()["deploy/index.html"];
    assert!(html.contains("</span>Freeze the <code>queue</code></h3>"), "{html}");
    assert!(html.contains("<p>In <a href=\"../b/\">chat</a>.</p>"));
    assert!(html.contains("</span>Migrate the schema</h3>") && html.contains("<p>The pipeline does.</p>"));
    assert!(html.contains("</span><em>Look. Then look again</em></h3>") && html.contains("<p>at the graph.</p>"));
    assert!(html.contains("</span>Put it back</h3>") && html.contains("id=\"put-back\""));
    assert!(
        !html.contains("role = &quot;platform&quot;") && !html.contains("class = &quot;technical"),
        "blocks are shown as facts, not as code"
    );
}

#[test]
fn a_failure_mode_stands_where_its_block_does() {
    let html = &deploy()["deploy/index.html"];
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("no {text}"));
    assert!(at("id=\"migrate-the-schema\"") < at("id=\"it-stops-halfway\"") && at("id=\"it-stops-halfway\"") < at("id=\"look\""));
    assert!(at("id=\"github-is-gone\"") < at("<h2 id=\"steps-to-roll-back\""));
    assert!(html.contains("<li>Come back.</li>"), "the section under its own heading is its way back");
    assert!(html.contains("A <a href=\"../b/\">lock</a> that <code>waits</code>"), "declared prose is inline Markdown");
}

#[test]
fn a_gap_is_a_card_at_the_smallest_place() {
    let site = deploy();
    let html = &site["deploy/index.html"];
    assert!(html.contains("id=\"Gap-missing-detection--it-stops-halfway\"") && html.contains("Nothing says how anybody would notice."));
    assert!(html.contains("id=\"Gap-missing-takeover--migrate-the-schema\"") && html.contains("id=\"Gap-class-not-considered--human\""));
    assert!(site["gaps/index.html"].contains("href=\"../deploy/#Gap-missing-detection--it-stops-halfway\""));
    assert!(site["gaps/index.html"].contains("content/deploy.md:"));
}

#[test]
fn old_urls_lead_to_the_page() {
    let site = deploy();
    assert!(site["old/deploy/index.html"].contains("content=\"0; url=../../deploy/\""));
    assert!(site["older.html"].contains("content=\"0; url=deploy/\""));
}

#[test]
fn links_that_cannot_be_followed_do_not_come_out() {
    for url in [
        "javascript:x",
        "JaVaScRiPt:x",
        "java&#9;script:x",
        "&#106;avascript:x",
        "vbscript:x",
        "data:text/html,x",
        "file:///x",
        "nope.md",
        "/\\evil",
    ] {
        let html = article(&format!("[x]({url}) ![y]({url}) <a href=\"{url}\">z</a>\n\n[r]: {url}\n\n[x][r] [![i]({url})]({url})\n"));
        let urls = tags(&html).into_iter().filter_map(|tag| attribute(&tag, "href").or_else(|| attribute(&tag, "src"))).collect::<Vec<_>>();
        let inside = |url: &String| url.starts_with('#') || url == "../../" || url.starts_with("../../_theme");
        assert_eq!(urls.into_iter().filter(|url| !inside(url)).collect::<Vec<_>>(), Vec::<String>::new(), "{url}");
    }
    assert!(article("<javascript:alert(1)>").contains("class=\"broken\""));
}

#[test]
fn images_of_other_hosts_are_links() {
    let html = article("![a *b*](https://a.example/x.png \"t\") [![c](https://a.example/y.png)](../b.md)");
    assert!(
        html.contains("<a class=\"image-link\" href=\"https://a.example/x.png\" rel=\"noopener\">a b</a>") && !html.contains("<img"),
        "{html}"
    );
    assert!(html.contains("<a href=\"../../b/\"><span class=\"broken\">c</span></a>"), "no link in a link: {html}");
}

#[test]
fn files_and_pages_are_linked_from_where_the_page_stands() {
    let html = article(
        "[b](../b.md) [part](../b.md#part) ![f](../img/flow.png) <img src=\"../img/flow.png\" alt=\"g\"> <a href=\"../b.md#part\">p</a>",
    );
    assert!(html.contains("<a href=\"../../b/\">b</a> <a href=\"../../b/#part\">part</a>"));
    assert_eq!(html.matches("src=\"../../img/flow.png\"").count(), 2);
    assert!(html.contains("<a href=\"../../b/#part\">p</a>"));
}

#[test]
fn tables_align_by_class_and_scroll_by_themselves() {
    let html = article("| a | b | c | d |\n|---|:-:|--:|:--|\n| 1 | 2 | 3 | 4 |\n");
    assert!(
        html.contains("<td class=\"center\">2</td><td class=\"end\">3</td><td>4</td>")
            && html.contains("<section class=\"table\" tabindex=\"0\"")
    );
}

#[test]
fn code_has_one_safe_class() {
    assert!(
        article("```rust,ignore\nlet a = 1 < 2;\n```").contains("<code class=\"language-rust\"><span class=\"h-keyword\">let</span> a ")
    );
    for info in ["\"><script>alert(1)</script>", "a\" onload=\"x", "{.x}"] {
        assert!(article(&format!("```{info}\nx\n```")).contains("<pre tabindex=\"0\"><code>"), "{info}");
    }
}

#[test]
fn footnotes_in_a_ring_stay_short() {
    let mut markdown = String::from("Start[^0].\n\n");
    for index in 0..2000 {
        markdown.push_str(&format!("[^{index}]: See[^{}] and[^{}].\n\n", (index + 1) % 2000, (index + 7) % 2000));
    }
    let html = article(&markdown);
    assert!(html.len() <= 20 * markdown.len(), "{} for {}", html.len(), markdown.len());
    assert!(html.contains("id=\"fn-0\"") && html.contains("href=\"#fn-1999\""));
}

#[test]
fn headings_keep_their_anchors_apart() {
    let html = article("## Same\n\n## Same\n\n## Fn a\n\n### Own {#mine}\n\nx[^a]\n\n[^a]: note\n\n# Second title\n");
    for id in ["same", "same-1", "mine", "own", "fn-a", "second-title"] {
        assert!(html.contains(&format!(" id=\"{id}\"")), "{id}: {html}");
    }
    assert!(html.contains("id=\"fn-a-1\""), "the footnote gives way: {html}");
}

#[test]
fn alerts_tasks_and_quotes() {
    let html = article("> [!WARNING]\n> Careful.\n\n> Plain.\n\n- [x] done\n- [ ] open\n");
    assert!(html.contains("<div class=\"alert warning\" role=\"note\">") && html.contains("<blockquote>"));
    assert!(html.contains("id=\"Task-1\" disabled checked") && html.contains("id=\"Task-2\" disabled>"));
}

#[test]
fn raw_html_outside_the_list_is_text_and_open_tags_end_with_their_part() {
    let html = article("<script>alert(1)</script>\n\n<kbd>Ctrl</kbd> <b onclick=x>bold</b> <div>open\n");
    assert!(html.contains("&lt;script&gt;alert(1)") && html.contains("<kbd>Ctrl</kbd> <b>bold</b>"));
    assert_eq!(html.matches("<div").count(), html.matches("</div>").count());
    let settings = "raw_html = \"escape\"";
    let site = site_with(settings, &[("content/a.md", "x <kbd>y</kbd>\n\n<div>z</div>\n")]);
    assert!(site["a/index.html"].contains("x &lt;kbd&gt;y&lt;/kbd&gt;") && site["a/index.html"].contains("&lt;div&gt;z&lt;/div&gt;"));
}

#[test]
fn what_nests_too_deep_is_shown_as_text() {
    let html = article(&format!("{} <b>x</b>\n", ">".repeat(200)));
    assert!(html.contains("<pre class=\"raw\">&gt;&gt;&gt;") && html.contains("&lt;b&gt;x"));
}

#[test]
fn hostile_words_are_text_wherever_they_stand() {
    let step = format!(
        "## Steps {{onclick=alert(1)}}\n\n### {HOSTILE} {{#x\" onclick=alert(1)}}\n\n```step\nactor = \"automation\"\nabort = '''{HOSTILE}'''\n```\n"
    );
    let failure = format!(
        "```failure\nclass = \"technical\"\ntitle = '''{HOSTILE}'''\ncause = '''{HOSTILE}'''\neffect = '''{HOSTILE}'''\nprevent = '''{HOSTILE}'''\n[detect]\nsignal = '''{HOSTILE}'''\n[recover]\ntext = '''{HOSTILE}'''\ndecide = '''{HOSTILE}'''\nverify = '''{HOSTILE}'''\n[[action]]\nwhat = '''{HOSTILE}'''\n[[waive]]\nrule = '''{HOSTILE}'''\nreason = '''{HOSTILE}'''\nby = '''{HOSTILE}'''\n```\n"
    );
    let front = format!(
        "+++\nkind = \"process\"\ntitle = '''{HOSTILE}'''\ndescription = '''{HOSTILE}'''\ntags = ['''{HOSTILE}''']\nowner = '''{HOSTILE}'''\nchange_window = '''{HOSTILE}'''\n[context]\nintent = '''{HOSTILE}'''\nrisk = '''{HOSTILE}'''\nregulation = ['''{HOSTILE}''']\n[review]\nlast = 2026-01-01\nby = '''{HOSTILE}'''\n[[metric]]\nname = '''{HOSTILE}'''\nkind = \"cost\"\ntarget = '''{HOSTILE}'''\nsource = \"javascript:alert(1)\"\n[[trade_off]]\nchose = '''{HOSTILE}'''\nover = '''{HOSTILE}'''\nbecause = '''{HOSTILE}'''\n[not_applicable]\nhuman = '''{HOSTILE}'''\n[extra]\nx = '''{HOSTILE}'''\n+++\n"
    );
    let process = format!("{front}\n{step}\n{failure}");
    let system = format!(
        "+++\nkind = \"system\"\ntitle = '''{HOSTILE}'''\ncontact = '''{HOSTILE}'''\nstatus_page = \"javascript:alert(1)\"\ncomeback = '''{HOSTILE}'''\n[[limit]]\nwhat = '''{HOSTILE}'''\nnow = 1\nmax = 2\n+++\n{failure}"
    );
    let incident = format!(
        "+++\nkind = \"incident\"\ntitle = '''{HOSTILE}'''\ndate = 2026-01-01\nprocess = \"p\"\n[[action]]\nwhat = '''{HOSTILE}'''\n+++\n{HOSTILE}\n"
    );
    let record = format!(
        "+++\nkind = \"premortem\"\ntitle = '''{HOSTILE}'''\ndate = 2026-01-01\nprocess = \"p\"\n[[item]]\ntext = '''{HOSTILE}'''\nclass = \"human\"\noutcome = \"rejected\"\nbecause = '''{HOSTILE}'''\n+++\n"
    );
    let settings = format!(
        "title = '''{HOSTILE}'''\ndescription = '''{HOSTILE}'''\nlanguage = '''{HOSTILE}'''\nrepository = '''https://a.example/{HOSTILE}'''\nbase_url = '''https://a.example/{HOSTILE}/'''\n[classes.odd]\ntitle = '''{HOSTILE}'''\n"
    );
    let pages = [("content/p.md", process.as_str()), ("content/s.md", &system), ("content/i.md", &incident), ("content/r.md", &record)];
    let site = site_with(&settings, &pages);
    assert_eq!(faults(&site).into_iter().filter(|fault| !fault.contains("leads to no")).collect::<Vec<_>>(), Vec::<String>::new());
    for (path, html) in site.iter().filter(|(path, _)| path.ends_with(".html")) {
        assert!(!html.contains("<img src=x"), "{path}");
        assert!(tags(html).iter().all(|tag| &*tag.name != "img"), "{path}");
    }
}

#[test]
fn content_is_never_a_template() {
    let html = article("{{ 7*7 }} {% include \"/etc/passwd\" %} {# x #}\n\n```\n{{ site }}\n```\n");
    assert!(html.contains("{{ 7*7 }} {% include") && html.contains("{# x #}") && html.contains("{{ site }}"), "{html}");
}

#[test]
fn a_public_site_tells_nothing_of_people() {
    let pages: Vec<(&str, &str)> = OTHERS.into_iter().chain([("content/deploy.md", PROCESS)]).collect();
    let internal = site(&pages);
    assert!(internal["systems/github/index.html"].contains("CANARY-CONTACT") && internal["model.json"].contains("CANARY-CONTACT"));
    assert!(internal["roles/platform/index.html"].contains("24x7") && internal["index.html"].contains("noindex"));
    assert_eq!(internal["robots.txt"], "User-agent: *\nDisallow: /\n");
    let public = site_with("audience = \"public\"", &pages);
    for (path, text) in &public {
        assert!(!text.contains("CANARY-CONTACT") && !text.contains("24x7"), "{path}");
    }
    assert!(!public["roles/platform/index.html"].contains("Reached by") && !public["model.json"].contains("holders"));
    assert!(!public["index.html"].contains("noindex") && !public["gaps/index.html"].contains("single-holder"));
}

#[test]
fn the_plan_lists_each_path_once_in_order() {
    let settings = "base_url = \"https://acme.example/\"\naudience = \"public\"";
    let analysis = analysis(settings, &[("content/a.md", "# A"), ("content/p.md", PROCESS)], &["content/img/flow.png"]);
    let theme = Theme::new(&[]).unwrap();
    let read = |_: &PagePath| Ok(Vec::new());
    let site = plan(Parts { analysis: &analysis, theme: &theme, read_asset: &read, base_url: None, home: None, poison: None });
    let paths: Vec<&str> = site.outputs.iter().map(|output| output.path.as_str()).collect();
    assert!(paths.is_sorted() && paths.iter().collect::<HashSet<_>>().len() == paths.len());
    let listed: BTreeSet<String> = outputs(&analysis.handbook).into_iter().map(|(path, _)| path).collect();
    let planned: BTreeSet<String> = paths.iter().filter(|path| !path.starts_with(paths::THEME)).map(|path| (*path).to_owned()).collect();
    assert_eq!(listed, planned);
}

#[test]
fn the_same_handbook_gives_the_same_bytes() {
    assert_eq!(deploy(), deploy());
}

#[test]
fn a_panic_costs_one_page_and_is_said() {
    let analysis = analysis("title = \"H\"", &[("content/a.md", "# A"), ("content/b.md", "# B")], &[]);
    let theme = Theme::new(&[]).unwrap();
    let read = |_: &PagePath| Ok(Vec::new());
    let site = plan(Parts { analysis: &analysis, theme: &theme, read_asset: &read, base_url: None, home: None, poison: Some("a") });
    for output in &site.outputs {
        match (output.bytes)() {
            Ok(_) => assert_ne!(output.path, "a/index.html"),
            Err(error) => {
                let broken = error.downcast::<Broken>().unwrap();
                assert_eq!((output.path.as_str(), broken.finding.rule), ("a/index.html", "internal-error"));
                assert!(String::from_utf8(broken.page).unwrap().contains("could not be rendered"));
            }
        }
    }
}

#[test]
fn an_unknown_variable_in_a_theme_names_template_line_and_page() {
    let over = ThemeFile {
        path: "templates/page.html".to_owned(),
        bytes: Arc::from(&b"{% extends \"default/page.html\" %}\n{% block content %}{{ page.titel }}{% endblock content %}"[..]),
    };
    let analysis = analysis("title = \"H\"", &[("content/a.md", "# A")], &[]);
    let theme = Theme::new(&[over]).unwrap();
    let read = |_: &PagePath| Ok(Vec::new());
    let site = plan(Parts { analysis: &analysis, theme: &theme, read_asset: &read, base_url: None, home: None, poison: None });
    let output = site.outputs.iter().find(|output| output.path == "a/index.html").unwrap();
    let error = (output.bytes)().unwrap_err().to_string();
    assert!(error.contains("page.html") && error.contains("line 2") && error.contains("content/a.md"), "{error}");
}

#[test]
fn navigation_and_registers_do_not_grow_with_the_handbook() {
    let process = |index: usize| {
        let failures: String = (0..6).map(|mode| format!("```failure\nclass = \"human\"\ntitle = \"Mode {mode}\"\n```\n\n")).collect();
        (
            format!("content/all/p{index:04}.md"),
            format!("+++\nkind = \"process\"\ntitle = \"P {index:04}\"\n+++\n\n## Steps\n\n1. x\n\n## Failures\n\n{failures}"),
        )
    };
    let pages: Vec<(String, String)> = (0..200).map(process).collect();
    let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let site = site(&pages);
    let middle = &site["all/p0100/index.html"];
    assert!(middle.contains("P 0099<") && !middle.contains("P 0010<") && middle.matches("../p0").count() < 140);
    assert!(site.contains_key("risks/3/index.html") && !site.contains_key("risks/4/index.html"));
    assert!(site.contains_key("gaps/2/index.html"));
    assert!(site["index.html"].contains("<th scope=\"col\">Section</th>"));
    assert!(site["gaps/index.html"].matches("<li class=\"finding").count() <= 500);
    assert_eq!(faults(&site), Vec::<String>::new());
}

#[test]
fn the_model_has_the_promised_shape() {
    let site = deploy();
    let model: serde_json::Value = serde_json::from_str(&site["model.json"]).unwrap();
    assert_eq!((&model["version"], &model["title"]), (&1.into(), &"Handbook".into()));
    let process = &model["processes"][0];
    for key in ["id", "title", "path", "url", "owner", "criticality", "tracks", "failures", "depends_on", "coverage"] {
        assert!(process.get(key).is_some(), "{key}");
    }
    let step = &process["tracks"][0]["steps"][1];
    for key in ["id", "title", "actor", "role", "uses", "takeover", "reversible", "line"] {
        assert!(step.get(key).is_some(), "{key}");
    }
    assert_eq!((&step["actor"], &step["reversible"], &step["uses"][0]), (&"automation".into(), &false.into(), &"github".into()));
    let failure = &process["failures"][0];
    for key in ["id", "title", "class", "severity", "likelihood", "priority", "of", "at", "detect", "recover", "line"] {
        assert!(failure.get(key).is_some(), "{key}");
    }
    assert_eq!((&failure["at"], &failure["detect"]), (&"deploy#migrate-the-schema".into(), &serde_json::Value::Null));
    assert_eq!(failure["recover"]["path"][0], "deploy#steps-to-roll-back");
    assert!(process["coverage"]["by_class"]["human"]["unmet"].is_u64());
}

#[test]
fn the_register_is_readable_by_spreadsheets_and_runs_nothing_in_them() {
    let page =
        "+++\nkind = \"system\"\ntitle = \"S\"\n+++\n\n```failure\nclass = \"human\"\ntitle = \"=1+1\"\ncause = \"a, \\\"b\\\"\"\n```\n";
    let site = site(&[("content/s.md", page)]);
    let mut lines = site["risks.csv"].lines();
    assert!(lines.next().unwrap().starts_with("id,title,page,"));
    let row = lines.next().unwrap();
    assert!(row.contains(",'=1+1,") && row.contains("\"a, \"\"b\"\"\""), "{row}");
    let json: serde_json::Value = serde_json::from_str(&site["risks.json"]).unwrap();
    assert_eq!(json["risks"][0]["title"], "=1+1");
}

#[test]
fn the_page_for_lost_readers_needs_no_other_file() {
    let site = site_with("base_url = \"https://acme.github.io/handbook/\"", &[("content/a.md", "# A")]);
    let html = &site["404.html"];
    assert!(html.contains("<style>") && html.contains("href=\"/handbook/\"") && !html.contains("src=") && !html.contains("stylesheet"));
}

#[test]
fn a_new_handbook_says_what_to_do_next() {
    let site = site(&[("content/index.md", "# Ours\n\nWelcome.\n")]);
    assert!(site["index.html"].contains("What to do next") && site["index.html"].contains("<p>Welcome.</p>"));
    assert_eq!(faults(&site), Vec::<String>::new());
}

const GROWING: [(&str, &str); 4] = [
    (
        "content/deploy.md",
        "+++\nkind = \"process\"\ntitle = \"Deploy\"\ndepends_on = []\n[volume]\nnow = \"6/week\"\nplanned = \"20/week\"\n+++\n\n## Steps\n\n1. Look.\n\n   ```step\n   role = \"dba\"\n   minutes = 12\n   uses = [\"api\"]\n   calls = 5\n   ```\n",
    ),
    (
        "content/restore.md",
        "+++\nkind = \"process\"\ntitle = \"Restore\"\n[volume]\nplanned = \"3/week\"\n+++\n\n## Steps\n\n1. Restore.\n\n   ```step\n   role = \"dba\"\n   minutes = 5\n   ```\n",
    ),
    ("content/dba.md", "+++\nkind = \"role\"\ntitle = \"DBA\"\nholders = 2\nminutes_per_week = 204\n+++\n"),
    (
        "content/api.md",
        "+++\nkind = \"system\"\ntitle = \"API\"\nrate_limit = \"40/day\"\n[[limit]]\nwhat = \"ids\"\nnow = 40\nmax = 100\n+++\n",
    ),
];

#[test]
fn growth_says_what_is_full_first_with_its_sum() {
    let site = site(&GROWING);
    let html = &site["growth/index.html"];
    assert!(html.contains("<a href=\"../dba/\">DBA</a> is full at 1.6 times what is planned."), "{html}");
    assert!(html.contains("12 min × 20/week = 240 min a week") && html.contains("5 min × 3/week = 15 min a week"));
    assert!(html.contains("2 holders × 204 min = 408 min; 408 / 255 = 1.6, rounded down"), "{html}");
    assert!(
        html.contains(
            "<td class=\"end\">408</td><td class=\"end\"><span class=\"quiet\">at least </span>72</td><td class=\"end\">255</td>"
        )
    );
    assert!(html.contains("nearest is “ids” of <a href=\"../api/\">API</a>: used up at 2.5 times what is used now."), "{html}");
}

const SESSION: &str = "```page\nkind = \"premortem\"\ntitle = \"A session\"\nprocess = \"deploy\"\ndate = 2026-11-05\n\n[[item]]\ntext = \"It rained\"\nclass = \"human\"\noutcome = \"rejected\"\nbecause = \"It does.\"\n```\n";
const SERIOUS: &str = "```page\nkind = \"process\"\ntitle = \"Deploy\"\ncriticality = \"critical\"\n```\n";

#[test]
fn all_workbooks_and_sessions_stand_on_one_page_with_what_is_due() {
    let other = SERIOUS.replace("Deploy", "Restore");
    let site = site(&[("content/deploy.md", SERIOUS), ("content/restore.md", &other), ("content/premortems/november.md", SESSION)]);
    let html = &site["premortems/index.html"];
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("no {text}"));
    assert!(
        at("<a href=\"../restore/premortem/\">Restore</a>") < at("<a href=\"../deploy/premortem/\">Deploy</a>"),
        "what is due stands first"
    );
    assert!(html.contains("<span class=\"overdue\">now</span>") && html.contains("<td>5 Nov 2027</td>"));
    assert!(html.contains("<a href=\"november/\">A session</a>") && html.contains("1 reason, 1 not followed"));
    assert!(site["deploy/premortem/index.html"].contains("next due 5 Nov 2027"));
    assert!(site["premortems/november/index.html"].contains("<a href=\"../\">Pre-mortems</a>"), "the folder leads to its list");
    assert_eq!(faults(&site), Vec::<String>::new());
}

#[test]
fn growth_tells_nothing_of_people_on_a_public_site() {
    let site = site_with("audience = \"public\"", &GROWING);
    let html = &site["growth/index.html"];
    assert!(
        !html.contains("408")
            && !html.contains("holders")
            && html.contains("left out")
            && html.contains("<th scope=\"row\"><a href=\"../api/\">")
    );
    assert!(!site["dba/index.html"].contains("408") && !site["gaps/index.html"].contains("holders"));
}

#[test]
fn foresight_counts_what_was_on_the_page_and_what_held() {
    let incident = |name: &str, date: &str, keys: &str| {
        (
            format!("content/{name}.md"),
            format!("+++\nkind = \"incident\"\ntitle = \"{name}\"\ndate = {date}\nprocess = \"deploy\"\n{keys}+++\n"),
        )
    };
    let hit = "failure = \"deploy#it-stops-halfway\"\n";
    let pages = [
        incident("held", "2026-02-01", &format!("{hit}recovery_worked = true\n")),
        incident("failed", "2026-05-01", &format!("{hit}recovery_worked = false\n")),
        incident("silent", "2026-05-02", hit),
        incident("new", "2026-11-01", "class = \"human\"\nlearned = \"deploy#it-stops-halfway\"\n"),
        incident("tomorrow", "2026-11-21", hit),
        incident("misspelt", "2026-11-02", "failure = \"deploy#nothing\"\n"),
    ];
    let mut all: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    all.push(("content/deploy.md", PROCESS));
    all.extend(OTHERS);
    let site = site(&all);
    let html = &site["foresight/index.html"];
    assert!(html.contains("Of 4 incidents, 3 were on the page before."), "{html}");
    assert!(!html.contains(" %)") && html.matches("<li><span class=\"n\">1</span>").count() == 4, "{html}");
    let place = |title: &str| html.find(&format!("<b>{title}</b>")).unwrap();
    assert!(place("new") < place("silent") && place("silent") < place("failed") && place("failed") < place("held"));
    assert!(html.contains("nobody says whether the way back worked") && html.contains("is on the page since"));
    assert!(!html.contains("<b>tomorrow</b>") && !html.contains("<b>misspelt</b>"));
    assert!(site["index.html"].contains("Of 4 incidents, 3 were on the page before."));
    assert_eq!(faults(&site), Vec::<String>::new());
}

#[test]
fn the_authors_text_opens_the_list_of_premortems() {
    for path in ["content/premortems/index.md", "content/premortems/README.md", "content/premortems.md"] {
        let pages = [("content/deploy.md", SERIOUS), (path, "# How we imagine it\n\nOn Thursdays.\n")];
        let analysis = analysis("", &pages, &[]);
        assert!(analysis.findings.iter().all(|finding| finding.rule != "url-collision"), "{path}");
        let site = rendered(&analysis, &Theme::new(&[]).unwrap());
        let html = &site["premortems/index.html"];
        assert!(html.contains("How we imagine it</h1>") && html.contains("<p>On Thursdays.</p>"), "{path}");
        assert!(html.contains("<a href=\"../deploy/premortem/\">Deploy</a>"), "{path}");
    }
}

#[test]
fn a_page_with_a_view_of_its_own_collides_with_the_list_of_premortems() {
    let analysis = analysis("", &[("content/premortems/index.md", SERIOUS)], &[]);
    let found = analysis.findings.iter().find(|finding| finding.rule == "url-collision").unwrap();
    assert!(found.message.contains("the list of pre-mortems would stand at `/premortems/`"), "{}", found.message);
}

#[test]
fn premortems_above_500_are_cut_into_parts() {
    let pages: Vec<(String, String)> = (0..501).map(|at| (format!("content/p{at}.md"), SERIOUS.to_owned())).collect();
    let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let site = site(&pages);
    assert_eq!(site["premortems/index.html"].matches("/premortem/\">").count(), 500);
    assert_eq!(site["premortems/2/index.html"].matches("/premortem/\">").count(), 1);
}

/// The keys of the questions of a workbook.
fn asked(step: &str, rest: &str) -> Vec<String> {
    let process =
        format!("{SERIOUS}\n## Steps\n\n1. Migrate.\n\n   ```step\n   id = \"m\"\n   {}\n   ```\n\n{rest}", step.replace('\n', "\n   "));
    let db = "```page\nkind = \"system\"\ntitle = \"DB\"\n```\n";
    let other =
        "```page\nkind = \"process\"\ntitle = \"Restore\"\n```\n\n## Steps\n\n1. Write.\n\n   ```step\n   writes = [\"db\"]\n   ```\n";
    let site = site(&[("content/deploy.md", &process), ("content/db.md", db), ("content/restore.md", other)]);
    let html = &site["deploy/premortem/index.html"];
    html.split("data-prompt=\"").skip(1).map(|rest| rest[..rest.find('"').unwrap()].to_owned()).collect()
}

#[test]
fn questions_are_about_what_no_failure_mode_answers() {
    let automated = "actor = \"automation\"\nwrites = [\"db\"]\nuses = [\"db\"]";
    let all = asked(automated, "");
    for key in [
        "deploy#m/partial",
        "deploy#m/wrong",
        "deploy#m/late",
        "deploy#m/repeated",
        "deploy#m/takeover",
        "db/down",
        "db/slow",
        "db/sunday",
        "deploy/scale",
        "restore/same-hour",
    ] {
        assert!(all.iter().any(|asked| asked == key), "{key} in {all:?}");
    }
    assert_eq!(all[0], "deploy#m/partial", "a step of which nothing is said comes first");
    assert!(
        all.iter().position(|key| key == "deploy/scale") < all.iter().position(|key| key == "deploy#m/repeated"),
        "many things before everything about one: {all:?}"
    );
    let halfway = "```failure\nclass = \"technical\"\ntitle = \"Halfway\"\nstate = \"partial\"\nat = \"#m\"\n```\n\n```failure\nclass = \"scale\"\ntitle = \"Many\"\n```\n\n```failure\nclass = \"dependency\"\ntitle = \"Slow\"\nof = \"db\"\nstate = \"slow\"\n```\n";
    let fewer = asked(automated, &format!("## Failures\n\n{halfway}"));
    for key in ["deploy#m/partial", "db/slow", "deploy/scale"] {
        assert!(fewer.iter().all(|asked| asked != key), "{key} in {fewer:?}");
    }
    assert_eq!(asked("role = \"nobody\"", ""), ["deploy/scale", "deploy#m/asleep", "deploy#m/wrong-target"]);
}

#[test]
fn a_workbook_asks_twelve_questions_at_most() {
    let steps: String = (0..40).map(|at| format!("{}. Do {at}.\n\n    ```step\n    actor = \"automation\"\n    ```\n\n", at + 1)).collect();
    let site = site(&[("content/deploy.md", &format!("{SERIOUS}\n## Steps\n\n{steps}"))]);
    assert_eq!(site["deploy/premortem/index.html"].matches("data-prompt=").count(), 12);
}

#[test]
fn a_session_gets_the_published_table_of_priorities() {
    let html = &deploy()["deploy/premortem/index.html"];
    let start = html.find("data-session=\"").unwrap() + 14;
    let json = html[start..start + html[start..].find('"').unwrap()].replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    let session: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(session["severities"][3], "critical");
    assert_eq!(session["priorities"][3][1], serde_json::json!(["high", "medium", "low"]));
    assert_eq!(session["priorities"][0][0], serde_json::json!(["low", "low", "low"]));
    assert_eq!(session["waives"], true);
    assert!(session["taken"].as_array().unwrap().contains(&"it-stops-halfway".into()));
    assert!(session["modes"].as_array().unwrap().iter().any(|mode| mode["id"] == "deploy#it-stops-halfway"));
}

#[test]
fn what_comes_due_stands_on_its_day_and_what_was_never_done_before_it() {
    let process = "+++\nkind = \"process\"\ntitle = \"Pay\"\ncriticality = \"major\"\n[review]\nlast = 2026-01-01\nevery = \"90d\"\n+++\n\n## Steps\n\n1. Pay.\n\n   ```failure\n   class = \"human\"\n   title = \"Twice\"\n   [[action]]\n   what = \"Ask *first*\"\n   due = 2026-12-24\n   ```\n";
    let site = site(&[
        ("content/pay.md", process),
        ("content/cert.md", "+++\nkind = \"system\"\ntitle = \"Certificate\"\nexpires = 2027-03-01\n+++\n"),
        ("content/new.md", "+++\nkind = \"process\"\ntitle = \"New\"\n+++\n\n## Steps\n\n1. x\n"),
    ]);
    let html = &site["reviews/index.html"];
    let places: Vec<usize> = [
        "Never done</h2>",
        "April 2026</h2>",
        "1 Apr 2026",
        "December 2026</h2>",
        "Ask <em>first</em>",
        "March 2027</h2>",
        "Certificate</a>",
    ]
    .iter()
    .map(|text| html.find(text).unwrap_or_else(|| panic!("{text}: {html}")))
    .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!((html.matches("class=\"overdue\"").count(), html.matches("<b class=\"late\">overdue</b>").count()), (2, 1));
    assert!(!html.contains("20 Nov 2026"), "no page but home tells the day of the build");
    assert!(site["reviews.ics"].starts_with("BEGIN:VCALENDAR"));
    let home = &site["index.html"];
    assert!(home.contains("1 Apr 2026") && !home.contains("24 Dec 2026") && home.contains("All that comes due</a>"));
    assert_eq!(faults(&site), Vec::<String>::new());
}

#[test]
fn a_role_of_one_person_says_what_waits() {
    let site = deploy();
    let html = &site["roles/platform/index.html"];
    assert!(html.contains("One person holds this role") && html.contains("<a href=\"#Fw-does\">1 step</a> waits until"), "{html}");
}

/// A system's page with what it needs.
fn needing(title: &str, rest: &str) -> String {
    format!("```page\nkind = \"system\"\ntitle = \"{title}\"\n{rest}\n```\n")
}

/// The entry of one thing on a part of the map.
fn on_map<'h>(html: &'h str, id: &str) -> &'h str {
    let start = html.find(&format!("<section class=\"map-entry\" id=\"{id}\"")).unwrap();
    &html[start..start + html[start..].find("</section>").unwrap()]
}

/// The words of HTML, one space between them.
fn words_of(html: &str) -> String {
    let mut text = String::new();
    let mut tag = false;
    for c in html.chars() {
        match c {
            '<' => tag = true,
            '>' => (tag, text) = (false, text + " "),
            c if !tag => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_map_says_what_breaks_what_is_needed_and_what_stands_in() {
    let process = r#"```page
kind = "process"
title = "Deploy"
depends_on = ["sso"]
```

## Steps

1. x

## Steps to roll back

1. Call.

   ```step
   id = "call"
   uses = ["phone"]
   ```
"#;
    let old = "```page\nkind = \"process\"\ntitle = \"Old\"\nstatus = \"retired\"\ndepends_on = [\"dns\"]\n```\n";
    let (dns, sso) = (needing("DNS", "depends_on = []"), needing("Sign-on", "depends_on = [\"dns\"]\nfallback = [\"keys\", \"chat\"]"));
    let (keys, chat) = (needing("Keys", ""), needing("Chat", "depends_on = [\"sso\"]"));
    let phone = needing("Phone", "depends_on = []");
    let site = site(&[
        ("content/deploy.md", process),
        ("content/old.md", old),
        ("content/dns.md", &dns),
        ("content/sso.md", &sso),
        ("content/keys.md", &keys),
        ("content/chat.md", &chat),
        ("content/phone.md", &phone),
    ]);
    let html = &site["map/index.html"];
    assert_eq!(
        words_of(on_map(html, "dns")),
        "DNS system Breaks with it 3 Sign-on instead Keys Chat through Sign-on Deploy process through Sign-on Needs Nothing."
    );
    assert_eq!(
        words_of(on_map(html, "sso")),
        "Sign-on system Instead Keys , Chat fails with it Breaks with it 2 Chat Deploy process Needs 1 DNS"
    );
    assert_eq!(words_of(on_map(html, "keys")), "Keys system Stands in for Sign-on Breaks with it Nothing. Needs Its page does not say.");
    assert_eq!(
        words_of(on_map(html, "phone")),
        "Phone system Breaks with it No process as a whole. These steps: Deploy : Call Needs Nothing."
    );
    assert_eq!(words_of(on_map(html, "deploy")), "Deploy process, moderate Breaks with it Nothing. Needs 2 Sign-on DNS through Sign-on");
    assert!(!html.contains("<section class=\"map-entry\" id=\"old\"") && !words_of(on_map(html, "dns")).contains("Old"));
    assert_eq!(faults(&site), Vec::<String>::new());
    assert!(site["sso/index.html"].contains("href=\"../map/#sso\"") && site["deploy/index.html"].contains("href=\"../map/#deploy\""));
    // Deploy needs DNS through Sign-on alone: there is no line of its own.
    let svg = &html[html.find("<svg class=\"dg\" viewBox").unwrap()..];
    let svg = &svg[..svg.find("</svg>").unwrap()];
    assert_eq!((svg.matches("<a href=\"#").count(), svg.matches("class=\"way ").count()), (4, 3));
    assert!(words_of(html).contains("Not drawn, since nothing ties them to others: Keys , Phone ."));
}

#[test]
fn a_map_without_anything_says_what_will_stand_there() {
    let site = site(&[("content/a.md", "# A")]);
    assert!(site["map/index.html"].contains("There is no process and no system yet."));
    assert!(!site["map/index.html"].contains("map-pick"));
}

#[test]
fn the_map_of_a_large_handbook_is_cut_and_its_lists_end() {
    // Each needs the one before it: written out, the lists would have 90 000 lines.
    let pages: Vec<(String, String)> = (0..300)
        .map(|at| {
            let needs = if at == 0 { "[]".to_owned() } else { format!("[\"s{:03}\"]", at - 1) };
            (format!("content/s{at:03}.md"), needing(&format!("S {at:03}"), &format!("depends_on = {needs}")))
        })
        .collect();
    let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let analysis = analysis("title = \"H\"", &pages, &[]);
    let theme = Theme::new(&[]).unwrap();
    let read = |_: &PagePath| Ok(Vec::new());
    let site = plan(Parts { analysis: &analysis, theme: &theme, read_asset: &read, base_url: None, home: None, poison: None });
    let maps = site.outputs.iter().filter(|output| output.path.starts_with("map/"));
    let text = |output: &Output<'_>| String::from_utf8((output.bytes)().unwrap()).unwrap();
    let maps: BTreeMap<String, String> = maps.map(|output| (output.path.clone(), text(output))).collect();
    let rows = |html: &str| html.matches("<li class=\"depth-").count();
    assert!(maps.values().all(|html| rows(html) <= 2000), "{:?}", maps.values().map(|html| rows(html)).collect::<Vec<_>>());
    assert_eq!(maps.values().map(|html| html.matches("class=\"map-entry\"").count()).sum::<usize>(), 300);
    let first = on_map(&maps["map/index.html"], "s000");
    assert_eq!(rows(first), 100);
    assert!(first.contains("and 199 more") && words_of(first).contains("S 003 through S 001 → S 002"));
    assert!(first.contains("href=\"2/#s0"), "{first}");
    assert!(maps["map/index.html"].contains("The 30 with which most breaks") && maps["map/index.html"].contains("<figure"));
    assert!(maps["map/2/index.html"].contains("href=\"../#s000\"") && !maps["map/2/index.html"].contains("<figure"));
    // What a part does not list is found from it all the same.
    assert!(maps["map/index.html"].contains("data-names=\"names.js\"") && maps["map/2/index.html"].contains("data-names=\"../names.js\""));
    let names = &maps["map/names.js"];
    assert!(names.starts_with("forewarn.mapNames({\"parts\":[\"./\",\"2/\""), "{names}");
    let named =
        |id: &str| names.split_once(&format!("\"{id}\",\"system\",")).unwrap().1.split(']').next().unwrap().parse::<usize>().unwrap();
    let listing = |id: &str| {
        let path = |part: usize| if part == 0 { "map/index.html".to_owned() } else { format!("map/{}/index.html", part + 1) };
        (0..maps.len() - 1).find(|part| maps[&path(*part)].contains(&format!("class=\"map-entry\" id=\"{id}\"")))
    };
    assert!((0..300).map(|at| format!("s{at:03}")).all(|id| listing(&id) == Some(named(&id))));
}

#[test]
fn a_page_at_the_place_of_the_map_collides_with_it() {
    let analysis = analysis("", &[("content/map.md", "# Map")], &[]);
    let found = analysis.findings.iter().find(|finding| finding.rule == "url-collision").unwrap();
    assert!(found.message.contains("the map would stand at `/map/`"), "{}", found.message);
}

#[test]
fn the_whole_handbook_stands_on_one_page_for_paper() {
    let deploy = "+++\nkind = \"process\"\ntitle = \"Deploy\"\n+++\n\n## Steps\n\n1. **Build.** As in [the guide](guide/words.md#part-two).\n\n   ```failure\n   class = \"technical\"\n   title = \"It hangs\"\n   recover = \"See [back](#steps-to-go-back).\"\n   ```\n\n## Steps to go back\n\n1. **Undo.** All.\n";
    let guide = "# Words\n\n## Part two\n\nSee [deploy](../deploy.md), [how](#part-two) and [who](../dba.md).\n";
    let site = site(&[
        ("content/index.md", "# Ours\n\n## Part two\n\nWelcome.\n"),
        ("content/deploy.md", deploy),
        ("content/guide/words.md", guide),
        ("content/dba.md", "+++\nkind = \"role\"\ntitle = \"DBA\"\nhours = \"24x7\"\n+++\n"),
    ]);
    assert_eq!(faults(&site), Vec::<String>::new());
    let html = &site["print/index.html"];
    for body in ["Welcome.", "As in ", "See <a"] {
        assert_eq!(html.matches(body).count(), if body == "See <a" { 2 } else { 1 }, "{body}");
    }
    let articles: Vec<Tag> = tags(html).into_iter().filter(|tag| &*tag.name == "article" && attribute(tag, "id").is_some()).collect();
    assert_eq!(articles.len(), 4);
    // Root pages by title, then the section: home, DBA, Deploy, Words.
    for link in
        ["href=\"#p4-part-two\"", "href=\"#p3-steps-to-go-back\"", "href=\"#p3\">deploy", "href=\"#p2\">who", "href=\"#p4-part-two\">how"]
    {
        assert!(html.contains(link), "{link}");
    }
    assert!(html.contains("id=\"p1-part-two\"") && html.contains("id=\"p4-part-two\""));
    assert!(!html.contains("id=\"part-two\"") && !html.contains("<details class=\"why\">"));
}

#[test]
fn above_500_pages_each_section_has_a_page_for_paper() {
    let page = |index: usize| (format!("content/all/p{index:04}.md"), format!("# Page {index}\n"));
    let mut pages: Vec<(String, String)> = (0..501).map(page).collect();
    pages.push(("content/few/a.md".to_owned(), "# A\n\nSee [b](b.md) and [p](../all/p0000.md).\n".to_owned()));
    pages.push(("content/few/b.md".to_owned(), "# B\n".to_owned()));
    let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let analysis = analysis("title = \"H\"", &pages, &[]);
    let theme = Theme::new(&[]).unwrap();
    let read = |_: &PagePath| Ok(Vec::new());
    let site = plan(Parts { analysis: &analysis, theme: &theme, read_asset: &read, base_url: None, home: None, poison: None });
    let paper: Vec<&str> = site.outputs.iter().map(|output| output.path.as_str()).filter(|path| path.starts_with("print/")).collect();
    assert_eq!(paper, ["print/all/2/index.html", "print/all/index.html", "print/few/index.html", "print/index.html"]);
    let bytes = |at: usize| (site.outputs[at].bytes)().unwrap();
    assert_eq!(site.gatherings.len(), 3);
    for gathering in &site.gatherings {
        let taken = gathering.of.iter().map(|at| Gathering::take(&bytes(*at))).collect();
        assert!(gathering.make(taken).unwrap() == bytes(gathering.output), "{}", site.outputs[gathering.output].path);
    }
    let html = |path: &str| {
        let output = site.outputs.iter().find(|output| output.path == path).unwrap();
        String::from_utf8_lossy(&(output.bytes)().unwrap()).into_owned()
    };
    let list = html("print/index.html");
    assert!(list.contains("href=\"all/2/\">All, part 2 of 2</a>") && list.contains("href=\"few/\">Few</a>") && list.len() < 20_000);
    let few = html("print/few/index.html");
    assert!(few.contains("href=\"#p2\">b</a>") && few.contains("href=\"../../all/p0000/\">p</a>"), "{few}");
}

const DATED: [(&str, &str); 3] = [
    (
        "content/deploy.md",
        "+++\nkind = \"process\"\ntitle = \"Deploy & \\u0001<b>\"\naliases = [\"/old/\"]\n[review]\nlast = 2026-09-14\n+++\n\n## Steps\n\n1. Look.\n",
    ),
    (
        "content/down.md",
        "+++\nkind = \"incident\"\ntitle = \"Down\"\nprocess = \"deploy\"\ndate = 2026-10-02\ndescription = \"All *of* it\"\n+++\n",
    ),
    ("content/größe.md", "# Größe\n"),
];

#[test]
fn the_feed_tells_of_reviews_and_incidents_newest_first() {
    let site = site_with("base_url = \"https://acme.github.io/handbook\"\ntitle = \"H\"", &DATED);
    let xml = roxmltree::Document::parse(&site["feed.xml"]).unwrap();
    let text = |node: roxmltree::Node<'_, '_>, name: &str| {
        node.children()
            .find(|child| child.has_tag_name(("http://www.w3.org/2005/Atom", name)))
            .and_then(|child| child.text())
            .unwrap_or_default()
            .to_owned()
    };
    let root = xml.root_element();
    assert_eq!((text(root, "id").as_str(), text(root, "updated").as_str()), ("https://acme.github.io/handbook/", "2026-10-02T00:00:00Z"));
    let entries: Vec<_> = root.children().filter(|node| node.tag_name().name() == "entry").collect();
    let titles: Vec<String> = entries.iter().map(|entry| text(*entry, "title")).collect();
    assert_eq!(titles, ["Incident: Down", "Reviewed: Deploy & \u{fffd}<b>"]);
    assert_eq!(text(entries[0], "summary"), "All of it");
    assert_eq!(text(entries[1], "id"), "https://acme.github.io/handbook/deploy/#reviewed-2026-09-14");
    assert!(site["deploy/index.html"].contains("<link rel=\"alternate\" type=\"application/atom+xml\" title=\"H\" href=\"../feed.xml\">"));
    // Not for everybody: search engines are told nothing.
    assert!(
        !site.contains_key("sitemap.xml") && !site["deploy/index.html"].contains("canonical") && !site["robots.txt"].contains("Sitemap")
    );
}

#[test]
fn a_site_for_everybody_tells_search_engines_of_each_page_once() {
    let site = site_with("base_url = \"https://acme.example/h/\"\naudience = \"public\"", &DATED);
    let xml = roxmltree::Document::parse(&site["sitemap.xml"]).unwrap();
    let listed: Vec<String> = xml
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.sitemaps.org/schemas/sitemap/0.9", "loc")))
        .filter_map(|node| node.text())
        .map(str::to_owned)
        .collect();
    for path in ["", "deploy/", "deploy/checklist/", "down/", "gr%C3%B6%C3%9Fe/", "risks/"] {
        assert_eq!(listed.iter().filter(|url| **url == format!("https://acme.example/h/{path}")).count(), 1, "{path} in {listed:?}");
    }
    assert!(!listed.iter().any(|url| url.contains("/old/") || url.contains("/print/") || url.ends_with(".json")), "{listed:?}");
    assert!(site["deploy/index.html"].contains("<link rel=\"canonical\" href=\"https://acme.example/h/deploy/\">"));
    assert!(site["old/index.html"].contains("<link rel=\"canonical\" href=\"https://acme.example/h/deploy/\">"));
    assert_eq!(site["robots.txt"], "User-agent: *\nAllow: /\nSitemap: https://acme.example/h/sitemap.xml\n");
}

#[test]
fn a_long_sitemap_is_cut() {
    let address = crate::address::Address::read("https://acme.example/").unwrap();
    let index = String::from_utf8(feeds::sitemap_index(&address, 2).unwrap()).unwrap();
    let xml = roxmltree::Document::parse(&index).unwrap();
    let parts: Vec<&str> = xml.descendants().filter(|node| node.tag_name().name() == "loc").filter_map(|node| node.text()).collect();
    assert_eq!(parts, ["https://acme.example/sitemap-1.xml", "https://acme.example/sitemap-2.xml"]);
}

#[test]
fn a_file_where_a_feed_would_stand_collides_even_where_none_is_written() {
    for file in ["content/sitemap.xml", "content/feed.xml"] {
        let analysis = analysis("", &[("content/a.md", "# A")], &[file]);
        assert!(analysis.findings.iter().any(|found| found.rule == "url-collision" && found.place.path.as_str() == file), "{file}");
    }
}

#[test]
fn a_number_in_a_contact_can_be_called() {
    let system = "+++\nkind = \"system\"\ntitle = \"Bank\"\ncontact = \"+234 1 555 0100 · #bank\"\n+++\n";
    let internal = site(&[("content/bank.md", system)]);
    assert!(internal["bank/index.html"].contains("<a href=\"tel:+23415550100\""), "{}", internal["bank/index.html"]);
    let public = site_with("audience = \"public\"", &[("content/bank.md", system)]);
    assert!(public.values().all(|text| !text.contains("555")));
}

#[test]
fn every_page_about_the_whole_handbook_has_a_name_that_is_known() {
    let outputs = paths::outputs(&analysis("", &[], &[]).handbook);
    let made: BTreeSet<&str> = outputs.iter().filter_map(|(path, _)| path.strip_suffix("/index.html")).collect();
    assert_eq!(made, BTreeSet::from(paths::MADE));
}
