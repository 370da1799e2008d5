//! What no mail may hold: whatever runs, loads or takes input, and whatever would become such a thing later.
//!
//! A browser may be inside a comment or a style sheet where this reading is not, or the other way round. So everything
//! is read as markup, and no `<` may hide within an attribute: then each element begins here where it begins anywhere.
//! Template tags stand only where their outcome is words or the value of an attribute.

use super::hidden::Hidden;
use super::markup::{Attribute, Reader, Tag, Token, decode};

/// Elements that run something, load something or take input: none of them belongs into a mail.
const FORBIDDEN: &[&str] = &[
    "script", "iframe", "frame", "object", "embed", "applet", "form", "input", "textarea", "select", "base", "svg",
    "math", "audio", "video",
];

/// The first thing in the page that no mail may hold; its template tags are hidden.
pub(crate) fn forbidden(page: &str, hidden: &Hidden) -> Option<String> {
    Reader::all_markup(page).find_map(|token| match token {
        Token::Open(tag) => in_tag(&tag, hidden),
        Token::Close(name) => hidden.tags_in(&name).next().map(|tag| format!("</{tag}")),
        _ => None,
    })
}

fn in_tag(tag: &Tag<'_>, hidden: &Hidden) -> Option<String> {
    if let Some(tag) = hidden.tags_in(&tag.name).next() {
        return Some(format!("<{tag}"));
    }
    if FORBIDDEN.contains(&tag.name.as_str()) {
        return Some(format!("<{}>", tag.name));
    }
    let is_refresh = tag.name == "meta"
        && tag.attribute("http-equiv").is_some_and(|value| value.value.trim().eq_ignore_ascii_case("refresh"));
    if is_refresh {
        return Some("<meta http-equiv=\"refresh\">".to_owned());
    }
    let found = tag.attributes.iter().find_map(|attribute| in_attribute(attribute, hidden))?;
    Some(format!("{found} in <{}>", tag.name))
}

fn in_attribute(attribute: &Attribute<'_>, hidden: &Hidden) -> Option<String> {
    let Attribute { name, value, .. } = attribute;
    let in_name = hidden.tags_in(name).next();
    // What a condition leaves out may be half of an attribute.
    let statement = || hidden.tags_in(value).find(|tag| tag.starts_with("{%"));
    if let Some(tag) = in_name.or_else(statement) {
        return Some(tag.to_owned());
    }
    if name.contains('<') || value.contains('<') {
        return Some("<".to_owned());
    }
    (name.starts_with("on") || runs_script(value)).then(|| name.clone())
}

fn runs_script(value: &str) -> bool {
    let plain: String =
        decode(value).chars().filter(|letter| !letter.is_control() && !letter.is_whitespace()).collect();
    let plain = plain.to_ascii_lowercase();
    ["javascript:", "vbscript:", "data:text/html"].iter().any(|scheme| plain.starts_with(scheme))
}
