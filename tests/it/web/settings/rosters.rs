//! A roster taken home, handed in, looked at and written.

use taizhang::domain::actor::Via;
use taizhang::workbook::read::read_written;

use super::*;

/// A site in which one unit has reported.
async fn reported() -> Page {
    let page = Page::new().await;
    let sample = crate::harness::sample("吴垂超11月台账.xlsx");
    page.site.drop_file("吴垂超/吴垂超11月台账.xlsx", &sample);
    page.site.run().await;
    page
}

fn column(rows: &[Vec<String>], name: &str) -> usize {
    rows[0].iter().position(|own| own == name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_comes_home_is_changed_looked_at_and_written() {
    let page = reported().await;
    let mut browser = page.office().await;
    let shown = browser.get(&format!("{HERE}/roster")).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    assert!(
        shown.words().contains("liaison03@wutang.example"),
        "{}",
        shown.words()
    );
    assert!(
        !shown.text.contains("曾用名"),
        "columns in which nothing stands aren't shown"
    );
    let home = browser.get(&format!("{HERE}/roster.xlsx")).await;
    assert_eq!(home.status, 200);
    assert!(
        home.header("content-disposition")
            .unwrap()
            .starts_with("attachment; filename*=UTF-8''")
    );
    let table = SourceTable::from_workbook(&read_written(&home.bytes).unwrap());
    let before = fs::read(roster(&page)).unwrap();
    // As it came, nothing is another.
    let same = hand_in(&mut browser, &home.bytes).await;
    let same = browser.get(&same).await;
    assert!(same.words().contains("和现在的名册一样"), "{}", same.words());
    // 袁庆 is called otherwise, 林强 has another address, 吴垂超 (who reported)
    // and 罗养 (who didn't) are left out, and one is new.
    let mut rows: Vec<Vec<String>> = table.rows.into_iter().map(|(_, cells)| cells).collect();
    rows.insert(0, table.header);
    let (name, mail) = (column(&rows, "名称"), column(&rows, "联络员邮箱"));
    rows.retain(|row| !["吴垂超", "罗养"].contains(&row[name].as_str()));
    for row in &mut rows {
        match row[name].as_str() {
            "袁庆" => row[name] = "袁庆组".into(),
            "林强" => row[mail] = "linqiang@wutang.example".into(),
            _ => {}
        }
    }
    let mut fresh = vec![String::new(); rows[0].len()];
    fresh[name] = "经济发展办".into();
    rows.push(fresh);
    let changes = hand_in(&mut browser, &book(&rows)).await;
    let journal = page.own().store.journal().await.unwrap().len();
    let asked = browser.get(&changes).await;
    let words = asked.words();
    for part in ["新增 1", "停报 1", "删去 1", "改名 1", "改联系方式 1"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    for part in [
        "liaison04@wutang.example → linqiang@wutang.example",
        "袁庆 → 袁庆组",
        "最后有效的一天是2024-12-02",
        "最后一期应报：2024年12月",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    browser.get(&changes).await;
    assert_eq!(fs::read(roster(&page)).unwrap(), before, "looking writes nothing");
    assert_eq!(page.own().store.journal().await.unwrap().len(), journal);
    let done = send(&mut browser, &changes, &fields(&asked), &[("decision", "write")]).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(done.words().contains("已写入 roster.csv"), "{}", done.words());
    // The file: the unit that reported is ended, the id stays with the new name,
    // and the lines that nobody changed are letter by letter the same.
    let text = fs::read_to_string(roster(&page)).unwrap();
    let line = |id: &str| text.lines().find(|line| line.starts_with(id)).unwrap_or_default();
    assert!(line("U02,吴垂超").contains(",2024-12-02,"), "{text}");
    assert!(line("U03").starts_with("U03,袁庆组,"), "{text}");
    assert!(
        line("U03").contains(",袁庆,袁庆,"),
        "the name before is kept: {text}"
    );
    assert!(
        line("U05").is_empty() && line("U14").starts_with("U14,经济发展办"),
        "{text}"
    );
    let old = String::from_utf8(before.clone()).unwrap();
    let unchanged = old
        .lines()
        .filter(|own| own.starts_with("U01") || own.starts_with("U06"));
    assert!(
        unchanged.clone().count() == 2 && unchanged.clone().all(|own| text.contains(own)),
        "{text}"
    );
    let kept = kept(&page, "roster.csv");
    assert_eq!(kept.len(), 1);
    assert_eq!(fs::read(&kept[0]).unwrap(), before);
    assert_eq!(waiting(&page), 0, "what was handed in is gone");
    // It holds at once, and the journal says who did it.
    let program = page.own().program(PROGRAM).unwrap();
    assert_eq!(program.roster.unit("U03").unwrap().name, "袁庆组");
    assert!(program.roster.unit("U05").is_none());
    let line = last(&page, "roster-changed").await.unwrap();
    assert_eq!((line.by.as_str(), line.via), ("李四", Via::Page));
    assert!(
        line.detail.contains("停报1（吴垂超）") && line.detail.contains("新增1（经济发展办）"),
        "{}",
        line.detail
    );
    // A second time there is nothing to decide about.
    let again = send(&mut browser, &changes, &fields(&asked), &[("decision", "write")]).await;
    assert_eq!(again.status, 404);
    assert!(again.words().contains("可能已经处理过"), "{}", again.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_hand_in_one_writes_and_the_other_is_told() {
    let page = Page::new().await;
    let (mut first, mut second) = (page.office().await, page.user("王五", Role::Office, &[]).await);
    let mut one = rows(&page);
    let mail = column(&one, "联络员邮箱");
    one[1][mail] = "one@wutang.example".into();
    let mut other = rows(&page);
    other[2][mail] = "two@wutang.example".into();
    let (a, b) = (
        hand_in(&mut first, &book(&one)).await,
        hand_in(&mut second, &book(&other)).await,
    );
    let (asked_a, asked_b) = (first.get(&a).await, second.get(&b).await);
    // What one has handed in is nobody else's to decide about.
    assert_eq!(second.get(&a).await.status, 404);
    assert_eq!(
        send(&mut first, &a, &fields(&asked_a), &[("decision", "write")])
            .await
            .status,
        200
    );
    let told = send(&mut second, &b, &fields(&asked_b), &[("decision", "write")]).await;
    assert_eq!(told.status, 409);
    assert!(
        told.words().contains("刚才已由李四于2024年12月2日9:00改过"),
        "{}",
        told.words()
    );
    // It still stands there, now beside what the first one wrote.
    assert!(told.words().contains("two@wutang.example"), "{}", told.words());
    let text = fs::read_to_string(roster(&page)).unwrap();
    assert!(text.contains("one@wutang.example") && !text.contains("two@wutang.example"));
    // Looked at again and confirmed, it counts: the address of the first goes
    // back, which is shown.
    let again = second.get(&b).await;
    assert!(
        again
            .words()
            .contains("one@wutang.example → liaison01@wutang.example"),
        "{}",
        again.words()
    );
    let dropped = send(&mut second, &b, &fields(&again), &[("decision", "drop")]).await;
    assert_eq!(dropped.to(), format!("{HERE}/roster?table=units"));
    assert_eq!(waiting(&page), 0);
    assert_eq!(fs::read_to_string(roster(&page)).unwrap(), text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_writes_meanwhile_is_not_written_over() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let home = browser.get(&format!("{HERE}/roster.xlsx")).await.bytes;
    let mut own = rows(&page);
    let mail = column(&own, "联络员邮箱");
    own[1][mail] = "one@wutang.example".into();
    let path = hand_in(&mut browser, &book(&own)).await;
    let asked = browser.get(&path).await;
    let row = browser.get(&format!("{HERE}/row?table=units&id=U02")).await;
    let by_hand = fs::read_to_string(roster(&page))
        .unwrap()
        .replace("liaison05", "byhand05");
    fs::write(roster(&page), &by_hand).unwrap();
    let told = send(&mut browser, &path, &fields(&asked), &[("decision", "write")]).await;
    assert_eq!(told.status, 409);
    assert!(
        told.words().contains("有人刚才直接改了这个文件"),
        "{}",
        told.words()
    );
    let typed = [("liaison_mail", "typed@wutang.example")];
    let told = send(&mut browser, &format!("{HERE}/row"), &fields(&row), &typed).await;
    assert_eq!(told.status, 409);
    assert!(
        told.text.contains("typed@wutang.example"),
        "what was typed stays: {}",
        told.text
    );
    assert_eq!(fs::read_to_string(roster(&page)).unwrap(), by_hand);
    assert!(kept(&page, "roster.csv").is_empty());
    // A workbook of before is known as such.
    let path = hand_in(&mut browser, &home).await;
    let stale = browser.get(&path).await.words();
    assert!(stale.contains("名册又有人改过"), "{stale}");
    // An hour later nobody can decide about it any more.
    page.site.at("2024-12-02T10:00:01+08:00");
    assert_eq!(browser.get(&path).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_is_one_form() {
    let page = Page::new().await;
    let (mut first, mut second) = (
        page.office().await,
        page.user("王五", Role::Office, &[PROGRAM]).await,
    );
    let here = format!("{HERE}/row");
    // By its id or by its name.
    let a = first.get(&format!("{here}?table=units&id=U04")).await;
    assert_eq!(
        first
            .get(&format!("{here}?table=units&id=%E6%9E%97%E5%BC%BA"))
            .await
            .text,
        a.text
    );
    assert_eq!(first.get(&format!("{here}?table=units&id=U99")).await.status, 404);
    assert_eq!(
        first.get(&format!("{here}?table=places&id=P01")).await.status,
        404
    );
    let b = second.get(&format!("{here}?table=units&id=U04")).await;
    let before = fs::read_to_string(roster(&page)).unwrap();
    for (mail, words) in [("不是邮箱", "应写成"), ("=cmd|x", "公式")] {
        let wrong = send(&mut first, &here, &fields(&a), &[("liaison_mail", mail)]).await;
        assert_eq!(wrong.status, 422, "{mail}");
        assert!(
            wrong.words().contains(words) && wrong.text.contains(mail),
            "{}",
            wrong.text
        );
    }
    assert_eq!(fs::read_to_string(roster(&page)).unwrap(), before);
    let own = [("liaison", "陈七"), ("liaison_mail", "chenqi@wutang.example")];
    let saved = send(&mut first, &here, &fields(&a), &own).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    assert!(saved.words().contains("已保存"));
    let text = fs::read_to_string(roster(&page)).unwrap();
    let line = before.lines().find(|line| line.starts_with("U04")).unwrap();
    let fresh = line.replace(",,liaison04@wutang.example", ",陈七,chenqi@wutang.example");
    assert_eq!(text, before.replace(line, &fresh), "one line alone");
    let told = send(&mut second, &here, &fields(&b), &[("liaison", "王八")]).await;
    assert_eq!(told.status, 409);
    let words = told.words();
    assert!(
        words.contains("刚才已由李四于") && words.contains("名册里现在是：陈七"),
        "{words}"
    );
    assert!(told.text.contains("value=\"王八\""), "{}", told.text);
    let line = last(&page, "contact-changed").await.unwrap();
    assert_eq!(line.unit.unwrap().as_str(), "U04");
    assert!(
        line.detail
            .contains("联络员邮箱由liaison04@wutang.example改为chenqi@wutang.example")
    );
    // And pressed again, with what is shown now, it counts.
    let again = send(&mut second, &here, &fields(&told), &[("liaison", "王八")]).await;
    assert!(again.words().contains("已保存"), "{}", again.text);
    let program = page.own().program(PROGRAM).unwrap();
    assert_eq!(program.roster.unit("U04").unwrap().liaison.name, "王八");
    assert_eq!(
        program.roster.unit("U04").unwrap().liaison.mail,
        "chenqi@wutang.example"
    );
    // A leader's address lies in another table.
    let leader = first.get(&format!("{here}?table=leaders&id=L03")).await;
    let saved = send(&mut first, &here, &fields(&leader), &[("mail", "")]).await;
    assert!(saved.words().contains("已保存"), "{}", saved.text);
    assert_eq!(
        page.own()
            .program(PROGRAM)
            .unwrap()
            .roster
            .leader("L03")
            .unwrap()
            .contact
            .mail,
        ""
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn leaders_and_places_end_and_never_go() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let places = file(&page, PROGRAM, "places.csv");
    let before = fs::read_to_string(&places).unwrap();
    let table = SourceTable::from_csv(&before).unwrap();
    let mut all = vec![table.header];
    all.extend(table.rows.into_iter().skip(1).map(|(_, cells)| cells));
    let answer = handed_in(&mut browser, "places", &book(&all)).await;
    let path = answer.to().to_owned();
    let asked = browser.get(&path).await;
    assert!(asked.words().contains("停报 1"), "{}", asked.words());
    let done = send(&mut browser, &path, &fields(&asked), &[("decision", "write")]).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let text = fs::read_to_string(&places).unwrap();
    let line = before.lines().nth(1).unwrap();
    assert_eq!(text, before.replace(line, &format!("{line}2024-12-02")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_that_is_a_workbook_is_written_as_one() {
    let mut own = Vec::new();
    let site = TestSite::with(|root| {
        let folder = root.join("templates/programs/wutang-visits");
        let text = fs::read_to_string(folder.join("roster.csv")).unwrap();
        let table = SourceTable::from_csv(&text).unwrap();
        own.push(table.header);
        own.extend(table.rows.into_iter().map(|(_, cells)| cells));
        fs::write(folder.join("roster.xlsx"), book(&own)).unwrap();
        fs::remove_file(folder.join("roster.csv")).unwrap();
        let definition = folder.join("program.toml");
        let text = fs::read_to_string(&definition).unwrap();
        fs::write(&definition, text.replace("\"roster.csv\"", "\"roster.xlsx\"")).unwrap();
    })
    .await;
    let page = Page::of(site, options()).await;
    let mut browser = page.office().await;
    let mail = column(&own, "联络员邮箱");
    own[1][mail] = "one@wutang.example".into();
    let path = hand_in(&mut browser, &book(&own)).await;
    let asked = browser.get(&path).await;
    assert!(asked.words().contains("只保留文字"), "{}", asked.words());
    let done = send(&mut browser, &path, &fields(&asked), &[("decision", "write")]).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert_eq!(kept(&page, "roster.xlsx").len(), 1);
    let program = page.own().program(PROGRAM).unwrap();
    assert_eq!(
        program.roster.unit("U01").unwrap().liaison.mail,
        "one@wutang.example"
    );
    assert_eq!(program.roster.units.len(), own.len() - 1);
}
