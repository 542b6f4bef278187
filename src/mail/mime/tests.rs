//! What is written is read back by a reader of our own, which knows nothing
//! of the library that wrote it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::*;
use crate::mail::message::tests::letter;

/// A part of a mail: headers in their order, unfolded, and the body as it stands.
struct Part {
    headers: Vec<(String, String)>,
    body: String,
}

impl Part {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").expect("no end of headers");
        let mut headers: Vec<(String, String)> = Vec::new();
        for line in head.split("\r\n") {
            if let Some(more) = line.strip_prefix([' ', '\t']) {
                let last = headers.last_mut().expect("a mail begins with a folded line");
                last.1.push(' ');
                last.1.push_str(more);
            } else {
                let (name, value) = line
                    .split_once(':')
                    .unwrap_or_else(|| panic!("no header: {line:?}"));
                headers.push((name.to_owned(), value.trim_start().to_owned()));
            }
        }
        Self {
            headers,
            body: body.to_owned(),
        }
    }

    fn header(&self, name: &str) -> &str {
        let mut found = self.headers.iter().filter(|(own, _)| own == name);
        let value = &found
            .next()
            .unwrap_or_else(|| panic!("no {name}: {:?}", self.headers))
            .1;
        assert!(found.next().is_none(), "{name} stands twice");
        value
    }

    fn parts(&self) -> Vec<Part> {
        let kind = self.header("Content-Type");
        let boundary = kind
            .split("boundary=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let inner = self.body.split(&format!("--{boundary}--")).next().unwrap();
        inner
            .split(&format!("--{boundary}\r\n"))
            .skip(1)
            .map(|part| Part::read(part.strip_suffix("\r\n").unwrap_or(part)))
            .collect()
    }

    fn content(&self) -> Vec<u8> {
        let text: String = self.body.split_whitespace().collect();
        match self.header("Content-Transfer-Encoding") {
            "base64" => STANDARD.decode(text).unwrap(),
            "7bit" => self.body.clone().into_bytes(),
            other => panic!("{other}"),
        }
    }
}

/// Text with its encoded words decoded; white space between two of them doesn't count.
fn decoded(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(at) = rest.find("=?utf-8?") {
        let between = &rest[..at];
        if !(after_word && between.trim().is_empty()) {
            text.push_str(between);
        }
        let word = &rest[at + "=?utf-8?".len()..];
        let end = word[2..].find("?=").expect("an encoded word without end") + 2;
        assert!(word[..2].eq_ignore_ascii_case("b?"), "{word}");
        text.push_str(&String::from_utf8(STANDARD.decode(&word[2..end]).unwrap()).unwrap());
        rest = &word[end + 2..];
        after_word = true;
    }
    text.push_str(rest);
    text
}

fn read(message: &Message) -> Part {
    let mail = String::from_utf8(compose(message).unwrap()).unwrap();
    assert!(mail.is_ascii());
    assert!(
        mail.ends_with("\r\n") && !mail.replace("\r\n", "").contains(['\r', '\n']),
        "bare line ends"
    );
    for line in mail.split("\r\n") {
        assert!(line.len() <= 998, "{} bytes: {line}", line.len());
    }
    Part::read(&mail)
}

#[test]
fn a_letter_has_its_headers_and_both_texts() {
    let mut message = letter();
    message.cc = vec![message.from.clone(), message.to[0].clone()];
    let mail = read(&message);
    assert_eq!(
        mail.header("Message-ID"),
        "<wutang-visits.2024-11.u01@wutang.gov.cn>"
    );
    assert_eq!(mail.header("Date"), "Fri, 6 Dec 2024 09:00:00 +0800");
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert_eq!(mail.header("MIME-Version"), "1.0");
    assert_eq!(decoded(mail.header("Subject")), message.subject);
    assert_eq!(
        decoded(mail.header("From")),
        "乌塘镇指挥部办公室 <office@wutang.gov.cn>"
    );
    assert_eq!(decoded(mail.header("To")), "张三 <zhang@wutang.gov.cn>");
    assert_eq!(
        decoded(mail.header("Cc")),
        "乌塘镇指挥部办公室 <office@wutang.gov.cn>, 张三 <zhang@wutang.gov.cn>"
    );
    assert!(mail.header("Content-Type").starts_with("multipart/alternative;"));
    let parts = mail.parts();
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[0].header("Content-Type"), "text/plain; charset=utf-8");
    assert_eq!(parts[0].content(), message.text.replace('\n', "\r\n").as_bytes());
    assert_eq!(parts[1].header("Content-Type"), "text/html; charset=utf-8");
    assert_eq!(parts[1].content(), message.html.as_bytes());
}

#[test]
fn attachments_stand_beside_the_texts_with_both_names() {
    let mut message = letter();
    message.attachments = vec![Attachment {
        name: "2024年11月\r\n汇总/台账.xlsx".into(),
        content_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".into(),
        bytes: (0..=255).collect(),
    }];
    let mail = read(&message);
    assert!(mail.header("Content-Type").starts_with("multipart/mixed;"));
    let parts = mail.parts();
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[0].parts().len(), 2);
    let file = &parts[1];
    assert_eq!(
        decoded(file.header("Content-Type")),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet; name=\"2024年11月 汇总／台账.xlsx\""
    );
    let disposition = file.header("Content-Disposition");
    assert!(
        disposition.starts_with("attachment; filename*0*=utf-8''2024%E5%B9%B4"),
        "{disposition}"
    );
    assert_eq!(file.content(), message.attachments[0].bytes);
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    let mut message = letter();
    message.attachments = vec![Attachment {
        name: "a.pdf".into(),
        content_type: "application/pdf".into(),
        bytes: vec![1],
    }];
    assert_eq!(compose(&message), compose(&message.clone()));
    let mut other = message.clone();
    other.id = "other@x".into();
    assert_ne!(compose(&message), compose(&other));
}

#[test]
fn ids_and_dates_that_cannot_stand_in_a_header_are_refused() {
    for id in ["", "a", "@b", "a@", "a b@c", "a@b>\r\nX: y", "村@c", "a@b@c"] {
        let message = Message {
            id: id.into(),
            ..letter()
        };
        assert!(compose(&message).is_err(), "{id:?}");
    }
    let mut message = letter();
    message.date = chrono::DateTime::parse_from_rfc3339("2024-12-06T09:00:00+08:00")
        .unwrap()
        .checked_add_months(chrono::Months::new(12 * 8_000))
        .unwrap();
    assert!(compose(&message).unwrap_err().contains("日期"));
}

/// Text as nobody should write it: line ends, quotes, encoded words, turned direction.
fn nasty() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "\r\n",
        "\n",
        "\r",
        "\r\nBcc: x@evil.cn",
        "\u{0}",
        "\t",
        "\u{85}",
        "\u{2028}",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{feff}",
        "\"",
        "\\",
        "<",
        ">",
        ",",
        ";",
        ":",
        "@",
        "=?utf-8?b?DQo=?=",
        "=?",
        "?=",
        "(",
        ")",
        "张三",
        "乌塘镇人民政府办公室",
        "a",
        " ",
        "  ",
        "😀",
        "é",
        "--=_",
        "\u{7f}",
        "\u{1b}[31m",
    ]);
    prop_oneof![
        prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat()),
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn no_name_breaks_or_adds_a_header(
        from in nasty(),
        to in prop::collection::vec(nasty(), 1..4),
        cc in prop::collection::vec(nasty(), 0..3),
        subject in nasty(),
        file in nasty(),
    ) {
        let someone = |name: &String| Mailbox { name: name.clone(), address: "a@x.cn".into() };
        let mut message = letter();
        message.from.name.clone_from(&from);
        message.to = to.iter().map(someone).collect();
        message.cc = cc.iter().map(someone).collect();
        message.subject.clone_from(&subject);
        message.attachments = vec![Attachment {
            name: file.clone(),
            content_type: file.clone(),
            bytes: b"x".to_vec(),
        }];
        let mail = read(&message);
        let mut names: Vec<&str> = mail.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        let mut expected = vec![
            "Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To",
            "X-Auto-Response-Suppress",
        ];
        if !cc.is_empty() {
            expected.push("Cc");
            expected.sort_unstable();
        }
        prop_assert_eq!(names, expected);
        let as_read = decoded(mail.header("Subject"));
        prop_assert_eq!(as_read.trim(), header_text(&subject, MAX_SUBJECT));
        prop_assert_eq!(mail.header("To").matches("a@x.cn").count(), to.len());
        let parts = mail.parts();
        prop_assert_eq!(parts.len(), 2);
        prop_assert_eq!(parts[1].headers.len(), 3);
        for (_, value) in mail.headers.iter().chain(&parts[1].headers) {
            let shown = decoded(value);
            prop_assert!(!shown.chars().any(char::is_control), "{:?}", shown);
            prop_assert!(!shown.contains(['\u{202e}', '\u{2066}', '\u{2028}']), "{:?}", shown);
        }
    }

    #[test]
    fn any_text_arrives_as_it_was_written(text in any::<String>(), html in nasty()) {
        let message = Message { text, html, ..letter() };
        // Reading checks lines and line ends; the parts must be two whatever they hold.
        prop_assert_eq!(read(&message).parts().len(), 2);
    }
}
