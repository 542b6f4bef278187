//! 横沥: one unit by several names, leads outside their group, members without a task.

use taizhang::domain::finding::Verdict;

use super::{taken_for, with_forms, without_stamp};
use crate::harness::{TestSite, save_with};
use crate::registers::filling::{FILLED_BY, filled, form, hengli, opened, rows};

const NOW: &str = "2018-12-29T10:00:00+08:00";

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_is_known_by_each_of_its_names_and_through_any_blank() {
    let site = TestSite::of("hengli-milestones", "横沥一次性报送", "2018-11-15T09:30:00+08:00").await;
    site.run().await;
    let named = [
        ("规划所", "规划管理所"),
        ("住建局", "住房与规划建设局"),
        ("住房规划建设局", "住房与规划建设局"),
        ("农林\u{a0}水务\u{2002}局", "农林水务局"),
    ];
    for (name, _) in named {
        site.drop_file(&format!("{name}配套文件.docx"), format!("PK {name}").as_bytes());
    }
    site.run().await;
    site.run().await;
    for (name, unit) in named {
        let file = format!("{name}配套文件.docx");
        assert_eq!(taken_for(&site, "hengli-milestones", &file).await, unit, "{name}");
        assert_eq!(site.verdict(&file).await, Verdict::Accepted, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_is_known_by_either_spelling_of_its_title() {
    let site = with_forms(hengli(NOW).await).await;
    // 旅游办 leads 34, though it is in no group; so does the centre with 30.
    for (unit, number) in [("旅游办", "34"), ("社会治理协同创新中心", "30")] {
        assert!(rows(&form(&site, unit)).contains_key(number), "{unit}");
    }
    let book = without_stamp(&form(&site, "旅游办"));
    let report = [("34", "建立了旅游点名录，收录7处。", "推进中", "", "下季度公布。")];
    let written = without_stamp(&opened(&filled(&book, &report, &FILLED_BY)));
    let unit = "旅\u{a0}游\u{2002}办";
    let (cell, _) = crate::harness::cells(&written, "工作台账")
        .into_iter()
        .find(|(_, text)| text == "旅游办")
        .unwrap();
    let title = "横沥镇推进乡村振兴战略工作台帐（2018年第四季度）";
    let changes = [("工作台账", "A1", title), ("工作台账", cell.as_str(), unit)];
    site.at("2019-01-03T10:00:00+08:00");
    site.drop_file("工作台帐.xlsx", &save_with(&written, &changes));
    site.run().await;
    assert_eq!(taken_for(&site, "hengli-tasks", "工作台帐.xlsx").await, "旅游办");
    let codes = site.codes().await;
    assert!(site.verdict("工作台帐.xlsx").await.is_accepted(), "{codes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_units_with_a_task_are_asked_and_letters_say_whose_they_are() {
    let site = with_forms(hengli(NOW).await).await;
    let program = site.site.program("hengli-tasks").unwrap();
    for unit in ["司法分局", "法制办"] {
        assert!(
            program.roster.find(unit).is_some() && !site.exists(unit),
            "{unit}"
        );
    }
    for nobody in ["各对口帮扶村", "单位", "相关单位", "相关入格部门", "各村组"] {
        assert!(
            program.roster.find(nobody).is_none() && !site.exists(nobody),
            "{nobody}"
        );
    }
    // Three groups' heads stand in the table as names, without what stood before them in print.
    let groups = taizhang::embedded::template("programs/hengli-tasks/action_groups.csv").unwrap();
    let third = groups.lines().find(|line| line.starts_with("社会治理")).unwrap();
    assert!(
        third.ends_with("政法办、公安分局、司法分局、法制办、网格中心"),
        "{third}"
    );
    for now in ["2019-01-03T09:30:00+08:00", "2019-01-08T09:30:00+08:00"] {
        site.at(now).run().await;
    }
    let sent = site.sent();
    assert!(!sent.is_empty());
    for letter in &sent {
        for noise in ["惠城", "运城", "0359", "浏览"] {
            assert!(!letter.text.contains(noise), "{noise}: {}", letter.text);
        }
        let mut people = letter.to.iter().chain(&letter.cc);
        assert!(people.all(|to| to.address.ends_with("@hengli.example")));
    }
    assert!(
        sent.iter()
            .any(|letter| letter.text.contains("横委办〔2018〕45号")),
        "{}",
        sent[0].text
    );
}
