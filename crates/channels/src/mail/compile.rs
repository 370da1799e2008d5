//! From blocks or MJML to a mail that can be printed for a hundred thousand people.
//!
//! MJML is turned into HTML once. Template tags are hidden behind plain words meanwhile, since
//! MJML knows nothing of them; links are collected and replaced by places for tracked addresses.

use super::blocks::{Block, BlockError, Language, Page, Product, to_mjml};
use super::footer::{Footer, footer_mjml};
use super::forbidden::forbidden;
use super::hidden::Hidden;
use super::links::{MessageUrls, Target};
use super::markup::{Reader, Token, decode};
use super::nesting;
use super::room::roomy;
use super::tags::{Piece, TagError, inert, split};
use super::template::{RenderError, RenderedMail, Sources, TemplateLimits, Templates};
use super::text;
use super::values::Values;

/// What a writer has written, with all that it needs.
#[derive(Debug, Clone, Copy)]
pub struct MailSource<'a> {
    /// One line; may hold template tags.
    pub subject: &'a str,
    /// What inboxes show beside the subject.
    pub preheader: &'a str,
    /// The parts, unless `mjml` is given.
    pub blocks: &'a [Block],
    /// An expert's own MJML; wins over `blocks`.
    pub mjml: Option<&'a str>,
    /// The products that the blocks name.
    pub products: &'a [Product],
    /// Stands under every mail.
    pub footer: &'a Footer,
    /// The language of the footer and the page.
    pub language: Language,
}

/// A link of the mail; its target is stored with the campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its place in the mail, which its token carries.
    pub index: u16,
    /// What a reader sees of it.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// Why a mail cannot be sent as it is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// No subject.
    #[error("the subject is empty")]
    SubjectMissing,
    /// A line break or another control character in the subject.
    #[error("the subject holds a line break or a control character")]
    SubjectBroken,
    /// Nothing to read.
    #[error("the mail has no content")]
    ContentMissing,
    /// The law wants this field.
    #[error("the footer lacks `{0}`")]
    FooterIncomplete(&'static str),
    /// Larger or deeper than allowed.
    #[error("the mail is too large")]
    TooLarge,
    /// More links than allowed.
    #[error("the mail has too many links")]
    TooManyLinks,
    /// A tag without its end; holds its beginning.
    #[error("the tag `{0}` is not closed")]
    TagUnclosed(String),
    /// A tag longer than allowed; holds its beginning.
    #[error("the tag `{0}` is too long")]
    TagTooLong(String),
    /// More tags than allowed; holds the beginning of the first one too many.
    #[error("there are too many tags, from `{0}` on")]
    TagsTooMany(String),
    /// The template engine's sentence.
    #[error("a value or condition cannot be read: {0}")]
    Template(String),
    /// The sentence of the MJML reader.
    #[error("the MJML cannot be read: {0}")]
    Mjml(String),
    /// Something that no mail may hold.
    #[error("a mail may not hold `{0}`")]
    MarkupForbidden(String),
    /// Not a web address.
    #[error("`{0}` is not a web address (https://…)")]
    LinkInvalid(String),
    /// A link's address must be fixed, since its target is stored.
    #[error("the address of the link `{0}` may not hold values")]
    LinkHoldsValue(String),
    /// A product that the shop does not have.
    #[error("the product `{0}` is not known")]
    ProductUnknown(String),
}

impl From<BlockError> for MailError {
    fn from(error: BlockError) -> Self {
        match error {
            BlockError::Tag(tag) => tag.into(),
            BlockError::Url(url) => Self::LinkInvalid(url.0),
            BlockError::Product(sku) => Self::ProductUnknown(sku),
        }
    }
}

impl From<TagError> for MailError {
    fn from(error: TagError) -> Self {
        match error {
            TagError::Unclosed(tag) => Self::TagUnclosed(tag),
            TagError::TooLong(tag) => Self::TagTooLong(tag),
            TagError::TooMany(tag) => Self::TagsTooMany(tag),
            TagError::Unavailable(_) => Self::Template(error.to_string()),
        }
    }
}

/// A mail ready to be printed for anybody; shared between threads.
pub struct CompiledMail {
    templates: Templates,
    links: Vec<Link>,
}

impl std::fmt::Debug for CompiledMail {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("CompiledMail").field("links", &self.links).finish_non_exhaustive()
    }
}

/// What an operator sees before sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Unresolved values show their names; links lead to their targets; nothing is counted.
    pub mail: RenderedMail,
    /// Values that this person lacks and that have no default.
    pub unresolved: Vec<String>,
}

impl CompiledMail {
    /// Reads a mail and everything that is wrong with it.
    pub fn compile(source: &MailSource<'_>, limits: TemplateLimits) -> Result<Self, MailError> {
        roomy(|| Self::read(source, limits))?
    }

    fn read(source: &MailSource<'_>, limits: TemplateLimits) -> Result<Self, MailError> {
        check(source, &limits)?;
        let mut hidden = Hidden::hide(&mjml_of(source)?)?;
        let page = render_mjml(&hidden.text).map_err(|error| in_writers_words(error, &hidden))?;
        if let Some(found) = forbidden(&page, &hidden) {
            return Err(MailError::MarkupForbidden(found));
        }
        let (page, links) = collect_links(&page, &mut hidden, limits.links_max)?;
        let sources = Sources {
            subject: subject_template(source.subject)?,
            text: words_of(source, &page, &hidden, &links)?,
            html: with_open_picture(hidden.restore(&page)),
        };
        let templates = Templates::compile(sources, limits).map_err(MailError::Template)?;
        Ok(Self { templates, links })
    }

    /// Prints for one person.
    pub fn render(&self, values: &Values, urls: &MessageUrls) -> Result<RenderedMail, RenderError> {
        roomy(|| self.templates.render(values, urls))?
    }

    /// Prints for an operator's eyes, also when values are missing.
    pub fn preview(&self, values: &Values) -> Result<Preview, RenderError> {
        let urls = MessageUrls::preview(self.links.iter().map(|link| link.url.clone()));
        let (mail, unresolved) = roomy(|| self.templates.preview(values, &urls))??;
        Ok(Preview { mail, unresolved })
    }

    /// Values that this person lacks and that have no default; the first 50 of them.
    pub fn unresolved(&self, values: &Values) -> Result<Vec<String>, RenderError> {
        let urls = MessageUrls::preview(self.links.iter().map(|link| link.url.clone()));
        Ok(roomy(|| self.templates.unresolved(values, &urls))?)
    }

    /// Names that nobody has: slips of the pen, also where a default hides them.
    pub fn unknown_names(&self) -> Vec<String> {
        self.templates.unknown_names()
    }

    /// The links in the order of their indexes.
    pub fn links(&self) -> &[Link] {
        &self.links
    }
}

fn check(source: &MailSource<'_>, limits: &TemplateLimits) -> Result<(), MailError> {
    let blocks_bytes: usize = source.blocks.iter().map(Block::size_bytes).sum();
    let bytes = source.subject.len() + source.preheader.len() + blocks_bytes + source.mjml.map_or(0, str::len);
    if bytes > limits.source_bytes_max || source.blocks.len() > limits.blocks_max {
        return Err(MailError::TooLarge);
    }
    if source.subject.trim().is_empty() {
        return Err(MailError::SubjectMissing);
    }
    if source.subject.chars().any(char::is_control) {
        return Err(MailError::SubjectBroken);
    }
    if source.blocks.is_empty() && source.mjml.is_none() {
        return Err(MailError::ContentMissing);
    }
    source.footer.missing_field().map_or(Ok(()), |field| Err(MailError::FooterIncomplete(field)))
}

fn mjml_of(source: &MailSource<'_>) -> Result<String, MailError> {
    if let Some(mjml) = source.mjml {
        return with_footer(mjml, source);
    }
    let page = Page {
        subject: source.subject,
        preheader: source.preheader,
        blocks: source.blocks,
        products: source.products,
        footer: source.footer,
        language: source.language,
    };
    Ok(to_mjml(&page)?)
}

fn words_of(source: &MailSource<'_>, page: &str, hidden: &Hidden, links: &[Link]) -> Result<String, MailError> {
    if source.mjml.is_some() {
        return Ok(hidden.restore(&text::from_html(page)));
    }
    let blocks = text::from_blocks(source.blocks, source.products, links)?;
    Ok(format!("{blocks}\n\n{}", text::footer_text(source.footer, source.language)))
}

/// An expert's mail gets the same footer, whatever it says itself.
fn with_footer(mjml: &str, source: &MailSource<'_>) -> Result<String, MailError> {
    let end = mjml.rfind("</mj-body>").ok_or_else(|| MailError::Mjml("`</mj-body>` is missing".to_owned()))?;
    Ok(format!("{}{}{}", &mjml[..end], footer_mjml(source.footer, source.language), &mjml[end..]))
}

fn render_mjml(mjml: &str) -> Result<String, MailError> {
    nesting::check(mjml)?;
    let parsed = mrml::parse(mjml).map_err(|error| MailError::Mjml(with_source(&error)))?;
    let options = mrml::prelude::render::RenderOptions {
        disable_comments: true,
        // No fonts from elsewhere: they would tell a third party who reads.
        fonts: Default::default(),
        ..Default::default()
    };
    parsed.element.render(&options).map_err(|error| MailError::Mjml(error.to_string()))
}

fn in_writers_words(error: MailError, hidden: &Hidden) -> MailError {
    match error {
        MailError::Mjml(sentence) => MailError::Mjml(hidden.restore(&sentence)),
        error => error,
    }
}

fn with_source(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn collect_links(page: &str, hidden: &mut Hidden, links_max: usize) -> Result<(String, Vec<Link>), MailError> {
    let mut links: Vec<Link> = Vec::new();
    let mut result = String::with_capacity(page.len());
    let mut copied = 0;
    let mut is_open = false;
    for token in Reader::new(page) {
        match token {
            Token::Open(tag) if tag.name == "a" || tag.name == "area" => {
                is_open = false;
                let Some(href) = tag.attribute("href") else { continue };
                let Some(url) = tracked_target(href.value, hidden)? else { continue };
                let index = u16::try_from(links.len()).map_err(|_| MailError::TooManyLinks)?;
                result.push_str(&page[copied..href.start]);
                result.push_str(&hidden.add(format!("{{{{ click[{index}] }}}}")));
                copied = href.start + href.value.len();
                links.push(Link { index, label: String::new(), url });
                is_open = true;
            }
            Token::Open(tag) if tag.name == "img" && is_open => {
                add_label(&mut links, tag.attribute("alt").map_or("", |alt| alt.value), hidden);
            }
            Token::Close(name) if name == "a" => is_open = false,
            Token::Text(text) if is_open => add_label(&mut links, text, hidden),
            _ => {}
        }
    }
    result.push_str(&page[copied..]);
    if links.len() > links_max {
        return Err(MailError::TooManyLinks);
    }
    Ok((result, links))
}

/// Where a link leads, when it is one to count: not a mark within the page, a mail address,
/// a phone number or the unsubscribe page.
fn tracked_target(href: &str, hidden: &Hidden) -> Result<Option<String>, MailError> {
    let address = decode(href);
    let address = address.trim();
    if let Some(tag) = hidden.tag_of(address) {
        let name = tag.trim_matches(['{', '}']).trim();
        return if name == "unsubscribe_url" { Ok(None) } else { Err(MailError::LinkHoldsValue(tag.to_owned())) };
    }
    if address.contains(&hidden.marker) {
        return Err(MailError::LinkHoldsValue(hidden.restore(address)));
    }
    let is_untracked = address.is_empty() || ["#", "mailto:", "tel:"].iter().any(|start| address.starts_with(start));
    if is_untracked {
        return Ok(None);
    }
    let target = Target::parse(address).map_err(|error| MailError::LinkInvalid(error.0))?;
    Ok(Some(target.as_str().to_owned()))
}

const LABEL_LETTERS_MAX: usize = 80;

fn add_label(links: &mut [Link], text: &str, hidden: &Hidden) {
    let Some(link) = links.last_mut() else { return };
    let words = decode(&hidden.restore(text));
    let joined = format!("{} {}", link.label, words.split_whitespace().collect::<Vec<_>>().join(" "));
    link.label = joined.trim().chars().take(LABEL_LETTERS_MAX).collect();
}

fn subject_template(subject: &str) -> Result<String, MailError> {
    let pieces = split(subject)?;
    Ok(pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(words) => inert(words),
            Piece::Tag(tag) => tag,
        })
        .collect())
}

/// The picture that tells of an opening; a preview has none.
fn with_open_picture(page: String) -> String {
    const PICTURE: &str = "{% if open_url %}<img src=\"{{ open_url }}\" width=\"1\" height=\"1\" alt=\"\" \
        style=\"display:block;width:1px;height:1px;border:0;\">{% endif %}";
    match page.rfind("</body>") {
        Some(end) => format!("{}{PICTURE}{}", &page[..end], &page[end..]),
        None => page + PICTURE,
    }
}
