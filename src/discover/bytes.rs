//! Bytes -> text: UTF-8, with a BOM or without; anything else is a finding at the first byte that is none.

use crate::finding::{Element, Finding, Place};
use crate::parse::file_id;
use crate::source::{PagePath, Source, Span};

/// The text of a file, and what is wrong with its encoding. A file that is no text at all has an empty one.
pub fn source(path: &PagePath, bytes: &[u8]) -> (Source, Option<Finding>) {
    let complain = |source: &Source, at: usize, message: String, help: &str| {
        let page = if path.as_str() == crate::settings::FILE { crate::settings::FILE.to_owned() } else { file_id(path) };
        let end = source.text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        Finding::new("invalid-encoding", Place::new(path, Span::new(at, end)), Element::page(page), message).help(help)
    };
    if looks_like_utf16(bytes) {
        let empty = Source::damaged(path.clone());
        let finding = complain(&empty, 0, "this file looks like UTF-16".to_owned(), "save it as UTF-8");
        return (empty, Some(finding));
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return (Source::new(path.clone(), text), None),
        Err(error) => error,
    };
    if bytes[..bytes.len().min(8_000)].contains(&0) {
        let empty = Source::damaged(path.clone());
        let finding = complain(&empty, 0, "this file is no text".to_owned(), "give it the ending of what it is, or save it as UTF-8 text");
        return (empty, Some(finding));
    }
    let at = error.valid_up_to();
    let before = String::from_utf8_lossy(&bytes[..at]);
    let source = Source::new(path.clone(), &String::from_utf8_lossy(bytes));
    let message = format!("the byte 0x{:02X} at offset {at} is no UTF-8", bytes[at]);
    let finding = complain(&source, crate::source::normal_text(&before).len(), message, "save the file as UTF-8");
    (source, Some(finding))
}

fn looks_like_utf16(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1_000)];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let every_other = head.len() >= 8 && (zeros(0) > head.len() / 5) != (zeros(1) > head.len() / 5);
    bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) || every_other
}
