//! The State Council's notice, pasted.

use super::*;

const NOTICE: &str = "国务院办公厅关于2027年部分节假日安排的通知\r\n\
    一、元旦：1月1日（周五）至4日（周一）放假调休，共4天。1月9日（周六）上班。\r\n\
    二、春节：2月5日（周五）至12日（周五）放假调休，共8天。2月13日（周六）、2月14日（周日）上班。\r\n\
    三、清明节：4月3日（周六）至5日（周一）放假，共3天。\r\n\
    四、劳动节：5月1日至5日放假调休，共5天。5月8日（周六）上班。\r\n\
    五、端午节：6月9日（周三）放假1天。\r\n\
    六、中秋节：9月15日（周三）放假1天。\r\n\
    七、国庆节：10月1日至7日放假调休，共7天。9月26日（周日）上班。\r\n\
    节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。";

const HERE: &str = "/settings/holidays";

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_shown_day_by_day_and_then_taken() {
    let page = Page::of(TestSite::new().await, options()).await;
    page.site.at("2026-12-22T09:00:00+08:00");
    let (mut first, mut second) = (page.office().await, page.user("王五", Role::Office, &[]).await);
    let known = first.get(HERE).await;
    assert!(
        known.words().contains("已有放假安排的年份：2018—2026"),
        "{}",
        known.words()
    );
    let table = page.own().options.templates.join("holidays.csv");
    let before = fs::read(&table).unwrap();
    let look = async |browser: &mut Browser, text: &str| {
        let token = browser.token().await;
        let own = [("token", token.as_str()), ("text", text), ("step", "look")];
        browser.post(HERE, &own).await
    };
    for (text, words) in [
        ("", "请粘贴通知"),
        ("您好", "没有认出放假安排"),
        (
            &NOTICE.replace("（周五）至4日", "（周六）至4日"),
            "2027年1月1日是星期五",
        ),
        (&NOTICE.replace("共8天", "共7天"), "日期合计是8天"),
        (&NOTICE[..NOTICE.find("二、").unwrap()], "2027年只有4天放假"),
        (&"长".repeat(20_001), "超过20000个字"),
    ] {
        let told = look(&mut first, text).await;
        assert_eq!(told.status, 422, "{words}");
        assert!(told.words().contains(words), "{}", told.words());
    }
    let (a, b) = (look(&mut first, NOTICE).await, look(&mut second, NOTICE).await);
    assert_eq!(a.status, 200, "{}", a.text);
    let words = a.words();
    for part in [
        "2027年：放假29天，调休上班5天",
        "2027-01-04 星期一 放假 元旦 上班",
        "2027-01-09 星期六 调休上班 元旦 休息",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert_eq!(fs::read(&table).unwrap(), before, "looking writes nothing");
    let done = send(&mut first, HERE, &fields(&a), &[("step", "take")]).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(
        done.words().contains("2027年的放假安排已写入"),
        "{}",
        done.words()
    );
    assert!(page.own().calendar().knows(2027));
    assert!(
        fs::read_to_string(&table)
            .unwrap()
            .contains("2027-01-09,work,元旦")
    );
    let kept: Vec<PathBuf> = fs::read_dir(&page.own().options.templates)
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".bak"))
        .collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(fs::read(&kept[0]).unwrap(), before);
    let told = send(&mut second, HERE, &fields(&b), &[("step", "take")]).await;
    assert!(told.words().contains("没有要写的"), "{}", told.words());
    assert_eq!(last(&page, "holidays-imported").await.unwrap().by, "李四");
    // Another notice than the one that was taken meanwhile.
    let c = look(&mut second, &NOTICE.replace("5月8日（周六）", "5月9日（周日）")).await;
    fs::write(&table, before.clone()).unwrap();
    let told = send(&mut second, HERE, &fields(&c), &[("step", "take")]).await;
    assert_eq!(told.status, 409, "{}", told.words());
    assert!(
        told.words().contains("有人刚才直接改了这个文件"),
        "{}",
        told.words()
    );
    assert_eq!(fs::read(&table).unwrap(), before);
}
