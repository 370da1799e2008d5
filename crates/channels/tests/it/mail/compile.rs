//! Writing a mail: what is taken, what is refused and why.

use channels::mail::{Block, CompiledMail, Footer, Language, MailError, MailSource, TemplateLimits};

use super::{body, compile, compile_with, footer, sato, urls};

fn text(text: &str) -> Block {
    Block::Text { text: text.to_owned() }
}

fn refusal(subject: &str, blocks: &[Block], mjml: Option<&str>) -> MailError {
    compile_with(subject, blocks, mjml).unwrap_err()
}

#[test]
fn blocks_travel_over_the_wire_by_their_kind() {
    let wire = r#"[{"kind":"heading","text":"春"},{"kind":"products","skus":["1"]},{"kind":"divider"}]"#;
    let blocks: Vec<Block> = serde_json::from_str(wire).unwrap();
    assert_eq!(serde_json::to_string(&blocks).unwrap(), wire);
    assert!(serde_json::from_str::<Block>(r#"{"kind":"script","text":""}"#).is_err());
    assert!(serde_json::from_str::<Block>(r#"{"kind":"divider","more":1}"#).is_err());
}

#[test]
fn words_of_a_writer_are_words() {
    let mail = compile(&[
        Block::Heading { text: "<b>太字</b> & \"引用\"".to_owned() },
        text("1 < 2\n\n{ 波かっこ } {#これも#}"),
    ]);
    let html = mail.render(&sato(), &urls(&mail)).unwrap().html;
    assert!(body(&html).contains("&lt;b&gt;太字&lt;/b&gt; &amp; &quot;引用&quot;"));
    assert!(body(&html).contains("1 &lt; 2<br /><br />&#123; 波かっこ }"));
}

#[test]
fn every_mail_says_who_sends_it_from_where_and_how_to_stop() {
    let mail = compile(&[text("こんにちは")]);
    let printed = mail.render(&sato(), &urls(&mail)).unwrap();
    for part in [&printed.html, &printed.text] {
        assert!(part.contains("くらしの店 なじみ"));
        assert!(part.contains("東京都台東区谷中1-2-3"));
        assert!(part.contains("ご希望いただいた方に"));
        assert!(part.contains("mise@najimi.example"));
        assert!(part.contains("https://crm.najimi.example/u/"));
    }
    for field in ["sender_name", "postal_address", "contact"] {
        let mut footer = footer();
        match field {
            "sender_name" => footer.sender_name = " ".to_owned(),
            "postal_address" => footer.postal_address.clear(),
            _ => footer.contact.clear(),
        }
        assert_eq!(with_footer(&footer).unwrap_err(), MailError::FooterIncomplete(field));
    }
}

fn with_footer(footer: &Footer) -> Result<CompiledMail, MailError> {
    let blocks = [text("こんにちは")];
    let source = MailSource {
        subject: "件名",
        preheader: "",
        blocks: &blocks,
        mjml: None,
        products: &[],
        footer,
        language: Language::Ja,
    };
    CompiledMail::compile(&source, TemplateLimits::default())
}

#[test]
fn a_mail_that_cannot_be_sent_says_why() {
    let here = [text("x")];
    let button = |url: &str| [Block::Button { label: "見る".to_owned(), url: url.to_owned() }];
    insta::assert_snapshot!(refusal(" ", &here, None), @"the subject is empty");
    insta::assert_snapshot!(refusal("a\r\nBcc: b@example.com", &here, None), @"the subject holds a line break or a control character");
    insta::assert_snapshot!(refusal("s", &[], None), @"the mail has no content");
    insta::assert_snapshot!(refusal("s", &button("javascript:alert(1)"), None), @"`javascript:alert(1)` is not a web address (https://…)");
    insta::assert_snapshot!(refusal("s", &button("https://shop.example@evil.example/"), None), @"`https://shop.example@evil.example/` is not a web address (https://…)");
    insta::assert_snapshot!(refusal("s", &[text("{{ customer.family_name")], None), @"the tag `{{ customer.family_name` is not closed");
    insta::assert_snapshot!(refusal("s", &[text("{% if %}")], None), @"a value or condition cannot be read: syntax error: unexpected end of block");
    insta::assert_snapshot!(refusal("s", &[Block::Products { skus: vec!["none".to_owned()] }], None), @"the product `none` is not known");
    insta::assert_snapshot!(refusal("s", &[text(&"あ".repeat(100_000))], None), @"the mail is too large");
    insta::assert_snapshot!(refusal("s", &vec![Block::Divider {}; 201], None), @"the mail is too large");
}

#[test]
fn an_expert_may_write_mjml_and_gets_the_same_footer_and_tracking() {
    let mjml = "<mjml><mj-head><mj-style>@media only screen{#x{color:red}}</mj-style></mj-head><mj-body><mj-section><mj-column>\
        <mj-text>{% if customer.company %}{{ customer.company }}{% else %}{{ customer.family_name }}{% endif %}様 \
        <a href='https://shop.example/a?b=1&amp;c=2'>春の<b>品</b></a></mj-text>\
        <mj-button href=\"https://shop.example/\">見る</mj-button></mj-column></mj-section></mj-body></mjml>";
    let mail = compile_with("s", &[], Some(mjml)).unwrap();
    let links: Vec<_> = mail.links().iter().map(|link| (link.label.as_str(), link.url.as_str())).collect();
    assert_eq!(links, [("春の 品", "https://shop.example/a?b=1&c=2"), ("見る", "https://shop.example/")]);
    let printed = mail.render(&sato(), &urls(&mail)).unwrap();
    assert!(body(&printed.html).contains("佐藤様"));
    assert!(printed.html.contains("{#x{color:red}}"));
    assert!(!printed.html.contains("shop.example"), "links lead through our own address");
    insta::assert_snapshot!(printed.text, @r#"
    佐藤様 春の品 https://crm.najimi.example/c/AZgAAAAAcACAAAAAAAAAAQAAY7cLTo0HCYbbwfNi

    見る https://crm.najimi.example/c/AZgAAAAAcACAAAAAAAAAAQABYyHEWosKtn2HIykQ

    このメールは、くらしの店 なじみからのご案内をご希望いただいた方にお送りしています。
    配信停止 https://crm.najimi.example/u/AZgAAAAAcACAAAAAAAAAAQAAdZpKNOma7D_zR3B2
    お名前の変更、ご案内の内容や回数のご希望、お問い合わせは mise@najimi.example まで。

    くらしの店 なじみ
    東京都台東区谷中1-2-3
    "#);
}

#[test]
fn an_experts_mjml_may_not_run_or_load_anything() {
    let refused = |inside: &str| refusal("s", &[], Some(&page(inside))).to_string();
    insta::assert_snapshot!(refused("<mj-raw><script>x</script></mj-raw>"), @"a mail may not hold `<script>`");
    insta::assert_snapshot!(refused("<mj-text><b onclick=\"x\">y</b></mj-text>"), @"a mail may not hold `onclick in <b>`");
    insta::assert_snapshot!(refused("<mj-text><img src='x' onerror='alert(1)'></mj-text>"), @"a mail may not hold `onerror in <img>`");
    insta::assert_snapshot!(refused("<mj-text><a href=\"java&#115;cript:x\">y</a></mj-text>"), @"a mail may not hold `href in <a>`");
    insta::assert_snapshot!(refused("<mj-raw><!--[if mso]><iframe src='x'></iframe><![endif]--></mj-raw>"), @"a mail may not hold `<iframe>`");
    insta::assert_snapshot!(refused("<mj-text><img src=x></mj-text>"), @"the MJML cannot be read: unable to parse next template in root template: invalid attribute at 1:52 cause expected quote mark not 'x' at 1:57");
    insta::assert_snapshot!(refused("<mj-text><a href=\"https://x.example/?n={{ customer.full_name }}\">y</a></mj-text>"), @"the address of the link `https://x.example/?n={{ customer.full_name }}` may not hold values");
    insta::assert_snapshot!(refused("<mj-include path=\"/etc/passwd\"/>"), @"the MJML cannot be read: unable to load included template in root template at position 39:49: /etc/passwd entity not found");
    insta::assert_snapshot!(refused(&"<div>".repeat(20_000)), @"the mail is too large");
    insta::assert_snapshot!(refusal("s", &[], Some("<mjml><mj-body></mjml>")), @"the MJML cannot be read: `</mj-body>` is missing");
    insta::assert_snapshot!(refusal("s", &[], Some("<mj-body></mj-body>")), @"the MJML cannot be read: unexpected token in root template at position 0:8");
}

fn page(inside: &str) -> String {
    format!("<mjml><mj-body><mj-section><mj-column>{inside}</mj-column></mj-section></mj-body></mjml>")
}

fn raw(inside: &str) -> String {
    page(&format!("<mj-raw>{inside}</mj-raw>"))
}

#[test]
fn no_spelling_takes_the_reader_of_mjml_too_deep() {
    let deep = [
        "<BR>".repeat(500),
        "<Img src='x'>".repeat(500),
        "<!-- </x> --><div>".repeat(500),
        format!("<textarea>{}</textarea>", "<b>".repeat(500)),
        format!("<title>{}</title>", "<b>".repeat(500)),
        format!("<style>{}</style>", "<b>".repeat(500)),
        "<!--[if mso]><div><![endif]-->".repeat(500),
        "<div><br></br>".repeat(500),
        "<div></x>".repeat(500),
    ];
    for inside in deep {
        for mjml in [raw(&inside), page(&format!("<mj-text>{inside}</mj-text>"))] {
            let error = refusal("s", &[], Some(&mjml));
            assert!(matches!(error, MailError::TooLarge | MailError::Mjml(_)), "{inside}: {error}");
        }
    }
    insta::assert_snapshot!(refusal("s", &[], Some(&raw("<div><b></div></b>"))), @"the MJML cannot be read: `</div>` is not the end of what was opened last");
    let outlook = "<!--[if mso]><table><tr><td><![endif]--><p>あ<br>い</p><!--[if mso]></td></tr></table><![endif]-->";
    assert!(compile_with("s", &[], Some(&raw(outlook))).is_ok());
}

#[test]
fn a_reader_that_breaks_off_takes_nothing_else_with_it() {
    insta::assert_snapshot!(refusal("s", &[], Some(&raw("<![endif x"))), @"the MJML cannot be read: reading it broke off");
}

#[test]
fn no_chain_is_longer_than_the_engine_can_read() {
    let many = |part: &str| part.repeat(8_000);
    for tag in [
        format!("{{{{ 1{} }}}}", many("+1")),
        format!("{{{{ 1{} }}}}", many("~1")),
        format!("{{{{ 1{} }}}}", many(" and 1")),
        format!("{{{{ shop.name{} }}}}", many("|upper")),
        format!("{{{{ shop{} }}}}", many(".a")),
        format!("{{{{ shop{} }}}}", many("()")),
        format!("{{{{ {}1 }}}}", many("not ")),
        // The engine does not end a tag within brackets, so the chain would go on in what looks like words.
        format!("{{{{ [ }}}} {} {{{{ ] }}}}", many("+1")),
        format!("{{{{ {{ }}}} {} {{{{ }} }}}}", many("+1")),
    ] {
        for error in [
            refusal("s", &[text(&tag)], None),
            refusal(&tag, &[text("x")], None),
            refusal("s", &[], Some(&page(&format!("<mj-text>{tag}</mj-text>")))),
        ] {
            let place = tag[..15].to_owned();
            assert!(error.to_string().contains(&place), "{place}: {error}");
        }
    }
    let elifs = format!("{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(8_000));
    insta::assert_snapshot!(refusal("s", &[text(&elifs)], None), @"there are too many tags, from `{% elif 0 %}{% elif 0 %}{% eli` on");
    insta::assert_snapshot!(refusal("s", &[text(&"{{1}}".repeat(2_500))], None), @"there are too many tags, from `{{1}}{{1}}{{1}}{{1}}{{1}}{{1}}` on");
}

#[test]
fn what_is_as_long_as_allowed_can_be_read_and_printed() {
    let chain = |tags: usize, parts: usize, part: &str| format!("{{% set x = x{} %}}", part.repeat(parts)).repeat(tags);
    let tuples = format!("{{% set x = {}x{} %}}", "(".repeat(20), ",)".repeat(20));
    let began = std::time::Instant::now();
    for words in [
        format!("{{{{ 1{} }}}}", "+1".repeat(1_000)),
        format!("{{{{ 'a'{} }}}}", "|upper".repeat(330)),
        format!("{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}x".repeat(490)),
        format!("{}{}", "{% if 1 %}".repeat(100), "{% endif %}".repeat(100)),
        format!("{{% set x = 1 %}}{}{{{{ x }}}}", tuples.repeat(490)),
        format!("{{% set x = [1] %}}{}{{{{ x }}}}", chain(1, 190, "[:1]")),
        format!("{{% set x = [1] %}}{}{{{{ x }}}}", chain(200, 100, "+(x,)|join")),
        format!("{{% set x = 'a b' %}}{}{{{{ x }}}}", chain(150, 80, "|split|join('  ')")),
    ] {
        let mail = compile_with("s", &[text(&words)], None).unwrap();
        // It may take too much work; it neither ends the program nor holds it up.
        let _ = mail.render(&sato(), &urls(&mail));
    }
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    for part in ["[:1]", "[0]"] {
        let lists = format!("{{% set x = [1] %}}{}", chain(25, 400, part));
        assert!(matches!(refusal("s", &[text(&lists)], None), MailError::TagsTooMany(_)));
    }
}

#[test]
fn a_style_sheet_full_of_beginnings_is_read_in_one_go() {
    let began = std::time::Instant::now();
    let css =
        format!("<mjml><mj-head><mj-style>{}</mj-style></mj-head><mj-body></mj-body></mjml>", "{#".repeat(120_000));
    let _ = compile_with("s", &[], Some(&css));
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

#[test]
fn words_that_stand_for_tags_stay_short() {
    // Each of these made the words longer than the one before.
    let teasing: String = (0..1_000).map(|n| format!("zqtagqz{}", "q".repeat(n % 200))).collect();
    let mjml = page(&format!("<mj-text>{teasing}{}</mj-text>", "{{ shop.name }}".repeat(1_500)));
    let mail = compile_with("s", &[], Some(&mjml)).unwrap();
    assert!(mail.render(&sato(), &urls(&mail)).unwrap().html.contains(&teasing));
}

#[test]
fn tags_make_no_markup_that_a_mail_may_not_hold() {
    let refused = |inside: &str| refusal("s", &[], Some(&page(inside))).to_string();
    insta::assert_snapshot!(refused("<mj-raw><{{ \"script\" }} src=\"x\"/></mj-raw>"), @r#"a mail may not hold `<{{ "script" }}`"#);
    insta::assert_snapshot!(refused("<mj-text><img src=\"x\" {{ \"onerror\" }}=\"alert(1)\"></mj-text>"), @r#"a mail may not hold `{{ "onerror" }} in <img>`"#);
    insta::assert_snapshot!(refused("<mj-text><b title=\"{% if 0 %}\">{% endif %}\" onclick=\"alert(1)\">x</b></mj-text>"), @"a mail may not hold `{% if 0 %} in <b>`");
    insta::assert_snapshot!(refused("<mj-raw><style><stylex></stylex><a title=\"</style><script>alert(1)</script>\">x</a></style></mj-raw>"), @"a mail may not hold `< in <a>`");
    insta::assert_snapshot!(refused("<mj-raw><style></stylex></style></mj-raw>"), @"the MJML cannot be read: `</stylex>` is not the end of what was opened last");
    insta::assert_snapshot!(refused("<mj-raw><!--[if mso]><a title=\"--><script>alert(1)</script>\">x</a><![endif]--></mj-raw>"), @"a mail may not hold `< in <a>`");
    insta::assert_snapshot!(refused("<mj-text>{{ &quot;a }}{{ \"}}{% autoescape false %}{{\" }}{{ &quot; }}</mj-text>"), @r#"a value or condition cannot be read: the tag `{% autoescape false %}{{" }}{{` is not available in mails"#);
    for statement in [
        "{% macro m() %}\"{% endmacro %}",
        "{% set x %}\"{% endset %}",
        "{% raw %}{% endraw %}",
        "{% filter upper %}{% endfilter %}",
    ] {
        assert!(
            refused(&format!("<mj-text>{statement}</mj-text>")).contains("is not available in mails"),
            "{statement}"
        );
    }
}

#[test]
fn a_value_in_an_attribute_stays_in_it() {
    for value in [
        "'\" onclick=\"x'",
        "['x', ' onclick=x ']|tojson",
        "unsubscribe_url|replace: '/', '\" onclick=\"'",
        "('a'|escape)|replace: 'a', '\" onclick=\"'",
        "('a'|escape) ~ '\" onclick=\"'",
        "[('a'|escape), '\" onclick=\"']|join",
        "('%s'|escape)|format: '\" onclick=\"'",
        "('\"'|escape)|replace: '&quot;', '\" onclick=\"'",
    ] {
        let mjml = page(&format!("<mj-text><b title=\"{{{{ {} }}}}\">x</b></mj-text>", value.replace('"', "&quot;")));
        let Ok(mail) = compile_with("s", &[], Some(&mjml)) else { continue };
        let Ok(printed) = mail.render(&sato(), &urls(&mail)) else { continue };
        assert!(!printed.html.contains("\" onclick"), "{value}: {}", body(&printed.html));
        assert!(!printed.html.contains("onclick=\""), "{value}: {}", body(&printed.html));
    }
}
