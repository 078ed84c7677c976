//! Every access of `emit` to the disk, behind one trait.
//!
//! In: paths that others have vetted. Out: what lies there, or a change of it. Absent: any decision about what may be written or deleted
//! (`target`, `remove`). The trait exists so that a test can let the i-th access fail; [`Disk`] is the real one, and no other file of the
//! program touches the disk for writing.
#![allow(clippy::disallowed_methods)]

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::Path;

/// What a name in a folder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
    /// A pipe, socket or device.
    Other,
}

/// What is known of a name without opening it; a symlink is not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stat {
    pub(super) kind: Kind,
    /// Length in bytes.
    pub(super) length: u64,
    /// The file behind the name; two names of one file have equal ids. None where the system does not tell.
    pub(super) id: Option<Id>,
    /// When the content last changed.
    modified: Option<std::time::SystemTime>,
}

/// A file on this machine, whatever its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id {
    pub(super) device: u64,
    inode: u64,
}

impl Stat {
    /// Whether both are names of one file.
    pub(super) fn is_same_file(&self, other: &Stat) -> bool {
        self.id.is_some() && self.id == other.id
    }
}

impl From<fs::Metadata> for Stat {
    fn from(found: fs::Metadata) -> Self {
        let kind = match found.file_type() {
            kind if kind.is_symlink() => Kind::Link,
            kind if kind.is_file() => Kind::File,
            kind if kind.is_dir() => Kind::Folder,
            _ => Kind::Other,
        };
        Stat { kind, length: found.len(), id: id(&found), modified: found.modified().ok() }
    }
}

#[cfg(unix)]
fn id(found: &fs::Metadata) -> Option<Id> {
    use std::os::unix::fs::MetadataExt;
    Some(Id { device: found.dev(), inode: found.ino() })
}

#[cfg(not(unix))]
fn id(_: &fs::Metadata) -> Option<Id> {
    None
}

/// A name in a folder.
pub(super) struct Entry {
    pub(super) name: OsString,
    pub(super) stat: Stat,
}

/// What came of asking for a lock.
pub(super) enum Asked {
    /// It is held until this file is closed.
    Held(File),
    /// Another process holds it; the text that it left in the file.
    Taken(String),
    /// This file system has no locks.
    NoLocks,
}

/// A file that is being written.
pub(super) trait Sink: Write + Seek {}

impl<W: Write + Seek> Sink for W {}

/// The accesses. No path is followed through a symlink at its last part.
pub(super) trait Files: Sync {
    /// What the name stands for, if it exists.
    fn stat(&self, path: &Path) -> io::Result<Option<Stat>>;
    /// The names in a folder, in no order.
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>>;
    /// The bytes of a file.
    fn read(&self, file: &Path) -> io::Result<Box<dyn Read>>;
    /// Makes a file that does not exist yet.
    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Makes a file that does not exist yet and is written bit by bit.
    fn begin(&self, file: &Path) -> io::Result<Box<dyn Sink + '_>>;
    /// Returns when a file's bytes, or a folder's names, are on the disk.
    fn sync(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder that does not exist yet.
    fn create_folder(&self, folder: &Path) -> io::Result<()>;
    /// Gives a file or folder the permissions of another.
    fn permit_as(&self, path: &Path, model: &Path) -> io::Result<()>;
    /// Gives a file a second name.
    fn link(&self, file: &Path, name: &Path) -> io::Result<()>;
    /// Renames; a file at `to` is replaced, a folder only if it is empty.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Lets two names change places in one step; `Unsupported` where the system cannot.
    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()>;
    /// Removes one name of a file. Called by `remove.rs` only.
    fn remove_file(&self, file: &Path) -> io::Result<()>;
    /// Removes a folder, which must be empty. Called by `remove.rs` only.
    fn remove_folder(&self, folder: &Path) -> io::Result<()>;
    /// Asks for the lock on a file, which is made if need be and holds `text` while we hold the lock.
    fn lock(&self, file: &Path, text: &str) -> io::Result<Asked>;
}

/// The real disk.
pub(super) struct Disk;

impl Files for Disk {
    fn stat(&self, path: &Path) -> io::Result<Option<Stat>> {
        match fs::symlink_metadata(path) {
            Ok(found) => Ok(Some(found.into())),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let entry = |entry: io::Result<fs::DirEntry>| {
            let entry = entry?;
            match entry.metadata() {
                Ok(found) => Ok(Some(Entry { stat: found.into(), name: entry.file_name() })),
                // It went between the two looks.
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        };
        fs::read_dir(folder)?.filter_map(|found| entry(found).transpose()).collect()
    }

    fn read(&self, file: &Path) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(unfollowed(OpenOptions::new().read(true)).open(file)?))
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        OpenOptions::new().write(true).create_new(true).open(file)?.write_all(bytes)
    }

    fn begin(&self, file: &Path) -> io::Result<Box<dyn Sink + '_>> {
        Ok(Box::new(BufWriter::new(OpenOptions::new().write(true).create_new(true).open(file)?)))
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        // Elsewhere a folder cannot be opened, and a file only for writing.
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir(folder)
    }

    fn permit_as(&self, path: &Path, model: &Path) -> io::Result<()> {
        fs::set_permissions(path, fs::metadata(model)?.permissions())
    }

    fn link(&self, file: &Path, name: &Path) -> io::Result<()> {
        fs::hard_link(file, name)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    fn exchange(&self, a: &Path, b: &Path) -> io::Result<()> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    fn exchange(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn remove_file(&self, file: &Path) -> io::Result<()> {
        fs::remove_file(file)
    }

    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        fs::remove_dir(folder)
    }

    fn lock(&self, path: &Path, text: &str) -> io::Result<Asked> {
        let mut file = unfollowed(OpenOptions::new().read(true).write(true).create(true).truncate(false)).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                let mut left = String::new();
                // What cannot be read is no reason to fail: the lock is taken either way.
                let _ = file.take(100).read_to_string(&mut left);
                return Ok(Asked::Taken(left));
            }
            Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => return Ok(Asked::NoLocks),
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
        // Whoever held it before us may have removed its name since we opened it: then we hold a lock that nobody else sees.
        let named = self.stat(path)?;
        if named != Some(file.metadata()?.into()) {
            return Ok(Asked::Taken(String::new()));
        }
        // On a full disk the text does not fit. The lock is ours either way, and whoever holds it removes the file.
        if file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(text.as_bytes())).is_err() {
            let _ = file.set_len(0);
        }
        Ok(Asked::Held(file))
    }
}

/// Options with which a symlink at the last part fails to open, and a pipe does not wait for its other end.
#[cfg(unix)]
fn unfollowed(options: &mut OpenOptions) -> &mut OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed())
}

#[cfg(not(unix))]
fn unfollowed(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Whether we may make and remove names in this folder, as far as can be known without trying.
#[cfg(unix)]
pub(super) fn is_writable(folder: &Path) -> bool {
    use rustix::fs::{Access, access};
    access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
pub(super) fn is_writable(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|found| !found.permissions().readonly())
}

/// Whether another file system, or another part of this one, is mounted at this folder: such a folder cannot be renamed.
pub(super) fn is_mount_point(folder: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
        if let Ok(found) = statx(CWD, folder, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS)
            && found.stx_attributes_mask.contains(StatxAttributes::MOUNT_ROOT)
        {
            return found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT);
        }
    }
    let device = |path: &Path| Disk.stat(path).ok().flatten().and_then(|stat| stat.id).map(|id| id.device);
    folder.parent().is_some_and(|parent| device(parent) != device(folder))
}
