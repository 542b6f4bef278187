//! Names that units write and the roster doesn't know.

use taizhang::domain::ids::UnitId;

use super::*;

async fn offered() -> Page {
    let page = Page::new().await;
    let program = PROGRAM.parse().unwrap();
    let now = page.own().clock.utc();
    let mut change = page.own().store.begin().await.unwrap();
    for (name, unit) in [
        ("洪文择组", Some(UnitId::new("U01").unwrap())),
        ("<b>甲</b>", None),
        ("甲、乙", None),
        ("吴垂超挂点组", None),
    ] {
        let store = &page.own().store;
        store
            .offer_alias(&mut change, &program, name, unit.as_ref(), now)
            .await
            .unwrap();
    }
    change.commit().await.unwrap();
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_becomes_an_alias_or_is_never_offered_again() {
    let page = offered().await;
    let (mut first, mut second) = (
        page.office().await,
        page.user("王五", Role::Office, &[PROGRAM]).await,
    );
    let here = format!("{HERE}/aliases");
    let today = first.get("/today").await;
    assert!(
        today.text.contains(&here.replace('/', "&#x2f;")),
        "{}",
        today.text
    );
    assert!(
        !today.words().contains("吴垂超挂点组”"),
        "what the roster knows is no matter"
    );
    let (a, b) = (first.get(&here).await, second.get(&here).await);
    // In the order of their names: <b>甲</b>, 洪文择组, 甲、乙.
    assert!(
        !a.text.contains("<b>甲") && a.words().contains("洪文择组"),
        "{}",
        a.text
    );
    let keys = |answer: &Answer| -> Vec<(String, String)> { fields(answer) };
    let press = |place: &str, units: [&str; 3], what: &str| {
        let units = units.map(|own| ("unit".to_owned(), own.to_owned()));
        let mut more = units.to_vec();
        more.push((what.to_owned(), place.to_owned()));
        more
    };
    let send = async |browser: &mut Browser, own: Vec<(String, String)>, more: Vec<(String, String)>| {
        let all: Vec<(&str, &str)> = own
            .iter()
            .chain(&more)
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        browser.post(&here, &all).await
    };
    let before = fs::read_to_string(roster(&page)).unwrap();
    for (place, units, status, words) in [
        ("1", ["", "", ""], 422, "请填写是哪个单位"),
        ("1", ["", "无此单位", ""], 422, "名册里没有单位“无此单位”"),
        ("2", ["", "", "洪文泽"], 409, "不能作别名"),
        ("9", ["", "", ""], 422, "页面不完整"),
    ] {
        let told = send(&mut first, keys(&a), press(place, units, "take")).await;
        assert_eq!(told.status, status, "{words}: {}", told.text);
        assert!(told.words().contains(words), "{}", told.words());
    }
    assert_eq!(fs::read_to_string(roster(&page)).unwrap(), before);
    let done = send(&mut first, keys(&a), press("1", ["", "U01", ""], "take")).await;
    assert_eq!((done.status, done.to()), (303, here.as_str()), "{}", done.text);
    let program = page.own().program(PROGRAM).unwrap();
    assert_eq!(
        program.roster.unit("U01").unwrap().aliases,
        ["洪文泽挂点组", "洪文择组"]
    );
    let told = send(&mut second, keys(&b), press("1", ["", "洪文泽", ""], "take")).await;
    assert_eq!(told.status, 409);
    assert!(told.words().contains("刚才已经有人处理过"), "{}", told.words());
    // The roster is another by now: what stood on the page is to be looked at again.
    let told = send(&mut second, keys(&b), press("0", ["吴垂超", "", ""], "take")).await;
    assert_eq!(told.status, 409);
    assert!(told.words().contains("刚才已由李四于"), "{}", told.words());
    assert!(
        told.text.contains("value=\"吴垂超\""),
        "what was typed stays: {}",
        told.text
    );
    let done = send(&mut second, keys(&told), press("0", ["", "", ""], "drop")).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let offers = page.own().store.alias_offers().await.unwrap();
    let names: Vec<&str> = offers.iter().map(|(_, name, _)| name.as_str()).collect();
    assert_eq!(names, ["吴垂超挂点组", "甲、乙"]);
    assert_eq!(
        last(&page, "alias-taken").await.unwrap().unit.unwrap().as_str(),
        "U01"
    );
    assert!(last(&page, "alias-dismissed").await.is_some());
    // A file that bears the name again offers it no more.
    let program = PROGRAM.parse().unwrap();
    let mut change = page.own().store.begin().await.unwrap();
    let now = page.own().clock.utc();
    let store = &page.own().store;
    store
        .offer_alias(&mut change, &program, "<b>甲</b>", None, now)
        .await
        .unwrap();
    change.commit().await.unwrap();
    assert_eq!(store.alias_offers().await.unwrap().len(), 2);
}
