//! What needs what: the graph of hard dependencies among systems and processes. Systems need what their `depends_on` names; a process
//! its own `depends_on` and what the steps of its first track use. `closure(x)` of the rules is [`Needs::dependents`] and `x` itself.

use std::collections::{HashSet, VecDeque};

use petgraph::Direction::{Incoming, Outgoing};
use petgraph::algo::{astar, dijkstra};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Bfs, Dfs, Reversed};

use super::{Kind, Page, PageIx};

/// An edge from each page to what it does not work without. Looking from a page costs what it needs, never the number of pages.
#[derive(Debug, Default)]
pub struct Needs(DiGraph<(), (), usize>);

impl Needs {
    /// The graph over all pages.
    pub fn new(pages: &[Page]) -> Self {
        let mut graph: DiGraph<(), (), usize> = DiGraph::default();
        pages.iter().for_each(|_| {
            graph.add_node(());
        });
        for (from, page) in pages.iter().enumerate() {
            for to in direct(page) {
                graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), ());
            }
        }
        Self(graph)
    }

    /// Whether `page` is `failed`, or hard-depends on it, transitively: whether it lies in `closure(failed)`.
    pub fn hangs_on(&self, page: PageIx, failed: PageIx) -> bool {
        self.below(page).any(|needed| needed == failed)
    }

    /// What `page` needs directly and hard, each once.
    pub fn direct(&self, page: PageIx) -> impl Iterator<Item = PageIx> + '_ {
        self.0.neighbors(NodeIndex::new(page)).map(NodeIndex::index)
    }

    /// `page` and everything that it hard-depends on, transitively; each once.
    pub fn below(&self, page: PageIx) -> impl Iterator<Item = PageIx> + '_ {
        let mut walk = Dfs::from_parts(vec![NodeIndex::new(page)], HashSet::new());
        std::iter::from_fn(move || walk.next(&self.0)).map(NodeIndex::index)
    }

    /// The shortest way from `page` down to `failed`, both included; nothing where it does not hang on it.
    pub fn chain(&self, page: PageIx, failed: PageIx) -> Option<Vec<PageIx>> {
        let end = NodeIndex::new(failed);
        let (_, way) = astar(&self.0, NodeIndex::new(page), |node| node == end, |_| 1_usize, |_| 0)?;
        Some(way.into_iter().map(NodeIndex::index).collect())
    }

    /// What two pages both hang on, or the one of them that the other hangs on: the nearest, which is the one with the fewest links on
    /// both ways together, then on the longer of them, then the first in page order.
    pub fn nearest_shared(&self, one: PageIx, other: PageIx) -> Option<PageIx> {
        let far = |page: PageIx| dijkstra(&self.0, NodeIndex::new(page), None, |_| 1_usize);
        let (here, there) = (far(one), far(other));
        let both = here.iter().filter_map(|(node, links)| Some((*links, *there.get(node)?, node.index())));
        both.min_by_key(|(links, others, page)| (links + others, *links.max(others), *page)).map(|(.., page)| page)
    }

    /// Everything that hard-depends on `page`, transitively, the nearest first; without `page` itself. Costs the whole graph: for
    /// messages and views about one page, not for each.
    pub fn dependents(&self, page: PageIx) -> Vec<PageIx> {
        let reversed = Reversed(&self.0);
        let mut walk = Bfs::new(reversed, NodeIndex::new(page));
        let found = std::iter::from_fn(|| walk.next(reversed)).map(NodeIndex::index);
        found.filter(|dependent| *dependent != page).collect()
    }

    /// Everything that hard-depends on `page`, transitively, the nearest first, each with the next link of its shortest way there;
    /// without `page` itself. Costs the whole graph, once for all ways.
    pub fn ways_to(&self, page: PageIx) -> Vec<(PageIx, PageIx)> {
        self.around(page, Side::Needing, usize::MAX)
    }

    /// What lies on one side of `page`, transitively, the nearest first, each with the next link of its shortest way to `page`; without
    /// `page` itself, and not more than `most`. Costs what it finds, and the direct links of that.
    pub fn around(&self, page: PageIx, side: Side, most: usize) -> Vec<(PageIx, PageIx)> {
        let direction = match side {
            Side::Needing => Incoming,
            Side::Needed => Outgoing,
        };
        let mut ways: Vec<(PageIx, PageIx)> = Vec::new();
        let mut seen = HashSet::from([page]);
        let mut open = VecDeque::from([page]);
        while let Some(next) = open.pop_front() {
            let mut beside: Vec<PageIx> = self.0.neighbors_directed(NodeIndex::new(next), direction).map(NodeIndex::index).collect();
            beside.sort_unstable();
            for found in beside.into_iter().filter(|found| seen.insert(*found)) {
                if ways.len() == most {
                    return ways;
                }
                ways.push((found, next));
                open.push_back(found);
            }
        }
        ways
    }
}

/// A side of a page in the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What hard-depends on it.
    Needing,
    /// What it hard-depends on.
    Needed,
}

/// What a page needs directly and hard, each once, in page order.
fn direct(page: &Page) -> Vec<PageIx> {
    let mut seen = HashSet::new();
    let mut once = |page: PageIx| seen.insert(page).then_some(page);
    match &page.kind {
        Kind::System(system) => system.depends_on.iter().filter_map(|need| once(need.page)).collect(),
        Kind::Process(process) => {
            let first = process.tracks.first().map_or(&[][..], |track| &track.steps);
            let used = first.iter().flat_map(|step| step.uses.iter());
            process.depends_on.iter().chain(used).filter_map(|need| once(need.page)).collect()
        }
        _ => Vec::new(),
    }
}
