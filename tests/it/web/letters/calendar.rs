//! What goes within thirty days.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_calendar_has_every_letter_of_the_schedule() {
    let page = Page::of(
        site(
            "2024-12-03T10:00:00+08:00",
            roster(&[("吴垂超挂点组,,吴垂超挂点组", &format!("{CANARY}组,,吴垂超挂点组"))]),
        )
        .await,
        options(),
    )
    .await;
    let mut browser = page.office().await;
    let answer = browser.get("/letters?part=calendar").await;
    let words = answer.words();
    let program = page.own().program(PROGRAM).unwrap();
    let day = |month, day| NaiveDate::from_ymd_opt(if month == 1 { 2025 } else { 2024 }, month, day).unwrap();
    let span = (day(12, 3), day(1, 2));
    let lines = schedule(page.own(), &program, span, &Supposed::default())
        .await
        .unwrap();
    assert!(lines.len() > 20, "{}", lines.len());
    assert!(words.contains(&format!("要发{}封", lines.len())), "{words}");
    // Each stands there once, by itself or in a list with others of its moment.
    let listed = answer.text.matches("<li>").count();
    let singles =
        answer.text.matches("<tr><td class=\"when\">").count() - answer.text.matches("<details>").count();
    assert_eq!(listed + singles, lines.len());
    for line in &lines {
        assert!(words.contains(&line.reason), "{}: {words}", line.reason);
        assert!(words.contains(line.shown.kind), "{}", line.shown.kind);
        for to in line.to.iter().take(1) {
            assert!(words.contains(&to.name), "{}: {words}", to.name);
        }
    }
    assert_eq!(answer.text.matches("class=\"day").count(), 31);
    assert!(
        words.contains("12月7日 星期六 休息") && words.contains("元旦"),
        "{words}"
    );
    assert!(
        words.contains(&format!("{CANARY}组")) && !answer.text.contains("<img"),
        "{}",
        answer.text
    );
    // Whoever has handed in is reminded of nothing any more.
    page.site.drop_sample("庞 兴11月台账.xlsx", "庞兴").run().await;
    let after = browser.get("/letters?part=calendar").await.words();
    let left = schedule(page.own(), &program, span, &Supposed::default())
        .await
        .unwrap();
    assert!(
        left.len() < lines.len() && after.contains(&format!("要发{}封", left.len())),
        "{after}"
    );
    // And at midnight another day comes first.
    page.site.at("2024-12-04T00:10:00+08:00");
    browser.log_in("李四", PASSWORD).await;
    let next = browser.get("/letters?part=calendar").await.words();
    assert!(
        !next.contains("12月3日 星期二") && next.contains("1月3日 星期五"),
        "{next}"
    );
}
