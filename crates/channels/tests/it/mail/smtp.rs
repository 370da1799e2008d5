//! Talking to a mail server: what is said of each mail, whatever the server does.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use channels::mail::{
    HeaderText, MailAddress, Outcome, OutgoingMail, RenderedMail, Secret, Security, Sender, SmtpLimits, SmtpSettings,
    SmtpSettingsError, SmtpTransport, Stage, build_message, retry_after,
};

use super::smtp_server::{Act, GOOD, Script, Seen, serve};
use super::{MESSAGE, compile_text, urls};

const LIMITS: SmtpLimits = SmtpLimits {
    connect_timeout: Duration::from_secs(30),
    command_timeout: Duration::from_secs(30),
    content_timeout: Duration::from_secs(30),
    connections_max: 2,
    mails_per_connection_max: 100,
    idle_max: Duration::from_secs(30),
};

fn mail_to(address: &str) -> OutgoingMail {
    let sender = Sender {
        name: HeaderText::parse("なじみ").unwrap(),
        address: MailAddress::parse("mise@najimi.example").unwrap(),
    };
    let mail = RenderedMail { subject: "s".to_owned(), html: "<p>.</p>".to_owned(), text: ".\n..\nend".to_owned() };
    let to = MailAddress::parse(address).unwrap();
    build_message(MESSAGE, &sender, &to, &mail, &urls(&compile_text("x")), SystemTime::UNIX_EPOCH).unwrap()
}

/// Impatient only where the script falls silent, so that a busy machine changes no outcome.
fn limits_for(script: &Script) -> SmtpLimits {
    let limit = |acts: &[Act]| match acts.iter().any(|act| matches!(act, Act::Hang)) {
        true => Duration::from_millis(800),
        false => Duration::from_secs(30),
    };
    SmtpLimits {
        connect_timeout: limit(&[script.greeting, script.hello, script.start_tls]),
        command_timeout: limit(&[script.mail, script.recipient, script.data]),
        content_timeout: limit(&[script.content]),
        ..LIMITS
    }
}

fn transport(port: u16, security: Security) -> SmtpTransport {
    let settings = SmtpSettings::new("127.0.0.1", port, security, None, None).unwrap();
    SmtpTransport::new(settings, LIMITS).unwrap()
}

async fn outcome_of(script: Script) -> Outcome {
    let server = serve(script).await;
    let settings = SmtpSettings::new("127.0.0.1", server.port, Security::None, None, None).unwrap();
    let transport = SmtpTransport::new(settings, limits_for(&script)).unwrap();
    transport.send(&mail_to("hanako@example.com")).await
}

fn retry(stage: Stage, code: Option<u16>, text: &str) -> Outcome {
    Outcome::RetryLater { stage, code, text: text.to_owned() }
}

#[tokio::test]
async fn a_mail_that_the_server_takes_is_accepted_in_its_words() {
    let server = serve(GOOD).await;
    let mail = mail_to("a..b.@docomo.ne.jp");
    let outcome = transport(server.port, Security::None).send(&mail).await;
    assert_eq!(outcome, Outcome::Accepted { response: "2.0.0 queued as 4Rk7".to_owned() });
    let seen = server.seen.lock().unwrap();
    assert_eq!(seen.commands[1..], ["MAIL FROM:<mise@najimi.example>", "RCPT TO:<\"a..b.\"@docomo.ne.jp>", "DATA"]);
    assert_eq!(
        seen.contents[0].trim_end(),
        String::from_utf8(mail.bytes).unwrap().trim_end(),
        "byte for byte, dots too"
    );
}

#[tokio::test]
async fn one_connection_carries_many_mails_and_survives_a_bad_address() {
    let server = serve(GOOD).await;
    let transport = transport(server.port, Security::None);
    for _ in 0..5 {
        assert!(matches!(transport.send(&mail_to("hanako@example.com")).await, Outcome::Accepted { .. }));
    }
    transport.close().await;
    let counts = |seen: &Seen| (seen.connections, seen.contents.len());
    assert_eq!(counts(&server.seen.lock().unwrap()), (1, 5));

    let server = serve(Script { recipient: Act::Say("550 5.1.1 no such user"), ..GOOD }).await;
    let transport = self::transport(server.port, Security::None);
    for _ in 0..3 {
        assert!(matches!(transport.send(&mail_to("nobody@example.com")).await, Outcome::Failed { .. }));
    }
    assert_eq!(server.seen.lock().unwrap().connections, 1);
}

#[tokio::test]
async fn a_connection_that_the_server_closed_meanwhile_costs_no_mail() {
    let server = serve(Script { mails_max: 1, ..GOOD }).await;
    let transport = transport(server.port, Security::None);
    for _ in 0..3 {
        assert!(matches!(transport.send(&mail_to("hanako@example.com")).await, Outcome::Accepted { .. }));
    }
    let seen = server.seen.lock().unwrap();
    assert_eq!((seen.connections, seen.contents.len()), (3, 3));
}

#[tokio::test]
async fn many_mails_at_once_use_no_more_connections_than_allowed() {
    let server = serve(GOOD).await;
    let transport = Arc::new(transport(server.port, Security::None));
    let mail = Arc::new(mail_to("hanako@example.com"));
    let mut sending = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (transport, mail) = (transport.clone(), mail.clone());
        sending.spawn(async move { transport.send(&mail).await });
    }
    let outcomes = sending.join_all().await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. })));
    assert!(server.seen.lock().unwrap().connections <= LIMITS.connections_max);
}

#[tokio::test]
async fn a_refused_recipient_has_failed_for_good() {
    let refuse = |line| outcome_of(Script { recipient: Act::Say(line), ..GOOD });
    let failed = |is_address_bad, code, text: &str| Outcome::Failed { is_address_bad, code, text: text.to_owned() };
    let gone = refuse("550 5.1.1 <hanako@example.com>: no such user").await;
    assert_eq!(gone, failed(true, 550, "5.1.1 <…>: no such user"));
    assert_eq!(refuse("550 unknown").await, failed(true, 550, "unknown"));
    assert_eq!(refuse("554 5.7.1 rejected by policy").await, failed(false, 554, "5.7.1 rejected by policy"));
    assert_eq!(refuse("452 4.2.2 mailbox full").await, retry(Stage::Recipient, Some(452), "4.2.2 mailbox full"));
    assert_eq!(refuse("530 5.7.0 sign in first").await, retry(Stage::SignIn, Some(530), "5.7.0 sign in first"));
}

#[tokio::test]
async fn an_answer_to_the_content_is_an_answer() {
    let after = |content| outcome_of(Script { content, ..GOOD });
    let refused = after(Act::Say("554 5.7.1 spam")).await;
    assert_eq!(refused, Outcome::Failed { is_address_bad: false, code: 554, text: "5.7.1 spam".to_owned() });
    assert_eq!(after(Act::Say("451 4.3.0 later")).await, retry(Stage::Content, Some(451), "4.3.0 later"));
}

#[tokio::test]
async fn silence_or_a_break_after_the_content_is_unknown_and_nothing_else() {
    for content in [Act::Hang, Act::Reset, Act::Say("garbage"), Act::Say("354 what?")] {
        let outcome = outcome_of(Script { content, ..GOOD }).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{content:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn before_the_content_nothing_was_handed_over() {
    let cases = [
        (Stage::Connect, Script { greeting: Act::Hang, ..GOOD }),
        (Stage::Connect, Script { greeting: Act::Reset, ..GOOD }),
        (Stage::Connect, Script { greeting: Act::Say("garbage"), ..GOOD }),
        (Stage::Connect, Script { greeting: Act::Say("421 4.3.2 too busy"), ..GOOD }),
        (Stage::Connect, Script { greeting: Act::Say("554 no service for you"), ..GOOD }),
        (Stage::Connect, Script { hello: Act::Hang, ..GOOD }),
        (Stage::Sender, Script { mail: Act::Hang, ..GOOD }),
        (Stage::Sender, Script { mail: Act::Reset, ..GOOD }),
        (Stage::Sender, Script { mail: Act::Say("550 5.7.1 you may not send as this"), ..GOOD }),
        (Stage::Recipient, Script { recipient: Act::Hang, ..GOOD }),
        (Stage::Recipient, Script { recipient: Act::Reset, ..GOOD }),
        (Stage::Data, Script { data: Act::Hang, ..GOOD }),
        (Stage::Data, Script { data: Act::Reset, ..GOOD }),
        (Stage::Data, Script { data: Act::Say("250 what?"), ..GOOD }),
    ];
    let mut trials = tokio::task::JoinSet::new();
    for (expected, script) in cases {
        trials.spawn(async move { (expected, script, outcome_of(script).await) });
    }
    for (expected, script, outcome) in trials.join_all().await {
        let Outcome::RetryLater { stage, .. } = &outcome else { panic!("{script:?}: {outcome:?}") };
        assert_eq!(*stage, expected, "{script:?}: {outcome:?}");
        assert_eq!(outcome.is_everyones_fault(), expected <= Stage::Sender);
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_later() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let outcome = transport(port, Security::None).send(&mail_to("hanako@example.com")).await;
    assert!(matches!(outcome, Outcome::RetryLater { stage: Stage::Connect, code: None, .. }), "{outcome:?}");
}

#[tokio::test]
async fn no_mail_and_no_password_goes_to_a_server_without_tls() {
    let offers = "250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN";
    for script in [
        GOOD,
        Script { hello: Act::Say(offers), ..GOOD },
        Script { hello: Act::Say(offers), start_tls: Act::Say("454 4.7.0 not now"), ..GOOD },
        Script { hello: Act::Say(offers), start_tls: Act::Say("220 go on\r\n250-injected\r\n250 AUTH PLAIN"), ..GOOD },
        Script { hello: Act::Say(offers), start_tls: Act::Hang, ..GOOD },
    ] {
        let server = serve(script).await;
        let password = Some(Secret::new("himitsu"));
        let settings =
            SmtpSettings::new("127.0.0.1", server.port, Security::StartTls, Some("mise".to_owned()), password).unwrap();
        let transport = SmtpTransport::new(settings, limits_for(&script)).unwrap();
        let outcome = transport.send(&mail_to("hanako@example.com")).await;
        assert!(matches!(outcome, Outcome::RetryLater { stage: Stage::Secure, .. }), "{outcome:?}");
        assert_eq!(transport.check().await.map_err(|outcome| outcome.is_everyones_fault()), Err(true));
        let seen = server.seen.lock().unwrap();
        assert!(!seen.commands.iter().any(|command| command.starts_with("AUTH") || command.starts_with("MAIL")));
    }
}

#[tokio::test]
async fn a_wrong_password_is_no_recipients_fault() {
    let server = serve(Script { auth: Act::Say("535 5.7.8 wrong"), ..GOOD }).await;
    let settings = SmtpSettings::new(
        "localhost",
        server.port,
        Security::None,
        Some("mise".to_owned()),
        Some(Secret::new("himitsu")),
    )
    .unwrap();
    assert!(!format!("{settings:?}").contains("himitsu"));
    let transport = SmtpTransport::new(settings, LIMITS).unwrap();
    assert!(!format!("{transport:?}").contains("himitsu"));
    assert_eq!(transport.send(&mail_to("hanako@example.com")).await, retry(Stage::SignIn, Some(535), "5.7.8 wrong"));
    assert_eq!(transport.check().await, Err(retry(Stage::SignIn, Some(535), "5.7.8 wrong")));
}

#[test]
fn settings_that_cannot_be_safe_are_refused() {
    let settings = |host, security| SmtpSettings::new(host, 25, security, None, None).map(|_| ());
    assert_eq!(settings("mail.example.jp", Security::None), Err(SmtpSettingsError::Unprotected));
    assert_eq!(settings("10.0.0.1", Security::None), Err(SmtpSettingsError::Unprotected));
    assert_eq!(settings("127.0.0.53", Security::None), Ok(()));
    assert_eq!(settings("::1", Security::None), Ok(()));
    assert_eq!(settings("mail.example.jp", Security::StartTls), Ok(()));
    assert_eq!(settings("mail.example.jp\r\nX", Security::Tls), Err(SmtpSettingsError::Host));
    let with = |name: &str, password: Option<&str>| {
        SmtpSettings::new("mail.example.jp", 587, Security::StartTls, Some(name.to_owned()), password.map(Secret::new))
    };
    assert_eq!(with("mise\r\n", Some("x")).unwrap_err(), SmtpSettingsError::Credentials);
    assert_eq!(with("mise", None).unwrap_err(), SmtpSettingsError::CredentialsIncomplete);
}

#[test]
fn waiting_grows_and_ends_within_a_day() {
    let waits: Vec<_> = (1..).map_while(retry_after).collect();
    assert!(waits.is_sorted() && waits[0] == Duration::from_secs(60));
    assert!(waits.iter().sum::<Duration>() < Duration::from_secs(86_400));
    assert_eq!(retry_after(0), retry_after(1));
}
