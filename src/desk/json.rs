//! Answers as machines read them: the same text for a command and for `/api/v1`.

use serde::Serialize;

/// A value, indented, with a line break at its end.
///
/// # Errors
/// It can't be said in JSON.
pub fn text<T: Serialize>(value: &T) -> anyhow::Result<String> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}

/// An array whose values come one by one: only its text is kept.
#[derive(Debug, Default)]
pub struct Array(String);

impl Array {
    /// One value more.
    ///
    /// # Errors
    /// It can't be said in JSON.
    pub fn add<T: Serialize>(&mut self, value: &T) -> anyhow::Result<()> {
        self.0.push_str(if self.0.is_empty() { "[" } else { "," });
        // No text has a line break of its own within: there it is written \n.
        for line in serde_json::to_string_pretty(value)?.lines() {
            self.0.push_str("\n  ");
            self.0.push_str(line);
        }
        Ok(())
    }

    /// The array as [`text`] gives it.
    #[must_use]
    pub fn text(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "[]\n" } else { "\n]\n" });
        self.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_array_that_comes_one_by_one_is_the_same() {
        let all = [
            json!({"a": [1, {"b": "x\ny"}], "c": {}, "d": []}),
            json!(null),
            json!("春\r\n江"),
        ];
        for count in 0..=all.len() {
            let mut array = Array::default();
            for own in &all[..count] {
                array.add(own).unwrap();
            }
            assert_eq!(array.text(), text(&&all[..count]).unwrap());
        }
    }
}
