//! The offline copy: the site in one file, for the day when its host is down. It works unpacked, from a folder, without a server.
//!
//! Enters: the paths of the outputs that it holds, and a way to their bytes. Leaves: a zip archive, written one output after the other, so
//! that never more than one of them is in memory. The same outputs give the same bytes on every machine: sorted entries, stored as they
//! are, each with one date and one mode. Absent: what only a server and its visitors can use, which [`holds`] leaves out.

use std::cell::RefCell;
use std::io::{self, Seek, SeekFrom, Write};
use std::rc::Rc;

use anyhow::Context;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::paths::{Generated, SourceName};

/// The path of the copy in the output.
pub const FILE: &str = "handbook.zip";

/// Whether the copy holds an output. The page for what is not there, old addresses and what hosts and search engines are told need a
/// server; the copy does not hold itself.
pub fn holds(source: &SourceName) -> bool {
    !matches!(
        source,
        SourceName::Alias { .. }
            | SourceName::Generated(
                Generated::NotFound | Generated::Robots | Generated::Sitemap(_) | Generated::NoJekyll | Generated::OfflineCopy
            )
    )
}

/// Writes the archive of some outputs, given by their paths in the order of the plan, and their bytes.
pub fn pack<'p, W: Write + Seek>(
    to: W,
    paths: impl IntoIterator<Item = &'p str>,
    mut bytes_of: impl FnMut(&str) -> anyhow::Result<Vec<u8>>,
) -> anyhow::Result<W> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644)
        .system(System::Unix);
    let failed = Rc::default();
    let mut archive = ZipWriter::new(Mute { to, at: 0, end: 0, failed: Rc::clone(&failed) });
    let attempt = || format!("writing {FILE}");
    for path in paths {
        let bytes = bytes_of(path)?;
        archive.start_file(path, options).with_context(attempt)?;
        archive.write_all(&bytes).with_context(attempt)?;
        check(&failed).with_context(attempt)?;
    }
    let mut written = archive.finish().with_context(attempt)?;
    written.flush().and_then(|()| check(&failed)).with_context(attempt)?;
    Ok(written.to)
}

type Failed = Rc<RefCell<Option<io::Error>>>;

fn check(failed: &Failed) -> io::Result<()> {
    failed.borrow_mut().take().map_or(Ok(()), Err)
}

/// A writer that keeps its first fault for whoever asks, and takes everything from then on: the archive writes its end when it is dropped,
/// and would speak to the terminal by itself if it could not.
struct Mute<W> {
    to: W,
    at: u64,
    end: u64,
    failed: Failed,
}

impl<W> Mute<W> {
    /// What came of an access, unless it or one before it has failed.
    fn tried<T>(&mut self, access: impl FnOnce(&mut W) -> io::Result<T>) -> Option<T> {
        if self.failed.borrow().is_some() {
            return None;
        }
        access(&mut self.to).map_err(|error| *self.failed.borrow_mut() = Some(error)).ok()
    }
}

impl<W: Write> Write for Mute<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.tried(|to| to.write_all(bytes)).map_or(bytes.len(), |()| bytes.len());
        self.at += written as u64;
        self.end = self.end.max(self.at);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tried(Write::flush);
        Ok(())
    }
}

impl<W: Seek> Seek for Mute<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::Current(by) => (self.at, by),
            SeekFrom::End(by) => (self.end, by),
        };
        self.at = from.checked_add_signed(by).ok_or(io::ErrorKind::InvalidInput)?;
        let at = self.at;
        self.tried(|to| to.seek(SeekFrom::Start(at)));
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn packed(pages: &[(&str, &str)]) -> Vec<u8> {
        let bytes_of = |path: &str| Ok(pages.iter().find(|(page, _)| *page == path).map_or("", |(_, text)| text).into());
        pack(Cursor::new(Vec::new()), pages.iter().map(|(path, _)| *path), bytes_of).unwrap().into_inner()
    }

    #[test]
    fn an_archive_gives_back_what_was_put_into_it_with_nothing_of_the_machine() {
        let pages = [("a/index.html", "<p>A</p>"), ("größe/部署.txt", ""), ("index.html", "home")];
        let bytes = packed(&pages);
        assert_eq!(packed(&pages), bytes);
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(archive.len(), pages.len());
        for (at, (path, text)) in pages.iter().enumerate() {
            let mut entry = archive.by_index(at).unwrap();
            assert_eq!((entry.name().unwrap().as_ref(), entry.size()), (*path, text.len() as u64));
            assert_eq!(entry.compression(), CompressionMethod::Stored);
            assert_eq!(entry.last_modified(), Some(DateTime::DEFAULT));
            assert_eq!(entry.unix_mode().map(|mode| mode & 0o7777), Some(0o644));
            let mut read = String::new();
            io::Read::read_to_string(&mut entry, &mut read).unwrap();
            assert_eq!(read, *text);
        }
    }

    /// A disk with room for so many bytes.
    struct Full(Cursor<Vec<u8>>, u64);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0.position() + bytes.len() as u64 > self.1 { Err(io::ErrorKind::StorageFull.into()) } else { self.0.write(bytes) }
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Full {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn a_full_disk_is_an_error_wherever_it_is_met() {
        let pages = [("a.txt", "some text"), ("b.txt", "more of it")];
        let whole = packed(&pages).len() as u64;
        let pack_into = |room| {
            let paths = pages.iter().map(|(path, _)| *path);
            pack(Full(Cursor::default(), room), paths, |path| Ok(pages.iter().find(|page| page.0 == path).unwrap().1.into())).map(|_| ())
        };
        assert!(pack_into(whole).is_ok());
        for room in 0..whole {
            let error = pack_into(room).unwrap_err();
            assert!(error.chain().any(|cause| cause.to_string() == io::Error::from(io::ErrorKind::StorageFull).to_string()), "{error:#}");
        }
    }
}
