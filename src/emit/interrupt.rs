//! Ctrl+C and termination while a build is being written: the output stays old, the staging goes, and the caller learns which signal.
//!
//! In: signals. Out: [`Interrupted`], at the next file. Absent: ending the process (`main` does, with [`Interrupted::exit_code`]). Outside
//! a [`Hold`] signals do what they always do, and a second signal within one ends the process at once: a kill is safe at any moment.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// The build was stopped by a signal before it reached the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted {
    /// The number of the signal: 2 for Ctrl+C, 15 for termination.
    pub signal: u8,
}

impl Interrupted {
    /// The exit code that says so to a shell: 130 or 143.
    pub fn exit_code(self) -> u8 {
        128 + self.signal
    }
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stopped by signal {}; the output is as it was", self.signal)
    }
}

impl std::error::Error for Interrupted {}

static RECEIVED: AtomicUsize = AtomicUsize::new(0);
static USUAL: AtomicBool = AtomicBool::new(true);

/// Signals wait while this lives.
pub(super) struct Hold {
    received: &'static AtomicUsize,
}

impl Hold {
    /// Lets signals wait from here on.
    pub(super) fn new() -> Self {
        static LISTENING: OnceLock<()> = OnceLock::new();
        LISTENING.get_or_init(|| {
            for signal in [SIGINT, SIGTERM] {
                // Where a handler cannot be set, the signal does what it always does, which is safe too. The order matters: the last
                // action lets the second signal act as usual.
                let _ = flag::register_conditional_default(signal, &USUAL)
                    .and_then(|_| flag::register_usize(signal, &RECEIVED, signal.unsigned_abs() as usize))
                    .and_then(|_| flag::register(signal, &USUAL));
            }
        });
        RECEIVED.store(0, Ordering::SeqCst);
        USUAL.store(false, Ordering::SeqCst);
        Hold { received: &RECEIVED }
    }

    /// Fails once a signal has come.
    pub(super) fn check(&self) -> Result<(), Interrupted> {
        match self.received.load(Ordering::Relaxed) {
            0 => Ok(()),
            signal => Err(Interrupted { signal: u8::try_from(signal).unwrap_or(0) }),
        }
    }

    /// A hold which hears what a test says instead of signals.
    #[cfg(test)]
    pub(super) fn on(received: &'static AtomicUsize) -> Self {
        Hold { received }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        USUAL.store(true, Ordering::SeqCst);
    }
}
