//! Every step with every fault.

use super::*;

const ALL: [Step; 9] = [
    Step::Connect,
    Step::Tls,
    Step::Hello,
    Step::Login,
    Step::Sender,
    Step::Recipient,
    Step::Data,
    Step::Body,
    Step::End,
];

fn failure(step: Step, fault: Fault) -> Failure {
    Failure {
        server: "mail.cn:587".into(),
        step,
        fault,
    }
}

fn refused(step: Step, code: u16, text: &str) -> Failure {
    let reply = Reply {
        code,
        lines: vec![text.to_owned()],
    };
    failure(step, Fault::Refused(vec![Refusal::of(reply)]))
}

fn letter_of(outcome: &Outcome) -> char {
    match outcome {
        Outcome::Sent => 's',
        Outcome::Temporary(_) => 't',
        Outcome::Permanent(_) => 'p',
        Outcome::Uncertain(_) => 'u',
    }
}

#[test]
fn a_break_is_uncertain_after_the_final_dot_only() {
    for step in ALL {
        for fault in [
            Fault::Closed,
            Fault::Broken(io::ErrorKind::ConnectionReset.into()),
            Fault::Gibberish("x".into()),
            Fault::TookTooLong(Duration::from_secs(2)),
        ] {
            let expected = if step == Step::End { 'u' } else { 't' };
            let failure = failure(step, fault);
            assert_eq!(letter_of(&failure.outcome()), expected, "{failure:?}");
        }
    }
}

#[test]
fn refusals_count_by_step_and_code() {
    let told = |code| -> String {
        ALL.map(|step| letter_of(&refused(step, code, "no").outcome()))
            .iter()
            .collect()
    };
    assert_eq!(told(421), "ttttttttt");
    assert_eq!(told(450), "ttttttttt");
    assert_eq!(told(550), "ttttppppp");
    assert_eq!(told(535), "ttttttttt");
    // Neither yes nor no after the dot.
    assert_eq!(told(354), "ttttttttu");
}

#[test]
fn login_and_pace_say_nothing_of_the_recipient() {
    for (step, code, text) in [
        (
            Step::Sender,
            501,
            "mail from address must be same as authorization user",
        ),
        (Step::Sender, 553, "Mail from must equal authorized user"),
        (Step::Sender, 550, "Connection frequency limited"),
        (Step::End, 550, "Connection frequency limited"),
        (Step::Recipient, 530, "Authentication required"),
    ] {
        let failure = refused(step, code, text);
        assert_eq!(letter_of(&failure.outcome()), 't', "{text}");
        let words = failure.to_string();
        assert!(
            words.contains("授权码") || words.contains("rate_per_minute"),
            "{words}"
        );
    }
    assert_eq!(
        letter_of(&refused(Step::Recipient, 550, "not authorized").outcome()),
        'p'
    );
}

#[test]
fn refused_recipients_are_all_named_and_the_worst_counts() {
    let refusal = |address: &str, code| Refusal {
        address: Some(address.to_owned()),
        reply: Reply {
            code,
            lines: vec!["no".into()],
        },
    };
    let failure = failure(
        Step::Recipient,
        Fault::Refused(vec![refusal("a@x.cn", 450), refusal("b@x.cn", 550)]),
    );
    let Outcome::Permanent(words) = failure.outcome() else {
        panic!("{failure:?}")
    };
    assert!(
        words.contains("“a@x.cn”") && words.contains("“b@x.cn”") && words.contains("550 no"),
        "{words}"
    );
}
