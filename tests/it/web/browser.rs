//! As much of a browser as the pages need: cookies, forms, and what Chromium
//! says of where a form comes from.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Browser {
    pub at: SocketAddr,
    pub cookies: BTreeMap<String, String>,
    /// Said instead of the own address, to see what comes of it.
    pub host: Option<String>,
    pub origin: Option<String>,
}

pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
    /// The same, where it is no text.
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter().filter(|(own, _)| own == name);
        let first = all.next().map(|(_, value)| value.as_str());
        assert!(name == "set-cookie" || all.next().is_none(), "{name} twice");
        first
    }

    /// Where it leads.
    pub fn to(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// Where its links lead.
    pub fn links(&self) -> Vec<String> {
        let parts = self.text.split("href=\"").skip(1);
        let own = parts.map(|part| part.split('"').next().unwrap_or_default());
        own.map(|link| link.replace("&#x2f;", "/").replace("&amp;", "&"))
            .collect()
    }

    /// What stands between the tags, in one line.
    pub fn words(&self) -> String {
        let mut words = String::new();
        let mut inside = false;
        for c in self.text.chars() {
            match c {
                '<' => {
                    inside = true;
                    words.push(' ');
                }
                '>' => inside = false,
                c if !inside => words.push(c),
                _ => {}
            }
        }
        let marks = [
            ("&#x2f;", "/"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#x27;", "'"),
            ("&amp;", "&"),
        ];
        for (mark, sign) in marks {
            words = words.replace(mark, sign);
        }
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl Answer {
    /// The hidden fields of a page's form, as a browser sends them.
    pub fn fields(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for part in self.text.split("<input type=\"hidden\" name=\"").skip(1) {
            let (name, rest) = part.split_once("\" value=\"").unwrap();
            let value = rest.split('"').next().unwrap();
            found.push((name.to_owned(), value.to_owned()));
        }
        // The first token is that of the form for logging out.
        found.remove(0);
        found
    }
}

impl Browser {
    pub fn new(at: SocketAddr) -> Self {
        Self {
            at,
            cookies: BTreeMap::new(),
            host: None,
            origin: None,
        }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\n"), b"").await
    }

    /// As [`Browser::get`], with more lines in the head.
    pub async fn get_with(&mut self, path: &str, more: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\n{more}"), b"").await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect::<Vec<_>>()
            .join("&");
        self.send(path, "application/x-www-form-urlencoded", body.as_bytes())
            .await
    }

    /// Sends a form with a file.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], file: Option<&[u8]>) -> Answer {
        const EDGE: &str = "----taizhang7MA4YWxkTrZu0gW";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part =
                format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        if let Some(file) = file {
            let head = format!(
                "--{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../名册.xlsx\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(file);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
        self.send(path, &format!("multipart/form-data; boundary={EDGE}"), &body)
            .await
    }

    async fn send(&mut self, path: &str, kind: &str, body: &[u8]) -> Answer {
        let origin = self
            .origin
            .clone()
            .unwrap_or_else(|| format!("http://{}", self.own_host()));
        let origin = match origin.as_str() {
            "" => String::new(),
            origin => format!("Origin: {origin}\r\n"),
        };
        let head = format!(
            "POST {path} HTTP/1.1\r\n{origin}Content-Type: {kind}\r\nContent-Length: {}\r\n",
            body.len()
        );
        self.ask(&head, body).await
    }

    fn own_host(&self) -> String {
        self.host.clone().unwrap_or_else(|| self.at.to_string())
    }

    async fn ask(&mut self, head: &str, body: &[u8]) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let cookies = match cookies.as_slice() {
            [] => String::new(),
            all => format!("Cookie: {}\r\n", all.join("; ")),
        };
        let text = format!(
            "{head}Host: {}\r\n{cookies}Connection: close\r\n\r\n",
            self.own_host()
        );
        let answer = said(self.at, &[text.as_bytes(), body].concat()).await;
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Logs in; the answer is left to whoever asks.
    pub async fn log_in(&mut self, name: &str, password: &str) -> Answer {
        self.post("/login", &[("name", name), ("password", password)])
            .await
    }

    /// What the forms of the session carry.
    pub async fn token(&mut self) -> String {
        let page = self.get("/password").await;
        let (_, rest) = page.text.split_once("name=\"token\" value=\"").expect("a form");
        rest.split('"').next().unwrap().to_owned()
    }
}

/// What is answered to some bytes.
pub async fn said(at: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|own| own == b"\r\n\r\n");
    let bytes = end.map_or_else(Vec::new, |end| answer[end + 4..].to_vec());
    let head = String::from_utf8_lossy(&answer[..end.unwrap_or(answer.len())]);
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    Answer {
        status: status.and_then(|status| status.parse().ok()).unwrap_or(0),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        text: String::from_utf8_lossy(&bytes).into_owned(),
        bytes,
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
