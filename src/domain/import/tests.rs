//! Registers from texts and tables.

use super::*;
use crate::domain::source_table::SourceTable;
use crate::domain::text::half_width;

/// The lists of units that the documents print, with what each must be read as.
#[test]
fn lists_of_units_come_out_as_listed() {
    let table = include_str!("../../../tests/data/unit_list_samples.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let mut wrong = Vec::new();
    for line in reader.records() {
        let line = line.unwrap();
        let (raw, expected, severity) = (&line[0], half_width(&line[1]), &line[2]);
        let list = read_units(raw);
        let mut parts = Vec::new();
        let mut add = |label: &str, units: &[String]| {
            if !units.is_empty() {
                parts.push(format!("{label}{}", units.join(";")));
            }
        };
        let doubtful = !list.leads.is_empty() && !list.unlabelled.is_empty();
        add("lead=", &list.leads);
        add("assist=", &list.assists);
        add(if doubtful { "assist?=" } else { "" }, &list.unlabelled);
        // That 农业办 may be 农业农村办 shows beside the other items only.
        let expected = expected.replace("→农业农村办?", "");
        let alias = &line[3] == "别名";
        let flagged = !list.odd.is_empty() || alias;
        if parts.join(";") != expected || flagged != (severity == "W") {
            wrong.push(format!(
                "{raw}\n  {} {:?}\n  {expected} {severity}",
                parts.join(";"),
                list.odd
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_comma_before_a_label_is_not_left_over() {
    let list = read_units("牵头单位：区农业局、区财政局、配合单位：区水务局");
    assert_eq!(list.odd, Vec::<String>::new());
    assert_eq!((list.leads.len(), list.assists.len()), (2, 1));
    assert_eq!(read_units("区农业局、区财政局、").odd.len(), 1);
}

const TEXT: &str = "
关于推进乡村振兴的方案，共5项任务。
一、总体要求
1.坚持党的领导。
二、主要任务
(一)做大做强镇域经济
1.发展特色优势产业。稳量发展特色产业,以打造“浅 水名片产业”
为抓手。【牵头部门:农业农村办】
2.大力打造生态文旅。利用资源优势。【牵头部门:农业办,协助部门:规划办、驻镇工作队】
(二) 提升镇域综合承载能力
4.推动镇域扩容提质。【牵头部门:规划办、农业农村办】
4.加强党群服务中心建设,打造一站式服务。【牵头部门:党建办，协助部门：规划办】
三、组织领导
一要层层压实责任。
";

#[test]
fn items_are_read_from_running_text() {
    let found = from_text(TEXT);
    let numbers: Vec<(&str, &str)> = found
        .tasks
        .iter()
        .map(|task| (task.id.as_str(), task.name.as_str()))
        .collect();
    assert_eq!(
        numbers,
        [
            ("1", "发展特色优势产业"),
            ("2", "大力打造生态文旅"),
            ("4", "推动镇域扩容提质"),
            ("4b", "加强党群服务中心建设,打造一站式服务"),
        ]
    );
    assert_eq!(
        found.tasks[0].content,
        "发展特色优势产业。稳量发展特色产业,以打造“浅水名片产业”为抓手。"
    );
    assert_eq!(found.tasks[2].section, "提升镇域综合承载能力");
    assert_eq!((found.leads(), found.assists()), (5, 3));
    for odd in ["序号4重复", "缺序号3", "“农业办”可能是“农业农村办”", "5项任务"]
    {
        assert!(
            found.odd.iter().any(|own| own.contains(odd)),
            "{odd}: {:?}",
            found.odd
        );
    }
    assert_eq!(
        found.units(),
        ["农业农村办", "农业办", "规划办", "党建办", "驻镇工作队"]
    );
}

#[test]
fn items_are_read_from_a_table() {
    let csv = "\u{feff}重点任务分解表,,,,\n序号,项目名称,内容,责任单位,2018年\n\
        一、资源资产盘活行动,,,,\n1,*村庄规划,完善规划。,区国土局、区住建局,试点\n\
        2,公路建设,硬化。,牵头单位：区交通局、配合单位：区农业局,完成\n,,,,\n";
    let table = SourceTable::from_csv(csv).unwrap();
    let found = from_table(&table, &Columns::default()).unwrap();
    assert_eq!(found.tasks.len(), 2);
    let first = &found.tasks[0];
    assert_eq!((first.name.as_str(), first.starred), ("村庄规划", true));
    // Without a label nobody is known to lead it.
    assert_eq!((first.units.leads.len(), first.units.unlabelled.len()), (0, 2));
    assert_eq!(first.section, "一、资源资产盘活行动");
    assert_eq!(first.further, [("2018年".to_owned(), "试点".to_owned())]);
    assert_eq!(found.tasks[1].units.leads, ["区交通局"]);
    assert_eq!(found.tasks[1].units.assists, ["区农业局"]);
    let wrong = Columns {
        units: "单位".into(),
        ..Columns::default()
    };
    let error = from_table(&table, &wrong).unwrap_err();
    assert!(
        error.contains("没有“单位”列") && error.contains("责任单位"),
        "{error}"
    );
}

#[test]
fn the_documents_come_out_as_counted() {
    let qianshui = from_text(include_str!("../../../tests/data/documents/qianshui.txt"));
    assert_eq!(
        (qianshui.tasks.len(), qianshui.leads(), qianshui.assists()),
        (27, 28, 11)
    );
    assert_eq!(
        qianshui.odd,
        [
            "序号14重复，第2个编号为14b。",
            "“农业办”可能是“农业农村办”的简写，请核对后写进名册的别名。"
        ]
    );
    let hengli = from_text(include_str!("../../../tests/data/documents/hengli.txt"));
    assert_eq!(
        (hengli.tasks.len(), hengli.leads(), hengli.assists()),
        (36, 44, 81)
    );
    let table = |csv: &str| {
        let table = SourceTable::from_csv(csv).unwrap();
        from_table(&table, &Columns::default()).unwrap()
    };
    let zhanjiang = table(include_str!("../../../tests/data/documents/zhanjiang.csv"));
    let undecided = zhanjiang.tasks.iter().filter(|task| task.units.leads.is_empty());
    // 39 name several units without saying who leads; 40 and 99 say it twice over.
    assert_eq!((zhanjiang.tasks.len(), undecided.count()), (122, 39));
    assert_eq!(zhanjiang.tasks.iter().filter(|task| task.starred).count(), 52);
    let shipped = crate::domain::fixture::zhanjiang();
    let items = shipped.material.items().unwrap();
    let numbers = items.tasks().map(|item| item.number.as_str());
    let read = zhanjiang.tasks.iter().map(|task| task.number.as_str());
    assert_eq!(read.collect::<Vec<_>>(), numbers.collect::<Vec<_>>());
    let cut_off = |imported: &Imported| -> Vec<String> {
        let tasks = imported.tasks.iter().filter(|task| task.units.cut_off);
        tasks.map(|task| task.number.clone()).collect()
    };
    assert_eq!((cut_off(&qianshui), cut_off(&hengli)), (Vec::new(), Vec::new()));
    assert_eq!(cut_off(&zhanjiang), ["74"]);
    let item = |number: &str| {
        let mut tasks = zhanjiang.tasks.iter();
        &tasks.find(|task| task.number == number).unwrap().units
    };
    assert_eq!(item("54").leads, ["区人口局", "区旅游局"]);
    assert_eq!(item("57").unlabelled, ["区党政办", "区纪委", "区人口局"]);
    assert_eq!(item("87").leads, ["区委政法委"]);
    assert_eq!(
        item("119").unlabelled,
        ["区人口局", "各街道（镇）", "村委会", "自然村"].map(half_width)
    );
    assert!(zhanjiang.tasks.iter().all(|task| !task.name.contains('\n')));
    for odd in [
        "第44项：写的是2020年，该年一栏空着，要求在2018年一栏",
        "第74项：单位名单里有文字处理软件的残留",
        "第99项：“牵头单位”后面有5个单位，没有配合单位",
        "第119项：“村委会”后面缺顿号",
    ] {
        assert!(
            zhanjiang.odd.iter().any(|own| own.starts_with(odd)),
            "{odd}: {:?}",
            zhanjiang.odd
        );
    }
    // What a web page says around the document is no unit.
    assert!(
        hengli
            .units()
            .iter()
            .all(|name| !name.contains("运城") && !name.contains("作者"))
    );
    let xinhui = table(include_str!("../../../tests/data/documents/xinhui.csv"));
    let numbers: Vec<usize> = xinhui
        .tasks
        .iter()
        .map(|task| task.number.parse().unwrap())
        .collect();
    assert_eq!(numbers, (1..=51).collect::<Vec<_>>());
    assert_eq!(
        cut_off(&xinhui),
        ["3", "19", "24", "30", "36", "37", "38", "39", "46"]
    );
    assert!(xinhui.odd.iter().any(|own| own.starts_with("第21项：“分别负责”")));
}

/// A table over several pages, with merged cells, tags of a web page and a note.
const PAGES: &str = "序号,任务,内容,2018年,2020年,责任单位
44,公路,硬化,完成,,牵头单位 ：区交通局、配合单位：区农业局
,,2020年实现全部硬化,100%,,
序号,任务,内容,2018年,2020年,责任单位
五、基层治理提质行动,,,,,
45,\"开展
移风易俗\",<p>一村一村歌。</p><p>养掮道路。</p>,组织,,\"区党政办、区纪委、
区人口局\"
,,下辖三个以上自然村的，至少三个达到标准,,,
";

#[test]
fn a_table_is_read_across_its_pages() {
    let found = from_table(&SourceTable::from_csv(PAGES).unwrap(), &Columns::default()).unwrap();
    let read: Vec<[&str; 4]> = found
        .tasks
        .iter()
        .map(|task| [&task.id, &task.name, &task.content, &task.section].map(String::as_str))
        .collect();
    assert_eq!(
        read,
        [
            ["44", "公路", "硬化", ""],
            ["44b", "公路", "2020年实现全部硬化", ""],
            // What is printed stays as it is printed.
            [
                "45",
                "开展移风易俗",
                "一村一村歌。\n养掮道路。",
                "五、基层治理提质行动"
            ],
        ]
    );
    assert_eq!(found.tasks[1].units.leads, ["区交通局"]);
    assert_eq!(
        found.tasks[2].units.unlabelled,
        ["区党政办", "区纪委", "区人口局"]
    );
    for odd in [
        "序号44重复",
        "第45项：有网页的残留标签",
        "第44项：写的是2020年，该年一栏空着，要求在2018年一栏",
        "第9行没有序号和单位，当作说明，没有列入：“下辖三个以上自然村的",
    ] {
        assert!(
            found.odd.iter().any(|own| own.contains(odd)),
            "{odd}: {:?}",
            found.odd
        );
    }
    assert_eq!(found.odd.len(), 4);
}

#[test]
fn names_are_looked_at_beside_the_others_of_their_document() {
    let lists = [
        "区人口局、村委会、自然村",
        "区人口局、村委会自然村",
        "区科工商务局、区人力资源社会保障局、区金融工作局",
        "科工商务局、区人口局",
        "区人口局、区金融",
        "障局、区退役",
        "区人口局、各",
        "　 .成员单位:区人口局、区金融工作局",
        "区委组织部、区人口局等部门根据职能分别负责",
    ];
    let rows: Vec<String> = (1..)
        .zip(lists)
        .map(|(n, units)| format!("{n},第{n}件,{units}"))
        .collect();
    let table = SourceTable::from_csv(&format!("序号,任务,责任单位\n{}", rows.join("\n"))).unwrap();
    let found = from_table(&table, &Columns::default()).unwrap();
    let units: Vec<&UnitList> = found.tasks.iter().map(|task| &task.units).collect();
    assert_eq!(units[1].unlabelled, ["区人口局", "村委会", "自然村"]);
    let cut_off: Vec<&str> = found
        .tasks
        .iter()
        .filter(|task| task.units.cut_off)
        .map(|task| task.number.as_str())
        .collect();
    assert_eq!(cut_off, ["4", "5", "6", "7"]);
    assert_eq!(units[7].unlabelled, ["区人口局", "区金融工作局"]);
    assert_eq!(units[8].leads, ["区委组织部", "区人口局"]);
}
