//! Which notices go into one letter.

use super::*;

/// Letters of some notices, as recipient and what each is about.
fn letters(
    waiting: Vec<NoticeRecord>,
    programs: &[Program],
    written: &[(&str, &Program)],
) -> Vec<Vec<String>> {
    let written: BTreeSet<(String, Desk)> = written
        .iter()
        .map(|(to, program)| ((*to).to_owned(), Desk::of(program)))
        .collect();
    let find = |id: &str| programs.iter().find(|own| own.id == *id);
    let groups = grouped(waiting, &written, find);
    groups
        .iter()
        .map(|group| {
            let notices = group.notices.iter();
            notices
                .map(|own| format!("{} {}", own.key.program, own.key.subject))
                .collect()
        })
        .collect()
}

fn two_programmes() -> Vec<Program> {
    let mut other = fixture::wutang();
    other.id = OTHER.into();
    vec![fixture::wutang(), other]
}

#[test]
fn what_concerns_one_person_stands_in_one_letter_of_an_office() {
    let programs = two_programmes();
    let waiting = || {
        vec![
            notice("wutang-visits", "U01", Kind::FirstChase, Some(clerk("a"))),
            notice(OTHER, "U01", Kind::Reminder, Some(clerk("a"))),
            notice("wutang-visits", "U02", Kind::FirstChase, Some(clerk("b"))),
            notice("wutang-visits", "U02", Kind::FirstChase, None),
            notice("gone", "U03", Kind::FirstChase, Some(clerk("c"))),
        ]
    };
    let made = letters(waiting(), &programs, &[]);
    assert_eq!(
        made,
        [
            vec!["wutang-visits U01".to_owned(), format!("{OTHER} U01")],
            vec!["wutang-visits U02".to_owned()]
        ]
    );
    // Two offices write a letter each, and a trial one of its own.
    let mut offices = two_programmes();
    offices[1].office.name = "督查办".into();
    assert_eq!(letters(waiting(), &offices, &[]).len(), 3);
    let mut trial = two_programmes();
    trial[1].ladder.trial = true;
    assert_eq!(letters(waiting(), &trial, &[]).len(), 3);
}

#[test]
fn who_was_written_to_today_gets_the_rest_tomorrow_but_answers_at_once() {
    let programs = two_programmes();
    let to = clerk("a");
    let waiting = vec![
        notice("wutang-visits", "U01", Kind::FirstChase, Some(to.clone())),
        notice("wutang-visits", "U01", Kind::Returned, Some(to.clone())),
    ];
    let made = letters(waiting, &programs, &[(&to.key, &programs[0])]);
    assert_eq!(made, [vec!["wutang-visits U01".to_owned()]]);
}

#[test]
fn a_document_to_several_is_one_letter_and_waits() {
    let programs = two_programmes();
    let leaders = ["L01", "L02"].map(|id| person(Role::Leader, id, ""));
    let waiting = leaders
        .iter()
        .map(|to| {
            let mut own = notice("wutang-visits", "U01", Kind::Bulletin, Some(to.clone()));
            (own.unit, own.key.subject) = (None, String::new());
            own
        })
        .collect();
    let groups = grouped(waiting, &BTreeSet::new(), |id| {
        programs.iter().find(|own| own.id == *id)
    });
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].state, LetterState::Draft);
    assert_eq!(groups[0].addressed.to, leaders);
}

#[test]
fn the_gravest_kind_names_a_letter_and_nobody_stands_in_it_twice() {
    let programs = two_programmes();
    let (to, copy) = (person(Role::Liaison, "U01", ""), clerk("head"));
    let mut chase = notice("wutang-visits", "U01", Kind::SecondChase, Some(to.clone()));
    chase.body.cc = vec![copy.clone(), to.clone(), copy.clone()];
    let waiting = vec![
        notice("wutang-visits", "U01", Kind::Reminder, Some(to.clone())),
        chase,
    ];
    let groups = grouped(waiting, &BTreeSet::new(), |id| {
        programs.iter().find(|own| own.id == *id)
    });
    assert_eq!(groups.len(), 1);
    assert_eq!(
        (groups[0].kind, groups[0].state),
        (Kind::SecondChase, LetterState::ByHand),
        "nobody of those that it speaks to has an address"
    );
    assert_eq!(
        (&groups[0].addressed.to, &groups[0].addressed.cc),
        (&vec![to], &vec![copy])
    );
}
