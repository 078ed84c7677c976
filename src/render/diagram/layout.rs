//! Sizes and what ties them together -> places. The only file that calls the layout library.
//!
//! dagre 0.1.2 is young and has one author, so it is held on a short lead: nothing of its types leaves this file, it gets at most
//! [`NODES`] nodes and no more lines than it can lay in a moment, and a panic inside it, or a place that is no number, is an answer:
//! nothing. It is deterministic: it walks maps in the order of insertion, and the names that it counts up for its own nodes decide no
//! order. Of its three ways to rank, the tight tree and the longest path are taken, whose loops all end; network simplex exchanges edges
//! until none is left to exchange, and nothing proves that there comes an end.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dagre::graph::{Graph, GraphOptions};
use dagre::layout::types::{Align, LabelPos};
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, Ranker};

/// The most nodes that are laid out.
pub const NODES: usize = 200;
/// The most ranks that lines may span, all lines together.
const SPAN: usize = 2000;

/// A place: the centre of a node, a bend of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A width and a height.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

/// A line from one node to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tie {
    /// The node where it begins.
    pub from: usize,
    /// The node where it ends.
    pub to: usize,
    /// How much it wants to be short and straight; 1 is usual.
    pub weight: i32,
    /// The room for words on it.
    pub label: Option<Size>,
}

/// How nodes stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// Each wherever its lines are shortest.
    Free,
    /// Each as far down as can be: all that leads nowhere stands in the last rank.
    Low,
    /// One below the other, in a straight line as far as the library can, with the lines that pass nodes by to their right. Ties must tie
    /// each node to the next one, weigh more than all others, and come before them.
    Spine,
}

/// What is to be laid out.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The nodes.
    pub nodes: Vec<Size>,
    /// The lines.
    pub ties: Vec<Tie>,
    /// Nodes that stand together, by their place in `nodes`; a node in several stands in the first.
    pub groups: Vec<Vec<usize>>,
    /// The room between two ranks.
    pub down: f64,
    /// The room between two nodes of a rank.
    pub across: f64,
    /// The room between two lines.
    pub between: f64,
    /// How nodes stand to each other.
    pub course: Course,
}

/// Where everything is.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Of the whole; lines may reach beyond it.
    pub size: Size,
    /// The centres of the nodes.
    pub nodes: Vec<Point>,
    /// The lines: begin, bends, end. On the border of the nodes.
    pub ties: Vec<Vec<Point>>,
    /// The centres of the words on lines.
    pub labels: Vec<Option<Point>>,
    /// Centre and size of each group that has a member.
    pub groups: Vec<Option<(Point, Size)>>,
}

type Laid = Graph<NodeLabel, EdgeLabel>;

/// Lays a plan out; nothing where it is too large, or where the library fails.
pub fn lay_out(plan: &Plan) -> Option<Placed> {
    let known = |node: &usize| *node < plan.nodes.len();
    let fits = plan.nodes.len() <= NODES && plan.groups.len() <= NODES && span(plan) <= SPAN;
    let whole = plan.ties.iter().all(|tie| known(&tie.from) && known(&tie.to)) && plan.groups.iter().flatten().all(known);
    if !fits || !whole {
        return None;
    }
    catch_unwind(AssertUnwindSafe(|| laid(plan))).ok().flatten()
}

fn node_name(node: usize) -> String {
    format!("n{node}")
}

fn tie_name(tie: usize) -> String {
    format!("t{tie}")
}

fn group_name(group: usize) -> String {
    format!("g{group}")
}

fn laid(plan: &Plan) -> Option<Placed> {
    let mut graph: Laid = Graph::with_options(GraphOptions { directed: true, multigraph: true, compound: !plan.groups.is_empty() });
    for (node, size) in plan.nodes.iter().enumerate() {
        graph.set_node(node_name(node), Some(NodeLabel { width: size.width, height: size.height, ..NodeLabel::default() }));
    }
    let mut grouped = vec![false; plan.nodes.len()];
    for (group, members) in plan.groups.iter().enumerate() {
        for member in members.iter().filter(|member| !std::mem::replace(&mut grouped[**member], true)) {
            graph.set_node(group_name(group), Some(NodeLabel::default()));
            graph.set_parent(&node_name(*member), Some(&group_name(group)));
        }
    }
    for (tie, Tie { from, to, weight, label }) in plan.ties.iter().enumerate() {
        let size = label.unwrap_or_default();
        let label =
            EdgeLabel { weight: *weight, width: size.width, height: size.height, labelpos: LabelPos::Center, ..EdgeLabel::default() };
        graph.set_edge(node_name(*from), node_name(*to), Some(label), Some(&tie_name(tie)));
    }
    let align = match plan.course {
        Course::Free | Course::Low => None,
        // The alignment to the upper left keeps what was named first straight, and lays everything else beside it.
        Course::Spine => Some(Align::UL),
    };
    let options = LayoutOptions {
        ranker: if plan.course == Course::Low { Ranker::LongestPath } else { Ranker::TightTree },
        align,
        tie_keep_first: true,
        nodesep: plan.across,
        edgesep: plan.between,
        ranksep: plan.down,
        ..LayoutOptions::default()
    };
    dagre::layout(&mut graph, Some(options));
    read(plan, &graph)
}

fn read(plan: &Plan, graph: &Laid) -> Option<Placed> {
    let nodes: Option<Vec<Point>> = (0..plan.nodes.len()).map(|node| centre(graph, &node_name(node)).map(|(at, _)| at)).collect();
    let nodes = nodes?;
    let edges: Option<Vec<&EdgeLabel>> = plan
        .ties
        .iter()
        .enumerate()
        .map(|(tie, Tie { from, to, .. })| graph.edge(&node_name(*from), &node_name(*to), Some(&tie_name(tie))))
        .collect();
    let edges = edges?;
    let points = |edge: &&EdgeLabel| edge.points.iter().map(|at| finite(at.x, at.y)).collect::<Option<Vec<Point>>>();
    let ties: Option<Vec<Vec<Point>>> = edges.iter().map(points).collect();
    let labels = edges.iter().zip(&plan.ties).map(|(edge, tie)| tie.label.and_then(|_| finite(edge.x?, edge.y?))).collect();
    let right = nodes.iter().zip(&plan.nodes).map(|(at, size)| at.x + size.width / 2.0).fold(0.0, f64::max);
    let bottom = nodes.iter().zip(&plan.nodes).map(|(at, size)| at.y + size.height / 2.0).fold(0.0, f64::max);
    Some(Placed {
        size: Size { width: right, height: bottom },
        ties: ties?,
        labels,
        groups: (0..plan.groups.len()).map(|group| centre(graph, &group_name(group))).collect(),
        nodes,
    })
}

fn centre(graph: &Laid, name: &str) -> Option<(Point, Size)> {
    let node = graph.node(name)?;
    Some((finite(node.x?, node.y?)?, Size { width: node.width, height: node.height }))
}

fn finite(x: f64, y: f64) -> Option<Point> {
    (x.is_finite() && y.is_finite()).then_some(Point { x, y })
}

/// How many ranks the lines will span, about: each line becomes a chain of that many nodes of the library's own.
fn span(plan: &Plan) -> usize {
    let count = plan.nodes.len();
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); count];
    for tie in plan.ties.iter().filter(|tie| tie.from < count && tie.to < count) {
        after[tie.from].push(tie.to);
    }
    let order = outward(&after);
    let mut place = vec![0; count];
    order.iter().enumerate().for_each(|(at, node)| place[*node] = at);
    let mut rank = vec![0_usize; count];
    for node in &order {
        for next in after[*node].iter().filter(|next| place[**next] > place[*node]) {
            rank[*next] = rank[*next].max(rank[*node] + 1);
        }
    }
    plan.ties.iter().filter(|tie| tie.from < count && tie.to < count).map(|tie| rank[tie.from].abs_diff(rank[tie.to])).sum()
}

/// The nodes in an order in which each comes before those that it leads to, but for lines that lead back in a circle.
fn outward(after: &[Vec<usize>]) -> Vec<usize> {
    let mut seen = vec![false; after.len()];
    let mut order = Vec::with_capacity(after.len());
    for start in 0..after.len() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut open = vec![(start, 0)];
        while let Some((node, next)) = open.last_mut() {
            match after[*node].get(*next) {
                Some(to) => {
                    *next += 1;
                    if !std::mem::replace(&mut seen[*to], true) {
                        open.push((*to, 0));
                    }
                }
                None => {
                    order.push(*node);
                    open.pop();
                }
            }
        }
    }
    order.reverse();
    order
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOX: Size = Size { width: 200.0, height: 50.0 };

    fn plan(nodes: usize, ties: &[(usize, usize)], course: Course) -> Plan {
        let tie = |(from, to): &(usize, usize)| Tie { from: *from, to: *to, weight: 1, label: None };
        Plan {
            nodes: vec![BOX; nodes],
            ties: ties.iter().map(tie).collect(),
            groups: Vec::new(),
            down: 24.0,
            across: 14.0,
            between: 14.0,
            course,
        }
    }

    fn spine(nodes: usize, jumps: &[(usize, usize)]) -> Placed {
        let chain = (1..nodes).map(|node| (node - 1, node));
        let mut plan = plan(nodes, &chain.chain(jumps.iter().copied()).collect::<Vec<_>>(), Course::Spine);
        plan.ties[..nodes - 1].iter_mut().for_each(|tie| tie.weight = 8);
        lay_out(&plan).unwrap()
    }

    #[test]
    fn a_spine_is_straight_and_what_passes_by_keeps_to_its_right() {
        for jumps in [&[(2, 4), (5, 8)][..], &[(1, 6), (2, 5), (3, 7)], &[(1, 7), (2, 6), (3, 5)]] {
            let placed = spine(9, jumps);
            assert!(placed.nodes.iter().all(|at| (at.x - placed.nodes[0].x).abs() < 0.01), "{:?}", placed.nodes);
            let edge = placed.nodes[0].x + BOX.width / 2.0;
            for points in &placed.ties[8..] {
                assert!(points[1..points.len() - 1].iter().skip(1).rev().skip(1).all(|at| at.x > edge), "{points:?}");
            }
        }
    }

    #[test]
    fn lines_that_pass_the_same_node_keep_apart() {
        let placed = spine(8, &[(1, 6), (2, 5), (3, 7)]);
        let mut lanes: Vec<i64> = placed.ties[7..].iter().map(|points| points[points.len() / 2].x.round() as i64).collect();
        lanes.sort_unstable();
        assert!(lanes.windows(2).all(|pair| pair[1] - pair[0] >= 14), "{lanes:?}");
    }

    #[test]
    fn what_is_too_large_or_names_nothing_is_not_laid_out() {
        assert_eq!(lay_out(&plan(NODES + 1, &[], Course::Free)), None);
        assert_eq!(lay_out(&plan(2, &[(0, 2)], Course::Free)), None);
        let chain: Vec<(usize, usize)> = (1..NODES).map(|node| (node - 1, node)).chain((0..50).map(|from| (from, 199 - from))).collect();
        assert_eq!(lay_out(&plan(NODES, &chain, Course::Free)), None);
        assert!(lay_out(&plan(0, &[], Course::Free)).is_some());
    }

    prop_compose! {
        /// Any graph: loops, parallel lines, circles, parts that hang on nothing, groups that overlap.
        fn any_plan()(nodes in 0usize..24)(
            ties in prop::collection::vec((0..nodes.max(1), 0..nodes.max(1), 1i32..9, prop::option::of((1.0f64..200.0, 1.0f64..40.0))), if nodes == 0 { 0..1 } else { 0..32 }),
            groups in prop::collection::vec(prop::collection::vec(0..nodes.max(1), if nodes == 0 { 0..1 } else { 0..6 }), 0..4),
            heights in prop::collection::vec(0.0f64..300.0, nodes),
            course in prop::sample::select(vec![Course::Free, Course::Low, Course::Spine]),
        ) -> Plan {
            let empty = heights.is_empty();
            Plan {
                nodes: heights.iter().map(|height| Size { width: 200.0, height: *height }).collect(),
                ties: ties.iter().filter(|_| !empty).map(|(from, to, weight, label)| Tie {
                    from: *from, to: *to, weight: *weight, label: label.map(|(width, height)| Size { width, height }),
                }).collect(),
                groups: groups.into_iter().filter(|_| !empty).collect(),
                down: 24.0,
                across: 20.0,
                between: 14.0,
                course,
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

        #[test]
        fn every_graph_gets_an_answer_and_always_the_same(plan in any_plan()) {
            // The panic boundary is not what is tested here: without groups the library must not need it.
            let once = if plan.groups.is_empty() { laid(&plan) } else { lay_out(&plan) };
            prop_assert_eq!(&once, &lay_out(&plan));
            if plan.groups.is_empty() {
                let placed = once.unwrap();
                prop_assert_eq!(placed.nodes.len(), plan.nodes.len());
                prop_assert_eq!(placed.ties.len(), plan.ties.len());
            }
        }

        #[test]
        fn nodes_never_lie_on_each_other(plan in any_plan()) {
            let Some(placed) = lay_out(&plan).filter(|_| plan.groups.is_empty()) else { return Ok(()) };
            for (a, (at, size)) in placed.nodes.iter().zip(&plan.nodes).enumerate() {
                for (other, other_size) in placed.nodes.iter().zip(&plan.nodes).skip(a + 1) {
                    let beside = (at.x - other.x).abs() >= (size.width + other_size.width) / 2.0 - 0.01;
                    let below = (at.y - other.y).abs() >= (size.height + other_size.height) / 2.0 - 0.01;
                    prop_assert!(beside || below, "{at:?} {size:?} and {other:?} {other_size:?}");
                }
            }
        }
    }
}
