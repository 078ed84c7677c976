//! X: no content runs a script. What a case shows on the site is read as a browser reads it, and held against the lists of `html`.

use std::collections::BTreeMap;

use super::html::{elements, unwanted};
use super::{built_anyway, expect, fault, whole};
use crate::project::Project;

/// A word that does harm wherever a template forgets that it is text.
const HOSTILE: &str = "</title></script><img src=x onerror=alert(1)>\"'<!-- ]]>\u{2028}{{ 7*7 }}";

/// The site of a project, faults or not; nothing stands on it that may not.
fn site(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let site = built_anyway(project);
    assert_eq!(unwanted(&site), [""; 0]);
    site
}

fn text(site: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(site.get(path).unwrap_or_else(|| panic!("{path} is not there")).clone()).expect("UTF-8")
}

/// A page of lines: what each must be told, and its place by the number of the line.
fn lines_with(cases: &[(String, &str)]) -> (Project, Vec<String>) {
    let page: String = cases.iter().map(|(line, _)| format!("{line}\n\n")).collect();
    let project = whole().file("content/a.md", format!("# A\n\n{page}"));
    let places = project.places("");
    for (at, (line, rule)) in cases.iter().enumerate() {
        let place = format!("content/a.md:{}:", 3 + at * 2);
        let found = places.iter().any(|found| found.starts_with(&place) && found.ends_with(&format!(" {rule}")));
        assert!(found, "`{line}` is no {rule} at {place}\n{}", places.join("\n"));
    }
    (project, places)
}

/// Addresses that run or read something, plain and disguised.
const ADDRESSES: [&str; 20] = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java&#115;cript:alert(1)",
    "&#x6A;avascript:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "javascript&colon;alert(1)",
    "<java\tscript:alert(1)>",
    "java%0ascript:alert(1)",
    "java%09script:alert(1)",
    "%6Aavascript:alert(1)",
    "&#1;javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,x",
    "data:text/html;base64,PHN2Zz4=",
    "data:image/svg+xml,x",
    "file:///etc/passwd",
    "blob:https://a.example/x",
    "filesystem:https://a.example/x",
    "view-source:x",
];

#[test]
fn x01_addresses_that_run_something_are_faults_and_do_not_come_out() {
    let mut cases = Vec::new();
    for address in ADDRESSES {
        cases.push((format!("[a]({address})"), "unsafe-url"));
        cases.push((format!("![a]({address})"), "unsafe-url"));
        cases.push((format!("<a href=\"{}\">a</a>", address.trim_matches(['<', '>'])), "unsafe-url"));
    }
    let (project, places) = lines_with(&cases);
    let first = places.iter().find(|place| place.starts_with("content/a.md:3:")).expect("the first");
    fault(&project, first);
    site(&project);
}

#[test]
fn x02_nor_do_they_by_way_of_references_footnotes_or_pictures_in_links() {
    let bad = "javascript:alert(1)";
    let cases = [
        ("[a][r]".to_owned(), "unsafe-url"),
        ("[r]".to_owned(), "unsafe-url"),
        ("[r][]".to_owned(), "unsafe-url"),
        ("![a][r]".to_owned(), "unsafe-url"),
        (format!("<{bad}>"), "unsafe-url"),
        (format!("[![i]({bad})](deploy.md)"), "unsafe-url"),
        (format!("[![i](p.png)]({bad})"), "unsafe-url"),
        (format!("x[^n]\n[^n]: [x]({bad})"), "unsafe-url"),
    ];
    let page: String = cases.iter().map(|(line, _)| format!("{line}\n\n")).collect();
    let project = whole().file("content/p.png", "x").file("content/a.md", format!("# A\n\n{page}\n[r]: {bad}\n"));
    let places = project.places("");
    // A reference is told where it is defined.
    for line in [11, 13, 15, 18, 21] {
        let found = places.iter().any(|place| place.starts_with(&format!("content/a.md:{line}:")) && place.ends_with(" unsafe-url"));
        assert!(found, "line {line}\n{}", places.join("\n"));
    }
    site(&project);
}

#[test]
fn x03_elements_outside_the_list_are_shown_as_text_with_a_warning() {
    let mut cases = Vec::new();
    for html in [
        "<script>alert(1)</script>",
        "<ScRiPt src=//a.example></script>",
        "<iframe src=x></iframe>",
        "<base href=x>",
        "<meta http-equiv=refresh content=0>",
        "<form action=x></form>",
        "<style>x</style>",
        "<object data=x></object>",
        "<embed src=x>",
        "<link rel=stylesheet href=x>",
        "<svg><script>x</script></svg>",
        "<math><mtext></mtext></math>",
        "<template>x</template>",
        "<video src=x></video>",
        "<textarea>x</textarea>",
        "<button>x</button>",
        "<noscript>x</noscript>",
        "<plaintext>",
        "<x-own>x</x-own>",
        "<!DOCTYPE html>",
        "<?php x ?>",
    ] {
        cases.push((html.to_owned(), "raw-html"));
        cases.push((format!("word {html}"), "raw-html"));
    }
    let (project, _) = lines_with(&cases);
    assert_eq!(project.run("check").code, 0, "a warning, no fault");
    site(&project);
}

/// Attributes that run something when something happens.
const EVENTS: &str = "abort afterprint animationcancel animationend animationiteration animationstart auxclick beforeinput beforematch \
    beforeprint beforetoggle beforeunload begin blur cancel canplay canplaythrough change click close contextmenu copy cuechange cut \
    dblclick drag dragend dragenter dragleave dragover dragstart drop durationchange emptied end ended error focus focusin focusout \
    formdata fullscreenchange gotpointercapture hashchange input invalid keydown keypress keyup languagechange load loadeddata \
    loadedmetadata loadstart message mousedown mouseenter mouseleave mousemove mouseout mouseover mouseup mousewheel offline online \
    pagehide pageshow paste pause play playing pointerdown pointermove pointerover pointerrawupdate pointerup popstate progress \
    ratechange repeat reset resize scroll scrollend search seeked seeking select show slotchange stalled storage submit suspend \
    timeupdate toggle transitionend unhandledrejection unload volumechange waiting webkitanimationend wheel";

#[test]
fn x04_no_attribute_that_waits_for_an_event_comes_out() {
    let mut page = "# A\n".to_owned();
    let mut cases = 0;
    for (at, event) in EVENTS.split_whitespace().enumerate() {
        let mixed: String = event.chars().enumerate().map(|(n, c)| if n % 2 == 0 { c.to_ascii_uppercase() } else { c }).collect();
        let tag = ["b", "img src=p.png", "details open", "table", "a href=deploy.md"][at % 5];
        for attribute in [format!(" on{event}=alert(1)"), format!("/oN{mixed}='alert(1)'"), format!("\ton{event}\n=\n\"alert(1)\"")] {
            page.push_str(&format!("\nword <{tag}{attribute}>x\n\n<div{attribute}>x</div>\n"));
            cases += 1;
        }
    }
    assert!(cases > 3 * 70);
    let project = whole().file("content/p.png", "x").file("content/a.md", page);
    site(&project);
    expect(&whole().file("content/a.md", "# A\n\nx <b onclick=alert(1)>y</b>\n"), "content/a.md:3:3 raw-html");
}

#[test]
fn x05_of_what_stands_in_braces_behind_a_heading_only_ids_and_classes_survive() {
    let project = whole().file(
        "content/a.md",
        "# A\n\n## H1 {onclick=alert(1)}\n\n## H2 {#x\" onclick=alert(1)}\n\n## H3 {style=\"color:red\"}\n\n## H4 {#own .mine onclick=x}\n\n\
         H5 {onclick=alert(1)}\n---\n\n## H6 {#<b>}\n\n## H7 {#own-too}\n",
    );
    let site = site(&project);
    let headings: Vec<_> = elements(&text(&site, "a/index.html")).into_iter().filter(|element| element.name == "h2").collect();
    assert!(headings.len() >= 7);
    for heading in &headings {
        assert!(heading.attributes.keys().all(|key| matches!(key.as_str(), "id" | "class" | "tabindex")), "{heading:?}");
    }
    assert!(headings.iter().any(|heading| heading.value("id") == "own-too"), "{headings:?}");
}

#[test]
fn x06_what_is_said_of_a_block_of_code_is_one_safe_class_or_none() {
    let mut page = "# A\n".to_owned();
    let infos =
        ["\"><script>alert(1)</script>", "a\" onload=x", "rust onload=x", "{.x onload=y}", "a'b", "a&quot;b", "<img>", "rust,ignore"];
    infos.iter().for_each(|info| page.push_str(&format!("\n~~~{info}\nx\n~~~\n")));
    let site = site(&whole().file("content/a.md", page));
    let code: Vec<_> = elements(&text(&site, "a/index.html")).into_iter().filter(|element| element.name == "code").collect();
    assert!(code.len() >= infos.len());
    for one in code {
        let class = one.value("class");
        assert!(class.chars().all(|c| c.is_ascii_alphanumeric() || "-+#_".contains(c)), "{class}");
        assert!(one.attributes.keys().all(|key| key == "class"), "{one:?}");
    }
}

/// A handbook in which every field of prose that there is holds a hostile word of its own; how many there are.
fn hostile_everywhere() -> (Project, usize) {
    let mut words = 0;
    let mut word = || {
        words += 1;
        format!("\"\"\"W{words:03}Z {}\"\"\"", HOSTILE.replace('\\', "\\\\").replace('"', "\\\""))
    };
    let mut fill = |text: &str| {
        let mut parts = text.split('@');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| text + &word() + part)
    };
    let settings = fill(
        "title = @\ndescription = @\nbase_url = \"https://acme.example/\"\naudience = \"public\"\noffline_copy = true\n\
         repository = \"https://github.com/acme/handbook\"\n",
    );
    let failure = "```failure\nclass = \"technical\"\ntitle = @\ncause = @\neffect = @\nprevent = @\nseverity = \"major\"\n\
         likelihood = \"frequent\"\n[detect]\nsignal = @\n[recover]\ntext = @\ndecide = @\nverify = @\n[[action]]\nwhat = @\n\
         [[waive]]\nrule = \"untested-recovery\"\nreason = @\nby = @\n```\n";
    let process = fill(&format!(
        "+++\nkind = \"process\"\ntitle = @\ndescription = @\ntags = [@]\nowner = @\nchange_window = @\ndepends_on = [\"s\"]\n\
         [context]\nintent = @\nrisk = @\nregulation = [@]\n[review]\nlast = 2026-01-01\nby = @\n[[metric]]\nname = @\nkind = \"cost\"\n\
         target = @\n[[trade_off]]\nchose = @\nover = @\nbecause = @\n[not_applicable]\nhuman = @\n+++\n\n## Steps\n\n1. **Go.** Do it.\n\n\
         {failure}",
    ));
    let system = fill(&format!(
        "+++\nkind = \"system\"\ntitle = @\ncontact = @\ncomeback = @\n[[limit]]\nwhat = @\nnow = 1\nmax = 2\n+++\n\n{failure}"
    ));
    let role = fill("+++\nkind = \"role\"\ntitle = @\ndescription = @\nholders = 2\n+++\n");
    let incident = fill("+++\nkind = \"incident\"\ntitle = @\ndate = 2026-01-01\nprocess = \"p\"\n[[action]]\nwhat = @\n+++\n");
    let record = fill(
        "+++\nkind = \"premortem\"\ntitle = @\ndate = 2026-01-01\nprocess = \"p\"\n[[item]]\ntext = @\nclass = \"human\"\n\
         outcome = \"rejected\"\nbecause = @\n+++\n",
    );
    let page = fill("+++\ntitle = @\ndescription = @\ntags = [@]\n+++\n");
    let project = Project::with(&[
        ("forewarn.toml", &settings),
        ("content/p.md", &process),
        ("content/s.md", &system),
        ("content/r.md", &role),
        ("content/i.md", &incident),
        ("content/m.md", &record),
        ("content/a.md", &format!("{page}\n{HOSTILE}\n\n## {HOSTILE}\n\n`{HOSTILE}`\n\n```\n{HOSTILE}\n```\n")),
    ]);
    (project, words)
}

#[test]
fn x07_x08_every_field_is_text_on_every_page_in_every_list_and_file() {
    let (project, words) = hostile_everywhere();
    // For everybody, with what search engines read; then for those inside, with what tells of people.
    let public = site(&project);
    for needed in ["404.html", "feed.xml", "sitemap.xml", "search.js", "model.json", "risks.json", "handbook.zip"] {
        assert!(public.contains_key(needed), "{needed}");
    }
    assert_text_only(&public);
    project.write("forewarn.toml", project.read("forewarn.toml").replace("audience = \"public\"\n", ""));
    let inside = site(&project);
    assert_text_only(&inside);
    let everything: Vec<String> =
        public.values().chain(inside.values()).filter_map(|bytes| String::from_utf8(bytes.clone()).ok()).collect();
    let unseen: Vec<_> = (1..=words).filter(|word| !everything.iter().any(|text| text.contains(&format!("W{word:03}Z")))).collect();
    // The eleventh is who signed the review, which no page shows.
    assert!(words > 50 && unseen == [11], "of {words} fields these were never seen: {unseen:?}");
}

/// No file of the site takes a hostile word for more than text.
fn assert_text_only(site: &BTreeMap<String, Vec<u8>>) {
    for (path, bytes) in site {
        let text = || std::str::from_utf8(bytes).expect("UTF-8");
        match path.rsplit('.').next().unwrap_or_default() {
            "html" => {
                let images = elements(text()).into_iter().filter(|element| element.name == "img").count();
                assert_eq!(images, 0, "{path}");
            }
            "xml" => {
                let parsed = roxmltree::Document::parse(text()).unwrap_or_else(|error| panic!("{path}: {error}"));
                assert!(parsed.descendants().all(|node| !matches!(node.tag_name().name(), "img" | "script")), "{path}");
            }
            "json" => {
                serde_json::from_str::<serde_json::Value>(text()).unwrap_or_else(|error| panic!("{path}: {error}"));
            }
            "js" if path.starts_with("search") => {
                assert!(!text().contains(['<', '>', '\u{2028}', '\u{2029}']) && text().lines().count() == 1, "{path}");
            }
            _ => {}
        }
    }
}

#[test]
fn x09_pictures_that_could_run_something_are_faults() {
    for svg in [
        "<svg><script>alert(1)</script></svg>",
        "<x:svg xmlns:x=\"http://www.w3.org/2000/svg\"><x:script>alert(1)</x:script></x:svg>",
        "<svg onload=\"alert(1)\"/>",
        "<svg><foreignObject/></svg>",
        "<svg><a xlink:href=\"javascript:alert(1)\"/></svg>",
        "<svg><a href=\"java&#115;cript:alert(1)\"/></svg>",
        "<svg><set attributeName=\"href\" to=\"javascript:alert(1)\"/></svg>",
        "<svg><animate attributeName=\"href\" values=\"#a;javascript:alert(1)\"/></svg>",
        "<svg><set attributeName=\"onclick\" to=\"alert(1)\"/></svg>",
        "<!DOCTYPE svg [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><svg><text>&b;&b;</text></svg>",
        "<?xml-stylesheet href=\"x.xsl\"?><svg/>",
        "<svg><style>@import url(https://a.example)</style></svg>",
        "<svg><use href=\"data:image/svg+xml,x\"/></svg>",
        // What a parser of HTML takes for the value of an attribute, a browser that reads XML runs.
        "<svg><!--> <a b=\"--><script>alert(1)</script><!-- \"/> --></svg>",
        "<svg><?x > <a b=\"?><script>alert(1)</script><!-- \"/> --></svg>",
        "<svg><![CDATA[ > <a b=\"]]><script>alert(1)</script><!-- \"/> --></svg>",
        "<?xml version=\"1.0\" encoding=\"ISO-2022-JP\"?><svg><a b=\"\u{1b}$B\" c='\u{1b}(B\"/><script>alert(1)</script><!-- '/> --></svg>",
        "not a picture",
    ] {
        fault(&whole().file("content/p.svg", svg), "content/p.svg:1:1 unsafe-file");
    }
    let plain = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- drawn -->\n<svg xmlns=\"http://www.w3.org/2000/svg\"><title>a &amp; b</title><path d=\"M0 0\"/></svg>";
    assert_eq!(site(&whole().file("content/p.svg", plain))["p.svg"], plain.as_bytes());
}

#[test]
fn x10_files_that_a_browser_or_a_system_would_run_are_faults() {
    let endings = ["html", "HTM", "xhtml", "js", "mjs", "Css", "xml", "xsl", "svgz", "swf", "wasm", "hta", "exe", "sh", "bat", "php"];
    let project = endings.iter().fold(whole(), |project, ending| project.file(&format!("content/x-{ending}.{ending}"), "x"));
    endings.iter().for_each(|ending| expect(&project, &format!("content/x-{ending}.{ending}:1:1 unsafe-file")));
    fault(&project, "content/x-js.js:1:1 unsafe-file");
}

#[test]
fn x11_content_is_no_template() {
    let template = "{{ 7*7 }} {% include \"/etc/passwd\" %} {% raw %} {# note #} {{ get_env(name=\"PATH\") }}";
    let page = format!(
        "+++\ntitle = '{template}'\ndescription = '{template}'\ntags = ['{template}']\n+++\n\n{template}\n\n## {template}\n\n```\n{template}\n```\n\n`{template}`\n"
    );
    let project = whole().file("content/a.md", page).file("content/{{ 7+7 }}.md", "# B\n");
    let site = site(&project);
    let shown = text(&site, "a/index.html");
    for part in ["{{ 7*7 }}", "{% include", "{% raw %}", "{# note #}", "{{ get_env"] {
        assert!(shown.matches(part).count() >= 4, "{part}: {shown}");
    }
    let secrets: Vec<_> = site.values().filter(|bytes| bytes.windows(7).any(|part| part == b"root:x:")).collect();
    assert!(secrets.is_empty());
    assert!(site.contains_key("{{ 7+7 }}/index.html"), "a name is no template either: {:?}", site.keys());
}

#[test]
fn x14_titles_of_links_and_words_for_pictures_stay_in_their_quotes() {
    let project = whole().file("content/p.png", "x").file(
        "content/a.md",
        "# A\n\n[x](deploy.md '\" onmouseover=\"alert(1)')\n\n![\" onerror=\"alert(1)](p.png '\" onload=\"x')\n\n\
         <a href=\"deploy.md\" title='\" onclick=\"x'>y</a>\n\n[r]\n\n[r]: deploy.md '\" onfocus=\"x'\n",
    );
    let site = site(&project);
    let all = elements(&text(&site, "a/index.html"));
    let has = |key: &str, value: &str| all.iter().any(|element| element.value(key) == value);
    assert!(has("title", "\" onmouseover=\"alert(1)") && has("alt", "\" onerror=\"alert(1)"), "{all:?}");
}

#[test]
fn x15_no_name_that_content_gives_takes_the_place_of_one_that_scripts_know() {
    let names = ["currentScript", "location", "config", "body", "forms", "forewarn", "__proto__", "cookie"];
    let mut page = "# A\n".to_owned();
    names
        .iter()
        .for_each(|name| page.push_str(&format!("\nx <b id={name} name={name}>y</b> <img src=p.png name={name} alt=z>\n\n## {name}\n")));
    let site = site(&whole().file("content/p.png", "x").file("content/a.md", page));
    let all = elements(&text(&site, "a/index.html"));
    for name in names {
        assert!(all.iter().any(|element| element.name == "b" && element.value("id") == format!("user-{name}")), "{name}");
        assert!(!all.iter().any(|element| element.value("name") == name), "{name}");
    }
    assert!(all.iter().any(|element| element.name == "h2" && element.value("id") == "location"), "headings keep their anchors");
}
