//! Masters and blank forms: what lies there comes, to whom it may, by what it is.

use taizhang::desk::files::Which;
use taizhang::domain::finding::Verdict;

use super::*;
use crate::harness::{MORNING, read, sample, save_with};

const HERE: &str = "/p/wutang-visits/2024-11";

#[tokio::test(flavor = "multi_thread")]
async fn the_master_is_two_clicks_away_and_comes_as_it_lies_there() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let before = browser.get(HERE).await;
    assert!(
        before.words().contains("汇总台账还没有写成"),
        "{}",
        before.words()
    );
    let none = browser.get(&format!("{HERE}/files/current")).await;
    assert_eq!(none.status, 404);
    page.site
        .drop_file("吴垂超/吴垂超11月台账.xlsx", &sample("吴垂超11月台账.xlsx"))
        .run()
        .await;
    let today = browser.get("/today").await;
    assert!(today.links().contains(&HERE.to_owned()), "one click");
    let period = browser.get(HERE).await;
    let link = format!("{HERE}/files/current");
    assert!(
        period.links().contains(&link),
        "and a second: {:?}",
        period.links()
    );
    let answer = browser.get(&link).await;
    let lies = std::fs::read(page.site.output("汇总台账.xlsx")).unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.bytes == lies, "not the bytes that lie there");
    let size = lies.len().to_string();
    assert_eq!(answer.header("content-length"), Some(size.as_str()));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let name = answer.header("content-disposition").unwrap();
    assert!(
        name.starts_with("attachment; filename*=UTF-8''%E4%B9%8C%E5%A1%98"),
        "{name}"
    );
    assert!(name.ends_with("%E8%B4%A6.xlsx"), "{name}");
    // After the close there is a settled one as well.
    page.site.at("2024-12-17T09:00:00+08:00").run().await;
    browser.log_in("李四", PASSWORD).await;
    let period = browser.get(HERE).await.words();
    assert!(period.contains("定稿"), "{period}");
    let settled = browser.get(&format!("{HERE}/files/settled")).await;
    let lies = std::fs::read(page.site.output("汇总台账（定稿）.xlsx")).unwrap();
    assert!(settled.status == 200 && settled.bytes == lies);
    assert_eq!(browser.get(&format!("{HERE}/files/corrected")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_else_is_to_be_had_by_whatever_name() {
    let page = Page::new().await;
    page.site
        .drop_file("吴垂超/吴垂超11月台账.xlsx", &sample("吴垂超11月台账.xlsx"))
        .run()
        .await;
    let mut browser = page.office().await;
    for path in [
        "files/nothing",
        "files/..",
        "files/..%2f..%2fconfig.toml",
        "files/%2e%2e",
        "files/current%00",
        "files/%E6%B1%87%E6%80%BB%E5%8F%B0%E8%B4%A6.xlsx",
        "forms/nobody",
        "forms/..%2f..%2fconfig.toml",
        "forms/",
    ] {
        assert_eq!(browser.get(&format!("{HERE}/{path}")).await.status, 404, "{path}");
    }
    for path in [
        "/p/wutang-visits/2024-13/files/current",
        "/p/wutang-visits/..%2f..%2fdata/files/current",
        "/p/nobody/2024-11/files/current",
        "/p/wutang-visits/2099-11/forms/U01",
    ] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    // What somebody put in its place leads nowhere.
    #[cfg(unix)]
    {
        let master = page.site.output("汇总台账.xlsx");
        std::fs::remove_file(&master).unwrap();
        std::os::unix::fs::symlink(page.site.root().join("config.toml"), &master).unwrap();
        let answer = browser.get(&format!("{HERE}/files/current")).await;
        assert_eq!(answer.status, 404, "{}", answer.text);
        let list = browser.get(&format!("{HERE}/files")).await;
        assert!(list.words().contains("汇总台账还没有写成"), "{}", list.words());
    }
    let words: Vec<&str> = Which::ALL.map(Which::as_str).into();
    assert_eq!(words.iter().filter_map(|word| Which::parse(word)).count(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blank_form_is_the_one_that_the_command_writes() {
    let both = [PROGRAM, "qianshui-tasks"];
    let site = TestSite::shipped(&both, "乌塘挂点台账", MORNING, |_| {}).await;
    let page = Page::of(site, options()).await;
    let mut reader = page.user("王五", Role::Reader, &[PROGRAM]).await;
    let list = reader.get(&format!("{HERE}/files")).await;
    assert_eq!(list.status, 200, "{}", list.text);
    let program = page.own().program(PROGRAM).unwrap();
    let forms = |own: &Answer| -> Vec<String> {
        let mut links = own.links();
        links.retain(|link| link.contains("/forms/"));
        links
    };
    assert_eq!(forms(&list).len(), program.roster.units.len());
    let unit = program
        .roster
        .units
        .iter()
        .find(|own| own.name == "吴垂超")
        .unwrap();
    let form = reader.get(&format!("{HERE}/forms/{}", unit.id)).await;
    assert_eq!(form.status, 200, "{}", form.text);
    let out = page.site.root().join("forms");
    let made = std::process::Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .current_dir(page.site.root())
        .args([
            "--now",
            MORNING,
            "form",
            "--program",
            PROGRAM,
            "--period",
            "2024-11",
        ])
        .args(["--unit", "吴垂超", "--out", "forms"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let written = std::fs::read_dir(out).unwrap().next().unwrap().unwrap().path();
    let fetched = page.site.root().join("fetched.xlsx");
    std::fs::write(&fetched, &form.bytes).unwrap();
    assert_eq!(read(&fetched), read(&written));
    assert!(form.bytes == std::fs::read(&written).unwrap(), "byte for byte");
    // Of a register, with its rows.
    let mut all = page.office().await;
    let list = all.get("/p/qianshui-tasks/2024-11/files").await;
    let link = forms(&list).pop().expect("somebody owes rows");
    let form = all.get(&link).await;
    assert_eq!(form.status, 200, "{}", form.text);
    std::fs::write(&fetched, &form.bytes).unwrap();
    read(&fetched);
    // Another's are nowhere.
    let nobodys = reader.get("/p/nobody/2024-11/files").await;
    let files = "/p/qianshui-tasks/2024-11/files";
    for path in [files, &format!("{files}/current"), &link] {
        let answer = reader.get(path).await;
        assert_eq!((answer.status, &answer.text), (404, &nobodys.text), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_changes_nothing_anywhere() {
    let page = Page::new().await;
    page.site
        .drop_file("吴垂超/吴垂超11月台账.xlsx", &sample("吴垂超11月台账.xlsx"))
        .run()
        .await;
    let mut browser = page.office().await;
    let key = std::fs::read_to_string(taizhang::desk::api::key_file(page.own())).unwrap();
    let own = format!("Authorization: Bearer {}\r\n", key.trim());
    let all = || {
        let mut all = crate::harness::tree(page.site.root());
        all.retain(|name, _| !name.contains("data/access") && !name.ends_with("-shm"));
        all
    };
    let before = all();
    for path in [
        "/log",
        "/log?words=x&via=page",
        "/log.xlsx",
        "/p/wutang-visits/trend",
        "/p/wutang-visits/trend?year=2024",
        HERE,
        "/p/wutang-visits/2024-11/files",
        "/p/wutang-visits/2024-11/files/current",
        "/p/wutang-visits/2024-11/forms/U01",
        "/healthz",
        "/api/v1/status",
        "/api/v1/programs",
        "/api/v1/letters",
        "/api/v1/schedule",
        "/api/v1/log",
        "/api/v1/show/1",
    ] {
        let status = browser.get_with(path, &own).await.status;
        assert_eq!(status, 200, "{path}");
    }
    let after = all();
    assert!(before.keys().eq(after.keys()), "a file came or went");
    for (name, bytes) in &before {
        assert!(after[name] == *bytes, "{name} was written");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_original_is_for_those_who_review_and_comes_as_it_came() {
    let page = Page::new().await;
    let bytes = sample("吴垂超11月台账.xlsx");
    let copy = page.site.root().join("copy.xlsx");
    std::fs::write(&copy, &bytes).unwrap();
    let secret = save_with(&read(&copy), &[("台账", "A1", "机密★1年")]);
    page.site
        .drop_file("吴垂超/吴垂超11月台账.xlsx", &bytes)
        .drop_file("林强/林强11月台账.xlsx", &secret)
        .run()
        .await;
    let mut office = page.office().await;
    let mut shown = 0;
    for one in page.site.records().await {
        let path = format!("/s/{}/original", one.id);
        let answer = office.get(&path).await;
        let seen = office.get(&format!("/s/{}", one.id)).await;
        if one.verdict == Verdict::Quarantined {
            assert_eq!(answer.status, 404, "{path}");
            assert!(!seen.text.contains("/original"), "{}", seen.text);
            continue;
        }
        shown += 1;
        assert!(answer.status == 200 && answer.bytes == bytes, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/octet-stream"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let name = answer.header("content-disposition").unwrap();
        assert!(
            name.starts_with("attachment; filename*=UTF-8''%E5%90%B4"),
            "{name}"
        );
        assert!(seen.words().contains("下载原件"), "{}", seen.words());
        let mut reviewer = page.user("赵六", Role::Reviewer, &[]).await;
        assert_eq!(reviewer.get(&path).await.status, 200);
        let mut reader = page.user("王五", Role::Reader, &[]).await;
        assert_eq!(reader.get(&path).await.status, 403);
        assert!(
            !reader
                .get(&format!("/s/{}", one.id))
                .await
                .text
                .contains("/original")
        );
        assert_eq!(page.browser().get(&path).await.to(), "/login");
    }
    assert_eq!((shown, page.site.records().await.len()), (1, 2));
    assert_eq!(office.get("/s/999/original").await.status, 404);
}
