//! M: the shape of Markdown.

use super::html::unwanted;
use super::{built, expect, fault, whole};

#[test]
fn m01_quotes_nested_without_end() {
    fault(&whole().file("content/a.md", format!("# A\n\n{} x\n", ">".repeat(100_000))), "content/a.md:3:65 nesting-too-deep");
}

#[test]
fn m02_lists_nested_without_end() {
    let list: String = (0..5_000).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect();
    fault(&whole().file("content/a.md", list), "content/a.md:1:1 limit-exceeded-input");
    let list: String = (0..300).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect();
    let places = whole().file("content/a.md", list).places("");
    assert!(places.iter().any(|place| place.ends_with("nesting-too-deep")), "{places:?}");
}

#[test]
fn m03_text_that_once_made_the_parser_panic() {
    for text in ["2\n:<\n  {}\n -\n", "2\n:‹\n  {}\n -\n"] {
        let project = (0..9).fold(whole(), |project, page| project.file(&format!("content/p{page}.md"), "# P\n"));
        let output = built(&project.file("content/a.md", text));
        (0..9).for_each(|page| assert!(output.contains_key(&format!("p{page}/index.html"))));
    }
}

#[test]
fn m04_patterns_repeated_to_a_megabyte_are_linear() {
    let patterns = [
        "[",
        "[a](",
        "![^",
        "[^a]\n",
        "<!-- <",
        "!-- <",
        "<a b=\"\n",
        "|-\n",
        "$${",
        "---\na: b\n",
        "*a **b ",
        "_a __b ",
        "`",
        "``` ",
        "~~",
        "\\",
        "&",
        "&#",
        "<",
        "<a",
        "</",
        "<?",
        "<![CDATA[",
        "- ",
        "1. a\n",
        "> a\n",
        "# a\n",
        "a\n===\n",
        "a | b\n",
        "| a |\n|---|\n",
        "[a]: b\n",
        "[a][b]",
        "![",
        "{#a}",
        "# a {#b}\n",
        "(",
        "](",
        "!](",
        "***",
        "a*",
        "\t",
        "- a\n\n",
        "* * *\n",
        "+++\n",
        "```step\n",
        "```failure\n",
    ];
    // A few in each build, so that none hides behind the time that the others may take.
    for some in patterns.chunks(6) {
        let with = |bytes: fn(&str) -> usize| {
            let file = |(at, pattern): (usize, &&str)| (format!("content/p{at}.md"), pattern.repeat(bytes(pattern) / pattern.len()));
            some.iter().enumerate().map(file).fold(whole(), |project, (path, text)| project.file(&path, text))
        };
        let checked = with(|_| 1_000_000).run("check --fail-on never");
        // A finding for each heading is a hundred thousand findings on the site, which the unoptimised program renders for minutes.
        let rendered = with(|pattern| if pattern.contains(['#', '=']) { 200_000 } else { 1_000_000 }).run("build --fail-on never");
        assert_eq!((checked.code, rendered.code), (0, 0), "{}{}", checked.err, rendered.err);
    }
    let mut project = whole();
    let process = "```page\nkind = \"process\"\ntitle = \"P\"\n```\n## Steps\n";
    for (index, pattern) in ["1. a\n", "### a\n", "- [ ] a\n", "### a\n```step\n```\n", "```failure\n```\n"].iter().enumerate() {
        project = project.file(&format!("content/q{index}.md"), format!("{process}{}", pattern.repeat(30_000 / pattern.len())));
    }
    let ran = project.run("build --fail-on never");
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn m05_footnotes_in_a_ring_and_many_of_them() {
    let mut text = "# A\n\n[^a]\n\n[^a]: to [^b]\n\n[^b]: to [^a]\n\n".to_owned();
    (0..16_000).for_each(|note| text.push_str(&format!("x[^n{note}]\n\n[^n{note}]: note\n\n")));
    let output = built(&whole().file("content/a.md", &text));
    assert!(output["a/index.html"].len() <= 20 * text.len(), "{} bytes of {}", output["a/index.html"].len(), text.len());
}

#[test]
fn m06_a_table_of_a_thousand_by_a_thousand() {
    let row = format!("|{}\n", "x|".repeat(1_000));
    let table = format!("{row}|{}\n{}", "-|".repeat(1_000), row.repeat(1_000));
    built(&whole().file("content/a.md", format!("# A\n\n{table}")));
}

#[test]
fn m07_what_is_left_open_is_said_and_closed() {
    for (text, place) in [
        ("# A\n\n```\ncode\n", "content/a.md:3:1 unclosed-markup"),
        ("# A\n\n<!-- comment\n", "content/a.md:3:1 unclosed-markup"),
        ("# A\n\ntext <b>bold\n", "content/a.md:3:6 unclosed-markup"),
        ("# A\n\n<details>\n\nfolded\n", "content/a.md:3:1 unclosed-markup"),
        ("# A\n\n<table><tr><td>\n\ncell\n", "content/a.md:3:1 unclosed-markup"),
    ] {
        let project = whole().file("content/a.md", text);
        expect(&project, place);
        let output = built(&project);
        assert_eq!(unwanted(&output), [""; 0]);
        let page = String::from_utf8(output["a/index.html"].clone()).expect("UTF-8");
        for tag in ["b", "details", "table", "td", "div", "article", "main"] {
            let begun = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
            assert_eq!(begun, page.matches(&format!("</{tag}>")).count(), "{text}: {tag}");
        }
    }
}

#[test]
fn m08_five_hundred_equal_headings_have_their_own_ids() {
    let project = whole().file("content/a.md", format!("# A\n\n{}", "## Same\n\n".repeat(500)));
    let page = String::from_utf8(built(&project)["a/index.html"].clone()).expect("UTF-8");
    for id in ["same", "same-1", "same-499"] {
        assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
    }
}

#[test]
fn m09_links_to_nothing_offer_the_nearest() {
    let project = whole()
        .file("content/a.md", "# A\n\n[x](deplyo.md)\n[y](deploy.md#step)\n[z](later.md)\n")
        .file("content/later.md", "+++\ntitle = \"Later\"\ndraft = true\n+++\n");
    fault(&project, "content/a.md:3:5 broken-link");
    expect(&project, "content/a.md:4:5 broken-anchor");
    expect(&project, "content/a.md:5:5 broken-link");
    let out = project.run("check --max 0").out;
    for words in ["did you mean `deploy.md`", "did you mean `#steps`", "is a draft"] {
        assert!(out.contains(words), "{words}: {out}");
    }
}

#[test]
fn m11_a_failure_inside_is_a_finding_of_that_page() {
    let project = whole();
    let ran = project.run_with("check", &[("FOREWARN_TEST_PANIC", "content/index.md")]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("internal-error") && ran.out.contains("please report"), "{}", ran.out);
    assert!(ran.out.contains("class-not-considered") || ran.out.contains("Deploy"), "the other page is checked: {}", ran.out);
    let before = built(&project);
    assert_eq!(project.run_with("build", &[("FOREWARN_TEST_PANIC", "content/index.md")]).code, 1);
    assert_eq!(project.tree("public"), before);
}
