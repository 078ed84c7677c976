//! One port: answers from the newest snapshot, and the WebSockets of open pages.
//!
//! GET and HEAD only, under our own names only, and only what was built. Every socket has limits, and nothing that takes time happens on
//! the threads that wait for sockets. Absent: what pages hold, and when they change.

use std::convert::Infallible;
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};

use super::address::{Refused, asks_for_more, site_path};
use super::live::{self, Open};
use super::own::Own;
use super::site::{Found, Snapshot};
use super::told;

/// The most sockets at a time; more wait until one ends.
const SOCKETS: usize = 900;
/// How long a request may take to arrive, and a socket may wait for the next one.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a socket lives at most, one that became a WebSocket aside.
const LIFE: Duration = Duration::from_secs(300);
/// The most bytes of a request's head.
const HEAD: usize = 128 * 1024;

/// What answers.
pub(super) struct Server {
    pub(super) snapshots: watch::Receiver<Arc<Snapshot>>,
    pub(super) own: Own,
    pub(super) base: String,
    pub(super) open: Arc<Open>,
    /// What leads an editor on this machine to a file, before the file's path; nothing where others can read it.
    pub(super) editor: Option<String>,
}

/// Answers until the program is interrupted.
pub(super) async fn serve(listener: TcpListener, server: Server) -> anyhow::Result<()> {
    listener.set_nonblocking(true).context("preparing the server's socket")?;
    let listener = tokio::net::TcpListener::from_std(listener).context("preparing the server's socket")?;
    let server = Arc::new(server);
    let slots = Arc::new(Semaphore::new(SOCKETS));
    let interrupted = interrupted();
    tokio::pin!(interrupted);
    loop {
        let accepted = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (listener.accept().await, slot)
        };
        let (accepted, slot) = tokio::select! {
            ended = &mut interrupted => return ended,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((socket, _)) => {
                let server = Arc::clone(&server);
                tokio::spawn(async move {
                    connection(socket, server).await;
                    drop(slot);
                });
            }
            // No file handles are left, or the other side has gone already: those that are open end by themselves.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Ctrl+C, or the signal that asks a program to end.
async fn interrupted() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        let mut ended = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).context("listening for signals")?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.context("listening for signals"),
            _ = ended.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.context("listening for signals")
}

async fn connection(socket: TcpStream, server: Arc<Server>) {
    let Ok(local) = socket.local_addr() else { return };
    let _ = socket.set_nodelay(true);
    let service = service_fn(move |request: Request<hyper::body::Incoming>| {
        let server = Arc::clone(&server);
        async move {
            let (parts, _) = request.into_parts();
            let mut response = answer(&server, local.ip(), parts).await;
            guard(&mut response);
            Ok::<_, Infallible>(response)
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(socket), service)
        .with_upgrades();
    // What goes wrong on a socket is over with the socket.
    let _ = tokio::time::timeout(LIFE, served).await;
}

/// What every answer carries.
fn guard(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

async fn answer(server: &Arc<Server>, local: IpAddr, mut parts: Parts) -> Response<Body> {
    if let Some(refused) = refused(server, local, &parts) {
        return refused;
    }
    let path = match site_path(parts.uri.path(), &server.base) {
        Ok(path) => path,
        Err(Refused::Malformed) => return plain(StatusCode::BAD_REQUEST, "this is no address of a page\n"),
        Err(Refused::Elsewhere) if format!("{}/", parts.uri.path()) == server.base => return moved(&server.base),
        Err(Refused::Elsewhere) => return page(server, None).await,
    };
    let query = parts.uri.query().unwrap_or_default().to_owned();
    match path.strip_prefix(live::FOLDER) {
        Some("live") => {
            let ours =
                parts.headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok()).is_some_and(|o| server.own.is_origin(o, local));
            if !ours {
                return plain(StatusCode::FORBIDDEN, "only pages of this server are told of changes\n");
            }
            return match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
                Ok(upgrade) => live::tell(upgrade, Arc::clone(server)),
                Err(_) => plain(StatusCode::BAD_REQUEST, "this is the address of a WebSocket\n"),
            };
        }
        Some("findings") => return findings(server, &query).await,
        Some(name) => {
            return match live::file(name) {
                Some(text) => typed(text, "text/javascript; charset=utf-8"),
                None => page(server, None).await,
            };
        }
        None => {}
    }
    if asks_for_more(&query) {
        return page(server, None).await;
    }
    page(server, Some(path)).await
}

/// What is refused before its path is looked at: other names than ours, pages of others, anything but reading.
fn refused(server: &Server, local: IpAddr, parts: &Parts) -> Option<Response<Body>> {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok(),
        _ => return Some(plain(StatusCode::BAD_REQUEST, "the request does not say which host it means\n")),
    };
    let named = parts.uri.authority().is_none_or(|authority| server.own.is_host(authority.as_str(), local));
    if !named || !host.is_some_and(|host| server.own.is_host(host, local)) {
        return Some(plain(StatusCode::FORBIDDEN, "this is no name of this server\n"));
    }
    let foreign = |origin: &HeaderValue| !origin.to_str().is_ok_and(|origin| server.own.is_origin(origin, local));
    if parts.headers.get_all(header::ORIGIN).iter().any(foreign) {
        return Some(plain(StatusCode::FORBIDDEN, "pages of other sites may not ask this server\n"));
    }
    if parts.method != Method::GET && parts.method != Method::HEAD {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "this server can only be read\n");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Some(response);
    }
    None
}

fn moved(to: &str) -> Response<Body> {
    let mut response = plain(StatusCode::MOVED_PERMANENTLY, "it stands at the same address with a slash at its end\n");
    match HeaderValue::from_str(to) {
        Ok(to) => drop(response.headers_mut().insert(header::LOCATION, to)),
        Err(_) => return plain(StatusCode::BAD_REQUEST, "this is no address of a page\n"),
    }
    response
}

fn typed(body: impl Into<Body>, kind: &str) -> Response<Body> {
    let mut response = Response::new(body.into());
    let kind = HeaderValue::from_str(kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Runs what takes time where it holds nobody up.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

/// A page of the site, or the page for what does not exist.
async fn page(server: &Arc<Server>, path: Option<String>) -> Response<Body> {
    let snapshot = Arc::clone(&server.snapshots.borrow());
    let base = server.base.clone();
    aside(move || {
        let file = match path.as_deref().map(|path| (path, snapshot.find(path))) {
            Some((_, Found::File(file))) => Some(file),
            Some((path, Found::Folder)) => return moved(&format!("{base}{}/", crate::render::relative::encoded_path(path))),
            Some((_, Found::Nothing)) | None => None,
        };
        let page = snapshot.page(file.as_deref());
        let name = file.as_deref().unwrap_or("404.html");
        let mut response = if name.ends_with(".html") {
            let shown = snapshot.shown(file.as_deref(), &page);
            typed(live::with_script(&page.bytes, &base, &shown), "text/html; charset=utf-8")
        } else {
            typed(page.bytes.to_vec(), &kind_of(name))
        };
        *response.status_mut() = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response
    })
    .await
    .unwrap_or_else(|| plain(StatusCode::INTERNAL_SERVER_ERROR, "this page failed inside forewarn\n"))
}

fn kind_of(name: &str) -> String {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let is_text = kind.type_() == "text" || matches!(kind.subtype().as_str(), "javascript" | "json" | "xml");
    if is_text { format!("{kind}; charset=utf-8") } else { kind.to_string() }
}

/// The findings that a page shows, by the path of the page.
async fn findings(server: &Arc<Server>, query: &str) -> Response<Body> {
    let Some(path) = query.strip_prefix("page=") else { return page(server, None).await };
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    let snapshot = Arc::clone(&server.snapshots.borrow());
    let base = server.base.clone();
    let editor = server.editor.clone();
    let found = move || {
        let mut findings = told::findings(&snapshot, live::file_of(&snapshot, &path, &base).as_deref());
        findings["editor"] = editor.into();
        findings.to_string()
    };
    let json = aside(found).await;
    json.map_or_else(|| plain(StatusCode::INTERNAL_SERVER_ERROR, "failed\n"), |json| typed(json, "application/json"))
}
