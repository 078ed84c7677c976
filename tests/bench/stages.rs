//! Each pure stage on its own, on a handbook of 200 processes: `cargo bench --manifest-path tests/bench/Cargo.toml`. `check` is measured
//! with the stages before it, since findings are taken by the one that shows them.

use std::path::{Path, PathBuf};
use std::process::Command;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use forewarn::discover::discover;
use forewarn::model::{self, Drafts, Parts};
use forewarn::parse::{self, Rules};
use forewarn::pipeline::{OnBroken, Run, analyze, compile};
use forewarn::render::atlas::{Atlas, Index};
use forewarn::render::views::Here;
use forewarn::render::{Theme, diagram};
use forewarn::source::PagePath;

const PROCESSES: usize = 200;

fn handbook() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = here.join(format!("target/handbook-{PROCESSES}"));
    let mut corpus = Command::new("python3");
    corpus.arg(here.join("corpus.py")).args(["--processes", &PROCESSES.to_string(), "--format", "forewarn", "--out"]).arg(&out);
    assert!(corpus.status().is_ok_and(|status| status.success()), "the handbook could not be written");
    out
}

fn stages(criterion: &mut Criterion) {
    let root = handbook();
    let today = jiff::civil::date(2026, 11, 20);
    let run = || Run { today, drafts: Drafts::Out, fail_inside: None };
    let discovered = discover(&root).unwrap();
    let rules: Rules = discovered.settings.parse_rules();
    let pages = discovered.sources.pages.clone();

    criterion.bench_function("parse: one process", |bench| {
        let page = pages.iter().find(|page| page.path.as_str().ends_with("process-7.md")).unwrap();
        bench.iter(|| parse::parse(page, &rules));
    });
    criterion.bench_function("model: 200 processes", |bench| {
        let documents: Vec<_> = pages.iter().map(|page| std::sync::Arc::new(parse::parse(page, &rules))).collect();
        let settings = std::sync::Arc::new(discovered.settings.clone());
        let parts = || Parts { settings: settings.clone(), documents: documents.clone(), assets: Vec::new(), today, drafts: Drafts::Out };
        bench.iter_batched(parts, model::build, BatchSize::LargeInput);
    });
    criterion.bench_function("parse, model and check: 200 processes", |bench| {
        bench.iter_batched(|| discover(&root).unwrap(), |discovered| analyze(discovered, run()), BatchSize::LargeInput);
    });

    let analysis = analyze(discover(&root).unwrap(), run());
    let theme = Theme::new(&analysis.sources.theme).unwrap();
    let read_asset = |_: &PagePath| Ok(Vec::new());
    let site = compile(&analysis, &theme, &read_asset, OnBroken::StandIn);
    let folder = "s000/process-7";
    for (name, path) in [
        ("render: a process", format!("{folder}/index.html")),
        ("render: its run sheet", format!("{folder}/checklist/index.html")),
        ("render: its workbook", format!("{folder}/premortem/index.html")),
        ("render: the gaps", "gaps/index.html".to_owned()),
        ("search records: 200 processes", "search.js".to_owned()),
    ] {
        let output = site.outputs.iter().find(|output| output.path == path).unwrap();
        criterion.bench_function(name, |bench| bench.iter(|| (output.bytes)().unwrap()));
    }
    let atlas = Atlas::new(&analysis, std::sync::Arc::new(Index::new(&analysis)));
    let process = analysis.handbook.processes().nth(7).unwrap();
    criterion.bench_function("diagram: one process", |bench| bench.iter(|| diagram::diagram(&Here::on(&atlas, process), process)));
}

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = stages }
criterion_main!(benches);
