//! Texts on their way from the reading child: as bytes, which are looked
//! through many at a time when they arrive.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde::ser::Serializer;
use smol_str::SmolStr;

pub(super) fn serialize<S: Serializer>(text: &SmolStr, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(text.as_bytes())
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SmolStr, D::Error> {
    deserializer.deserialize_bytes(Text)
}

struct Text;

impl Visitor<'_> for Text {
    type Value = SmolStr;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text in UTF-8")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<SmolStr, E> {
        let text = simdutf8::basic::from_utf8(bytes);
        text.map(SmolStr::new)
            .map_err(|_| E::custom("a text that isn't UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Value;

    #[test]
    fn texts_arrive_as_they_were_sent_and_broken_ones_are_refused() {
        for text in ["", "村", &"乌塘圩村".repeat(100)] {
            let sent = postcard::to_stdvec(&Value::Text(text.into())).unwrap();
            assert_eq!(
                postcard::from_bytes::<Value>(&sent).unwrap(),
                Value::Text(text.into())
            );
        }
        let mut sent = postcard::to_stdvec(&Value::Text("村".into())).unwrap();
        *sent.last_mut().unwrap() = b'a';
        assert!(postcard::from_bytes::<Value>(&sent).is_err());
    }
}
