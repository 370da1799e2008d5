//! What stands in the way of sending a mail, each with a code that the screen knows.
//!
//! The compiler names the first fault only. So what a writer leaves open for a while (subject, footer, addresses of
//! links) is looked at here, and the compiler gets the mail with stand-ins in these places; the preview of an
//! unfinished mail works the same way.

use super::mail::{Mail, Sending, Surroundings};
use access::Problem;
use channels::mail::{
    Block, CompiledMail, KNOWN_VALUES, MailError, Product, RenderError, Target, TemplateLimits, Values,
};
use std::collections::HashSet;

/// A harmless address where a link has none yet.
const STAND_IN_URL: &str = "https://example.com/";
/// Words where there are none yet.
const STAND_IN_TEXT: &str = "…";

/// Everything that is wrong with a mail.
pub(crate) fn of_mail(mail: &Mail, around: &Surroundings) -> Vec<Problem> {
    let mut problems = Vec::new();
    if mail.subject.trim().is_empty() {
        problems.push(of_mail_error(&MailError::SubjectMissing));
    }
    if is_empty(mail) {
        problems.push(of_mail_error(&MailError::ContentMissing));
    }
    problems.extend(of_sender(&around.sending));
    problems.extend(of_footer(around));
    if mail.mjml.is_none() {
        problems.extend(mail.blocks.iter().filter_map(of_block));
        problems.extend(unknown_products(mail, around).map(|sku| of_mail_error(&MailError::ProductUnknown(sku))));
    }
    problems.extend(of_template(mail, around));
    problems
}

fn is_empty(mail: &Mail) -> bool {
    let is_blank = |block: &Block| match block {
        Block::Text { text } | Block::Heading { text } => text.trim().is_empty(),
        Block::Products { skus } => skus.is_empty(),
        Block::Divider {} => true,
        Block::Button { .. } | Block::Image { .. } => false,
    };
    match &mail.mjml {
        Some(mjml) => mjml.trim().is_empty(),
        None => mail.blocks.iter().all(is_blank),
    }
}

pub(crate) fn of_sender(sending: &Sending) -> Option<Problem> {
    match sending {
        Sending::By(_) => None,
        Sending::Missing => Some(
            Problem::unprocessable("from_missing").detail("The mail has no sender: a name and an address are needed."),
        ),
        Sending::Invalid => {
            Some(Problem::unprocessable("from_invalid").detail("The sender's name or address cannot be used."))
        }
    }
}

fn of_footer(around: &Surroundings) -> Option<Problem> {
    // A missing sender is told already.
    let is_lacking = around.footer.postal_address.trim().is_empty();
    is_lacking.then(|| of_mail_error(&MailError::FooterIncomplete("postal_address")))
}

fn of_block(block: &Block) -> Option<Problem> {
    let (url, is_link) = match block {
        Block::Button { url, .. } => (url, true),
        Block::Image { url, .. } => (url, false),
        Block::Text { .. } | Block::Heading { .. } | Block::Products { .. } | Block::Divider {} => return None,
    };
    if url.trim().is_empty() && is_link {
        return Some(Problem::unprocessable("link_missing").detail("A button leads nowhere."));
    }
    Target::parse(url).err().map(|error| of_mail_error(&MailError::LinkInvalid(error.0)))
}

fn unknown_products<'a>(mail: &'a Mail, around: &'a Surroundings) -> impl Iterator<Item = String> + 'a {
    let known: HashSet<&str> = around.products.iter().map(|product| product.sku.as_str()).collect();
    mail.skus().into_iter().filter(move |sku| !known.contains(sku.as_str()))
}

fn of_template(mail: &Mail, around: &Surroundings) -> Vec<Problem> {
    let compiled = match compile_unfinished(mail, around) {
        Ok(compiled) => compiled,
        Err(error) => return vec![of_mail_error(&error)],
    };
    let unknown = compiled.unknown_names();
    let shop = Values::new().with("shop.name", STAND_IN_TEXT);
    let mut bare = match compiled.unresolved(&shop) {
        Ok(unresolved) => unresolved,
        Err(error) => return vec![of_render_error(&error)],
    };
    bare.retain(|name| !unknown.contains(name));
    let mut problems = Vec::new();
    if !unknown.is_empty() {
        problems.push(
            Problem::unprocessable("value_unknown")
                .detail(format!("Nobody has these values: {}.", unknown.join(", ")))
                .hint(format!("Known values: {}.", KNOWN_VALUES.join(", "))),
        );
    }
    if !bare.is_empty() {
        problems.push(without_default(&bare));
    }
    problems
}

fn without_default(names: &[String]) -> Problem {
    let example = names.first().map_or("customer.family_name", String::as_str);
    Problem::unprocessable("value_without_default")
        .detail(format!("Some people lack these values, and there is no default: {}.", names.join(", ")))
        .hint(format!("{{{{ {example} | default(\"…\") }}}}"))
}

/// Compiles a mail whose open places hold stand-ins.
pub(crate) fn compile_unfinished(mail: &Mail, around: &Surroundings) -> Result<CompiledMail, MailError> {
    let (mail, around) = with_stand_ins(mail, around);
    CompiledMail::compile(&around.source(&mail), TemplateLimits::default())
}

fn with_stand_ins(mail: &Mail, around: &Surroundings) -> (Mail, Surroundings) {
    let (mut filled, mut around) = (mail.clone(), around.clone());
    let unknown = unknown_products(mail, &around).collect::<Vec<_>>();
    around.products.extend(unknown.into_iter().map(|sku| Product {
        name: format!("{sku} ？"),
        price: String::new(),
        url: None,
        sku,
    }));
    let footer = &mut around.footer;
    for text in [&mut filled.subject, &mut footer.sender_name, &mut footer.postal_address, &mut footer.contact] {
        if text.trim().is_empty() {
            *text = STAND_IN_TEXT.to_owned();
        }
    }
    if is_empty(&filled) {
        filled.mjml = None;
        filled.blocks = vec![Block::Text { text: STAND_IN_TEXT.to_owned() }];
    }
    for block in &mut filled.blocks {
        if let Block::Button { url, .. } | Block::Image { url, .. } = block
            && Target::parse(url).is_err()
        {
            *url = STAND_IN_URL.to_owned();
        }
    }
    (filled, around)
}

/// The one mapping of what the compiler says.
pub(crate) fn of_mail_error(error: &MailError) -> Problem {
    let code = match error {
        MailError::SubjectMissing => "subject_missing",
        MailError::SubjectBroken => "subject_broken",
        MailError::ContentMissing => "mail_empty",
        MailError::FooterIncomplete("postal_address") => "footer_address_missing",
        MailError::FooterIncomplete(_) => "from_missing",
        MailError::TooLarge => "mail_too_large",
        MailError::TooManyLinks => "mail_links_too_many",
        MailError::TagUnclosed(_) | MailError::TagTooLong(_) | MailError::TagsTooMany(_) | MailError::Template(_) => {
            "template_invalid"
        }
        MailError::Mjml(_) => "mjml_invalid",
        MailError::MarkupForbidden(_) => "markup_forbidden",
        MailError::LinkInvalid(_) | MailError::LinkHoldsValue(_) => "link_invalid",
        MailError::ProductUnknown(_) => "product_unknown",
    };
    Problem::unprocessable(code).detail(sentence(error))
}

/// The one mapping of what printing says.
pub(crate) fn of_render_error(error: &RenderError) -> Problem {
    match error {
        RenderError::Unresolved(names) => without_default(names),
        RenderError::TooMuchWork | RenderError::Failed(_) => {
            Problem::unprocessable("template_invalid").detail(sentence(error))
        }
        RenderError::TooLarge | RenderError::ValueTooLarge(_) => {
            Problem::unprocessable("mail_too_large").detail(sentence(error))
        }
    }
}

/// `the subject is empty` → `The subject is empty.`
fn sentence(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// Nobody was chosen.
pub(crate) fn segment_missing() -> Problem {
    Problem::unprocessable("segment_missing").detail("Nobody was chosen to get this mail.")
}

/// The saved segment is gone.
pub(crate) fn segment_gone() -> Problem {
    Problem::unprocessable("segment_missing").detail("The segment of this campaign was deleted. Choose another one.")
}

/// Nobody is in the segment.
pub(crate) fn segment_empty() -> Problem {
    Problem::unprocessable("segment_empty").detail("Nobody is in this segment at the moment.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use channels::mail::{Footer, HeaderText, Language, MailAddress, Sender};

    fn around() -> Surroundings {
        let sender = Sender {
            name: HeaderText::parse("みなと雑貨店").unwrap(),
            address: MailAddress::parse("letter@example.com").unwrap(),
        };
        Surroundings {
            products: vec![Product { sku: "A1".into(), name: "白い皿".into(), price: "1,980円".into(), url: None }],
            footer: Footer {
                sender_name: "みなと雑貨店".into(),
                postal_address: "神戸市中央区1-1".into(),
                contact: "letter@example.com".into(),
            },
            language: Language::Ja,
            sending: Sending::By(sender),
        }
    }

    fn mail() -> Mail {
        let greeting = "{{ customer.family_name | default: \"お客\" }}様".to_owned();
        Mail {
            subject: "おひさしぶりです".into(), blocks: vec![Block::Text { text: greeting }], ..Mail::default()
        }
    }

    fn codes(mail: &Mail, around: &Surroundings) -> Vec<String> {
        of_mail(mail, around).iter().map(|problem| problem.code().to_owned()).collect()
    }

    #[test]
    fn a_whole_mail_has_no_problem() {
        assert_eq!(codes(&mail(), &around()), Vec::<String>::new());
    }

    #[test]
    fn an_empty_mail_has_all_of_them_at_once() {
        let mut around = around();
        around.sending = Sending::Missing;
        around.footer.postal_address.clear();
        let codes = codes(&Mail::default(), &around);
        assert_eq!(codes, ["subject_missing", "mail_empty", "from_missing", "footer_address_missing"]);
    }

    #[test]
    fn each_fault_has_its_code() {
        let with = |block: Block| Mail { blocks: vec![block], ..mail() };
        let text = |text: &str| with(Block::Text { text: text.into() });
        let button = |url: &str| with(Block::Button { label: "見る".into(), url: url.into() });
        let cases = [
            (button(""), "link_missing"),
            (button("javascript:alert(1)"), "link_invalid"),
            (with(Block::Products { skus: vec!["A1".into(), "B2".into()] }), "product_unknown"),
            (text("{{ customer.family_name }}様"), "value_without_default"),
            (text("{{ customer.shoe_size | default(\"\") }}"), "value_unknown"),
            (text("{{ customer.family_name"), "template_invalid"),
            (Mail { mjml: Some("<mjml>".into()), ..mail() }, "mjml_invalid"),
        ];
        for (mail, code) in cases {
            assert_eq!(codes(&mail, &around()), [code], "{mail:?}");
        }
    }
}
