//! Facts about a page: the keys of its front matter, by kind. The keys are those of the authoring format, section 2.

use std::ops::Range;

use jiff::civil::Date;
use toml::de::DeTable;

use crate::source::{Located, Span};

use super::blocks::{Action, Waive};
use super::declaration::{EachProse, Field, Reader, TopTable, declaration};
use super::place_map::OPENING;
use super::value::*;

declaration! {
    /// The keys that every page may have.
    PageKeys, "the front matter" {
        /// The page's title; else its first `# heading`.
        title "title": Option<Located<String>>,
        /// What the page is.
        kind "kind": Option<Located<PageKind>>,
        /// Its id; else the slug of its file name.
        id "id": Option<Located<Id>>,
        /// One sentence about it.
        description "description": Option<Prose>,
        /// Its place among its neighbours, before the title.
        order "order": Option<Located<i64>>,
        /// Words to find it by.
        tags "tags": Vec<Located<String>>,
        /// Old URLs that lead here.
        aliases "aliases": Vec<Located<String>>,
        /// Whether it is not built unless asked for.
        draft "draft": Option<Located<bool>>,
        /// The role that owns it.
        owner "owner": Option<Located<Reference>>,
        /// Anything, for themes.
        extra "extra": Option<Anything>,
        /// Accepted findings.
        waive "waive": Vec<Waive>,
    }
}

impl PageKeys {
    /// Takes from another front matter what this one does not say.
    pub fn fill_from(&mut self, other: PageKeys) {
        self.title = self.title.take().or(other.title);
        self.description = self.description.take().or(other.description);
        self.order = self.order.take().or(other.order);
        self.owner = self.owner.take().or(other.owner);
        if self.tags.is_empty() {
            self.tags = other.tags;
        }
        if self.aliases.is_empty() {
            self.aliases = other.aliases;
        }
    }
}

declaration! {
    /// Why a process exists.
    ProcessContext, "`context`" {
        /// What it is for.
        intent "intent": Option<Prose>,
        /// What it mitigates.
        risk "risk": Option<Prose>,
        /// What a failure costs.
        cost_of_failure "cost_of_failure": Option<Prose>,
        /// Rules it answers to.
        regulation "regulation": Option<Vec<Located<String>>>,
        /// Whether it changes what customers use.
        changes_production "changes_production": Option<Located<bool>>,
    }
}

declaration! {
    /// How often a process runs.
    Volume, "`volume`" {
        /// Today.
        now "now": Option<Located<Parsed<Rate>>>,
        /// Soon.
        planned "planned": Option<Located<Parsed<Rate>>>,
    }
}

declaration! {
    /// When a process is read again as a whole.
    Review, "`review`" {
        /// How often.
        every "every": Option<Located<Parsed<Duration>>>,
        /// The last time.
        last "last": Option<Located<Date>>,
        /// Who read it.
        by "by": Option<Located<String>>,
    }
}

declaration! {
    /// A number that tells how well a process does.
    Metric, "a `metric` table" {
        /// Its name.
        name "name": Option<Located<String>> = required,
        /// What it measures.
        kind "kind": Option<Located<MetricKind>> = required,
        /// The value to reach.
        target "target": Option<Prose>,
        /// Where it is read.
        source "source": Option<Prose>,
    }
}

declaration! {
    /// A choice and its price.
    TradeOff, "a `trade_off` table" {
        /// What was chosen.
        chose "chose": Option<Prose> = required,
        /// What was not.
        over "over": Option<Prose> = required,
        /// Why.
        because "because": Option<Prose> = required,
    }
}

declaration! {
    /// The further keys of a process.
    ProcessKeys, "the front matter of a process" {
        /// How much hangs on it.
        criticality "criticality": Option<Located<Severity>>,
        /// Whether it is in force.
        status "status": Option<Located<Status>>,
        /// Systems or processes that the whole process needs.
        depends_on "depends_on": Vec<Located<Reference>>,
        /// When it may run.
        runs "runs": Option<Located<Parsed<Hours>>>,
        /// When changes are welcome.
        change_window "change_window": Option<Prose>,
        /// How long it may be unavailable.
        tolerable_outage "tolerable_outage": Option<Located<Parsed<Duration>>>,
        /// Why it exists.
        context "context": Option<ProcessContext>,
        /// How often it runs.
        volume "volume": Option<Volume>,
        /// When it is read again.
        review "review": Option<Review>,
        /// How well it does.
        metric "metric": Option<Vec<Metric>>,
        /// Choices and their price.
        trade_off "trade_off": Vec<TradeOff>,
        /// When each recovery path was last really done.
        drills "drills": Entries<Located<Date>>,
        /// Classes that do not apply, and why.
        not_applicable "not_applicable": Entries<Prose>,
    }
}

declaration! {
    /// Something of which there is only so much.
    Limit, "a `limit` table" {
        /// What runs out.
        what "what": Option<Prose>,
        /// How much is used.
        now "now": Option<Located<Amount>>,
        /// How much there is.
        max "max": Option<Located<Amount>>,
        /// Where an alert fires.
        alert_at "alert_at": Option<Located<Amount>>,
    }
}

declaration! {
    /// The further keys of a system.
    SystemKeys, "the front matter of a system" {
        /// What it is.
        system_type "type": Option<Located<SystemType>>,
        /// Systems without which it does not work; omitted: not stated.
        depends_on "depends_on": Option<Vec<Located<Reference>>>,
        /// Systems that can stand in for it.
        fallback "fallback": Vec<Located<Reference>>,
        /// How often steps may call it.
        rate_limit "rate_limit": Option<Located<Parsed<Rate>>>,
        /// How to reach its people.
        contact "contact": Option<Prose>,
        /// Where its state is shown.
        status_page "status_page": Option<Located<String>>,
        /// Whether another organisation runs it.
        external "external": Option<Located<bool>>,
        /// The day on which it stops working unless renewed.
        expires "expires": Option<Located<Expiry>>,
        /// The process that renews it.
        renewed_by "renewed_by": Option<Located<Reference>>,
        /// The last change that a drill should be younger than.
        changed "changed": Option<Located<Date>>,
        /// How the load is met when it returns.
        comeback "comeback": Option<Prose>,
        /// What runs out.
        limit "limit": Vec<Limit>,
    }
}

declaration! {
    /// The further keys of a role.
    RoleKeys, "the front matter of a role" {
        /// How many people can do it.
        holders "holders": Option<Located<Count>>,
        /// A role that steps in.
        backup "backup": Option<Located<Reference>>,
        /// When it is reachable.
        hours "hours": Option<Located<Parsed<Hours>>>,
        /// Systems through which it is reached.
        channels "channels": Vec<Located<Reference>>,
        /// Systems it may operate; omitted: not stated.
        access "access": Option<Vec<Located<Reference>>>,
        /// What it can give to processes.
        minutes_per_week "minutes_per_week": Option<Located<Amount>>,
    }
}

declaration! {
    /// The further keys of an incident.
    IncidentKeys, "the front matter of an incident" {
        /// The day on which it happened.
        date "date": Option<Located<Date>> = required,
        /// The process it hit.
        process "process": Option<Located<Reference>> = required,
        /// How bad it was.
        severity "severity": Option<Located<Severity>>,
        /// Its class.
        class "class": Option<Located<Class>>,
        /// The declared failure mode that came true.
        failure "failure": Option<Located<Reference>>,
        /// The failure mode that was written afterwards.
        learned "learned": Option<Located<Reference>>,
        /// Who or what noticed.
        detected_by "detected_by": Option<Located<Detector>>,
        /// How long until it was noticed.
        minutes_to_detect "minutes_to_detect": Option<Located<Amount>>,
        /// How long until normal was back.
        minutes_to_recover "minutes_to_recover": Option<Located<Amount>>,
        /// Whether the declared recovery worked.
        recovery_worked "recovery_worked": Option<Located<bool>>,
        /// Systems that were down.
        needed "needed": Vec<Located<Reference>>,
        /// What is done about it.
        action "action": Vec<Action>,
    }
}

declaration! {
    /// One answer of a pre-mortem session.
    Item, "an `item` table" {
        /// What could go wrong, in the words of the room.
        text "text": Option<Prose> = required,
        /// Its class.
        class "class": Option<Located<Class>> = required,
        /// What became of it.
        outcome "outcome": Option<Located<Outcome>> = required,
        /// The failure mode it became or joined.
        failure "failure": Option<Located<Reference>>,
        /// Why it was rejected.
        because "because": Option<Prose>,
    }
}

declaration! {
    /// The further keys of a pre-mortem record.
    PremortemKeys, "the front matter of a pre-mortem record" {
        /// The process that was thought to have failed.
        process "process": Option<Located<Reference>> = required,
        /// The day of the session.
        date "date": Option<Located<Date>> = required,
        /// How far ahead the failure was imagined.
        horizon "horizon": Option<Located<Parsed<Duration>>>,
        /// Who took part.
        roles "roles": Vec<Located<Reference>>,
        /// What was said.
        item "item": Vec<Item>,
    }
}

/// Only a class can be said not to apply.
fn known_classes(table: &DeTable<'_>, reader: &mut Reader<'_>) {
    let Some(reasons) = table.get("not_applicable").and_then(|reasons| reasons.get_ref().as_table()) else { return };
    let further = reader.context.classes.clone();
    let known: Vec<&str> = CLASSES.into_iter().chain(further.iter().map(String::as_str)).collect();
    reader.at("not_applicable", |reader| reader.unknown_keys(reasons, &known, "`not_applicable`"));
}

impl PremortemKeys {
    /// An item that was rejected says why.
    fn rejections_have_reasons(&self, table: &DeTable<'_>, reader: &mut Reader<'_>) {
        let items = table.get("item").and_then(|item| item.get_ref().as_array());
        for (index, node) in items.into_iter().flatten().enumerate() {
            let Some(item) = node.get_ref().as_table() else { continue };
            let rejected = item.get("outcome").and_then(|outcome| outcome.get_ref().as_str()) == Some(Outcome::Rejected.name());
            let said = item.get("because").is_some_and(|because| because.get_ref().as_str().is_none_or(says_something));
            if rejected && !said {
                reader.at(&format!("item.{index}.because"), |reader| {
                    let fault = reader.fault("missing-key", node.span(), "`because` is missing in a rejected item");
                    fault.help = Some("say why it was rejected".to_owned());
                });
            }
        }
    }
}

/// The further keys of a page, by its kind.
#[derive(Clone, Debug, Default, Hash)]
pub enum KindKeys {
    /// Prose has none.
    #[default]
    Page,
    /// A process.
    Process(Box<ProcessKeys>),
    /// A system.
    System(Box<SystemKeys>),
    /// A role.
    Role(Box<RoleKeys>),
    /// An incident.
    Incident(Box<IncidentKeys>),
    /// A record of a pre-mortem.
    Premortem(Box<PremortemKeys>),
}

impl KindKeys {
    /// The kind of the page.
    pub fn kind(&self) -> PageKind {
        match self {
            KindKeys::Page => PageKind::Page,
            KindKeys::Process(_) => PageKind::Process,
            KindKeys::System(_) => PageKind::System,
            KindKeys::Role(_) => PageKind::Role,
            KindKeys::Incident(_) => PageKind::Incident,
            KindKeys::Premortem(_) => PageKind::Premortem,
        }
    }

    /// The keys that a kind adds to those of every page.
    pub fn keys(kind: PageKind) -> &'static [&'static str] {
        match kind {
            PageKind::Page => &[],
            PageKind::Process => ProcessKeys::KEYS,
            PageKind::System => SystemKeys::KEYS,
            PageKind::Role => RoleKeys::KEYS,
            PageKind::Incident => IncidentKeys::KEYS,
            PageKind::Premortem => PremortemKeys::KEYS,
        }
    }
}

/// All facts about a page.
#[derive(Clone, Debug, Default, Hash)]
pub struct FrontMatter {
    /// The keys of every page.
    pub page: PageKeys,
    /// The keys of its kind.
    pub kind: KindKeys,
    /// The whole declaration with its fences.
    pub span: Span,
}

impl EachProse for FrontMatter {
    fn each_prose(&self, see: &mut dyn FnMut(&Prose)) {
        self.page.each_prose(see);
        match &self.kind {
            KindKeys::Page => {}
            KindKeys::Process(keys) => keys.each_prose(see),
            KindKeys::System(keys) => keys.each_prose(see),
            KindKeys::Role(keys) => keys.each_prose(see),
            KindKeys::Incident(keys) => keys.each_prose(see),
            KindKeys::Premortem(keys) => keys.each_prose(see),
        }
    }
}

impl TopTable for FrontMatter {
    fn read_top(table: &DeTable<'_>, reader: &mut Reader<'_>) -> Self {
        let start: Range<usize> = OPENING;
        let kind = reader.quietly(|reader| <Option<Located<PageKind>> as Field>::field(table, "kind", reader));
        let unreadable = kind.is_none() && table.contains_key("kind");
        let meant = kind.is_none().then(|| meant_kind(table)).flatten().filter(|_| !unreadable);
        if let Some((kind, key)) = &meant {
            reader.at("kind", |reader| {
                let fault = reader.fault("missing-key", start.clone(), format!("`kind` is missing: `{key}` is a key of a {kind}"));
                fault.help = Some(format!("add `kind = \"{kind}\"`"));
            });
        }
        let kind = kind.map(|kind| kind.value).or(meant.as_ref().map(|(kind, _)| *kind)).unwrap_or(PageKind::Page);
        let known: Vec<&str> = PageKeys::KEYS.iter().chain(KindKeys::keys(kind)).copied().collect();
        if !unreadable {
            let what = format!("the front matter of a {}", if kind == PageKind::Page { "page" } else { kind.name() });
            reader.unknown_keys(table, &known, &what);
        }
        let page = PageKeys::read_known(table, start.clone(), reader);
        let kind = match kind {
            PageKind::Page => KindKeys::Page,
            PageKind::Process => {
                let keys = ProcessKeys::read_known(table, start, reader);
                known_classes(table, reader);
                KindKeys::Process(Box::new(keys))
            }
            PageKind::System => KindKeys::System(Box::new(SystemKeys::read_known(table, start, reader))),
            PageKind::Role => KindKeys::Role(Box::new(RoleKeys::read_known(table, start, reader))),
            PageKind::Incident => KindKeys::Incident(Box::new(IncidentKeys::read_known(table, start, reader))),
            PageKind::Premortem => {
                let keys = PremortemKeys::read_known(table, start, reader);
                keys.rejections_have_reasons(table, reader);
                KindKeys::Premortem(Box::new(keys))
            }
        };
        Self { page, kind, span: Span::default() }
    }
}

/// The kind that a front matter without one most probably has, by keys that plain pages do not have, and the first of those keys.
fn meant_kind(table: &DeTable<'_>) -> Option<(PageKind, String)> {
    // Other tools have a `type`, too.
    let tells = |key: &String| !PageKeys::KEYS.contains(&key.as_str()) && key != "type";
    let foreign: Vec<String> = table.keys().map(|key| key.get_ref().to_string()).filter(tells).collect();
    let score = |kind: PageKind| foreign.iter().filter(|key| KindKeys::keys(kind).contains(&key.as_str())).count();
    let best = [PageKind::Role, PageKind::System, PageKind::Process]
        .into_iter()
        .max_by_key(|kind| score(*kind))
        .filter(|kind| score(*kind) > 0)?;
    let key = foreign.iter().find(|key| KindKeys::keys(best).contains(&key.as_str()))?.clone();
    Some((best, key))
}

/// The facts of a role or system that stands as a table in the settings instead of on a page.
pub fn read_table_page(kind: PageKind, node: &super::declaration::Node<'_>, reader: &mut Reader<'_>) -> Option<FrontMatter> {
    let Some(table) = node.get_ref().as_table() else {
        reader.wrong_type(node, "a table");
        return None;
    };
    let own = ["kind", "id", "draft", "aliases", "order"];
    let known: Vec<&str> = PageKeys::KEYS.iter().filter(|key| !own.contains(key)).chain(KindKeys::keys(kind)).copied().collect();
    reader.unknown_keys(table, &known, &format!("a {} table", kind.name()));
    let page = PageKeys::read_known(table, node.span(), reader);
    let kind = match kind {
        PageKind::System => KindKeys::System(Box::new(SystemKeys::read_known(table, node.span(), reader))),
        _ => KindKeys::Role(Box::new(RoleKeys::read_known(table, node.span(), reader))),
    };
    let span = reader.span(node.span());
    Some(FrontMatter { page, kind, span })
}
