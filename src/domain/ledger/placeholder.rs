//! What a template leaves for people to replace.

/// The placeholder that a text still holds (xx, ××, xxx, **, ___, 具体展开).
#[must_use]
pub fn placeholder(text: &str) -> Option<String> {
    let _ = text;
    unimplemented!()
}
