//! The diagram of a process, drawn at build time: a process -> its meaning ([`graph`]) -> rows of shapes ([`measure`](mod@measure)) ->
//! places ([`chart`], [`layout`]) -> SVG text ([`svg`]), and the same in words ([`text`](mod@text)).
//!
//! Enters: the handbook, resolved, and the page of the site on which the diagram will stand. Leaves: HTML without script or `style`.
//! The same process gives the same bytes. [`network`] draws any other graph with the same pen, and [`overview`] the map.

mod chart;
mod gather;
pub mod graph;
mod lanes;
pub mod layout;
pub mod lettering;
mod measure;
pub mod network;
pub mod overview;
pub mod svg;
#[cfg(test)]
mod tests;
mod text;

use serde::Serialize;

use crate::model::PageIx;

use super::views::Here;
use graph::{Diagram, Kind};
use svg::Names;

/// The diagram of a process, as themes get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiagramView {
    /// The drawing: one or several `svg` elements, one below the other; none where the process is too large to be drawn.
    pub svg_html: Option<String>,
    /// The same in words, as lists.
    pub text_html: String,
    /// What there is to see: `15 steps, 12 failure modes, 2 gaps`.
    pub summary: String,
}

/// The diagram of a process; none where a list of one or two steps says it all.
pub fn diagram(here: &Here<'_>, process: PageIx) -> Option<DiagramView> {
    let diagram = graph::diagram(here, process).filter(Diagram::is_worth_drawing)?;
    let all = here.atlas.places.anchor(here.at, process, "Fw-fails");
    Some(view(&diagram, &all))
}

fn view(diagram: &Diagram, all: &str) -> DiagramView {
    let summary = summary(diagram);
    let description = format!(
        "{summary}. The steps go down in order; failure modes stand to their right, each with where its way back leads. The same in words \
         follows the drawing."
    );
    let title = format!("Diagram: {}", diagram.title);
    let names = Names { id: "Fw-diagram", title: &title, description: &description };
    DiagramView {
        svg_html: chart::draw(&gather::gathered(diagram, all)).map(|drawing| drawing.write(names)),
        text_html: text::text(diagram),
        summary,
    }
}

fn summary(diagram: &Diagram) -> String {
    let steps = diagram.tracks.iter().map(|track| track.steps.len()).sum();
    let modes = diagram.outlets().filter(|outlet| matches!(outlet.kind, Kind::Mode(_))).count();
    let counts = [(steps, "step", "steps"), (modes, "failure mode", "failure modes"), (diagram.holes(), "gap", "gaps")];
    let said = counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }));
    said.collect::<Vec<_>>().join(", ")
}
