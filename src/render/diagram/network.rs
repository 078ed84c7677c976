//! Any graph -> a drawing, with the same pen as processes: a neighbourhood of the map, what needs what. Nodes lie in ranks, so that what
//! leads to something stands above it; nodes of a group stand together.

use super::layout::{self, Placed, Plan, Point, Size, Tie, lay_out};
use super::lettering::{lines, width};
use super::measure::{CAPTION, CAPTION_LEADING, HEADING, SMALL, SMALL_LEADING, TITLE, TITLE_LEADING};
use super::svg::{Drawing, Shapes, short};

/// A graph to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Its nodes.
    pub nodes: Vec<Node>,
    /// Its lines.
    pub lines: Vec<Line>,
    /// What stands together.
    pub groups: Vec<Group>,
    /// Which way its lines run.
    pub course: Course,
}

/// Which way the lines of a graph run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Course {
    /// Downwards: for few nodes beside each other.
    #[default]
    Down,
    /// To the right: names are wide and low, so that many of them fit below each other.
    Right,
}

/// A node.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is called; in two lines at most.
    pub title: String,
    /// What it is, in a few words; empty for nothing.
    pub caption: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Its form.
    pub form: Form,
    /// Classes beside `box`: `picked`, or what a theme knows.
    pub class: String,
}

/// The form of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Round corners: what people do.
    Round,
    /// With a double edge at the left: what runs by itself.
    Edged,
}

/// A line from one node to another, by their places in [`Network::nodes`].
#[derive(Clone, Debug)]
pub struct Line {
    /// Where it begins.
    pub from: usize,
    /// Where its arrow points.
    pub to: usize,
    /// How it looks: `flow` (ink), `dotted` (muted), `hole` (red, dashed), `way technical` and so on (a class's colour and line).
    pub class: String,
    /// A word on it; empty for none.
    pub label: String,
}

/// Nodes that stand together.
#[derive(Clone, Debug)]
pub struct Group {
    /// What it is called.
    pub title: String,
    /// Its nodes, by their places in [`Network::nodes`].
    pub members: Vec<usize>,
}

/// The widest that words in a node may run.
const WORDS: f64 = 150.0;
/// Around the words of a node.
const PAD: f64 = 12.0;
/// Around the whole, and around the members of a group.
const AROUND: f64 = 12.0;

/// The words of a node with the room that they take.
struct Measured {
    title: Vec<String>,
    caption: Vec<String>,
    /// Above and below them.
    edge: f64,
    size: Size,
}

/// Draws a graph; nothing where it is too large, or where it cannot be laid out.
pub fn draw(network: &Network) -> Option<Drawing> {
    let measured: Vec<Measured> = network.nodes.iter().map(|node| measure(node, network.course)).collect();
    let label = |text: &str| (!text.is_empty()).then(|| Size { width: width(text, SMALL).min(WORDS) + 8.0, height: SMALL_LEADING + 4.0 });
    let plan = Plan {
        nodes: measured.iter().map(|node| node.size).collect(),
        ties: network.lines.iter().map(|line| Tie { from: line.from, to: line.to, weight: 1, label: label(&line.label) }).collect(),
        groups: network.groups.iter().map(|group| group.members.clone()).collect(),
        down: 44.0,
        across: 22.0,
        between: 14.0,
        course: layout::Course::Free,
    };
    let placed = match network.course {
        Course::Down => lay_out(&plan)?,
        Course::Right => lay_out_right(plan)?,
    };
    // Lines and the frames of groups may reach beyond the nodes.
    let bends = placed.ties.iter().flatten().copied();
    let frames = || placed.groups.iter().zip(&network.groups).filter_map(|(frame, group)| Some((framed((*frame)?), group)));
    let corners = frames().flat_map(|((at, size), _)| [at, Point { x: at.x + size.width, y: at.y + size.height }]);
    let reached: Vec<Point> =
        bends.chain(corners).chain([Point { x: 0.0, y: 0.0 }, Point { x: placed.size.width, y: placed.size.height }]).collect();
    let least = |of: fn(&Point) -> f64| reached.iter().map(of).fold(0.0, f64::min) - AROUND;
    let most = |of: fn(&Point) -> f64| reached.iter().map(of).fold(0.0, f64::max) + AROUND;
    let (left, top) = (least(|at| at.x), least(|at| at.y));
    let moved = |at: Point| Point { x: at.x - left, y: at.y - top };
    let mut drawing = Drawing::new(most(|at| at.x) - left, most(|at| at.y) - top);
    for ((at, size), group) in frames() {
        frame(&mut drawing, moved(at), size, group);
    }
    for (line, points) in network.lines.iter().zip(&placed.ties) {
        let points: Vec<Point> = points.iter().copied().map(moved).collect();
        match network.course {
            Course::Right if line.from != line.to => drawing.curve(&line.class, &points),
            _ => drawing.arrow(&line.class, &points),
        }
    }
    for ((node, measured), at) in network.nodes.iter().zip(&measured).zip(&placed.nodes) {
        put(&mut drawing, node, measured, moved(*at));
    }
    for (line, at) in network.lines.iter().zip(&placed.labels) {
        if let Some(at) = at.map(moved) {
            let words = lines(&line.label, SMALL, WORDS, 1);
            let mut shapes = Shapes::default();
            shapes.text("small mid label", at.x, at.y + 4.5, 0.0, &words);
            drawing.piece(at.y, at.y, shapes);
        }
    }
    Some(drawing)
}

/// Lays out to the right what would be laid out downwards, from its end, so that all that nothing leads to stands in the first column.
/// Lines leave and enter nodes in the middle of their sides.
fn lay_out_right(plan: Plan) -> Option<Placed> {
    let turn = |size: Size| Size { width: size.height, height: size.width };
    let sizes = plan.nodes.clone();
    let ties = plan.ties.iter().map(|tie| Tie { from: tie.to, to: tie.from, label: tie.label.map(turn), ..*tie }).collect();
    let ends: Vec<(usize, usize)> = plan.ties.iter().map(|tie| (tie.from, tie.to)).collect();
    let nodes = plan.nodes.into_iter().map(turn).collect();
    let placed = lay_out(&Plan { nodes, ties, down: 64.0, across: 10.0, between: 9.0, course: layout::Course::Low, ..plan })?;
    let wide = placed.size.height;
    let at = |point: Point| Point { x: wide - point.y, y: point.x };
    let nodes: Vec<Point> = placed.nodes.into_iter().map(at).collect();
    let route = |(tie, (from, to)): (Vec<Point>, &(usize, usize))| {
        let bends = tie.into_iter().rev().map(at);
        if nodes[*from].x >= nodes[*to].x {
            return bends.collect();
        }
        // The library bends lines between columns, too. They go level through a column, and turn on the way to the next.
        let column = |bend: Point| {
            let node = nodes.iter().zip(&sizes).find(|(node, _)| (node.x - bend.x).abs() < 0.5);
            node.map(|(_, size)| [-0.5, 0.5].map(|half| Point { x: bend.x + half * size.width, ..bend }))
        };
        let side = |node: usize, sign: f64| Point { x: nodes[node].x + sign * sizes[node].width / 2.0, y: nodes[node].y };
        let inner = bends.filter(|bend| bend.x > side(*from, 1.0).x + 1.0 && bend.x < side(*to, -1.0).x - 1.0);
        let inner: Vec<Point> = inner.filter_map(column).flatten().collect();
        std::iter::once(side(*from, 1.0)).chain(inner).chain([side(*to, -1.0)]).collect()
    };
    Some(Placed {
        size: turn(placed.size),
        ties: placed.ties.into_iter().zip(&ends).map(route).collect(),
        nodes,
        labels: placed.labels.into_iter().map(|label| label.map(at)).collect(),
        groups: placed.groups.into_iter().map(|group| group.map(|(centre, extent)| (at(centre), turn(extent)))).collect(),
    })
}

fn measure(node: &Node, course: Course) -> Measured {
    let title = lines(&node.title, TITLE, WORDS, 2);
    let caption = if node.caption.is_empty() { Vec::new() } else { lines(&node.caption, CAPTION, WORDS, 1) };
    let wide = if course == Course::Right { WORDS } else { 60.0 };
    let wide = title.iter().map(|line| width(line, TITLE)).chain(caption.iter().map(|line| width(line, CAPTION))).fold(wide, f64::max);
    let tall = title.len() as f64 * TITLE_LEADING + caption.len() as f64 * CAPTION_LEADING;
    let edge = if course == Course::Right { 5.0 } else { 8.0 };
    Measured { title, caption, edge, size: Size { width: (wide + 2.0 * PAD).ceil(), height: tall + 2.0 * edge } }
}

fn put(drawing: &mut Drawing, node: &Node, measured: &Measured, at: Point) {
    let Size { width, height } = measured.size;
    let (left, top) = (at.x - width / 2.0, at.y - height / 2.0);
    let mut shapes = Shapes::default();
    if let Some(href) = &node.href {
        shapes.link(href, None);
    }
    let class = format!("box {}", node.class);
    shapes.rect(class.trim_end(), (left, top), (width, height), if node.form == Form::Round { 9.0 } else { 0.0 });
    if node.form == Form::Edged {
        shapes.path("box", &format!("M{} {}v{}", short(left + 5.0), short(top), short(height)));
    }
    let baseline = top + measured.edge + 13.0;
    shapes.text("title mid", at.x, baseline, TITLE_LEADING, &measured.title);
    if !measured.caption.is_empty() {
        shapes.text("caption mid", at.x, baseline + measured.title.len() as f64 * TITLE_LEADING - 1.0, 0.0, &measured.caption);
    }
    if node.href.is_some() {
        shapes.end_link();
    }
    drawing.piece(top, top + height, shapes);
}

/// The frame around a group, with room for its name: upper left corner and size.
fn framed((centre, size): (Point, Size)) -> (Point, Size) {
    let (width, height) = (size.width + 2.0 * AROUND, size.height + AROUND + TITLE_LEADING);
    (Point { x: centre.x - width / 2.0, y: centre.y - size.height / 2.0 - TITLE_LEADING }, Size { width, height })
}

fn frame(drawing: &mut Drawing, at: Point, size: Size, group: &Group) {
    let mut shapes = Shapes::default();
    shapes.rect("frame", (at.x, at.y), (size.width, size.height), 6.0);
    let title = lines(&group.title, HEADING, size.width - 16.0, 1);
    shapes.text("heading", at.x + 8.0, at.y + 15.0, 0.0, &title);
    drawing.back(at.y, at.y + size.height, shapes);
}

#[cfg(test)]
mod tests {
    use super::super::svg::Names;
    use super::*;

    fn node(title: &str, form: Form) -> Node {
        Node { title: title.to_owned(), caption: "system".to_owned(), href: Some(format!("{title}/")), form, class: String::new() }
    }

    fn line(from: usize, to: usize, label: &str) -> Line {
        Line { from, to, class: "flow".to_owned(), label: label.to_owned() }
    }

    #[test]
    fn a_neighbourhood_is_drawn_with_links_lines_and_groups() {
        let network = Network {
            nodes: vec![node("deploy", Form::Round), node("github", Form::Edged), node("sso", Form::Edged)],
            lines: vec![line(0, 1, "needs"), line(1, 2, ""), line(2, 1, ""), line(0, 0, "")],
            groups: vec![Group { title: "Systems".to_owned(), members: vec![1, 2] }],
            course: Course::Down,
        };
        let drawing = draw(&network).unwrap();
        let svg = drawing.write(Names { id: "Fw-map", title: "Map", description: "What needs what" });
        for part in ["href=\"deploy/\"", ">github</text>", ">needs</text>", ">Systems</text>", "class=\"flow\"", "class=\"head\""] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        assert!(drawing.width < 500.0 && drawing.height < 400.0);
    }

    #[test]
    fn what_runs_to_the_right_is_wide_and_low() {
        let nodes = ["deploy", "github", "sso", "dns"].map(|title| node(title, Form::Round)).to_vec();
        let lines = vec![line(0, 1, ""), line(1, 2, ""), line(2, 3, "")];
        let right = draw(&Network { nodes: nodes.clone(), lines: lines.clone(), course: Course::Right, ..Network::default() }).unwrap();
        let down = draw(&Network { nodes, lines, ..Network::default() }).unwrap();
        assert!(right.width > 3.0 * right.height, "{} × {}", right.width, right.height);
        assert!(down.height > down.width, "{} × {}", down.width, down.height);
    }

    #[test]
    fn what_is_too_large_is_not_drawn() {
        assert!(draw(&Network { nodes: vec![node("x", Form::Round); 201], ..Network::default() }).is_none());
    }
}
