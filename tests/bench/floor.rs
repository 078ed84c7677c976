//! The floor below every generator: each Markdown file of a folder is read, parsed and written as one HTML file, on all cores.
//!
//! `floor CONTENT OUT`

use std::path::Path;

use anyhow::Context as _;
use rayon::prelude::*;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [content, out] = arguments.as_slice() else { anyhow::bail!("floor CONTENT OUT") };
    let pages: Vec<_> = walkdir::WalkDir::new(content)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "md"))
        .map(walkdir::DirEntry::into_path)
        .collect();
    pages.par_iter().try_for_each(|page| {
        let text = std::fs::read_to_string(page).with_context(|| page.display().to_string())?;
        let mut html = String::with_capacity(text.len() * 2);
        pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(&text, pulldown_cmark::Options::all()));
        let to = Path::new(out).join(page.strip_prefix(content)?).with_extension("html");
        to.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(&to, html).with_context(|| to.display().to_string())
    })
}
