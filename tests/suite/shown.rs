//! What a page of the guide shows as the output of a command: fences behind `<!-- output: name -->`.

/// The text of the fence behind a marker, and where it stands.
pub fn shown<'p>(page: &'p str, name: &str) -> (&'p str, std::ops::Range<usize>) {
    let marker = format!("<!-- output: {name} -->\n");
    let start = page.find(&marker).unwrap_or_else(|| panic!("no {marker}")) + marker.len();
    let fence: String = page[start..].chars().take_while(|c| *c == '`').collect();
    let start = start + page[start..].find('\n').expect("the line of the fence") + 1;
    let end = start - 1 + page[start - 1..].find(&format!("\n{fence}\n")).expect("the end of the fence") + 1;
    (&page[start..end], start..end)
}
