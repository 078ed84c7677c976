//! One way in for bytes of strangers, fuzzed: the one that `WAY` names. `tests/fuzz/run` builds and starts this.
#![no_main]

use std::sync::LazyLock;

use forewarn::hostile::WAYS_IN;
use libfuzzer_sys::fuzz_target;

static WAY: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("WAY").expect("WAY names what is fuzzed");
    WAYS_IN.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no way in is called {name}")).1
});

fuzz_target!(|bytes: &[u8]| (WAY)(bytes));
