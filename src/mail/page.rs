//! Text as HTML.

/// A person's text as a whole page: its paragraphs, nothing else.
#[must_use]
pub fn plain_page(text: &str) -> String {
    let paragraph = |line: &str| {
        let line = if line.trim().is_empty() {
            "&nbsp;".to_owned()
        } else {
            escaped(line)
        };
        format!("<p style=\"margin:0.4em 0\">{line}</p>")
    };
    let paragraphs: String = text.lines().map(paragraph).collect();
    format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body style=\"max-width:720px;\
         font-family:FangSong,仿宋,serif;font-size:16px;line-height:1.8\">{paragraphs}</body></html>"
    )
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_person_s_text_stays_text() {
        let page = plain_page("各单位：\n\n<script>&");
        assert!(
            page.contains("<p style=\"margin:0.4em 0\">&lt;script&gt;&amp;</p>"),
            "{page}"
        );
        assert_eq!(page.matches("<p ").count(), 3);
    }
}
