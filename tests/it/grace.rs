//! A returned ledger has a date: until when a correction still counts as on time.

use std::fs;

use taizhang::domain::obligation::Exemption;
use taizhang::jobs::decide;

use crate::harness::{TestSite, cells, read};

const LEDGER: &str = "罗养 2024年11月台账.xlsx";
const COPY: &str = "罗养/退回修改/2024-11/罗养 2024年11月台账（审核意见）.xlsx";

async fn site() -> TestSite {
    TestSite::posting(|_| {}).await
}

/// What letter, status note and marked copy say: all texts that the unit reads.
fn told(own: &TestSite) -> [(&'static str, String); 3] {
    let letter = own
        .sent()
        .into_iter()
        .rfind(|message| message.subject.contains("退回更正"))
        .unwrap();
    let note = own
        .names("罗养")
        .into_iter()
        .find(|name| name.contains("已退回"))
        .unwrap();
    let note = fs::read_to_string(own.share(&format!("罗养/{note}"))).unwrap();
    let copy = cells(&read(&own.share(COPY)), "需更正事项");
    let copy = copy.into_values().collect::<Vec<_>>().join("\n");
    [("letter", letter.text), ("note", note), ("copy", copy)]
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_in_time_is_told_until_when_a_correction_counts_as_on_time() {
    let own = site().await;
    // On Wednesday: three working days later is Monday.
    own.at("2024-12-04T10:00:00+08:00")
        .drop_sample(LEDGER, "罗养")
        .run()
        .await;
    for (place, text) in told(&own) {
        for words in ["2024年12月9日", "17:30前更正", "仍按按时报送计"] {
            assert!(text.contains(words), "{place} lacks {words}: {text}");
        }
    }
    // The very same file again renews nothing.
    let again = own.at("2024-12-06T10:00:00+08:00");
    again
        .drop_file("罗养/再来一次.xlsx", &crate::harness::sample(LEDGER))
        .run()
        .await;
    for at in ["2024-12-06T11:00:00+08:00", "2024-12-09T17:00:00+08:00"] {
        own.at(at).run().await;
    }
    let chased = |own: &TestSite| -> Vec<String> {
        let sent = own.sent();
        let to_luo = sent.iter().filter(|own| own.text.contains("罗养挂点组"));
        to_luo
            .filter(|own| own.subject.starts_with("【催") || own.subject.starts_with("【今日"))
            .map(|own| own.subject.clone())
            .collect()
    };
    assert!(chased(&own).is_empty(), "{:?}", chased(&own));
    // Then the most advanced step comes, once, and asks for no earlier date.
    own.at("2024-12-10T09:00:00+08:00").run().await;
    let subjects = chased(&own);
    assert!(
        subjects.len() == 1 && subjects[0].contains("第2次"),
        "{subjects:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_close_happens_on_its_day_also_if_the_walk_comes_a_moment_later() {
    for (walked, made) in [
        ("2024-12-16T17:30:01+08:00", true),
        ("2024-12-16T18:00:00+08:00", true),
        ("2024-12-16T18:00:01+08:00", false),
        ("2024-12-16T20:00:00+08:00", false),
    ] {
        let own = site().await;
        own.at("2024-12-16T16:00:00+08:00").run().await;
        // What happens after hours is answered in the next ones.
        own.at(walked).drop_sample(LEDGER, "罗养").run().await;
        let letters = own.site.store.letters(&[]).await.unwrap();
        let of = |kind: &str| letters.iter().filter(|own| own.kind.as_str() == kind).count();
        let own_day = usize::from(made);
        for kind in ["report", "bulletin", "consolidated"] {
            assert_eq!(of(kind), own_day, "{kind} at {walked}");
        }
        let master = own
            .sent()
            .iter()
            .filter(|own| own.subject.contains("汇总台账"))
            .count();
        assert_eq!((master, of("returned")), (own_day, 0), "{walked}");
        own.at("2024-12-17T08:30:00+08:00").run().await;
        let letters = own.site.store.letters(&[]).await.unwrap();
        for kind in ["report", "bulletin", "consolidated", "returned"] {
            let count = letters.iter().filter(|own| own.kind.as_str() == kind).count();
            assert_eq!(count, 1, "{kind} after {walked}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_late_is_told_a_date_and_no_more() {
    let own = site().await;
    own.at("2024-12-06T08:00:00+08:00").run().await;
    own.at("2024-12-09T10:00:00+08:00")
        .drop_sample(LEDGER, "罗养")
        .run()
        .await;
    for (place, text) in told(&own) {
        assert!(
            text.contains("2024年12月12日") && text.contains("17:30前更正"),
            "{place}: {text}"
        );
        assert!(!text.contains("按按时"), "{place}: {text}");
    }
    // Its steps go on, and ask for no date before that one.
    own.at("2024-12-10T09:00:00+08:00").run().await;
    let second = own
        .sent()
        .into_iter()
        .find(|own| own.subject.contains("第2次") && own.text.contains("罗养挂点组"))
        .unwrap();
    assert!(
        second.text.contains("12月12日（星期四）17:30前"),
        "{}",
        second.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bulletin_says_what_happened_and_adds_up() {
    let own = site().await;
    let program = own.site.program(crate::harness::PROGRAM).unwrap();
    let exemption = Exemption {
        unit: program.roster.find("周景辉").unwrap().id.clone(),
        period: "2024-11".parse().unwrap(),
        reason: "外出培训".into(),
        by: "李明".into(),
        at: own.site.clock.utc(),
    };
    decide::exempt(&own.site, &crate::by(), &program, &exemption)
        .await
        .unwrap();
    // One in time, one that corrects in time, one that never does.
    own.at("2024-12-04T10:00:00+08:00")
        .drop_sample("吴垂超11月台账.xlsx", "吴垂超")
        .drop_sample(LEDGER, "罗养")
        .drop_file("庞兴/庞兴11月台账.xlsx", &crate::harness::sample(LEDGER))
        .run()
        .await;
    own.at("2024-12-06T10:00:00+08:00")
        .drop_sample("更正/更正：罗养 2024年11月台账.xlsx", "罗养")
        .run()
        .await;
    own.at("2024-12-16T17:30:00+08:00").run().await;
    let letters = own.site.store.letters(&[]).await.unwrap();
    for kind in ["bulletin", "report"] {
        let letter = letters.iter().find(|own| own.kind.as_str() == kind).unwrap();
        let text = &letter.text.text;
        let after = |word: &str| -> u32 {
            let rest = text
                .split(word)
                .nth(1)
                .unwrap_or_else(|| panic!("{word}: {text}"));
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().unwrap()
        };
        assert_eq!(
            after("应报"),
            after("按时") + after("迟报") + after("退回未更正") + after("未报"),
            "{text}"
        );
        assert_eq!(
            (after("应报"), after("按时"), after("退回未更正")),
            (12, 2, 1),
            "{text}"
        );
        // The exempt unit stands once, under 免报; who corrected in time isn't reproached.
        assert_eq!(text.matches("周景辉").count(), 1, "{text}");
        assert!(
            text.contains("退回后尚未更正") && text.contains("一次合格率33.3%"),
            "{text}"
        );
        let problems = text.split("附表").next().unwrap();
        assert!(
            problems.contains("庞兴挂点组") && !problems.contains("罗养挂点组"),
            "{text}"
        );
        assert!(
            text.contains("12月4日10:00") && text.contains("12月6日10:00"),
            "{text}"
        );
    }
}
