//! Files that must not be opened, and files that only look as we wrote them.

use std::fs;

use taizhang::domain::finding::Verdict;
use taizhang::jobs::recover;
use taizhang::store::Role;

use super::World;
use crate::forms::{FORM, OWN, december, filled};
use crate::harness::{PROGRAM, read, rewritten, sample};

const NOTE: &str = "2024年11月毒.xlsx\r\n2024年12月2日9:05收到\r\n\r\n这个文件不算报送：";

/// Lays a file that was taken into a folder of 罗养's, with a note beside it; rebuilds.
async fn rebuilt(folder: &str, why: &str) -> World {
    let mut world = World::new().await;
    world.run().await;
    let bytes = sample("罗养 2024年11月台账.xlsx");
    world.site.archive.keep_bytes(&bytes).unwrap();
    world
        .own
        .drop_file(&format!("罗养/{folder}2024年11月毒.xlsx"), &bytes);
    let note = format!("{NOTE}{why}\r\n");
    let path = format!("罗养/{folder}2024年11月毒（无法读取）.txt");
    world.own.drop_file(&path, note.as_bytes());
    world.lose("2024-12-03T10:00:00+08:00").await;
    let report = recover::rebuild(&world.site).await.unwrap();
    assert_eq!(report.text.contains("已搁置的，没有再打开"), why.contains("搁置"));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_aside_stays_aside_wherever_it_lies() {
    for folder in ["", "本期填报表/", "退回修改/2024-11/", "审核通过/2024-11/"] {
        let why = "系统三次处理到它时都中断了，已搁置，文件留在原处";
        let mut world = rebuilt(folder, why).await;
        for _ in 0..2 {
            let taken = world.site.store.all_submissions().await.unwrap();
            let taken: Vec<_> = taken.iter().map(|own| (own.verdict, own.version)).collect();
            assert_eq!(taken, [(Verdict::Unreadable, None)], "{folder}");
            let aside = world
                .site
                .store
                .put_aside(&PROGRAM.parse().unwrap())
                .await
                .unwrap();
            assert_eq!(aside.len(), 1, "{folder}");
            // Neither does intake open it, and the file stays.
            world.run().await;
            assert!(
                world.own.exists(&format!("罗养/{folder}2024年11月毒.xlsx")),
                "{folder}"
            );
            assert_eq!(recover::rebuild(&world.site).await.unwrap().added, 0, "{folder}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_form_is_no_version() {
    let world = rebuilt("本期填报表/", "文件有打开密码").await;
    let taken = world.site.store.all_submissions().await.unwrap();
    let taken: Vec<_> = taken.iter().map(|own| (own.verdict, own.version)).collect();
    assert_eq!(taken, [(Verdict::Unreadable, None)]);
    assert!(
        world
            .site
            .store
            .put_aside(&PROGRAM.parse().unwrap())
            .await
            .unwrap()
            .is_empty()
    );
}

/// A workbook whose properties say that it was saved on the day that ours bear.
fn dated_as_ours(book: &[u8]) -> Vec<u8> {
    rewritten(book, |name, bytes| {
        if name != "docProps/core.xml" {
            return bytes;
        }
        let text = String::from_utf8(bytes).unwrap();
        let (head, rest) = text.split_once("W3CDTF\">").unwrap();
        let (_, rest) = rest.split_once("W3CDTF\">").unwrap();
        let (_, rest) = rest.split_once('<').unwrap();
        let day = "2024-01-01T00:00:00Z";
        let modified = "</dcterms:created><dcterms:modified xsi:type=\"dcterms:W3CDTF\">";
        format!("{head}W3CDTF\">{day}{modified}{day}<{rest}").into_bytes()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_ours_by_its_cells_and_not_by_the_time_at_which_it_was_saved() {
    let mut world = World::of(december().await);
    world.at("2024-12-20T10:00:00+08:00");
    let form = world.own.share(FORM);
    fs::write(&form, dated_as_ours(&filled(&form, "2024年12月9日", OWN))).unwrap();
    let sheets = read(&form).sheets.len();
    assert!(sheets > 0, "it is still a workbook");
    world.lose("2024-12-23T10:00:00+08:00").await;
    fs::create_dir_all(world.own.root().join("data/archive/00")).unwrap();
    recover::rebuild(&world.site).await.unwrap();
    let placed = world.site.store.placed().await.unwrap();
    let forms: Vec<_> = placed.iter().filter(|own| own.role == Role::Form).collect();
    assert!(forms.len() > 1, "those of the others are ours");
    assert!(forms.iter().all(|own| !own.path.contains("吴垂超")), "{forms:?}");
    world.run().await;
    assert!(world.own.exists("吴垂超/2024-12 已存1行，未报送.txt"));
}
