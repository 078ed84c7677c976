//! A step and its ways out -> a row of shapes with their sizes, before they have places.

use super::graph::{EndKind, Kind, Outlet, Step, What};
use super::lettering::{Type, Weight, lines, width};

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

/// The width of a step.
pub const STEP: f64 = 212.0;
/// The width of a failure mode, and of a condition.
pub const OUT: f64 = 198.0;
/// The width of the box at the end of a way.
pub const END: f64 = 158.0;
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
    /// Measures a step.
    pub fn of(step: &'d Step) -> Self {
        let caption = caption(step);
        let (shape, title, tall) = match step.what {
            What::Human | What::Automation => {
                let title = lines(&step.title, TITLE, STEP - 48.0, 3);
                let caption = lines(&caption, CAPTION, STEP - 48.0, 1);
                let tall = title.len() as f64 * TITLE_LEADING + 15.0 + 17.0;
                let shape = if step.what == What::Human { Shape::Human } else { Shape::Automation };
                return Self::with(Some(step), shape, title, caption.into_iter().next(), tall, &step.outlets);
            }
            What::Decision => decision(step, &caption),
        };
        let caption = lines(&caption, CAPTION, if shape == Shape::Diamond { 100.0 } else { STEP - 44.0 }, 1).into_iter().next();
        Self::with(Some(step), shape, title, caption, tall, &step.outlets)
    }

    /// Measures what can happen at any time.
    pub fn anywhere(outlets: &'d [Outlet]) -> Self {
        let title = lines("At any step", TITLE, STEP - 24.0, 2);
        Self::with(None, Shape::Words, title, None, 34.0, outlets)
    }

    fn with(step: Option<&'d Step>, shape: Shape, title: Vec<String>, caption: Option<String>, tall: f64, outlets: &'d [Outlet]) -> Self {
        let bundles = bundles(outlets);
        let stack = bundles.iter().map(|bundle| bundle.height + APART).sum::<f64>() - APART;
        Self { step, shape, title, caption, tall, height: tall.max(stack), bundles }
    }

    /// Whether the process ends after it.
    pub fn ends(&self) -> bool {
        self.step.is_some_and(|step| step.end)
    }
}

fn caption(step: &Step) -> String {
    let what = match step.what {
        What::Automation => Some("automation"),
        What::Human if step.role.is_none() => Some("human"),
        What::Decision if step.role.is_none() => Some("decision"),
        _ => None,
    };
    // Minutes are people's; beside a machine its watcher says more.
    let minutes = step.minutes.as_deref().filter(|_| step.what == What::Human);
    let parts: Vec<&str> = [what, step.role.as_deref(), minutes].into_iter().flatten().collect();
    parts.join(" · ")
}

/// A diamond where the words fit into one, else a hexagon. The number stands in the first line.
fn decision(step: &Step, caption: &str) -> (Shape, Vec<String>, f64) {
    const ROOM: f64 = 122.0;
    let text = format!("{} {}", step.number, step.title);
    let title = lines(&text, TITLE, ROOM, 4);
    let inside = title.len() as f64 * TITLE_LEADING + 15.0;
    // The upper and lower edges of the words must lie inside the diamond's slope.
    let tall = (inside - 8.0) / (1.0 - ROOM / (STEP + 14.0));
    if title.len() <= 3 && tall <= 136.0 && width(caption, CAPTION) < 110.0 {
        return (Shape::Diamond, title, tall.max(84.0).round());
    }
    let title = lines(&text, TITLE, STEP - 50.0, 4);
    let tall = title.len() as f64 * TITLE_LEADING + 15.0 + 20.0;
    (Shape::Hexagon, title, tall)
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
        let room = if end.kind == EndKind::Process { END - 32.0 } else { END - 20.0 };
        said.extend(lines(&text, SMALL, room, most).into_iter().map(|line| (line, *place)));
    }
    let boxed = if said.is_empty() { 0.0 } else { said.len() as f64 * SMALL_LEADING + 12.0 };
    (said, boxed)
}
