use super::*;
use crate::domain::program::RosterTable::{Leaders, Places, Units};

const ROSTER: &str = "\u{feff}编号,名称,别名,挂点领导,生效日期,联络员,联络员邮箱,自己的\n\
    U01,甲办,甲,张三,2024/11/1,李一,a@x.gov.cn,记一\n\
    U02,乙办,,李四,2024-11-01,李二,b@x.gov.cn,\n\
    \n\
    U03,丙办,,王五,2024-11-01,李三,c@x.gov.cn,\"记,三\"\n";

fn until() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 12, 2).unwrap()
}

fn handed_in(text: &str, used: &[&str]) -> (SourceTable, BTreeSet<String>) {
    let used = used.iter().map(|own| (*own).to_owned()).collect();
    (SourceTable::from_csv(text).unwrap(), used)
}

fn merged(
    table: RosterTable,
    before: &str,
    text: &str,
    used: &[&str],
) -> Result<(Plan, String), Vec<Problem>> {
    let (cells, used) = handed_in(text, used);
    let before = KeptTable::of_csv(before).unwrap();
    let fresh = HandedIn {
        table,
        cells: &cells,
        used: Some(&used),
        until: until(),
    };
    let plan = merge(&before, &fresh)?;
    let csv = plan.csv(&before);
    Ok((plan, csv))
}

fn told(plan: &Plan) -> Vec<String> {
    let line = |own: &Change| {
        let cells = own
            .cells
            .iter()
            .map(|own| format!("{}:{}→{}", own.column, own.before, own.after));
        format!(
            "{:?} {} {} {}",
            own.kind,
            own.id,
            own.name,
            cells.collect::<Vec<_>>().join(" ")
        )
    };
    plan.changes.iter().map(line).collect()
}

#[test]
fn the_same_table_changes_nothing() {
    let (plan, csv) = merged(Units, ROSTER, ROSTER, &[]).unwrap();
    assert!(plan.is_empty(), "{plan:?}");
    assert_eq!(csv, ROSTER);
    // As a spreadsheet writes days and lists.
    let saved = ROSTER.replace("2024/11/1", "2024-11-01");
    let (plan, csv) = merged(Units, ROSTER, &saved, &[]).unwrap();
    assert!(plan.is_empty());
    assert_eq!(csv, ROSTER);
}

#[test]
fn each_change_is_told_and_the_rest_stays_as_it_was() {
    let fresh =
        "名称,编号,联络员邮箱,备注\n乙局,U02,b2@x.gov.cn,\n甲办,U01,a@x.gov.cn,新\n丁办,,d@x.gov.cn,\n";
    let (plan, csv) = merged(Units, ROSTER, fresh, &["U03"]).unwrap();
    assert_eq!(
        told(&plan),
        [
            "Added U04 丁办 编号:→U04 名称:→丁办 联络员邮箱:→d@x.gov.cn",
            "Ended U03 丙办 失效日期:→2024-12-02",
            "Renamed U02 乙局 名称:乙办→乙局",
            "Contact U02 乙局 联络员邮箱:b@x.gov.cn→b2@x.gov.cn",
            "Other U01 甲办 备注:→新",
        ]
    );
    assert!(plan.reordered && plan.doubtful);
    assert_eq!(plan.new_columns, ["备注", "曾用名", "失效日期"]);
    assert_eq!(
        plan.left_columns,
        ["别名", "挂点领导", "生效日期", "联络员", "自己的"]
    );
    assert_eq!(
        csv,
        "\u{feff}编号,名称,别名,挂点领导,生效日期,联络员,联络员邮箱,自己的,备注,曾用名,失效日期\n\
         U02,乙局,,李四,2024-11-01,李二,b2@x.gov.cn,,,乙办\n\
         U01,甲办,甲,张三,2024/11/1,李一,a@x.gov.cn,记一,新\n\
         \n\
         U03,丙办,,王五,2024-11-01,李三,c@x.gov.cn,\"记,三\",,,2024-12-02\n\
         U04,丁办,,,,,d@x.gov.cn\n"
    );
}

#[test]
fn who_reported_is_ended_and_who_never_did_goes() {
    let fresh = "编号,名称\nU01,甲办\n";
    let (plan, csv) = merged(Units, ROSTER, fresh, &["U02"]).unwrap();
    assert_eq!(
        told(&plan),
        ["Ended U02 乙办 失效日期:→2024-12-02", "Removed U03 丙办 "]
    );
    assert!(csv.contains("U02,乙办") && !csv.contains("U03"), "{csv}");
    // Who has left already stays as it is.
    let again = csv.replace("2024-12-02", "2024-11-30");
    let (plan, csv) = merged(Units, &again, fresh, &["U02"]).unwrap();
    assert!(plan.is_empty(), "{plan:?}");
    assert_eq!(csv, again);
    // Of leaders and places nothing goes.
    let leaders = "编号,姓名,邮箱\nL1,张三,a@x.cn\nL2,李四,b@x.cn\n";
    let (cells, _) = handed_in("编号,姓名\nL1,张三\n", &[]);
    let before = KeptTable::of_csv(leaders).unwrap();
    let fresh = HandedIn {
        table: Leaders,
        cells: &cells,
        used: None,
        until: until(),
    };
    let plan = merge(&before, &fresh).unwrap();
    assert_eq!(told(&plan), ["Ended L2 李四 失效:→2024-12-02"]);
}

#[test]
fn names_that_swap_are_no_former_names() {
    let fresh = "编号,名称\nU01,乙办\nU02,甲办\nU03,丙办\n";
    let (plan, _) = merged(Units, ROSTER, fresh, &[]).unwrap();
    assert_eq!(plan.count(ChangeKind::Renamed), 2);
    assert!(plan.new_columns.is_empty(), "{plan:?}");
}

#[test]
fn what_is_wrong_is_told_by_its_line() {
    for (fresh, line, words) in [
        ("编号,名称\n", None, "没有内容"),
        ("", None, "没有内容"),
        ("编号,单位\nU01,甲办\n", Some(0), ""),
        ("姓名,邮箱\n张三,a@x.cn\n", None, "没有“编号”这一列"),
        ("编号,名称,单位\nU01,甲办,甲办\n", None, "列“单位”重复"),
        ("编号,名称\nU01,甲办\nU01,乙办\n", Some(3), "与第2行重复"),
        ("编号,名称\n,甲办\n", Some(2), "名称与名册里的一行相同"),
        ("编号,名称,联络员\nU01,甲办,=cmd|x\n", Some(2), "当作公式"),
        ("编号,名称,联络员\nU01,甲办,＠x\n", Some(2), "当作公式"),
    ] {
        let outcome = merged(Units, ROSTER, fresh, &[]);
        if words.is_empty() {
            assert!(outcome.is_ok(), "{outcome:?}");
            continue;
        }
        let wrong = outcome.unwrap_err();
        assert!(wrong[0].message.contains(words), "{wrong:?}");
        assert_eq!(wrong[0].line, line, "{wrong:?}");
    }
    let long = format!("编号,名称,联络员\nU01,甲办,{}\n", "长".repeat(1001));
    assert!(
        merged(Units, ROSTER, &long, &[]).unwrap_err()[0]
            .message
            .contains("1001")
    );
    let many: Vec<String> = (0..10_000).map(|n| format!("X{n},单位{n}")).collect();
    let many = many.join("\n");
    let wrong = merged(Units, ROSTER, &format!("编号,名称\n{many}"), &[]).unwrap_err();
    assert!(wrong[0].message.contains("10000行"), "{wrong:?}");
    // Places have no names: two of one village may be two leaders'.
    let places = "编号,领导,村\nP01,张三,甲村\n";
    let (plan, _) = merged(Places, places, "编号,领导,村\nP01,张三,甲村\n,李四,甲村\n", &[]).unwrap();
    assert_eq!(told(&plan), ["Added P02 甲村 编号:→P02 领导:→李四 村:→甲村"]);
}

#[test]
fn one_cell_changes_one_line() {
    let before = KeptTable::of_csv(ROSTER).unwrap();
    let mail = [
        ("liaison_mail", " b2@x.gov.cn ".to_owned()),
        ("head", "陈七".to_owned()),
    ];
    let plan = with_cells(&before, Units, "U02", &mail).unwrap().unwrap();
    assert_eq!(
        told(&plan),
        ["Contact U02 乙办 联络员邮箱:b@x.gov.cn→b2@x.gov.cn 负责人:→陈七"]
    );
    assert_eq!(
        plan.csv(&before),
        ROSTER
            .replace("自己的\n", "自己的,负责人\n")
            .replace("b@x.gov.cn,\n", "b2@x.gov.cn,,陈七\n")
    );
    assert_eq!(with_cells(&before, Units, "U99", &mail).unwrap(), None);
    let same = [("liaison", "李二".to_owned())];
    assert!(
        with_cells(&before, Units, "U02", &same)
            .unwrap()
            .unwrap()
            .is_empty()
    );
    assert!(with_cells(&before, Units, "U02", &[("liaison", "=1+1".into())]).is_err());
}
