//! What a browser saves instead of showing it.

use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use http_body::{Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead as _, ReadBuf};

use crate::domain::text::file_name_part;

/// A workbook of our own.
pub(super) const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Bytes that are read at once.
const PART: usize = 64 << 10;

/// An answer that is saved under a name.
pub(super) fn attachment(name: &str, kind: &'static str, body: Body) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&disposition(name)) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    (headers, body).into_response()
}

/// The name as RFC 6266 has it: cleaned as a name on the share is, every sign
/// that isn't plain encoded.
fn disposition(name: &str) -> String {
    // No name of ours begins with a dot; one that does is hidden where it is saved.
    let name = name.trim_start_matches(['.', '/']);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let name = match ending {
        "" => file_name_part(stem),
        ending => format!("{}.{}", file_name_part(stem), file_name_part(ending)),
    };
    let mut text = String::from("attachment; filename*=UTF-8''");
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => text.push(char::from(byte)),
            other => drop(write!(text, "%{other:02X}")),
        }
    }
    text
}

/// A file, part by part: however large it is, it is never in memory.
///
/// # Errors
/// It isn't there, or is no file of its own.
pub(super) async fn stream(path: &Path) -> io::Result<Body> {
    // A link leads anywhere.
    if !tokio::fs::symlink_metadata(path).await?.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let file = File::open(path).await?;
    let left = file.metadata().await?.len();
    Ok(Body::new(Parts { file, left }))
}

struct Parts {
    file: File,
    /// Bytes that were promised and have yet to come.
    left: u64,
}

impl http_body::Body for Parts {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let size = usize::try_from(self.left).map_or(PART, |left| left.min(PART));
        let mut part = vec![0; size];
        let mut buffer = ReadBuf::new(&mut part);
        match Pin::new(&mut self.file).poll_read(context, &mut buffer) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error))),
            Poll::Ready(Ok(())) => {}
        }
        let read = buffer.filled().len();
        if read == 0 {
            // It became shorter meanwhile: the browser must not take it for whole.
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        part.truncate(read);
        self.left -= read as u64;
        Poll::Ready(Some(Ok(Frame::data(part.into()))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_and_encoded() {
        for (name, expected) in [
            ("a-1.xlsx", "a-1.xlsx"),
            ("汇总台账.xlsx", "%E6%B1%87%E6%80%BB%E5%8F%B0%E8%B4%A6.xlsx"),
            ("../../etc/passwd", "etc%EF%BC%8Fpasswd"),
            ("a\r\nSet-Cookie: x=1.xlsx", "aSet-Cookie%EF%BC%9A%20x%3D1.xlsx"),
            ("\"; filename=x.exe", "%EF%BC%82%3B%20filename%3Dx.exe"),
        ] {
            let own = disposition(name);
            assert_eq!(
                own,
                format!("attachment; filename*=UTF-8''{expected}"),
                "{name:?}"
            );
            assert!(own.is_ascii());
        }
    }

    #[tokio::test]
    async fn a_file_comes_in_parts_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.xlsx");
        let bytes: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        std::fs::write(&path, &bytes).unwrap();
        let body = stream(&path).await.unwrap();
        assert_eq!(http_body::Body::size_hint(&body).exact(), Some(800_000));
        assert_eq!(axum::body::to_bytes(body, usize::MAX).await.unwrap(), bytes);
        assert!(stream(folder.path()).await.is_err());
        assert!(stream(&folder.path().join("none")).await.is_err());
        // Shorter than it was promised: an error, not an end.
        let body = stream(&path).await.unwrap();
        std::fs::write(&path, b"x").unwrap();
        assert!(axum::body::to_bytes(body, usize::MAX).await.is_err());
    }
}
