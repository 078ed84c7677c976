//! Open pages: which they are, when they are told to look again, and the script that does.
//!
//! A page says which address it shows, and what of it. Once there is a snapshot with something else at that address it gets the address
//! back, and nothing more: what is new it fetches as any reader would. A page that was away says what it shows when it is back, so it
//! never misses a change. Absent: the content of pages.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::Response;
use axum::response::IntoResponse;

use super::address::site_path;
use super::http::Server;
use super::site::{Found, Snapshot};

/// The folder of the site in which the addresses of live editing stand. No page can be there: its name begins with a dot.
pub(super) const FOLDER: &str = ".forewarn/";

/// The most pages that are told of changes at a time.
const PAGES: usize = 300;
/// The most bytes that a page says.
const SAID: usize = 8 * 1024;
/// How long a page may be silent before it says what it shows, or does not answer.
const PATIENCE: Duration = Duration::from_secs(45);
/// How often a silent page is asked whether it is still there.
const PING: Duration = Duration::from_secs(20);

/// The pages that browsers show, by the number of their socket.
#[derive(Default)]
pub(super) struct Open {
    pages: Mutex<HashMap<u64, Option<String>>>,
    next: AtomicU64,
}

impl Open {
    /// The paths below the home page, each once.
    pub(super) fn paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = self.pages.lock().unwrap_or_else(PoisonError::into_inner).values().flatten().cloned().collect();
        paths.sort();
        paths.dedup();
        paths
    }
}

/// A socket's place in the list; it goes with the socket.
struct Place<'a> {
    open: &'a Open,
    number: u64,
}

impl<'a> Place<'a> {
    fn take(open: &'a Open) -> Option<Self> {
        let number = open.next.fetch_add(1, Ordering::Relaxed);
        let mut pages = open.pages.lock().unwrap_or_else(PoisonError::into_inner);
        (pages.len() < PAGES).then(|| {
            pages.insert(number, None);
            Self { open, number }
        })
    }

    fn shows(&self, path: &str) {
        self.open.pages.lock().unwrap_or_else(PoisonError::into_inner).insert(self.number, Some(path.to_owned()));
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.open.pages.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.number);
    }
}

/// The file of the site that an address names, as it stands in a browser's address bar.
pub(super) fn file_of(snapshot: &Snapshot, address: &str, base: &str) -> Option<String> {
    match snapshot.find(&site_path(address, base).ok()?) {
        Found::File(file) => Some(file),
        Found::Folder | Found::Nothing => None,
    }
}

/// Upgrades a request to a socket that is told of changes.
pub(super) fn tell(upgrade: WebSocketUpgrade, server: Arc<Server>) -> Response<Body> {
    upgrade
        .max_message_size(SAID)
        .max_frame_size(SAID)
        .on_upgrade(move |socket| async move { watch(socket, &server).await })
        .into_response()
}

/// What a page has said of itself.
struct Shows {
    address: String,
    what: String,
}

async fn watch(mut socket: WebSocket, server: &Server) {
    let Some(place) = Place::take(&server.open) else { return };
    let mut snapshots = server.snapshots.clone();
    let mut shows: Option<Shows> = None;
    let mut heard = tokio::time::Instant::now();
    let mut ping = tokio::time::interval(PING);
    loop {
        tokio::select! {
            changed = snapshots.changed() => if changed.is_err() { return },
            said = socket.recv() => {
                heard = tokio::time::Instant::now();
                match said {
                    Some(Ok(Message::Text(text))) => {
                        let Some((address, what)) = text.split_once('\n') else { return };
                        if let Ok(path) = site_path(address, &server.base) {
                            place.shows(&path);
                        }
                        shows = Some(Shows { address: address.to_owned(), what: what.to_owned() });
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    _ => return,
                }
            }
            _ = ping.tick() => {
                if heard.elapsed() > PATIENCE || socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                    return;
                }
                continue;
            }
        }
        if let Some(known) = &shows {
            let snapshot = Arc::clone(&snapshots.borrow_and_update());
            if differs(snapshot, known, &server.base).await {
                let told = serde_json::json!([known.address]).to_string();
                let sent = tokio::time::timeout(PATIENCE, socket.send(Message::Text(told.into()))).await;
                if !matches!(sent, Ok(Ok(()))) {
                    return;
                }
            }
        }
    }
}

/// Whether a page shows something else than it should.
async fn differs(snapshot: Arc<Snapshot>, shows: &Shows, base: &str) -> bool {
    let (address, base, what) = (shows.address.clone(), base.to_owned(), shows.what.clone());
    let now = tokio::task::spawn_blocking(move || {
        let file = file_of(&snapshot, &address, &base);
        snapshot.shown(file.as_deref(), &snapshot.page(file.as_deref()))
    });
    now.await.is_ok_and(|now| now != what)
}

/// The files of live editing.
pub(super) fn file(name: &str) -> Option<&'static str> {
    Some(match name {
        "live.js" => include_str!("client/live.js"),
        "idiomorph.js" => include_str!("client/idiomorph.min.js"),
        _ => return None,
    })
}

/// A page with the script of live editing in it, and its policy such that the script may run and ask this server.
pub(super) fn with_script(page: &[u8], base: &str, shown: &str) -> Vec<u8> {
    let html = String::from_utf8_lossy(page);
    let at = html.find("</head>").unwrap_or(0);
    let (head, rest) = html.split_at(at);
    let scripts = format!(
        "<meta name=\"forewarn-shown\" content=\"{shown}\">\n<script src=\"{base}{FOLDER}idiomorph.js\" defer></script>\n\
         <script src=\"{base}{FOLDER}live.js\" defer></script>\n"
    );
    let mut page = Vec::with_capacity(html.len() + 512);
    page.extend_from_slice(admitting(head).as_bytes());
    page.extend_from_slice(scripts.as_bytes());
    page.extend_from_slice(rest.as_bytes());
    page
}

/// A head whose policy has no word on scripts and connections of its own gets one.
fn admitting(head: &str) -> String {
    let Some((at, none)) = NONE.iter().find_map(|none| head.find(none).map(|at| (at, none))) else { return head.to_owned() };
    let policy = &head[at..at + head[at..].find('>').unwrap_or(0)];
    let missing = ["script-src", "connect-src"].into_iter().filter(|name| !policy.contains(name));
    let missing: String = missing.map(|name| format!(" {name} 'self';")).collect();
    let mut admitting = head.to_owned();
    admitting.insert_str(at + none.len(), &missing);
    admitting
}

/// How the policies of this program's pages begin, in an attribute that was escaped or was not.
const NONE: [&str; 2] = ["content=\"default-src 'none';", "content=\"default-src &#39;none&#39;;"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stands_in_the_head_and_the_policy_admits_it() {
        let page = "<head><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'\"></head><p>x</p>";
        let served = String::from_utf8(with_script(page.as_bytes(), "/repo/", "a.b")).unwrap();
        assert!(served.contains("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'"), "{served}");
        assert!(served.contains("<script src=\"/repo/.forewarn/live.js\" defer></script>\n</head><p>x</p>"), "{served}");
        let escaped = String::from_utf8(with_script(page.replace('\'', "&#39;").as_bytes(), "/", "a")).unwrap();
        assert!(escaped.contains("&#39;none&#39;; script-src 'self'; connect-src 'self'; style-src"), "{escaped}");
        let page = "<head><meta content=\"default-src 'none'; script-src 'self' 'sha256-x'; connect-src 'self'\"></head>";
        let served = String::from_utf8(with_script(page.as_bytes(), "/", "a")).unwrap();
        assert_eq!(served.matches("script-src").count(), 1);
    }
}
