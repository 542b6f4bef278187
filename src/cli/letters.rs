//! `letters`: what waits, went, failed; and what people decide about it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;

use super::args::{Common, Edit, Letters, LettersCommand, List, Nudge, TableFormat};
use super::{Exit, Misuse, output, site};
use crate::desk::decide::{self, Decision};
use crate::desk::letters::{Asked, LetterAnswer, draft, in_json, letter, letters, whom};
use crate::desk::{named, nudging};
use crate::domain::actor::Actor;
use crate::domain::ids::LetterId;
use crate::domain::language::Language;
use crate::domain::letters::{LetterState, LetterText};
use crate::domain::notices::Recipient;
use crate::inbox::decoded;
use crate::jobs::remind::{CopyByHand, edited, number, to_edit, word_new};
use crate::jobs::site::Site;

/// Lists letters, or decides about one.
///
/// # Errors
/// Unknown letter or state, a decision that its state doesn't allow, or the database is gone.
pub async fn run(common: &Common, options: &Letters) -> anyhow::Result<Exit> {
    let (site, by) = match &options.command {
        LettersCommand::List(list) => return self::list(&site::open(common).await?, list).await,
        LettersCommand::Show(one) => return show(&site::open(common).await?, one.id).await,
        _ => site::open_to_act(common).await?,
    };
    match &options.command {
        LettersCommand::List(_) | LettersCommand::Show(_) => {}
        LettersCommand::Approve(approve) => {
            let text = match &approve.text {
                Some(file) => take_back(&site, approve.id, file).await?,
                None => None,
            };
            decided(&site, &by, approve.id, Decision::Approve(text)).await?;
        }
        LettersCommand::Edit(own) => write_out(&site, own).await?,
        LettersCommand::Discard(one) => decided(&site, &by, one.id, Decision::Discard).await?,
        LettersCommand::Retry(one) => decided(&site, &by, one.id, Decision::Retry).await?,
        LettersCommand::Done(one) => decided(&site, &by, one.id, Decision::Done).await?,
        LettersCommand::Nudge(own) => return nudge(&site, &by, own).await,
        LettersCommand::Withdraw(own) => {
            if let Some(withdrawal) = decide::withdraw_letter(&site, &by, own.id, &own.reason).await? {
                say!("第{}号已撤销，撤销通知是第{withdrawal}号。", own.id);
            } else {
                say!("第{}号还没有发出，已取消。", own.id);
            }
        }
    }
    Ok(Exit::Well)
}

/// Asks units once more; each is told of by itself.
async fn nudge(site: &Arc<Site>, by: &Actor, own: &Nudge) -> anyhow::Result<Exit> {
    let program = named::program(site, own.program.as_deref())?;
    let period = named::owed_period(site, &program, Some(&own.period))?;
    let mut units = Vec::new();
    for name in &own.unit {
        let unit = named::unit(&program, name)?.id.clone();
        if !units.iter().any(|(known, _)| *known == unit) {
            units.push((unit, None));
        }
    }
    let outcomes = nudging::decide(site, by, (&program, &period), &units).await?;
    let mut exit = Exit::Well;
    for own in outcomes {
        match (own.goes, own.refused) {
            (Some(goes), _) => say!("{}：{}", own.name, going(&goes)),
            (None, why) => {
                exit = Exit::NotWell;
                say!("{}：没有催。{}。", own.name, why.unwrap_or_default());
            }
        }
    }
    Ok(exit)
}

fn going(goes: &nudging::Goes) -> String {
    let (to, at) = (goes.to.join("、"), goes.at.format("%-m月%-d日 %H:%M"));
    if goes.draft {
        format!("给{to}的另行提醒{at}拟成草稿，核准后发出。")
    } else if goes.by_hand {
        format!("{to}没有邮箱，另行提醒{at}起见 letters list --state 待人工送达。")
    } else {
        format!("另行提醒{at}发给{to}。")
    }
}

/// Writes a draft's words into a file that wasn't there yet.
async fn write_out(site: &Arc<Site>, own: &Edit) -> anyhow::Result<()> {
    let letter = draft(site, own.id).await?;
    let named = || PathBuf::from(format!("信函{}.txt", own.id));
    let file = own.to.clone().unwrap_or_else(named);
    // As Notepad of any age reads it.
    let text = format!("\u{feff}{}", to_edit(site, &letter).await?.replace('\n', "\r\n"));
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file);
    let written = made.and_then(|mut made| std::io::Write::write_all(&mut made, text.as_bytes()));
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let words = format!("{} 已经有了，没有改动；请用 --to 换一个文件名", file.display());
            return Err(Misuse(words).into());
        }
        written => written.with_context(|| format!("{} 写不成", file.display()))?,
    }
    if letter.edited {
        say!("这封信函以前改过，文件里是程序新写的文字，改过的文字不在其中。");
    }
    say!(
        "第{}号信函的文字写在 {}，改好存盘后：{} letters approve {} --text {}",
        own.id,
        file.display(),
        output::own_name(),
        own.id,
        file.display()
    );
    Ok(())
}

/// The words of a file that a person changed, as a letter.
async fn take_back(site: &Arc<Site>, id: LetterId, file: &Path) -> anyhow::Result<Option<LetterText>> {
    let letter = draft(site, id).await?;
    let bytes =
        std::fs::read(file).map_err(|error| Misuse(format!("{} 读不出来：{error}", file.display())))?;
    let text = edited(site, &letter, &decoded(&bytes)).await;
    let text = text.map_err(|error| Misuse(format!("{}：{error:#}。信函没有改动", file.display())))?;
    if text.is_none() {
        say!("文字没有改动，按程序写的核准。");
    }
    Ok(text)
}

async fn decided(site: &Arc<Site>, by: &Actor, id: LetterId, decision: Decision) -> anyhow::Result<()> {
    let state = decide::letter(site, by, id, &decision).await?;
    say!("第{id}号信函：{}。", state.label());
    Ok(())
}

async fn list(site: &Arc<Site>, list: &List) -> anyhow::Result<Exit> {
    if list.text && list.format == TableFormat::Json {
        return Err(Misuse("--text 只印短文本，不能与 --format json 同用".into()).into());
    }
    let asked = Asked {
        states: list.state.clone(),
        program: list.program.clone(),
        period: list.period.clone(),
        unit: list.unit.clone(),
        kinds: list.kind.clone(),
    };
    if list.format == TableFormat::Json {
        word_new(site).await?;
        output::text(&in_json(site, &asked).await?);
        return Ok(Exit::Well);
    }
    let (letters, copies) = letters(site, &asked).await?;
    if letters.is_empty() && copies.is_empty() {
        say!("没有信函。");
        return Ok(Exit::Well);
    }
    let zone = site.clock.zone();
    if list.text {
        texts(&letters, &copies, zone);
        return Ok(Exit::Well);
    }
    let rows: Vec<Vec<String>> = letters
        .iter()
        .map(|letter| {
            let when = letter.sent.unwrap_or(letter.created);
            vec![
                letter.id.to_string(),
                when.format("%Y-%m-%d %H:%M").to_string(),
                letter.state.label().to_owned(),
                whom(site.language(), &letter.to),
                letter.text.subject.clone(),
                remark(letter),
            ]
        })
        .chain(copies.iter().map(|CopyByHand { to, letter }| {
            let when = letter.sent.unwrap_or(letter.created).with_timezone(&zone);
            vec![
                letter.id.to_string(),
                when.format("%Y-%m-%d %H:%M").to_string(),
                "抄送待转告".to_owned(),
                described(to),
                letter.text.subject.clone(),
                "没有邮箱，请转告".to_owned(),
            ]
        }))
        .collect();
    output::table(&["编号", "时间", "状态", "收件", "标题", "说明"], &rows);
    Ok(Exit::Well)
}

/// The short texts of letters, one after another, to be pasted or read out.
fn texts(letters: &[LetterAnswer], copies: &[CopyByHand], zone: chrono_tz::Tz) {
    for letter in letters {
        let names: Vec<String> = letter.to.iter().map(described).collect();
        say!("—— {}　{} ——", letter.number, names.join("、"));
        say!("{}", letter.text.chat);
        say!("");
    }
    for CopyByHand { to, letter } in copies {
        say!(
            "—— {}　抄送{}，没有邮箱，请转告 ——",
            number(letter, zone),
            described(to)
        );
        say!("{}", letter.text.chat);
        say!("");
    }
}

async fn show(site: &Arc<Site>, id: LetterId) -> anyhow::Result<Exit> {
    let letter = letter(site, id).await?;
    say!("编号：{}（{}）", letter.id, letter.number);
    say!("状态：{}{}", letter.state.label(), error(&letter));
    say!("收件：{}", addresses(&letter.to));
    if !letter.cc.is_empty() {
        say!("抄送：{}", addresses(&letter.cc));
    }
    let mut origins = Vec::new();
    for own in &letter.matters {
        let unit = own.unit_shown.as_ref().map(|unit| format!("{unit} "));
        let origin = format!(
            "由来：{} {} {}{} {}",
            own.program,
            own.period,
            unit.unwrap_or_default(),
            own.kind_label,
            own.reason
        );
        // A document to several has a notice for each of them.
        if !origins.contains(&origin) {
            say!("{origin}");
            origins.push(origin);
        }
    }
    say!("标题：{}", letter.text.subject);
    say!("");
    say!("{}", letter.text.text);
    say!("");
    say!("—— 粘贴到工作群（粤政易）用 ——");
    say!("{}", letter.text.chat);
    Ok(Exit::Well)
}

fn error(letter: &LetterAnswer) -> String {
    letter
        .last_error
        .as_ref()
        .map(|error| format!("（{error}）"))
        .unwrap_or_default()
}

/// What went wrong, and when it is tried again.
fn remark(letter: &LetterAnswer) -> String {
    let error = letter.last_error.clone().unwrap_or_default();
    if error.is_empty() || letter.state != LetterState::Queued {
        return error;
    }
    format!("{error}；{}后再发", letter.not_before.format("%m-%d %H:%M"))
}

/// Who somebody is; the commands speak Chinese.
fn described(own: &Recipient) -> String {
    own.described(Language::Chinese)
}

fn addresses(people: &[Recipient]) -> String {
    let all: Vec<String> = people
        .iter()
        .map(|own| {
            let address = if own.address.is_empty() {
                "无邮箱，由人送达"
            } else {
                &own.address
            };
            format!("{} <{address}>", described(own))
        })
        .collect();
    all.join("、")
}
