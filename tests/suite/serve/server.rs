//! A running server, a client of a few lines that sends exactly what it is told to, and patience.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::project::{Project, TODAY};

/// How long anything may take before a test calls it lost. Machines that test are busy.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A server that ends with the test.
pub struct Server {
    child: Child,
    pub port: u16,
    out: Arc<Mutex<String>>,
    err: Arc<Mutex<String>>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The page without what live editing puts into it.
    pub fn page(&self) -> String {
        let live = |line: &&str| !line.contains("forewarn-shown") && !line.contains("/.forewarn/");
        let page: String = self.text().split_inclusive('\n').filter(live).collect();
        page.replace(" script-src 'self'; connect-src 'self';", "")
    }
}

impl Server {
    /// Starts with a free port and waits until the address is printed.
    pub fn start(project: &Project, arguments: &[&str]) -> Self {
        Self::start_with(project, arguments, &[])
    }

    /// The same with variables of the environment.
    pub fn start_with(project: &Project, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut child = command(project)
            .args(["serve", "--port", "0"])
            .args(arguments)
            .envs(variables.iter().copied())
            .spawn()
            .expect("the binary runs");
        let out = follow(child.stdout.take().expect("stdout"));
        let err = follow(child.stderr.take().expect("stderr"));
        let mut server = Self { child, port: 0, out, err };
        server.wait("an address and a watcher", |server| server.out().contains("watching "));
        let address = server.out();
        let port = address.split(':').nth(2).and_then(|rest| rest.split('/').next()).expect("a port").to_owned();
        server.port = port.parse().unwrap_or_else(|_| panic!("no port in {address}"));
        server
    }

    /// Everything printed so far.
    pub fn out(&self) -> String {
        self.out.lock().expect("out").clone()
    }

    /// Everything said so far.
    pub fn err(&self) -> String {
        self.err.lock().expect("err").clone()
    }

    /// How many rebuilds have been told.
    pub fn rebuilds(&self) -> usize {
        self.out().lines().filter(|line| line.starts_with("changed ")).count()
    }

    /// Waits until something holds.
    pub fn wait(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !holds(self) {
            assert!(began.elapsed() < PATIENCE, "there was no {what}:\n{}{}", self.out(), self.err());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until a page says something.
    pub fn wait_for(&self, path: &str, text: &str) {
        self.wait(&format!("`{text}` on {path}"), |server| server.get(path).text().contains(text));
    }

    /// Waits until every file of the site is byte for byte what a clean build of the folder gives, and no other is served.
    pub fn wait_until_clean(&self, project: &Project) {
        let began = Instant::now();
        let clean = tempfile::tempdir().expect("a folder");
        let out = clean.path().join("site");
        let ran = project.run(&format!("build --fail-on never --out {}", out.display()));
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let built = crate::project::tree(&out);
        let differs = |path: &String, bytes: &Vec<u8>| {
            let answer = self.get(&format!("/{}", url(path)));
            if path.ends_with(".html") { answer.page().as_bytes() != bytes } else { answer.body != *bytes }
        };
        let served = |path: &&String| !path.starts_with(".forewarn");
        loop {
            let found = built.iter().find(|(path, bytes)| served(path) && differs(path, bytes));
            let Some((path, bytes)) = found else { return };
            if began.elapsed() > PATIENCE {
                let page = self.get(&format!("/{}", url(path))).page();
                snapbox::assert_data_eq!(page, String::from_utf8_lossy(bytes).into_owned());
                panic!("{path} is not what a clean build gives:\n{}{}", self.out(), self.err());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// A request of these lines, with nothing added but the empty line at its end.
    pub fn raw(&self, lines: &[String]) -> Answer {
        let mut socket = self.socket();
        let request = lines.iter().map(|line| format!("{line}\r\n")).collect::<String>() + "\r\n";
        socket.write_all(request.as_bytes()).expect("sent");
        read(socket)
    }

    pub fn socket(&self) -> TcpStream {
        let socket = TcpStream::connect(("127.0.0.1", self.port)).expect("connected");
        socket.set_read_timeout(Some(PATIENCE)).expect("a limit");
        socket
    }

    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[&str]) -> Answer {
        let mut lines = vec![format!("{method} {path} HTTP/1.1"), format!("Host: {}", self.host()), "Connection: close".to_owned()];
        lines.extend(headers.iter().map(|header| (*header).to_owned()));
        self.raw(&lines)
    }

    /// Presses Ctrl+C; gives the exit code and how long the end took.
    pub fn interrupt(mut self) -> (Option<i32>, Duration) {
        let began = Instant::now();
        let killed = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().expect("kill");
        assert!(killed.success());
        let code = self.child.wait().expect("ended").code();
        (code, began.elapsed())
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program in the project's folder.
pub fn command(project: &Project) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_forewarn"));
    command
        .args(["--today", TODAY])
        .current_dir(project.path(""))
        .env_remove("SOURCE_DATE_EPOCH")
        .env_remove("FOREWARN_BASE_URL")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn follow(pipe: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&text);
    std::thread::spawn(move || {
        let mut lines = BufReader::new(pipe);
        let mut line = String::new();
        while lines.read_line(&mut line).is_ok_and(|read| read > 0) {
            kept.lock().expect("text").push_str(&std::mem::take(&mut line));
        }
    });
    text
}

fn read(mut socket: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    // A server that refuses a request early may close before it has read all of it.
    let _ = socket.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    Answer { status, head, body: bytes[end..].to_vec() }
}

/// A path of the site as it stands in a request.
fn url(path: &str) -> String {
    let parts = path.split('/').map(|part| percent_encoding::utf8_percent_encode(part, percent_encoding::NON_ALPHANUMERIC).to_string());
    parts.collect::<Vec<_>>().join("/")
}

/// A small handbook that has no fault.
pub fn handbook() -> Project {
    Project::with(&[
        ("forewarn.toml", "title = \"Small\"\n"),
        ("content/index.md", "# Small\n\nThe first page.\n"),
        ("content/a.md", "# Page A\n\nThe text of a.\n"),
        ("content/b.md", "# Page B\n\nSee [a](a.md).\n"),
        ("content/deploy.md", DEPLOY),
    ])
}

pub const DEPLOY: &str =
    "```page\nkind = \"process\"\n```\n\n# Deploy\n\n## Steps\n\n1. **Freeze.** Tell everybody.\n\n2. **Switch.** Move the traffic.\n";
