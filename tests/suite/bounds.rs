//! A command that is held to what the battery allows: it ends, and it does not eat the machine.

use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use wait4::Wait4 as _;

/// Ten times what a case may take, so that only a hang is one on a busy machine.
const LONGEST: Duration = Duration::from_secs(100);
/// What a case may have at once.
const MOST: u64 = 512 * 1024 * 1024;

/// What a command left.
pub struct Ended {
    pub status: ExitStatus,
    pub out: Vec<u8>,
    pub err: Vec<u8>,
}

/// Runs a command to its end. Panics where it hangs, and where it has more memory at once than it may.
pub fn run(command: &mut Command) -> Ended {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    let (mut out, mut err) = (child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
    let (done, ended) = channel::<()>();
    let id = child.id();
    thread::scope(|scope| {
        let all = |pipe: &mut dyn Read| {
            let mut bytes = Vec::new();
            pipe.read_to_end(&mut bytes).expect("what it said");
            bytes
        };
        let out = scope.spawn(move || all(&mut out));
        let err = scope.spawn(move || all(&mut err));
        let hung = scope.spawn(move || {
            let hung = ended.recv_timeout(LONGEST) == Err(RecvTimeoutError::Timeout);
            if hung {
                let _ = Command::new("kill").args(["-KILL", &id.to_string()]).status();
            }
            hung
        });
        let used = child.wait4().expect("it ended");
        drop(done);
        assert!(!hung.join().expect("the guard"), "{command:?} did not end within {} s", LONGEST.as_secs());
        assert!(used.rusage.maxrss <= MOST, "{command:?} had {} MB at once", used.rusage.maxrss / 1024 / 1024);
        Ended { status: used.status, out: out.join().expect("its output"), err: err.join().expect("its words") }
    })
}
