//! Values of a person in a mail: hostile names, missing ones, runaway templates.

use channels::mail::{CompiledMail, RenderError, Values};

use super::{body, compile_text, compile_with, sato, urls};

fn html_with(mail: &CompiledMail, values: &Values) -> String {
    body(&mail.render(values, &urls(mail)).unwrap().html).to_owned()
}

fn error_of(text: &str, values: &Values) -> RenderError {
    let mail = compile_text(text);
    mail.render(values, &urls(&mail)).unwrap_err()
}

#[test]
fn a_hostile_name_is_only_a_name() {
    let mail = compile_with("{{ customer.family_name }}様へ", &[block("[{{ customer.family_name }}]")], None).unwrap();
    for (name, shown) in [
        ("<script>alert(1)</script>", "[&lt;script&gt;alert(1)&lt;&#x2f;script&gt;]"),
        ("{{ 7 * 7 }}{% raw %}", "[{{ 7 * 7 }}{% raw %}]"),
        ("\" onmouseover=\"x", "[&quot; onmouseover=&quot;x]"),
        ("'><img src=x>", "[&#x27;&gt;&lt;img src=x&gt;]"),
        ("zqtagqz000000", "[zqtagqz000000]"),
    ] {
        let values = Values::new().with("customer.family_name", name);
        let printed = mail.render(&values, &urls(&mail)).unwrap();
        assert!(printed.html.contains(shown), "{name} is shown as {shown}");
        assert!(printed.text.contains(&format!("[{name}]")), "words are not escaped");
        assert_eq!(printed.subject, format!("{name}様へ"), "a subject is not HTML");
    }
}

fn block(text: &str) -> channels::mail::Block {
    channels::mail::Block::Text { text: text.to_owned() }
}

#[test]
fn a_line_break_in_a_name_does_not_break_the_subject() {
    let mail = compile_with("{{ customer.family_name }}様", &[block("x")], None).unwrap();
    let values = Values::new().with("customer.family_name", "佐藤\r\nBcc: all@example.com\0");
    assert_eq!(mail.render(&values, &urls(&mail)).unwrap().subject, "佐藤  Bcc: all@example.com 様");
}

#[test]
fn a_default_stands_in_and_liquid_spelling_is_understood() {
    for text in [
        "{{ customer.family_name | default: \"お客\" }}様",
        "{{ customer.family_name|default:'お客' }}様",
        "{{customer.family_name | default(\"お客\")}}様",
        "{% unless customer.family_name %}お客{% endunless %}{{ customer.family_name | default: '' }}様",
        "{% if customer.company %}御社{% elsif customer.family_name %}{{ customer.family_name }}{% else %}お客{% endif %}様",
        "{{ customer.family_name | default: \"|:お客\" | replace: \"|:\", \"\" }}様",
    ] {
        let mail = compile_text(text);
        assert!(html_with(&mail, &Values::new()).contains("お客様"), "{text}");
        assert!(html_with(&mail, &sato()).contains("佐藤様"), "{text}");
        assert!(mail.unknown_names().is_empty());
    }
}

#[test]
fn a_missing_value_without_default_is_named_and_never_printed_as_nothing() {
    let mail = compile_text("{{ customer.company }}　{{ customer.given_name | default: '' }}　{{ customer.number }}");
    let missing = vec!["customer.company".to_owned(), "customer.number".to_owned()];
    let error = mail.render(&sato(), &urls(&mail)).unwrap_err();
    assert_eq!(error, RenderError::Unresolved(missing.clone()));
    assert_eq!(mail.unresolved(&sato()).unwrap(), missing);
    let whole = sato().with("customer.company", "なじみ商会").with("customer.number", "1");
    assert!(mail.unresolved(&whole).unwrap().is_empty());
    assert_eq!(mail.unresolved(&sato().with("customer.company", "　")).unwrap(), missing, "blank is missing");
    let preview = mail.preview(&sato()).unwrap();
    assert_eq!(preview.unresolved, missing);
    assert!(preview.mail.html.contains("［customer.company］　花子　［customer.number］"));
    assert!(!preview.mail.html.contains("/o/"), "a preview is not an opening");
}

#[test]
fn a_slip_of_the_pen_is_found_even_behind_a_default() {
    let mail =
        compile_text("{{ customer.famly_name | default: 'お客' }}様 {{ point }} {% for i in [1] %}{{ i }}{% endfor %}");
    assert_eq!(mail.unknown_names(), ["customer.famly_name", "point"]);
}

#[test]
fn a_runaway_template_is_stopped() {
    let doubling: String = (0..40).map(|n| format!("{{% set x{} = x{n} ~ x{n} %}}", n + 1)).collect();
    for text in [
        "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}".to_owned(),
        format!("{{% set x0 = 'aaaaaaaaaa' %}}{doubling}{{{{ x40 }}}}"),
        "{{ 'x' * 100000000 }}".to_owned(),
        "{% for i in [[[]]] recursive %}{{ loop([[[]]]) }}{% endfor %}".to_owned(),
        "{% for i in range(9000) %}{{ customer.family_name }}{% endfor %}".to_owned(),
    ] {
        let error = error_of(&text, &Values::new().with("customer.family_name", "長".repeat(1300)));
        assert!(matches!(error, RenderError::TooMuchWork | RenderError::Failed(_)), "{text}: {error}");
    }
}

#[test]
fn a_value_that_is_no_name_any_more_is_refused() {
    let values = Values::new().with("customer.family_name", "あ".repeat(2_000));
    assert_eq!(
        error_of("{{ customer.family_name }}", &values),
        RenderError::ValueTooLarge("customer.family_name".to_owned())
    );
}

#[test]
fn nothing_outside_the_mail_can_be_reached_or_left_unescaped() {
    let unescaped = "{%- autoescape false %}{{ customer.family_name }}{% endautoescape %}";
    for text in
        [unescaped, "{% include '/etc/passwd' %}", "{% import 'x' as y %}", "{% extends 'x' %}", "{{ '<b>' | safe }}"]
    {
        let is_refused = match compile_with("s", &[block(text)], None) {
            Ok(mail) => mail.render(&sato(), &urls(&mail)).is_err(),
            Err(_) => true,
        };
        assert!(is_refused, "{text}");
    }
}

#[test]
fn values_show_no_personal_data_in_logs() {
    assert!(!format!("{:?}", sato()).contains("佐藤"));
    let mail = compile_text("{{ customer.family_name }}");
    assert!(!format!("{:?}", mail.render(&sato(), &urls(&mail))).contains("佐藤"));
}

#[test]
fn a_thousand_missing_names_are_not_tried_out_one_by_one() {
    let names: String = (0..1_000).map(|n| format!("{{{{ customer.a{n:03} }}}}")).collect();
    let mail = compile_text(&format!("{names}{{{{ customer.number }}}}"));
    let unresolved = mail.unresolved(&sato()).unwrap();
    assert_eq!((unresolved.len(), unresolved[0].as_str()), (50, "customer.number"), "those that there are come first");
}
