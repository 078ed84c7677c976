//! A small handbook with hand-made findings, for tests.

use std::sync::Arc;

use jiff::civil::date;

use crate::check::coverage;
use crate::finding::{Element, Finding, Level, Place};
use crate::model::{self, Drafts, Parts};
use crate::parse::parse;
use crate::pipeline::Analysis;
use crate::settings::Settings;
use crate::source::{PagePath, Source, Sources, Span};

/// The analysis of pages given as path and text; findings as given, in the order of path and line.
pub fn analysis(pages: &[(&str, &str)], mut findings: Vec<Finding>) -> Analysis {
    let settings = Arc::new(Settings::default());
    let mut sources = Sources {
        pages: pages.iter().map(|(path, text)| Arc::new(Source::new(PagePath::new(path), text))).collect(),
        ..Sources::default()
    };
    sources.pages.sort_by(|a, b| a.path.cmp(&b.path));
    let rules = settings.parse_rules();
    let documents = sources.pages.iter().map(|source| Arc::new(parse(source, &rules))).collect();
    let parts = Parts { settings, documents, assets: Vec::new(), today: date(2026, 10, 1), drafts: Drafts::Out };
    let (handbook, _) = model::build(parts);
    findings.sort_by(|a, b| (&a.place, a.rule).cmp(&(&b.place, b.rule)));
    let findings: Vec<Arc<Finding>> = findings.into_iter().map(Arc::new).collect();
    let coverage = coverage::report(&handbook, &findings);
    Analysis::new(sources, handbook, findings.into_iter().collect(), coverage, Default::default())
}

/// A place: a text that stands somewhere on a page.
pub fn place(pages: &[(&str, &str)], path: &str, text: &str) -> Place {
    let page = pages.iter().find(|(known, _)| *known == path).unwrap().1;
    let start = page.find(text).unwrap_or_else(|| panic!("`{text}` is not on {path}"));
    Place::new(&PagePath::new(path), Span::new(start, start + text.len()))
}

/// A finding at a place.
pub fn finding(rule: &'static str, level: Level, place: Place, element: Element, message: &str) -> Finding {
    let mut finding = Finding::new(rule, place, element, message);
    finding.level = level;
    finding
}

/// A process on which much can be missing.
pub const DEPLOY: &str = r#"# Deploy

```page
kind = "process"
criticality = "critical"
depends_on = ["github", "dns"]
```

## Steps

1. Build the release {#build}

   ```step
   actor = "automation"
   ```

2. Migrate the database {#migrate}

   ```step
   actor = "automation"
   ```

## What can fail

```failure
title = "The migration stops halfway"
class = "technical"
severity = "major"
```

```failure
title = "The release captain is asleep"
class = "human"
```
"#;
