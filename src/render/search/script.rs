//! Data as a classic script that calls one function of the theme. No value can end the script, open a comment or break a line, wherever the
//! script is put.

use anyhow::Context as _;
use serde::Serialize;

/// `forewarn.<function>(<data>);`
pub fn call<T: Serialize>(function: &str, data: &T) -> anyhow::Result<Vec<u8>> {
    let json = serde_json::to_string(data).context("writing the search data")?;
    let mut script = String::with_capacity(json.len() + 64);
    script.push_str("forewarn.");
    script.push_str(function);
    script.push('(');
    // Outside strings JSON has none of these.
    for c in json.chars() {
        match c {
            '<' => script.push_str("\\u003c"),
            '>' => script.push_str("\\u003e"),
            '\u{2028}' => script.push_str("\\u2028"),
            '\u{2029}' => script.push_str("\\u2029"),
            c => script.push(c),
        }
    }
    script.push_str(");\n");
    Ok(script.into_bytes())
}

/// How many bytes a value has as JSON.
pub fn length<T: Serialize>(data: &T) -> u64 {
    serde_json::to_vec(data).map_or(0, |json| json.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_ends_the_script_or_a_line() {
        let script = String::from_utf8(call("f", &["</script><!--", "]]>", "a\u{2028}b\u{2029}c\n\"\\"]).unwrap()).unwrap();
        assert_eq!(
            script,
            "forewarn.f([\"\\u003c/script\\u003e\\u003c!--\",\"]]\\u003e\",\"a\\u2028b\\u2029c\\n\\\"\\\\\"]);\n"
        );
    }
}
