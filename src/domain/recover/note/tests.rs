use super::*;
use rstest::rstest;

fn at(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

#[rstest]
#[case("2024-11 已通过 第2版.txt", Some(("2024-11", 2)))]
#[case("2024-11 已退回 第1版 12处须处理.txt", Some(("2024-11", 1)))]
#[case("2018-Q4 零报告已通过 第1版.txt", Some(("2018-Q4", 1)))]
#[case("2024-11 第3版已撤回.txt", Some(("2024-11", 3)))]
#[case("2024-11 returned version 4 2 to correct.txt", Some(("2024-11", 4)))]
#[case("2024-11 version 2 withdrawn.txt", Some(("2024-11", 2)))]
#[case("2024-11 已存3行，未报送.txt", None)]
#[case("2024-11 会议记录 第2版讨论.docx", None)]
#[case("报送回执.txt", None)]
fn the_name_of_a_status_note_tells_period_and_version(
    #[case] name: &str,
    #[case] expected: Option<(&str, u32)>,
) {
    let read = status_name(name);
    let read = read.as_ref().map(|read| (read.period.as_str(), read.version));
    assert_eq!(read, expected);
}

#[rstest]
#[case("2024-12 已存1行，未报送.txt", true)]
#[case("2024-12 已存零报告，未报送 2处须处理.txt", true)]
#[case("2024-12 3 rows saved, not submitted, 2 to correct.txt", true)]
#[case("2024-11 已通过 第2版.txt", false)]
#[case("已存盘.txt", false)]
fn the_note_on_a_draft_is_ours(#[case] name: &str, #[case] ours: bool) {
    assert_eq!(is_draft_note(name), ours);
}

#[test]
fn a_receipt_tells_all_that_counts() {
    let text = "\u{feff}报送回执\r\n\r\n洪文泽挂点组：\r\n贵单位报送的2024年11月挂点台账（洪文泽（定）11月.xlsx）已于2024年12月6日9:12收到，\
                审核通过，计12行，计入2024年11月，为第2版（已过报送截止时间2024年12月5日17:30，按迟报登记）。\r\n\
                系统在2024年12月5日20:00至2024年12月6日9:12之间没有运行，收到时间按这一时段计。\r\n";
    let noted = read_note(text).unwrap();
    assert_eq!(
        noted,
        Noted {
            version: 2,
            file: "洪文泽（定）11月.xlsx".into(),
            received: Some(at("2024-12-06 09:12")),
            unseen_since: Some(at("2024-12-05 20:00")),
            outcome: Outcome::Accepted,
            late: Some(true),
            rows: Some(12),
            counts: None,
        }
    );
}

#[test]
fn the_offices_reason_stands_on_the_receipt() {
    let line = "贵单位报送的2024年11月挂点台账（罗养.xlsx）已于2024年12月2日9:00收到，经乌塘镇指挥部办公室同意接收\
                （电话核实（两次），属实），计3行，计入2024年11月，为第1版。";
    let noted = read_note(line).unwrap();
    assert_eq!(noted.outcome, Outcome::ByOffice("电话核实（两次），属实".into()));
    assert_eq!((noted.late, noted.rows), (Some(false), Some(3)));
    let nil = "贵单位报送的2024年11月挂点台账（零报告.xlsx）已于2024年12月2日9:00收到，按零报告登记，计入2024年11月，为第1版。";
    assert_eq!(read_note(nil).unwrap().outcome, Outcome::Nil);
}

#[test]
fn a_status_note_tells_what_became_of_the_latest_version() {
    let text = "2024年11月挂点台账  罗养\r\n\r\n第2版（罗养 2024年11月台账.xlsx）于2024年12月4日10:30收到，现已退回，有2处须处理：\r\n\
                1. B6：日期不对。\r\n\r\n目前计入汇总的是第1版。\r\n";
    let noted = read_note(text).unwrap();
    assert_eq!((noted.version, noted.outcome.clone()), (2, Outcome::Returned));
    assert_eq!(
        (noted.counts, noted.received),
        (Some(1), Some(at("2024-12-04 10:30")))
    );
    let taken = read_note("第1版（罗养.xlsx）已撤回：报错了月份。").unwrap();
    assert_eq!(taken.outcome, Outcome::Withdrawn("报错了月份".into()));
    let accepted = read_note("第1版（罗养.xlsx）于2024年12月4日10:30收到，已审核通过，计3行。").unwrap();
    assert_eq!((accepted.outcome, accepted.rows), (Outcome::Accepted, Some(3)));
}

#[test]
fn english_notes_are_read_as_well() {
    let text = "Receipt\r\n\r\nWest:\r\nYour visit ledger for November 2024 (west.xlsx) was received on 6 December 2024 09:12 and \
                accepted by the office (seen on paper) with 3 rows. It counts for November 2024 as version 2 and is late: it was due by \
                5 December 2024 17:30.";
    let noted = read_note(text).unwrap();
    assert_eq!(noted.outcome, Outcome::ByOffice("seen on paper".into()));
    assert_eq!((noted.version, noted.late, noted.rows), (2, Some(true), Some(3)));
    assert_eq!(noted.received, Some(at("2024-12-06 09:12")));
    let status =
        "Version 1 (west.xlsx) was received on 5 December 2024 17:00 and is returned with 2 to correct:";
    assert_eq!(read_note(status).unwrap().outcome, Outcome::Returned);
}

#[test]
fn what_is_worded_otherwise_says_nothing() {
    for text in [
        "",
        "请各单位于第2版（草稿）中修改",
        "会议通知：已于2024年12月2日9:00收到",
    ] {
        assert_eq!(read_note(text), None, "{text}");
    }
}

#[test]
fn a_note_beside_a_file_tells_when_it_came() {
    let note = read_beside(
        "\u{feff}新建 工作表.xlsx\r\n2024年12月2日9:05收到\r\n\r\n这个文件暂不计入：看不出单位\r\n",
    )
    .unwrap();
    assert_eq!(note.file, "新建 工作表.xlsx");
    assert_eq!(note.received, Some(at("2024-12-02 09:05")));
}

#[test]
fn a_note_tells_whether_a_file_was_put_aside() {
    let chinese =
        |why: &str| format!("已搁置.xlsx\r\n2024年12月2日9:05收到\r\n\r\n这个文件不算报送：{why}\r\n");
    let english = |why: &str| {
        format!("a.xlsx\nreceived 2 December 2024 09:05\n\nThis file does not count as submitted: {why}\n")
    };
    for (note, aside) in [
        (chinese("系统三次处理到它时都中断了，已搁置，文件留在原处"), true),
        (chinese("文件有密码"), false),
        (
            english("the system broke off over it three times; it was put aside and left"),
            true,
        ),
        (english("it has a password"), false),
    ] {
        assert_eq!(read_beside(&note).unwrap().put_aside, aside, "{note}");
    }
}
