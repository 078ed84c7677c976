//! A hard dependency of a serious process is expected to be down, but never slow; or it keeps data that is never expected to be wrong.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::check::phrasing::listed;
use crate::check::rule::{DefaultLevel, Group, Look, Rule, Waivable};
use crate::check::users;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{Handbook, ModeView, Page, PageIx};
use crate::parse::value::{PageKind, State, Status, SystemType};

/// One finding per system or process, with all who use it.
pub const RULE: Rule = Rule {
    name: "only-outage-considered",
    group: Group::Hardness,
    level: DefaultLevel::Always(Level::Warning),
    waivable: Waivable::Yes,
    summary: "A hard dependency of a serious process is expected to be down, but never slow; or it keeps data that is never expected to be wrong.",
    look: Look::Handbook(look),
};

fn look(handbook: &Handbook) -> Vec<Finding> {
    let users = users::of_serious_or_to_be(handbook);
    let processes: BTreeSet<PageIx> = users.values().flatten().map(|(process, _)| *process).collect();
    let elsewhere = Elsewhere::on(handbook, processes.into_iter());
    let in_force = users.iter().filter(|(needed, _)| handbook.pages[**needed].status() != Status::Retired);
    in_force.filter_map(|(needed, users)| finding(handbook, *needed, users, lacks(handbook, *needed, users, &elsewhere)?)).collect()
}

/// What processes say of others with `of`.
#[derive(Default)]
struct Elsewhere<'h> {
    /// The failure modes on a process's page by what they are `of`.
    modes: HashMap<(PageIx, PageIx), Vec<ModeView<'h>>>,
    /// The processes with a failure mode of which nobody knows what fails.
    unclear: HashSet<PageIx>,
}

impl<'h> Elsewhere<'h> {
    fn on(handbook: &'h Handbook, processes: impl Iterator<Item = PageIx>) -> Self {
        let mut elsewhere = Self::default();
        for process in processes {
            for mode in handbook.modes(process) {
                if let Some(of) = mode.resolved.of {
                    elsewhere.modes.entry((process, of)).or_default().push(mode);
                }
            }
            if handbook.modes(process).any(|mode| is_unclear(&mode)) {
                elsewhere.unclear.insert(process);
            }
        }
        elsewhere
    }
}

/// Whether nobody can say what a failure mode is of, or how it shows: its own fault says so.
fn is_unclear(mode: &ModeView<'_>) -> bool {
    (mode.facts().has("of") && mode.resolved.of.is_none()) || (mode.facts().has("state") && mode.state().is_none())
}

/// The states that nobody has considered, in words; nothing where all is well, or nobody can say.
fn lacks(handbook: &Handbook, needed: PageIx, users: &[(PageIx, Place)], elsewhere: &Elsewhere<'_>) -> Option<Vec<State>> {
    let own = handbook.modes(needed).filter(|mode| mode.resolved.of.is_none_or(|of| of == needed));
    let told =
        users.iter().filter(|(user, _)| *user != needed).filter_map(|(user, _)| elsewhere.modes.get(&(*user, needed))).flatten().copied();
    let states: Vec<Option<State>> = own.chain(told).map(|mode| mode.state()).collect();
    let unclear = handbook.modes(needed).any(|mode| is_unclear(&mode)) || users.iter().any(|(user, _)| elsewhere.unclear.contains(user));
    if states.is_empty() || unclear {
        return None;
    }
    let expects = |state: State| states.contains(&Some(state));
    let mut lacks = Vec::new();
    if expects(State::Down) && !expects(State::Slow) {
        lacks.push(State::Slow);
    }
    if is_datastore(&handbook.pages[needed]) && !expects(State::Wrong) {
        lacks.push(State::Wrong);
    }
    (!lacks.is_empty()).then_some(lacks)
}

fn is_datastore(page: &Page) -> bool {
    page.system_keys().and_then(|keys| keys.system_type.as_ref()).is_some_and(|kind| kind.value == SystemType::Datastore)
}

fn finding(handbook: &Handbook, needed: PageIx, users: &[(PageIx, Place)], lacks: Vec<State>) -> Option<Finding> {
    let page = &handbook.pages[needed];
    let (id, title) = (&page.id, page.title());
    let words: Vec<String> = lacks.iter().map(|state| state.name().to_owned()).collect();
    let message = match lacks.as_slice() {
        [State::Wrong] => format!("`{title}` keeps data, and nothing says what happens when the data is wrong"),
        [State::Slow] => format!("`{title}` is expected to be down, and nothing says what happens when it is slow"),
        _ => format!("`{title}` is expected to be down, and nothing says what happens when it is slow, or its data wrong"),
    };
    let note = match lacks.as_slice() {
        [State::Wrong] => "it is up and answers, so no alert fires; and each copy and each backup takes the wrong data along",
        _ => "most bad days are no outages: it answers, but too late, every check is green, and whoever waits for it stops as well",
    };
    let lines: Vec<String> = words.iter().map(|state| format!("`state = \"{state}\"`")).collect();
    let block = if lines.len() == 1 { "a `failure` block" } else { "`failure` blocks" };
    let help = match page.page_kind() {
        PageKind::System if page.from_settings => format!(
            "add {block} with `of = \"{id}\"` and {} to a process that uses it, or give the system a page for all of them",
            listed(&lines)
        ),
        _ => format!("add {block} with {} to the page of `{id}`, for all who use it", listed(&lines)),
    };
    let active = users.iter().any(|(user, _)| handbook.pages[*user].status() == Status::Active);
    let finding = Finding::new(RULE.name, Place::new(page.path(), page.title_place()), Element::page(id), message)
        .for_proposed(!active)
        .note(note)
        .help(help);
    let mark = |finding: Finding, (user, place): &(PageIx, Place)| {
        finding.mark(place.clone(), format!("`{}` cannot do without it", handbook.pages[*user].title()))
    };
    Some(users.iter().fold(finding, mark))
}
