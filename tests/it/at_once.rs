//! Commands beside each other: one wins, the others are told in words.

use std::process::{Command, Output, Stdio};

use taizhang::domain::obligation::Exemption;
use taizhang::domain::submission::Record;
use taizhang::jobs::decide;
use taizhang::jobs::extend::{Whose, extend};

use crate::harness::{MORNING, PROGRAM, TestSite};

/// Words of the machine that no person may be shown.
const MACHINE: [&str; 6] = [
    "UNIQUE",
    "constraint",
    "locked",
    "SQLITE",
    "code:",
    "error returned",
];

/// Starts commands at the same time and waits for all of them.
fn at_once(site: &TestSite, commands: &[Vec<&str>]) -> Vec<Output> {
    let started: Vec<_> = commands
        .iter()
        .map(|words| {
            Command::new(env!("CARGO_BIN_EXE_taizhang"))
                .args(["--config", site.root().join("config.toml").to_str().unwrap()])
                .args(["--now", MORNING])
                .args(words)
                .env("RUST_LOG", "warn")
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    started
        .into_iter()
        .map(|process| process.wait_with_output().unwrap())
        .collect()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn in_words(outputs: &[Output]) {
    for output in outputs {
        let said = said(output);
        assert!(!MACHINE.iter().any(|word| said.contains(word)), "{said}");
        assert!(!said.trim().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_claims_at_once_count_once() {
    let site = TestSite::new().await;
    site.drop_sample("新建 Microsoft Excel 工作表.xlsx", "")
        .run()
        .await;
    let id = site.last().await.id.to_string();
    let claim = |unit| vec!["claim", id.as_str(), "--unit", unit, "--period", "2024-11"];
    let outputs = at_once(&site, &[claim("林强"), claim("洪文泽"), claim("林强")]);
    in_words(&outputs);
    let won = outputs.iter().filter(|output| output.status.success()).count();
    assert!(won >= 1, "{:?}", outputs.iter().map(said).collect::<Vec<_>>());
    for refused in outputs.iter().filter(|output| !output.status.success()) {
        assert_eq!(refused.status.code(), Some(1));
        let said = said(refused);
        assert!(
            said.contains("没有作任何更改") || said.contains("不用再认领"),
            "{said}"
        );
    }
    let records = site.records().await;
    let counting = records.iter().filter_map(Record::submission);
    let counting: Vec<_> = counting
        .filter(taizhang::domain::submission::Submission::is_accepted)
        .collect();
    assert_eq!(counting.len(), 1, "{counting:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_beside_itself_and_the_others_speaks_in_words() {
    let site = TestSite::new().await;
    site.drop_sample("吴忠强2024年11月台账.xlsx", "吴忠强")
        .drop_sample("吴垂超11月台账.xlsx", "吴垂超")
        .run()
        .await;
    let backup = site.root().join("b.sqlite3").to_str().unwrap().to_owned();
    let commands: Vec<Vec<&str>> = vec![
        vec!["master", "--period", "2024-11"],
        vec!["backup", &backup],
        vec![
            "extend",
            "--period",
            "2024-11",
            "--to",
            "2024-12-10",
            "--reason",
            "寒潮",
        ],
        vec![
            "exempt", "--unit", "林强", "--period", "2024-11", "--reason", "学习",
        ],
        vec!["accept", "吴忠强2024年11月台账.xlsx", "--reason", "属实"],
        vec!["status", "--period", "2024-11"],
        vec!["recheck", "--period", "2024-11"],
        vec!["doctor"],
    ];
    // Each twice, all at the same time.
    let twice: Vec<Vec<&str>> = commands.iter().chain(&commands).cloned().collect();
    let outputs = at_once(&site, &twice);
    in_words(&outputs);
    let both = |name: &str| -> Vec<&Output> {
        let pairs = twice.iter().zip(&outputs);
        pairs
            .filter(|(words, _)| words[0] == name)
            .map(|(_, output)| output)
            .collect()
    };
    for name in ["backup", "extend", "accept"] {
        let outputs = both(name);
        let well = outputs.iter().filter(|output| output.status.success()).count();
        assert_eq!(
            well,
            1,
            "{name}: {:?}",
            outputs.iter().map(|own| said(own)).collect::<Vec<_>>()
        );
    }
    for name in ["master", "status", "recheck"] {
        assert!(both(name).iter().all(|output| output.status.success()), "{name}");
    }
    let versions = site
        .site
        .store
        .master_versions(&PROGRAM.parse().unwrap(), &"2024-11".parse().unwrap(), 10)
        .await
        .unwrap();
    assert!(!versions.is_empty());
    let copy = taizhang::store::Store::open(std::path::Path::new(&backup))
        .await
        .unwrap();
    assert_eq!(copy.all_submissions().await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_decides_on_what_has_changed_is_told_what_stands_now() {
    let site = TestSite::new().await;
    site.drop_sample("吴忠强2024年11月台账.xlsx", "吴忠强")
        .run()
        .await;
    let seen = site.last().await;
    // Both looked at the returned ledger; the first one accepts it.
    decide::accept(&site.site, &crate::by(), &seen, "陪同调研，情况属实")
        .await
        .unwrap();
    let journal = site.site.store.journal().await.unwrap();
    for late in [
        decide::accept(&site.site, &crate::by(), &seen, "也同意")
            .await
            .unwrap_err(),
        decide::withdraw(&site.site, &crate::by(), &seen, "报错了")
            .await
            .unwrap_err(),
    ] {
        let told = late.to_string();
        for part in [
            "刚才已由测试于2024年12月2日9:00按原样接收（陪同调研，情况属实）",
            "现在归吴忠强挂点组2024年11月，第1版，已由测试按原样接收",
            "没有作任何更改",
        ] {
            assert!(told.contains(part), "{told}");
        }
    }
    assert_eq!(
        site.site.store.journal().await.unwrap(),
        journal,
        "nothing was written"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_version_that_counts_is_not_hidden_by_accepting_an_earlier_one() {
    let site = TestSite::new().await;
    site.drop_sample("吴忠强2024年11月台账.xlsx", "吴忠强")
        .run()
        .await;
    let first = site.last().await;
    // The unit hands in another one, and the office accepts that.
    let bytes = crate::harness::sample("吴忠强2024年11月台账.xlsx");
    let path = site.root().join("o.xlsx");
    std::fs::write(&path, &bytes).unwrap();
    let again = crate::harness::save_with(
        &crate::harness::read(&path),
        &[("台账", "D6", "再次核对后的调研内容。")],
    );
    site.drop_file("吴忠强/更正.xlsx", &again).run().await;
    let second = site.last().await;
    assert_eq!(second.version, Some(2));
    if !second.verdict.is_accepted() {
        decide::accept(&site.site, &crate::by(), &second, "属实")
            .await
            .unwrap();
    }
    let told = decide::accept(&site.site, &crate::by(), &first, "属实")
        .await
        .unwrap_err()
        .to_string();
    assert!(told.contains("第2版") && told.contains("withdraw"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_exempt_or_extend_at_once() {
    let site = TestSite::new().await;
    site.run().await;
    let program = site.site.program(PROGRAM).unwrap();
    let period = "2024-11".parse().unwrap();
    let exemption = |reason: &str| Exemption {
        unit: program.roster.units[4].id.clone(),
        period: "2024-11".parse().unwrap(),
        reason: reason.into(),
        by: "测试".into(),
        at: site.site.clock.utc(),
    };
    decide::exempt_as_seen(&site.site, &crate::by(), &program, &exemption("外出学习"), "")
        .await
        .unwrap();
    let late = decide::exempt_as_seen(&site.site, &crate::by(), &program, &exemption("已调离"), "").await;
    let told = late.unwrap_err().to_string();
    assert!(
        told.contains("刚才已由测试于2024年12月2日9:00定为免报（外出学习）"),
        "{told}"
    );
    // Who has seen it may give another reason.
    let before = decide::exempt(&site.site, &crate::by(), &program, &exemption("已调离"))
        .await
        .unwrap();
    assert_eq!(before.unwrap().reason, "外出学习");
    // Both look at the programme before either has extended.
    let day = |text: &str| text.parse().unwrap();
    let whose = Whose {
        period: &period,
        unit: None,
    };
    extend(
        &site.site,
        &crate::by(),
        &program,
        whose,
        (day("2024-12-11"), "寒潮"),
        None,
    )
    .await
    .unwrap();
    let late = extend(
        &site.site,
        &crate::by(),
        &program,
        whose,
        (day("2024-12-12"), "台风"),
        None,
    )
    .await;
    let told = late.unwrap_err().to_string();
    assert!(
        told.contains("延期") && told.contains("2024-12-11") && told.contains("寒潮"),
        "{told}"
    );
    assert_eq!(site.site.store.extensions().await.unwrap().len(), 1);
}
