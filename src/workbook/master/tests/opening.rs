//! The first paragraph of 汇总表, and the line that adds its columns up.

use super::*;

/// The paragraph, and the lines below the rows.
fn around(site: &Site) -> (String, Vec<Vec<String>>) {
    let lines = texts(&site.write().0.sheets[0]);
    let rows: usize = site.ledgers.iter().map(|(_, rows)| rows.len()).sum();
    (lines[2][0].clone(), lines[4 + rows..].to_vec())
}

#[test]
fn what_matters_comes_first_and_adds_up() {
    let site = Site::november();
    let (opening, _) = around(&site);
    assert_eq!(
        opening,
        "本期应报11个单位，按时报送5个（含零报告2个），\
         退回未更正3个（吴垂超挂点组、谭仁普挂点组、陈小敏挂点组），\
         未报3个（罗养挂点组、黄景连挂点组、余晓锐挂点组）；另有免报2个（马陕燕挂点组、周景辉挂点组）。\
         本期共调研3次、2天，推动解决问题4个（联合调研不重复计算）。"
    );
    let tally = site.summary().tally;
    assert_eq!(
        tally.expected,
        tally.on_time + tally.late + tally.returned + tally.missing
    );
}

#[test]
fn columns_are_added_and_what_does_not_count_is_said() {
    let mut site = Site::november();
    let (_, below) = around(&site);
    assert_eq!(below[0], ["合计（5行）", "7"]);
    site.ledgers[2].1.push(LedgerRow {
        late: true,
        ..row("2024-10-08", "米塘村", 7)
    });
    let (opening, below) = around(&site);
    assert!(
        opening.contains("另有补报1行，计入本年累计，不计入本期。"),
        "{opening}"
    );
    assert_eq!(below[0], ["合计（6行）", "14"]);
    assert_eq!(
        below[1],
        [
            "“调研推动解决问题数量(个)”各行合计14个，其中补报和重复填报（含联合调研）的10个不计入本期，本期按4个计。"
        ]
    );
}

#[test]
fn what_stands_open_is_said_as_it_is() {
    let site = Site::november();
    let words = Words::of(Language::Chinese);
    let mut summary = site.summary();
    for line in &mut summary.units {
        line.name = line.name.replace("挂点组", "");
        if line.state == State::Overdue {
            line.state = State::Due;
        }
        if line.state == State::Nil {
            line.late = true;
        }
    }
    summary.tally.unconfirmed = 1;
    (summary.tally.on_time, summary.tally.late) = (3, 2);
    let leaders = &mut summary.visits.as_mut().unwrap().leaders;
    let behind = leaders.iter_mut().find(|line| !line.coordinating).unwrap();
    behind.below = true;
    let behind = behind.name.clone();
    let opening = words.opening(&site.program, &summary);
    assert_eq!(
        opening,
        format!(
            "本期应报11个单位，按时报送3个，迟报2个（袁庆、吴忠强），退回未更正3个（吴垂超、谭仁普、陈小敏），\
             尚未报送3个（罗养、黄景连、余晓锐）（其中已收到、待办公室确认1份）；另有免报2个（马陕燕、周景辉）。\
             报送截止时间为2024年12月5日（星期四）17:30。\
             本期共调研3次、2天，推动解决问题4个（联合调研不重复计算）。\
             低于本年序时要求的有1人（{behind}）。"
        )
    );
    let english = Words::of(Language::English).opening(&site.program, &summary);
    assert!(
        english.starts_with("Of 11 ledgers expected: 3 on time, 2 late (袁庆, 吴忠强), "),
        "{english}"
    );
}

#[test]
fn many_names_are_cut_short_but_counted() {
    let site = Site::new(Vec::new());
    let mut summary = site.summary();
    for line in &mut summary.units {
        (line.state, line.expected) = (State::Overdue, true);
    }
    let units = summary.units.len();
    assert_eq!(units, 13);
    summary.tally.missing = 13;
    let opening = Words::of(Language::Chinese).opening(&site.program, &summary);
    assert!(opening.contains("未报13个（洪文泽挂点组、"), "{opening}");
    assert!(opening.contains("、周景辉挂点组等）"), "{opening}");
}
