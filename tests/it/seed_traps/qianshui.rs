//! 浅水: two items printed as 14, two leads, items without a heading.

use std::collections::BTreeMap;

use taizhang::desk::standing;
use taizhang::domain::period::Period;
use taizhang::domain::register::ItemState;

use super::{form, with_forms};
use crate::harness::TestSite;
use crate::registers::any_form::{filled, lines};

const FORM: &str = "2023年5月任务推进台账";

async fn site() -> TestSite {
    with_forms(TestSite::running("qianshui-tasks", "浅水任务台账", "2023-05-04T09:00:00+08:00").await).await
}

/// Names of the tasks on a unit's form by their numbers.
fn tasks(site: &TestSite, unit: &str) -> BTreeMap<String, String> {
    let book = form(site, unit, FORM);
    let lines = lines(&book, "任务推进台账").into_iter();
    lines
        .map(|line| (line.cells["序号"].clone(), line.cells["任务"].clone()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn either_item_that_is_printed_as_14_is_its_own() {
    let site = site().await;
    assert!(tasks(&site, "纪检监察办")["14"].starts_with("推动全面从严治党"));
    assert!(tasks(&site, "公共服务办")["14"].starts_with("加强村级党群服务中心建设"));
    let fill = [("填报人", "李明"), ("联系电话", "0759-2966123")];
    let handed = filled(&form(&site, "公共服务办", FORM), &fill, |_, line| {
        let number = &line.cells["序号"];
        vec![
            (
                "本月进展情况",
                format!("第{number}项完成现场踏勘，形成初步方案。"),
            ),
            ("完成率(%)", "30".to_owned()),
            ("进度状态", "正常推进".to_owned()),
            ("下一步措施及完成时限", "年底前完成。".to_owned()),
        ]
    });
    site.drop_file("公共服务办/五月.xlsx", &handed);
    site.run().await;
    let codes = site.codes().await;
    assert!(site.verdict("五月.xlsx").await.is_accepted(), "{codes:?}");
    let program = site.site.program("qianshui-tasks").unwrap();
    let stands = standing::standing(&site.site, &program, &Period::Month(2023, 5))
        .await
        .unwrap()
        .unwrap();
    let of = |id: &str| -> Vec<(&str, Option<&str>, ItemState)> {
        let items = stands.items.iter().filter(|own| *own.item == *id);
        items
            .map(|own| (own.number.as_str(), own.unit.as_deref(), own.state))
            .collect()
    };
    assert_eq!(of("14"), [("14", Some("纪检监察办"), ItemState::Missing)]);
    assert_eq!(of("14b"), [("14", Some("公共服务办"), ItemState::Accepted)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_item_has_a_name_and_all_of_its_leads() {
    let site = site().await;
    let units = [
        "规划办",
        "农业农村办",
        "公共服务办",
        "党建办",
        "纪检监察办",
        "综治办",
        "应急办",
    ];
    let forms: BTreeMap<&str, _> = units.iter().map(|unit| (*unit, tasks(&site, unit))).collect();
    assert!(forms["规划办"].contains_key("23") && forms["农业农村办"].contains_key("23"));
    assert_eq!(forms.values().map(BTreeMap::len).sum::<usize>(), 27);
    for (unit, number, begins) in [
        ("规划办", "12", "加强古树名木、特色民居"),
        ("应急办", "18", "加强县域防洪排涝"),
        ("公共服务办", "21", "加快乡镇综合养老服务中心建设"),
        ("党建办", "25", "发挥工会、共青团、妇联"),
    ] {
        let name = &forms[unit][number];
        assert!(name.starts_with(begins) && name.chars().count() <= 60, "{name}");
    }
    // Sections are names: the document's numbers of them leave gaps.
    let program = site.site.program("qianshui-tasks").unwrap();
    let mut sections: Vec<&str> = Vec::new();
    for item in &program.material.items().unwrap().all {
        if sections.last() != Some(&item.group.as_str()) {
            sections.push(&item.group);
        }
    }
    assert_eq!(sections.len(), 12);
    assert!(
        sections.iter().all(|name| !name.contains(['(', '（', '十'])),
        "{sections:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_assists_is_never_written_to_and_letters_name_the_document_by_its_title() {
    let site = site().await;
    for unit in ["驻镇工作队", "人大办", "执法办"] {
        assert!(!site.exists(unit), "{unit}");
    }
    for now in ["2023-05-23T09:30:00+08:00", "2023-05-26T09:30:00+08:00"] {
        site.at(now).run().await;
    }
    let sent = site.sent();
    assert!(sent.iter().any(|letter| letter.text.contains("规划办")));
    let assisting = [
        "liaison02@",
        "head02@",
        "liaison04@",
        "head04@",
        "liaison06@",
        "head06@",
    ];
    for letter in &sent {
        for to in letter.to.iter().chain(&letter.cc) {
            assert!(
                !assisting.iter().any(|own| to.address.starts_with(own)),
                "{}",
                to.address
            );
        }
        assert!(!letter.text.contains("实施意见") && !letter.text.contains("村（居）委会"));
    }
    let title = "《关于浅水镇全面推进“百县千镇万村高质量发展工程”促进城乡区域协调发展的实施方案》";
    assert!(
        sent.iter().any(|letter| letter.text.contains(title)),
        "{}",
        sent[0].text
    );
}
