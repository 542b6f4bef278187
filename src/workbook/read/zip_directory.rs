//! The table of contents of a zip file, read without inflating anything and
//! without trusting its numbers.

use std::io::{self, Read, Seek, SeekFrom};

use super::failure::ReadFailure;
use super::limits::Limits;

/// What a zip file says it holds.
#[derive(Debug)]
pub(super) struct Directory {
    /// The first entries, as many as were asked for.
    pub entries: Vec<Entry>,
    /// How many there are by the file's own account.
    pub total: u64,
}

/// One part of a zip file, as its directory describes it; sizes may lie.
#[derive(Debug)]
pub(super) struct Entry {
    /// The name, in lower case and with `/`, for comparing.
    pub name: String,
    /// Bytes as stored.
    pub compressed: u64,
    /// Bytes when inflated.
    pub size: u64,
    /// Needs a password.
    pub encrypted: bool,
    /// Stored as it is, not deflated.
    pub stored: bool,
    /// Where the part's own header stands in the file.
    pub header_at: u64,
}

/// More than this is no table of contents of a workbook: 2,000 entries take some 200 kB.
const LARGEST_DIRECTORY: u64 = 4 << 20;
/// The end record with the longest comment that is allowed.
const LONGEST_TAIL: u64 = 22 + 65_535;

impl Directory {
    /// Reads up to `most` entries. None if the end of the file is missing or
    /// the table is broken: the file was cut off or overwritten.
    pub(super) fn read(file: &mut (impl Read + Seek), most: usize) -> io::Result<Option<Self>> {
        let length = file.seek(SeekFrom::End(0))?;
        let tail_at = length.saturating_sub(LONGEST_TAIL);
        let tail = read_at(file, tail_at, length - tail_at)?;
        let Some(end) = find_end(&tail) else {
            return Ok(None);
        };
        let mut table = Table {
            total: u64::from(u16_at(&tail, end + 10)),
            bytes: u64::from(u32_at(&tail, end + 12)),
            at: u64::from(u32_at(&tail, end + 16)),
        };
        let mut end_at = tail_at + end as u64;
        if let Some(at) = end
            .checked_sub(20)
            .filter(|&at| tail[at..].starts_with(b"PK\x06\x07"))
        {
            end_at = u64_at(&tail, at + 8);
            let large = read_at(file, end_at, 56)?;
            if large.len() < 56 || !large.starts_with(b"PK\x06\x06") {
                return Ok(None);
            }
            table = Table {
                total: u64_at(&large, 32),
                bytes: u64_at(&large, 40),
                at: u64_at(&large, 48),
            };
        }
        let mut bytes = read_at(file, table.at, table.bytes.min(LARGEST_DIRECTORY))?;
        if !bytes.starts_with(b"PK\x01\x02") && table.total > 0 {
            // Something was put before the zip file; its own positions are off by that much.
            let Some(at) = end_at.checked_sub(table.bytes) else {
                return Ok(None);
            };
            bytes = read_at(file, at, table.bytes.min(LARGEST_DIRECTORY))?;
        }
        let wanted = usize::try_from(table.total).unwrap_or(usize::MAX).min(most);
        let entries = read_entries(&bytes, wanted);
        let whole = entries.len() == wanted || table.bytes > LARGEST_DIRECTORY;
        Ok(whole.then_some(Self {
            entries,
            total: table.total,
        }))
    }

    /// Whether a part of this name is inside.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// Refuses what is beyond the limits before anything is inflated.
    pub(super) fn check(&self, limits: &Limits) -> Result<(), ReadFailure> {
        if self.total > limits.entries || self.entries.len() as u64 != self.total {
            return Err(ReadFailure::TooLarge(format!(
                "文件内部部件过多（{}个）",
                self.total
            )));
        }
        let size = self
            .entries
            .iter()
            .fold(0_u64, |sum, entry| sum.saturating_add(entry.size));
        if size > limits.uncompressed {
            return Err(too_large_inside(limits));
        }
        let suspect = |entry: &&Entry| {
            entry.size > limits.ratio_from && entry.size / limits.ratio.max(1) > entry.compressed
        };
        match self.entries.iter().find(suspect) {
            Some(_) => Err(ReadFailure::TooLarge("文件压缩比异常".into())),
            None => Ok(()),
        }
    }
}

/// The verdict on a file that unfolds beyond the limit.
pub(super) fn too_large_inside(limits: &Limits) -> ReadFailure {
    ReadFailure::TooLarge(format!("文件展开后超过{}MB", limits.uncompressed / 1_000_000))
}

/// Where the table stands and how much of it there is.
struct Table {
    total: u64,
    bytes: u64,
    at: u64,
}

fn read_at(file: &mut (impl Read + Seek), at: u64, bytes: u64) -> io::Result<Vec<u8>> {
    let mut found = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(bytes).read_to_end(&mut found)?;
    Ok(found)
}

/// Position of the last end record whose comment fits into the file.
fn find_end(tail: &[u8]) -> Option<usize> {
    (0..=tail.len().checked_sub(22)?).rev().find(|&at| {
        tail[at..].starts_with(b"PK\x05\x06") && at + 22 + usize::from(u16_at(tail, at + 20)) <= tail.len()
    })
}

fn read_entries(bytes: &[u8], most: usize) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while entries.len() < most && rest.len() >= 46 && rest.starts_with(b"PK\x01\x02") {
        let name_end = 46 + usize::from(u16_at(rest, 28));
        let extra_end = name_end + usize::from(u16_at(rest, 30));
        let end = extra_end + usize::from(u16_at(rest, 32));
        if end > rest.len() {
            break;
        }
        let mut entry = Entry {
            name: normal_name(&String::from_utf8_lossy(&rest[46..name_end])),
            compressed: u64::from(u32_at(rest, 20)),
            size: u64::from(u32_at(rest, 24)),
            encrypted: u16_at(rest, 8) & 1 == 1,
            stored: u16_at(rest, 10) == 0,
            header_at: u64::from(u32_at(rest, 42)),
        };
        entry.widen(&rest[name_end..extra_end]);
        entries.push(entry);
        rest = &rest[end..];
    }
    entries
}

impl Entry {
    /// Takes numbers that don't fit into 32 bits from the extra field of zip64.
    fn widen(&mut self, mut extra: &[u8]) {
        while extra.len() >= 4 {
            let end = (4 + usize::from(u16_at(extra, 2))).min(extra.len());
            if u16_at(extra, 0) == 1 {
                let mut numbers = extra[4..end].chunks_exact(8).map(|chunk| u64_at(chunk, 0));
                for field in [&mut self.size, &mut self.compressed, &mut self.header_at] {
                    if *field == u64::from(u32::MAX) {
                        *field = numbers.next().unwrap_or(*field);
                    }
                }
            }
            extra = &extra[end..];
        }
    }
}

/// A part's name as it is compared: some programs write `Xl\Workbook.xml`.
pub(super) fn normal_name(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

/// The little-endian number at a position; 0 beyond the end.
fn number<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .copied()
        .unwrap_or([0; N])
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(number(bytes, at))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(number(bytes, at))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(number(bytes, at))
}
