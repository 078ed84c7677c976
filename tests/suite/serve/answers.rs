//! Group S: what the server answers, and to whom.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::serve::server::{Server, command, handbook};

#[test]
fn s01_nothing_but_what_was_built_is_served() {
    let project = handbook();
    project.write("content/.env", "SECRET=1");
    project.write(".env", "SECRET=1");
    project.sh("ln -s /etc/passwd passwd; mkdir -p .git; echo secret > .git/config");
    let server = Server::start(&project, &[]);
    let paths = [
        "/../../../etc/passwd",
        "/%2e%2e/",
        "/..%2f",
        "/%252e",
        "/%252e%252e%252fetc/passwd",
        "/..\\",
        "/%5c..",
        "/.env",
        "/page.md",
        "/a.md",
        "/content/a.md",
        "/forewarn.toml",
        "/.git/config",
        "/?raw",
        "/a/?import&raw",
        "/passwd",
        "//etc/passwd",
        "/%00",
        "/a/%2e%2e/%2e%2e/x",
        "/.forewarn/",
        "/.forewarn/../../x",
        "/.forewarn/findings",
        "/a/../a/",
        "/%",
        "/%c0%ae%c0%ae/",
        "/C:/windows",
    ];
    for path in paths {
        let answer = server.get(path);
        assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
        assert!(!answer.text().contains("root:") && !answer.text().contains("SECRET"), "{path}");
    }
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn s01_pages_files_and_folders_are_served_as_from_any_host() {
    let project = handbook();
    project.write("content/plan.png", b"\x89PNG not really");
    let server = Server::start(&project, &[]);
    assert!(server.get("/a/").text().contains("The text of a."));
    assert!(server.get("/a").head.contains("location: /a/\r"));
    assert!(server.get("/a/index.html").status == 200);
    let picture = server.get("/plan.png");
    assert!(picture.body == b"\x89PNG not really" && picture.head.contains("content-type: image/png"));
    let head = server.ask("HEAD", "/a/", &[]);
    assert!(head.status == 200 && head.body.is_empty() && !head.head.contains("content-length: 0"));
    for path in ["/nowhere", "/deep/down/nowhere/"] {
        let lost = server.get(path);
        assert!(lost.status == 404 && lost.text().contains("This page is not here") && lost.text().contains("href=\"/\""), "{path}");
    }
}

#[test]
fn s02_only_our_own_names_are_answered() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    let with_host = |host: &str| server.raw(&["GET / HTTP/1.1".to_owned(), format!("Host: {host}"), "Connection: close".to_owned()]);
    for host in ["evil.example", "[", "", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example"] {
        let status = with_host(host).status;
        assert!([400, 403].contains(&status), "{host}: {status}");
    }
    let without = server.raw(&["GET / HTTP/1.1".to_owned(), "Connection: close".to_owned()]);
    assert!([400, 403].contains(&without.status), "{without:?}");
    let long = with_host(&"a".repeat(64 * 1024));
    assert!([400, 403].contains(&long.status), "{}", long.status);
    let whole =
        server.raw(&["GET http://evil.example/ HTTP/1.1".to_owned(), format!("Host: {}", server.host()), "Connection: close".to_owned()]);
    assert!([400, 403].contains(&whole.status), "{}", whole.status);
    assert_eq!(with_host(&format!("localhost:{}", server.port)).status, 200);
}

#[test]
fn s03_only_our_own_pages_are_told_of_changes() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    let upgrade = |host: &str, origin: Option<&str>| {
        let mut lines: Vec<String> = [
            "GET /.forewarn/live HTTP/1.1",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]
        .map(str::to_owned)
        .into();
        lines.insert(1, format!("Host: {host}"));
        lines.extend(origin.map(|origin| format!("Origin: {origin}")));
        let mut socket = server.socket();
        socket.write_all((lines.join("\r\n") + "\r\n\r\n").as_bytes()).expect("sent");
        let mut first = [0; 12];
        socket.read_exact(&mut first).expect("an answer");
        String::from_utf8_lossy(&first)[9..].to_owned()
    };
    let own = server.host();
    for origin in ["http://evil.example", "http://192.168.0.7", "null", &format!("https://{own}"), "http://127.0.0.1"] {
        assert_eq!(upgrade(&own, Some(origin)), "403", "{origin}");
    }
    assert_eq!(upgrade(&own, None), "403");
    assert_eq!(upgrade("evil.example", Some("http://evil.example")), "403");
    assert_eq!(upgrade(&own, Some(&format!("http://{own}"))), "101");
    assert_eq!(upgrade(&own, Some(&format!("http://localhost:{}", server.port))), "101");
}

#[test]
fn s04_no_other_site_can_read_an_answer() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    for origin in ["http://evil.example", "null", &format!("http://{}", server.host())] {
        for path in ["/", "/nowhere", "/_theme/style.css", "/.forewarn/live.js", "/%2e%2e/"] {
            let head = server.ask("GET", path, &[&format!("Origin: {origin}")]).head;
            assert!(!head.contains("access-control"), "{head}");
            for needed in ["cross-origin-resource-policy: same-origin", "x-content-type-options: nosniff", "cache-control: no-store"] {
                assert!(head.contains(needed), "{origin} {path}: {head}");
            }
        }
    }
}

#[test]
fn s05_the_server_can_only_be_read() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"] {
        assert_eq!(server.ask(method, "/", &[]).status, 405, "{method}");
    }
}

#[test]
fn s06_a_port_that_was_asked_for_and_is_taken_is_an_error() {
    let project = handbook();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let ran = command(&project).args(["serve", "--port", &port]).output().expect("the binary runs");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(2));
    assert!(said.lines().count() == 1 && said.contains(&format!("port {port} is taken")), "{said}");
}

#[test]
fn s06_without_a_wish_the_next_free_port_is_taken_and_named() {
    let project = handbook();
    // Whether we hold it or someone else does: it is taken.
    let _taken = TcpListener::bind("127.0.0.1:8017");
    let mut child = command(&project).arg("serve").spawn().expect("the binary runs");
    let mut said = [0; 34];
    child.stderr.take().expect("stderr").read_exact(&mut said).expect("a note");
    let _ = child.kill();
    let _ = child.wait();
    assert!(String::from_utf8_lossy(&said).starts_with("note: port 8017 is taken, so this "), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn s07_only_this_machine_is_served_unless_told_otherwise() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    assert!(server.out().starts_with("http://127.0.0.1:") && server.err().is_empty(), "{}{}", server.out(), server.err());
    let open = Server::start(&project, &["--host", "0.0.0.0"]);
    open.wait("warning", |open| open.err().contains("can be reached from other machines"));
}

#[test]
fn s08_idle_and_slow_sockets_keep_nobody_waiting() {
    let project = handbook();
    let server = Server::start(&project, &[]);
    let idle: Vec<_> = (0..500).map(|_| server.socket()).collect();
    let slow: Vec<_> = (0..50)
        .map(|_| {
            let mut socket = server.socket();
            socket.write_all(b"GET / HTTP/1.1\r\nHost: 127").expect("sent");
            socket
        })
        .collect();
    let quickest = (0..20)
        .map(|_| {
            let began = Instant::now();
            assert_eq!(server.get("/a/").status, 200);
            began.elapsed()
        })
        .min()
        .expect("twenty");
    // The promise is 100 ms on a machine that does nothing else; blocked sockets would cost the ten seconds after which they are closed.
    assert!(quickest < Duration::from_secs(5), "{quickest:?}");
    drop((idle, slow));
}

#[test]
fn s09_ctrl_c_ends_at_once_and_leaves_the_output_alone() {
    let project = handbook();
    assert_eq!(project.run("build").code, 0);
    let before = project.tree("public");
    let server = Server::start(&project, &[]);
    project.write("content/a.md", "# Page A\n\nAnother text.\n");
    server.wait_for("/a/", "Another text.");
    let _open = server.socket();
    let (code, took) = server.interrupt();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(project.tree("public"), before);
}

#[test]
fn a_base_path_is_served_as_github_pages_does() {
    let project = handbook();
    let server = Server::start(&project, &["--base-path", "/repo"]);
    assert!(server.get("/repo/a/").text().contains("The text of a."));
    assert!(server.get("/repo").head.contains("location: /repo/\r"));
    for path in ["/", "/a/", "/repository/"] {
        let lost = server.get(path);
        assert!(lost.status == 404 && lost.text().contains("href=\"/repo/\""), "{path}: {}", lost.text());
    }
    assert_eq!(server.get("/repo/%2e%2e/a/").status, 400);
    assert!(server.get("/repo/a/").text().contains("src=\"/repo/.forewarn/live.js\""));
}

#[test]
fn drafts_are_served_when_they_are_asked_for() {
    let project = handbook().file("content/soon.md", "```page\ndraft = true\n```\n\n# Soon\n");
    assert_eq!(Server::start(&project, &[]).get("/soon/").status, 404);
    assert_eq!(Server::start(&project, &["--drafts"]).get("/soon/").status, 200);
}

#[test]
fn without_a_handbook_there_is_nothing_to_serve() {
    let project = crate::project::Project::empty();
    let ran = command(&project).args(["serve", "--port", "0"]).output().expect("the binary runs");
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("there is no `content/`"));
}

#[test]
fn x13_the_name_of_a_bad_page_is_text_wherever_it_is_told() {
    let project = handbook();
    let name = "<img src=x onerror=alert(1)>&'.md";
    project.write(&format!("content/{name}"), "# A\n");
    project.write("content/'onload=x'&lt;b&gt;.md", "+++\nnokey = 1\n+++\n");
    let server = Server::start(&project, &[]);
    for path in ["/", "/a/", "/nowhere/", "/%27onload=x%27&lt;b&gt;/", "/%3Cimg%20src=x%20onerror=alert(1)%3E&%27/", "/gaps/"] {
        let answer = server.get(path);
        let elements = crate::battery::html::elements(&answer.text());
        let wild = elements.iter().filter(|element| element.name == "img" || element.attributes.keys().any(|key| key.starts_with("on")));
        assert_eq!(wild.count(), 0, "{path}: {}", answer.text());
    }
    let told = server.get("/.forewarn/findings?page=/");
    assert!(told.head.contains("content-type: application/json") && told.head.contains("nosniff"), "{}", told.head);
    assert!(serde_json::from_slice::<serde_json::Value>(&told.body).expect("JSON").to_string().contains("onerror"), "{}", told.text());
}
