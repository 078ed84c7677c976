//! Live editing: the handbook is compiled into memory, served from there, and compiled again when a file changes.
//!
//! ```text
//! watch    events of the file system      -> what may have changed
//! rebuild  a thread of its own            -> a new snapshot, or the last one and why there is none
//! site     the snapshot                   -> the bytes of any page, rendered when they are asked for
//! http     one port, this machine         -> answers from the snapshot, GET and HEAD only
//! live     one WebSocket for each page    -> "look again", and the script that does
//! ```
//!
//! A snapshot never changes; it is put in the place of the last one as a whole, and browsers are told after that. Enters: the root of a
//! handbook. Leaves: answers to requests, and lines for the terminal through a function of the caller. Absent: writing, printing.

mod address;
mod http;
mod live;
mod own;
mod rebuild;
mod site;
mod told;
mod watch;

use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};

use crate::pipeline::Run;
use crate::report::Options;
use crate::whereabouts::Asked;

pub(crate) use address::site_path;
pub use watch::Watching;

/// The port that is tried first.
pub const PORT: u16 = 8017;

/// How many ports after the first are tried, when nobody asked for one.
const MORE_PORTS: u16 = 50;

/// What `serve` is told.
pub struct Serve {
    /// The root of the handbook.
    pub root: PathBuf,
    /// What each analysis is told: asked anew each time, since the day may have changed.
    pub run: Box<dyn Fn() -> anyhow::Result<Run> + Send>,
    /// What is asked for about the address of the site.
    pub asked: Asked,
    /// How findings are shown in the terminal.
    pub report: Options,
    /// The name or address to listen on.
    pub host: String,
    /// The port that was asked for.
    pub port: Option<u16>,
    /// The path of the home page on this server, with a slash at both ends.
    pub base: String,
    /// How files are watched.
    pub watching: Watching,
    /// What is done once the first page can be served, with its address.
    pub ready: Box<dyn FnOnce(&str)>,
}

/// Something for the terminal.
pub enum Word {
    /// What happened.
    Line(String),
    /// What whoever runs this should know.
    Warning(String),
}

/// Where words go.
pub type Say = Arc<dyn Fn(Word) + Send + Sync>;

/// `/repo`, `repo/` and `/repo/` as a path with a slash at both ends.
pub fn base_path(given: &str) -> anyhow::Result<String> {
    let inner = given.trim_matches('/');
    if inner.is_empty() {
        return Ok("/".to_owned());
    }
    let fits =
        |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.~".contains(c));
    if !inner.split('/').all(fits) {
        bail!("`--base-path {given}` is no path of a site: letters, digits, `-`, `_`, `.` and `~` between slashes, such as `/repo`");
    }
    Ok(format!("/{inner}/"))
}

/// Serves until it is interrupted. Errors: no handbook, a theme that cannot be used, no port.
pub fn serve(serve: Serve, say: &Say) -> anyhow::Result<()> {
    let Serve { root, run, asked, report, host, port, base, watching, ready } = serve;
    let started = Instant::now();
    let listener = listen(&host, port, say)?;
    let local = listener.local_addr().context("asking for the address of the server")?;
    let watch = watch::Watch::begin(&root, watching, say)?;
    let editor = root.canonicalize().ok().filter(|_| local.ip().is_loopback()).map(|root| format!("vscode://file{}/", slashed(&root)));
    let mut builder = rebuild::Builder::new(root, base.clone(), run, report, asked);
    let first = builder.first()?;
    let address = shown_address(&host, local, &base);
    say(Word::Line(format!("{address}  {}", told::first(&first, started.elapsed()))));
    say(Word::Line(format!("watching {} · Ctrl+C ends", watch.described())));
    if !local.ip().is_loopback() {
        say(Word::Warning(format!(
            "warning: {} can be reached from other machines, and whoever reaches it reads the handbook",
            local.ip()
        )));
    }
    let (send, snapshots) = tokio::sync::watch::channel(Arc::clone(&first));
    let open = Arc::new(live::Open::default());
    let said = Arc::clone(say);
    let pages = Arc::clone(&open);
    std::thread::Builder::new()
        .name("rebuild".to_owned())
        .spawn(move || rebuild::keep(builder, watch, &send, &pages, &said))
        .context("starting the thread that rebuilds")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(4)
        .enable_all()
        .build()
        .context("starting the server")?;
    let server = http::Server { snapshots, own: own::Own::new(&host, local.port()), base, open, editor };
    ready(&address);
    let ended = runtime.block_on(http::serve(listener, server));
    runtime.shutdown_timeout(Duration::from_millis(100));
    ended
}

/// The path of a folder in an address: with slashes, one of them first, and what has a meaning there escaped.
fn slashed(folder: &std::path::Path) -> String {
    let path = folder.to_string_lossy().replace('\\', "/");
    format!("/{}", crate::render::relative::encoded_path(path.trim_start_matches('/')))
}

/// A listening socket: on the port that was asked for, or the first free one from [`PORT`] on.
fn listen(host: &str, port: Option<u16>, say: &Say) -> anyhow::Result<TcpListener> {
    let taken = |error: &std::io::Error| error.kind() == std::io::ErrorKind::AddrInUse;
    if let Some(port) = port {
        return bind(host, port).map_err(|error| match error.downcast_ref() {
            Some(error) if taken(error) => anyhow!("port {port} is taken; without `--port` the next free one is used"),
            _ => error,
        });
    }
    for port in PORT..PORT + MORE_PORTS {
        match bind(host, port) {
            Ok(listener) => {
                if port != PORT {
                    say(Word::Warning(format!("note: port {PORT} is taken, so this is port {port}")));
                }
                return Ok(listener);
            }
            Err(error) if error.downcast_ref().is_some_and(taken) => {}
            Err(error) => return Err(error),
        }
    }
    bail!("the ports {PORT} to {} are taken; `--port` names another", PORT + MORE_PORTS - 1)
}

fn bind(host: &str, port: u16) -> anyhow::Result<TcpListener> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let mut addresses = (bare, port).to_socket_addrs().with_context(|| format!("`--host {host}` is no address of a machine"))?;
    let address = addresses.next().with_context(|| format!("`--host {host}` has no address"))?;
    TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))
}

/// The address that is printed: one that a browser on this machine can open.
fn shown_address(host: &str, local: SocketAddr, base: &str) -> String {
    let name = match local.ip() {
        ip if ip.is_unspecified() => "localhost".to_owned(),
        _ if host.parse::<IpAddr>().is_err() && !host.starts_with('[') => host.to_owned(),
        IpAddr::V6(ip) => format!("[{ip}]"),
        IpAddr::V4(ip) => ip.to_string(),
    };
    format!("http://{name}:{}{base}", local.port())
}

#[cfg(test)]
mod tests {
    use super::base_path;

    #[test]
    fn a_base_path_has_a_slash_at_both_ends() {
        for (given, path) in [("/repo", "/repo/"), ("repo", "/repo/"), ("/", "/"), ("", "/"), ("/a/b/", "/a/b/")] {
            assert_eq!(base_path(given).unwrap(), path);
        }
        for given in ["/a//b", "/../x", "/a b", "/.forewarn", "/a?b"] {
            assert!(base_path(given).is_err(), "{given}");
        }
    }
}
