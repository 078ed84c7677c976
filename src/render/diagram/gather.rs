//! A diagram with too many failure modes at one step -> the same diagram with those drawn as one, so that a large process stays legible.

use crate::parse::value::CLASSES;

use super::graph::{Class, Diagram, End, EndKind, Kind, Outlet, Step};

/// Failure modes that are drawn one by one at a step.
const APART: usize = 2;
/// The same, where the first track has more steps than [`LARGE`].
const APART_IN_LARGE: usize = 1;
const LARGE: usize = 24;
/// Failure modes of the whole process that are drawn one by one.
const ANYWHERE: usize = 6;

/// The diagram as it is drawn. `all` is where every failure mode of the process is listed.
pub fn gathered(diagram: &Diagram, all: &str) -> Diagram {
    let large = diagram.tracks.first().is_some_and(|track| track.steps.len() > LARGE);
    let apart = if large { APART_IN_LARGE } else { APART };
    let mut gathered = diagram.clone();
    for step in gathered.tracks.iter_mut().flat_map(|track| &mut track.steps) {
        let Step { outlets, href, .. } = step;
        gather(outlets, apart, href);
    }
    gather(&mut gathered.anywhere, ANYWHERE, all);
    gathered
}

/// Puts one outlet in the place of the failure modes, where there are more than `apart`.
fn gather(outlets: &mut Vec<Outlet>, apart: usize, href: &str) {
    let is_mode = |outlet: &Outlet| matches!(outlet.kind, Kind::Mode(_));
    let count = outlets.iter().filter(|outlet| is_mode(outlet)).count();
    let Some(first) = outlets.iter().position(is_mode).filter(|_| count > apart) else { return };
    let (modes, mut rest): (Vec<Outlet>, Vec<Outlet>) = outlets.drain(..).partition(is_mode);
    let together =
        Outlet { text: format!("{count} failure modes"), href: Some(href.to_owned()), to: ends(&modes), kind: Kind::Modes(classes(modes)) };
    rest.insert(first, together);
    *outlets = rest;
}

/// Where they lead: each place once, places first, then words, then what nobody says.
fn ends(modes: &[Outlet]) -> Vec<End> {
    let mut ends: Vec<End> = Vec::new();
    for end in modes.iter().flat_map(|mode| &mode.to) {
        let same = |known: &End| known.kind == end.kind && (known.href == end.href || matches!(end.kind, EndKind::Hole | EndKind::Words));
        if !ends.iter().any(same) {
            ends.push(end.clone());
        }
    }
    ends.sort_by_key(|end| match end.kind {
        EndKind::Hole => 2,
        EndKind::Words => 1,
        _ => 0,
    });
    ends
}

/// How many there are of each class: the four in their order, then others in order of mention.
fn classes(modes: Vec<Outlet>) -> Vec<(Class, usize)> {
    let mut counts: Vec<(Class, usize)> = Vec::new();
    for mode in modes {
        let Kind::Mode(class) = mode.kind else { continue };
        match counts.iter_mut().find(|(known, _)| *known == class) {
            Some((_, count)) => *count += 1,
            None => counts.push((class, 1)),
        }
    }
    counts.sort_by_key(|(class, _)| CLASSES.iter().position(|known| *known == class.line).unwrap_or(CLASSES.len()));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(line: &'static str) -> Class {
        Class { letter: line[..1].to_uppercase(), title: line.to_owned(), line }
    }

    fn mode(line: &'static str, to: &[(&str, EndKind)]) -> Outlet {
        let end = |(href, kind): &(&str, EndKind)| End { kind: *kind, title: (*href).to_owned(), href: (*href).to_owned() };
        Outlet { kind: Kind::Mode(class(line)), text: line.to_owned(), href: None, to: to.iter().map(end).collect() }
    }

    #[test]
    fn two_stay_apart_and_three_become_one_that_leads_where_they_lead() {
        let (back, gap) = (("#back", EndKind::Track), ("#Gap", EndKind::Hole));
        let aside = Outlet { kind: Kind::Aside, text: "by hand".to_owned(), href: None, to: Vec::new() };
        let mut two = vec![mode("human", &[back]), mode("technical", &[gap])];
        let before = two.clone();
        gather(&mut two, 2, "#step");
        assert_eq!(two, before);
        let mut three = vec![mode("scale", &[gap]), mode("technical", &[back]), mode("scale", &[back, gap]), aside.clone()];
        gather(&mut three, 2, "#step");
        assert_eq!(three[1], aside);
        assert_eq!(three[0].text, "3 failure modes");
        assert_eq!(three[0].kind, Kind::Modes(vec![(class("technical"), 1), (class("scale"), 2)]));
        assert_eq!(three[0].to.iter().map(|end| end.href.as_str()).collect::<Vec<_>>(), ["#back", "#Gap"]);
    }
}
