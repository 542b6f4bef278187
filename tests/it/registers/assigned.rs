//! Items whose leads the office names.

use taizhang::desk::{decide, standing};
use taizhang::domain::actor::Actor;
use taizhang::domain::ids::{ItemId, ProgramId, UnitId};
use taizhang::domain::obligation::State;
use taizhang::domain::period::Period;
use taizhang::domain::register::ItemState;

use super::filling::{FORM, hengli, rows};
use crate::harness::{TestSite, read};

const QUARTER: Period = Period::Quarter(2018, 4);

async fn assign(site: &TestSite, item: &str, unit: &str) -> anyhow::Result<()> {
    let program = ProgramId::new("hengli-tasks").unwrap();
    let lead: UnitId = site
        .site
        .program(&program)
        .unwrap()
        .roster
        .find(unit)
        .unwrap()
        .id
        .clone();
    let by = Actor::person("办公室").unwrap();
    let item = ItemId::new(item).unwrap();
    decide::assign_item(
        &site.site,
        &by,
        (&program, &item),
        (&[lead], &QUARTER),
        "镇长办公会议定",
        None,
    )
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_lead_gets_its_form_and_its_full_time() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.run().await;
    site.run().await;
    assert!(!site.exists("法制办"));
    // A day after everybody was due.
    site.at("2019-01-08T10:00:00+08:00").run().await;
    assign(&site, "2", "法制办").await.unwrap();
    site.run().await;
    site.run().await;
    let form = rows(&read(&site.share(&format!("法制办/{FORM}（法制办）.xlsx"))));
    assert_eq!(form.keys().collect::<Vec<_>>(), ["2"]);
    // Who led it has an untouched form without it.
    let before = rows(&read(
        &site.share(&format!("农林水务局/{FORM}（农林水务局）.xlsx")),
    ));
    assert!(!before.contains_key("2") && before.contains_key("3"));
    let program = site.site.program("hengli-tasks").unwrap();
    let stands = async |unit: &str| {
        let found = standing::standing(&site.site, &program, &QUARTER)
            .await
            .unwrap()
            .unwrap();
        let own = found
            .units
            .iter()
            .find(|own| own.name == unit)
            .map(|own| own.state);
        let items = found
            .items
            .iter()
            .filter(|item| item.unit.as_deref() == Some(unit));
        (own, items.map(|item| item.state).collect::<Vec<_>>())
    };
    // Five days from then on, as everybody has: 14 January, since the 13th is a Sunday.
    site.at("2019-01-11T10:00:00+08:00").run().await;
    assert_eq!(
        stands("法制办").await,
        (Some(State::Due), vec![ItemState::Missing])
    );
    assert_eq!(stands("旅游办").await.0, Some(State::Overdue));
    let chased = |unit: &str| {
        let sent = site.sent();
        sent.iter()
            .filter(|letter| letter.subject.contains("催报") && letter.text.contains(unit))
            .count()
    };
    assert!(chased("旅游办") > 0);
    assert_eq!(chased("法制办"), 0);
    site.at("2019-01-15T10:00:00+08:00").run().await;
    assert_eq!(stands("法制办").await.0, Some(State::Overdue));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_closed_keeps_its_leads() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.at("2019-02-01T10:00:00+08:00");
    let refused = assign(&site, "2", "法制办").await.unwrap_err();
    assert!(refused.to_string().contains("已于"), "{refused}");
}
