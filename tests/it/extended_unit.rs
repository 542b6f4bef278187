//! A later deadline for one unit alone (缓报): a revision of its own duty, in
//! notes, letters and bulletin; the others keep theirs.

use chrono::NaiveDate;
use taizhang::domain::letters::Letter;
use taizhang::domain::obligation::State;
use taizhang::domain::period::Period;
use taizhang::jobs::extend::{Whose, extend};
use taizhang::jobs::obligations::standing;

use crate::harness::{PROGRAM, TestSite};

fn november() -> Period {
    "2024-11".parse().unwrap()
}

async fn to(own: &TestSite, name: Option<&str>, day: &str) -> anyhow::Result<()> {
    let program = own.site.program(PROGRAM).unwrap();
    let (period, day): (_, NaiveDate) = (november(), day.parse().unwrap());
    let named = name.map(|name| own.unit(name));
    let whose = Whose {
        period: &period,
        unit: named.as_ref(),
    };
    extend(&own.site, &crate::by(), &program, whose, (day, "下乡抗旱"), None).await?;
    own.site.take_decisions().await?;
    Ok(())
}

async fn state(own: &TestSite, name: &str) -> State {
    let program = own.site.program(PROGRAM).unwrap();
    let now = standing(&own.site, &program, &november()).await.unwrap().unwrap();
    now.of(&own.unit(name)).unwrap().state
}

/// Letters of a kind that speak of a unit.
async fn about(own: &TestSite, kind: &str, name: &str) -> Vec<Letter> {
    let id = own.unit(name);
    let mut found = Vec::new();
    for letter in own.site.store.letters(&[]).await.unwrap() {
        let notices = own.site.store.notices_of(letter.id).await.unwrap();
        if letter.kind.as_str() == kind && notices.iter().any(|own| own.unit.as_ref() == Some(&id)) {
            found.push(letter);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn one_unit_has_more_time_and_the_others_are_chased() {
    let own = TestSite::posting(|_| {}).await;
    own.at("2024-12-02T09:00:00+08:00").run().await;
    assert_eq!(about(&own, "reminder", "林强").await.len(), 1);
    own.at("2024-12-05T10:00:00+08:00");
    to(&own, Some("林强"), "2024-12-10").await.unwrap();
    own.run().await;
    let told = about(&own, "notice", "林强").await;
    assert_eq!(told.len(), 1);
    assert!(told[0].text.text.contains("2024年12月10日") && told[0].text.text.contains("下乡抗旱"));
    assert!(
        about(&own, "notice", "洪文泽").await.is_empty(),
        "it isn't theirs"
    );
    own.at("2024-12-06T09:30:00+08:00").run().await;
    assert_eq!(state(&own, "洪文泽").await, State::Overdue);
    assert_eq!(state(&own, "林强").await, State::Due);
    assert_eq!(about(&own, "first-chase", "洪文泽").await.len(), 1);
    assert!(about(&own, "first-chase", "林强").await.is_empty());
    // Its own steps come by its own date.
    own.at("2024-12-09T09:30:00+08:00").run().await;
    own.at("2024-12-10T09:30:00+08:00").run().await;
    let reminders = about(&own, "reminder", "林强").await;
    assert!(reminders.len() > 1, "{}", reminders.len());
    assert!(
        reminders.iter().any(|own| own.text.text.contains("12月10日")),
        "{}",
        reminders.last().unwrap().text.text
    );
    own.at("2024-12-11T09:30:00+08:00").run().await;
    assert_eq!(state(&own, "林强").await, State::Overdue);
    assert_eq!(about(&own, "first-chase", "林强").await.len(), 1);
    assert_eq!(
        about(&own, "first-chase", "洪文泽").await.len(),
        1,
        "not once more"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_by_then_is_on_time_and_the_receipt_says_the_date() {
    let own = TestSite::posting(|_| {}).await;
    own.at("2024-12-05T10:00:00+08:00").run().await;
    to(&own, Some("吴垂超"), "2024-12-10").await.unwrap();
    own.at("2024-12-09T10:00:00+08:00").run().await;
    own.drop_sample("吴垂超11月台账.xlsx", "");
    own.drop_sample("余晓锐2024年11月.xls", "");
    own.run().await;
    assert_eq!(state(&own, "吴垂超").await, State::Accepted);
    assert_eq!(state(&own, "余晓锐").await, State::AcceptedLate);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bulletin_says_who_has_more_time() {
    let own = TestSite::posting(|_| {}).await;
    own.at("2024-12-05T10:00:00+08:00").run().await;
    to(&own, Some("林强"), "2024-12-16").await.unwrap();
    own.at("2024-12-17T09:30:00+08:00").run().await;
    let letters = own.site.store.letters(&[]).await.unwrap();
    let bulletin = letters
        .iter()
        .find(|own| own.kind.as_str() == "bulletin")
        .unwrap();
    let text = &bulletin.text.text;
    assert!(text.contains("林强挂点组（缓报至2024年12月16日）"), "{text}");
    assert_eq!(
        text.matches("缓报至").count(),
        text.matches("林强挂点组").count(),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn later_of_both_dates_holds_and_bounds_are_told() {
    let own = TestSite::posting(|_| {}).await;
    own.at("2024-12-05T10:00:00+08:00").run().await;
    for (name, day, says) in [
        (Some("林强"), "2024-12-04", "不能用"),
        (Some("林强"), "2024-12-05", "不能用"),
        (Some("林强"), "2024-12-20", "不能晚于关期"),
        (Some("林强"), "2034-12-11", "请核对年份"),
    ] {
        let told = to(&own, name, day).await.unwrap_err().to_string();
        assert!(told.contains(says), "{told}");
    }
    to(&own, Some("林强"), "2024-12-10").await.unwrap();
    let program = own.site.program(PROGRAM).unwrap();
    let (calendar, zone) = (own.site.calendar(), own.site.clock.zone());
    let due = |program: &taizhang::domain::program::Program, name: &str| {
        let due = program.due_of(&own.unit(name), &november(), &calendar, zone);
        due.unwrap().at.date_naive().to_string()
    };
    assert_eq!(
        (due(&program, "林强"), due(&program, "洪文泽")),
        ("2024-12-10".into(), "2024-12-05".into())
    );
    // All have until the 12th: nobody has less.
    to(&own, None, "2024-12-12").await.unwrap();
    let program = own.site.program(PROGRAM).unwrap();
    assert_eq!(
        (due(&program, "林强"), due(&program, "洪文泽")),
        ("2024-12-12".into(), "2024-12-12".into())
    );
    // Put right: for the unit alone, back to what all have.
    to(&own, Some("林强"), "2024-12-16").await.unwrap();
    to(&own, Some("林强"), "2024-12-12").await.unwrap();
    let program = own.site.program(PROGRAM).unwrap();
    assert_eq!(due(&program, "林强"), "2024-12-12");
    let revisions: Vec<u32> = program.extensions.iter().map(|own| own.revision).collect();
    assert_eq!(revisions, [1, 2, 3, 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_extend_at_once_the_second_is_told() {
    let own = TestSite::posting(|_| {}).await;
    own.at("2024-12-05T10:00:00+08:00").run().await;
    let before = own.site.program(PROGRAM).unwrap();
    let (period, id) = (november(), own.unit("林强"));
    let whose = Whose {
        period: &period,
        unit: Some(&id),
    };
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    extend(
        &own.site,
        &crate::by(),
        &before,
        whose,
        (day("2024-12-10"), "下乡"),
        None,
    )
    .await
    .unwrap();
    let all = Whose { unit: None, ..whose };
    let told = extend(
        &own.site,
        &crate::by(),
        &before,
        all,
        (day("2024-12-11"), "寒潮"),
        None,
    )
    .await;
    let told = told.unwrap_err().to_string();
    assert!(
        told.contains("延期") && told.contains("林强挂点组现在的截止日期是2024-12-10"),
        "{told}"
    );
}
