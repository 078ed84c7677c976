//! The map: processes and systems, what each needs and what breaks with it, directly and through others, each with the chain.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::check::reach::{StandIn, standing_in};
use crate::model::{Kind, PageIx, Side, StepIx, Target};
use crate::parse::value::PageKind;

use super::super::diagram::overview::overview;
use super::super::map::{COUNTED, LISTED, MAP, NAMES, stands};
use super::super::relative::relative;
use super::super::search::script::Call;
use super::risks::{Pager, pager};
use super::{Here, Link};

/// How many of those with which most breaks are named.
const HEAVIEST: usize = 5;
/// How many steps are named of processes that go on as a whole.
const STEPS: usize = 12;
/// The deepest that a line is set in.
const DEPTH: usize = 6;

/// A part of the map.
#[derive(Clone, Debug, Serialize)]
pub struct MapView {
    /// How many systems there are.
    pub systems: usize,
    /// How many processes there are that are in force or proposed.
    pub processes: usize,
    /// The drawing; on the first part only, and none where nothing needs anything.
    pub drawing: Option<DrawingView>,
    /// Those with which most breaks, the heaviest first.
    pub heaviest: Vec<HeavyView>,
    /// The systems and processes of this part, systems first, each by title.
    pub entries: Vec<EntryView>,
    /// The other parts.
    pub pager: Pager,
    /// The script that names what all parts list; none where there is one part.
    pub names: Option<String>,
}

/// What a map of several parts lists, and where.
#[derive(Debug, Serialize)]
struct Names<'a> {
    /// The parts, from where the script stands.
    parts: Vec<String>,
    /// Title, id, `system` or `process`, and part of each, in the order of the map.
    things: Vec<(&'a str, &'a str, &'static str, usize)>,
}

/// The drawing.
#[derive(Clone, Debug, Serialize)]
pub struct DrawingView {
    /// An `svg` element. The class of a node's box tells its number, `n3`; those of a line and of its arrow tell where it begins and ends,
    /// `f3` and `t5`.
    pub svg_html: String,
    /// Whether it shows all that need or are needed; else it shows what most hangs on.
    pub whole: bool,
    /// How many it shows.
    pub shown: usize,
    /// What needs nothing and is needed by nothing, and is therefore not drawn.
    pub alone: Vec<Link>,
}

/// A system or process with which much breaks.
#[derive(Clone, Debug, Serialize)]
pub struct HeavyView {
    /// Its place on the map.
    pub link: Link,
    /// How many processes and systems break with it.
    pub count: usize,
    /// Whether there may be more than `count`.
    pub more: bool,
}

/// A system or process.
#[derive(Clone, Debug, Serialize)]
pub struct EntryView {
    /// Its number, the same on all parts.
    pub number: usize,
    /// Its id, which is its anchor.
    pub id: String,
    /// Its page.
    pub page: Link,
    /// `system` or `process`.
    pub kind: &'static str,
    /// What kind of system, or how critical the process.
    pub what: Option<&'static str>,
    /// `proposed` or `active`.
    pub status: &'static str,
    /// What breaks with it.
    pub breaks: SideView,
    /// Steps that stop of processes that go on as a whole.
    pub steps: Vec<StoppedView>,
    /// How many more such steps there are.
    pub more_steps: usize,
    /// What it needs.
    pub needs: SideView,
    /// Whether its page says what it needs, be it nothing.
    pub needs_stated: bool,
    /// What can stand in for it.
    pub fallback: Vec<FallbackView>,
    /// The systems for which it can stand in.
    pub stands_in_for: Vec<Link>,
}

/// Steps of one process that stop.
#[derive(Clone, Debug, Serialize)]
pub struct StoppedView {
    /// The number of the process.
    pub number: usize,
    /// Its place on the map.
    pub process: Link,
    /// The steps.
    pub steps: Vec<Link>,
}

/// What stands in for a system.
#[derive(Clone, Debug, Serialize)]
pub struct FallbackView {
    /// Its place on the map.
    pub link: Link,
    /// Whether it breaks with it.
    pub fails: bool,
}

/// What a thing needs, or what breaks with it.
#[derive(Clone, Debug, Serialize)]
pub struct SideView {
    /// How many there are, directly and through others.
    pub count: usize,
    /// How many of them directly.
    pub direct: usize,
    /// Whether there may be more than `count`.
    pub more: bool,
    /// How many of them are not listed.
    pub unlisted: usize,
    /// Each below the one through which it comes.
    pub rows: Vec<RowView>,
}

/// A line of such a list.
#[derive(Clone, Debug, Serialize)]
pub struct RowView {
    /// Its number.
    pub number: usize,
    /// Its place on the map.
    pub link: Link,
    /// `system` or `process`.
    pub kind: &'static str,
    /// 1 for what is tied directly, 2 for what is tied through one of those; at most 6.
    pub depth: usize,
    /// The chain between it and the thing, from the thing outwards; empty for what is tied directly.
    pub through: Vec<String>,
    /// What stands in for it then: a fallback that does not break.
    pub instead: Option<Link>,
}

/// A part of the map.
pub fn map(here: &Here<'_>, part: usize) -> MapView {
    let map = &here.atlas.map;
    let heavy =
        |place: usize| HeavyView { link: on_map(here, map.things[place]), count: map.hanging[place], more: map.hanging[place] >= COUNTED };
    MapView {
        systems: map.systems,
        processes: map.things.len() - map.systems,
        drawing: (part == 0).then(|| drawing(here)).flatten(),
        heaviest: if part == 0 { map.heaviest(HEAVIEST).into_iter().map(heavy).collect() } else { Vec::new() },
        entries: map.part(part).map(|place| entry(here, place)).collect(),
        pager: pager(here, &map.urls, part),
        names: (map.urls.len() > 1).then(|| relative(here.at.url, NAMES)),
    }
}

/// The script that names what all parts list.
pub fn names(here: &Here<'_>) -> anyhow::Result<Vec<u8>> {
    let map = &here.atlas.map;
    let thing = |part: usize, place: usize| {
        let page = &here.atlas.handbook.pages[map.things[place]];
        (page.title(), page.id.as_str(), page.page_kind().name(), part)
    };
    let names = Names {
        parts: map.urls.iter().map(|url| relative(MAP, url)).collect(),
        things: (0..map.urls.len()).flat_map(|part| map.part(part).map(move |place| thing(part, place))).collect(),
    };
    Ok(Call::new("mapNames", &names)?.finish())
}

fn drawing(here: &Here<'_>) -> Option<DrawingView> {
    let overview = overview(here)?;
    Some(DrawingView {
        svg_html: overview.svg,
        whole: overview.whole,
        shown: overview.shown.len(),
        alone: overview.alone.iter().map(|place| on_map(here, here.atlas.map.things[*place])).collect(),
    })
}

fn kind(here: &Here<'_>, page: PageIx) -> &'static str {
    here.atlas.handbook.pages[page].page_kind().name()
}

/// A link to where a page stands on the map.
fn on_map(here: &Here<'_>, page: PageIx) -> Link {
    let link = here.page(page);
    Link { href: here.map(page).unwrap_or(link.href), title: link.title }
}

fn entry(here: &Here<'_>, place: usize) -> EntryView {
    let (atlas, page) = (here.atlas, here.atlas.map.things[place]);
    let handbook = atlas.handbook;
    let model = &handbook.pages[page];
    let (what, stated, fallback) = match &model.kind {
        Kind::System(system) => {
            let keys = model.system_keys();
            let what = keys.and_then(|keys| keys.system_type.as_ref()).map(|kind| kind.value.name());
            (what, keys.is_some_and(|keys| keys.depends_on.is_some()), system.fallback.as_slice())
        }
        _ => (Some(model.criticality().name()), true, &[][..]),
    };
    let breaks = side(here, page, Side::Needing);
    let (steps, more_steps) = steps(here, page);
    EntryView {
        number: place,
        id: model.id.clone(),
        page: here.page(page),
        kind: kind(here, page),
        what,
        status: model.status().name(),
        breaks,
        steps,
        more_steps,
        needs: side(here, page, Side::Needed),
        needs_stated: stated,
        fallback: fallback
            .iter()
            .map(|other| FallbackView { link: on_map(here, other.page), fails: handbook.needs.hangs_on(other.page, page) })
            .collect(),
        stands_in_for: atlas.map.stands_in_for.get(&page).into_iter().flatten().map(|other| on_map(here, *other)).collect(),
    }
}

/// What lies on one side of a thing, each below the one through which it comes.
fn side(here: &Here<'_>, page: PageIx, side: Side) -> SideView {
    let handbook = here.atlas.handbook;
    let found = handbook.needs.around(page, side, COUNTED);
    let mut below: HashMap<PageIx, Vec<PageIx>> = HashMap::new();
    found.iter().for_each(|(other, next)| below.entry(*next).or_default().push(*other));
    let counted = |other: &PageIx| stands(handbook, *other);
    let count = found.iter().filter(|(other, _)| counted(other)).count();
    // The nearest are listed where not all are.
    let listed: HashSet<PageIx> = found.iter().map(|(other, _)| *other).filter(counted).take(LISTED).collect();
    let mut rows = Vec::with_capacity(listed.len());
    let mut chain: Vec<PageIx> = Vec::new();
    let children = |of: &PageIx| {
        let mut pages = below.get(of).cloned().unwrap_or_default();
        // What carries others first would jump about; the order of the map is the one that readers know.
        pages.sort_by_key(|page| here.atlas.map.place.get(page).copied());
        pages.reverse();
        pages
    };
    let mut open: Vec<(PageIx, usize)> = children(&page).into_iter().map(|child| (child, 0)).collect();
    while let Some((at, depth)) = open.pop() {
        chain.truncate(depth);
        if let Some(number) = here.atlas.map.place.get(&at).filter(|_| listed.contains(&at)) {
            rows.push(RowView {
                number: *number,
                link: on_map(here, at),
                kind: kind(here, at),
                depth: (depth + 1).min(DEPTH),
                through: chain.iter().map(|between| handbook.pages[*between].title().to_owned()).collect(),
                instead: (side == Side::Needing).then(|| instead(here, at, page)).flatten(),
            });
        }
        chain.push(at);
        open.extend(children(&at).into_iter().map(|child| (child, depth + 1)));
    }
    SideView {
        count,
        direct: below.get(&page).into_iter().flatten().filter(|other| counted(other)).count(),
        more: found.len() == COUNTED,
        unlisted: count - rows.len(),
        rows,
    }
}

fn instead(here: &Here<'_>, page: PageIx, failed: PageIx) -> Option<Link> {
    match standing_in(here.atlas.handbook, page, failed)? {
        StandIn::System(system) => Some(on_map(here, system)),
        StandIn::Unknown => None,
    }
}

/// Steps that need a thing, or a system that breaks with it, of processes that go on as a whole: those of other tracks than the first.
fn steps(here: &Here<'_>, page: PageIx) -> (Vec<StoppedView>, usize) {
    let (atlas, handbook) = (here.atlas, here.atlas.handbook);
    let around = handbook.needs.around(page, Side::Needing, COUNTED);
    let broken: HashSet<PageIx> = around.iter().map(|(other, _)| *other).chain([page]).collect();
    let gone = std::iter::once(page).chain(around.iter().map(|(other, _)| *other));
    let systems = gone.filter(|other| handbook.pages[*other].page_kind() == PageKind::System || *other == page);
    let mut seen = HashSet::new();
    let uses = systems.flat_map(|system| atlas.uses.get(&system).into_iter().flatten());
    let going = uses.filter(|used| atlas.counts(used.process) && !broken.contains(&used.process));
    let mut steps: Vec<_> = going.filter_map(|used| used.step).filter(|step| seen.insert(*step)).take(COUNTED).collect();
    steps.sort_unstable();
    let more = steps.len().saturating_sub(STEPS);
    steps.truncate(STEPS);
    let of_process = |steps: &[StepIx]| {
        let process = steps[0].page;
        StoppedView {
            number: atlas.map.place.get(&process).copied().unwrap_or_default(),
            process: on_map(here, process),
            steps: steps.iter().map(|step| here.short(Target::Step(*step))).collect(),
        }
    };
    (steps.chunk_by(|one, other| one.page == other.page).map(of_process).collect(), more)
}
