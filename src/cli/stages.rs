//! How long each stage of a run took, for `-v`.

use std::fmt::Write as _;
use std::time::Instant;

/// The stages so far, with the seconds that each took.
pub(super) struct Stages {
    since: Instant,
    ended: Vec<(&'static str, f64)>,
}

impl Stages {
    /// The first stage begins.
    pub(super) fn begin(at: Instant) -> Self {
        Self { since: at, ended: Vec::new() }
    }

    /// A stage has ended, and the next begins.
    pub(super) fn end(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.ended.push((stage, now.duration_since(self.since).as_secs_f64()));
        self.since = now;
    }

    /// `stages: read 0.02 s, parse 0.10 s`
    pub(super) fn text(&self) -> String {
        let mut text = String::from("stages: ");
        for (index, (stage, seconds)) in self.ended.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            let _ = write!(text, "{comma}{stage} {seconds:.2} s");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_stand_in_their_order() {
        let stages = Stages { since: Instant::now(), ended: vec![("read", 0.021), ("parse", 1.5)] };
        assert_eq!(stages.text(), "stages: read 0.02 s, parse 1.50 s");
    }
}
