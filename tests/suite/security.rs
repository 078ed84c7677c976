//! `SECURITY.md` names tests that exist, and every promise has some.

use std::path::Path;

#[test]
fn every_test_that_a_promise_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("SECURITY.md")).expect("the page");
    let mut promises = 0;
    for promise in page.split("\n- **P").skip(1) {
        promises += 1;
        let (number, rest) = promise.split_once("**").expect("a number");
        assert_eq!(number, promises.to_string());
        let mut named = 0;
        let mut text = String::new();
        // What stands in backticks is a file, or a test in the file before it.
        for word in rest.split("\n\n").next().unwrap_or_default().split('`').skip(1).step_by(2) {
            if word.contains('/') {
                text = std::fs::read_to_string(root.join(word)).unwrap_or_else(|error| panic!("P{number} names {word}: {error}"));
            } else if word.contains('_') {
                named += 1;
                assert!(text.contains(&format!("fn {word}(")), "P{number} names a test that is not there: {word}");
            }
        }
        assert!(named > 0, "P{number} names no test");
    }
    assert_eq!(promises, 14);
}
