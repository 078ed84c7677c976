//! The map as a drawing: processes and systems with what needs what, a line left out where a longer way says the same. A handbook that
//! is too large to be drawn whole is drawn by what most of it hangs on; a line then may lead through what is not drawn.

use std::collections::{HashMap, HashSet};

use crate::model::{Handbook, PageIx};
use crate::parse::value::PageKind;

use super::super::map::stands;
use super::super::views::Here;
use super::network::{Course, Form, Line, Network, Node, draw};
use super::svg::Names;

/// The most things that are drawn one by one.
pub const WHOLE: usize = 60;
/// How many of those on which most hangs stand for a larger handbook.
pub const BACKBONE: usize = 30;
/// How far a line that leads through what is not drawn is followed.
const FAR: usize = 2000;

/// A drawing of the map.
#[derive(Clone, Debug)]
pub struct Overview {
    /// It.
    pub svg: String,
    /// The places of what it shows.
    pub shown: Vec<usize>,
    /// The places of what would stand in it without a line.
    pub alone: Vec<usize>,
    /// Whether it is all that there is, or what most hangs on.
    pub whole: bool,
}

/// The drawing; none where no line is to be drawn, or where it cannot be laid out.
pub fn overview(here: &Here<'_>) -> Option<Overview> {
    let (handbook, map) = (here.atlas.handbook, &here.atlas.map);
    let whole = map.things.len() <= WHOLE;
    let chosen: Vec<usize> = if whole {
        (0..map.things.len()).collect()
    } else {
        let mut heaviest = map.heaviest(BACKBONE);
        heaviest.sort_unstable();
        heaviest
    };
    let pages: Vec<PageIx> = chosen.iter().map(|place| map.things[*place]).collect();
    let lines = reduced(pages.len(), &lines(handbook, &pages));
    let tied: HashSet<usize> = lines.iter().flat_map(|(from, to)| [*from, *to]).collect();
    if tied.is_empty() {
        return None;
    }
    let kept: Vec<usize> = (0..pages.len()).filter(|node| tied.contains(node)).collect();
    let place_in: HashMap<usize, usize> = kept.iter().enumerate().map(|(place, node)| (*node, place)).collect();
    let line = |(from, to): &(usize, usize)| Line {
        from: place_in[from],
        to: place_in[to],
        class: format!("way f{} t{}", chosen[*from], chosen[*to]),
        label: String::new(),
    };
    let network = Network {
        nodes: kept.iter().map(|node| node_of(here, chosen[*node])).collect(),
        lines: lines.iter().map(line).collect(),
        groups: Vec::new(),
        course: Course::Right,
    };
    let drawing = draw(&network)?;
    let counted = format!("{} of {} processes and systems", kept.len(), map.things.len());
    let description = format!(
        "{counted}. A line leads from what needs to what is needed, to the right; where a longer way says the same, it is left out. The \
         lists below say the same in words."
    );
    let title = if whole { "What needs what" } else { "What most hangs on" };
    Some(Overview {
        svg: drawing.write(Names { id: "Fw-map", title, description: &description }),
        shown: kept.iter().map(|node| chosen[*node]).collect(),
        alone: (0..pages.len()).filter(|node| whole && !tied.contains(node)).map(|node| chosen[node]).collect(),
        whole,
    })
}

fn node_of(here: &Here<'_>, place: usize) -> Node {
    let page = here.atlas.map.things[place];
    let model = &here.atlas.handbook.pages[page];
    let (form, caption) = match model.page_kind() {
        PageKind::Process => (Form::Round, "process"),
        _ => (Form::Edged, "system"),
    };
    Node { title: model.title().to_owned(), caption: caption.to_owned(), href: here.map(page), form, class: format!("n{place}") }
}

/// From each page to those of the others that it needs, through none of them.
fn lines(handbook: &Handbook, pages: &[PageIx]) -> Vec<(usize, usize)> {
    let node: HashMap<PageIx, usize> = pages.iter().enumerate().map(|(node, page)| (*page, node)).collect();
    let mut lines = Vec::new();
    for (from, page) in pages.iter().enumerate() {
        let mut seen = HashSet::from([*page]);
        let mut open = vec![*page];
        let mut found = Vec::new();
        while let Some(at) = open.pop().filter(|_| seen.len() < FAR) {
            for next in handbook.needs.direct(at).filter(|next| seen.insert(*next)).collect::<Vec<_>>() {
                match node.get(&next) {
                    Some(to) => found.push((from, *to)),
                    None if stands(handbook, next) => open.push(next),
                    None => {}
                }
            }
        }
        found.sort_unstable();
        lines.extend(found);
    }
    lines
}

/// The lines without those that a longer way replaces: whatever is reached by all of them is reached by these. At most 64 nodes.
fn reduced(nodes: usize, lines: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut after = vec![0_u64; nodes];
    lines.iter().for_each(|(from, to)| after[*from] |= 1 << to);
    let reaches = |after: &[u64], from: usize, to: usize| {
        let (mut seen, mut open) = (0_u64, after[from]);
        while open != 0 {
            let at = open.trailing_zeros() as usize;
            seen |= 1 << at;
            open = (open | after[at]) & !seen;
        }
        seen & (1 << to) != 0
    };
    let mut kept = Vec::with_capacity(lines.len());
    for (from, to) in lines {
        after[*from] &= !(1 << to);
        if !reaches(&after, *from, *to) {
            after[*from] |= 1 << to;
            kept.push((*from, *to));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_that_a_longer_way_replaces_is_left_out() {
        assert_eq!(reduced(3, &[(0, 1), (0, 2), (1, 2)]), [(0, 1), (1, 2)]);
        assert_eq!(reduced(2, &[(0, 1), (1, 0)]), [(0, 1), (1, 0)]);
    }

    proptest! {
        #[test]
        fn whatever_was_reached_is_reached(lines in prop::collection::btree_set((0usize..12, 0usize..12), 0..60)) {
            let lines: Vec<(usize, usize)> = lines.into_iter().filter(|(from, to)| from != to).collect();
            let far = |lines: &[(usize, usize)]| {
                let mut reach = [[false; 12]; 12];
                lines.iter().for_each(|(from, to)| reach[*from][*to] = true);
                for over in 0..12 {
                    for from in 0..12 {
                        for to in 0..12 {
                            reach[from][to] |= reach[from][over] && reach[over][to];
                        }
                    }
                }
                reach
            };
            let kept = reduced(12, &lines);
            prop_assert_eq!(far(&kept), far(&lines));
        }
    }
}
