//! How deep MJML goes, read by the tokenizer that `mrml` itself reads with: what is an element to it is one here.
//!
//! `mrml` calls itself once for each level and never looks at the name of an end tag; so every end must be that of what
//! was opened last, and no mail goes deeper than any hand-written one.

use super::compile::MailError;
use htmlparser::{ElementEnd, StrSpan, Token, Tokenizer};

/// More than any hand-written mail has.
const DEPTH_MAX: usize = 60;

/// Elements without an end, as `mrml` has them: it minds the case, and not the prefix.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Refuses what is too deep, or closed in another order than it was opened.
pub(crate) fn check(mjml: &str) -> Result<(), MailError> {
    let mut open: Vec<Name<'_>> = Vec::new();
    let mut begun = ("", "");
    // Where the tokenizer stops, `mrml` stops as well and says it better.
    for token in Tokenizer::from(mjml).map_while(Result::ok) {
        match token {
            Token::ElementStart { prefix, local, .. } => begun = name(&prefix, &local),
            Token::ElementEnd { end: ElementEnd::Open, .. } if !VOID.contains(&begun.1) => open.push(begun),
            Token::ElementEnd { end: ElementEnd::Close(prefix, local), span } => {
                let last = open.pop();
                last.filter(|last| *last == name(&prefix, &local)).ok_or_else(|| not_the_last(&span))?;
            }
            _ => {}
        }
        if open.len() > DEPTH_MAX {
            return Err(MailError::TooLarge);
        }
    }
    Ok(())
}

fn not_the_last(end: &str) -> MailError {
    MailError::Mjml(format!("`{end}` is not the end of what was opened last"))
}

/// Prefix and local name.
type Name<'a> = (&'a str, &'a str);

fn name<'a>(prefix: &StrSpan<'a>, local: &StrSpan<'a>) -> Name<'a> {
    (prefix.as_str(), local.as_str())
}
