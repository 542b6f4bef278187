//! A unit's folder that was deleted gets back what lay in it; one that was
//! renamed is told; what stands where the office's folders belong is named.

use std::collections::BTreeSet;
use std::fs;

use crate::folders::{made_again, page};
use crate::harness::{TestSite, tree};
use crate::own_files::{RECEIPT, STATUS, is_text, month};

/// Paths below a unit's folder; what a unit put there itself, and copies with
/// marks, which are made once, are none of them.
fn laid_by_us(site: &TestSite, unit: &str) -> BTreeSet<String> {
    let tree = tree(&site.share(unit));
    tree.into_keys()
        .filter(|path| !path.contains("审核意见") && !path.contains("再报一次"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_folder_gets_back_what_lay_in_it() {
    let site = month().await;
    let (before, units) = (tree(&site.share("")), ["吴垂超", "罗养", "周景辉", "谭仁普"]);
    let lay: Vec<_> = units.iter().map(|unit| laid_by_us(&site, unit)).collect();
    assert!(lay[0].contains("审核通过/2024-11/吴垂超11月台账.xlsx"), "{lay:?}");
    assert!(
        lay[1].contains("退回修改/2024-11/罗养 2024年11月台账.xlsx"),
        "{lay:?}"
    );
    assert!(
        lay[3].iter().any(|path| path.starts_with("本期填报表/")),
        "{lay:?}"
    );
    for unit in units {
        fs::remove_dir_all(site.share(unit)).unwrap();
    }
    site.run().await;
    site.run().await;
    for (unit, lay) in units.iter().zip(&lay) {
        assert_eq!(&laid_by_us(&site, unit), lay, "{unit}");
    }
    let after = tree(&site.share(""));
    for path in [STATUS, RECEIPT, "吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx"] {
        assert!(before[path] == after[path], "{path}");
    }
    assert_eq!(made_again(&site).await.len(), 1);
    // It is ours as before: nothing is taken again, nothing is answered.
    let round = site.run().await;
    assert_eq!((round.taken, round.drafts, round.ours), (0, 0, 0));
    assert_eq!(tree(&site.share("")), after);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_handed_in_or_taken_by_its_unit_stays_away() {
    let site = month().await;
    let form = "谭仁普/本期填报表";
    let names = site.names(form);
    let blank = names.iter().find(|name| !is_text(name)).unwrap();
    fs::remove_file(site.share(&format!("{form}/{blank}"))).unwrap();
    site.run().await;
    // The unit removed the form alone, which is its own affair.
    assert!(!site.exists(&format!("{form}/{blank}")));
    fs::remove_dir_all(site.share("谭仁普")).unwrap();
    site.run().await;
    assert!(site.exists(&format!("{form}/{blank}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_programme_that_was_deleted_comes_back() {
    let site = month().await;
    let before: BTreeSet<String> = laid_by_us(&site, "");
    fs::remove_dir_all(site.share("")).unwrap();
    site.run().await;
    site.run().await;
    let after = laid_by_us(&site, "");
    // Whose file nobody knew has no unit; a draft is the unit's own.
    let lost: Vec<&String> = before.difference(&after).collect();
    assert!(
        lost.iter().all(|path| path.starts_with("待确认单位/")
            || path.contains("林强")
            || path.contains("无法读取")
            || path.contains("损坏")
            || path.contains("再报一次")),
        "{lost:?}"
    );
    assert_eq!(after.difference(&before).next(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_folder_was_renamed_to_is_told_and_nothing_is_doubled() {
    for looked_at in [false, true] {
        let site = month().await;
        let before = tree(&site.share("吴垂超"));
        fs::rename(site.share("吴垂超"), site.share("吴垂超片区")).unwrap();
        if looked_at {
            // Its files are known in their new place before the folder is missed.
            fs::create_dir(site.share("吴垂超")).unwrap();
            site.run().await;
            fs::remove_dir(site.share("吴垂超")).unwrap();
        }
        site.run().await;
        let told = made_again(&site).await;
        let words = "乌塘挂点台账/吴垂超 里原来的文件在 乌塘挂点台账/吴垂超片区 里";
        assert!(told.len() == 1 && told[0].contains(words), "{told:?}");
        assert!(page(&site).contains(words), "{}", page(&site));
        assert_eq!(tree(&site.share("吴垂超片区")), before);
        assert!(tree(&site.share("吴垂超")).is_empty());
        // Renamed back over the empty one, all is as before.
        fs::remove_dir(site.share("吴垂超")).unwrap();
        fs::rename(site.share("吴垂超片区"), site.share("吴垂超")).unwrap();
        site.run().await;
        assert_eq!(tree(&site.share("吴垂超")), before);
        assert_eq!(made_again(&site).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_place_of_the_offices_folders_is_named_and_tried_again() {
    for place in ["乌塘挂点台账", "乌塘挂点台账/2024-11"] {
        let site = TestSite::new().await;
        let path = site.site.options.output.join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "不是文件夹").unwrap();
        site.drop_sample("吴垂超11月台账.xlsx", "吴垂超").run().await;
        let left = taizhang::jobs::consolidate::all(&site.site).await.unwrap();
        assert!(left, "{place}: worth another try");
        let faults = site.site.faults.standing();
        assert_eq!(faults.len(), 1, "{place}: {faults:?}");
        let said = faults[0].words(site.site.clock.zone());
        for word in [place, "处是一个文件，不是文件夹", "输出目录", "移走或改名"] {
            assert!(said.contains(word), "{place}, {word}: {said}");
        }
        fs::remove_file(&path).unwrap();
        let left = taizhang::jobs::consolidate::all(&site.site).await.unwrap();
        assert!(!left && site.output("汇总台账.xlsx").is_file(), "{place}");
    }
}
