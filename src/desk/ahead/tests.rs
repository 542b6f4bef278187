use super::*;
use crate::domain::fixture;

fn line(at: &str, letters: usize) -> AheadLine {
    let letter = AheadLetter {
        unit: Some("甲".into()),
        to: "乙".into(),
        cc: None,
        reason: None,
    };
    AheadLine {
        at: fixture::instant(at).with_timezone(&chrono_tz::Asia::Shanghai),
        name: "台账".into(),
        period: "2024年11月".into(),
        kind: "报送提醒",
        draft: false,
        to: "联络员".into(),
        reason: None,
        letters: vec![letter; letters],
        first: 1,
        all: letters,
    }
}

#[test]
fn every_day_and_every_letter_stands_on_one_page() {
    let calendar = Calendar::default();
    let now = fixture::instant("2024-12-02T01:00:00Z").with_timezone(&chrono_tz::Asia::Shanghai);
    let lines = [
        line("2024-12-05T01:00:00Z", 200),
        line("2024-12-05T01:00:00Z", 200),
        line("2024-12-05T02:00:00Z", 200),
        line("2024-12-05T03:00:00Z", 200),
        line("2024-12-05T04:00:00Z", 200),
        line("2024-12-05T05:00:00Z", 200),
        line("2024-12-20T01:00:00Z", 1),
        line("2024-12-28T01:00:00Z", 900),
    ];
    let all = [Arc::new(Ahead {
        lines: lines.to_vec(),
        next: HashMap::new(),
    })];
    let (mut dates, mut letters) = (Vec::new(), 0);
    let page = |asked| page(Language::Chinese, &calendar, now, &all, asked);
    let parts = page(1).parts;
    assert_eq!(parts, 3);
    for at in 1..=parts {
        let page = page(at);
        assert_eq!((page.at, page.letters), (at, 2101));
        dates.extend(page.days.iter().map(|day| (day.date, at)));
        let of_days = page.days.iter().flat_map(|day| &day.lines);
        letters += of_days.map(|line| line.letters.len()).sum::<usize>();
    }
    assert_eq!(letters, 2101);
    let day = |day| NaiveDate::from_ymd_opt(2024, 12, day).unwrap();
    let on = |date| {
        dates
            .iter()
            .filter(|(own, _)| *own == date)
            .map(|(_, at)| *at)
            .collect::<Vec<_>>()
    };
    assert_eq!(on(day(2)), [1]);
    assert_eq!(on(day(5)), [1, 2], "the day that is divided");
    assert_eq!(on(day(6)), [2]);
    assert_eq!(on(day(21)), [3]);
    assert_eq!(dates.len(), 32, "thirty days from today, one of them twice");
    let beyond = page(99);
    assert_eq!(beyond.at, 3);
    let nothing = super::page(Language::Chinese, &calendar, now, &[], 1);
    assert_eq!((nothing.days.len(), nothing.parts), (31, 1));
    assert!(
        nothing.days[5].off && nothing.days[5].assumed,
        "{:?}",
        nothing.days[5]
    );
}

#[test]
fn a_page_has_two_hundred_lines_at_most() {
    let lines = vec![line("2024-12-05T01:00:00Z", 1); 450];
    let refs: Vec<&AheadLine> = lines.iter().collect();
    let sizes: Vec<usize> = paged(&refs).iter().map(|page| page.len()).collect();
    assert_eq!(sizes, [200, 200, 50]);
}
