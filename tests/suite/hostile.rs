//! Every input that fuzzing has left, or was begun with, through the way in that it was found on: `tests/fuzz/corpus/WAY`.

use forewarn::hostile::WAYS_IN;

#[test]
fn what_fuzzing_has_found_stays_mended() {
    for (name, way) in WAYS_IN {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(name);
        let mut inputs: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        inputs.sort();
        assert!(!inputs.is_empty(), "nothing is kept in {}", folder.display());
        for input in inputs {
            let bytes = std::fs::read(&input).unwrap();
            let held = std::panic::catch_unwind(|| way(&bytes));
            assert!(held.is_ok(), "{} does not hold any more", input.display());
        }
    }
}
