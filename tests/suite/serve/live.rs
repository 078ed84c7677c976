//! The reload channel: pages are told that there is something new at their address, and nothing else.

use std::time::Duration;

use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

use crate::serve::server::{Server, handbook};

type Socket = WebSocket<std::net::TcpStream>;

/// A page that shows what the server gives now.
fn open(server: &Server, path: &str) -> Socket {
    let mut socket = silent(server);
    say(server, &mut socket, path);
    socket
}

/// A socket whose page has said nothing yet.
fn silent(server: &Server) -> Socket {
    let mut request = format!("ws://{}/.forewarn/live", server.host()).into_client_request().expect("a request");
    request.headers_mut().insert("Origin", format!("http://{}", server.host()).parse().expect("a header"));
    let (socket, _) = tungstenite::client(request, server.socket()).expect("a socket");
    socket
}

fn say(server: &Server, socket: &mut Socket, path: &str) {
    let shown = shown(server, path);
    socket.send(Message::text(format!("{path}\n{shown}"))).expect("said");
}

fn shown(server: &Server, path: &str) -> String {
    let page = server.get(path).text();
    let after = page.split("name=\"forewarn-shown\" content=\"").nth(1).expect("what is shown");
    after.split('"').next().expect("its end").to_owned()
}

/// The next word of the server.
fn told(socket: &mut Socket) -> String {
    loop {
        match socket.read().expect("a word") {
            Message::Text(text) => return text.to_string(),
            Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

fn silence(socket: &mut Socket) -> bool {
    socket.get_ref().set_read_timeout(Some(Duration::from_millis(700))).expect("a limit");
    loop {
        match socket.read() {
            Ok(Message::Text(text)) => panic!("told {text}"),
            Ok(_) => {}
            Err(_) => return true,
        }
    }
}

#[test]
fn a_page_that_changed_is_told_its_own_address_and_others_hear_nothing() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    let (mut a, mut deploy) = (open(&server, "/a/"), open(&server, "/deploy/"));
    project.write("content/a.md", "# Page A\n\nSomething else.\n");
    assert_eq!(told(&mut a), "[\"/a/\"]");
    assert!(server.get("/a/").text().contains("Something else."), "first the site, then the word");
    assert!(silence(&mut deploy));
}

#[test]
fn a_page_that_was_away_catches_up() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    let before = shown(&server, "/a/");
    project.write("content/a.md", "# Page A\n\nWritten meanwhile.\n");
    server.wait_for("/a/", "Written meanwhile.");
    let mut socket = silent(&server);
    socket.send(Message::text(format!("/a/\n{before}"))).expect("said");
    assert_eq!(told(&mut socket), "[\"/a/\"]");
}

#[test]
fn faults_styles_and_pages_that_go_are_told_too() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    let mut socket = open(&server, "/deploy/");
    let good = project.read("content/deploy.md");
    project.write("content/deploy.md", format!("{good}\n```failure\nclass = \"nonsense\"\ntitle = \"x\"\n```\n"));
    assert_eq!(told(&mut socket), "[\"/deploy/\"]");
    project.write("content/deploy.md", &good);
    server.wait("the repair", |server| !server.get("/.forewarn/findings?page=%2Fdeploy%2F").text().contains("nonsense"));
    say(&server, &mut socket, "/deploy/");
    project.write("themes/default/static/style.css", "body { color: red }");
    assert_eq!(told(&mut socket), "[\"/deploy/\"]");
    server.wait_for("/_theme/style.css", "color: red");
    say(&server, &mut socket, "/deploy/");
    project.sh("rm content/deploy.md");
    assert_eq!(told(&mut socket), "[\"/deploy/\"]");
    server.wait("the page to be gone", |server| server.get("/deploy/").status == 404);
}
