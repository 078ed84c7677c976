//! Which names every file system and every browser can hold.

/// Why a name cannot be used on some system, if so.
pub fn unportable(name: &str) -> Option<&'static str> {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let device = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.ends_with(|c: char| c.is_ascii_digit() && c != '0'));
    if name.is_empty() {
        Some("it is empty")
    } else if name == "." || name == ".." {
        Some("it means a folder, not a name")
    } else if device {
        Some("Windows keeps it for a device")
    } else if name.ends_with(['.', ' ']) || name.starts_with(' ') {
        Some("Windows drops a dot or space at its edge")
    } else if name.contains(['<', '>', ':', '"', '|', '?', '*', '\\', '/']) {
        Some("it holds a character that some systems refuse")
    } else if name.chars().any(is_invisible) {
        Some("it holds a control, invisible or direction-changing character")
    } else {
        None
    }
}

/// Whether a character cannot be seen, or changes the direction of those that can.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The form in which two names that some system takes for one are equal: composed, and without case.
pub fn folded(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfc().flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_and_unportable_names_are_refused() {
        for name in
            ["con", "CON.md", "aux", "nul.png", "com1", "x.", "x ", "..", ".", "", "a:b", "a\\b", "a\u{202e}b", "a\u{200b}b", "a\nb"]
        {
            assert!(unportable(name).is_some(), "{name:?}");
        }
        for name in ["console", "com0", "common", "x.md", "größe", "प्र", "a b"] {
            assert_eq!(unportable(name), None, "{name:?}");
        }
    }
}
