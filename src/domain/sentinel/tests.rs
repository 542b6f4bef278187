use rstest::rstest;

use super::*;

const OWN: &str = "0123456789abcdef0123456789abcdef";
const OTHER: &str = "ffffffffffffffffffffffffffffffff";

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_733_450_000 + minutes * 60, 0).unwrap()
}

fn own() -> Own {
    Own {
        site: OWN.into(),
        host: "县政数局".into(),
        data: "/srv/台账/data".into(),
        watch: "/srv/台账/watch".into(),
        process: "a1".into(),
        wrote: None,
        held: true,
        copied: false,
    }
}

/// What the site that asks wrote itself, at minute 0.
fn sentinel() -> Sentinel {
    let Own {
        site,
        host,
        data,
        watch,
        process,
        ..
    } = own();
    Sentinel {
        site,
        host,
        data,
        watch,
        heartbeat: at(0),
        entry: 7,
        process,
        mark: "m1".into(),
        stopped: false,
    }
}

#[test]
fn what_is_written_is_read_again() {
    for stopped in [false, true] {
        let sentinel = Sentinel {
            stopped,
            ..sentinel()
        };
        let text = sentinel.to_text(chrono_tz::Asia::Shanghai);
        assert!(text.starts_with("# taizhang 用这个文件"), "{text}");
        assert!(text.contains("heartbeat = 2024-12-06T09:53:20+08:00"), "{text}");
        assert_eq!(parse(&text), Said::Owner(sentinel.clone()));
        // Opened and saved by an editor on Windows.
        let saved = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(parse(&saved), Said::Owner(sentinel));
    }
}

#[rstest]
#[case::empty("")]
#[case::blank(" \r\n\n")]
#[case::earlier_version("taizhang 用这个文件判断共享文件夹是否在线，请勿删除。\n")]
#[case::only_what_people_read(HEAD)]
fn an_old_or_empty_one_names_nobody(#[case] text: &str) {
    assert_eq!(parse(text), Said::Nobody);
    let judgement = judge(&parse(text), &own(), at(0));
    assert_eq!(
        judgement,
        Judgement::TakeOver {
            from: Predecessor::Nobody
        }
    );
}

#[test]
fn the_five_lines_that_matter_and_the_code_are_enough() {
    let text =
        format!("site = {OTHER}\nhost=b\ndata = /d\nheartbeat = 2024-12-06T01:53:20Z\nentry = 0\nmore = 1\n");
    let text = format!("{text}check={}", check_code::code(&text));
    let Said::Owner(read) = parse(&text) else {
        panic!("{:?}", parse(&text))
    };
    assert_eq!((read.heartbeat, read.entry, read.stopped), (at(0), 0, false));
    assert_eq!((read.watch.as_str(), read.process.as_str()), ("", ""));
}

#[rstest]
#[case::a_persons_words("请不要动", None, "看不懂的一行“请不要动”")]
#[case::no_id("site = 乌塘镇\nhost = a", None, "“site”的值“乌塘镇”不对")]
#[case::capitals(&format!("site = {}", "A".repeat(32)), None, "“site”")]
#[case::no_time(&format!("site = {OWN}\nhost = a\ndata = /d\nheartbeat = 昨天\nentry = 1"), Some(OWN), "“heartbeat”的值“昨天”不对")]
#[case::no_zone(&format!("site = {OTHER}\nheartbeat = 2024-12-06T09:53:20"), Some(OTHER), "“heartbeat”")]
#[case::below_zero(&format!("site = {OTHER}\nentry = -1"), Some(OTHER), "“entry”")]
#[case::twice(&format!("site = {OWN}\nsite = {OWN}"), Some(OWN), "不止一次")]
#[case::half(&format!("site = {OWN}\nhost = a\n"), Some(OWN), "缺少“data”")]
#[case::no_site(
    "host = a\ndata = /d\nheartbeat = 2024-12-06T01:53:20Z\nentry = 1",
    None,
    "缺少“site”"
)]
#[case::asleep(&format!("site = {OWN}\nstate = 休眠"), Some(OWN), "“state”")]
#[case::without_a_code(
    &format!("site = {OWN}\nhost=b\ndata = /d\nheartbeat = 2024-12-06T01:53:20Z\nentry = 0"),
    Some(OWN),
    "缺少“check”"
)]
fn one_that_no_program_wrote_is_odd(#[case] text: &str, #[case] site: Option<&str>, #[case] why: &str) {
    let said = parse(text);
    let Said::Odd {
        site: named, reason, ..
    } = &said
    else {
        panic!("{said:?}")
    };
    assert_eq!(named.as_deref(), site);
    assert!(reason.contains(why), "{reason}");
    // Never obeyed; written anew only where it is ours for certain.
    for held in [true, false] {
        let repair = if site.is_some() { site == Some(OWN) } else { held };
        let judgement = judge(&said, &Own { held, ..own() }, at(0));
        let reason = reason.clone();
        assert_eq!(judgement, Judgement::ChangedByHand { reason, repair });
    }
}

fn of(change: impl FnOnce(&mut Sentinel)) -> Sentinel {
    let mut sentinel = sentinel();
    change(&mut sentinel);
    sentinel
}

/// A site on another machine.
fn other() -> Sentinel {
    of(|own| {
        own.site = OTHER.into();
        own.host = "乌塘镇".into();
        own.process = "b2".into();
    })
}

/// The word of a judgement, for the tables below.
fn word(judgement: &Judgement) -> &'static str {
    match judgement {
        Judgement::Owned => "owned",
        Judgement::TakeOver { from } => match from {
            Predecessor::Nobody => "nobody",
            Predecessor::Stopped(_) => "stopped",
            Predecessor::Silent(_) => "silent",
            Predecessor::SamePlace(_) => "same place",
            Predecessor::Original(_) => "original",
        },
        Judgement::RefusedBecause(_) => "refused",
        Judgement::ChangedByHand { repair: true, .. } => "repair",
        Judgement::ChangedByHand { repair: false, .. } => "ask",
    }
}

#[rstest]
#[case::before_a_restart(of(|own| own.process = "z9".into()), 1, "owned")]
#[case::weeks_before(of(|own| own.process = "z9".into()), 60_000, "owned")]
#[case::the_clock_was_set_back(of(|own| own.process = "z9".into()), -60_000, "owned")]
#[case::another_site(other(), 1, "refused")]
#[case::just_not_an_hour(other(), 59, "refused")]
#[case::an_hour(other(), 60, "silent")]
#[case::its_clock_is_ahead(other(), -600, "refused")]
#[case::far_ahead(other(), -6_000_000, "refused")]
#[case::it_stopped(Sentinel { stopped: true, ..other() }, 1, "stopped")]
#[case::it_stopped_by_a_clock_ahead(Sentinel { stopped: true, ..other() }, -600, "stopped")]
#[case::a_copy_on_another_machine(of(|own| { own.host = "乙".into(); own.process = "b2".into(); }), 1, "refused")]
#[case::a_copy_beside(of(|own| { own.data = "/b/data".into(); own.process = "b2".into(); }), 1, "refused")]
#[case::moved_after_a_stop(of(|own| { own.data = "/b/data".into(); own.stopped = true; }), 1, "stopped")]
#[case::moved_after_a_crash(of(|own| own.data = "/b/data".into()), 61, "silent")]
#[case::a_new_database(of(|own| own.site = OTHER.into()), 1, "same place")]
fn at_the_start(#[case] found: Sentinel, #[case] minute: i64, #[case] expected: &str) {
    let judgement = judge(&Said::Owner(found), &own(), at(minute));
    assert_eq!(word(&judgement), expected, "{judgement:?}");
}

#[rstest]
#[case::as_written(sentinel(), 1, "owned")]
#[case::after_weeks_without_a_heartbeat(sentinel(), 60_000, "owned")]
#[case::the_clock_was_set_back(sentinel(), -600, "owned")]
#[case::another_site_took_over(other(), 1, "refused")]
#[case::and_its_heartbeat_aged(other(), 61, "silent")]
#[case::and_it_stopped(Sentinel { stopped: true, ..other() }, 1, "stopped")]
#[case::a_copy_took_over(of(|own| { own.data = "/b/data".into(); own.process = "b2".into(); }), 1, "refused")]
#[case::a_twin_on_a_cloned_machine(of(|own| own.process = "b2".into()), 1, "refused")]
#[case::a_twin_with_a_database_of_its_own(of(|own| { own.site = OTHER.into(); own.process = "b2".into(); }), 1, "refused")]
fn while_it_works(#[case] found: Sentinel, #[case] minute: i64, #[case] expected: &str) {
    let working = Own {
        wrote: Some(at(0)),
        ..own()
    };
    let judgement = judge(&Said::Owner(found), &working, at(minute));
    assert_eq!(word(&judgement), expected, "{judgement:?}");
}

#[rstest]
#[case::host("host = 县政数局", "host = 乙", "repair", "repair")]
#[case::site(OWN, OTHER, "repair", "ask")]
#[case::an_older_heartbeat("heartbeat = 2024-12-06", "heartbeat = 2024-12-05", "repair", "repair")]
#[case::a_heartbeat_to_come("heartbeat = 2024", "heartbeat = 2034", "repair", "repair")]
#[case::process("process = a1", "process = b2", "repair", "repair")]
#[case::entry("entry = 7", "entry = 70", "repair", "repair")]
#[case::state("state = running", "state = stopped", "repair", "repair")]
#[case::a_line_less("watch = /srv/台账/watch\n", "", "repair", "repair")]
#[case::what_people_read("请勿修改、删除", "可以修改", "repair", "repair")]
fn any_word_that_a_person_changed_is_named(
    #[case] from: &str,
    #[case] to: &str,
    #[case] working: &str,
    #[case] starting: &str,
) {
    let text = sentinel().to_text(chrono_tz::Asia::Shanghai);
    let changed = text.replace(from, to);
    assert_ne!(changed, text);
    let said = parse(&changed);
    for (wrote, expected) in [(Some(at(0)), working), (None, starting)] {
        let judgement = judge(&said, &Own { wrote, ..own() }, at(1));
        assert_eq!(word(&judgement), expected, "{judgement:?}");
        let Judgement::ChangedByHand { reason, .. } = judgement else {
            panic!("obeyed")
        };
        assert!(reason.contains("校验码"), "{reason}");
    }
    // Another site's that was changed is never a reason to take its share.
    let other = other().to_text(chrono_tz::Asia::Shanghai);
    let aged = other.replace("heartbeat = 2024-12-06", "heartbeat = 2024-11-06");
    assert_eq!(word(&judge(&parse(&aged), &own(), at(1))), "ask");
}

#[test]
fn a_site_that_was_copied_with_its_share_leaves_the_original_alone() {
    let copied = Own {
        copied: true,
        ..own()
    };
    for found in [sentinel(), other()] {
        let found = Sentinel {
            process: "b2".into(),
            ..found
        };
        assert_eq!(word(&judge(&Said::Owner(found), &copied, at(1))), "original");
    }
}

#[test]
fn a_refusal_names_who_where_when_and_what_to_do() {
    let zone = chrono_tz::Asia::Shanghai;
    let text = refusal(&other(), &own(), at(1), zone);
    for word in [
        "另一套",
        "乌塘镇",
        "/srv/台账/data",
        "/srv/台账/watch",
        "2024-12-06 09:53",
        "清空",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(!text.contains("核对两台机器的时间"));
    assert!(!refusal(&other(), &own(), at(-4), zone).contains("核对两台机器的时间"));
    assert!(refusal(&other(), &own(), at(-6), zone).contains("核对两台机器的时间"));
    let copy = of(|own| own.host = "乙".into());
    assert!(refusal(&copy, &own(), at(1), zone).contains("本站点的另一份副本"));
}
