//! Kinds of file that are text.

use super::Sniffed;

/// Tells a web page, an XML table, a table in plain text or any text; none if
/// the beginning isn't text.
pub(super) fn kind(head: &[u8]) -> Option<Sniffed> {
    let text = decode(head)?;
    let text = text.trim_start().to_ascii_lowercase();
    Some(Sniffed::Unsupported(if text.starts_with('<') {
        markup(&text)
    } else if text.starts_with("mime-version:") || text.contains("content-type: multipart/related") {
        "网页"
    } else if text
        .lines()
        .next()
        .is_some_and(|line| line.contains([',', '\t', ';', '，']))
    {
        "csv"
    } else {
        "文本"
    }))
}

fn markup(text: &str) -> &'static str {
    const PAGE: [&str; 9] = [
        "<html",
        "<!doctype html",
        "<table",
        "<head",
        "<meta",
        "<body",
        "<div",
        "<style",
        "<script",
    ];
    if text.contains("urn:schemas-microsoft-com:office:spreadsheet")
        || text.contains("progid=\"excel.sheet\"")
    {
        // “XML 表格 2003”, which exports of older systems call .xls.
        "XML表格"
    } else if PAGE.iter().any(|tag| text.starts_with(tag))
        || text.contains("<html")
        || text.contains("<table")
    {
        "网页"
    } else {
        "XML文件"
    }
}

/// The beginning as text in one of the encodings that Chinese offices use; a
/// character cut in two at the end is forgiven.
fn decode(head: &[u8]) -> Option<String> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(head) {
        return Some(encoding.decode(head).0.into_owned());
    }
    if head
        .iter()
        .any(|&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n' | 0x0C))
    {
        return None;
    }
    let valid = std::str::from_utf8(head).map_or_else(|error| error.valid_up_to(), str::len);
    if head.len() - valid < 4 {
        return Some(String::from_utf8_lossy(&head[..valid]).into_owned());
    }
    let cut = head.len() - usize::from(head.len() > 1);
    [head, &head[..cut]]
        .into_iter()
        .find_map(|bytes| encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes))
        .map(std::borrow::Cow::into_owned)
}
