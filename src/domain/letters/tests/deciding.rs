//! What a decision comes to, when it is tried again, what is held back.

use super::*;

#[test]
fn a_decision_comes_to_what_the_state_allows() {
    let approve = Decision::Approve(None);
    let all = [approve, Decision::Discard, Decision::Retry, Decision::Done];
    let mut table = BTreeMap::new();
    for state in LetterState::ALL {
        for (error, mark) in [(None, ""), (Some("451"), " 出过错")] {
            let own = letter(state, vec![clerk("a")], error);
            let comes: Vec<&str> = all
                .iter()
                .map(|decision| decision.comes_to(&own).map_or("—", LetterState::label))
                .collect();
            table.insert(format!("{}{mark}", state.label()), comes.join(" "));
        }
    }
    // 核准、不发、再发、已送达
    let expected = [
        ("不发", "— — — —"),
        ("不发 出过错", "— — — —"),
        ("发送失败", "— 不发 待发 —"),
        ("发送失败 出过错", "— 不发 待发 —"),
        ("已发出", "— — — —"),
        ("已发出 出过错", "— — — —"),
        ("待人工送达", "— 不发 — 已发出"),
        ("待人工送达 出过错", "— 不发 — 已发出"),
        ("待发", "— 不发 — —"),
        ("待发 出过错", "— 不发 待发 —"),
        ("正在发送", "— — — —"),
        ("正在发送 出过错", "— — — —"),
        ("结果不明", "— — 待发 已发出"),
        ("结果不明 出过错", "— — 待发 已发出"),
        ("草稿", "待发 不发 — —"),
        ("草稿 出过错", "待发 不发 — —"),
    ];
    assert_eq!(
        table,
        expected
            .map(|(own, comes)| (own.to_owned(), comes.to_owned()))
            .into()
    );
    let nobody = letter(LetterState::Draft, vec![person(Role::Liaison, "U01", "")], None);
    assert_eq!(
        Decision::Approve(None).comes_to(&nobody),
        Some(LetterState::ByHand)
    );
}

#[test]
fn nobody_drops_out_of_a_letter_to_several() {
    let (with, without, other) = (
        clerk("a"),
        person(Role::Leader, "L01", ""),
        person(Role::Leader, "L02", ""),
    );
    let of = |to: &[&Recipient], cc: &[&Recipient]| Addressed {
        to: to.iter().copied().cloned().collect(),
        cc: cc.iter().copied().cloned().collect(),
    };
    for (addressed, alone, rest, only_copies) in [
        (
            of(&[&with, &without], &[]),
            vec![&without],
            of(&[&with], &[]),
            false,
        ),
        (
            of(&[&without, &other], &[]),
            vec![&other],
            of(&[&without], &[]),
            false,
        ),
        (
            of(&[&without, &other], &[&with]),
            vec![&without, &other],
            of(&[&without, &other], &[&with]),
            true,
        ),
        (
            of(&[&without], &[&with]),
            vec![&without],
            of(&[&without], &[&with]),
            true,
        ),
    ] {
        let found = divided(&addressed).unwrap();
        assert_eq!(found.alone.iter().collect::<Vec<_>>(), alone);
        assert_eq!((found.rest, found.only_copies), (rest, only_copies));
    }
    for whole in [of(&[&with], &[]), of(&[&without], &[]), of(&[&with], &[&without])] {
        assert_eq!(divided(&whole), None, "{whole:?}");
    }
}

#[test]
fn the_pause_doubles_up_to_four_hours_and_is_each_letter_s_own() {
    let minutes = |attempts, jitter| retry::wait(attempts, jitter).num_minutes();
    let bare: Vec<i64> = (0..8).map(|attempts| minutes(attempts, 0)).collect();
    assert_eq!(bare, [5, 10, 20, 40, 80, 160, 240, 240]);
    for attempts in [0, 3, 6, u32::MAX] {
        let (least, most) = (retry::wait(attempts, 0), retry::wait(attempts, u8::MAX));
        assert_eq!(most, least + least / 4);
    }
}

#[rstest]
#[case(false, false, 0, 2)]
#[case(true, false, 1, 1)]
#[case(false, true, 1, 1)]
fn chases_are_held_while_nobody_could_hand_in(
    #[case] share_away: bool,
    #[case] clock_fault: bool,
    #[case] held: usize,
    #[case] left: usize,
) {
    let hold = Hold {
        share_away,
        clock_fault,
    };
    let now = fixture::instant("2024-12-06T01:00:00Z").with_timezone(&chrono_tz::Asia::Shanghai);
    let planned = |kind: Kind| crate::domain::notices::Notice {
        program: "wutang-visits".into(),
        unit: Some("U01".into()),
        leader: None,
        period: fixture::november(),
        revision: 0,
        step: format!("{kind:?}"),
        version: None,
        kind,
        mode: Mode::Auto,
        at: now,
        step_at: now,
        to: vec![clerk("a")],
        cc: Vec::new(),
        reason: notice("wutang-visits", "U01", kind, None).body.reason,
    };
    let all = || vec![planned(Kind::FirstChase), planned(Kind::Receipt)];
    let mut notices = all();
    assert_eq!(hold.hold_back(&mut notices, &BTreeSet::new(), now), held);
    assert_eq!(notices.len(), left);
    // What was recorded before is held back, but no news.
    let recorded: BTreeSet<NoticeKey> = all().iter().map(crate::domain::notices::Notice::key).collect();
    let mut notices = all();
    assert_eq!(hold.hold_back(&mut notices, &recorded, now), 0);
    assert_eq!(notices.len(), left);
}

#[test]
fn a_step_without_anybody_to_write_to_writes_to_its_copies() {
    let now: DateTime<Utc> = fixture::instant("2024-12-06T01:00:00Z");
    let zoned = now.with_timezone(&chrono_tz::Asia::Shanghai);
    let (by_hand, head) = (person(Role::Liaison, "U01", ""), clerk("head"));
    let mut step = crate::domain::notices::Notice {
        program: "wutang-visits".into(),
        unit: Some("U01".into()),
        leader: None,
        period: fixture::november(),
        revision: 0,
        step: "first".into(),
        version: None,
        kind: Kind::FirstChase,
        mode: Mode::Auto,
        at: zoned,
        step_at: zoned,
        to: vec![by_hand.clone()],
        cc: vec![head.clone()],
        reason: notice("wutang-visits", "U01", Kind::FirstChase, None).body.reason,
    };
    let to = |step: &crate::domain::notices::Notice| -> Vec<Option<Recipient>> {
        NoticeRecord::of_each(step, now)
            .into_iter()
            .map(|own| own.body.to)
            .collect()
    };
    assert_eq!(to(&step), [Some(by_hand.clone()), Some(head)]);
    step.kind = Kind::Bulletin;
    assert_eq!(to(&step), [Some(by_hand)], "divided when it is approved");
    step.mode = Mode::Never;
    assert_eq!(to(&step), [None], "only noted");
}
