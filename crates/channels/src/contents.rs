//! Contents: what a mail says, kept as it was when its sending began; read once and printed for everybody.
//!
//! Invariant: where a link leads is stored here and never changes afterwards, so a mail that lies in an inbox for a
//! year still leads where it said.

use crate::mail::{
    Block, CompiledMail, Footer, HeaderText, Language, MailAddress, MailError, MailSource, Product, Sender,
    TemplateLimits, apart,
};
use records::{FromQueryResult, Reader, RecordsError, RecordsResult, Sql, Tx, values};
use serde::{Deserialize, Serialize};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// A mail as it is kept: what [`MailSource`] borrows, and who sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// One line; may hold template tags.
    pub subject: String,
    /// What inboxes show beside the subject.
    pub preheader: String,
    /// The parts.
    pub blocks: Vec<Block>,
    /// An expert's own MJML; wins over the parts.
    pub mjml: Option<String>,
    /// The products that the parts name, as they were.
    pub products: Vec<Product>,
    /// Stands under the mail.
    pub footer: Footer,
    /// The language of what we say ourselves.
    pub language: Language,
    /// The sender's name, when it is another than in the settings.
    #[serde(default)]
    pub from_name: Option<String>,
    /// The sender's address, when it is another than in the settings.
    #[serde(default)]
    pub from_address: Option<String>,
}

impl Content {
    /// Keeps what a writer has written.
    pub fn of(source: &MailSource<'_>) -> Self {
        Self {
            subject: source.subject.to_owned(),
            preheader: source.preheader.to_owned(),
            blocks: source.blocks.to_vec(),
            mjml: source.mjml.map(str::to_owned),
            products: source.products.to_vec(),
            footer: source.footer.clone(),
            language: source.language,
            from_name: None,
            from_address: None,
        }
    }

    /// Sent by somebody else than the settings say.
    #[must_use]
    pub fn from(mut self, sender: &Sender) -> Self {
        self.from_name = Some(sender.name.as_str().to_owned());
        self.from_address = Some(sender.address.reveal());
        self
    }

    /// For the compiler.
    pub fn source(&self) -> MailSource<'_> {
        MailSource {
            subject: &self.subject,
            preheader: &self.preheader,
            blocks: &self.blocks,
            mjml: self.mjml.as_deref(),
            products: &self.products,
            footer: &self.footer,
            language: self.language,
        }
    }
}

/// A content cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// It cannot be sent as it is written.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The records failed.
    #[error(transparent)]
    Records(#[from] RecordsError),
}

/// Keeps a content. One that is kept already stays as it is.
pub async fn save(tx: &Tx, content_id: Uuid, content: &Content) -> Result<(), ContentError> {
    let links = links_of(content.clone()).await?;
    let json = |value: Result<String, serde_json::Error>| value.map_err(|_| RecordsError::unreadable("content"));
    let (content, links) = (json(serde_json::to_string(content))?, json(serde_json::to_string(&links))?);
    let text = "INSERT INTO contents (content_id, content, links) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    tx.execute(text, values![content_id, content, links]).await?;
    Ok(())
}

async fn links_of(content: Content) -> Result<Vec<KeptLink>, MailError> {
    let compile = move || CompiledMail::compile(&content.source(), TemplateLimits::default());
    Ok(apart(compile).await??.links().iter().map(KeptLink::of).collect())
}

/// A link as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptLink {
    /// What a reader sees of it.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

impl KeptLink {
    fn of(link: &crate::mail::Link) -> Self {
        Self { label: link.label.clone(), url: link.url.clone() }
    }
}

/// A content ready to be printed.
pub(crate) struct Ready {
    pub mail: CompiledMail,
    pub content: Content,
    pub links: Vec<KeptLink>,
}

impl Ready {
    /// Who sends it, when the settings do not say.
    pub fn sender(&self) -> Option<Sender> {
        let name = HeaderText::parse(self.content.from_name.as_deref()?).ok()?;
        Some(Sender { name, address: MailAddress::parse(self.content.from_address.as_deref()?).ok()? })
    }
}

/// Contents that were read lately.
pub(crate) struct Contents {
    reader: Reader,
    ready: Mutex<VecDeque<(Uuid, Arc<Ready>)>>,
}

/// Contents that are kept ready at the most.
const READY_MAX: usize = 16;

#[derive(FromQueryResult)]
struct Row {
    content: String,
    links: String,
}

impl Contents {
    pub fn new(reader: Reader) -> Self {
        Self { reader, ready: Mutex::default() }
    }

    /// The content with this id, ready to be printed.
    pub async fn get(&self, content_id: Uuid) -> RecordsResult<Option<Arc<Ready>>> {
        if let Some(ready) = self.find(content_id) {
            return Ok(Some(ready));
        }
        let row =
            self.reader.one::<Row>("SELECT content, links FROM contents WHERE content_id = $1", values![content_id]);
        let Some(row) = row.await? else { return Ok(None) };
        let ready = apart(move || read(&row)).await;
        let ready = Arc::new(ready.map_err(|error| RecordsError::unreadable(format!("content: {error}")))??);
        let mut kept = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((content_id, ready.clone()));
        if kept.len() > READY_MAX {
            kept.pop_front();
        }
        Ok(Some(ready))
    }

    /// Where a link of this content leads. Whoever follows it waits for no compiling.
    pub async fn link(&self, content_id: Uuid, index: u16) -> RecordsResult<Option<KeptLink>> {
        let place = usize::from(index);
        if let Some(ready) = self.find(content_id) {
            return Ok(ready.links.get(place).cloned());
        }
        let text = "SELECT links AS value FROM contents WHERE content_id = $1";
        let links: Option<String> = self.reader.scalar(text, values![content_id]).await?;
        let links = links.map_or(Ok(Vec::new()), |links| read_links(&links))?;
        Ok(links.into_iter().nth(place))
    }

    fn find(&self, content_id: Uuid) -> Option<Arc<Ready>> {
        let kept = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(id, _)| *id == content_id).map(|(_, ready)| ready.clone())
    }
}

fn read(row: &Row) -> RecordsResult<Ready> {
    let content: Content = serde_json::from_str(&row.content).map_err(|_| RecordsError::unreadable("content"))?;
    let links = read_links(&row.links)?;
    // It was compiled when it was saved; only a newer version of the program could see it differently.
    let mail = CompiledMail::compile(&content.source(), TemplateLimits::default())
        .map_err(|error| RecordsError::unreadable(format!("content: {error}")))?;
    Ok(Ready { mail, content, links })
}

fn read_links(links: &str) -> RecordsResult<Vec<KeptLink>> {
    serde_json::from_str(links).map_err(|_| RecordsError::unreadable("contents.links"))
}
