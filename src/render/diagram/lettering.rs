//! How wide a text will be, and where its lines break, before any browser has seen it.
//!
//! Widths are those of Atkinson Hyperlegible Next, the default theme's font, in thousandths of its size: read from the `hmtx` table of the
//! two vendored files (`themes/default/static/fonts`, 400 and 700). Letters with accents are as wide as their base; other scripts are
//! taken at their usual width, a little too wide rather than too narrow. Where another font is used, lines are off by some percent, which
//! the room inside every shape forgives.

use unicode_normalization::char::decompose_canonical;
use unicode_segmentation::UnicodeSegmentation as _;

/// The weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// 400.
    Regular,
    /// 700.
    Bold,
}

/// A size and weight of type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Type {
    /// In units of the drawing.
    pub size: f64,
    /// Its weight.
    pub weight: Weight,
}

/// From U+0020 to U+007E.
const REGULAR: [u16; 95] = [
    280, 286, 301, 651, 592, 919, 731, 160, 299, 299, 485, 606, 210, 362, 210, 387, 648, 407, 548, 576, 614, 588, 598, 510, 615, 595, 210,
    210, 553, 628, 553, 480, 778, 626, 613, 645, 669, 569, 552, 694, 694, 392, 512, 631, 541, 824, 693, 714, 592, 724, 614, 592, 558, 690,
    593, 856, 623, 575, 607, 317, 387, 344, 552, 372, 243, 525, 566, 485, 564, 538, 314, 558, 550, 252, 245, 492, 262, 845, 550, 548, 566,
    574, 349, 471, 326, 540, 461, 684, 481, 449, 460, 344, 237, 344, 555,
];

/// From U+0020 to U+007E.
const BOLD: [u16; 95] = [
    312, 303, 390, 765, 610, 969, 725, 210, 335, 335, 485, 595, 271, 373, 272, 440, 659, 440, 579, 600, 624, 607, 626, 537, 624, 571, 272,
    272, 569, 612, 569, 547, 781, 678, 643, 658, 688, 597, 566, 718, 701, 424, 561, 663, 552, 858, 717, 746, 629, 756, 650, 610, 607, 686,
    644, 886, 685, 650, 618, 340, 440, 344, 582, 400, 288, 552, 596, 510, 596, 563, 365, 593, 571, 300, 259, 555, 318, 882, 571, 576, 596,
    599, 376, 508, 376, 567, 530, 740, 539, 521, 505, 381, 254, 381, 537,
];

const ELLIPSIS: char = '…';

/// The width of a text on one line, in units of the drawing.
pub fn width(text: &str, of: Type) -> f64 {
    text.chars().map(|c| f64::from(advance(c, of.weight))).sum::<f64>() * of.size / 1000.0
}

fn advance(c: char, weight: Weight) -> u16 {
    let table = match weight {
        Weight::Regular => &REGULAR,
        Weight::Bold => &BOLD,
    };
    let known = |c: char| (c as u32).checked_sub(0x20).and_then(|at| table.get(at as usize)).copied();
    if let Some(width) = known(c) {
        return width;
    }
    let mut base = c;
    let mut first = true;
    decompose_canonical(c, |part| {
        if first {
            base = part;
        }
        first = false;
    });
    known(base).unwrap_or_else(|| foreign(base))
}

/// The width of a character that the table does not hold.
fn foreign(c: char) -> u16 {
    match c as u32 {
        0x0300..=0x036f | 0x0483..=0x0489 | 0x0591..=0x05bd | 0x0610..=0x061a | 0x064b..=0x065f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x2013 => 504,
        0x2018..=0x201a => 240,
        0x201c..=0x201e => 400,
        0x2014 | 0x2026 => 830,
        0x1100..=0x115f | 0x2e80..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff01..=0xff60 | 0xffe0..=0xffe6 | 0x20000..=0x3fffd => {
            1000
        }
        0x1f000..=0x1faff => 1250,
        0x0600..=0x06ff | 0x0750..=0x077f | 0x08a0..=0x08ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff => 560,
        0x0370..=0x052f => 610,
        _ => 640,
    }
}

/// A text as it may stand in a drawing: one line, without control characters, and without the marks that turn the direction of what
/// follows, which would reach beyond it.
pub fn clean(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown = text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c });
    let shown: String = shown.filter(|c| !turns(*c) && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text in lines that are at most `room` wide, at most `most` of them; the last ends with an ellipsis where the text goes on. Never
/// without a line.
pub fn lines(text: &str, of: Type, room: f64, most: usize) -> Vec<String> {
    let text = clean(text);
    let mut lines: Vec<String> = vec![String::new()];
    let mut used = 0.0;
    let mut cut = false;
    for piece in pieces(&text) {
        let bare = piece.trim_end();
        let (needed, whole) = (width(bare, of), width(piece, of));
        if used + needed <= room {
            push(&mut lines, piece);
            used += whole;
            continue;
        }
        // A piece that would not fit into a line of its own is broken where it stands, one letter with its marks at a time.
        if needed > room {
            for letter in piece.graphemes(true) {
                let wide = width(letter, of);
                if used + wide > room && !(letter == " " || last_is_empty(&lines)) {
                    if lines.len() == most {
                        cut = true;
                        break;
                    }
                    lines.push(String::new());
                    used = 0.0;
                }
                push(&mut lines, letter);
                used += wide;
            }
        } else if lines.len() == most {
            cut = true;
        } else {
            lines.push(piece.to_owned());
            used = whole;
        }
        if cut {
            break;
        }
    }
    if cut && let Some(last) = lines.last_mut() {
        shorten(last, of, room);
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

fn last_is_empty(lines: &[String]) -> bool {
    lines.last().is_none_or(String::is_empty)
}

fn push(lines: &mut [String], piece: &str) {
    if let Some(last) = lines.last_mut() {
        last.push_str(piece);
    }
}

/// Takes letters from the end until an ellipsis has room.
fn shorten(line: &mut String, of: Type, room: f64) {
    loop {
        let kept = line.trim_end_matches([' ', ',', '.', ';', ':', '-', '–']).len();
        line.truncate(kept);
        if width(line, of) + width("…", of) <= room || line.is_empty() {
            break;
        }
        let last = line.grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
        line.truncate(last);
    }
    line.push(ELLIPSIS);
}

/// The pieces between which a line may end: words with the space after them, and what stands before a hyphen, a slash or an underscore;
/// in scripts without spaces, each letter.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut end = 0;
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            end = at + c.len_utf8();
            let next = chars.peek().map(|(_, next)| *next);
            let joined =
                next.is_some_and(|next| foreign(next) == 0 || matches!(next, '、' | '。' | '，' | '）' | '」' | '？' | '！' | '：'));
            let after = c == ' ' || (matches!(c, '-' | '/' | '_') && next.is_some_and(char::is_alphanumeric));
            if after || (is_spaceless(c) && !joined && next != Some(' ')) {
                break;
            }
        }
        if end == 0 {
            return None;
        }
        let (piece, left) = rest.split_at(end);
        rest = left;
        Some(piece)
    })
}

/// Whether a letter belongs to a script that is written without spaces.
fn is_spaceless(c: char) -> bool {
    matches!(c as u32, 0x2e80..=0x9fff | 0xf900..=0xfaff | 0xff01..=0xff60 | 0x20000..=0x3fffd)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: Type = Type { size: 14.0, weight: Weight::Regular };

    #[test]
    fn widths_are_those_of_the_font() {
        assert!((width("nn", TEXT) - 15.4).abs() < 0.01);
        assert!((width("é", TEXT) - width("e", TEXT)).abs() < 0.01);
        assert!((width("数", TEXT) - 14.0).abs() < 0.01);
        assert!(width("n", Type { weight: Weight::Bold, ..TEXT }) > width("n", TEXT));
    }

    #[test]
    fn lines_break_between_words_and_end_with_an_ellipsis() {
        assert_eq!(lines("Migrate the schema of the ledger", TEXT, 120.0, 3), ["Migrate the", "schema of the", "ledger"]);
        assert_eq!(lines("Migrate the schema of the ledger", TEXT, 120.0, 2), ["Migrate the", "schema of the…"]);
        assert_eq!(lines("", TEXT, 120.0, 2), [""]);
    }

    #[test]
    fn a_word_without_a_place_to_break_is_broken_anyway() {
        let word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
        let broken = lines(word, TEXT, 120.0, 3);
        assert_eq!(broken.len(), 3);
        assert!(broken.iter().all(|line| width(line, TEXT) <= 120.0), "{broken:?}");
        assert!(broken[2].ends_with('…'));
        assert_eq!(lines("a/very/long/path/to/some-file_name", TEXT, 120.0, 3)[0], "a/very/long/path/");
    }

    #[test]
    fn scripts_without_spaces_break_between_letters() {
        assert_eq!(lines("冻结发布队列，然后迁移数据库架构", TEXT, 112.0, 3), ["冻结发布队列，然", "后迁移数据库架构"]);
    }

    #[test]
    fn nothing_that_turns_or_controls_the_text_comes_through() {
        assert_eq!(clean("a\u{202e}b\u{0}c\n\td\u{2066}\u{fffe}"), "ab c d");
    }
}
