//! Receipts, status notes and notes beside files, read back. They are worded
//! by templates that a site may change: what isn't worded as shipped says nothing.

use chrono::NaiveDateTime;

/// What a note says of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The version's number.
    pub version: u32,
    /// The file's name as it came.
    pub file: String,
    /// When it was seen first, to the minute, in the site's zone.
    pub received: Option<NaiveDateTime>,
    /// Nobody looked since then, until it was seen.
    pub unseen_since: Option<NaiveDateTime>,
    /// What became of it.
    pub outcome: Outcome,
    /// A receipt says so of being late; a status note says nothing of it.
    pub late: Option<bool>,
    /// Data rows.
    pub rows: Option<u32>,
    /// The version that counts, if it is another one.
    pub counts: Option<u32>,
}

/// What became of a version, by a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Accepted.
    Accepted,
    /// Accepted as a nil report.
    Nil,
    /// Accepted by the office; why.
    ByOffice(String),
    /// Handed back.
    Returned,
    /// Taken back; why.
    Withdrawn(String),
}

/// What the name of a status note says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusName {
    /// The period as the name begins.
    pub period: String,
    /// The version.
    pub version: u32,
}

/// What a note beside a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BesideNote {
    /// The file's name.
    pub file: String,
    /// When it was seen first, in the site's zone.
    pub received: Option<NaiveDateTime>,
    /// The process died over it, and it is not opened any more.
    pub put_aside: bool,
}

/// Reads the name of a status note, without its folder; none if it isn't one
/// that speaks of a version.
#[must_use]
pub fn status_name(name: &str) -> Option<StatusName> {
    let (period, state) = name.strip_suffix(".txt")?.split_once(' ')?;
    let ours = ["第", "已退回 第", "已通过 第", "零报告已通过 第"]
        .iter()
        .find_map(|start| state.strip_prefix(start).and_then(|rest| rest.split_once('版')))
        .map(|(number, _)| number);
    let english = [
        "version ",
        "returned version ",
        "accepted version ",
        "nil report accepted version ",
    ]
    .iter()
    .find_map(|start| state.strip_prefix(start));
    let english = english.map(|rest| rest.split(' ').next().unwrap_or(rest));
    Some(StatusName {
        period: period.to_owned(),
        version: ours.or(english)?.parse().ok()?,
    })
}

/// Whether a name is that of the note on a draft, which speaks of no version.
#[must_use]
pub fn is_draft_note(name: &str) -> bool {
    let state = name.strip_suffix(".txt").and_then(|name| name.split_once(' '));
    state.is_some_and(|(_, state)| {
        state.starts_with("已存") && state.contains("，未报送") || state.contains(" saved, not submitted")
    })
}

/// Reads a receipt or a status note; none if it speaks of no version.
#[must_use]
pub fn read_note(text: &str) -> Option<Noted> {
    let text = text.trim_start_matches('\u{feff}');
    let lines = || text.lines().map(str::trim);
    let mut noted = lines().find_map(|line| {
        chinese_receipt(line)
            .or_else(|| chinese_status(line))
            .or_else(|| english_receipt(line))
            .or_else(|| english_status(line))
    })?;
    noted.counts = lines().find_map(|line| {
        between(line, "目前计入汇总的是第", "版")
            .or_else(|| between(line, "Version ", " is the one that counts at present"))?
            .parse()
            .ok()
    });
    noted.unseen_since = lines().find_map(|line| {
        let since =
            between(line, "系统在", "至").or_else(|| between(line, "Nobody looked between ", " and "))?;
        moment(since)
    });
    Some(noted)
}

/// Reads a note that lies beside a file.
#[must_use]
pub fn read_beside(text: &str) -> Option<BesideNote> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let file = lines.next()?.to_owned();
    let second = lines.next()?;
    let received = second
        .strip_suffix("收到")
        .or_else(|| second.strip_prefix("received "))
        .and_then(moment);
    let put_aside = lines.any(|line| {
        line.starts_with("这个文件不算报送：") && line.contains("已搁置")
            || line.starts_with("This file does not count as submitted: ") && line.contains("put aside")
    });
    Some(BesideNote {
        file,
        received,
        put_aside,
    })
}

/// `贵单位报送的…（文件）已于…收到，…，计入…，为第1版（…按迟报登记）。`
fn chinese_receipt(line: &str) -> Option<Noted> {
    let (head, rest) = line.split_once("）已于")?;
    let file = head.strip_prefix("贵单位报送的")?.split_once('（')?.1;
    let (received, rest) = rest.split_once("收到，")?;
    let (said, end) = rest.rsplit_once("，为第")?;
    let (version, end) = end.split_once('版')?;
    let outcome = if said.starts_with("按零报告登记") {
        Outcome::Nil
    } else if let Some((_, why)) = said
        .strip_prefix('经')
        .and_then(|said| said.split_once("同意接收（"))
    {
        Outcome::ByOffice(why.rsplit_once("），计").map_or(why, |(why, _)| why).to_owned())
    } else if said.starts_with("审核通过") {
        Outcome::Accepted
    } else {
        return None;
    };
    Some(Noted {
        version: version.parse().ok()?,
        file: file.to_owned(),
        received: moment(received),
        unseen_since: None,
        outcome,
        late: Some(end.contains("按迟报登记")),
        // The period for which it counts follows the number of rows.
        rows: rows(said.rsplit_once("，计入")?.0, "，计", "行"),
        counts: None,
    })
}

/// `第1版（文件）于…收到，现已退回，…`, `…，已审核通过，计3行。`, `第1版（文件）已撤回：…。`
fn chinese_status(line: &str) -> Option<Noted> {
    let (version, rest) = line.strip_prefix('第')?.split_once("版（")?;
    let version = version.parse().ok()?;
    if let Some((file, why)) = rest.split_once("）已撤回：") {
        let why = why.strip_suffix('。').unwrap_or(why);
        return Some(withdrawn(version, file, why));
    }
    let (file, rest) = rest.split_once("）于")?;
    let (received, said) = rest.split_once("收到，")?;
    let outcome = if said.starts_with("现已退回") {
        Outcome::Returned
    } else if said.starts_with("按零报告登记") {
        Outcome::Nil
    } else if said.starts_with("已审核通过") {
        Outcome::Accepted
    } else {
        return None;
    };
    Some(Noted {
        version,
        file: file.to_owned(),
        received: moment(received),
        unseen_since: None,
        outcome,
        late: None,
        rows: rows(said, "，计", "行"),
        counts: None,
    })
}

/// `Your … for … (file) was received on … and accepted with 3 rows. It counts for … as version 1 and is late…`
fn english_receipt(line: &str) -> Option<Noted> {
    let (head, rest) = line.split_once(") was received on ")?;
    let file = head.strip_prefix("Your ")?.split_once(" (")?.1;
    let (received, said) = rest.split_once(" and ")?;
    let (said, end) = said.rsplit_once(". It counts for ")?;
    let end = end.split_once(" as version ")?.1;
    let version: String = end.chars().take_while(char::is_ascii_digit).collect();
    let outcome = if said.starts_with("registered as a nil report") {
        Outcome::Nil
    } else if let Some((_, why)) = said
        .strip_prefix("accepted by ")
        .and_then(|said| said.split_once(" ("))
    {
        Outcome::ByOffice(why.rsplit_once(") with ").map_or(why, |(why, _)| why).to_owned())
    } else if said.starts_with("accepted with ") {
        Outcome::Accepted
    } else {
        return None;
    };
    Some(Noted {
        version: version.parse().ok()?,
        file: file.to_owned(),
        received: moment(received),
        unseen_since: None,
        outcome,
        late: Some(end.contains(" and is late")),
        rows: rows(said, " with ", " rows"),
        counts: None,
    })
}

/// `Version 1 (file) was received on … and is returned with …`, `Version 1 (file) was withdrawn: ….`
fn english_status(line: &str) -> Option<Noted> {
    let (version, rest) = line.strip_prefix("Version ")?.split_once(" (")?;
    let version = version.parse().ok()?;
    if let Some((file, why)) = rest.split_once(") was withdrawn: ") {
        let why = why.strip_suffix('.').unwrap_or(why);
        return Some(withdrawn(version, file, why));
    }
    let (file, rest) = rest.split_once(") was received on ")?;
    let (received, said) = rest.split_once(" and ")?;
    let outcome = if said.starts_with("is returned") {
        Outcome::Returned
    } else if said.starts_with("registered as a nil report") {
        Outcome::Nil
    } else if said.starts_with("accepted") {
        Outcome::Accepted
    } else {
        return None;
    };
    Some(Noted {
        version,
        file: file.to_owned(),
        received: moment(received),
        unseen_since: None,
        outcome,
        late: None,
        rows: rows(said, " with ", " rows"),
        counts: None,
    })
}

fn withdrawn(version: u32, file: &str, why: &str) -> Noted {
    Noted {
        version,
        file: file.to_owned(),
        received: None,
        unseen_since: None,
        outcome: Outcome::Withdrawn(why.to_owned()),
        late: None,
        rows: None,
        counts: None,
    }
}

fn rows(text: &str, before: &str, after: &str) -> Option<u32> {
    let (_, rest) = text.rsplit_once(before)?;
    rest.split_once(after)?.0.parse().ok()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.strip_prefix(before)?.split_once(after)?.0)
}

/// `2024年12月5日17:30`, `5 December 2024 17:30`.
fn moment(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim();
    ["%Y年%m月%d日%H:%M", "%d %B %Y %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
}

#[cfg(test)]
mod tests;
