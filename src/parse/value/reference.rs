//! Ids, and what points to them.

use toml::de::DeValue;

use crate::parse::declaration::{Declared, Node, Reader};
use crate::parse::slug;
use crate::source::Located;

/// An id as explicit ids must be: `[a-z0-9][a-z0-9-]*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub String);

impl Id {
    /// Whether a text has the form of an explicit id.
    pub fn is_well_formed(text: &str) -> bool {
        text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    }
}

impl Declared for Located<Id> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Located::<String>::read(node, reader)?;
        if let Some(rule) = refused_id(&text.value) {
            let key = reader.key_name();
            let fault = reader.fault(rule, node.span(), format!("`{key}` cannot be `{}`", text.value));
            fault.help = Some("an id begins with a small letter or a digit and goes on with those and `-`: payments-db".to_owned());
            let slug = slug::slug(&text.value);
            if Id::is_well_formed(&slug) && crate::portable::unportable(&slug).is_none() {
                fault.replacement = Some(format!("{slug:?}"));
            }
            return None;
        }
        Some(text.map(Id))
    }
}

/// The rule that forbids an explicit id, if any.
pub fn refused_id(text: &str) -> Option<&'static str> {
    if !Id::is_well_formed(text) { Some("invalid-value") } else { crate::portable::unportable(text).map(|_| "unsafe-name") }
}

/// A reference as written: `payments-db`, `#migrate`, `deploy#migrate`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(pub String);

impl Reference {
    /// The page and the thing on it; an empty page is the page where the reference stands.
    pub fn parts(&self) -> (&str, Option<&str>) {
        match self.0.split_once('#') {
            Some((page, thing)) => (page, Some(thing)),
            None => (&self.0, None),
        }
    }
}

impl Declared for Located<Reference> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Located::<String>::read(node, reader)?;
        if text.value.trim().is_empty() || text.value == "#" {
            let key = reader.key_name();
            reader.fault("invalid-value", node.span(), format!("`{key}` wants an id, got nothing")).help =
                Some("write the id of a page, `#id` of a thing on this page, or `page#id`; or leave the key out".to_owned());
            return None;
        }
        Some(text.map(Reference))
    }
}

/// A reference where it can be one, else prose: `#stop-the-pipeline`, or `Press the red button`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ReferenceOrText {
    /// A reference.
    Reference(Reference),
    /// Prose.
    Text(String),
}

impl Declared for Located<ReferenceOrText> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = Located::<String>::read(node, reader)?;
        Some(text.map(|text| {
            let is_reference = text.contains('#') && !text.contains(char::is_whitespace);
            if is_reference { ReferenceOrText::Reference(Reference(text)) } else { ReferenceOrText::Text(text) }
        }))
    }
}

/// `true`, `false`, or `until #step`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reversible {
    /// It can be undone.
    Yes,
    /// It cannot be undone.
    No,
    /// It can be undone until a step is done.
    Until(Reference),
}

impl Declared for Located<Reversible> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let span = reader.span(node.span());
        match node.get_ref() {
            DeValue::Boolean(true) => return Some(Located::new(Reversible::Yes, span)),
            DeValue::Boolean(false) => return Some(Located::new(Reversible::No, span)),
            DeValue::String(text) => {
                if let Some(step) = text.trim().strip_prefix("until ").map(str::trim).filter(|step| step.contains('#')) {
                    return Some(Located::new(Reversible::Until(Reference(step.to_owned())), span));
                }
            }
            _ => {}
        }
        let key = reader.key_name();
        reader.fault("invalid-value", node.span(), format!("`{key}` wants true, false or \"until #step\"")).help =
            Some("write `reversible = \"until #switch-traffic\"` for a step that can be undone up to another".to_owned());
        None
    }
}
