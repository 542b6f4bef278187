//! A form in the folder of another programme.

use std::fs;

use taizhang::domain::finding::Verdict;
use taizhang::domain::ladder::Kind;

use crate::harness::{TestSite, cells, names, read, save_with};
use crate::registers::any_form::{Line, filled};

/// Two registers of one town, whose rosters have a unit of one name.
pub async fn site() -> TestSite {
    let site = TestSite::of("hengli-tasks", "横沥乡村振兴台账", "2018-12-29T10:00:00+08:00").await;
    let root = site.root().to_path_buf();
    let folder = root.join("templates/programs/roads");
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(root.join("templates/programs/hengli-tasks")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    let definition = folder.join("program.toml");
    let text = fs::read_to_string(&definition).unwrap();
    let text = text
        .replace("id = \"hengli-tasks\"", "id = \"roads\"")
        .replace("folder = \"横沥乡村振兴台账\"", "folder = \"道路台账\"")
        .replace("matter = \"乡村振兴工作台账\"", "matter = \"道路建设台账\"");
    fs::write(&definition, text).unwrap();
    let roster = folder.join("roster.csv");
    let text = fs::read_to_string(&roster).unwrap();
    fs::write(&roster, text.replace("H02,财政分局", "H02,财政所")).unwrap();
    let tasks = folder.join("tasks.csv");
    let text = fs::read_to_string(&tasks).unwrap();
    fs::write(&tasks, text.replace("财政分局", "财政所")).unwrap();
    let groups = folder.join("groups.csv");
    let text = fs::read_to_string(&groups).unwrap();
    fs::write(&groups, text.replace("财政分局", "财政所")).unwrap();
    let config = root.join("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    let lines = text.lines().map(|line| {
        if line.starts_with("enabled = ") {
            "enabled = [\"hengli-tasks\", \"roads\"]"
        } else {
            line
        }
    });
    fs::write(&config, lines.collect::<Vec<_>>().join("\n")).unwrap();
    let site = TestSite::reopened(site, "2018-12-29T10:00:00+08:00").await;
    for _ in 0..4 {
        site.run().await;
    }
    site
}

fn report<'h>(_: &str, line: &Line) -> Vec<(&'h str, String)> {
    vec![
        (
            "本季度进展情况",
            format!("第{}项完成阶段性工作，已报镇委。", line.cells["序号"]),
        ),
        ("进度状态", "推进中".to_owned()),
        ("下季度计划", "继续推进。".to_owned()),
    ]
}

/// The form of the second register that lies ready for a unit.
fn laid(site: &TestSite, unit: &str) -> std::path::PathBuf {
    let folder = site.root().join(format!("watch/道路台账/{unit}/本期填报表"));
    let mut files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .find(|path| path.extension().is_some_and(|own| own == "xlsx"))
        .expect("a form")
}

const FILLED_BY: [(&str, &str); 2] = [("填报人", "李明"), ("联系电话", "0769-83371234")];

#[tokio::test(flavor = "multi_thread")]
async fn a_form_in_the_wrong_folder_is_judged_where_it_belongs() {
    let site = site().await;
    let watch = site.root().join("watch");
    let unit = "公用事业服务中心";
    let form = laid(&site, unit);
    let bytes = filled(&read(&form), &FILLED_BY, report);
    site.at("2019-01-03T10:00:00+08:00");
    site.drop_file(&format!("{unit}/道路四季度.xlsx"), &bytes);
    site.run().await;
    let last = site.last().await;
    assert_eq!(last.program.as_str(), "roads", "{:?}", site.codes().await);
    assert!(last.verdict.is_accepted(), "{:?}", site.codes().await);
    let names = |folder: &str| -> Vec<String> {
        let entries = fs::read_dir(watch.join(folder)).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect()
    };
    assert!(names(&format!("道路台账/{unit}/审核通过/2018-Q4")).contains(&"道路四季度.xlsx".to_owned()));
    let left = names(&format!("横沥乡村振兴台账/{unit}"));
    assert!(!left.contains(&"道路四季度.xlsx".to_owned()), "{left:?}");
    let note = left
        .iter()
        .find(|name| name.contains("已转到所属的报送"))
        .expect("a note");
    let text = fs::read_to_string(watch.join(format!("横沥乡村振兴台账/{unit}/{note}"))).unwrap();
    assert!(
        text.contains("道路建设台账") && text.contains(&format!("道路台账/{unit}")),
        "{text}"
    );
    // Another round leaves all as it is.
    site.run().await;
    assert_eq!(site.last().await.id, last.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_unit_bears_the_name_it_says_where_it_belongs() {
    let site = site().await;
    let form = laid(&site, "财政所");
    let bytes = filled(&read(&form), &FILLED_BY, report);
    site.at("2019-01-03T10:00:00+08:00");
    site.drop_file("财政分局/道路四季度.xlsx", &bytes);
    site.run().await;
    let last = site.last().await;
    assert_eq!(
        (last.program.as_str(), last.verdict),
        ("hengli-tasks", Verdict::Unreadable)
    );
    let codes = site.codes().await;
    assert!(codes.contains(&"other-programme"), "{codes:?}");
}

/// Two programmes have its header, and neither a stamp nor a title says whose it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_without_a_title_in_the_common_folder_waits_for_the_office() {
    let site = site().await;
    let mut book = read(&laid(&site, "公用事业服务中心"));
    book.properties.clear();
    let bytes = filled(&book, &FILLED_BY, report);
    let titled = site.root().join("有标题.xlsx");
    fs::write(&titled, &bytes).unwrap();
    let book = read(&titled);
    let sheet = names(&book)[0].to_owned();
    let title = cells(&book, &sheet)
        .into_iter()
        .find(|(_, text)| text.starts_with("横沥镇推进乡村振兴战略工作台账"))
        .expect("a title");
    let bare = save_with(&book, &[(&sheet, &title.0, "")]);
    site.at("2019-01-03T10:00:00+08:00");
    site.drop_file("四季度.xlsx", &bare);
    site.run().await;
    let last = site.last().await;
    assert_eq!(last.verdict, Verdict::Unclaimed, "{:?}", site.codes().await);
    let findings = site.site.store.findings(last.id).await.unwrap();
    let unclear = findings
        .iter()
        .find(|own| own.code.as_str() == "programme-unclear")
        .unwrap_or_else(|| panic!("{findings:?}"));
    assert!(
        unclear.message.contains("“横沥乡村振兴台账”“道路台账”"),
        "{}",
        unclear.message
    );
    // With its title it is this programme's.
    site.drop_file("四季度台账.xlsx", &bytes);
    site.run().await;
    assert!(
        site.last().await.verdict.is_accepted(),
        "{:?}",
        site.codes().await
    );
}

/// Two programmes of one office: what is gravest comes first, then in the order
/// of the programmes, each with its own basis.
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_of_two_programmes_begins_with_what_is_overdue_longest() {
    let site = site().await;
    // Both are overdue on the same day; the second one was extended.
    site.at("2019-01-08T09:30:00+08:00").run().await;
    let letters = site.site.store.letters(&[]).await.unwrap();
    let unit = letters
        .iter()
        .find(|own| own.text.text.contains("公用事业服务中心") && own.kind == Kind::FirstChase)
        .expect("a chase");
    let text = &unit.text.text;
    let places = ["乡村振兴工作台账", "道路建设台账"].map(|matter| text.find(matter));
    assert!(places[0].is_some() && places[0] < places[1], "{text}");
}
