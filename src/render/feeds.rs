//! What other programs follow a site by: `sitemap.xml` for search engines, `feed.xml` for readers of news.
//!
//! Enters: the handbook and the address at which its site will stand. Leaves: XML whose every address is absolute; the same handbook gives
//! the same bytes, for no time of a build is in it. Absent: who may have them; the plan leaves them out where the address is not known.

use std::io::{Error, Write};

use anyhow::Context;
use jiff::civil::Date;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::address::Address;
use crate::model::{Kind, PageIx};
use crate::parse::markdown;
use crate::parse::value::said;

use super::atlas::Atlas;
use super::relative::{encoded_path, fragment};
use super::words;

/// Addresses in one file at most, by the protocol of sitemaps.
pub const ADDRESSES: usize = 50_000;

/// Entries of the feed at most: the newest.
const ENTRIES: usize = 100;

/// An address for search engines: its URL from the root of the site, and the day of its last change.
pub struct Listed {
    /// The URL.
    pub url: String,
    /// The day, where that is known.
    pub changed: Option<Date>,
}

/// The address of a place of the site.
pub fn absolute(address: &Address, url: &str) -> String {
    address.of(&encoded_path(url))
}

/// The URL of a part of the sitemap, from 1.
pub fn sitemap_part(part: usize) -> String {
    format!("/sitemap-{part}.xml")
}

/// A list of addresses as a sitemap.
pub fn sitemap(address: &Address, listed: &[Listed]) -> anyhow::Result<Vec<u8>> {
    document("the sitemap", "urlset", "http://www.sitemaps.org/schemas/sitemap/0.9", |writer| {
        listed.iter().try_for_each(|page| {
            element(writer, "url", |writer| {
                text(writer, "loc", &absolute(address, &page.url))?;
                page.changed.map_or(Ok(()), |day| text(writer, "lastmod", &day.to_string()))
            })
        })
    })
}

/// The list of the parts of a sitemap that is cut.
pub fn sitemap_index(address: &Address, parts: usize) -> anyhow::Result<Vec<u8>> {
    document("the sitemap", "sitemapindex", "http://www.sitemaps.org/schemas/sitemap/0.9", |writer| {
        (1..=parts).try_for_each(|part| element(writer, "sitemap", |writer| text(writer, "loc", &absolute(address, &sitemap_part(part)))))
    })
}

/// Something that happened on a day.
struct Entry {
    day: Date,
    page: PageIx,
    what: &'static str,
    title: String,
    summary: Option<String>,
}

/// Reviews of processes and incidents as an Atom feed, newest first.
pub fn feed(atlas: &Atlas<'_>, address: &Address) -> anyhow::Result<Vec<u8>> {
    let settings = &atlas.handbook.settings;
    let entries = entries(atlas);
    let newest = entries.iter().map(|entry| entry.day).max().unwrap_or(Date::constant(1970, 1, 1));
    document("the feed", "feed", "http://www.w3.org/2005/Atom", |writer| {
        text(writer, "title", &settings.title)?;
        if let Some(description) = settings.description.as_deref() {
            text(writer, "subtitle", &markdown::plain(description))?;
        }
        text(writer, "id", address.as_str())?;
        link(writer, "self", "application/atom+xml", &absolute(address, "/feed.xml"))?;
        link(writer, "alternate", "text/html", address.as_str())?;
        text(writer, "updated", &midnight(newest))?;
        element(writer, "author", |writer| text(writer, "name", &settings.title))?;
        entries.iter().try_for_each(|entry| {
            let url = absolute(address, &atlas.handbook.pages[entry.page].url);
            element(writer, "entry", |writer| {
                text(writer, "title", &entry.title)?;
                text(writer, "id", &format!("{url}{}", fragment(&format!("{}-{}", entry.what, entry.day))))?;
                link(writer, "alternate", "text/html", &url)?;
                text(writer, "updated", &midnight(entry.day))?;
                entry.summary.as_deref().map_or(Ok(()), |summary| text(writer, "summary", summary))
            })
        })
    })
}

fn entries(atlas: &Atlas<'_>) -> Vec<Entry> {
    let pages = atlas.handbook.pages.iter().enumerate();
    let mut entries: Vec<Entry> = pages
        .filter_map(|(page, model)| {
            let keys = model.process_keys();
            let reviewed = keys.and_then(|keys| keys.review.as_ref()).and_then(|review| review.last.as_ref());
            let incident = model.incident_keys().and_then(|keys| keys.date.as_ref());
            let description = said(&model.document.front.page.description);
            let intent = || keys.and_then(|keys| keys.context.as_ref()).and_then(|context| said(&context.intent));
            let summary = description.or_else(intent).map(markdown::plain);
            let (what, day, title) = match model.kind {
                Kind::Incident(_) => ("incident", incident?.value, format!("Incident: {}", model.title())),
                _ => ("reviewed", reviewed?.value, format!("Reviewed: {}", model.title())),
            };
            Some(Entry { day, page, what, title, summary })
        })
        .collect();
    entries.sort_by_key(|entry| (std::cmp::Reverse(entry.day), entry.page));
    entries.truncate(ENTRIES);
    entries
}

/// A day as a time, in UTC.
fn midnight(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

type Xml = Writer<Vec<u8>>;

fn document(what: &str, root: &str, namespace: &str, inner: impl FnOnce(&mut Xml) -> Result<(), Error>) -> anyhow::Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    let written = writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None))).and_then(|()| {
        writer.create_element(root).with_attribute(("xmlns", namespace)).write_inner_content(inner)?;
        writer.get_mut().write_all(b"\n")
    });
    written.with_context(|| format!("writing {what}"))?;
    Ok(writer.into_inner())
}

fn element(writer: &mut Xml, name: &str, inner: impl FnOnce(&mut Xml) -> Result<(), Error>) -> Result<(), Error> {
    writer.create_element(name).write_inner_content(inner).map(|_| ())
}

fn text(writer: &mut Xml, name: &str, text: &str) -> Result<(), Error> {
    writer.create_element(name).write_text_content(BytesText::new(&words::without_controls(text))).map(|_| ())
}

fn link(writer: &mut Xml, rel: &str, kind: &str, href: &str) -> Result<(), Error> {
    writer.create_element("link").with_attributes([("rel", rel), ("type", kind), ("href", href)]).write_empty().map(|_| ())
}
