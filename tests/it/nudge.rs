//! 另行提醒 (催一次): once a unit and working day, in office hours, and not where a
//! unit is within its rights or hears of it anyway.

use taizhang::desk::consequence::{Supposed, consequence};
use taizhang::desk::nudging;
use taizhang::domain::language::Language;
use taizhang::domain::letters::{Letter, LetterState};
use taizhang::domain::obligation::Exemption;
use taizhang::domain::period::Period;
use taizhang::jobs::decide::exempt;
use taizhang::jobs::remind::{nudge, nudges};

use crate::harness::{PROGRAM, TestSite};

fn november() -> Period {
    "2024-11".parse().unwrap()
}

/// What comes of asking a unit: nothing, or why not.
async fn asked(own: &TestSite, name: &str) -> String {
    let program = own.site.program(PROGRAM).unwrap();
    let units = [(own.unit(name), None)];
    let asked = nudge(&own.site, &crate::by(), (&program, &november()), &units).await;
    asked.unwrap().remove(0).err().unwrap_or_default()
}

/// Its letters, the first first.
async fn letters(own: &TestSite, name: &str) -> Vec<Letter> {
    let id = own.unit(name);
    let mut found = Vec::new();
    for letter in own.site.store.letters(&[]).await.unwrap() {
        let notices = own.site.store.notices_of(letter.id).await.unwrap();
        if letter.kind.as_str() == "nudge" && notices.iter().any(|own| own.unit.as_ref() == Some(&id)) {
            found.push(letter);
        }
    }
    found.sort_by_key(|letter| letter.id);
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_is_asked_once_a_working_day_and_not_beside_a_step() {
    let own = TestSite::posting(|_| {}).await;
    own.at("2024-12-02T09:00:00+08:00").run().await;
    assert!(
        asked(&own, "林强").await.contains("当天不再另催"),
        "the reminder of today"
    );
    own.at("2024-12-03T10:00:00+08:00").run().await;
    assert_eq!(asked(&own, "林强").await, "");
    assert!(asked(&own, "林强").await.contains("2024年12月3日已经另行提醒"));
    own.at("2024-12-03T10:01:00+08:00").run().await;
    let [letter] = &letters(&own, "林强").await[..] else {
        panic!("one letter");
    };
    assert_eq!(letter.state, LetterState::Sent);
    assert!(
        letter.text.subject.starts_with("【另行提醒】"),
        "{}",
        letter.text.subject
    );
    let text = &letter.text.text;
    for words in ["应于2024年12月5日", "截至12月3日", "请尽快报送，放入共享文件夹"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let to: Vec<&str> = letter
        .addressed
        .to
        .iter()
        .map(|to| to.role.short(taizhang::domain::language::Language::Chinese))
        .collect();
    assert_eq!(to, ["联络员"]);
    // The others weren't asked, and what the ladder says comes as ever.
    assert!(letters(&own, "洪文泽").await.is_empty());
    own.at("2024-12-04T09:00:00+08:00").run().await;
    assert!(
        asked(&own, "林强").await.contains("已安排报送提醒"),
        "{}",
        asked(&own, "林强").await
    );
    own.at("2024-12-06T08:00:00+08:00");
    assert!(
        asked(&own, "林强").await.contains("09:00已安排第一次催报"),
        "before it went"
    );
    own.at("2024-12-06T09:30:00+08:00").run().await;
    assert!(asked(&own, "林强").await.contains("第一次催报"), "after it went");
    // A weekend: it goes when the office opens, once.
    own.at("2024-12-07T11:00:00+08:00");
    assert_eq!(asked(&own, "林强").await, "");
    own.run().await;
    assert_eq!(
        letters(&own, "林强").await.len(),
        1,
        "nobody is written to on a Saturday"
    );
    own.at("2024-12-08T11:00:00+08:00");
    assert!(asked(&own, "林强").await.contains("12月9日已经另行提醒"));
    own.at("2024-12-09T08:30:00+08:00").run().await;
    assert_eq!(letters(&own, "林强").await.len(), 2);
    assert_eq!(letters(&own, "林强").await[1].state, LetterState::Sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_within_its_rights_or_done_is_not_asked() {
    let own = TestSite::posting(|_| {}).await;
    own.at("2024-12-02T09:00:00+08:00").run().await;
    own.at("2024-12-03T10:00:00+08:00")
        .drop_sample("罗养 2024年11月台账.xlsx", "罗养")
        .drop_sample("余晓锐2024年11月.xls", "余晓锐")
        .run()
        .await;
    let why = asked(&own, "罗养").await;
    assert!(why.contains("2024年12月6日") && why.contains("可以更正"), "{why}");
    assert!(asked(&own, "余晓锐").await.contains("不用催"));
    let program = own.site.program(PROGRAM).unwrap();
    let exemption = Exemption {
        unit: own.unit("吴忠强"),
        period: november(),
        reason: "住院".into(),
        by: "测试".into(),
        at: own.site.clock.utc(),
    };
    exempt(&own.site, &crate::by(), &program, &exemption)
        .await
        .unwrap();
    assert!(asked(&own, "吴忠强").await.contains("“免报”，不用催"));
    // A period that runs, and one that nobody knows of any more.
    let of = async |period: &str| {
        let (period, unit) = (period.parse().unwrap(), own.unit("林强"));
        let all = nudges(&own.site, &program, &period, &[unit]).await.unwrap();
        all.into_iter()
            .next()
            .unwrap()
            .unwrap_err()
            .words(Language::Chinese)
    };
    assert!(
        of("2024-12").await.contains("期满后才报送"),
        "{}",
        of("2024-12").await
    );
    assert!(of("2020-01").await.contains("不催报"), "{}", of("2020-01").await);
    // What comes in before the letter goes takes it back.
    own.at("2024-12-03T20:00:00+08:00");
    assert!(
        asked(&own, "吴垂超")
            .await
            .contains("12月4日（星期三）09:00已安排")
    );
    own.at("2024-12-06T09:30:00+08:00").run().await;
    own.at("2024-12-06T20:00:00+08:00");
    assert_eq!(asked(&own, "吴垂超").await, "");
    assert!(own.sent().iter().all(|mail| !mail.subject.starts_with("【另行")));
    own.drop_sample("吴垂超11月台账.xlsx", "吴垂超").run().await;
    own.at("2024-12-09T08:30:00+08:00").run().await;
    assert!(
        letters(&own, "吴垂超")
            .await
            .iter()
            .all(|own| own.state == LetterState::Discarded)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_ask_once_and_what_was_shown_is_what_goes() {
    let own = TestSite::posting(|_| {}).await;
    own.at("2024-12-02T09:00:00+08:00").run().await;
    own.at("2024-12-03T10:00:00+08:00").run().await;
    let program = own.site.program(PROGRAM).unwrap();
    let (period, unit) = (november(), own.unit("林强"));
    let units = std::slice::from_ref(&unit);
    let before = nudging::before(&own.site, &program, &period, units)
        .await
        .unwrap();
    assert_eq!(
        (
            before.may,
            before.consequence.away.len(),
            before.consequence.come.len()
        ),
        (1, 0, 1)
    );
    let come = &before.consequence.come[0];
    assert_eq!(come.label, "另行提醒");
    assert_eq!(come.at, own.site.clock.now());
    let seen = before.units[0].seen.clone();
    let named = (unit.clone(), Some(seen));
    let here = (&program, &period);
    let by = crate::by();
    let both = tokio::join!(
        nudging::decide(&own.site, &by, here, std::slice::from_ref(&named)),
        nudging::decide(&own.site, &by, here, std::slice::from_ref(&named)),
    );
    let went = [both.0.unwrap(), both.1.unwrap()];
    assert_eq!(
        went.iter().filter(|own| own[0].goes.is_some()).count(),
        1,
        "{went:?}"
    );
    // What is to go is in the plan, and nothing more.
    let nothing = Supposed::default();
    let again = consequence(&own.site, (&program, &program), &nothing)
        .await
        .unwrap();
    assert!(again.away.is_empty() && again.come.is_empty());
    let plan =
        taizhang::jobs::remind::forecast(&own.site, &program, own.site.clock.now().date_naive(), &nothing);
    let plan = plan.await.unwrap();
    let of: Vec<_> = plan
        .iter()
        .filter(|own| own.kind.as_str() == "nudge")
        .map(|own| own.at)
        .collect();
    assert_eq!(of, [come.at]);
    own.run().await;
    assert_eq!(letters(&own, "林强").await.len(), 1);
    // Who saw it otherwise is told how it stands now.
    own.at("2024-12-10T18:00:00+08:00").run().await;
    let stale = [(unit, Some("待报 0".to_owned()))];
    let outcome = nudging::decide(&own.site, &by, here, &stale).await.unwrap();
    let why = outcome[0].refused.clone().unwrap();
    assert!(why.contains("逾期未报"), "{why}");
    let journal = own.site.store.journal().await.unwrap();
    assert_eq!(journal.iter().filter(|line| line.what == "nudged").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_trial_it_is_a_draft_and_without_an_address_it_is_handed_over() {
    for (change, state) in [
        (("trial = false", "trial = true"), LetterState::Draft),
        (("", ""), LetterState::ByHand),
    ] {
        let own = TestSite::posting(|root| {
            let folder = root.join("templates/programs/wutang-visits");
            if change.0.starts_with("trial") {
                let path = folder.join("program.toml");
                let text = std::fs::read_to_string(&path).unwrap();
                assert!(text.contains(change.0), "{text}");
                std::fs::write(&path, text.replace(change.0, change.1)).unwrap();
            } else {
                let path = folder.join("roster.csv");
                let text = std::fs::read_to_string(&path).unwrap();
                let lines = text.lines().map(|line| {
                    let mail = line.split(',').find(|cell| cell.contains('@'));
                    let mail = mail.filter(|_| line.contains(",林强,"));
                    mail.map_or_else(|| line.to_owned(), |mail| line.replace(mail, ""))
                });
                std::fs::write(&path, lines.collect::<Vec<_>>().join("\n")).unwrap();
            }
        })
        .await;
        own.at("2024-12-02T09:00:00+08:00").run().await;
        own.at("2024-12-03T10:00:00+08:00").run().await;
        assert_eq!(asked(&own, "林强").await, "");
        own.run().await;
        let states: Vec<_> = letters(&own, "林强").await.iter().map(|own| own.state).collect();
        assert_eq!(states, [state]);
    }
}
