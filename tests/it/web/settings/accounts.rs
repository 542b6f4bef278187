//! Accounts kept at the page.

use taizhang::desk::accounts as desk;

use super::*;

/// The path of an account's page.
async fn path(page: &Page, name: &str) -> String {
    let (account, _) = page.own().store.account_named(name).await.unwrap().unwrap();
    format!("/settings/users/{}", account.id.number())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_shown_once_and_has_to_be_changed() {
    let page = Page::new().await;
    let mut office = page.office().await;
    let token = office.token().await;
    let add = |name: &str, scope: &str| {
        vec![
            ("token".to_owned(), token.clone()),
            ("name".to_owned(), name.to_owned()),
            ("shown".to_owned(), "赵<六>".to_owned()),
            ("role".to_owned(), "reviewer".to_owned()),
            ("scope".to_owned(), scope.to_owned()),
        ]
    };
    for (name, scope, words) in [
        ("a b", "all", "登录名只能有"),
        ("", "all", "请填写登录名"),
        ("zhaoliu", "some", "请勾选管哪些台账"),
        ("李四", "all", "已经有登录名"),
    ] {
        let told = send(&mut office, "/settings/users", &add(name, scope), &[]).await;
        assert_eq!(told.status, 422, "{name}");
        assert!(told.words().contains(words), "{}", told.words());
        assert!(!told.text.contains("赵<六>"), "{}", told.text);
    }
    let made = send(
        &mut office,
        "/settings/users",
        &add("zhaoliu", "some"),
        &[("program", PROGRAM)],
    )
    .await;
    assert_eq!(made.status, 200, "{}", made.text);
    let (_, rest) = made.text.split_once("<code>").unwrap();
    let password = rest.split('<').next().unwrap().to_owned();
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let own = path(&page, "zhaoliu").await;
    for path in [own.as_str(), "/settings/users"] {
        assert!(!office.get(path).await.text.contains(&password), "{path}");
    }
    let journal = page.own().store.journal().await.unwrap();
    assert!(journal.iter().all(|line| !line.detail.contains(&password)));
    let mut theirs = page.browser();
    assert_eq!(theirs.log_in("zhaoliu", &password).await.to(), "/password");
    assert_eq!(theirs.get("/settings").await.to(), "/password");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_always_left_who_may_do_everything() {
    let page = Page::new().await;
    let mut office = page.office().await;
    let mut reader = page.user("王五", Role::Reader, &[PROGRAM]).await;
    let (own, other) = (path(&page, "李四").await, path(&page, "王五").await);
    // One's own is others' to keep.
    let shown = office.get(&own).await;
    assert!(!shown.text.contains("name=\"decision\""), "{}", shown.text);
    let token = office.token().await;
    for (decision, words) in [
        ("disable", "不能停用自己"),
        ("change", "不能改自己的角色"),
        ("reset", "修改密码"),
    ] {
        let forced = [
            ("token", token.as_str()),
            ("seen", &"0".repeat(64)),
            ("decision", decision),
            ("role", "reader"),
            ("scope", "all"),
        ];
        let told = office.post(&own, &forced).await;
        assert_eq!(told.status, 409, "{decision}");
        assert!(told.words().contains(words), "{}", told.words());
    }
    // 王五 may do everything from now on, and so may disable 李四: but not be the
    // last to go.
    let seen = office.get(&other).await;
    assert_eq!(reader.get("/settings").await.status, 403);
    let rights = [("role", "office"), ("scope", "all")];
    let done = send(
        &mut office,
        &other,
        &fields(&seen),
        &[&[("decision", "change")][..], &rights].concat(),
    )
    .await;
    assert_eq!(
        (done.status, done.to()),
        (303, "/settings/users"),
        "{}",
        done.text
    );
    assert_eq!(reader.get("/settings/users").await.status, 200, "at once");
    // What was seen before is another by now.
    let stale = send(
        &mut office,
        &other,
        &fields(&seen),
        &[&[("decision", "disable")][..], &rights].concat(),
    )
    .await;
    assert_eq!(stale.status, 409);
    assert!(stale.words().contains("刚才已经有人改过"), "{}", stale.words());
    let shown = reader.get(&own).await;
    let gone = send(
        &mut reader,
        &own,
        &fields(&shown),
        &[&[("decision", "disable")][..], &rights].concat(),
    )
    .await;
    assert_eq!(gone.status, 303, "{}", gone.text);
    assert_eq!(office.get("/today").await.to(), "/login", "out at once");
    let by = Actor::person("张三").unwrap();
    let refused = desk::disable_user(page.own(), &by, "王五").await.unwrap_err();
    assert!(
        refused.to_string().contains("最后一个什么都能做的用户"),
        "{refused}"
    );
    let fewer = (Some(Role::Reviewer), None);
    assert!(desk::change_user(page.own(), &by, "王五", fewer).await.is_err());
    let cut = (None, Some([PROGRAM.parse().unwrap()].into()));
    assert!(desk::change_user(page.own(), &by, "王五", cut).await.is_err());
    // Reset, 李四 comes back.
    let shown = reader.get(&own).await;
    let reset = send(
        &mut reader,
        &own,
        &fields(&shown),
        &[&[("decision", "reset")][..], &rights].concat(),
    )
    .await;
    assert!(reset.text.contains("<code>"), "{}", reset.text);
    let twice = send(
        &mut reader,
        &own,
        &fields(&shown),
        &[&[("decision", "reset")][..], &rights].concat(),
    )
    .await;
    assert_eq!(twice.status, 409, "the same form sets no second password");
}
