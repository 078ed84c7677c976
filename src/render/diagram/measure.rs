//! A step and its ways out -> a row of shapes with their sizes, before they have places.

use super::graph::{EndKind, Kind, Outlet, Step, What};
use super::lettering::{Type, Weight, clean, lines, width};

/// The titles of steps.
pub const TITLE: Type = Type { size: 14.0, weight: Weight::Regular };
/// What stands in the ways out.
pub const SMALL: Type = Type { size: 13.0, weight: Weight::Regular };
/// What stands below titles.
pub const CAPTION: Type = Type { size: 12.0, weight: Weight::Regular };
/// Headings.
pub const HEADING: Type = Type { size: 14.0, weight: Weight::Bold };
/// From one line of a title to the next.
pub const TITLE_LEADING: f64 = 17.0;
/// From one line of a way out to the next.
pub const SMALL_LEADING: f64 = 15.0;
/// From a title to what stands below it.
pub const CAPTION_LEADING: f64 = 15.0;

/// The width of a step.
pub const STEP: f64 = 206.0;
/// The width of a step in tracks that stand beside each other.
pub const STEP_BESIDE: f64 = 192.0;
/// Where the words of a step begin.
pub const INDENT: f64 = 37.0;
/// The width of a failure mode, and of a condition.
pub const OUT: f64 = 192.0;
/// The width of the box at the end of a way.
pub const END: f64 = 152.0;
/// Between two ways out of one step.
pub const APART: f64 = 8.0;
/// The place for the mark that says that the process ends.
pub const TAIL: f64 = 24.0;
/// The radius of a question mark's circle.
pub const HOLE: f64 = 11.0;

/// A row: a step, or what can happen at any time, with its ways out.
pub struct Row<'d> {
    /// The step; none for what can happen at any time.
    pub step: Option<&'d Step>,
    /// Its shape.
    pub shape: Shape,
    /// The title in lines.
    pub title: Vec<String>,
    /// What stands below.
    pub caption: Option<String>,
    /// The width of the shape.
    pub wide: f64,
    /// The height of the shape.
    pub tall: f64,
    /// The ways out, those that end at the same place in one bundle.
    pub bundles: Vec<Bundle<'d>>,
    /// The height of the whole row.
    pub height: f64,
}

/// The shape of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// People do it.
    Human,
    /// A machine does it.
    Automation,
    /// A decision.
    Diamond,
    /// A decision with a long title.
    Hexagon,
    /// No step: a few words.
    Words,
}

/// Ways out that end at the same place.
pub struct Bundle<'d> {
    /// The ways.
    pub outs: Vec<Out<'d>>,
    /// What stands in the box at the end, line by line, each with its place in [`Outlet::to`].
    pub lines: Vec<(String, usize)>,
    /// The height of that box; 0 where there is none.
    pub boxed: f64,
    /// The place in [`Outlet::to`] of what nobody says.
    pub hole: Option<usize>,
    /// The height of the bundle.
    pub height: f64,
}

/// One way out.
pub struct Out<'d> {
    /// What it says.
    pub outlet: &'d Outlet,
    /// Its words in lines.
    pub lines: Vec<String>,
    /// The width of the longest.
    pub wide: f64,
    /// Its height.
    pub tall: f64,
}

impl<'d> Row<'d> {
    /// Measures a step that is drawn so many units wide.
    pub fn of(step: &'d Step, wide: f64) -> Self {
        let (shape, title, tall, room) = match step.what {
            What::Human => plain(step, Shape::Human, wide),
            What::Automation => plain(step, Shape::Automation, wide),
            What::Decision => decision(step, wide),
        };
        let caption = Some(caption(step, room)).filter(|caption| !caption.is_empty());
        Self::with(Some(step), shape, title, caption, (wide, tall), &step.outlets)
    }

    /// Measures what can happen at any time.
    pub fn anywhere(outlets: &'d [Outlet]) -> Self {
        let title = lines("At any step", TITLE, STEP, 1);
        Self::with(None, Shape::Words, title, None, (STEP, 34.0), outlets)
    }

    fn with(
        step: Option<&'d Step>,
        shape: Shape,
        title: Vec<String>,
        caption: Option<String>,
        (wide, tall): (f64, f64),
        outlets: &'d [Outlet],
    ) -> Self {
        let bundles = bundles(outlets);
        let stack = bundles.iter().map(|bundle| bundle.height + APART).sum::<f64>() - APART;
        Self { step, shape, title, caption, wide, tall, height: tall.max(stack), bundles }
    }

    /// Whether the process ends after it.
    pub fn ends(&self) -> bool {
        self.step.is_some_and(|step| step.end)
    }
}

fn plain(step: &Step, shape: Shape, wide: f64) -> (Shape, Vec<String>, f64, f64) {
    let room = wide - INDENT - 9.0;
    let title = lines(&step.title, TITLE, room, 3);
    let tall = title.len() as f64 * TITLE_LEADING + CAPTION_LEADING + 17.0;
    (shape, title, tall, room)
}

/// A diamond where the words fit into one, without the role if need be, else a hexagon. The number stands in the first line.
fn decision(step: &Step, wide: f64) -> (Shape, Vec<String>, f64, f64) {
    const ROOM: f64 = 118.0;
    const TALLEST: f64 = 132.0;
    let text = format!("{} {}", step.number, step.title);
    let title = lines(&text, TITLE, ROOM, 4);
    let under = caption(step, f64::INFINITY);
    for (under, room) in [(under.as_str(), width(&under, CAPTION) + 1.0), ("", 0.0)] {
        let tall = diamond(&title, under, wide);
        if title.len() <= 3 && tall <= TALLEST {
            return (Shape::Diamond, title, tall, room);
        }
    }
    let room = wide - 48.0;
    let title = lines(&text, TITLE, room, 4);
    let tall = title.len() as f64 * TITLE_LEADING + CAPTION_LEADING + 20.0;
    (Shape::Hexagon, title, tall, room)
}

/// The height at which the outer corners of every line lie inside the slopes of a diamond.
fn diamond(title: &[String], under: &str, wide: f64) -> f64 {
    let words = title.len() as f64 * TITLE_LEADING + if under.is_empty() { 0.0 } else { CAPTION_LEADING };
    let corner = |outer: f64, line: &str, of: Type| outer / (1.0 - ((width(line, of) + 14.0) / wide).min(0.95)) * 2.0;
    let of_line = |(nth, line): (usize, &String)| {
        let top = (nth as f64 * TITLE_LEADING - words / 2.0 + 3.0).abs();
        let bottom = ((nth as f64 + 1.0) * TITLE_LEADING - words / 2.0 - 3.0).abs();
        corner(top.max(bottom), line, TITLE)
    };
    let lowest = if under.is_empty() { 0.0 } else { corner(words / 2.0 - 2.0, under, CAPTION) };
    title.iter().enumerate().map(of_line).fold(lowest, f64::max).max(80.0).round()
}

/// Who or what does it, and how long it takes people: as much of that as there is room for.
fn caption(step: &Step, room: f64) -> String {
    let what = match step.what {
        What::Automation => Some("automation"),
        What::Human if step.role.is_none() => Some("human"),
        What::Decision if step.role.is_none() => Some("decision"),
        _ => None,
    };
    // Minutes are people's; beside a machine, who watches it says more.
    let minutes = step.minutes.as_deref().filter(|_| step.what == What::Human);
    let role = step.role.as_deref();
    let said = |parts: [Option<&str>; 3]| parts.into_iter().flatten().map(clean).collect::<Vec<_>>().join(" · ");
    let fits = |text: &String| width(text, CAPTION) <= room;
    let choices = [said([what, role, minutes]), said([what, role, None])];
    // Half a name helps nobody, but a name alone is better cut than left out.
    let cut = || lines(what.or(role).unwrap_or_default(), CAPTION, room, 1).into_iter().next();
    choices.into_iter().find(fits).or_else(|| cut().filter(|_| room > 40.0)).unwrap_or_default()
}

/// Puts neighbours that end at the same place together.
fn bundles(outlets: &[Outlet]) -> Vec<Bundle<'_>> {
    let mut bundles: Vec<Bundle<'_>> = Vec::new();
    for outlet in outlets {
        let out = out(outlet);
        let same = |bundle: &Bundle<'_>| bundle.boxed > 0.0 && bundle.hole.is_none() && bundle.outs[0].outlet.to == outlet.to;
        if let Some(bundle) = bundles.last_mut().filter(|bundle| same(bundle)) {
            bundle.outs.push(out);
            continue;
        }
        let (lines, boxed) = end_lines(outlet);
        let hole = outlet.to.iter().position(|end| end.kind == EndKind::Hole);
        bundles.push(Bundle { outs: vec![out], lines, boxed, hole, height: 0.0 });
    }
    for bundle in &mut bundles {
        let outs = bundle.outs.iter().map(|out| out.tall + APART).sum::<f64>() - APART;
        let hole = match (bundle.hole, bundle.boxed > 0.0) {
            (None, _) => 0.0,
            (Some(_), false) => 2.0 * HOLE,
            (Some(_), true) => 2.0 * HOLE + 6.0,
        };
        bundle.height = outs.max(bundle.boxed + hole);
    }
    bundles
}

fn out(outlet: &Outlet) -> Out<'_> {
    let (lines, tall) = match &outlet.kind {
        Kind::Mode(_) => {
            let lines = lines(&outlet.text, SMALL, OUT - 40.0, 3);
            let tall = lines.len() as f64 * SMALL_LEADING + 12.0;
            (lines, tall)
        }
        Kind::Modes(_) => (lines(&outlet.text, SMALL, OUT - 30.0, 1), 2.0 * SMALL_LEADING + 14.0),
        Kind::Branch | Kind::Then | Kind::Aside | Kind::Hole => {
            let lines = lines(&outlet.text, SMALL, OUT - 14.0, 4);
            let tall = lines.len() as f64 * SMALL_LEADING + 4.0;
            (lines, tall)
        }
    };
    let wide = lines.iter().map(|line| width(line, SMALL)).fold(0.0, f64::max);
    Out { outlet, lines, wide, tall }
}

/// The words of the box at the end: each place in one or two lines, and not more than three places.
fn end_lines(outlet: &Outlet) -> (Vec<(String, usize)>, f64) {
    let places: Vec<usize> = (0..outlet.to.len()).filter(|end| outlet.to[*end].kind != EndKind::Hole).collect();
    let path = !matches!(outlet.kind, Kind::Modes(_));
    let most = if places.len() > 1 { 2 } else { 3 };
    let mut said: Vec<(String, usize)> = Vec::new();
    for (nth, place) in places.iter().take(3).enumerate() {
        let end = &outlet.to[*place];
        let more = places.len() - 3.min(places.len());
        let text = match (end.kind, nth) {
            _ if nth == 2 && more > 0 => format!("and {} more", more + 1),
            (EndKind::Step(number), 0) => format!("{number} {}", end.title),
            (EndKind::Step(number), _) if path => format!("then {number} {}", end.title),
            (_, 0) => end.title.clone(),
            _ if path => format!("then {}", end.title),
            _ => end.title.clone(),
        };
        let room = match end.kind {
            _ if !path => END - 30.0,
            EndKind::Process => END - 32.0,
            EndKind::Words => END - 36.0,
            _ => END - 20.0,
        };
        said.extend(lines(&text, SMALL, room, most).into_iter().map(|line| (line, *place)));
    }
    let boxed = if said.is_empty() { 0.0 } else { said.len() as f64 * SMALL_LEADING + 12.0 };
    (said, boxed)
}
