//! The folders of the share: gone, too deep, with something in their place;
//! and those that nobody else may look into.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use taizhang::domain::finding::Verdict;

use crate::harness::{MORNING, TestSite, open, sample, tree};

const LEDGER: &str = "吴垂超11月台账.xlsx";
const OTHER: &str = "庞 兴11月台账.xlsx";

pub fn page(site: &TestSite) -> String {
    fs::read_to_string(site.site.options.output.join("运行情况.txt")).unwrap()
}

/// What the journal says of folders that were made again.
pub async fn made_again(site: &TestSite) -> Vec<String> {
    let journal = site.site.store.journal().await.unwrap();
    let lines = journal
        .into_iter()
        .filter(|line| line.what == "folder-made-again");
    lines.map(|line| line.detail).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_folder_that_vanishes_is_made_again_and_told() {
    let site = TestSite::new().await;
    site.run().await;
    assert_eq!(made_again(&site).await, [""; 0]);
    fs::remove_dir_all(site.share("吴垂超")).unwrap();
    fs::remove_dir_all(site.share("待确认单位")).unwrap();
    site.run().await;
    assert!(site.exists("吴垂超") && site.exists("待确认单位"));
    let told = made_again(&site).await;
    assert_eq!(told.len(), 1, "{told:?}");
    for word in ["已建好", "乌塘挂点台账/吴垂超", "乌塘挂点台账/待确认单位"] {
        assert!(
            told[0].contains(word) && page(&site).contains(word),
            "{word}: {told:?}"
        );
    }
    assert!(page(&site).contains("2024年12月2日"), "{}", page(&site));
    // Once; and after a week the page forgets it.
    site.at("2024-12-10T09:00:00+08:00").run().await;
    assert_eq!(made_again(&site).await.len(), 1);
    assert!(!page(&site).contains("已建好"));
    // A whole programme in one line.
    fs::remove_dir_all(site.site.options.watch.join("乌塘挂点台账")).unwrap();
    site.run().await;
    assert_eq!(made_again(&site).await.len(), 2);
    assert_eq!(site.names("").len(), 14);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_while_the_share_is_away() {
    let site = TestSite::new().await;
    site.run().await;
    let watch = site.site.options.watch.clone();
    fs::rename(&watch, site.root().join("aside")).unwrap();
    for left in [false, true] {
        if left {
            fs::create_dir(&watch).unwrap();
        }
        assert!(site.run().await.away.is_some());
        assert_eq!(fs::read_dir(&watch).map_or(0, Iterator::count), 0);
    }
    assert_eq!(made_again(&site).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_lies_too_deep_is_named_with_its_unit() {
    let site = TestSite::new().await;
    // The programme's folder is the first, so this is the eighth, and a ninth below it.
    let eighth = "吴垂超/2/3/4/5/6/7";
    site.drop_file(&format!("{eighth}/八.txt"), b"x");
    site.drop_file(&format!("{eighth}/9/a/九.xlsx"), &sample(LEDGER));
    let scan = site.run().await.scan.unwrap();
    let deep: Vec<&str> = scan.too_deep.iter().map(|deep| deep.path.as_str()).collect();
    assert_eq!(deep, [format!("乌塘挂点台账/{eighth}/9/a/九.xlsx")]);
    assert!(
        page(&site).contains("/9/a/九.xlsx（吴垂超挂点组）"),
        "{}",
        page(&site)
    );
    assert!(site.exists(&format!("{eighth}/9/a/九.xlsx")));
    let names: Vec<String> = site
        .records()
        .await
        .into_iter()
        .map(|own| own.file_name)
        .collect();
    assert_eq!(names, ["八.txt"]);
}

/// What a person may put in the place of a folder.
fn put_in_the_way(path: &Path, outside: &Path, link: bool) {
    if path.is_dir() {
        fs::remove_dir_all(path).unwrap();
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    if link {
        symlink(outside, path).unwrap();
    } else {
        fs::write(path, "不是文件夹").unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_place_of_a_units_folder_is_named_and_stops_nobody_else() {
    for link in [false, true] {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join(LEDGER), sample(LEDGER)).unwrap();
        let before = tree(outside.path());
        let site = TestSite::new().await;
        put_in_the_way(&site.share("吴垂超"), outside.path(), link);
        // Also for a start.
        let site_again = open(site.root(), MORNING).await;
        taizhang::jobs::pass::prepare(&site_again).await.unwrap();
        site.drop_sample(OTHER, "庞兴");
        // One for the unit comes by another way, and its results can't go anywhere.
        site.drop_sample(LEDGER, "");
        let _earlier = site.site.holding.take_news();
        site.run().await;
        assert!(site.site.holding.take_news(), "the page isn't written at once");
        site.run().await;
        assert!(
            !site.site.holding.take_news(),
            "the page is written again and again"
        );
        let what = if link {
            "此处是一个链接"
        } else {
            "此处是一个文件"
        };
        let words = format!("乌塘挂点台账/吴垂超（吴垂超挂点组）：{what}");
        assert!(page(&site).contains(&words), "{}", page(&site));
        assert_eq!(site.verdict(OTHER).await, Verdict::Accepted);
        assert!(site.exists("庞兴/审核通过/2024-11/庞 兴11月台账.xlsx"));
        assert_eq!(site.verdict(LEDGER).await, Verdict::Accepted);
        assert!(site.share(LEDGER).is_file(), "it waits where it lies");
        let (waiting, why) = site.site.store.delivery_backlog().await.unwrap();
        assert!(
            waiting > 0 && why.unwrap().contains("“乌塘挂点台账/吴垂超”处"),
            "{waiting}"
        );
        assert_eq!(tree(outside.path()), before, "something went through the link");
        assert_eq!(made_again(&site).await, [""; 0]);

        // As soon as it is gone, all goes on by itself.
        fs::remove_file(site.share("吴垂超")).unwrap();
        site.at("2024-12-02T09:02:00+08:00").run().await;
        site.run().await;
        assert!(
            site.exists("吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx"),
            "{:?}",
            site.names("吴垂超")
        );
        assert_eq!(site.site.store.delivery_backlog().await.unwrap().0, 0);
        assert!(!page(&site).contains(what));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_through_a_link_or_a_file_in_place_of_our_folders_within_a_unit() {
    for (folder, name) in [
        ("审核通过", LEDGER),
        ("审核通过/2024-11", LEDGER),
        ("退回修改", "罗养 2024年11月台账.xlsx"),
        ("本期填报表", ""),
        ("附件", "照片.jpg"),
    ] {
        for link in [false, true] {
            let outside = tempfile::tempdir().unwrap();
            fs::write(outside.path().join("别人的.xlsx"), sample(LEDGER)).unwrap();
            let before = tree(outside.path());
            let site = TestSite::new().await;
            let unit = if name.starts_with('罗') {
                "罗养"
            } else {
                "吴垂超"
            };
            let path = format!("{unit}/{folder}");
            put_in_the_way(&site.share(&path), outside.path(), link);
            match name {
                "" => {}
                "照片.jpg" => {
                    site.drop_file(&format!("{unit}/{name}"), b"\xff\xd8\xff\xe0 jpeg");
                }
                name => {
                    site.drop_sample(name, unit);
                }
            }
            site.drop_sample(OTHER, "庞兴");
            site.run().await;
            assert!(site.exists("庞兴/审核通过/2024-11/庞 兴11月台账.xlsx"), "{path}");
            assert_eq!(
                tree(outside.path()),
                before,
                "{path}: something went through the link"
            );
            let words = format!("乌塘挂点台账/{path}（{unit}挂点组）：此处是一个");
            assert!(page(&site).contains(&words), "{path}: {}", page(&site));
            let (waiting, why) = site.site.store.delivery_backlog().await.unwrap();
            let blocked = format!("“乌塘挂点台账/{path}”处是一个");
            assert!(
                waiting > 0 && why.unwrap().contains(&blocked),
                "{path}, link: {link}"
            );
            fs::remove_file(site.share(&path)).unwrap();
            site.at("2024-12-02T09:02:00+08:00").run().await;
            assert_eq!(
                site.site.store.delivery_backlog().await.unwrap(),
                (0, None),
                "{path}, link: {link}"
            );
            assert!(site.share(&path).is_dir(), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programme_folder_or_待确认单位_that_is_none_is_named() {
    for (path, shown) in [
        ("", "乌塘挂点台账："),
        ("待确认单位", "乌塘挂点台账/待确认单位："),
    ] {
        for link in [false, true] {
            let outside = tempfile::tempdir().unwrap();
            let site = TestSite::new().await;
            let folder = site.share(path);
            let folder = Path::new(folder.to_str().unwrap().trim_end_matches('/')).to_owned();
            put_in_the_way(&folder, outside.path(), link);
            if !path.is_empty() {
                site.drop_sample(OTHER, "庞兴");
                site.drop_file("不知道是谁的.xlsx", &sample("陈小敏202411.xlsx"));
            }
            site.run().await;
            assert!(page(&site).contains(shown), "{}", page(&site));
            assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
            if !path.is_empty() {
                assert!(site.exists("庞兴/审核通过/2024-11/庞 兴11月台账.xlsx"));
            }
            fs::remove_file(&folder).unwrap();
            site.at("2024-12-02T09:02:00+08:00").run().await;
            assert!(site.exists("待确认单位") && site.exists("吴垂超"));
        }
    }
}

#[test]
fn a_start_names_the_path_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    taizhang::embedded::write_site(folder.path(), &[crate::harness::PROGRAM.to_owned()]).unwrap();
    let unit = folder.path().join("watch/乌塘挂点台账/吴垂超");
    fs::create_dir_all(unit.parent().unwrap()).unwrap();
    fs::write(&unit, "不是文件夹").unwrap();
    let command = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
        command
            .arg("--config")
            .arg(folder.path().join("config.toml"))
            .args(words);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + String::from_utf8_lossy(&output.stderr).as_ref();
        (output.status.code(), said)
    };
    let (status, said) = command(&["run", "--once"]);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("乌塘挂点台账/吴垂超"), "{said}");
    assert!(folder.path().join("watch/乌塘挂点台账/庞兴").is_dir());
    let (_, said) = command(&["doctor"]);
    assert!(
        said.contains("[问题] 共享文件夹：乌塘挂点台账/吴垂超（吴垂超挂点组）：此处是一个文件"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(unit).unwrap(), "不是文件夹");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_not_text_or_nearly_ours_are_named() {
    use std::os::unix::ffi::OsStrExt;
    let site = TestSite::new().await;
    // 台账.xls as an old client writes it, in GBK.
    let gbk = std::ffi::OsStr::from_bytes(b"\xcc\xa8\xd5\xcb.xls");
    fs::write(site.share("吴垂超").join(gbk), "x").unwrap();
    fs::create_dir(site.site.options.watch.join(gbk)).unwrap();
    site.drop_file("吴垂超 /a.txt", b"x");
    site.drop_file("ＡＢ/a.txt", b"x");
    let scan = site.run().await.scan.unwrap();
    assert_eq!(scan.badly_named, ["乌塘挂点台账/吴垂超/台账.xls", "台账.xls"]);
    let similar = (
        "乌塘挂点台账/吴垂超 ".parse().unwrap(),
        "乌塘挂点台账/吴垂超".parse().unwrap(),
    );
    assert_eq!(scan.similar, [similar]);
    assert!(
        page(&site).contains("乌塘挂点台账/吴垂超/台账.xls"),
        "{}",
        page(&site)
    );
    assert!(
        page(&site).contains("本站点的是 乌塘挂点台账/吴垂超"),
        "{}",
        page(&site)
    );
    assert!(site.share("吴垂超").join(gbk).exists());
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_may_look_into_data_also_of_an_older_site() {
    let site = TestSite::new().await;
    site.drop_sample(LEDGER, "吴垂超")
        .drop_sample("金屋村加密.xlsx", "林强")
        .run()
        .await;
    let data = site.site.options.data.clone();
    let all = |data: &Path| -> Vec<(String, u32)> {
        let mut found = vec![(String::new(), mode(data))];
        let mut folders = vec![data.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().flatten() {
                found.push((entry.path().display().to_string(), mode(&entry.path())));
                if entry.path().is_dir() {
                    folders.push(entry.path());
                }
            }
        }
        found
    };
    let open_to_others = |found: Vec<(String, u32)>| -> Vec<(String, u32)> {
        assert!(found.len() > 10, "{found:?}");
        found.into_iter().filter(|(_, mode)| mode & 0o077 != 0).collect()
    };
    let lax = open_to_others(all(&data))
        .into_iter()
        .filter(|(path, _)| !path.contains("/definitions"));
    assert_eq!(lax.collect::<Vec<_>>(), []);
    let backup = site.root().join("backup.sqlite3");
    site.site.store.backup(&backup).await.unwrap();
    assert_eq!(mode(&backup), 0o600);
    // What earlier versions left.
    for (path, _) in all(&data).into_iter().skip(1) {
        let path = Path::new(&path);
        let lax = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(path, fs::Permissions::from_mode(lax)).unwrap();
    }
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
    drop(open(site.root(), MORNING).await);
    assert_eq!(open_to_others(all(&data)), []);
    // The share is for others.
    assert_ne!(
        mode(&site.share("吴垂超/审核通过/2024-11/报送回执.txt")) & 0o044,
        0
    );
}
