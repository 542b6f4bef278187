//! Letters against a server that fails at every step, in every way.

mod fault_server;

use std::time::{Duration, Instant};

use chrono::DateTime;
use fault_server::{At, Fault, FaultServer};
use taizhang::mail::{
    Attachment, MailOptions, Mailbox, Message, Outcome, Password, Security, SmtpOptions, Transport,
    TransportKind,
};

/// Where a server can answer; while a letter comes in it only listens.
const REPLIES: [At; 7] = [
    At::Greeting,
    At::Hello,
    At::Login,
    At::Sender,
    At::Recipient,
    At::Data,
    At::End,
];

/// Where a connection can break.
const STEPS: [At; 8] = [
    At::Greeting,
    At::Hello,
    At::Login,
    At::Sender,
    At::Recipient,
    At::Data,
    At::Body,
    At::End,
];

const PASSWORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/mail/password.txt");

const LONG: Duration = Duration::from_mins(1);

fn options(port: u16) -> MailOptions {
    MailOptions {
        transport: TransportKind::Smtp,
        smtp: SmtpOptions {
            host: "127.0.0.1".into(),
            port,
            security: Security::Plain,
            user: "office".into(),
            password: Password::File(PASSWORD.into()),
            timeout: LONG,
            ..SmtpOptions::default()
        },
        from_address: "office@wutang.gov.cn".into(),
        ..MailOptions::to_folder("unused".into())
    }
}

fn letter(number: usize) -> Message {
    let someone = |address: &str| Mailbox {
        name: "张三".into(),
        address: address.into(),
    };
    Message {
        id: format!("letter-{number}@wutang.gov.cn"),
        date: DateTime::parse_from_rfc3339("2024-12-06T09:00:00+08:00").unwrap(),
        from: someone("office@wutang.gov.cn"),
        to: vec![someone("zhang@wutang.gov.cn")],
        cc: vec![someone("li@wutang.gov.cn")],
        subject: "催报".into(),
        text: "plain\n.with a dot\n".into(),
        html: "<p>plain</p>".into(),
        attachments: Vec::new(),
    }
}

fn kind(outcome: &Outcome) -> char {
    match outcome {
        Outcome::Sent => 's',
        Outcome::Temporary(_) => 't',
        Outcome::Permanent(_) => 'p',
        Outcome::Uncertain(_) => 'u',
    }
}

/// What becomes of a letter at each step, one character a step.
async fn at_each(steps: &[At], fault: Fault, limit: Duration) -> String {
    let mut attempts = Vec::new();
    for &at in steps {
        let fault = fault.clone();
        attempts.push(tokio::spawn(async move {
            let server = FaultServer::failing(at, fault).await;
            let mut options = options(server.port);
            options.smtp.timeout = limit;
            let transport = Transport::open(&options).unwrap();
            let mut letter = letter(1);
            if at == At::Body {
                // More than the buffers between the two hold, so that the final dot is still to come.
                letter.attachments.push(Attachment {
                    name: "大.bin".into(),
                    content_type: "application/octet-stream".into(),
                    bytes: vec![0; 16 << 20],
                });
            }
            let outcome = transport.send(&letter).await;
            if let Outcome::Temporary(told) | Outcome::Permanent(told) | Outcome::Uncertain(told) = &outcome {
                assert!(!told.contains("very-secret"), "{told}");
                assert!(told.contains("127.0.0.1"), "{told}");
            }
            assert_eq!(server.seen().letters.len(), usize::from(at == At::End), "{at:?}");
            kind(&outcome)
        }));
    }
    let mut kinds = String::new();
    for attempt in attempts {
        kinds.push(attempt.await.unwrap());
    }
    kinds
}

#[tokio::test]
async fn temporary_refusals_are_temporary_at_every_step() {
    for reply in ["451 later\r\n", "421-closing\r\n421 now\r\n"] {
        assert_eq!(
            at_each(&REPLIES, Fault::Reply(reply.into()), LONG).await,
            "ttttttt",
            "{reply}"
        );
    }
}

#[tokio::test]
async fn permanent_refusals_count_from_the_sender_on() {
    assert_eq!(
        at_each(&REPLIES, Fault::Reply("554 no\r\n".into()), LONG).await,
        "tttpppp"
    );
}

#[tokio::test]
async fn gibberish_is_uncertain_after_the_final_dot_only() {
    let reply = "HTTP/1.1 400 Bad Request\r\n";
    assert_eq!(
        at_each(&REPLIES, Fault::Reply(reply.into()), LONG).await,
        "ttttttu"
    );
}

#[tokio::test]
async fn a_cut_is_uncertain_after_the_final_dot_only() {
    assert_eq!(at_each(&STEPS, Fault::Cut, LONG).await, "tttttttu");
}

#[tokio::test]
async fn a_stall_ends_with_the_outer_limit() {
    // Long enough for a loaded machine to come to the last step.
    assert_eq!(
        at_each(&STEPS, Fault::Stall, Duration::from_secs(4)).await,
        "tttttttu"
    );
}

#[tokio::test]
async fn a_refused_connection_is_temporary() {
    let port = FaultServer::well().await.port;
    let transport = Transport::open(&options(port)).unwrap();
    // The listener is closed once its task has ended.
    loop {
        let Outcome::Temporary(told) = transport.send(&letter(1)).await else {
            tokio::task::yield_now().await;
            continue;
        };
        assert!(told.contains("连接不上") || told.contains("中断"), "{told}");
        break;
    }
}

#[tokio::test]
async fn gbk_replies_are_read() {
    let bytes = encoding_rs::GBK.encode("550 该用户不存在\r\n").0.into_owned();
    let server = FaultServer::failing(At::Recipient, Fault::Reply(bytes)).await;
    let outcome = Transport::open(&options(server.port))
        .unwrap()
        .send(&letter(1))
        .await;
    let Outcome::Permanent(told) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(
        told.contains("550 该用户不存在")
            && told.contains("zhang@wutang.gov.cn")
            && told.contains("li@wutang.gov.cn"),
        "{told}"
    );
}

#[tokio::test]
async fn a_batch_goes_over_few_connections_at_five_hundred_a_second() {
    const LETTERS: usize = 500;
    let server = FaultServer::well().await;
    let transport = Transport::open(&options(server.port)).unwrap();
    let started = Instant::now();
    for number in 0..LETTERS {
        assert_eq!(transport.send(&letter(number)).await, Outcome::Sent);
    }
    // An unoptimised build on a busy machine gets a margin; with one wait for
    // an acknowledgement a letter (40 ms) this would take twenty seconds.
    let took = started.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    let seen = server.seen();
    assert_eq!(seen.letters.len(), LETTERS);
    assert_eq!(seen.connections, LETTERS / 50);
    let letter = &seen.letters[0];
    assert!(
        letter.contains("Message-ID: <letter-0@wutang.gov.cn>\r\n"),
        "{letter}"
    );
    assert!(letter.contains("\r\n.with a dot\r\n"), "{letter}");
    assert!(!seen.commands.iter().any(|line| line.contains("very-secret")));
    assert!(
        seen.commands
            .iter()
            .any(|line| line == "RCPT TO:<li@wutang.gov.cn>")
    );
}

#[tokio::test]
async fn a_connection_given_up_while_idle_is_made_anew() {
    let server = FaultServer::tiring_after(1).await;
    let transport = Transport::open(&options(server.port)).unwrap();
    for number in 0..5 {
        assert_eq!(transport.send(&letter(number)).await, Outcome::Sent);
    }
    let seen = server.seen();
    assert_eq!((seen.letters.len(), seen.connections), (5, 5));
}

#[tokio::test]
async fn several_at_a_time_all_arrive() {
    let server = FaultServer::well().await;
    let transport = std::sync::Arc::new(Transport::open(&options(server.port)).unwrap());
    let mut sends = tokio::task::JoinSet::new();
    for number in 0..20 {
        let transport = std::sync::Arc::clone(&transport);
        sends.spawn(async move { transport.send(&letter(number)).await });
    }
    while let Some(outcome) = sends.join_next().await {
        assert_eq!(outcome.unwrap(), Outcome::Sent);
    }
    assert_eq!(server.seen().letters.len(), 20);
}

#[tokio::test]
async fn nothing_is_said_to_a_server_about_whom_nothing_may_be_sent() {
    let server = FaultServer::well().await;
    let mut options = options(server.port);
    let placeholder = Message {
        to: vec![Mailbox {
            name: String::new(),
            address: "hong@wutang.example".into(),
        }],
        ..letter(1)
    };
    let outcome = Transport::open(&options).unwrap().send(&placeholder).await;
    assert!(
        matches!(&outcome, Outcome::Permanent(told) if told.contains("占位地址")),
        "{outcome:?}"
    );
    options.allow_domains = vec!["qq.com".into()];
    let outcome = Transport::open(&options).unwrap().send(&letter(1)).await;
    assert!(
        matches!(&outcome, Outcome::Permanent(told) if told.contains("allow_domains")),
        "{outcome:?}"
    );
    assert_eq!(server.seen().connections, 0);
}

#[tokio::test]
async fn unprotected_ways_to_other_machines_must_be_asked_for() {
    let mut options = options(9);
    // Reserved for documentation (RFC 5737): nobody is there, and nobody must be asked.
    options.smtp.host = "192.0.2.1".into();
    let told = Transport::open(&options)
        .unwrap()
        .probe(Duration::from_secs(5))
        .await
        .unwrap_err();
    assert!(told.contains("plaintext = true"), "{told}");
}

#[tokio::test]
async fn without_starttls_nothing_goes_in_the_clear() {
    let server = FaultServer::well().await;
    let mut options = options(server.port);
    options.smtp.security = Security::StartTls;
    let outcome = Transport::open(&options).unwrap().send(&letter(1)).await;
    assert!(
        matches!(&outcome, Outcome::Temporary(told) if told.contains("STARTTLS")),
        "{outcome:?}"
    );
    assert!(
        server.seen().commands.iter().all(|line| line.starts_with("EHLO")),
        "{:?}",
        server.seen()
    );
}

#[tokio::test]
async fn a_password_that_cannot_be_read_is_temporary_and_named() {
    let server = FaultServer::well().await;
    let mut options = options(server.port);
    options.smtp.password = Password::File("/nowhere/password".into());
    let transport = Transport::open(&options).unwrap();
    let outcome = transport.send(&letter(1)).await;
    assert!(
        matches!(&outcome, Outcome::Temporary(told) if told.contains("/nowhere/password")),
        "{outcome:?}"
    );
    assert!(transport.probe(LONG).await.is_err());
}

#[test]
fn a_certificate_file_is_looked_at_when_opened() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(9);
    for (content, named) in [(None, "No such file"), (Some("nothing"), "没有证书")] {
        let path = folder.path().join("ca.pem");
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        options.smtp.ca_file = Some(path);
        let told = format!("{:#}", Transport::open(&options).unwrap_err());
        assert!(told.contains("ca.pem") && told.contains(named), "{told}");
    }
}
