//! The promises of `emit`, each as a sentence; and the loop that lets every access to the disk fail once.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::files::{Asked, Entry, Sink, Stat};
use super::*;
use crate::render::{Output, Pack};

/// A disk whose `at`-th access fails, and from there on every one if it `dies`.
struct Faulty {
    at: usize,
    dies: bool,
    kind: ErrorKind,
    exchange: Option<ErrorKind>,
    link: Option<ErrorKind>,
    accesses: AtomicUsize,
}

impl Faulty {
    fn never() -> Self {
        Faulty { at: usize::MAX, dies: false, kind: ErrorKind::Other, exchange: None, link: None, accesses: AtomicUsize::new(0) }
    }

    fn gate(&self) -> io::Result<()> {
        let n = self.accesses.fetch_add(1, Ordering::SeqCst);
        if n == self.at || (self.dies && n > self.at) { Err(self.kind.into()) } else { Ok(()) }
    }

    fn reached(&self) -> bool {
        self.accesses.load(Ordering::SeqCst) > self.at
    }
}

impl Files for Faulty {
    fn stat(&self, path: &Path) -> io::Result<Option<Stat>> {
        self.gate()?;
        Disk.stat(path)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        self.gate()?;
        Disk.list(folder)
    }
    fn read(&self, file: &Path) -> io::Result<Box<dyn Read>> {
        self.gate()?;
        Disk.read(file)
    }
    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        let may = self.gate();
        // A write that fails may have written a part; one of a dead process has not.
        if may.is_ok() || self.accesses.load(Ordering::SeqCst) == self.at + 1 {
            Disk.write(file, if may.is_ok() { bytes } else { &bytes[..bytes.len() / 2] })?;
        }
        may
    }
    fn begin(&self, file: &Path) -> io::Result<Box<dyn Sink + '_>> {
        self.gate()?;
        Ok(Box::new(Gated { faulty: self, to: Disk.begin(file)? }))
    }
    fn sync(&self, _: &Path) -> io::Result<()> {
        self.gate()
    }
    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        self.gate()?;
        Disk.create_folder(folder)
    }
    fn permit_as(&self, folder: &Path, model: &Path) -> io::Result<()> {
        self.gate()?;
        Disk.permit_as(folder, model)
    }
    fn link(&self, file: &Path, name: &Path) -> io::Result<()> {
        self.gate()?;
        if let Some(kind) = self.link {
            return Err(kind.into());
        }
        Disk.link(file, name)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.gate()?;
        Disk.rename(from, to)
    }
    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        self.gate()?;
        if let Some(kind) = self.exchange {
            return Err(kind.into());
        }
        Disk.exchange(a, b)
    }
    fn remove_file(&self, file: &Path) -> io::Result<()> {
        self.gate()?;
        Disk.remove_file(file)
    }
    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        self.gate()?;
        Disk.remove_folder(folder)
    }
    fn lock(&self, file: &Path, text: &str) -> io::Result<Asked> {
        self.gate()?;
        Disk.lock(file, text)
    }
}

/// A file of a faulty disk: each write may be the one that fails, and so may the last of its bytes.
struct Gated<'f> {
    faulty: &'f Faulty,
    to: Box<dyn Sink + 'f>,
}

impl Write for Gated<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.faulty.gate()?;
        self.to.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.faulty.gate()?;
        self.to.flush()
    }
}

impl Seek for Gated<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.to.seek(to)
    }
}

static QUIET: AtomicUsize = AtomicUsize::new(0);

/// A folder of its own, and the output in it.
struct Place {
    folder: tempfile::TempDir,
    out: PathBuf,
}

impl Place {
    fn new() -> Self {
        // Thousands of small builds: in memory where that can be had.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let out = folder.path().canonicalize().unwrap().join("public");
        Place { folder, out }
    }

    fn build_with(&self, files: &dyn Files, way: Way, pages: &[(&str, &str)]) -> Result<Emitted> {
        let target = Target::for_tests(&self.out, way);
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        one.install(|| run(files, &site(pages), &target, Duration::ZERO, &Hold::on(&QUIET)))
    }

    fn build(&self, pages: &[(&str, &str)]) -> Result<Emitted> {
        self.build_with(&Faulty::never(), Way::Swap, pages)
    }

    fn put(&self, path: &str, text: &str) {
        let file = self.out.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.out.join(path)).unwrap()
    }

    /// What lies beside the output.
    fn beside(&self) -> Vec<OsString> {
        let names = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name != "public").collect()
    }
}

/// A site of these pages; what is called `.zip` holds the others.
fn site(pages: &[(&str, &str)]) -> Site<'static> {
    let output = |(path, text): &(&str, &str)| {
        let text = text.to_string();
        Output { path: path.to_string(), source: None, bytes: Box::new(move || Ok(text.clone().into_bytes())) }
    };
    let pack = |path: &str| {
        let mut holds: Vec<String> = pages.iter().map(|(path, _)| path.to_string()).filter(|other| other != path).collect();
        holds.sort();
        Pack { path: path.to_owned(), holds }
    };
    let pack = pages.iter().find(|(path, _)| path.ends_with(".zip")).map(|(path, _)| pack(path));
    Site { outputs: pages.iter().map(output).collect(), pack, ..Site::default() }
}

/// Every name below a folder, with the texts of files.
fn snapshot(folder: &Path) -> BTreeMap<String, String> {
    let all = walkdir::WalkDir::new(folder).min_depth(1).into_iter().filter_map(Result::ok);
    all.map(|entry| {
        let name = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
        let kind = entry.file_type();
        let text =
            if kind.is_file() { String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned() } else { format!("{kind:?}") };
        (name, text)
    })
    .collect()
}

fn refusal(emitted: Result<Emitted>) -> String {
    let text = format!("{:#}", emitted.expect_err("must be refused"));
    assert_eq!(text.lines().count(), 1, "{text}");
    text
}

const OLD: &[(&str, &str)] = &[
    ("a/b/page.html", "old b"),
    ("a/gone.html", "old gone"),
    ("becomes-a-folder", "x"),
    ("becomes-a-file/index.html", "y"),
    ("index.html", "same"),
    ("style.css", "old style"),
];
const NEW: &[(&str, &str)] = &[
    ("a/b/page.html", "new b"),
    ("becomes-a-file", "z"),
    ("becomes-a-folder/index.html", "w"),
    ("copy.zip", ""),
    ("index.html", "same"),
    ("new/page.html", "new"),
    ("style.css", "new"),
];

#[test]
fn a_build_tells_what_it_changed() {
    let place = Place::new();
    let first = place.build(OLD).unwrap();
    assert_eq!((first.added.len(), first.unchanged, first.bytes), (6, 0, 5 + 8 + 1 + 1 + 4 + 9));
    let second = place.build(NEW).unwrap();
    assert_eq!(second.added, ["becomes-a-file", "becomes-a-folder/index.html", "copy.zip", "new/page.html"]);
    assert_eq!(second.changed, ["a/b/page.html", "style.css"]);
    assert_eq!(second.removed, ["a/gone.html", "becomes-a-file/index.html", "becomes-a-folder"]);
    assert_eq!((second.unchanged, second.notes), (1, vec![]));
    assert_eq!(place.read("a/b/page.html"), "new b");
    assert!(place.beside().is_empty());
}

#[test]
fn the_output_holds_nothing_of_older_builds() {
    let place = Place::new();
    place.build(OLD).unwrap();
    place.build(NEW).unwrap();
    let fresh = Place::new();
    fresh.build(NEW).unwrap();
    assert_eq!(snapshot(&place.out), snapshot(&fresh.out));
}

#[test]
fn the_same_site_gives_the_same_manifest_whatever_the_order_and_threads() {
    let (place, other) = (Place::new(), Place::new());
    place.build(NEW).unwrap();
    let backwards: Vec<_> = NEW.iter().rev().copied().collect();
    run(&Disk, &site(&backwards), &Target::for_tests(&other.out, Way::Swap), Duration::ZERO, &Hold::on(&QUIET)).unwrap();
    assert_eq!(snapshot(&place.out), snapshot(&other.out));
    assert!(!place.read(manifest::NAME).contains("tmp"));
}

#[cfg(unix)]
#[test]
fn a_file_that_did_not_change_keeps_its_time() {
    let place = Place::new();
    place.build(OLD).unwrap();
    let time = |path: &str| fs::metadata(place.out.join(path)).unwrap().modified().unwrap();
    let before = time("index.html");
    fs::File::open(place.out.join("index.html")).unwrap().set_modified(before - Duration::from_secs(1000)).unwrap();
    let before = time("index.html");
    place.build(NEW).unwrap();
    assert_eq!(time("index.html"), before);
}

#[test]
fn folders_above_the_output_are_made_and_go_again_when_the_build_fails() {
    let place = Place::new();
    let target = Target::for_tests(&place.out.join("deep/er"), Way::Swap);
    let failing =
        Site { outputs: vec![Output { path: "x".into(), source: None, bytes: Box::new(|| anyhow::bail!("no")) }], ..Site::default() };
    assert!(refusal(run(&Disk, &failing, &target, Duration::ZERO, &Hold::on(&QUIET))).contains("rendering `x`: no"));
    assert!(!place.out.exists());
    run(&Disk, &site(NEW), &target, Duration::ZERO, &Hold::on(&QUIET)).unwrap();
    assert_eq!(fs::read_to_string(place.out.join("deep/er/index.html")).unwrap(), "same");
}

#[test]
fn a_page_that_panics_leaves_the_output_old() {
    let place = Place::new();
    place.build(OLD).unwrap();
    let before = snapshot(&place.out);
    let target = Target::for_tests(&place.out, Way::Swap);
    let failing =
        Site { outputs: vec![Output { path: "x".into(), source: None, bytes: Box::new(|| panic!("a fault of ours")) }], ..Site::default() };
    assert!(refusal(run(&Disk, &failing, &target, Duration::ZERO, &Hold::on(&QUIET))).contains("please report"));
    assert_eq!(snapshot(&place.out), before);
    assert!(place.beside().is_empty());
}

#[test]
fn o03_foreign_files_without_a_manifest_are_refused_under_the_lock_too() {
    for way in [Way::Swap, Way::InPlace("test")] {
        let place = Place::new();
        place.put("precious.txt", "mine");
        let before = snapshot(&place.out);
        assert!(refusal(place.build_with(&Disk, way, NEW)).contains("`precious.txt`"));
        assert_eq!(snapshot(&place.out), before);
    }
}

#[test]
fn o04_files_of_others_are_kept_and_told() {
    for way in [Way::Swap, Way::InPlace("test")] {
        let place = Place::new();
        place.build(OLD).unwrap();
        place.put("a/notes.txt", "mine");
        place.put("new/also.txt", "mine, where the build will make a folder");
        place.put("theirs/deep/er.txt", "mine");
        fs::create_dir(place.out.join("theirs/empty")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("../nowhere", place.out.join("theirs/link")).unwrap();
        let emitted = place.build_with(&Disk, way, NEW).unwrap();
        assert_eq!(emitted.notes[0], "kept `a/notes.txt`, `new/also.txt`, `theirs` in the output: forewarn did not write them");
        assert_eq!(place.read("theirs/deep/er.txt"), "mine");
        assert_eq!(place.read("a/notes.txt"), "mine");
        assert!(place.out.join("theirs/empty").is_dir());
        #[cfg(unix)]
        assert!(place.out.join("theirs/link").is_symlink());
        assert!(place.beside().is_empty());
    }
}

#[test]
fn o04_a_file_of_others_in_the_way_is_refused() {
    for path in ["new", "new/page.html", "becomes-a-folder/index.html/x"] {
        let place = Place::new();
        place.build(&OLD[4..]).unwrap();
        place.put(path, "mine");
        let before = snapshot(&place.out);
        assert!(refusal(place.build(NEW)).contains("is where the build wants to write"), "{path}");
        assert_eq!(snapshot(&place.out), before);
        assert!(place.beside().is_empty());
    }
}

#[test]
fn o05_a_file_of_ours_edited_by_hand_is_refused_and_named() {
    for (path, text) in [("a/gone.html", "edited!!"), ("index.html", "longer than before"), ("index.html", "")] {
        let place = Place::new();
        place.build(OLD).unwrap();
        place.put(path, text);
        let before = snapshot(&place.out);
        for way in [Way::Swap, Way::InPlace("test")] {
            let error = refusal(place.build_with(&Disk, way, NEW));
            assert!(error.contains(path) && error.contains("was changed since"), "{error}");
            assert_eq!(snapshot(&place.out), before);
        }
        assert!(place.beside().is_empty());
    }
}

#[test]
fn o05_a_file_of_ours_that_was_removed_comes_back() {
    let place = Place::new();
    place.build(OLD).unwrap();
    fs::remove_file(place.out.join("index.html")).unwrap();
    fs::remove_dir_all(place.out.join("a")).unwrap();
    assert_eq!(place.build(NEW).unwrap().removed, ["becomes-a-file/index.html", "becomes-a-folder"]);
    assert_eq!(place.read("index.html"), "same");
}

#[test]
fn o06_a_repository_and_a_domain_stay_without_a_word() {
    let place = Place::new();
    place.put(".git/objects/ab/cd", "object");
    place.put("CNAME", "example.org");
    for pages in [OLD, NEW] {
        assert_eq!(place.build(pages).unwrap().notes, [""; 0]);
        assert_eq!(place.read(".git/objects/ab/cd"), "object");
        assert_eq!(place.read("CNAME"), "example.org");
    }
}

#[test]
fn o07_where_the_folder_cannot_be_renamed_files_are_replaced_one_by_one() {
    for kind in [ErrorKind::CrossesDevices, ErrorKind::ResourceBusy, ErrorKind::PermissionDenied] {
        let place = Place::new();
        place.build(OLD).unwrap();
        place.put("notes.txt", "mine");
        let emitted = place.build_with(&Faulty { exchange: Some(kind), ..Faulty::never() }, Way::Swap, NEW).unwrap();
        assert!(emitted.notes.iter().any(|note| note.contains("file by file")), "{:?}", emitted.notes);
        assert_is(&place, NEW, &[("notes.txt", "mine")]);
    }
}

#[test]
fn files_of_others_are_never_copied_where_second_names_cannot_be_had() {
    let place = Place::new();
    place.build(OLD).unwrap();
    place.put("notes.txt", "mine");
    let emitted = place.build_with(&Faulty { link: Some(ErrorKind::Unsupported), ..Faulty::never() }, Way::Swap, NEW).unwrap();
    assert!(emitted.notes.iter().any(|note| note.contains("file by file")), "{:?}", emitted.notes);
    assert_is(&place, NEW, &[("notes.txt", "mine")]);
}

#[cfg(unix)]
#[test]
fn o08_a_symlink_in_the_place_of_ours_is_refused_and_its_target_is_intact() {
    let place = Place::new();
    place.build(OLD).unwrap();
    let victim = place.folder.path().join("victim");
    fs::create_dir(&victim).unwrap();
    fs::write(victim.join("gone.html"), "old gone").unwrap();
    fs::remove_file(place.out.join("a/gone.html")).unwrap();
    fs::rename(place.out.join("a"), place.out.join("kept")).unwrap();
    std::os::unix::fs::symlink(&victim, place.out.join("a")).unwrap();
    for way in [Way::Swap, Way::InPlace("test")] {
        assert!(refusal(place.build_with(&Disk, way, NEW)).contains("is a symlink now"));
        assert_eq!(fs::read_to_string(victim.join("gone.html")).unwrap(), "old gone");
    }
}

#[test]
fn o08_a_forged_manifest_deletes_nothing() {
    let place = Place::new();
    place.build(OLD).unwrap();
    let victim = place.folder.path().join("victim");
    fs::write(&victim, "style").unwrap();
    let text = place.read(manifest::NAME).replacen("style.css", "../victim", 1);
    place.put(manifest::NAME, &text);
    let before = snapshot(&place.out);
    assert!(refusal(place.build(NEW)).contains("../victim"));
    assert_eq!(snapshot(&place.out), before);
    assert!(victim.exists());
}

#[test]
fn d02_a_signal_leaves_the_output_old_and_no_staging() {
    static SIGNAL: AtomicUsize = AtomicUsize::new(0);
    let place = Place::new();
    place.build(OLD).unwrap();
    let before = snapshot(&place.out);
    let mut pages = site(NEW);
    pages.outputs[0].bytes = Box::new(|| {
        SIGNAL.store(15, Ordering::SeqCst);
        Ok(Vec::new())
    });
    let error = run(&Disk, &pages, &Target::for_tests(&place.out, Way::Swap), Duration::ZERO, &Hold::on(&SIGNAL)).unwrap_err();
    assert_eq!(error.downcast_ref::<Interrupted>().unwrap().exit_code(), 143);
    assert_eq!(snapshot(&place.out), before);
    assert!(place.beside().is_empty());
}

#[test]
fn d05_builds_at_once_wait_for_each_other() {
    let place = Place::new();
    let threads: Vec<_> = (0..8)
        .map(|n| {
            let out = place.out.clone();
            std::thread::spawn(move || {
                let pages = if n % 2 == 0 { OLD } else { NEW };
                let target = Target::for_tests(&out, Way::Swap);
                run(&Disk, &site(pages), &target, Duration::from_secs(60), &Hold::on(&QUIET)).unwrap()
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| assert_eq!(thread.join().unwrap().notes, [""; 0]));
    assert!(place.beside().is_empty());
    place.build(NEW).unwrap();
    assert_is(&place, NEW, &[]);
}

#[test]
fn d05_a_lock_that_is_held_names_its_owner() {
    for (way, lock) in [(Way::Swap, ".public.forewarn-lock"), (Way::InPlace("test"), "public/.forewarn-lock")] {
        let place = Place::new();
        place.build(OLD).unwrap();
        let Asked::Held(held) = Disk.lock(&place.folder.path().join(lock), "4711\n").unwrap() else { panic!("must be free") };
        assert!(refusal(place.build_with(&Disk, way, NEW)).contains("locked by pid 4711"));
        drop(held);
        // D06: what is left is a lock file whose owner is gone.
        place.build_with(&Disk, way, NEW).unwrap();
        assert_is(&place, NEW, &[]);
    }
}

#[test]
fn only_a_staging_with_our_mark_is_removed() {
    let place = Place::new();
    place.build(OLD).unwrap();
    let beside = |path: &str| place.folder.path().join(path);
    let put = |path: &str, text: &str| {
        fs::create_dir_all(beside(path).parent().unwrap()).unwrap();
        fs::write(beside(path), text).unwrap();
    };
    // Died while rendering, while writing the mark, and before.
    put(&format!(".public.forewarn-staging-1/{}", stage::MARK), stage::MARK_TEXT);
    put(".public.forewarn-staging-1/tree/x/half.html", "half");
    put(&format!(".public.forewarn-staging-2/{}", stage::MARK), &stage::MARK_TEXT[..7]);
    fs::create_dir_all(beside(".public.forewarn-staging-3")).unwrap();
    // Not ours, though they look like it.
    put(".public.forewarn-staging-4/theirs.txt", "");
    put(&format!(".public.forewarn-staging-5/{}", stage::MARK), "");
    put(".public.forewarn-staging-5/theirs.txt", "");
    put(&format!(".public.forewarn-staging-old/{}", stage::MARK), stage::MARK_TEXT);
    put(&format!(".other.forewarn-staging-1/{}", stage::MARK), stage::MARK_TEXT);
    let kept = [".other.forewarn-staging-1", ".public.forewarn-staging-4", ".public.forewarn-staging-5", ".public.forewarn-staging-old"];
    assert_eq!(place.build(NEW).unwrap().notes, [""; 0]);
    let mut left = place.beside();
    left.sort();
    assert_eq!(left, kept);
}

#[test]
fn what_came_into_the_old_output_during_the_build_is_not_lost() {
    let place = Place::new();
    place.build(OLD).unwrap();
    let out = place.out.clone();
    let mut pages = site(NEW);
    pages.outputs[0].bytes = Box::new(move || {
        fs::write(out.join("late.txt"), "mine").unwrap();
        fs::write(out.join("index.html"), "edited meanwhile").unwrap();
        fs::write(out.join("a/gone.html"), "edited meanwhile").unwrap();
        Ok(b"new b".to_vec())
    });
    let emitted = run(&Disk, &pages, &Target::for_tests(&place.out, Way::Swap), Duration::ZERO, &Hold::on(&QUIET)).unwrap();
    let everything: Vec<_> = snapshot(place.folder.path()).into_values().collect();
    assert_eq!(place.read("late.txt"), "mine");
    assert!(everything.iter().filter(|text| *text == "edited meanwhile").count() >= 2, "{:?}", emitted.notes);
}

#[test]
fn limits_of_github_pages_are_told() {
    assert_eq!(limits([("a", FILE_LIMIT), ("b", 5)].into_iter(), SITE_LIMIT), [""; 0]);
    let notes = limits([("big.mp4", 123_456_789)].into_iter(), 1_200_000_000);
    assert_eq!(
        notes,
        [
            "`big.mp4` has 123 MB, and GitHub refuses files over 100 MB",
            "the output has 1200 MB, and GitHub Pages refuses sites over 1000 MB"
        ]
    );
}

/// The output holds these pages, files of others, the manifest, and nothing else; nothing lies beside it.
fn assert_is(place: &Place, pages: &[(&str, &str)], foreign: &[(&str, &str)]) {
    let fresh = Place::new();
    fresh.build(pages).unwrap();
    foreign.iter().for_each(|(path, text)| fresh.put(path, text));
    assert_eq!(snapshot(&place.out), snapshot(&fresh.out));
    let beside: Vec<_> = place.beside().into_iter().filter(|name| name != "victim").collect();
    assert!(beside.is_empty(), "{beside:?}");
}

const FOREIGN: &[(&str, &str)] = &[("CNAME", "example.org"), (".git/HEAD", "ref"), ("a/notes.txt", "mine"), ("theirs/deep/er.txt", "mine")];

/// How much may be seen of a build that failed or died.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    /// The old output or the new one, whole.
    Whole,
    /// As that, but a dead process may leave the old output aside, for the next build to put back.
    WholeUnlessDead,
    /// Each file old or new, whole; files of others intact.
    EachFile,
}

fn every_access_fails(way: Way, exchange: Option<ErrorKind>, link: Option<ErrorKind>, seen: Seen, old: &[(&str, &str)]) {
    let before = Place::new();
    if !old.is_empty() {
        before.build(old).unwrap();
        FOREIGN.iter().for_each(|(path, text)| before.put(path, text));
    }
    let old_files = snapshot(&before.out);
    let foreign = if old.is_empty() { &[] } else { FOREIGN };
    let after = Place::new();
    after.build(NEW).unwrap();
    foreign.iter().for_each(|(path, text)| after.put(path, text));
    let new_files = snapshot(&after.out);

    for (kind, dies) in
        [(ErrorKind::Other, false), (ErrorKind::StorageFull, false), (ErrorKind::PermissionDenied, false), (ErrorKind::Other, true)]
    {
        for at in 0.. {
            let place = Place::new();
            if !old.is_empty() {
                place.build(old).unwrap();
                foreign.iter().for_each(|(path, text)| place.put(path, text));
            }
            let faulty = Faulty { at, dies, kind, exchange, link, accesses: AtomicUsize::new(0) };
            let emitted = place.build_with(&faulty, way, NEW);
            let case = format!("access {at} fails ({kind:?}, dies: {dies}): {emitted:?}");
            if !faulty.reached() {
                assert!(at > 30, "{case}");
                assert_eq!(snapshot(&place.out), new_files, "{case}");
                break;
            }
            let now = snapshot(&place.out);
            match seen {
                Seen::WholeUnlessDead if dies && now.is_empty() => {}
                Seen::Whole | Seen::WholeUnlessDead if emitted.is_err() => assert_eq!(now, old_files, "{case}"),
                Seen::Whole | Seen::WholeUnlessDead => assert_eq!(now, new_files, "{case}"),
                Seen::EachFile => {
                    for (path, text) in now.iter().filter(|(path, _)| !path.starts_with(".forewarn-")) {
                        assert!(old_files.get(path) == Some(text) || new_files.get(path) == Some(text), "{path}: {case}");
                    }
                    foreign.iter().for_each(|(path, text)| assert_eq!(&place.read(path), text, "{case}"));
                }
            }
            place
                .build_with(&Faulty { exchange, link, ..Faulty::never() }, way, NEW)
                .unwrap_or_else(|error| panic!("the next build failed: {error:#}; {case}"));
            assert_is(&place, NEW, foreign);
        }
    }
}

#[test]
fn d04_whichever_access_fails_the_output_is_old_or_new_and_the_next_build_succeeds() {
    every_access_fails(Way::Swap, None, None, Seen::Whole, OLD);
}

#[test]
fn d04_the_first_build_is_there_or_not() {
    every_access_fails(Way::Swap, None, None, Seen::Whole, &[]);
}

#[test]
fn d04_where_folders_cannot_change_places_in_one_step() {
    every_access_fails(Way::Swap, Some(ErrorKind::Unsupported), None, Seen::WholeUnlessDead, OLD);
}

#[test]
fn d04_where_the_output_cannot_be_renamed() {
    every_access_fails(Way::Swap, Some(ErrorKind::ResourceBusy), None, Seen::EachFile, OLD);
}

#[test]
fn d04_where_files_cannot_have_second_names() {
    every_access_fails(Way::Swap, None, Some(ErrorKind::Unsupported), Seen::EachFile, OLD);
}

#[test]
fn d04_where_the_output_is_a_mount_point() {
    every_access_fails(Way::InPlace("is a mount point"), None, None, Seen::EachFile, OLD);
}

/// Builds that fail or die one after the other, at places that a fixed row of numbers chooses; then one that does not.
fn builds_fail_in_a_row(way: Way, exchange: Option<ErrorKind>, link: Option<ErrorKind>) {
    let mut state = 4711_u32;
    let mut any = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % below
    };
    for row in 0..60 {
        let place = Place::new();
        place.build(OLD).unwrap();
        FOREIGN.iter().for_each(|(path, text)| place.put(path, text));
        let mut told = Vec::new();
        for _ in 0..5 {
            let at = any(130) as usize;
            let faulty = Faulty { at, dies: any(2) == 0, exchange, link, ..Faulty::never() };
            told.push((at, place.build_with(&faulty, way, if any(2) == 0 { OLD } else { NEW })));
            FOREIGN.iter().filter(|_| place.out.exists()).for_each(|(path, text)| assert_eq!(&place.read(path), text, "{told:?}"));
        }
        place
            .build_with(&Faulty { exchange, link, ..Faulty::never() }, way, NEW)
            .unwrap_or_else(|error| panic!("row {row}: {error:#} after {told:?}"));
        assert_is(&place, NEW, FOREIGN);
    }
}

#[test]
fn d04_builds_that_die_in_a_row_lose_nothing() {
    builds_fail_in_a_row(Way::Swap, None, None);
    builds_fail_in_a_row(Way::Swap, Some(ErrorKind::Unsupported), None);
}

#[test]
fn d04_builds_that_die_in_a_row_in_place_lose_nothing() {
    builds_fail_in_a_row(Way::Swap, Some(ErrorKind::ResourceBusy), None);
    builds_fail_in_a_row(Way::Swap, None, Some(ErrorKind::Unsupported));
    builds_fail_in_a_row(Way::InPlace("is a mount point"), None, None);
}
