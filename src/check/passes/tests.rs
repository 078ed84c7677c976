//! Random small processes, written as pages: the analysis against a walk through everything that can have happened before each step.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::{self, Drafts, Parts};
use crate::settings::Settings;
use crate::source::{PagePath, Source};

/// A step by its track and place in it.
type At = (usize, usize);

/// A reference as an author writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    Track(usize),
    Step(At),
}

#[derive(Clone, Debug)]
enum Then {
    Order,
    End,
    Next(To),
    Branches(Vec<To>),
}

#[derive(Clone, Debug)]
struct Plan {
    then: Then,
    on_timeout: Option<To>,
    takeover: Option<To>,
    recover: Option<Vec<To>>,
}

#[derive(Clone, Debug)]
struct Flow {
    tracks: Vec<Vec<Plan>>,
    /// The recovery of a failure mode of the whole process.
    whole: Option<Vec<To>>,
}

fn name((track, step): At) -> String {
    format!("s{track}{step}")
}

impl To {
    fn written(self) -> String {
        match self {
            To::Track(0) => "\"#steps\"".to_owned(),
            To::Track(track) => format!("\"#steps-{track}\""),
            To::Step(step) => format!("\"#{}\"", name(step)),
        }
    }

    fn first(self) -> At {
        match self {
            To::Track(track) => (track, 0),
            To::Step(step) => step,
        }
    }
}

fn list(to: &[To]) -> String {
    format!("[{}]", to.iter().map(|to| to.written()).collect::<Vec<_>>().join(", "))
}

impl Flow {
    fn page(&self) -> String {
        let mut page = "```page\nkind = \"process\"\ntitle = \"P\"\n```\n".to_owned();
        for (track, steps) in self.tracks.iter().enumerate() {
            let _ = match track {
                0 => writeln!(page, "\n## Steps\n"),
                _ => writeln!(page, "\n## Steps {track}\n"),
            };
            for (step, plan) in steps.iter().enumerate() {
                let _ = writeln!(page, "1. **{}.**\n", name((track, step)));
                let mut facts = String::new();
                let kind = if let Then::Branches(branches) = &plan.then {
                    for to in branches {
                        let _ = writeln!(facts, "   [[branch]]\n   when = \"so\"\n   to = {}", to.written());
                    }
                    "decision"
                } else {
                    let _ = match plan.then {
                        Then::End => writeln!(facts, "   end = true"),
                        Then::Next(to) => writeln!(facts, "   next = {}", to.written()),
                        _ => Ok(()),
                    };
                    if let Some(to) = plan.takeover {
                        let _ = writeln!(facts, "   takeover = {}", to.written());
                    }
                    "step"
                };
                let timeout = plan.on_timeout.map_or_else(String::new, |to| format!("   on_timeout = {}\n", to.written()));
                let _ = writeln!(page, "   ```{kind}\n   id = \"{}\"\n{timeout}{facts}   ```\n", name((track, step)));
                if let Some(path) = &plan.recover {
                    let block = "   class = \"technical\"\n   title = \"M\"";
                    let id = format!("   id = \"m{}\"", name((track, step)));
                    let _ = writeln!(page, "   ```failure\n{block}\n{id}\n   recover = {{ path = {} }}\n   ```\n", list(path));
                }
            }
        }
        if let Some(path) = &self.whole {
            let _ = writeln!(page, "\n## Failures\n\n```failure\nclass = \"human\"\ntitle = \"W\"");
            let _ = writeln!(page, "recover = {{ path = {} }}\n```", list(path));
        }
        page
    }

    fn on(&self, to: To) -> Vec<At> {
        match to {
            To::Step(step) => vec![step],
            To::Track(track) => (0..self.tracks[track].len()).map(|step| (track, step)).collect(),
        }
    }

    fn steps(&self) -> impl Iterator<Item = (At, &Plan)> {
        let of_track = |(track, steps): (usize, &'_ Vec<Plan>)| (0..steps.len()).map(move |step| (track, step)).collect::<Vec<_>>();
        self.tracks.iter().enumerate().flat_map(of_track).map(|at| (at, &self.tracks[at.0][at.1]))
    }

    /// Where a step leads by itself.
    fn onward(&self, (track, step): At) -> Vec<To> {
        let plan = &self.tracks[track][step];
        let mut to = match &plan.then {
            Then::End => Vec::new(),
            Then::Next(to) => vec![*to],
            Then::Branches(branches) => branches.clone(),
            Then::Order if step + 1 < self.tracks[track].len() => vec![To::Step((track, step + 1))],
            Then::Order => Vec::new(),
        };
        to.extend(plan.on_timeout);
        to
    }

    /// Every reference from a step, or from a failure mode in it, with what is done between.
    fn references(&self, at: At) -> Vec<(Vec<At>, To)> {
        let plan = &self.tracks[at.0][at.1];
        let takeover = plan.takeover.filter(|_| !matches!(plan.then, Then::Branches(_)));
        let mut all: Vec<(Vec<At>, To)> = takeover.into_iter().map(|to| (Vec::new(), to)).collect();
        let mut before = Vec::new();
        let mut seen = Vec::new();
        for to in plan.recover.iter().flatten() {
            if !seen.contains(to) {
                seen.push(*to);
                all.push((before.clone(), *to));
                before.extend(self.on(*to));
            }
        }
        all
    }

    /// Whether references by that name lead into a track.
    fn names(&self, track: usize) -> Option<To> {
        let refers = |wanted: To| {
            let refers =
                |(at, _): (At, &Plan)| self.onward(at).contains(&wanted) || self.references(at).iter().any(|(_, to)| *to == wanted);
            self.steps().any(refers)
        };
        [To::Track(track), To::Step((track, 0))].into_iter().find(|to| refers(*to))
    }

    fn edges(&self, at: At) -> Vec<(Vec<At>, At)> {
        let flow = self.onward(at).into_iter().map(|to| (Vec::new(), to.first()));
        let enters = |(_, to): &(Vec<At>, To)| to.first().1 == 0 && to.first().0 > 0 && self.names(to.first().0) == Some(*to);
        flow.chain(self.references(at).into_iter().filter(enters).map(|(before, to)| (before, to.first()))).collect()
    }

    fn begins(&self) -> Vec<At> {
        let mut begins: Vec<At> =
            (0..self.tracks.len()).filter(|track| *track == 0 || self.names(*track).is_none()).map(|t| (t, 0)).collect();
        for track in 1..self.tracks.len() {
            let reached: BTreeSet<At> = self.walks(&begins, |_, ()| ()).into_iter().map(|((at, ()), _)| at).collect();
            let from = self.steps().filter(|(at, _)| self.edges(*at).iter().any(|(_, to)| *to == (track, 0)));
            let waits = from.into_iter().any(|((from, _), _)| reached.contains(&(from, 0)));
            if !reached.contains(&(track, 0)) && !waits {
                begins.push((track, 0));
            }
        }
        begins
    }

    /// Every state in which a step can be reached, with the fewest steps that lead there, itself included.
    fn walks<S: Copy + Ord + Default>(&self, begins: &[At], pass: impl Fn(At, S) -> S) -> BTreeMap<(At, S), usize> {
        let mut known: BTreeMap<(At, S), usize> = BTreeMap::new();
        let mut open: BTreeSet<(usize, At, S)> = begins.iter().map(|at| (1, *at, S::default())).collect();
        while let Some((length, at, state)) = open.pop_first() {
            if known.contains_key(&(at, state)) {
                continue;
            }
            known.insert((at, state), length);
            let after = pass(at, state);
            for (before, to) in self.edges(at) {
                open.insert((length + before.len() + 1, to, before.iter().fold(after, |state, at| pass(*at, state))));
            }
        }
        known
    }
}

/// Track sizes, and for each step numbers from which its plan is made.
fn flows() -> impl Strategy<Value = Flow> {
    let step = (0u8..9, proptest::collection::vec(any::<prop::sample::Index>(), 6), 0u8..64);
    let tracks = proptest::collection::vec(proptest::collection::vec(step, 1..4), 1..4);
    (tracks, proptest::option::weighted(0.2, proptest::collection::vec(any::<prop::sample::Index>(), 1..3))).prop_map(|(numbers, whole)| {
        let mut all: Vec<To> = Vec::new();
        for (track, steps) in numbers.iter().enumerate() {
            all.extend([To::Track(track), To::Track(track)]);
            all.extend((0..steps.len()).map(|step| To::Step((track, step))));
        }
        let to = |index: &prop::sample::Index| *index.get(&all);
        let plan = |(kind, indexes, more): &(u8, Vec<prop::sample::Index>, u8)| Plan {
            then: match kind {
                0 => Then::End,
                1 => Then::Next(to(&indexes[0])),
                2 => Then::Branches(vec![to(&indexes[0]), to(&indexes[1])]),
                _ => Then::Order,
            },
            on_timeout: (more % 8 == 0).then(|| to(&indexes[2])),
            takeover: (more % 4 == 1).then(|| to(&indexes[3])),
            recover: (more / 8 % 3 == 0).then(|| indexes[4..5 + usize::from(more / 24 % 2 == 0)].iter().map(to).collect()),
        };
        let tracks = numbers.iter().map(|steps| steps.iter().map(plan).collect()).collect();
        Flow { tracks, whole: whole.map(|whole| whole.iter().map(to).collect()) }
    })
}

/// A handbook of one page.
fn handbook(page: &str) -> Handbook {
    let settings = Arc::new(Settings::default());
    let source = Source::new(PagePath::new("content/p.md"), page);
    let documents = vec![Arc::new(crate::parse::parse(&source, &settings.parse_rules()))];
    let today = jiff::civil::date(2026, 11, 20);
    model::build(Parts { settings, documents, assets: Vec::new(), today, drafts: Drafts::Out }).0
}

fn at(step: StepIx) -> At {
    (step.track, step.step)
}

proptest! {
    #[test]
    fn what_always_holds_is_what_holds_on_every_walk(flow in flows(), numbers in proptest::collection::vec(0u64..4, 9)) {
        let handbook = &handbook(&flow.page());
        let index: BTreeMap<At, usize> = flow.steps().enumerate().map(|(index, (at, _))| (at, index)).collect();
        prop_assert_eq!(handbook.steps(0).count(), index.len(), "{}", flow.page());
        // Bits 0 and 1 come and go as guards do; a bit for each step, set when it is passed, as requirements are.
        let pass = |at: At, facts: Facts| {
            let number = numbers[index[&at]];
            let guarded = if number == 0 { facts & !1 } else if number == 1 { facts | 1 } else { facts };
            guarded | 4 << index[&at]
        };
        let ways = Ways::of(handbook, 0);
        let always = ways.always(|step, facts| pass(at(step), facts));
        let walks = flow.walks(&flow.begins(), pass);
        for step in handbook.steps(0).map(|step| step.at) {
            let here = walks.iter().filter(|((place, _), _)| *place == at(step));
            let expected = here.clone().map(|((_, facts), _)| *facts).reduce(|one, other| one & other);
            prop_assert_eq!(always.get(&step).copied(), expected, "{:?} in\n{}", at(step), flow.page());
            for fact in [1, 4, 8, 16] {
                let shortest = ways.without(fact, |step, facts| pass(at(step), facts));
                let without = here.clone().filter(|((_, facts), _)| facts & fact == 0).map(|(_, length)| *length).min();
                let way = shortest.to(step);
                prop_assert_eq!(way.as_ref().map(Vec::len), without, "{:?} without {} in\n{}", at(step), fact, flow.page());
                prop_assert!(way.is_none_or(|way| way.last() == Some(&step)));
            }
        }
    }
}
