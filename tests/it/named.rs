//! A letter names everything that it was made for, in text, HTML and short
//! text, whoever shares a name, a mailbox, a matter; and nobody drops out.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use taizhang::domain::ladder::Kind;
use taizhang::domain::letters::decide::Decision;
use taizhang::domain::letters::{Letter, LetterState, NoticeRecord, NoticeState};
use taizhang::domain::notices::Recipient;
use taizhang::domain::program::Program;
use taizhang::jobs::remind::decide;
use taizhang::mail::{MemoryTransport, Transport};

use crate::harness::{PROGRAM, TestSite};

/// The steps of November's ladder, as in `letters.rs`.
const STEPS: [&str; 7] = [
    "2024-12-02T09:00:00+08:00",
    "2024-12-04T09:00:00+08:00",
    "2024-12-05T09:00:00+08:00",
    "2024-12-06T09:00:00+08:00",
    "2024-12-10T09:00:00+08:00",
    "2024-12-12T09:00:00+08:00",
    "2024-12-16T17:30:00+08:00",
];

/// Names of which one begins like another, and that come in both programmes.
const LEADERS: [&str; 6] = ["袁庆", "袁庆（大）", "林强", "罗养", "林强（小）", "陈小敏"];
const UNITS: [&str; 6] = ["规划办", "规划办二组", "党政办", "城管队", "财政所", "农办"];

/// Numbers that look random and are the same in every run.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// An address that a few people share, or none.
    fn address(&mut self, of: &str) -> String {
        match self.below(6) {
            0 => String::new(),
            1 => "shared@wutang.example".into(),
            _ => format!("{of}@wutang.example"),
        }
    }
}

fn replace(root: &Path, id: &str, file: &str, changes: &[(&str, &str)]) {
    let path = root.join("templates/programs").join(id).join(file);
    let mut text = fs::read_to_string(&path).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    fs::write(path, text).unwrap();
}

/// Gives a programme a roster of its own.
pub fn roll(root: &Path, id: &str, chance: &mut Chance) {
    let folder = root.join("templates/programs").join(id);
    let leaders = 2 + chance.below(LEADERS.len() - 1);
    let mut lines = "编号,姓名,曾用名,统筹领导,邮箱,生效,失效\n".to_owned();
    let mut places = "编号,领导,村,生效,失效\n".to_owned();
    for (at, name) in LEADERS[..leaders].iter().enumerate() {
        let coordinating = if chance.one_in(5) { "是" } else { "否" };
        let mail = chance.address(&format!("leader{at}"));
        writeln!(lines, "L0{at},{name},,{coordinating},{mail},2024-11-11,").unwrap();
        writeln!(places, "P0{at},{name},第{at}村,2024-11-11,").unwrap();
    }
    fs::write(folder.join("leaders.csv"), lines).unwrap();
    fs::write(folder.join("places.csv"), places).unwrap();
    let mut lines = "编号,名称,显示名称,部门,别名,曾用名,挂点领导,生效日期,失效日期,联络员,联络员邮箱,负责人,负责人邮箱\n".to_owned();
    for (at, name) in UNITS[..2 + chance.below(UNITS.len() - 1)].iter().enumerate() {
        let first = chance.below(leaders);
        let second = (first + 1 + chance.below(leaders - 1)) % leaders;
        let own = if chance.one_in(2) {
            format!("{}、{}", LEADERS[first], LEADERS[second])
        } else {
            LEADERS[first].to_owned()
        };
        let (liaison, head) = (
            chance.address(&format!("liaison{at}")),
            chance.address(&format!("head{at}")),
        );
        writeln!(
            lines,
            "U0{at},{name},{name},,,,{own},2024-11-11,,,{liaison},,{head}"
        )
        .unwrap();
    }
    fs::write(folder.join("roster.csv"), lines).unwrap();
}

/// Two programmes with rosters at random. `alike`: they call their matter by
/// one word; `one_office`: one office runs both.
async fn site(chance: &mut Chance, alike: bool, one_office: bool) -> TestSite {
    let mut own = TestSite::with(|root| {
        let programs = root.join("templates/programs");
        fs::create_dir(programs.join("second")).unwrap();
        for file in ["program.toml", "leaders.csv", "places.csv", "roster.csv"] {
            fs::copy(
                programs.join(PROGRAM).join(file),
                programs.join("second").join(file),
            )
            .unwrap();
        }
        replace(
            root,
            "second",
            "program.toml",
            &[
                ("id = \"wutang-visits\"", "id = \"second\""),
                (
                    "name = \"乌塘镇领导挂点联系“百千万工程”调研台账\"",
                    "name = \"乌塘镇防汛值守台账\"",
                ),
                ("folder = \"乌塘挂点台账\"", "folder = \"防汛台账\""),
            ],
        );
        if !alike {
            replace(
                root,
                "second",
                "program.toml",
                &[("matter = \"挂点调研台账\"", "matter = \"值守台账\"")],
            );
        }
        if !one_office {
            replace(
                root,
                "second",
                "program.toml",
                &[
                    (
                        "name = \"乌塘镇“百千万工程”指挥部办公室\"",
                        "name = \"乌塘镇三防办\"",
                    ),
                    (
                        "mail = \"office@wutang.example\"",
                        "mail = \"flood@wutang.example\"",
                    ),
                ],
            );
        }
        for id in [PROGRAM, "second"] {
            // Targets of the whole year, all of which is collected.
            let year = [
                ("effective = 2024-11-11", "effective = 2024-01-01"),
                ("first = \"2024-11\"", "first = \"2024-01\""),
            ];
            replace(root, id, "program.toml", &year);
            roll(root, id, chance);
        }
    })
    .await;
    assert_eq!(own.site.programs().len(), 2, "{:?}", own.site.problems());
    let site = Arc::get_mut(&mut own.site).unwrap();
    site.transport = Transport::Memory(MemoryTransport::new());
    own
}

async fn notices(own: &TestSite, letter: &Letter) -> Vec<NoticeRecord> {
    let mut notices = own.site.store.notices_of(letter.id).await.unwrap();
    notices.retain(|notice| notice.state == NoticeState::Waiting);
    notices
}

/// The words by which a letter has to call a programme's matter.
fn matter(program: &Program, programs: &BTreeSet<&str>, alike: bool) -> String {
    if alike && programs.len() > 1 {
        program.name.clone()
    } else {
        program.matter.clone()
    }
}

fn expect_named(own: &TestSite, letter: &Letter, notices: &[NoticeRecord], alike: bool) {
    let programs: BTreeSet<&str> = notices.iter().map(|own| own.key.program.as_str()).collect();
    let text = &letter.text;
    let html = text.html.replace("&#x2f;", "/");
    let mut items = BTreeSet::new();
    for notice in notices {
        let program = own.site.program(&notice.key.program).unwrap();
        let mut words = vec!["2024年11月".to_owned(), matter(&program, &programs, alike)];
        if let Some(id) = &notice.body.leader {
            words.push(program.roster.leader(id).unwrap().name.clone());
        } else if let Some(id) = &notice.unit {
            words.push(program.roster.unit(id).unwrap().display_name.clone());
        }
        for word in words {
            for (place, said) in [("text", &text.text), ("html", &html), ("chat", &text.chat)] {
                assert!(said.contains(&word), "{place} lacks “{word}”: {notice:?}\n{said}");
            }
        }
        items.insert((
            notice.key.program.clone(),
            notice.unit.clone(),
            notice.body.leader.clone(),
            notice.kind.as_str(),
        ));
    }
    if items.len() > 1 && !letter.kind.is_document() {
        let last = format!("{}．", items.len());
        assert!(
            text.text.contains(&last),
            "{} matters:\n{}",
            items.len(),
            text.text
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_letter_names_everything_that_it_was_made_for_and_nobody_drops_out() {
    let mut seen = BTreeSet::new();
    for seed in 0..12_u64 {
        let mut chance = Chance(seed);
        let (alike, one_office) = (seed % 2 == 0, seed % 3 != 0);
        let own = site(&mut chance, alike, one_office).await;
        for step in STEPS {
            own.at(step);
            own.run().await;
        }
        for draft in own.site.store.letters(&[LetterState::Draft]).await.unwrap() {
            decide(&own.site, &crate::by(), draft.id, &Decision::Approve(None))
                .await
                .unwrap();
        }
        own.at("2024-12-17T09:00:00+08:00");
        own.run().await;
        taizhang::jobs::remind::word_new(&own.site).await.unwrap();
        let mut told = BTreeSet::new();
        for letter in own.site.store.letters(&[]).await.unwrap() {
            let notices = notices(&own, &letter).await;
            if notices.is_empty() || letter.state == LetterState::Discarded {
                continue;
            }
            expect_named(&own, &letter, &notices, alike);
            seen.insert((letter.kind.as_str(), notices.len() > 1));
            // One office a letter.
            let offices: BTreeSet<String> = notices
                .iter()
                .map(|notice| own.site.program(&notice.key.program).unwrap().office.name.clone())
                .collect();
            assert_eq!(offices.len(), 1, "{letter:?}");
            assert!(letter.text.text.contains(offices.first().unwrap()));
            // Who has no address has a letter of its own, and the others have none of it.
            let by_hand = |own: &&Recipient| own.address.is_empty();
            let alone = letter.addressed.to.iter().filter(by_hand).count();
            assert!(
                alone == 0 || letter.addressed.to.len() == 1,
                "{:?}",
                letter.addressed
            );
            assert_eq!(alone == 1, letter.state == LetterState::ByHand, "{letter:?}");
            for notice in &notices {
                told.insert((
                    notice.key.clone(),
                    notice.body.to.clone().map(|to| (to.key, to.id)),
                ));
            }
        }
        // Every recipient of every step has its letter.
        for program in own.site.programs() {
            let period = "2024-11";
            for unit in &program.roster.units {
                let about = own
                    .site
                    .store
                    .notices_about(&program.id, &unit.id, &period.parse().unwrap())
                    .await
                    .unwrap();
                for notice in about.iter().filter(|own| own.state == NoticeState::Waiting) {
                    let to = notice.body.to.clone().map(|to| (to.key, to.id));
                    assert!(
                        notice.letter.is_some() && told.contains(&(notice.key.clone(), to)),
                        "{notice:?}"
                    );
                }
            }
        }
    }
    for kind in [Kind::Reminder, Kind::FirstChase, Kind::Escalation, Kind::Target] {
        assert!(
            seen.contains(&(kind.as_str(), true)),
            "{kind:?} never gathered: {seen:?}"
        );
    }
}
