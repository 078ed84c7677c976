//! A site as a browser reads it: every page through a parser of HTML that builds the tree, and what of it may stand there.
//!
//! In: the files of a built site. Out: what is on no list. The lists are written here and not taken from the program, so that neither
//! can loosen the other.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use base64::Engine as _;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, QualName};
use sha2::Digest as _;

/// Elements that our templates write, and those that raw HTML may have.
const ELEMENTS: &str = " a abbr article aside b blockquote body br button caption circle code dd defs del desc details div dl dt em \
    fieldset figcaption figure g h1 h2 h3 h4 h5 h6 head header hr html i img input ins kbd label legend li line link main mark meta nav \
    ol option output p path pattern picture pre q rect s samp script section select small source span strong style sub summary sup svg \
    symbol table tbody td text textarea tfoot th thead time title tr tspan u ul use var footer ";

/// Attributes, beside those that begin with `data-` or `aria-`.
const ATTRIBUTES: &str = " align alt autocapitalize autocomplete charset checked class colspan content cx cy d datetime defer dir \
    disabled dy fill for height hidden href http-equiv id lang loading name open patterntransform patternunits r readonly rel role rows \
    rowspan rx ry scope spellcheck src start tabindex title type value viewbox width x x1 x2 y y1 y2 ";

/// Schemes of addresses.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// An element of a page.
#[derive(Debug)]
pub struct Element {
    /// Its name, in small letters.
    pub name: String,
    /// Its attributes by name, in small letters.
    pub attributes: BTreeMap<String, String>,
    /// The text right below it.
    pub text: String,
}

impl Element {
    /// The value of an attribute; empty where there is none.
    pub fn value(&self, key: &str) -> &str {
        self.attributes.get(key).map_or("", String::as_str)
    }
}

/// Every element of a page, in the order in which a browser makes them.
pub fn elements(html: &str) -> Vec<Element> {
    let tree = html5ever::parse_document(Tree::default(), html5ever::ParseOpts::default()).one(html);
    let element = |node: &Rc<Node>| {
        let name = node.name.as_ref()?.local.to_ascii_lowercase().to_string();
        let attributes = node.attributes.borrow();
        let attributes = attributes.iter().map(|one| (one.name.local.to_ascii_lowercase().to_string(), one.value.to_string())).collect();
        Some(Element { name, attributes, text: node.text.borrow().clone() })
    };
    tree.nodes.borrow().iter().filter_map(element).collect()
}

/// What stands on the pages of a site and may not.
pub fn unwanted(site: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let pages = site.iter().filter(|(path, _)| path.ends_with(".html"));
    let mut found = Vec::new();
    for (path, bytes) in pages {
        let html = std::str::from_utf8(bytes).expect("UTF-8");
        let elements = elements(html);
        let policy = elements.iter().find(|element| element.value("http-equiv").eq_ignore_ascii_case("content-security-policy"));
        let policy = policy.map(|element| element.value("content").to_owned()).unwrap_or_default();
        let mut inline = 0;
        for element in &elements {
            let mut say = |what: String| found.push(format!("{path}: <{}> {what}", element.name));
            if !ELEMENTS.contains(&format!(" {} ", element.name)) {
                say("is no element of a page".to_owned());
            }
            for (key, value) in &element.attributes {
                let namespace = key.starts_with("xmlns") || key.starts_with("xlink");
                if !(key.starts_with("data-") || key.starts_with("aria-") || ATTRIBUTES.contains(&format!(" {key} "))) || namespace {
                    say(format!("has the attribute {key}"));
                }
                if matches!(key.as_str(), "href" | "src") {
                    if scheme(value).is_some_and(|scheme| !SCHEMES.contains(&scheme.as_str())) {
                        say(format!("leads to {value}"));
                    }
                    if key == "src" && scheme(value).is_some() {
                        say(format!("loads {value}"));
                    }
                }
            }
            match element.name.as_str() {
                "script" if element.value("src").is_empty() => {
                    inline += 1;
                    if !policy.contains(&hash(&element.text)) {
                        say(format!("is not admitted by the policy: {}", element.text));
                    }
                }
                "script" if !element.value("src").contains("_theme/") => say(format!("loads {}", element.value("src"))),
                "style" if !policy.contains(&hash(&element.text)) => say("is not admitted by the policy".to_owned()),
                "meta" if element.attributes.contains_key("http-equiv") && element.value("content") != policy => {
                    say(format!("stands for the header {}", element.value("http-equiv")));
                }
                _ => {}
            }
        }
        if inline > 1 {
            found.push(format!("{path}: {inline} scripts stand in the page"));
        }
    }
    found
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", base64::prelude::BASE64_STANDARD.encode(sha2::Sha256::digest(text.as_bytes())))
}

/// The scheme of an address as browsers see it: whatever may stand before it or between its letters is passed over.
fn scheme(address: &str) -> Option<String> {
    let bare: String = address.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let (scheme, _) = bare.split_once(':')?;
    (!scheme.contains(['/', '?', '#'])).then(|| scheme.to_ascii_lowercase())
}

/// The tree, as far as it is asked about: every element once, with its text.
#[derive(Default)]
struct Tree {
    nodes: RefCell<Vec<Rc<Node>>>,
    document: Rc<Node>,
}

#[derive(Default)]
struct Node {
    name: Option<QualName>,
    attributes: RefCell<Vec<Attribute>>,
    text: RefCell<String>,
    template: Option<Rc<Node>>,
}

impl TreeSink for Tree {
    type Handle = Rc<Node>;
    type Output = Self;
    type ElemName<'a> = &'a QualName;

    fn finish(self) -> Self {
        self
    }
    fn parse_error(&self, _: Cow<'static, str>) {}
    fn get_document(&self) -> Rc<Node> {
        Rc::clone(&self.document)
    }
    fn elem_name<'a>(&'a self, node: &'a Rc<Node>) -> &'a QualName {
        node.name.as_ref().expect("an element")
    }
    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Rc<Node> {
        let template = flags.template.then(Rc::default);
        let node = Rc::new(Node { name: Some(name), attributes: RefCell::new(attributes), template, ..Node::default() });
        self.nodes.borrow_mut().push(Rc::clone(&node));
        node
    }
    fn create_comment(&self, _: StrTendril) -> Rc<Node> {
        Rc::default()
    }
    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Rc<Node> {
        Rc::default()
    }
    fn append(&self, parent: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        if let NodeOrText::AppendText(text) = child {
            parent.text.borrow_mut().push_str(&text);
        }
    }
    fn append_based_on_parent_node(&self, _: &Rc<Node>, previous: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.append(previous, child);
    }
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}
    fn get_template_contents(&self, node: &Rc<Node>) -> Rc<Node> {
        node.template.clone().expect("a template")
    }
    fn same_node(&self, one: &Rc<Node>, other: &Rc<Node>) -> bool {
        Rc::ptr_eq(one, other)
    }
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn append_before_sibling(&self, _: &Rc<Node>, _: NodeOrText<Rc<Node>>) {}
    fn add_attrs_if_missing(&self, node: &Rc<Node>, attributes: Vec<Attribute>) {
        node.attributes.borrow_mut().extend(attributes);
    }
    fn remove_from_parent(&self, _: &Rc<Node>) {}
    fn reparent_children(&self, _: &Rc<Node>, _: &Rc<Node>) {}
}

#[test]
fn what_may_not_stand_on_a_page_is_found() {
    for html in [
        "<script>alert(1)</script>",
        "<p onclick=x>",
        "<svg><a xlink:href=javascript:x></svg>",
        "<a href=' java\tscript:x'>",
        "<iframe>",
        "<p style=x>",
        "<svg><title><img src=x onerror=y></title></svg>",
        "<img src=https://a.example/x.png>",
        "<meta http-equiv=refresh content=0>",
        "<template><iframe></template>",
    ] {
        let site = BTreeMap::from([("index.html".to_owned(), html.as_bytes().to_vec())]);
        assert_ne!(unwanted(&site), [""; 0], "{html}");
    }
    let plain = "<!doctype html><title>x</title><p id=a><a href='b/?c=d:e#f'>g</a> &lt;script>";
    assert_eq!(unwanted(&BTreeMap::from([("index.html".to_owned(), plain.as_bytes().to_vec())])), [""; 0]);
}
