//! A process was never read again as a whole, not within its period, or not since its last incident.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::check::drill;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, Kind, Page, PageIx};
use crate::parse::value::{PageKind, Status};

/// One finding per process.
pub const RULE: Rule = Rule {
    name: "review-overdue",
    group: Group::Governance,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A process was never reviewed, not within its review period, or not since its last incident.",
    look: Look::Handbook(look),
};

/// An incident and its day.
type Dated = (Date, PageIx);

fn look(handbook: &Handbook) -> Vec<Finding> {
    let incidents = incidents(handbook);
    let watched = handbook.processes().filter(|process| handbook.pages[*process].status() != Status::Retired);
    watched.filter_map(|process| overdue(handbook, process, incidents.get(&process).map_or(&[], Vec::as_slice))).collect()
}

/// The incidents of each process up to today, the earliest first.
fn incidents(handbook: &Handbook) -> HashMap<PageIx, Vec<Dated>> {
    let mut incidents: HashMap<PageIx, Vec<Dated>> = HashMap::new();
    for incident in handbook.of_kind(PageKind::Incident) {
        let page = &handbook.pages[incident];
        let day = page.incident_keys().and_then(|keys| keys.date.as_ref()).map(|date| date.value);
        if let (Kind::Incident(resolved), Some(day)) = (&page.kind, day.filter(|day| *day <= handbook.today))
            && let Some(process) = resolved.process
        {
            incidents.entry(process).or_default().push((day, incident));
        }
    }
    incidents.values_mut().for_each(|dated| dated.sort_unstable());
    incidents
}

fn overdue(handbook: &Handbook, process: PageIx, incidents: &[Dated]) -> Option<Finding> {
    let page = &handbook.pages[process];
    let keys = page.process_keys()?;
    let Some(review) = &keys.review else {
        return (!keys.has("review")).then(|| finding(page, Place::new(page.path(), page.title_place()), never(page)));
    };
    let Some(last) = &review.last else {
        return (!review.has("last")).then(|| finding(page, Place::new(page.path(), review.span), never(page)));
    };
    let place = Place::new(page.path(), last.span);
    let due = drill::review_period(handbook, page).after(last.value);
    let readable = review.every.is_some() || !review.has("every");
    let since: Vec<&Dated> = incidents.iter().filter(|(day, _)| *day > last.value).collect();
    let message = match since.last() {
        _ if readable && due < handbook.today => {
            let (title, last, ago) = (page.title(), last.value, (handbook.today - last.value).get_days());
            format!("`{title}` was last reviewed on {last}, {ago} days ago; the next review was due on {due}")
        }
        Some((day, latest)) => {
            let (title, latest, last) = (page.title(), handbook.pages[*latest].title(), last.value);
            let and = match since.len() - 1 {
                0 => String::new(),
                1 => ", and one more incident since".to_owned(),
                more => format!(", and {more} more incidents since"),
            };
            format!("`{title}` was last reviewed on {last}, before the incident `{latest}` of {day}{and}")
        }
        None => return None,
    };
    let mut finding = finding(page, place, message);
    for (_, incident) in since {
        let incident = &handbook.pages[*incident];
        let date = incident.incident_keys().and_then(|keys| keys.date.as_ref())?;
        finding = finding.mark(Place::new(incident.path(), date.span), "this happened since");
    }
    Some(finding)
}

fn never(page: &Page) -> String {
    format!("`{}` was never reviewed", page.title())
}

fn finding(page: &Page, place: Place, message: String) -> Finding {
    Finding::new(RULE.name, place, Element::page(&page.id), message)
        .note("people, systems and volumes change, and nothing tells the page")
        .help(format!("read it from end to end with those who do it, then `forewarn stamp review {}`", page.id))
}
