//! Steps -> the lanes beside them: ways of the normal flow that pass steps by, bundled, few enough to be followed, and how far out each runs.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use super::chart::DOWN;
use super::graph::Step;
use super::layout::{Course, Plan, Point, Size, Tie, lay_out};
use super::measure::STEP;

/// Between two lanes.
const LANE: f64 = 12.0;
/// Steps that a lane may pass by; a way that leads farther is only told, since nobody follows a line across two screens.
const FAR: usize = 10;
/// Lanes that may pass the same step.
const LANES: usize = 4;

/// Ways of the normal flow that pass steps by and run together: out of one step to several, or out of several into one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lane {
    pub(super) from: Vec<usize>,
    pub(super) to: Vec<usize>,
    /// How far it runs to the left of the steps.
    pub(super) away: f64,
}

impl Lane {
    pub(super) fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.from.iter().chain(&self.to).copied()
    }

    pub(super) fn top(&self) -> usize {
        self.rows().min().unwrap_or(0)
    }

    pub(super) fn bottom(&self) -> usize {
        self.rows().max().unwrap_or(0)
    }

    /// The step at which they all begin, or all end; it lies at the top or at the bottom.
    pub(super) fn hub(&self) -> usize {
        if self.from.len() == 1 { self.from[0] } else { self.to[0] }
    }
}

/// The lanes of a track; nothing where they cannot be laid out.
pub(super) fn lanes(steps: &[Step]) -> Option<Vec<Lane>> {
    let mut lanes = Vec::new();
    for mut part in parts(few(bundled(jumps(steps)), steps.len())) {
        lay(&mut part)?;
        lanes.append(&mut part);
    }
    Some(lanes)
}

/// The ways of the normal flow that pass steps by and are near enough to be followed.
fn jumps(steps: &[Step]) -> Vec<(usize, usize)> {
    let all = steps.iter().enumerate().flat_map(|(from, step)| step.then.iter().map(move |to| (from, *to)));
    all.filter(|(from, to)| *to != from + 1 && to != from && from.abs_diff(*to) <= FAR).collect()
}

/// Ways that may run together: several out of one step, then several into one, those that lead on apart from those that lead back.
fn bundled(mut jumps: Vec<(usize, usize)>) -> Vec<Lane> {
    let mut lanes = Vec::new();
    for end in [|jump: &(usize, usize)| (jump.0, jump.1 > jump.0), |jump: &(usize, usize)| (jump.1, jump.1 > jump.0)] {
        let mut left: Vec<(usize, usize)> = Vec::new();
        while let Some(first) = jumps.first().copied() {
            let (alike, rest): (Vec<_>, Vec<_>) = jumps.drain(..).partition(|jump| end(jump) == end(&first));
            jumps = rest;
            if alike.len() == 1 {
                left.extend(alike);
                continue;
            }
            lanes.push(lane(&alike));
        }
        jumps = left;
    }
    lanes.extend(jumps.into_iter().map(|jump| lane(&[jump])));
    lanes
}

fn lane(jumps: &[(usize, usize)]) -> Lane {
    let once = |rows: &mut Vec<usize>| {
        rows.sort_unstable();
        rows.dedup();
    };
    let (mut from, mut to): (Vec<usize>, Vec<usize>) = jumps.iter().copied().unzip();
    once(&mut from);
    once(&mut to);
    Lane { from, to, away: LANE }
}

/// The lanes that stay legible: the shortest first, and no more beside one step than [`LANES`].
fn few(mut lanes: Vec<Lane>, rows: usize) -> Vec<Lane> {
    lanes.sort_by_key(|lane| (lane.bottom() - lane.top(), lane.top()));
    let mut beside = vec![0_usize; rows];
    lanes.retain(|lane| {
        let passed = lane.top()..lane.bottom();
        let room = beside[passed.clone()].iter().all(|count| *count < LANES);
        if room {
            beside[passed].iter_mut().for_each(|count| *count += 1);
        }
        room
    });
    lanes
}

/// Lanes in parts that have nothing to do with each other.
fn parts(mut lanes: Vec<Lane>) -> Vec<Vec<Lane>> {
    lanes.sort_by_key(|lane| (lane.top(), lane.bottom()));
    let mut parts: Vec<(usize, Vec<Lane>)> = Vec::new();
    for lane in lanes {
        match parts.last_mut() {
            Some((end, part)) if lane.top() < *end => {
                *end = (*end).max(lane.bottom());
                part.push(lane);
            }
            _ => parts.push((lane.bottom(), vec![lane])),
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

/// Finds out how far from the steps each lane runs. A lane that is alone runs beside the steps; several are laid out among the steps at
/// which they begin and end. Other steps change nothing, but the time that it takes.
fn lay(lanes: &mut [Lane]) -> Option<()> {
    if lanes.len() < 2 {
        return Some(());
    }
    let mut reached: Vec<usize> = lanes.iter().flat_map(|lane| [lane.top(), lane.bottom()]).collect();
    reached.sort_unstable();
    reached.dedup();
    let node = |row: usize| reached.binary_search(&row).unwrap_or(0);
    // What leads back is laid out as what leads on: a lane is a lane either way.
    let ends: Vec<(usize, usize)> = lanes.iter().map(|lane| (node(lane.top()), node(lane.bottom()))).collect();
    for (lane, away) in lanes.iter_mut().zip(order(ends)?) {
        lane.away = away;
    }
    // The library has put them into an order, and leaves gaps between them; they close up to the steps in that order.
    lanes.sort_by(|a, b| a.away.total_cmp(&b.away));
    for index in 0..lanes.len() {
        let (nearer, rest) = lanes.split_at_mut(index);
        let Some(lane) = rest.first_mut() else { continue };
        let overlaps = |other: &&Lane| other.top() <= lane.bottom() && lane.top() <= other.bottom();
        lane.away = nearer.iter().filter(overlaps).map(|other| other.away).fold(0.0, f64::max) + LANE;
    }
    Some(())
}

/// How far out lanes lie among the few nodes of a spine at which they begin and end. The same few patterns come back in every process of a
/// handbook, and the library takes longer over one than everything else over a diagram, so each is laid out once.
fn order(ends: Vec<(usize, usize)>) -> Option<Vec<f64>> {
    type Orders = HashMap<Vec<(usize, usize)>, Option<Vec<f64>>>;
    static KNOWN: LazyLock<RwLock<Orders>> = LazyLock::new(RwLock::default);
    const KEPT: usize = 4096;
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&ends) {
        return known.clone();
    }
    let nodes = ends.iter().map(|(_, to)| to + 1).max().unwrap_or(0);
    let spine = (1..nodes).map(|node| Tie { from: node - 1, to: node, weight: 8, label: None });
    let passing = ends.iter().map(|(from, to)| Tie { from: *from, to: *to, weight: 1, label: None });
    let placed = lay_out(&Plan {
        nodes: vec![Size { width: STEP, height: DOWN }; nodes],
        ties: spine.chain(passing).collect(),
        groups: Vec::new(),
        down: DOWN,
        across: LANE,
        between: LANE,
        course: Course::Spine,
    });
    let outermost = |points: &Vec<Point>| points.iter().map(|at| at.x).fold(0.0, f64::max);
    let found: Option<Vec<f64>> = placed.map(|placed| placed.ties[nodes - 1..].iter().map(outermost).collect());
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() < KEPT {
        known.insert(ends, found.clone());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_that_nobody_can_follow_are_only_told() {
        let step = |number: usize, then: &[usize]| Step {
            number,
            title: String::new(),
            href: String::new(),
            what: super::super::graph::What::Human,
            role: None,
            minutes: None,
            then: then.to_vec(),
            end: false,
            outlets: Vec::new(),
        };
        let steps: Vec<Step> = (0..20)
            .map(|at| {
                step(
                    at + 1,
                    if at == 0 {
                        &[1, 3, 19]
                    } else if at == 5 {
                        &[5, 2]
                    } else {
                        &[]
                    },
                )
            })
            .collect();
        assert_eq!(jumps(&steps), [(0, 3), (5, 2)]);
    }

    fn rows(lanes: &[Lane]) -> Vec<(Vec<usize>, Vec<usize>)> {
        lanes.iter().map(|lane| (lane.from.clone(), lane.to.clone())).collect()
    }

    #[test]
    fn ways_out_of_one_step_run_together_and_ways_into_one() {
        let lanes = bundled(vec![(4, 6), (4, 7), (4, 8), (5, 9), (6, 9), (7, 9), (9, 2)]);
        assert_eq!(rows(&lanes), [(vec![4], vec![6, 7, 8]), (vec![5, 6, 7], vec![9]), (vec![9], vec![2])]);
    }

    #[test]
    fn no_more_lanes_run_beside_a_step_than_stay_legible() {
        let nested: Vec<Lane> = (0..8).map(|at| lane(&[(at, 20 - at)])).collect();
        assert_eq!(rows(&few(nested, 21)), [(vec![7], vec![13]), (vec![6], vec![14]), (vec![5], vec![15]), (vec![4], vec![16])]);
    }

    #[test]
    fn parts_that_only_meet_at_a_step_are_laid_out_apart() {
        let lanes = [(2, 4), (4, 6), (9, 7), (8, 12)].map(|jump| lane(&[jump]));
        let sizes: Vec<usize> = parts(lanes.to_vec()).iter().map(Vec::len).collect();
        assert_eq!(sizes, [1, 1, 2]);
    }
}
