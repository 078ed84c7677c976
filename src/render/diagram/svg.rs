//! A drawing -> SVG text. Enters: lines, shapes, words and links at their places. Leaves: one or several `svg` elements without `style`
//! or script, whose look is that of the classes in the theme's style sheet. Lines of one class become one path; a long drawing is cut
//! between its rows, so that paper can break there.

use std::fmt::{self, Write as _};

use super::super::html::escape;
use super::layout::Point;
use super::lettering::clean;

/// A drawing under way.
#[derive(Debug, Default)]
pub struct Drawing {
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Heights at which it may be cut.
    pub cuts: Vec<f64>,
    backs: Vec<Piece>,
    strokes: Vec<Stroke>,
    pieces: Vec<Piece>,
}

/// A line, or a shape without words.
#[derive(Debug)]
struct Stroke {
    class: String,
    path: String,
    top: f64,
    bottom: f64,
}

/// Something that stands in front of lines.
#[derive(Debug)]
struct Piece {
    svg: String,
    top: f64,
    bottom: f64,
}

/// Where an arrow points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Towards {
    /// To the right.
    Right,
    /// Downwards.
    Down,
}

/// What a drawing is called.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// Begins the ids of its title and description; once on each page.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// What it shows, in a sentence.
    pub description: &'a str,
}

/// The height of a part: what is left at the foot of a sheet of paper is never more than that.
const PART: f64 = 320.0;

/// The class of the head of an arrow on a line of a class.
pub fn head_of(line: &str) -> String {
    match line {
        "dotted" => "head quiet".to_owned(),
        "hole" => "head red".to_owned(),
        way => way.strip_prefix("way ").map_or_else(|| "head".to_owned(), |class| format!("head {class}")),
    }
}

impl Drawing {
    /// An empty drawing of a size.
    pub fn new(width: f64, height: f64) -> Self {
        Self { width, height, ..Self::default() }
    }

    /// Adds a line through points, with its corners rounded.
    pub fn line(&mut self, class: &str, points: &[Point]) {
        self.stroke(class, route(points, 6.0), points);
    }

    /// Adds a path that lies between points.
    pub fn stroke(&mut self, class: &str, path: String, within: &[Point]) {
        let top = within.iter().map(|at| at.y).fold(f64::INFINITY, f64::min);
        let bottom = within.iter().map(|at| at.y).fold(f64::NEG_INFINITY, f64::max);
        if !path.is_empty() {
            self.strokes.push(Stroke { class: class.to_owned(), path, top, bottom });
        }
    }

    /// Adds the head of an arrow, its tip at a point.
    pub fn head(&mut self, class: &str, tip: Point, towards: Towards) {
        let (x, y) = (short(tip.x), short(tip.y));
        let path = match towards {
            Towards::Right => format!("M{x} {y}l-7-4v8z"),
            Towards::Down => format!("M{x} {y}l-4-7h8z"),
        };
        self.stroke(class, path, &[tip]);
    }

    /// Adds a line through points, with its corners rounded and the head of an arrow at its end.
    pub fn arrow(&mut self, class: &str, points: &[Point]) {
        let [before @ .., from, tip] = points else { return };
        let length = distance(*from, *tip);
        if length < 1.0 {
            return self.arrow(class, &[before, &[*tip]].concat());
        }
        let stop = towards(*tip, *from, 6.0_f64.min(length / 2.0));
        self.stroke(class, route(&[before, &[*from, stop]].concat(), 10.0), points);
        let (x, y) = ((tip.x - from.x) / length, (tip.y - from.y) / length);
        let corner = |side: f64| format!("{} {}", short(tip.x - 7.0 * x - side * y), short(tip.y - 7.0 * y + side * x));
        let path = format!("M{} {}L{}L{}z", short(tip.x), short(tip.y), corner(4.0), corner(-4.0));
        self.stroke(&head_of(class), path, &[*tip]);
    }

    /// Adds a line through points that runs level at each of them, with the head of an arrow at its end: for lines from side to side.
    pub fn curve(&mut self, class: &str, points: &[Point]) {
        let (Some(first), [.., before, tip]) = (points.first(), points) else { return };
        let forwards = if tip.x >= before.x { 1.0 } else { -1.0 };
        let stop = Point { x: tip.x - forwards * 6.0, ..*tip };
        let mut path = format!("M{} {}", short(first.x), short(first.y));
        for (from, to) in points.windows(2).map(|pair| (pair[0], pair[1])) {
            let to = if to == *tip { stop } else { to };
            if (from.y - to.y).abs() < 0.5 {
                let _ = write!(path, "L{} {}", short(to.x), short(to.y));
            } else {
                let middle = short((from.x + to.x) / 2.0);
                let _ = write!(path, "C{middle} {} {middle} {} {} {}", short(from.y), short(to.y), short(to.x), short(to.y));
            }
        }
        self.stroke(class, path, points);
        let back = short(-7.0 * forwards);
        self.stroke(&head_of(class), format!("M{} {}l{back}-4v8z", short(tip.x), short(tip.y)), &[*tip]);
    }

    /// Adds something behind the lines, between two heights.
    pub fn back(&mut self, top: f64, bottom: f64, piece: Shapes) {
        self.backs.push(Piece { svg: piece.svg, top, bottom });
    }

    /// Adds something in front of the lines, between two heights.
    pub fn piece(&mut self, top: f64, bottom: f64, piece: Shapes) {
        self.pieces.push(Piece { svg: piece.svg, top, bottom });
    }

    /// The drawing as SVG.
    pub fn write(&self, names: Names<'_>) -> String {
        let mut svg = String::with_capacity(self.pieces.iter().map(|piece| piece.svg.len() + 8).sum::<usize>() + 2048);
        let parts = self.parts();
        for (part, (top, bottom)) in parts.iter().enumerate() {
            let (width, height) = (short(self.width), short(bottom - top));
            let _ = write!(svg, "<svg class=\"dg\" viewBox=\"0 {} {width} {height}\" width=\"{width}\" height=\"{height}\"", short(*top));
            if part == 0 {
                let (title, description) = (escape(&clean(names.title)), escape(&clean(names.description)));
                let _ = write!(
                    svg,
                    " role=\"group\" aria-labelledby=\"{0}-title\" aria-describedby=\"{0}-about\"><title id=\"{0}-title\">{title}</title>\
                     <desc id=\"{0}-about\">{description}</desc>",
                    names.id
                );
            } else {
                svg.push('>');
            }
            self.write_part(*top, *bottom, &mut svg);
            svg.push_str("</svg>");
        }
        svg
    }

    fn write_part(&self, top: f64, bottom: f64, svg: &mut String) {
        let inside = |from: f64, to: f64| from <= bottom && to >= top;
        for piece in self.backs.iter().filter(|piece| inside(piece.top, piece.bottom)) {
            svg.push_str(&piece.svg);
        }
        let mut classes: Vec<&str> = Vec::new();
        for stroke in &self.strokes {
            if !classes.contains(&stroke.class.as_str()) {
                classes.push(&stroke.class);
            }
        }
        for class in classes {
            let mut strokes = self.strokes.iter().filter(|stroke| stroke.class == class && inside(stroke.top, stroke.bottom)).peekable();
            if strokes.peek().is_some() {
                let _ = write!(svg, "<path class=\"{class}\" d=\"");
                strokes.for_each(|stroke| svg.push_str(&stroke.path));
                svg.push_str("\"/>");
            }
        }
        for piece in self.pieces.iter().filter(|piece| inside(piece.top, piece.bottom)) {
            svg.push_str(&piece.svg);
        }
    }

    /// The heights between which each part lies: whole, or cut so that none is higher than [`PART`], as far as there are places to cut.
    fn parts(&self) -> Vec<(f64, f64)> {
        let mut parts = Vec::new();
        let mut top = 0.0;
        let mut last = None;
        if self.height > PART {
            for cut in self.cuts.iter().copied().chain([self.height]) {
                if cut - top > PART
                    && let Some(at) = last.take()
                {
                    parts.push((top, at));
                    top = at;
                }
                last = Some(cut);
            }
        }
        parts.push((top, self.height));
        parts
    }
}

/// Shapes and words in front of the lines, as SVG.
#[derive(Debug, Default)]
pub struct Shapes {
    svg: String,
}

impl Shapes {
    /// Opens a link; [`Shapes::end_link`] closes it. `label` tells what the words in it do not.
    pub fn link(&mut self, href: &str, label: Option<&str>) {
        let _ = write!(self.svg, "<a href=\"{}\"", escape(href));
        if let Some(label) = label {
            let _ = write!(self.svg, " aria-label=\"{}\"", escape(&clean(label)));
        }
        self.svg.push('>');
    }

    /// Closes a link.
    pub fn end_link(&mut self) {
        self.svg.push_str("</a>");
    }

    /// A rectangle, by its upper left corner.
    pub fn rect(&mut self, class: &str, (x, y): (f64, f64), (width, height): (f64, f64), corner: f64) {
        let (x, y, width, height) = (short(x), short(y), short(width), short(height));
        let _ = write!(self.svg, "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
        if corner > 0.0 {
            let _ = write!(self.svg, " rx=\"{}\"", short(corner));
        }
        self.svg.push_str("/>");
    }

    /// A shape of any form.
    pub fn path(&mut self, class: &str, path: &str) {
        let _ = write!(self.svg, "<path class=\"{class}\" d=\"{path}\"/>");
    }

    /// A closed shape with straight edges.
    pub fn polygon(&mut self, class: &str, corners: &[(f64, f64)]) {
        let mut path = String::new();
        for (index, (x, y)) in corners.iter().enumerate() {
            let _ = write!(path, "{}{} {}", if index == 0 { "M" } else { "L" }, short(*x), short(*y));
        }
        path.push('z');
        self.path(class, &path);
    }

    /// A circle.
    pub fn circle(&mut self, class: &str, x: f64, y: f64, radius: f64) {
        let _ = write!(self.svg, "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>", short(x), short(y), short(radius));
    }

    /// A picture from the page's own set of icons, 13 units wide.
    pub fn icon(&mut self, name: &str, x: f64, y: f64) {
        let _ =
            write!(self.svg, "<use class=\"icon\" href=\"#I-{name}\" x=\"{}\" y=\"{}\" width=\"13\" height=\"13\"/>", short(x), short(y));
    }

    /// Lines of text: the left end, or the middle with a class that says so, of the first line's baseline.
    pub fn text(&mut self, class: &str, x: f64, baseline: f64, leading: f64, lines: &[String]) {
        let _ = write!(self.svg, "<text class=\"{class}\" x=\"{}\" y=\"{}\">", short(x), short(baseline));
        for (index, line) in lines.iter().enumerate() {
            if index == 0 {
                self.svg.push_str(&escape(line));
            } else {
                let _ = write!(self.svg, "<tspan x=\"{}\" dy=\"{}\">{}</tspan>", short(x), short(leading), escape(line));
            }
        }
        self.svg.push_str("</text>");
    }
}

/// A number as short as it is told apart by eyes: one digit after the point, if any.
pub fn short(number: f64) -> Short {
    Short((number * 10.0).round() as i64)
}

/// A number in tenths, to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short(i64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, tenth) = (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10);
        if self.0 < 0 {
            f.write_str("-")?;
        }
        match (whole, tenth) {
            (0, 1..) => write!(f, ".{tenth}"),
            (whole, 0) => write!(f, "{whole}"),
            (whole, tenth) => write!(f, "{whole}.{tenth}"),
        }
    }
}

/// A path through points, with its corners rounded.
fn route(points: &[Point], radius: f64) -> String {
    let mut path = String::new();
    let Some(first) = points.first() else { return path };
    let _ = write!(path, "M{} {}", short(first.x), short(first.y));
    let mut at = *first;
    for (index, corner) in points.iter().enumerate().skip(1) {
        let Some(next) = points.get(index + 1) else {
            straight(&mut path, at, *corner);
            break;
        };
        let (before, after) = (distance(at, *corner), distance(*corner, *next));
        let radius = radius.min(before / 2.0).min(after / 2.0);
        if radius < 0.5 {
            straight(&mut path, at, *corner);
            at = *corner;
            continue;
        }
        let (enter, leave) = (towards(*corner, at, radius), towards(*corner, *next, radius));
        straight(&mut path, at, enter);
        let _ = write!(path, "Q{} {} {} {}", short(corner.x), short(corner.y), short(leave.x), short(leave.y));
        at = leave;
    }
    path
}

fn straight(path: &mut String, from: Point, to: Point) {
    let _ = match ((from.x - to.x).abs() < 0.05, (from.y - to.y).abs() < 0.05) {
        (true, true) => Ok(()),
        (true, false) => write!(path, "V{}", short(to.y)),
        (false, true) => write!(path, "H{}", short(to.x)),
        (false, false) => write!(path, "L{} {}", short(to.x), short(to.y)),
    };
}

fn distance(a: Point, b: Point) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

fn towards(from: Point, to: Point, length: f64) -> Point {
    let share = length / distance(from, to).max(f64::EPSILON);
    Point { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([10.0, 0.25, -0.04, -0.51, 1234.56].map(|number| short(number).to_string()), ["10", ".3", "0", "-.5", "1234.6"]);
    }

    #[test]
    fn corners_are_round_and_straight_runs_short() {
        assert_eq!(route(&[at(0.0, 0.0), at(20.0, 0.0), at(20.0, 50.0)], 6.0), "M0 0H14Q20 0 20 6V50");
        assert_eq!(route(&[at(0.0, 0.0), at(0.0, 0.0)], 6.0), "M0 0");
    }

    #[test]
    fn lines_of_a_class_are_one_path_and_words_are_text() {
        let mut drawing = Drawing { width: 100.0, height: 50.0, ..Drawing::default() };
        drawing.line("flow", &[at(0.0, 0.0), at(0.0, 9.0)]);
        drawing.line("flow", &[at(5.0, 0.0), at(5.0, 9.0)]);
        drawing.head("head", at(5.0, 9.0), Towards::Down);
        let mut shapes = Shapes::default();
        shapes.link("#a\"b", Some("</a><script>"));
        shapes.text("t", 1.0, 2.0, 15.0, &["<script>".to_owned(), "]]>&".to_owned()]);
        shapes.end_link();
        drawing.piece(0.0, 10.0, shapes);
        let svg = drawing.write(Names { id: "Fw-dg", title: "</title>", description: "a & b" });
        assert_eq!(
            svg,
            "<svg class=\"dg\" viewBox=\"0 0 100 50\" width=\"100\" height=\"50\" role=\"group\" aria-labelledby=\"Fw-dg-title\" \
             aria-describedby=\"Fw-dg-about\"><title id=\"Fw-dg-title\">&lt;/title&gt;</title><desc id=\"Fw-dg-about\">a &amp; b</desc>\
             <path class=\"flow\" d=\"M0 0V9M5 0V9\"/><path class=\"head\" d=\"M5 9l-4-7h8z\"/>\
             <a href=\"#a&quot;b\" aria-label=\"&lt;/a&gt;&lt;script&gt;\"><text class=\"t\" x=\"1\" y=\"2\">&lt;script&gt;\
             <tspan x=\"1\" dy=\"15\">]]&gt;&amp;</tspan></text></a></svg>"
        );
    }

    #[test]
    fn a_long_drawing_is_cut_where_it_may_be() {
        let mut drawing = Drawing { width: 10.0, height: 2000.0, cuts: vec![100.0, 300.0, 900.0, 1100.0, 1200.0], ..Drawing::default() };
        assert_eq!(drawing.parts(), [(0.0, 300.0), (300.0, 900.0), (900.0, 1200.0), (1200.0, 2000.0)]);
        drawing.cuts.clear();
        assert_eq!(drawing.parts(), [(0.0, 2000.0)]);
        drawing.height = 320.0;
        drawing.cuts = vec![200.0];
        assert_eq!(drawing.parts(), [(0.0, 320.0)]);
    }
}
