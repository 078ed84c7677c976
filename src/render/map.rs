//! What stands on the map: every process and system that counts, in the order of its lists, cut into parts. Looked up once for the
//! whole site, and no wider than a bound for each of them, so that it grows with the handbook and not with its square.

use std::collections::HashMap;

use crate::model::{Handbook, Kind, PageIx, Side};
use crate::parse::value::{PageKind, Status};

use super::register::{ROWS, part_url};

/// The URL of the map.
pub const MAP: &str = "/map/";
/// The URL of the names of everything on a map of several parts, so that each part finds what the others list.
pub const NAMES: &str = "/map/names.js";
/// How many of what hangs on a thing are counted before it is just more.
pub const COUNTED: usize = 1000;
/// How many lines a list of what a thing needs, or what breaks with it, has at most.
pub const LISTED: usize = 100;
/// How many lines a part of the map has at most, all its lists together.
const LINES: usize = 2000;

/// The map in its parts.
#[derive(Debug, Default)]
pub struct Map {
    /// Systems, then processes, each by title; a thing is called by its place here.
    pub things: Vec<PageIx>,
    /// How many of them are systems.
    pub systems: usize,
    /// The place of each.
    pub place: HashMap<PageIx, usize>,
    /// How many processes and systems break with each, directly and through others; [`COUNTED`] means as many or more.
    pub hanging: Vec<usize>,
    /// The systems for which each stands in.
    pub stands_in_for: HashMap<PageIx, Vec<PageIx>>,
    /// The URL of each part; there is at least one.
    pub urls: Vec<String>,
    /// The part in which each thing is listed.
    part_of: Vec<usize>,
}

/// Whether a page stands on the map: a system, or a process that is not retired.
pub fn stands(handbook: &Handbook, page: PageIx) -> bool {
    let page = &handbook.pages[page];
    matches!(page.page_kind(), PageKind::Process | PageKind::System) && page.status() != Status::Retired
}

impl Map {
    /// The map of a handbook.
    pub fn new(handbook: &Handbook) -> Self {
        let of_kind = |kind: PageKind| {
            let mut pages: Vec<PageIx> = handbook.of_kind(kind).filter(|page| stands(handbook, *page)).collect();
            pages.sort_by_cached_key(|page| (handbook.pages[*page].title().to_lowercase(), *page));
            pages
        };
        let mut things = of_kind(PageKind::System);
        let systems = things.len();
        things.extend(of_kind(PageKind::Process));
        let mut stands_in_for: HashMap<PageIx, Vec<PageIx>> = HashMap::new();
        for page in &things {
            if let Kind::System(system) = &handbook.pages[*page].kind {
                system.fallback.iter().for_each(|fallback| stands_in_for.entry(fallback.page).or_default().push(*page));
            }
        }
        let count = |page: PageIx, side: Side, most: usize| {
            let around = handbook.needs.around(page, side, most);
            around.into_iter().filter(|(other, _)| stands(handbook, *other)).count()
        };
        let hanging: Vec<usize> = things.iter().map(|page| count(*page, Side::Needing, COUNTED)).collect();
        let lines = things.iter().zip(&hanging).map(|(page, hanging)| 1 + count(*page, Side::Needed, LISTED) + (*hanging).min(LISTED));
        let part_of = parted(lines);
        let parts = part_of.last().map_or(1, |last| last + 1);
        let taken: std::collections::HashSet<&str> = handbook.pages.iter().map(|page| page.url.as_str()).collect();
        Self {
            place: things.iter().enumerate().map(|(place, page)| (*page, place)).collect(),
            hanging,
            stands_in_for,
            urls: (0..parts).map(|part| part_url(MAP, part, |url| taken.contains(url))).collect(),
            part_of,
            systems,
            things,
        }
    }

    /// The URL of the part in which a page is listed; none where it does not stand on the map.
    pub fn url_of(&self, page: PageIx) -> Option<&str> {
        let place = self.place.get(&page)?;
        self.urls.get(self.part_of[*place]).map(String::as_str)
    }

    /// The places of what a part lists.
    pub fn part(&self, part: usize) -> std::ops::Range<usize> {
        self.part_of.partition_point(|of| *of < part)..self.part_of.partition_point(|of| *of <= part)
    }

    /// The places of those with which most breaks, at most so many, the heaviest first; none with which nothing breaks.
    pub fn heaviest(&self, most: usize) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.things.len()).filter(|place| self.hanging[*place] > 0).collect();
        places.sort_by_key(|place| (std::cmp::Reverse(self.hanging[*place]), *place));
        places.truncate(most);
        places
    }
}

/// The part of each thing, by how many lines it takes.
fn parted(lines: impl Iterator<Item = usize>) -> Vec<usize> {
    let (mut part, mut things, mut used) = (0, 0, 0);
    let places = lines.map(|lines| {
        if things == ROWS || (things > 0 && used + lines > LINES) {
            (part, things, used) = (part + 1, 0, 0);
        }
        things += 1;
        used += lines;
        part
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_end_after_500_things_or_2000_lines() {
        assert_eq!(parted([1].into_iter().cycle().take(501)).last(), Some(&1));
        assert_eq!(parted([1].into_iter().cycle().take(500)).last(), Some(&0));
        assert_eq!(parted([201].into_iter().cycle().take(20)), [vec![0; 9], vec![1; 9], vec![2; 2]].concat());
        assert_eq!(parted([5000, 1].into_iter()), [0, 1]);
    }
}
