//! What the form says of the unit, against itself and against the villages.

use super::*;
use rstest::rstest;

const OF_LIN: &[(&str, &str, &str)] = &[("2024-11-06", "油河村", ""), ("2024-11-07", "边板村", "")];

/// Unit, held, and each finding as `code arg=…`.
fn told(file: &File<'_>, args: &[&str]) -> (Option<String>, bool, Vec<String>) {
    let found = file.identify();
    let findings = found.findings.iter().map(|finding| {
        let args = args.iter().filter_map(|name| {
            let value = finding.args.get(*name).filter(|value| !value.is_empty())?;
            Some(format!(" {name}={value}"))
        });
        format!("{}{}", finding.code.as_str(), args.collect::<String>())
    });
    (found.unit.clone().map(name), found.held, findings.collect())
}

#[rstest]
#[case::a_post_before_the_name(&[("leader", "镇党委书记洪文泽同志"), ("unit", "镇党政综合办")], Some("洪文泽"), "")]
#[case::two_units(&[("leader", "林强"), ("unit", "袁庆挂点组")], None,
    "unit-mismatch form_unit=袁庆 label=填报单位 other_label=挂点领导 other_unit=林强")]
#[case::two_leaders(&[("leader", "林强"), ("leader", "袁庆")], None,
    "unit-mismatch form_unit=袁庆 label=挂点领导 other_label=挂点领导 other_unit=林强")]
#[case::the_same_in_other_words(&[("leader", "林强"), ("unit", "林强挂点组")], Some("林强"), "")]
#[case::a_department_of_several(&[("leader", "林强"), ("unit", "党政办")], Some("林强"), "")]
#[case::a_department_of_others(&[("leader", "庞兴"), ("unit", "党政办")], Some("庞兴"), "")]
#[case::a_department_of_one_other(&[("leader", "庞兴"), ("unit", "财政所")], None,
    "unit-mismatch form_unit=罗养 label=填报单位 other_label=挂点领导 other_unit=庞兴")]
#[case::a_department_of_one(&[("unit", "财政所")], Some("罗养"), "")]
#[case::an_unknown_person(&[("unit", "陈大文")], None, "unit-not-in-roster unit=陈大文")]
#[case::an_unknown_leader(&[("leader", "林疆")], None, "unit-not-in-roster similar=林强 unit=林疆")]
#[case::an_unknown_leader_of_an_unknown_office(&[("leader", "洪文择"), ("unit", "镇党政综合办")], None,
    "unit-not-in-roster similar=洪文泽 unit=洪文择")]
#[case::an_unknown_leader_of_a_known_unit(&[("leader", "林疆"), ("unit", "林强挂点组")], Some("林强"),
    "unit-inferred basis=填报单位 unit=林强 unknown=林疆")]
#[case::an_unknown_office(&[("unit", "镇党政综合办")], Some("林强"), "unit-inferred basis=油河村 unit=林强 unknown=镇党政综合办")]
#[case::nothing_said(&[], Some("林强"), "unit-inferred basis=油河村 unit=林强")]
fn what_the_form_says(
    #[case] fill: &'static [(&str, &str)],
    #[case] unit: Option<&str>,
    #[case] finding: &str,
) {
    let file = File {
        name: "台账.xlsx",
        fill,
        rows: OF_LIN,
        ..File::default()
    };
    let args = [
        "similar",
        "basis",
        "form_unit",
        "label",
        "other_label",
        "other_unit",
        "unit",
        "unknown",
    ];
    let (found, held, findings) = told(&file, &args);
    assert_eq!(found.as_deref(), unit);
    assert_eq!(held, unit.is_none());
    assert_eq!(findings.join("; "), finding);
}

#[test]
fn a_form_against_itself_is_a_warning_in_the_folder_of_one_of_the_two() {
    let mut file = File {
        name: "台账.xlsx",
        origin: in_folder("袁庆"),
        fill: &[
            ("leader", "林强"),
            ("unit", "袁庆挂点组"),
            ("period", "2024年11月"),
        ],
        rows: NOVEMBER,
        ..File::default()
    };
    is(&file, Some("袁庆"), "2024-11", false, &["unit-inferred"]);
    let finding = &file.identify().findings[0];
    assert_eq!(finding.args["source"], "folder");
    assert_eq!(finding.args["basis"], "挂点领导：林强，填报单位：袁庆挂点组");
    assert!(finding.pos.is_some() && !file.identify().mismatch);
    file.origin = in_folder("林强");
    is(&file, Some("林强"), "2024-11", false, &["unit-inferred"]);
    file.origin = in_folder("庞兴");
    is(&file, Some("庞兴"), "2024-11", false, &["unit-mismatch"]);
}

#[test]
fn a_near_name_is_suggested_before_those_of_the_villages() {
    let file = File {
        name: "台账.xlsx",
        fill: &[("leader", "洪文择")],
        rows: &[("2024-11-06", "油河村", "")],
        ..File::default()
    };
    assert_eq!(names(&file.identify().candidates), ["洪文泽", "林强"]);
    assert_eq!(file.identify().unknown_name.as_deref(), Some("洪文择"));
}

#[rstest]
#[case::all_agree("挂点领导", &["林 强", "林强", ""], Some("林强"), "")]
#[case::under_another_label("报送单位", &["林强挂点组", "林强挂点组", "林强挂点组"], Some("林强"), "")]
#[case::they_differ("挂点领导", &["林强", "袁庆", "林强"], None, "unit-mismatch")]
#[case::spelled_differently("挂点领导", &["副镇长林强", "林强同志", "林强"], Some("林强"), "")]
#[case::unknown("挂点领导", &["林疆", "林疆", "林疆"], None, "unit-not-in-roster")]
#[case::another_column("陪同领导", &["林强", "林强", "林强"], None, "unit-unknown")]
#[case::empty("挂点领导", &["", "", ""], None, "unit-unknown")]
fn a_column_names_the_unit(
    #[case] header: &'static str,
    #[case] values: &'static [&'static str],
    #[case] unit: Option<&str>,
    #[case] finding: &str,
) {
    let mut file = File {
        name: "台账.xlsx",
        column: (header, values),
        rows: &[
            ("2024-11-06", "", ""),
            ("2024-11-07", "", ""),
            ("2024-11-08", "", ""),
        ],
        ..File::default()
    };
    let (found, _, findings) = told(&file, &[]);
    assert_eq!(found.as_deref(), unit);
    assert_eq!(findings.join(";"), finding);
    // The line above the table comes first.
    file.fill = &[("leader", "庞兴")];
    assert_eq!(file.identify().unit.map(name).as_deref(), Some("庞兴"));
}
