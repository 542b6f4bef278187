//! A letter's HTML as plain blocks that anybody can set anew: nothing of its
//! markup is taken over, only which words are a title, a paragraph, a table.

use serde::Serialize;

/// Rows of a table that are kept; the rest is counted.
const MOST_ROWS: usize = 100;

/// A block of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Block {
    /// How it is set.
    pub kind: BlockKind,
    /// Its words; none of a table.
    pub text: String,
    /// The rows of a table, all as wide, the first being its head.
    pub rows: Vec<Vec<String>>,
    /// Rows that were left out.
    pub further: usize,
}

/// How a block is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// The title, in the middle.
    Title,
    /// A paragraph, its first line indented.
    Text,
    /// A line by itself, not indented: the salutation.
    Line,
    /// A line of a list.
    List,
    /// In the middle: a mark, the title of a table.
    Middle,
    /// To the right: who signs.
    Right,
    /// Small, at the end.
    Note,
    /// A table.
    Table,
}

/// What is open while a letter is read.
struct Element<'a> {
    name: &'a str,
    style: &'a str,
}

/// A letter in the making.
#[derive(Default)]
struct Reader<'a> {
    open: Vec<Element<'a>>,
    blocks: Vec<Block>,
    text: String,
}

/// The blocks of a letter. What isn't understood is text or nothing; it never
/// fails.
#[must_use]
pub fn blocks(html: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    // What stands before the body says how the rest is shown.
    let mut rest = html.find("<body").map_or(html, |at| &html[at..]);
    while let Some((text, after)) = rest.split_once('<') {
        reader.text.push_str(text);
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let Some((tag, after)) = after.split_once('>') else {
            rest = "";
            break;
        };
        rest = after;
        let name_end = tag.find(|c: char| c.is_whitespace()).unwrap_or(tag.len());
        let (name, style) = (tag[..name_end].trim_end_matches('/'), &tag[name_end..]);
        match name.strip_prefix('/') {
            Some(closed) => reader.close(closed),
            None if matches!(name, "style" | "script" | "title") => {
                let end = format!("</{name}");
                rest = rest.find(&end).map_or("", |at| &rest[at..]);
            }
            None => reader.enter(name, style),
        }
    }
    reader.text.push_str(rest);
    reader.end_block();
    reader.blocks
}

impl<'a> Reader<'a> {
    fn enter(&mut self, name: &'a str, style: &'a str) {
        if name == "br" {
            self.text.push(' ');
        }
        if !is_block(name) {
            return;
        }
        self.end_block();
        match name {
            "table" => self.blocks.push(block(BlockKind::Table, String::new())),
            "tr" => {
                if let Some(table) = self.table() {
                    table.rows.push(Vec::new());
                }
            }
            _ => {}
        }
        self.open.push(Element { name, style });
    }

    fn close(&mut self, name: &str) {
        if !is_block(name) {
            return;
        }
        if matches!(name, "td" | "th") {
            let text = self.taken();
            if let Some(row) = self.table().and_then(|table| table.rows.last_mut()) {
                row.push(text);
            }
        } else {
            self.end_block();
        }
        if name == "table"
            && let Some(table) = self.table()
        {
            table.rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
            let width = table.rows.iter().map(Vec::len).max().unwrap_or(0);
            table
                .rows
                .iter_mut()
                .for_each(|row| row.resize(width, String::new()));
            table.further = table.rows.len().saturating_sub(MOST_ROWS);
            table.rows.truncate(MOST_ROWS);
        }
        if let Some(at) = self.open.iter().rposition(|own| own.name == name) {
            self.open.truncate(at);
        }
    }

    /// The table that is being read.
    fn table(&mut self) -> Option<&mut Block> {
        self.open.iter().rfind(|own| own.name == "table")?;
        self.blocks.iter_mut().rfind(|own| own.kind == BlockKind::Table)
    }

    fn taken(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        plain(&words.join(" "))
    }

    fn end_block(&mut self) {
        // Paragraphs within a cell are the cell's words.
        if self.open.iter().any(|own| matches!(own.name, "td" | "th")) {
            self.text.push(' ');
            return;
        }
        let text = self.taken();
        if !text.is_empty() {
            let kind = self.kind();
            self.blocks.push(block(kind, text));
        }
    }

    fn kind(&self) -> BlockKind {
        let Some(last) = self.open.last() else {
            return BlockKind::Text;
        };
        let says = |what: &str| last.style.contains(what);
        let around = |what: &str| self.open.iter().any(|own| own.style.contains(what));
        match last.name {
            "h1" => BlockKind::Title,
            "li" => BlockKind::List,
            _ if says("text-indent:-") => BlockKind::List,
            _ if says("text-indent:") => BlockKind::Text,
            _ if says("border-top:") => BlockKind::Note,
            _ if around("text-align:center") => BlockKind::Middle,
            _ if around("text-align:right") => BlockKind::Right,
            "p" => BlockKind::Line,
            _ => BlockKind::Text,
        }
    }
}

fn block(kind: BlockKind, text: String) -> Block {
    Block {
        kind,
        text,
        rows: Vec::new(),
        further: 0,
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "body"
            | "div"
            | "p"
            | "h1"
            | "h2"
            | "h3"
            | "ul"
            | "ol"
            | "li"
            | "table"
            | "thead"
            | "tbody"
            | "tr"
            | "td"
            | "th"
            | "blockquote"
    )
}

/// A text without the signs that HTML writes otherwise.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let sign = after
            .split_once(';')
            .and_then(|(name, rest)| Some((sign(name)?, rest)));
        if let Some((sign, after)) = sign {
            plain.push(sign);
            rest = after;
        } else {
            plain.push('&');
            rest = after;
        }
    }
    plain.push_str(rest);
    plain
}

fn sign(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(html: &str) -> Vec<(BlockKind, String)> {
        blocks(html).into_iter().map(|own| (own.kind, own.text)).collect()
    }

    #[test]
    fn a_letter_of_ours_is_read_block_by_block() {
        let html = "<!DOCTYPE html><html><head><title>主题</title><style>@page { size: A4 }</style></head>\n\
            <body style=\"margin:0\"><div style=\"max-width:720px\">\n\
            <h1 style=\"text-align:center\">催报通知</h1>\n<p style=\"margin:0;\">规划办：</p>\n\
            <p style=\"margin:0;text-indent:2em;\">一段。</p><!-- <p>不是信</p> -->\n\
            <p style=\"margin:0 0 0 3em;text-indent:-1em;\">1. 甲<br>乙</p>\n\
            <div style=\"text-align:right;\"><p style=\"margin:0;\">指挥部办公室</p></div>\n\
            <p style=\"border-top:1px solid #999999;font-size:13px;\">编号2024-0001</p></div></body></html>";
        assert_eq!(
            told(html),
            [
                (BlockKind::Title, "催报通知".to_owned()),
                (BlockKind::Line, "规划办：".to_owned()),
                (BlockKind::Text, "一段。".to_owned()),
                (BlockKind::List, "1. 甲 乙".to_owned()),
                (BlockKind::Right, "指挥部办公室".to_owned()),
                (BlockKind::Note, "编号2024-0001".to_owned()),
            ]
        );
    }

    #[test]
    fn a_table_keeps_its_cells_and_counts_what_is_left_out() {
        let row = "<tr><td>甲</td><td></td><td>1</td></tr>";
        let html = format!(
            "<p style=\"text-align:center\">附表</p><table><thead><tr><th>单位</th><th>备注</th><th>数</th></tr></thead>\
             <tbody>{}</tbody></table><p>完</p>",
            row.repeat(120)
        );
        let found = blocks(&html);
        assert_eq!(found.len(), 3, "{found:?}");
        let table = &found[1];
        assert_eq!(
            (table.kind, table.rows.len(), table.further),
            (BlockKind::Table, 100, 21)
        );
        assert_eq!(table.rows[0], ["单位", "备注", "数"]);
        assert_eq!(table.rows[1], ["甲", "", "1"]);
    }

    #[test]
    fn signs_are_what_they_stand_for_and_nothing_else_is_taken_over() {
        let found =
            told("<p>&lt;script&gt;alert(&#x27;甲&amp;乙&#39;)&lt;&#x2f;script&gt; &nbsp;&copy; a & b</p>");
        let text = "<script>alert('甲&乙')</script>  &copy; a & b".to_owned();
        assert_eq!(found, [(BlockKind::Line, text)]);
        assert_eq!(
            told("<script>alert(1)</script><img src=x>文字"),
            [(BlockKind::Text, "文字".into())]
        );
        for broken in [
            "",
            "<",
            "<p",
            "<p>甲",
            "</p></p></table>",
            "<td>甲</td>",
            "<tr><!--",
        ] {
            let _ = blocks(broken);
        }
    }
}
