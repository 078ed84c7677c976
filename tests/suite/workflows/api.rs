//! As much of GitHub's API as a comment needs, on a socket of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// The comments of one pull request.
#[derive(Clone)]
pub struct Api {
    pub address: String,
    pub comments: Arc<Mutex<Vec<Value>>>,
    /// What was asked: method and path.
    pub asked: Arc<Mutex<Vec<String>>>,
    /// Whether the token may write.
    pub writes: bool,
}

impl Api {
    /// Answers until the process ends.
    pub fn new(writes: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a socket");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let api = Self { address, comments: Arc::default(), asked: Arc::default(), writes };
        let answering = api.clone();
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| answering.serve(stream)));
        api
    }

    /// A comment that is there already.
    pub fn comment(&self, kind: &str, body: &str) -> &Self {
        let mut comments = self.comments.lock().expect("comments");
        let id = comments.len() + 1;
        comments.push(json!({"id": id, "user": {"type": kind}, "body": body, "html_url": format!("https://github.example/c{id}")}));
        drop(comments);
        self
    }

    /// The texts of all comments.
    pub fn bodies(&self) -> Vec<String> {
        self.comments.lock().expect("comments").iter().map(|comment| comment["body"].as_str().unwrap_or_default().to_owned()).collect()
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().expect("a socket"));
        let (mut head, mut line) = (Vec::new(), String::new());
        while reader.read_line(&mut line).is_ok_and(|read| read > 0) && !line.trim().is_empty() {
            head.push(std::mem::take(&mut line).trim().to_owned());
        }
        let header = |name: &str| {
            head.iter()
                .find_map(|line| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()))
        };
        let mut body = vec![0; header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0)];
        reader.read_exact(&mut body).expect("a body");
        let request = head.first().cloned().unwrap_or_default();
        let words: Vec<&str> = request.split(' ').collect();
        let (status, answer) = match header("authorization").as_deref() {
            Some("Bearer s3cret") => self.answer(words[0], words[1], &body),
            _ => (401, json!({"message": "Bad credentials"})),
        };
        let answer = answer.to_string();
        let _ = write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}", answer.len());
    }

    fn answer(&self, method: &str, path: &str, body: &[u8]) -> (u16, Value) {
        self.asked.lock().expect("asked").push(format!("{method} {path}"));
        let mut comments = self.comments.lock().expect("comments");
        let sent = || serde_json::from_slice::<Value>(body).expect("JSON")["body"].clone();
        match (method, path.strip_prefix("/repos/acme/handbook/issues/").expect("the repository")) {
            ("GET", list) => {
                let page: usize = list.strip_prefix("7/comments?per_page=100&page=").expect("a page").parse().expect("a number");
                (200, comments.iter().skip((page - 1) * 100).take(100).cloned().collect())
            }
            _ if !self.writes => (403, json!({"message": "Resource not accessible by integration"})),
            ("POST", "7/comments") => {
                drop(comments);
                self.comment("Bot", sent().as_str().expect("text"));
                (201, self.comments.lock().expect("comments").last().expect("a comment").clone())
            }
            ("PATCH", one) => {
                let id: usize = one.strip_prefix("comments/").expect("a comment").parse().expect("a number");
                comments[id - 1]["body"] = sent();
                (200, comments[id - 1].clone())
            }
            _ => (404, json!({"message": "Not Found"})),
        }
    }
}
