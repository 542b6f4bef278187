//! What strangers, and tired people, hand in.

use super::*;
use crate::read::hostile;

fn plain(rows: &[&[&str]]) -> Vec<u8> {
    let own = |row: &&[&str]| row.iter().map(|text| (*text).to_owned()).collect();
    book(&rows.iter().map(own).collect::<Vec<Vec<String>>>())
}

fn formulas() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in (0..).zip(["编号", "名称", "联络员"]) {
        sheet.write_string(0, column, text).unwrap();
    }
    sheet.write_string(1, 0, "U01").unwrap();
    sheet.write_string(1, 1, "洪文泽").unwrap();
    sheet
        .write_formula(1, 2, "=HYPERLINK(\"http://evil.example\",\"x\")")
        .unwrap();
    book.save_to_buffer().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_roster_is_refused_with_what_to_do() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let before = fs::read(roster(&page)).unwrap();
    let many: Vec<Vec<String>> = std::iter::once(vec!["编号".to_owned(), "名称".to_owned()])
        .chain((0..10_000).map(|n| vec![format!("X{n}"), format!("单位{n}")]))
        .collect();
    for (what, bytes, words) in [
        ("text", b"hello, roster".to_vec(), "xlsx"),
        ("nothing but zeros", vec![0; 4000], "xlsx"),
        ("pdf", b"%PDF-1.7 xxxxxxxxxxxxxxxx".to_vec(), "xlsx"),
        ("bomb", hostile::small_bomb(), "xlsx"),
        ("macros", hostile::with_macros(), "文件里有宏"),
        ("rows", book(&many), "名册最多5000行"),
        ("formulas", formulas(), "C2 是公式"),
        (
            "columns",
            plain(&[&["姓名", "电话"], &["张三", "138"]]),
            "没有“编号”这一列",
        ),
        ("empty", plain(&[]), "没有内容"),
        (
            "twice",
            plain(&[&["编号", "名称"], &["U01", "洪文泽"], &["U01", "吴垂超"]]),
            "与第2行重复",
        ),
        (
            // Two units of one name: whose a file is could not be told.
            "namesakes",
            plain(&[&["编号", "名称"], &["U01", "洪文泽"], &["U02", "洪文泽"]]),
            "一个名称只能指一个单位",
        ),
        (
            "a unit without an id that is known",
            plain(&[&["编号", "名称"], &["", "洪文泽"]]),
            "编号写U01",
        ),
        (
            "a folder's name",
            plain(&[&["编号", "名称"], &["U01", "../../etc"]]),
            "不能作文件夹名",
        ),
        (
            "an address",
            plain(&[&["编号", "名称", "联络员邮箱"], &["U01", "洪文泽", "a@b@c"]]),
            "应写成",
        ),
        (
            "a leader",
            plain(&[&["编号", "名称", "挂点领导"], &["U01", "洪文泽", "无此人"]]),
            "名册里没有领导“无此人”",
        ),
    ] {
        let path = hand_in(&mut browser, &bytes).await;
        let shown = browser.get(&path).await;
        assert_eq!(shown.status, 200, "{what}: {}", shown.text);
        assert!(shown.words().contains(words), "{what}: {}", shown.words());
        assert!(
            !shown.text.contains("value=\"write\""),
            "{what}: no button to write it"
        );
        let token = browser.token().await;
        let forced = [
            ("token", token.as_str()),
            ("seen", &"0".repeat(64)),
            ("decision", "write"),
            ("sure", "true"),
        ];
        let forced = browser.post(&path, &forced).await;
        assert_eq!(forced.status, 422, "{what}: {}", forced.text);
    }
    assert_eq!(fs::read(roster(&page)).unwrap(), before);
    assert_eq!(waiting(&page), 1, "one at a time waits for each account");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_s_table_is_known_by_its_mark_or_by_what_would_go() {
    let both = [PROGRAM, "xinhui-meetings"];
    let site = TestSite::shipped(&both, "乌塘挂点台账", crate::harness::MORNING, |_| {}).await;
    let page = Page::of(site, options()).await;
    let mut browser = page.office().await;
    for (path, whose) in [
        (
            "/settings/programs/xinhui-meetings/roster.xlsx".to_owned(),
            "填报单位",
        ),
        (format!("{HERE}/roster.xlsx?table=leaders"), "领导"),
    ] {
        let others = browser.get(&path).await.bytes;
        let path = hand_in(&mut browser, &others).await;
        let words = browser.get(&path).await.words();
        assert!(
            words.contains("这是“") && words.contains(&format!("{whose}名册")),
            "{words}"
        );
    }
    // Without a mark, and with the same ids.
    let mut own = rows(&page);
    for (n, row) in own.iter_mut().enumerate().skip(1) {
        (row[1], row[2]) = (format!("别的单位{n}"), String::new());
        row[4] = String::new();
    }
    let path = hand_in(&mut browser, &book(&own)).await;
    let asked = browser.get(&path).await;
    assert!(asked.words().contains("核对是不是拿错了表"), "{}", asked.words());
    let unsure = send(&mut browser, &path, &fields(&asked), &[("decision", "write")]).await;
    assert_eq!(unsure.status, 422);
    assert!(unsure.words().contains("改动很大"), "{}", unsure.words());
    let sure = [("sure", "true"), ("decision", "write")];
    let done = send(&mut browser, &path, &fields(&asked), &sure).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let program = page.own().program(PROGRAM).unwrap();
    assert_eq!(
        program.roster.unit("U01").unwrap().former_names,
        ["洪文泽"],
        "ids stay"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_into_cells_is_never_a_tag() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let canary = "'\"><script>alert(1)</script>&{{7*7}}";
    let mut own = rows(&page);
    let liaison = own[0].iter().position(|name| name == "联络员").unwrap();
    own[1][liaison] = canary.to_owned();
    own[0].push("备<b>注".to_owned());
    own[2].push(canary.to_owned());
    let path = hand_in(&mut browser, &book(&own)).await;
    let asked = browser.get(&path).await;
    let done = send(&mut browser, &path, &fields(&asked), &[("decision", "write")]).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let mut pages = vec![asked, done];
    for path in [
        format!("{HERE}/roster"),
        format!("{HERE}/row?table=units&id=U01"),
        "/settings".to_owned(),
        "/today".to_owned(),
    ] {
        pages.push(browser.get(&path).await);
    }
    for answer in pages {
        assert_eq!(answer.status, 200);
        for tag in ["<script>alert", "<b>注"] {
            assert!(!answer.text.contains(tag), "{tag}: {}", answer.text);
        }
    }
    // What was written is what was meant, quotes and all.
    assert_eq!(rows(&page)[1][liaison], canary);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_not_ours_or_not_whole_takes_nothing() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let token = browser.token().await;
    let path = format!("{HERE}/upload");
    let bytes = book(&rows(&page));
    let (own, units) = (("token", token.as_str()), ("table", "units"));
    let large = vec![1; 5 << 20 | 1];
    for (fields, file, status) in [
        (vec![units], Some(&bytes[..]), 422),
        (vec![("token", "0000"), units], Some(&bytes[..]), 403),
        (vec![own, ("table", "groups")], Some(&bytes[..]), 404),
        (vec![own], Some(&bytes[..]), 404),
        (vec![own, units], None, 422),
        (vec![own, units], Some(&[][..]), 422),
        (vec![own, units], Some(&large[..]), 413),
    ] {
        let answer = browser.upload(&path, &fields, file).await;
        assert_eq!(answer.status, status, "{fields:?}: {}", answer.text);
        assert_eq!(waiting(&page), 0, "{fields:?}");
    }
    let plain = browser.post(&path, &[("token", &token)]).await;
    assert_eq!(plain.status, 415);
    // From elsewhere.
    browser.origin = Some("http://evil.example".into());
    let own = [("token", token.as_str()), ("table", "units")];
    assert_eq!(browser.upload(&path, &own, Some(&bytes)).await.status, 403);
    browser.origin = None;
    for path in [
        format!("{HERE}/changes/..%2f..%2fconfig.toml"),
        format!("{HERE}/changes/{}", "0".repeat(64)),
        "/settings/programs/..%2f..%2fmail/roster".to_owned(),
        "/settings/programs/nobody/roster".to_owned(),
        format!("{HERE}/roster?table=groups"),
    ] {
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(waiting(&page), 0);
}
