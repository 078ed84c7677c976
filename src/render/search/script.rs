//! Data as a classic script that calls one function of the theme. No value can end the script, open a comment or break a line, wherever the
//! script is put.

use anyhow::Context as _;
use serde::Serialize;

/// A call of a function of the theme, being written.
pub struct Call(String);

impl Call {
    /// `forewarn.<function>(<data>`
    pub fn new<T: Serialize>(function: &str, data: &T) -> anyhow::Result<Self> {
        let mut call = Self(format!("forewarn.{function}("));
        call.put(&json(data)?);
        Ok(call)
    }

    /// Another argument: a list of values, each as a text that is JSON. A browser passes over a text, and reads it when it needs it: that is
    /// several times as quick as a value that stands in the script.
    pub fn folded<T: Serialize>(mut self, list: impl Iterator<Item = T>) -> anyhow::Result<Self> {
        self.0.push_str(",[");
        for (at, value) in list.enumerate() {
            self.0.push_str(if at == 0 { "'" } else { ",'" });
            let json = json(&value)?;
            for part in json.split_inclusive(['\\', '\'']) {
                let plain = part.trim_end_matches(['\\', '\'']);
                self.put(plain);
                if let Some(mark) = part[plain.len()..].chars().next() {
                    self.0.push('\\');
                    self.0.push(mark);
                }
            }
            self.0.push('\'');
        }
        self.0.push(']');
        Ok(self)
    }

    /// The script.
    pub fn finish(mut self) -> Vec<u8> {
        self.0.push_str(");\n");
        self.0.into_bytes()
    }

    /// JSON has these in its strings alone, and there they may be escaped.
    fn put(&mut self, json: &str) {
        for c in json.chars() {
            match c {
                '<' => self.0.push_str("\\u003c"),
                '>' => self.0.push_str("\\u003e"),
                '\u{2028}' => self.0.push_str("\\u2028"),
                '\u{2029}' => self.0.push_str("\\u2029"),
                c => self.0.push(c),
            }
        }
    }
}

fn json<T: Serialize>(data: &T) -> anyhow::Result<String> {
    serde_json::to_string(data).context("writing the search data")
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
        let hostile = ["</script><!--", "]]>", "a\u{2028}b\u{2029}c\n\"\\"];
        let script = String::from_utf8(Call::new("f", &hostile).unwrap().finish()).unwrap();
        assert_eq!(script, "forewarn.f([\"\\u003c/script\\u003e\\u003c!--\",\"]]\\u003e\",\"a\\u2028b\\u2029c\\n\\\"\\\\\"]);\n");
    }

    #[test]
    fn a_folded_value_is_the_same_when_it_is_unfolded() {
        let values = ["it's", "a \\ and a '", "\\\\''\n", "</script>\u{2028}", ""];
        let script = String::from_utf8(Call::new("f", &0).unwrap().folded(values.iter()).unwrap().finish()).unwrap();
        assert_eq!(
            script,
            concat!(r#"forewarn.f(0,['"it\'s"','"a \\\\ and a \'"','"\\\\\\\\\'\'\\n"','"\u003c/script\u003e\u2028"','""']);"#, "\n")
        );
    }
}
