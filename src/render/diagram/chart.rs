//! A diagram -> a drawing, in the manner of a flight-deck chart: the normal flow goes down on the left, in page order; to the right of
//! each step stands what else can come of it, and at the far right where that leads. Ways of the normal flow that pass steps by run in
//! lanes at the far left. Tracks without ways out of their own stand beside each other.

use super::graph::{Diagram, End, EndKind, Kind, Outlet, Track};
use super::lanes::{Lane, lanes};
use super::layout::{NODES, Point};
use super::lettering::lines;
use super::measure::{
    APART, Bundle, CAPTION_LEADING, END, HEADING, HOLE, INDENT, OUT, Out, Row, SMALL_LEADING, STEP, STEP_BESIDE, Shape, TAIL, TITLE_LEADING,
};
use super::svg::{Drawing, Shapes, Towards, head_of, short};

/// From a step to its ways out.
const STEM: f64 = 28.0;
/// From a way out to where it leads.
const GO: f64 = 24.0;
/// Between two rows.
pub(super) const DOWN: f64 = 24.0;
/// Around the whole.
const MARGIN: f64 = 3.0;
/// Before the heading of a further track.
const BEFORE_TRACK: f64 = 30.0;
/// Between tracks that stand beside each other.
const BESIDE: f64 = 17.0;

/// Draws a diagram; nothing where it is too large, or where it cannot be laid out.
pub fn draw(diagram: &Diagram) -> Option<Drawing> {
    if diagram.tracks.iter().map(|track| track.steps.len()).sum::<usize>() > NODES {
        return None;
    }
    let tracks: Option<Vec<Flow<'_>>> = diagram.tracks.iter().map(Flow::new).collect();
    let tracks = tracks?;
    let left = MARGIN + tracks.iter().map(|track| track.lanes_wide).fold(0.0, f64::max);
    let mut chart = Chart { drawing: Drawing::default(), left, y: MARGIN };
    let (first, others) = tracks.split_first()?;
    chart.start(first);
    chart.flow(first, chart.left);
    if !diagram.anywhere.is_empty() {
        chart.anywhere(&diagram.anywhere);
    }
    chart.others(others);
    chart.drawing.height = chart.y + MARGIN;
    Some(chart.drawing)
}

/// A track with its rows measured and its lanes laid out.
struct Flow<'d> {
    track: &'d Track,
    rows: Vec<Row<'d>>,
    lanes: Vec<Lane>,
    /// How far the lanes reach to the left of the steps.
    lanes_wide: f64,
}

impl<'d> Flow<'d> {
    fn new(track: &'d Track) -> Option<Self> {
        let narrow = track.steps.iter().all(|step| step.outlets.is_empty());
        let wide = if narrow { STEP_BESIDE } else { STEP };
        let rows: Vec<Row<'_>> = track.steps.iter().map(|step| Row::of(step, wide)).collect();
        let lanes = lanes(&track.steps)?;
        let lanes_wide = lanes.iter().map(|lane| lane.away).fold(0.0, f64::max);
        let lanes_wide = if lanes.is_empty() { 0.0 } else { lanes_wide + 2.0 };
        Some(Self { track, rows, lanes, lanes_wide })
    }

    fn is_narrow(&self) -> bool {
        self.lanes.is_empty() && self.rows.iter().all(|row| row.bundles.is_empty())
    }

    /// The height of its rows with the room between them.
    fn height(&self) -> f64 {
        let rows = self.rows.iter().map(|row| row.height + if row.ends() { TAIL } else { 0.0 } + DOWN).sum::<f64>();
        rows - DOWN
    }
}

struct Chart {
    drawing: Drawing,
    /// The left edge of steps.
    left: f64,
    /// The height that is drawn so far.
    y: f64,
}

impl Chart {
    /// The mark where the process starts.
    fn start(&mut self, flow: &Flow<'_>) {
        let Some(row) = flow.rows.first() else { return };
        let x = self.left + row.wide / 2.0;
        let mut shapes = Shapes::default();
        shapes.circle("start", x, self.y + 5.0, 4.5);
        self.drawing.piece(self.y, self.y + 10.0, shapes);
        let tip = Point { x, y: self.y + 28.0 + (row.height - row.tall) / 2.0 };
        self.drawing.line("flow", &[Point { x, y: self.y + 9.0 }, Point { y: tip.y - 6.0, ..tip }]);
        self.drawing.head("head", tip, Towards::Down);
        self.y += 28.0;
    }

    /// The rows of a track, with its steps at `left`.
    fn flow(&mut self, flow: &Flow<'_>, left: f64) {
        let mut tops = Vec::with_capacity(flow.rows.len());
        for (index, row) in flow.rows.iter().enumerate() {
            if index > 0 {
                self.drawing.cuts.push(self.y - DOWN / 2.0);
            }
            tops.push(self.y + (row.height - row.tall) / 2.0);
            self.row(row, left);
            self.y += row.height + DOWN + if row.ends() { TAIL } else { 0.0 };
        }
        self.y -= DOWN;
        let place = |row: usize| Place { row: &flow.rows[row], left, top: tops[row] };
        for (index, row) in flow.rows.iter().enumerate() {
            let x = left + row.wide / 2.0;
            let bottom = Point { x, y: tops[index] + row.tall };
            if row.step.is_some_and(|step| step.then.contains(&(index + 1))) && index + 1 < flow.rows.len() {
                let tip = Point { x, y: tops[index + 1] };
                self.drawing.line("flow", &[bottom, Point { y: tip.y - 6.0, ..tip }]);
                self.drawing.head("head", tip, Towards::Down);
            }
            if row.ends() {
                self.end(bottom);
            }
        }
        self.lanes(flow, &place);
    }

    /// The mark where the process ends.
    fn end(&mut self, from: Point) {
        let y = from.y + 17.0;
        self.drawing.line("flow", &[from, Point { y: y - 6.0, ..from }]);
        let mut shapes = Shapes::default();
        shapes.circle("end", from.x, y, 6.0);
        shapes.circle("start", from.x, y, 3.0);
        shapes.text("caption", from.x + 12.0, y + 4.0, 0.0, &["end".to_owned()]);
        self.drawing.piece(y - 6.0, y + 6.0, shapes);
    }

    /// The lanes at the left. They leave and enter at the left side, in an order in which none crosses another where it need not.
    fn lanes<'f>(&mut self, flow: &Flow<'_>, place: &dyn Fn(usize) -> Place<'f>) {
        for (index, lane) in flow.lanes.iter().enumerate() {
            let port = |row: usize| {
                let mut here: Vec<usize> = (0..flow.lanes.len()).filter(|at| flow.lanes[*at].rows().any(|known| known == row)).collect();
                // Those that come from above, the nearest lane first; then those that go on below, the farthest first.
                let order = |at: &usize| {
                    let lane = &flow.lanes[*at];
                    if lane.top() < row { (0, lane.away) } else { (1, -lane.away) }
                };
                here.sort_by(|a, b| order(a).0.cmp(&order(b).0).then(order(a).1.total_cmp(&order(b).1)).then(a.cmp(b)));
                place(row).port(here.iter().position(|at| *at == index).unwrap_or(0), here.len())
            };
            let x = place(lane.top()).left - lane.away;
            let trunk = [Point { x, y: port(lane.top()).y + 8.0 }, Point { x, y: port(lane.bottom()).y - 8.0 }];
            self.drawing.line("flow", &trunk);
            for row in lane.rows() {
                let at = port(row);
                let into = lane.to.contains(&row);
                let towards = if row == lane.hub() { lane.top() + lane.bottom() - row } else { lane.hub() };
                let turn = if towards > row { at.y + 8.0 } else { at.y - 8.0 };
                let stop = if into { Point { x: at.x - 6.0, ..at } } else { at };
                self.drawing.line("flow", &[stop, Point { x, ..at }, Point { x, y: turn }]);
                if into {
                    self.drawing.head("head", at, Towards::Right);
                }
            }
        }
    }

    fn row(&mut self, row: &Row<'_>, left: f64) {
        let middle = self.y + row.height / 2.0;
        let place = Place { row, left, top: middle - row.tall / 2.0 };
        place.draw(&mut self.drawing);
        self.drawing.width = self.drawing.width.max(left + row.wide + MARGIN);
        let stack = row.bundles.iter().map(|bundle| bundle.height + APART).sum::<f64>() - APART;
        let mut y = middle - stack / 2.0;
        for bundle in &row.bundles {
            self.bundle(bundle, &place, y);
            y += bundle.height + APART;
        }
    }

    /// Ways out that end at the same place, from a height on.
    fn bundle(&mut self, bundle: &Bundle<'_>, from: &Place<'_>, top: f64) {
        let x = from.left + STEP + STEM;
        let outs = bundle.outs.iter().map(|out| out.tall + APART).sum::<f64>() - APART;
        let mut y = top + (bundle.height - outs) / 2.0;
        let mut leaves: Vec<(Point, &Out<'_>)> = Vec::new();
        for out in &bundle.outs {
            let middle = y + out.tall / 2.0;
            self.stem(from, out, Point { x, y: middle });
            leaves.push((self.out(out, x, middle), out));
            y += out.tall + APART;
        }
        self.drawing.width = self.drawing.width.max(x + OUT + MARGIN);
        let ends = bundle.boxed + bundle.hole.map_or(0.0, |_| 2.0 * HOLE + if bundle.boxed > 0.0 { 6.0 } else { 0.0 });
        let mut top = top + (bundle.height - ends) / 2.0;
        if bundle.boxed > 0.0 {
            let (first, last) = (leaves[0].0.y, leaves[leaves.len() - 1].0.y);
            // The box of several ways is as high as they lie apart, so that each enters it straight.
            let (upper, lower) = (top.min(first - 10.0), (top + bundle.boxed).max(last + 10.0));
            self.box_at_end(bundle, x + OUT + GO, (upper, lower));
            for (leave, out) in &leaves {
                let enter = leave.y.clamp(upper + 6.0, lower - 6.0);
                let tip = Point { x: x + OUT + GO, y: if bundle.hole.is_some() { (upper + lower) / 2.0 } else { enter } };
                self.go(style(&out.outlet.kind, EndKind::Track), *leave, tip);
            }
            top = lower + 6.0;
        }
        if let (Some(hole), Some((leave, out))) = (bundle.hole, leaves.first()) {
            let y = if bundle.boxed > 0.0 { top + HOLE } else { leave.y };
            let tip = Point { x: x + OUT + GO, y };
            self.go("hole", *leave, tip);
            self.hole(&out.outlet.to[hole], tip);
        }
    }

    /// The line from a step to one of its ways out.
    fn stem(&mut self, from: &Place<'_>, out: &Out<'_>, to: Point) {
        let style = match out.outlet.kind {
            Kind::Hole => "hole",
            Kind::Mode(_) | Kind::Modes(_) => style(&out.outlet.kind, EndKind::Track),
            Kind::Branch | Kind::Then => "flow",
            Kind::Aside => "dotted",
        };
        let right = from.left + STEP;
        let leave = from.leave(to.y);
        if (leave.y - to.y).abs() < 0.5 {
            self.drawing.line(style, &[leave, to]);
            return;
        }
        let trunk = right + 11.0;
        let bend = Point { x: trunk, y: to.y };
        let stem = if style == "flow" { style } else { "stem" };
        self.drawing.line(stem, &[leave, Point { x: trunk, y: leave.y }, Point { x: trunk, y: to.y }, Point { x: trunk + 6.0, ..bend }]);
        self.drawing.line(style, &[Point { x: trunk + 6.0, ..bend }, to]);
    }

    /// The words of a way out, or the shape of a failure mode; gives the point from which it goes on.
    fn out(&mut self, out: &Out<'_>, x: f64, middle: f64) -> Point {
        let (top, half) = (middle - out.tall / 2.0, out.tall / 2.0);
        let baseline = middle - out.lines.len() as f64 * SMALL_LEADING / 2.0 + 11.5;
        let mut shapes = Shapes::default();
        let href = out.outlet.href.as_deref();
        if let Some(href) = href {
            shapes.link(href, None);
        }
        let right = match &out.outlet.kind {
            Kind::Mode(class) => {
                shapes.rect(&format!("pill {}", class.line), (x, top), (OUT, out.tall), half.min(14.0));
                shapes.text(&format!("letter {}", class.line), x + 12.0, middle + 4.5, 0.0, std::slice::from_ref(&class.letter));
                shapes.text("small", x + 29.0, baseline, SMALL_LEADING, &out.lines);
                x + OUT
            }
            Kind::Modes(classes) => {
                shapes.rect("pill several", (x, top), (OUT, out.tall), half.min(14.0));
                shapes.text("small", x + 14.0, middle - 3.5, 0.0, &out.lines);
                let mut at = x + 14.0;
                for (class, count) in classes.iter().take(5) {
                    let mark = format!("{}{count}", class.letter);
                    shapes.text(&format!("letter {}", class.line), at, middle + 13.0, 0.0, &[mark]);
                    at += 32.0;
                }
                x + OUT
            }
            Kind::Branch | Kind::Then | Kind::Aside | Kind::Hole => {
                let class = match out.outlet.kind {
                    Kind::Aside => "small quiet",
                    Kind::Hole => "small red",
                    _ => "small",
                };
                shapes.text(class, x + 7.0, baseline, SMALL_LEADING, &out.lines);
                x + 14.0 + out.wide
            }
        };
        if href.is_some() {
            shapes.end_link();
        }
        self.drawing.piece(top, top + out.tall, shapes);
        Point { x: right, y: middle }
    }

    /// The line from a way out to where it leads, with its head.
    fn go(&mut self, style: &str, from: Point, tip: Point) {
        let stop = Point { x: tip.x - 6.0, ..tip };
        let bend = tip.x - GO / 2.0 - 2.0;
        if (from.y - tip.y).abs() < 0.5 {
            self.drawing.line(style, &[from, stop]);
        } else {
            self.drawing.line(style, &[from, Point { x: bend, y: from.y }, Point { x: bend, y: tip.y }, stop]);
        }
        self.drawing.head(&head_of(style), tip, Towards::Right);
    }

    /// The box at the end of a bundle, between two heights.
    fn box_at_end(&mut self, bundle: &Bundle<'_>, x: f64, (top, bottom): (f64, f64)) {
        let outlet: &Outlet = bundle.outs[0].outlet;
        let mut places: Vec<usize> = bundle.lines.iter().map(|(_, place)| *place).collect();
        places.dedup();
        let only = (places.len() == 1).then(|| &outlet.to[places[0]]);
        let mut shapes = Shapes::default();
        if let Some(end) = only {
            shapes.link(&end.href, label_of(end, outlet).as_deref());
        }
        frame(&mut shapes, only.map(|end| end.kind), (x, top), (END, bottom - top));
        let mut baseline = (top + bottom) / 2.0 - bundle.lines.len() as f64 * SMALL_LEADING / 2.0 + 11.5;
        for place in places {
            let lines: Vec<String> = bundle.lines.iter().filter(|(_, of)| *of == place).map(|(line, _)| line.clone()).collect();
            if only.is_none() {
                shapes.link(&outlet.to[place].href, None);
            }
            let several = only.is_none() && matches!(outlet.kind, Kind::Modes(_));
            if several {
                shapes.circle("dot", x + 11.0, baseline - 4.0, 1.7);
            }
            let indent = match only {
                Some(end) if end.kind == EndKind::Words => 27.0,
                _ if several => 19.0,
                _ => 10.0,
            };
            shapes.text("small", x + indent, baseline, SMALL_LEADING, &lines);
            if only.is_none() {
                shapes.end_link();
            }
            baseline += lines.len() as f64 * SMALL_LEADING;
        }
        if only.is_some() {
            shapes.end_link();
        }
        self.drawing.piece(top, bottom, shapes);
        self.drawing.width = self.drawing.width.max(x + END + MARGIN);
    }

    /// The mark for what nobody says.
    fn hole(&mut self, end: &End, tip: Point) {
        let mut shapes = Shapes::default();
        shapes.link(&end.href, Some(&end.title));
        shapes.circle("gap", tip.x + HOLE, tip.y, HOLE);
        shapes.text("mark", tip.x + HOLE, tip.y + 5.0, 0.0, &["?".to_owned()]);
        shapes.end_link();
        self.drawing.piece(tip.y - HOLE, tip.y + HOLE, shapes);
        self.drawing.width = self.drawing.width.max(tip.x + 2.0 * HOLE + MARGIN);
    }

    /// What can happen at any step.
    fn anywhere(&mut self, outlets: &[Outlet]) {
        self.y += BEFORE_TRACK;
        self.drawing.cuts.push(self.y - BEFORE_TRACK / 2.0);
        let row = Row::anywhere(outlets);
        self.row(&row, self.left);
        self.y += row.height;
    }

    /// The further tracks: narrow ones beside each other, as many as there is room for.
    fn others(&mut self, others: &[Flow<'_>]) {
        let room = self.drawing.width.max(self.left + 3.0 * STEP_BESIDE + 2.0 * BESIDE + MARGIN) - MARGIN;
        let mut at = 0;
        while at < others.len() {
            let beside = ((room - self.left + BESIDE) / (STEP_BESIDE + BESIDE)).floor().max(1.0) as usize;
            let narrow = others[at..].iter().take(beside).take_while(|flow| flow.is_narrow()).count();
            let shelf = &others[at..at + narrow.max(1)];
            self.shelf(shelf);
            at += shelf.len();
        }
    }

    fn shelf(&mut self, shelf: &[Flow<'_>]) {
        self.y += BEFORE_TRACK;
        self.drawing.cuts.push(self.y - BEFORE_TRACK / 2.0);
        let narrow = shelf.len() > 1 || shelf[0].is_narrow();
        let room = if narrow { STEP_BESIDE } else { 2.0 * STEP };
        let headings: Vec<Vec<String>> = shelf.iter().map(|flow| lines(&flow.track.title, HEADING, room, 2)).collect();
        let most = headings.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let (top, cuts) = (self.y, self.drawing.cuts.len());
        for (nth, (flow, heading)) in shelf.iter().zip(&headings).enumerate() {
            let left = self.left + nth as f64 * (STEP_BESIDE + BESIDE);
            let mut shapes = Shapes::default();
            shapes.link(&flow.track.href, None);
            shapes.text("heading", left, top + 12.0 + (most - heading.len() as f64) * TITLE_LEADING, TITLE_LEADING, heading);
            shapes.end_link();
            self.drawing.piece(top, top + most * TITLE_LEADING, shapes);
            self.y = top + most * TITLE_LEADING + 10.0;
            self.flow(flow, left);
        }
        // Tracks beside each other have their rows at different heights: there is no place to cut.
        if shelf.len() > 1 {
            self.drawing.cuts.truncate(cuts);
        }
        let tallest = shelf.iter().map(Flow::height).fold(0.0, f64::max);
        self.y = top + most * TITLE_LEADING + 10.0 + tallest;
    }
}

/// A row at its place.
struct Place<'d> {
    row: &'d Row<'d>,
    left: f64,
    top: f64,
}

impl Place<'_> {
    fn middle(&self) -> f64 {
        self.top + self.row.tall / 2.0
    }

    /// How far the shape's side lies inside its width, at a height.
    fn inset(&self, y: f64) -> f64 {
        let off = ((y - self.middle()).abs() / (self.row.tall / 2.0)).min(1.0);
        match self.row.shape {
            Shape::Diamond => off * self.row.wide / 2.0,
            Shape::Hexagon => off * SLOPE,
            _ => 0.0,
        }
    }

    /// Where a line leaves to the right for something at a height: straight, where the side is upright there.
    fn leave(&self, y: f64) -> Point {
        let reach = match self.row.shape {
            Shape::Diamond | Shape::Hexagon => 0.0,
            Shape::Words => self.row.tall / 2.0,
            Shape::Human | Shape::Automation => self.row.tall / 2.0 - 9.0,
        };
        let at = if (y - self.middle()).abs() <= reach { y } else { self.middle() };
        let right = if self.row.shape == Shape::Words { 84.0 } else { self.row.wide };
        Point { x: self.left + right, y: at }
    }

    /// The `nth` of several places at which lanes meet the left side.
    fn port(&self, nth: usize, of: usize) -> Point {
        let apart = ((self.row.tall - 20.0) / of as f64).min(12.0);
        let y = self.middle() + (nth as f64 - (of as f64 - 1.0) / 2.0) * apart;
        Point { x: self.left + self.inset(y), y }
    }

    fn draw(&self, drawing: &mut Drawing) {
        let (row, left, top) = (self.row, self.left, self.top);
        let tall = row.tall;
        let mut shapes = Shapes::default();
        if let Some(step) = row.step {
            shapes.link(&step.href, None);
        }
        let words = row.title.len() as f64 * TITLE_LEADING + row.caption.as_ref().map_or(0.0, |_| CAPTION_LEADING);
        let baseline = top + (tall - words) / 2.0 + 13.0;
        let below = baseline + row.title.len() as f64 * TITLE_LEADING - 1.0;
        let caption: Vec<String> = row.caption.iter().cloned().collect();
        match row.shape {
            Shape::Human | Shape::Automation => {
                let automation = row.shape == Shape::Automation;
                shapes.rect("box", (left, top), (row.wide, tall), if automation { 0.0 } else { 9.0 });
                if automation {
                    shapes.path("box", &format!("M{} {}v{}", short(left + 5.0), short(top), short(tall)));
                }
                let number = row.step.map_or(0, |step| step.number).to_string();
                shapes.text("number", left + 13.0, baseline, 0.0, &[number]);
                shapes.text("title", left + INDENT, baseline, TITLE_LEADING, &row.title);
                shapes.icon(if automation { "automation" } else { "human" }, left + 13.0, below - 11.0);
                shapes.text("caption", left + INDENT, below, 0.0, &caption);
            }
            Shape::Diamond | Shape::Hexagon => {
                let (x, right, middle) = (left, left + row.wide, self.middle());
                let inset = if row.shape == Shape::Diamond { row.wide / 2.0 } else { SLOPE };
                let corners = [
                    (x, middle),
                    (x + inset, top),
                    (right - inset, top),
                    (right, middle),
                    (right - inset, top + tall),
                    (x + inset, top + tall),
                ];
                if row.shape == Shape::Diamond {
                    shapes.polygon("box", &[corners[0], corners[1], corners[3], corners[4]]);
                } else {
                    shapes.polygon("box", &corners);
                }
                shapes.text("title mid", left + row.wide / 2.0, baseline, TITLE_LEADING, &row.title);
                shapes.text("caption mid", left + row.wide / 2.0, below, 0.0, &caption);
            }
            Shape::Words => shapes.text("heading", left, baseline, TITLE_LEADING, &row.title),
        }
        if row.step.is_some() {
            shapes.end_link();
        }
        drawing.piece(top, top + tall, shapes);
    }
}

/// How far the upper corners of a hexagon lie inside its width.
const SLOPE: f64 = 16.0;

/// The class of a line that belongs to a way out.
fn style(kind: &Kind, end: EndKind) -> &'static str {
    match kind {
        _ if end == EndKind::Hole => "hole",
        Kind::Mode(class) => match class.line {
            "technical" => "way technical",
            "human" => "way human",
            "scale" => "way scale",
            "dependency" => "way dependency",
            _ => "way other",
        },
        Kind::Modes(_) => "several",
        Kind::Branch | Kind::Then => "flow",
        Kind::Aside => "dotted",
        Kind::Hole => "hole",
    }
}

/// What a link says beside the words in it.
fn label_of(end: &End, outlet: &Outlet) -> Option<String> {
    (end.kind == EndKind::Words).then(|| format!("The way back from “{}”, in words", outlet.text))
}

/// The frame at the end of a way: its form says what stands there.
fn frame(shapes: &mut Shapes, kind: Option<EndKind>, (x, y): (f64, f64), (width, height): (f64, f64)) {
    match kind {
        Some(EndKind::Process) => {
            let (right, middle) = (x + width, y + height / 2.0);
            shapes.polygon("to", &[(x, y), (right - 12.0, y), (right, middle), (right - 12.0, y + height), (x, y + height)]);
        }
        Some(EndKind::Track) => {
            shapes.rect("to", (x, y), (width, height), 4.0);
            shapes.path("bar", &format!("M{} {}v{}", short(x), short(y + 2.0), short(height - 4.0)));
        }
        Some(EndKind::Words) => {
            let top = y + height / 2.0 - 8.0;
            shapes.path("doc", &format!("M{} {}h8l4 4v12h-12z", short(x + 8.0), short(top)));
            shapes.path("doc", &format!("M{} {}h6m-6 4h6", short(x + 11.0), short(top + 8.0)));
        }
        _ => shapes.rect("to", (x, y), (width, height), 4.0),
    }
}
