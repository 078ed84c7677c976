//! `forewarn.toml` -> [`Settings`]: what a handbook is called, how it is checked, what limits hold. The keys are those of the authoring
//! format, section 6. A fault in the file is a finding like any other; what cannot be read keeps its default.

use std::fmt;

use crate::finding::{Element, Finding, Level, Place};
use crate::parse::declaration::{Declared, EachProse, Node, Reader, declaration};
use crate::parse::front_matter::{FrontMatter, read_table_page};
use crate::parse::place_map::PlaceMap;
use crate::parse::value::{words, *};
use crate::parse::{Context, Rules};
use crate::source::{Located, PagePath, Source, Span};

/// The file that holds the settings, in the root of a handbook.
pub const FILE: &str = "forewarn.toml";

words! {
    /// What becomes of raw HTML.
    RawHtml { /// A short list of elements stays.
        AllowList "allow-list", /// It is shown as text.
        Escape "escape" }
}
words! {
    /// Who may read the site.
    Audience { /// The team.
        Internal "internal", /// Everybody.
        Public "public" }
}
words! {
    /// A set of levels.
    Preset { /// Structure, classes, detection, recovery and shared fate; the rest are infos.
        FirstSteps "first-steps", /// The levels of the table.
        Standard "standard", /// Infos become warnings, coverage becomes errors.
        Strict "strict" }
}
words! {
    /// The level of a rule or group in the settings.
    Setting { /// An error.
        Error "error", /// A warning.
        Warning "warning", /// An info.
        Info "info", /// Not at all.
        Off "off" }
}

impl Setting {
    /// The level, or nothing where it is off.
    pub fn level(self) -> Option<Level> {
        match self {
            Setting::Error => Some(Level::Error),
            Setting::Warning => Some(Level::Warning),
            Setting::Info => Some(Level::Info),
            Setting::Off => None,
        }
    }
}

declaration! {
    /// How search data is made.
    SearchKeys, "`search`" {
        /// Above this many bytes, full texts are left out.
        bytes "bytes": Option<Located<Count>>,
    }
}

declaration! {
    /// A class beside the four.
    ClassKeys, "a class" {
        /// Its name on the site.
        title "title": Option<Located<String>>,
    }
}

declaration! {
    /// How often processes are reviewed unless they say so.
    ReviewKeys, "`review`" {
        /// The period.
        every "every": Option<Located<Parsed<Duration>>>,
    }
}

declaration! {
    /// How much of anything is read.
    LimitKeys, "`limits`" {
        /// Bytes of a page.
        file_bytes "file_bytes": Option<Located<Count>>,
        /// Depth of quotes and lists.
        block_nesting "block_nesting": Option<Located<Count>>,
        /// Depth of tables and lists in TOML.
        toml_nesting "toml_nesting": Option<Located<Count>>,
        /// Bytes of one part of a path, with `.md`.
        path_part_bytes "path_part_bytes": Option<Located<Count>>,
        /// Bytes of a path, relative to the root.
        path_bytes "path_bytes": Option<Located<Count>>,
        /// Pages.
        pages "pages": Option<Located<Count>>,
    }
}

/// `[rules]`: a preset, and levels of groups and rules.
#[derive(Clone, Debug, Hash, Default)]
pub struct RuleKeys {
    /// The set of levels to begin with.
    pub preset: Option<Located<Preset>>,
    /// Names of groups and rules with their level.
    pub levels: Vec<(Located<String>, Setting)>,
}

impl Declared for RuleKeys {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(table) = node.get_ref().as_table() else {
            reader.wrong_type(node, "a table");
            return None;
        };
        let mut keys = Self::default();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            reader.at(name, |reader| {
                if name == "preset" {
                    keys.preset = Declared::read(value, reader);
                } else if let Some(setting) = Located::<Setting>::read(value, reader) {
                    keys.levels.push((Located::new(name.to_owned(), reader.span(key.span())), setting.value));
                }
            });
        }
        Some(keys)
    }
}

impl schemars::JsonSchema for RuleKeys {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rules".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "properties": { "preset": { "enum": ["first-steps", "standard", "strict"] } },
            "additionalProperties": { "enum": ["error", "warning", "info", "off"] }
        })
    }
}

/// A role or system without a page of its own.
#[derive(Clone, Debug, Hash)]
pub struct TablePage {
    /// What it is.
    pub kind: PageKind,
    /// The facts.
    pub front: FrontMatter,
}

impl EachProse for RuleKeys {
    fn each_prose(&self, _: &mut dyn FnMut(&Prose)) {}
}

macro_rules! table_page {
    ($name:ident, $kind:expr, $schema:ty) => {
        #[doc = "A page's facts in a table of the settings."]
        #[derive(Clone, Debug, Hash)]
        pub struct $name(FrontMatter);

        impl EachProse for $name {
            fn each_prose(&self, see: &mut dyn FnMut(&Prose)) {
                self.0.each_prose(see);
            }
        }

        impl Declared for $name {
            fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
                read_table_page($kind, node, reader).map(Self)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                <$schema>::json_schema(generator)
            }
        }
    };
}
table_page!(RoleTable, PageKind::Role, crate::parse::front_matter::RoleKeys);
table_page!(SystemTable, PageKind::System, crate::parse::front_matter::SystemKeys);

declaration! {
    /// The keys of `forewarn.toml`.
    SettingsKeys, "the settings" {
        /// The handbook's name.
        title "title": Option<Located<String>>,
        /// One sentence about it.
        description "description": Option<Prose>,
        /// Where the site will stand, for what must be absolute.
        base_url "base_url": Option<Located<String>>,
        /// The language of its text.
        language "language": Option<Located<String>>,
        /// The theme.
        theme "theme": Option<Located<String>>,
        /// Where its source stands, for edit links.
        repository "repository": Option<Located<String>>,
        /// The branch that edit links lead to.
        branch "branch": Option<Located<String>>,
        /// The words that open a track.
        steps_headings "steps_headings": Option<Vec<Located<String>>>,
        /// Systems without which the handbook itself cannot be read.
        hosted_on "hosted_on": Vec<Located<Reference>>,
        /// Whether a build also writes a copy that works from a folder.
        offline_copy "offline_copy": Option<Located<bool>>,
        /// What becomes of raw HTML.
        raw_html "raw_html": Option<Located<RawHtml>>,
        /// Who may read the site.
        audience "audience": Option<Located<Audience>>,
        /// Whether the offline copy is published as well.
        publish_offline_copy "publish_offline_copy": Option<Located<bool>>,
        /// Roles without a page.
        roles "roles": ById<RoleTable>,
        /// Systems without a page.
        systems "systems": ById<SystemTable>,
        /// How search data is made.
        search "search": Option<SearchKeys>,
        /// Classes beside the four.
        classes "classes": ById<ClassKeys>,
        /// How often processes are reviewed.
        review "review": Option<ReviewKeys>,
        /// Levels of rules.
        rules "rules": Option<RuleKeys>,
        /// How much of anything is read.
        limits "limits": Option<LimitKeys>,
    }
}

/// How much of anything is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a page.
    pub file_bytes: usize,
    /// Depth of quotes and lists.
    pub block_nesting: usize,
    /// Depth of tables and lists in TOML.
    pub toml_nesting: usize,
    /// Bytes of one part of a path.
    pub path_part_bytes: usize,
    /// Bytes of a path.
    pub path_bytes: usize,
    /// Pages.
    pub pages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 10_000_000, block_nesting: 64, toml_nesting: 60, path_part_bytes: 180, path_bytes: 1_000, pages: 1_000_000 }
    }
}

/// The settings with their defaults filled in.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The handbook's name.
    pub title: String,
    /// One sentence about it.
    pub description: Option<String>,
    /// Where the site will stand.
    pub base_url: Option<String>,
    /// The language of its text.
    pub language: String,
    /// The theme.
    pub theme: Located<String>,
    /// Where its source stands.
    pub repository: Option<String>,
    /// The path of the handbook in that repository, with a closing `/`; empty where that is not known.
    pub repository_folder: String,
    /// The branch that edit links lead to.
    pub branch: String,
    /// The words that open a track.
    pub steps_headings: Vec<String>,
    /// Systems without which the handbook cannot be read.
    pub hosted_on: Vec<Located<Reference>>,
    /// Whether a build writes an offline copy.
    pub offline_copy: bool,
    /// Whether the settings speak of an offline copy in words that cannot be read, which is a fault of its own.
    pub offline_copy_unread: bool,
    /// Whether the offline copy is published.
    pub publish_offline_copy: bool,
    /// What becomes of raw HTML.
    pub raw_html: RawHtml,
    /// Who may read the site.
    pub audience: Audience,
    /// Roles and systems without a page, by id.
    pub tables: Vec<(Located<String>, TablePage)>,
    /// Bytes of search data above which texts are left out.
    pub search_bytes: u64,
    /// Classes beside the four: id and title.
    pub classes: Vec<(String, String)>,
    /// How often processes are reviewed unless they say so.
    pub review_every: Duration,
    /// The set of levels.
    pub preset: Preset,
    /// Levels of groups and rules.
    pub levels: Vec<(Located<String>, Setting)>,
    /// How much of anything is read.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self::from_keys(SettingsKeys::default())
    }
}

impl Settings {
    /// Reads the settings file; without one the defaults serve.
    pub fn read(source: Option<&Source>) -> (Self, Vec<Finding>) {
        let Some(source) = source else { return (Self::default(), Vec::new()) };
        let opening = Span::new(0, source.text.lines().next().map_or(0, str::len).min(1));
        let places = PlaceMap::whole(opening, 0, source.text.len());
        let classes = class_names(&source.text, &places);
        let context = Context { classes, ..Context::default() };
        let (keys, faults): (SettingsKeys, _) = crate::parse::read(&source.text, &places, &context);
        let findings = faults.into_iter().map(|fault| {
            let mut element = Element::page(FILE);
            if !fault.key.is_empty() {
                element = element.part(fault.key);
            }
            let mut finding = Finding::new(fault.rule, Place::new(&source.path, fault.span), element, fault.message);
            finding.help = fault.help;
            if let Some((span, label)) = fault.mark {
                finding = finding.mark(Place::new(&source.path, span), label);
            }
            if let Some(replacement) = fault.replacement {
                finding = finding.patch(Place::new(&source.path, fault.span), replacement);
            }
            finding
        });
        let mut findings: Vec<Finding> = findings.collect();
        findings.extend(keys.classes.0.iter().filter(|(id, _)| CLASSES.contains(&id.value.as_str())).map(|(id, _)| own_class(id)));
        (Self::from_keys(keys), findings)
    }

    fn from_keys(keys: SettingsKeys) -> Self {
        let text = |text: Option<Located<String>>| text.map(|text| text.value).filter(|text| !text.trim().is_empty());
        let count = |count: Option<Located<Count>>, otherwise: usize| {
            count.map_or(otherwise, |count| usize::try_from(count.value.0).unwrap_or(usize::MAX))
        };
        let flag = |flag: Option<Located<bool>>| flag.is_some_and(|flag| flag.value);
        let offline_copy_unread = keys.has("offline_copy") && keys.offline_copy.is_none();
        let limits = keys.limits.unwrap_or_default();
        let standard = Limits::default();
        let roles = keys.roles.0.into_iter().map(|(id, table)| (id, TablePage { kind: PageKind::Role, front: table.0 }));
        let systems = keys.systems.0.into_iter().map(|(id, table)| (id, TablePage { kind: PageKind::System, front: table.0 }));
        let rules = keys.rules.unwrap_or_default();
        Self {
            title: text(keys.title).unwrap_or_else(|| "Handbook".to_owned()),
            description: keys.description.map(|text| text.value.0),
            base_url: text(keys.base_url),
            language: text(keys.language).unwrap_or_else(|| "en".to_owned()),
            theme: keys.theme.unwrap_or_else(|| Located::new("default".to_owned(), Span::default())),
            repository: text(keys.repository),
            repository_folder: String::new(),
            branch: text(keys.branch).unwrap_or_else(|| "main".to_owned()),
            steps_headings: keys.steps_headings.map_or_else(
                || vec!["Steps".to_owned(), "Procedure".to_owned()],
                |words| words.into_iter().map(|word| word.value).collect(),
            ),
            hosted_on: keys.hosted_on,
            offline_copy_unread,
            offline_copy: flag(keys.offline_copy),
            publish_offline_copy: flag(keys.publish_offline_copy),
            raw_html: keys.raw_html.map_or(RawHtml::AllowList, |raw| raw.value),
            audience: keys.audience.map_or(Audience::Internal, |audience| audience.value),
            tables: roles.chain(systems).collect(),
            search_bytes: keys.search.and_then(|search| search.bytes).map_or(1_000_000, |bytes| bytes.value.0),
            classes: keys
                .classes
                .0
                .into_iter()
                .filter(|(id, _)| !CLASSES.contains(&id.value.as_str()))
                .map(|(id, keys)| (id.value.clone(), keys.title.map_or(id.value, |title| title.value)))
                .collect(),
            review_every: keys
                .review
                .and_then(|review| review.every)
                .map_or(Duration { months: 0, seconds: 180 * 86_400 }, |every| every.value.value),
            preset: rules.preset.map_or(Preset::Standard, |preset| preset.value),
            levels: rules.levels,
            limits: Limits {
                file_bytes: count(limits.file_bytes, standard.file_bytes),
                block_nesting: count(limits.block_nesting, standard.block_nesting),
                toml_nesting: count(limits.toml_nesting, standard.toml_nesting).min(75),
                path_part_bytes: count(limits.path_part_bytes, standard.path_part_bytes),
                path_bytes: count(limits.path_bytes, standard.path_bytes),
                pages: count(limits.pages, standard.pages),
            },
        }
    }

    /// What parsing a page needs to know.
    pub fn parse_rules(&self) -> Rules {
        Rules {
            steps_headings: self.steps_headings.clone(),
            declarations: Context {
                classes: self.classes.iter().map(|(id, _)| id.clone()).collect(),
                toml_nesting: self.limits.toml_nesting,
            },
            block_nesting: self.limits.block_nesting,
            path_part_bytes: self.limits.path_part_bytes,
            path_bytes: self.limits.path_bytes,
            raw_html_is_text: self.raw_html == RawHtml::Escape,
            fail_inside: None,
        }
    }
}

/// One of the four classes cannot be declared again.
fn own_class(id: &Located<String>) -> Finding {
    let element = Element::page(FILE).part(format!("classes.{}", id.value));
    Finding::new("invalid-value", Place::new(&path(), id.span), element, format!("`{}` is one of the four classes already", id.value))
        .help("delete the table, or give the further class another name")
}

/// The classes that the settings add, found before anything that may name one is read.
fn class_names(text: &str, places: &PlaceMap) -> Vec<String> {
    let (keys, _): (SettingsKeys, _) = crate::parse::read(text, places, &Context::default());
    keys.classes.0.into_iter().map(|(id, _)| id.value).collect()
}

/// The path of the settings file.
pub fn path() -> PagePath {
    PagePath::new(FILE)
}
