//! What `doctor` says about the share's sentinel and folders, and about who
//! may look into ours.

use super::{Line, fail, note, well};
use crate::domain::sentinel::{Judgement, Own, Predecessor, Said, Sentinel, refusal};
use crate::inbox::Scan;
use crate::jobs::clock::Clock;
use crate::jobs::folders::{in_the_way, too_deep};
use crate::jobs::notes::moment;
use crate::jobs::private::{open_to_others, tighten};
use crate::jobs::sentinel;
use crate::jobs::site::Site;

/// Whose share it is.
///
/// # Errors
/// The database can't be read: tell the person, who may ask again.
pub async fn owner(site: &Site) -> anyhow::Result<Option<Line>> {
    let Some((said, judgement)) = sentinel::judged(site).await? else {
        return Ok(None);
    };
    let own = sentinel::own(site).await?;
    Ok(Some(worded(site, &said, judgement, &own)))
}

fn worded(site: &Site, said: &Said, judgement: Judgement, own: &Own) -> Line {
    const ABOUT: &str = "标志文件";
    let zone = site.clock.zone();
    let beat = |of: &Sentinel| {
        moment(
            crate::domain::language::Language::Chinese,
            of.heartbeat.with_timezone(&zone),
        )
    };
    match judgement {
        Judgement::Owned => {
            let state = match said {
                Said::Owner(sentinel) if sentinel.stopped => {
                    format!("已停止，最近一次 {}", beat(sentinel))
                }
                Said::Owner(sentinel) => format!("最近心跳 {}", beat(sentinel)),
                Said::Nobody | Said::Odd { .. } => String::new(),
            };
            well(ABOUT, format!("共享文件夹归本站点使用，{state}"))
        }
        Judgement::TakeOver { from } => match from {
            Predecessor::Nobody => note(ABOUT, "共享文件夹还没有注明由谁使用，下次运行时注明".into()),
            Predecessor::Stopped(of) | Predecessor::Silent(of) => note(
                ABOUT,
                format!(
                    "共享文件夹原由另一处使用（主机 {}，数据目录 {}，最近心跳 {}），已停；本站点下次运行时接管",
                    of.host,
                    of.data,
                    beat(&of)
                ),
            ),
            Predecessor::SamePlace(_) | Predecessor::Original(_) => note(
                ABOUT,
                "标志文件写的是另一个站点编号，下次运行时改为本站点的".into(),
            ),
        },
        Judgement::RefusedBecause(other) => fail(ABOUT, refusal(&other, own, Clock::machine(), zone)),
        Judgement::ChangedByHand { reason, repair: true } => fail(
            ABOUT,
            format!(".taizhang 被人改动（{reason}），没有采用，运行时自动改回；请不要改动、删除这个文件"),
        ),
        Judgement::ChangedByHand { reason, .. } => fail(
            ABOUT,
            format!(
                ".taizhang 被人改动（{reason}），看不出由哪一套程序使用，不动共享文件夹；\
                 确认没有另一套在运行后，把它的内容全部清空即可"
            ),
        ),
    }
}

/// What is wrong with folders and names.
pub fn folders(site: &Site, scan: &Scan) -> Vec<Line> {
    const ABOUT: &str = "共享文件夹";
    let blocked = scan.in_the_way.iter().map(|own| {
        let words = in_the_way(site, own);
        fail(ABOUT, format!("{words}；没有打开，也没有写入，请移走或改名"))
    });
    let deep = scan.too_deep.iter().map(|own| {
        let words = too_deep(site, own);
        note(ABOUT, format!("文件夹套得太深（超过八层），没有收取：{words}"))
    });
    let named = scan.badly_named.iter().map(|name| {
        let name = crate::domain::text::printable(name);
        note(ABOUT, format!("名称的编码不对，没有收取，请改名：{name}"))
    });
    let similar = scan.similar.iter().map(|(path, own)| {
        note(
            ABOUT,
            format!("{path} 与本站点的文件夹 {own} 名称相近，请把其中的文件移过去"),
        )
    });
    blocked.chain(deep).chain(named).chain(similar).collect()
}

/// Whether others may look into data, database and keys.
pub fn private(site: &Site) -> Line {
    const ABOUT: &str = "权限";
    let wrong = tighten(&site.options);
    let open = open_to_others(&site.options);
    if wrong.is_empty() && open.is_empty() {
        return well(ABOUT, "数据目录、数据库和密码文件只有运行本程序的用户能看".into());
    }
    let mut named = wrong;
    named.extend(open.iter().map(|path| path.display().to_string()));
    fail(
        ABOUT,
        format!(
            "别人也能查看，收紧不了，请改为只有运行本程序的用户能看：{}",
            named.join("；")
        ),
    )
}
