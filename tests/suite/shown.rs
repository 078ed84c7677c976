//! What a page of the guide shows as the output of a command: fences behind `<!-- output: name -->`.
//!
//! With `FOREWARN_BLESS=1` the page is written anew; it is read before it is committed.

use std::path::Path;

/// A page below the root of this repository shows these outputs, each by its name.
pub fn holds<'n>(page: &str, outputs: impl IntoIterator<Item = (&'n str, String)>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let mut page = std::fs::read_to_string(&path).expect("the page");
    let bless = std::env::var_os("FOREWARN_BLESS").is_some();
    for (name, out) in outputs {
        let (text, range) = shown(&page, name);
        if bless {
            page.replace_range(range, &out);
        } else {
            snapbox::assert_data_eq!(snapbox::IntoData::raw(out), snapbox::IntoData::raw(text.to_owned()));
        }
    }
    if bless {
        std::fs::write(path, page).expect("the page");
    }
}

/// The text of the fence behind a marker, and where it stands.
pub fn shown<'p>(page: &'p str, name: &str) -> (&'p str, std::ops::Range<usize>) {
    let marker = format!("<!-- output: {name} -->\n");
    let start = page.find(&marker).unwrap_or_else(|| panic!("no {marker}")) + marker.len();
    let fence: String = page[start..].chars().take_while(|c| *c == '`').collect();
    let start = start + page[start..].find('\n').expect("the line of the fence") + 1;
    let end = start - 1 + page[start - 1..].find(&format!("\n{fence}\n")).expect("the end of the fence") + 1;
    (&page[start..end], start..end)
}
