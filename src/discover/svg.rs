//! Whether an SVG picture could run a script, load something, or exhaust memory when opened by itself.
//!
//! In: the bytes of a picture. Out: what is dangerous in them, in words. They are read as browsers read a picture, as XML: a parser of HTML
//! ends comments, instructions and sections elsewhere, and so takes for the value of an attribute what a browser runs. What is no
//! well-formed XML is refused, and so is an encoding in which the bytes could say something else. Absent: any repair.

use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::parse::url;

/// Elements that run, embed or load.
const REFUSED: &[&str] = &[
    "script",
    "foreignobject",
    "iframe",
    "object",
    "embed",
    "audio",
    "video",
    "handler",
    "listener",
    "html",
    "body",
    "link",
    "meta",
    "base",
    "form",
];

/// What is dangerous in a picture, in words.
pub fn danger(bytes: &[u8]) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Some("bytes that are no UTF-8".to_owned()) };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lower = text.to_ascii_lowercase();
    if lower.contains("<!entity") {
        return Some("declared entities".to_owned());
    }
    if lower.contains("<?xml-stylesheet") {
        return Some("a style sheet from elsewhere".to_owned());
    }
    if lower.contains("@import") || lower.contains("expression(") {
        return Some("a style sheet that loads something".to_owned());
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let mut any = false;
    loop {
        let danger = match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                any = true;
                danger_in(&tag)
            }
            Ok(Event::Decl(declaration)) => foreign_encoding(&declaration),
            Ok(Event::DocType(kind)) => kind.contains(&b'[').then(|| "declared entities".to_owned()),
            Ok(Event::Eof) if any => return None,
            Ok(Event::Eof) | Err(_) => Some(ill_formed()),
            Ok(_) => None,
        };
        if danger.is_some() {
            return danger;
        }
    }
}

fn ill_formed() -> String {
    "text that is no well-formed XML".to_owned()
}

/// Bytes that are UTF-8 and are read as something else can hold other tags than those that are looked at here.
fn foreign_encoding(declaration: &BytesDecl<'_>) -> Option<String> {
    let named = declaration.encoding()?;
    let plain = named.is_ok_and(|name| name.eq_ignore_ascii_case(b"utf-8") || name.eq_ignore_ascii_case(b"us-ascii"));
    (!plain).then(|| "a declared encoding that is not UTF-8".to_owned())
}

fn danger_in(tag: &BytesStart<'_>) -> Option<String> {
    let name = String::from_utf8_lossy(tag.local_name().into_inner()).to_ascii_lowercase();
    if REFUSED.contains(&name.as_str()) {
        return Some(format!("the element `{name}`"));
    }
    tag.attributes().find_map(|attribute| attribute.map_or_else(|_| Some(ill_formed()), |attribute| danger_of(&attribute)))
}

fn danger_of(attribute: &Attribute<'_>) -> Option<String> {
    let key = String::from_utf8_lossy(attribute.key.local_name().into_inner()).to_ascii_lowercase();
    let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else { return Some(ill_formed()) };
    if key.starts_with("on") {
        return Some(format!("the attribute `{key}`"));
    }
    if key == "attributename" && value.trim_start().to_ascii_lowercase().starts_with("on") {
        return Some(format!("an animation of the attribute `{}`", value.trim()));
    }
    let leads = matches!(key.as_str(), "href" | "src" | "to" | "from" | "values" | "by" | "begin" | "action" | "formaction");
    // An animation goes through several values; what follows the `;` of a picture in the address itself is no value.
    let several = key == "values";
    let runs = |value: &str| !is_picture(value) && url::unsafe_scheme(value).is_some();
    (leads && (runs(&value) || several && value.split(';').any(runs))).then(|| format!("a link with an unsafe scheme in `{key}`"))
}

/// Whether an address holds a picture of points, which runs nothing.
fn is_picture(value: &str) -> bool {
    let value = value.trim_start().to_ascii_lowercase();
    value.starts_with("data:image/") && !value.contains("svg")
}

#[cfg(test)]
mod tests {
    use super::danger;

    #[test]
    fn pictures_that_could_run_are_refused() {
        for svg in [
            "<svg><script>x</script></svg>",
            "<svg onload=\"x\"/>",
            "<svg><foreignObject/></svg>",
            "<svg><a xlink:href=\"javascript:x\"/></svg>",
            "<svg><set attributeName=\"href\" to=\"javascript:x\"/></svg>",
            "<svg><animate attributeName=\"href\" values=\"#a;javascript:x\"/></svg>",
            "<svg><set attributeName=\"onload\" to=\"x\"/></svg>",
            "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg>&a;</svg>",
            "<!DOCTYPE svg [<!ATTLIST svg onload CDATA \"x\">]><svg/>",
        ] {
            assert!(danger(svg.as_bytes()).is_some(), "{svg}");
        }
    }

    #[test]
    fn what_only_a_parser_of_html_takes_for_a_value_is_seen() {
        for svg in [
            "<svg><!--> <a b=\"--><script>x</script><!-- \"/> --></svg>",
            "<svg><?x > <a b=\"?><script>x</script><!-- \"/> --></svg>",
            "<svg><![CDATA[ > <a b=\"]]><script>x</script><!-- \"/> --></svg>",
            "<!DOCTYPE svg SYSTEM \"x> <a b='\"><svg><script>x</script><!-- '/> --></svg>",
            "<?xml version=\"1.0\" encoding=\"ISO-2022-JP\"?><svg><a b=\"\u{1b}$B\" c='\u{1b}(B\"/><script>x</script><!-- '/> --></svg>",
        ] {
            assert!(danger(svg.as_bytes()).is_some(), "{svg}");
        }
    }

    #[test]
    fn plain_pictures_may_stand() {
        for svg in [
            "<?xml version=\"1.0\"?><svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"/><a href=\"https://a.example\"/></svg>",
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<!-- Made by hand -->\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<svg xmlns:xlink=\"http://www.w3.org/1999/xlink\"><style><![CDATA[ a > b { fill: red } ]]></style><image xlink:href=\"data:image/png;base64,AAAA\"/><animate attributeName=\"x\" values=\"0;1;2\" begin=\"0s\"/><text>a &amp; b &#8212; c</text></svg>",
        ] {
            assert_eq!(danger(svg.as_bytes()), None, "{svg}");
        }
    }
}
