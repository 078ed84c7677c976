//! How deep a TOML text nests, found on its tokens before any tree is built: deep trees exhaust the stack.

use std::ops::Range;

use toml_parser::Source;
use toml_parser::lexer::TokenKind;

/// The first place at which arrays, inline tables or dotted keys nest deeper than `limit`.
pub fn first_too_deep(text: &str, limit: usize) -> Option<Range<usize>> {
    let (mut open, mut dots) = (0usize, 0usize);
    for token in Source::new(text).lex() {
        match token.kind() {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => open += 1,
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => open = open.saturating_sub(1),
            TokenKind::Dot => dots += 1,
            TokenKind::Newline | TokenKind::Equals | TokenKind::Comma => dots = 0,
            _ => {}
        }
        if open + dots > limit {
            let span = token.span();
            return Some(span.start()..span.end());
        }
    }
    None
}
