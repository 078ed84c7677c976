//! How long a template may write on one page, and how much: a loop in a theme that does not end is an error that names it.
//!
//! In: what a template writes. Out: an error at the first write beyond the budget. Absent: a loop that writes nothing, which Tera keeps
//! to 100 000 rounds of each `range`.

use std::io::{self, Write};
use std::time::{Duration, Instant};

/// What one page may take. The largest that are known, of tens of thousands of steps, take some seconds.
const LONGEST: Duration = Duration::from_secs(120);
/// How much one page may have; a browser opens none of that size.
const MOST: usize = 512 * 1024 * 1024;
/// Writes between two looks at the clock.
const LOOK: u32 = 256;

/// Bytes that are written within a budget.
pub(super) struct Budget {
    bytes: Vec<u8>,
    began: Instant,
    longest: Duration,
    writes: u32,
}

impl Budget {
    /// The budget of a page.
    pub(super) fn of_page() -> Self {
        Self::of(LONGEST)
    }

    fn of(longest: Duration) -> Self {
        Self { bytes: Vec::with_capacity(32 * 1024), began: Instant::now(), longest, writes: 0 }
    }

    /// What was written.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl Write for Budget {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        self.writes = self.writes.wrapping_add(1);
        if self.writes.is_multiple_of(LOOK) && self.began.elapsed() > self.longest {
            return Err(io::Error::other(format!(
                "a page took longer than {} s; look for a loop that does not end",
                self.longest.as_secs()
            )));
        }
        if self.bytes.len() + more.len() > MOST {
            return Err(io::Error::other(format!("a page has more than {} MB; look for a loop that does not end", MOST / 1024 / 1024)));
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_fits_comes_out_as_it_was_written() {
        let mut budget = Budget::of_page();
        (0..10_000).for_each(|_| budget.write_all(b"ab").unwrap());
        assert_eq!(budget.into_bytes(), b"ab".repeat(10_000));
    }

    #[test]
    fn whoever_goes_on_writing_is_stopped() {
        let mut budget = Budget::of(Duration::ZERO);
        let error = (0..LOOK).find_map(|_| budget.write_all(b"a").err()).expect("an end");
        assert!(error.to_string().contains("longer than 0 s"), "{error}");
        let mut budget = Budget::of_page();
        let error = (0..600).find_map(|_| budget.write_all(&[b'a'; 1024 * 1024]).err()).expect("an end");
        assert!(error.to_string().contains("more than 512 MB"), "{error}");
    }
}
