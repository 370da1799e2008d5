//! Mails as templates: compiled once, printed for every person, within limits.
//!
//! Invariant: a value without a default that a person lacks is never printed as nothing; it is
//! reported as unresolved. Fuel bounds steps and bytes of a run, so no template runs away; there
//! is no loader, no environment and no file to reach (shown in `tests/it/mail/template.rs`).

use std::collections::BTreeSet;

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};

use super::links::MessageUrls;
use super::message::is_unfit_for_header;
use super::values::{Context, KNOWN_VALUES, OWN_VALUES, Values};

const HTML: &str = "mail.html";
const TEXT: &str = "mail.txt";
const SUBJECT: &str = "subject.txt";

/// How much a template may take. One unit of fuel is a step or 64 bytes.
#[derive(Debug, Clone, Copy)]
pub struct TemplateLimits {
    /// Size of what a writer hands in.
    pub source_bytes_max: usize,
    /// Size of one printed part.
    pub output_bytes_max: usize,
    /// Size of one value of a person.
    pub value_bytes_max: usize,
    /// Steps and bytes of one run.
    pub fuel_max: u64,
    /// Letters of a printed subject.
    pub subject_letters_max: usize,
    /// Links in one mail.
    pub links_max: usize,
    /// Blocks in one mail.
    pub blocks_max: usize,
}

impl Default for TemplateLimits {
    fn default() -> Self {
        Self {
            source_bytes_max: 256 * 1024,
            output_bytes_max: 1024 * 1024,
            value_bytes_max: 4 * 1024,
            fuel_max: 50_000,
            subject_letters_max: 250,
            links_max: 500,
            blocks_max: 200,
        }
    }
}

/// Filters that no mail needs: the first two write markup, the others put lists into lists, of which each asks the one
/// before.
const NO_FILTERS: &[&str] = &[
    "safe",
    "tojson",
    "items",
    "dictsort",
    "attr",
    "list",
    "batch",
    "slice",
    "select",
    "reject",
    "selectattr",
    "rejectattr",
    "map",
    "groupby",
    "unique",
    "chain",
    "zip",
    "reverse",
    "sort",
    "pprint",
];
/// Functions of the same kind.
const NO_FUNCTIONS: &[&str] = &["dict", "debug", "namespace"];

/// Missing names that are tried out, each by printing the mail once.
const UNRESOLVED_MAX: usize = 50;

/// Why a mail could not be printed for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// These values are missing and have no default.
    #[error("values without default are missing: {}", .0.join(", "))]
    Unresolved(Vec<String>),
    /// More steps or bytes than allowed.
    #[error("the template takes too much work")]
    TooMuchWork,
    /// A printed part is larger than allowed.
    #[error("the mail is too large")]
    TooLarge,
    /// A value of the person is larger than allowed.
    #[error("the value `{0}` is too large")]
    ValueTooLarge(String),
    /// The template fails for this person, in the engine's words.
    #[error("the template failed: {0}")]
    Failed(String),
}

/// The three printed parts. Shows only their sizes in logs, since names stand in them.
#[derive(Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// One line of plain text.
    pub subject: String,
    /// The whole HTML page.
    pub html: String,
    /// The same in words only.
    pub text: String,
}

impl std::fmt::Debug for RenderedMail {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "RenderedMail({} + {} bytes)", self.html.len(), self.text.len())
    }
}

/// The sources of the three parts, in the engine's language.
pub(crate) struct Sources {
    pub subject: String,
    pub html: String,
    pub text: String,
}

/// Three compiled templates.
pub(crate) struct Templates {
    engine: Environment<'static>,
    limits: TemplateLimits,
    names: BTreeSet<String>,
}

impl Templates {
    /// Compiles; the error is the engine's sentence.
    pub fn compile(sources: Sources, limits: TemplateLimits) -> Result<Self, String> {
        let mut engine = Environment::new();
        engine.set_debug(false);
        // Nothing may leave the escaping: what a person is called is never markup.
        NO_FILTERS.iter().for_each(|filter| engine.remove_filter(filter));
        NO_FUNCTIONS.iter().for_each(|function| engine.remove_global(function));
        engine.set_fuel(Some(limits.fuel_max));
        engine.set_recursion_limit(64);
        engine.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        engine.set_auto_escape_callback(|name| match name {
            HTML => AutoEscape::Html,
            _ => AutoEscape::None,
        });
        for (name, source) in [(SUBJECT, sources.subject), (HTML, sources.html), (TEXT, sources.text)] {
            engine.add_template_owned(name, source).map_err(|error| describe(&error))?;
        }
        let names = engine.templates().flat_map(|(_, template)| template.undeclared_variables(true)).collect();
        Ok(Self { engine, limits, names })
    }

    /// Names that no person will ever have.
    pub fn unknown_names(&self) -> Vec<String> {
        let is_unknown = |name: &&String| {
            !KNOWN_VALUES.contains(&name.as_str()) && !OWN_VALUES.contains(&name.as_str()) && !self.is_engine_word(name)
        };
        self.names.iter().filter(is_unknown).cloned().collect()
    }

    fn is_engine_word(&self, name: &str) -> bool {
        self.engine.globals().any(|(global, _)| global == name)
    }

    /// Prints all three parts.
    pub fn render(&self, values: &Values, urls: &MessageUrls) -> Result<RenderedMail, RenderError> {
        values.check(self.limits.value_bytes_max)?;
        let context = Value::from_object(Context::new(values, urls));
        match self.print(&context) {
            Err(Failure::Undefined(sentence)) => Err(self.explain(values, urls, sentence)),
            Err(Failure::Other(error)) => Err(error),
            Ok(mail) => Ok(mail),
        }
    }

    /// Names that are missing without a default for this person, at most [`UNRESOLVED_MAX`], those that a
    /// mail may use first: each is taken away alone.
    pub fn unresolved(&self, values: &Values, urls: &MessageUrls) -> Vec<String> {
        let mut missing = self.missing(values);
        missing.sort_by_key(|name| !KNOWN_VALUES.contains(&name.as_str()));
        let mut filled = values.clone();
        missing.iter().for_each(|name| filled.put(name, "…"));
        let mut fails_without = |name: &&&String| {
            filled.take_away(name);
            let context = Value::from_object(Context::new(&filled, urls));
            filled.put(name, "…");
            matches!(self.print(&context), Err(Failure::Undefined(_)))
        };
        let tried = missing.iter().take(UNRESOLVED_MAX);
        tried.filter(|name| fails_without(name)).map(|name| (*name).clone()).collect()
    }

    /// Prints with every unresolved value shown by its name, for an operator's eyes.
    pub fn preview(&self, values: &Values, urls: &MessageUrls) -> Result<(RenderedMail, Vec<String>), RenderError> {
        let unresolved = self.unresolved(values, urls);
        let mut filled = values.clone();
        for name in &unresolved {
            filled.put(name, &format!("［{name}］"));
        }
        Ok((self.render(&filled, urls)?, unresolved))
    }

    fn missing(&self, values: &Values) -> Vec<&String> {
        let is_missing = |name: &&String| {
            let is_own = OWN_VALUES.contains(&name.as_str()) || name.as_str() == "unsubscribe_url";
            !is_own && !values.has(name) && !self.is_engine_word(name)
        };
        self.names.iter().filter(is_missing).collect()
    }

    fn explain(&self, values: &Values, urls: &MessageUrls, sentence: String) -> RenderError {
        let names = self.unresolved(values, urls);
        if names.is_empty() { RenderError::Failed(sentence) } else { RenderError::Unresolved(names) }
    }

    fn print(&self, context: &Value) -> Result<RenderedMail, Failure> {
        let subject = self.print_part(SUBJECT, context)?;
        let html = self.print_part(HTML, context)?;
        let text = self.print_part(TEXT, context)?;
        let subject = one_line(&subject, self.limits.subject_letters_max);
        Ok(RenderedMail { subject, html, text })
    }

    fn print_part(&self, name: &str, context: &Value) -> Result<String, Failure> {
        let template = self.engine.get_template(name)?;
        let printed = template.render(context.clone())?;
        if printed.len() > self.limits.output_bytes_max {
            return Err(Failure::Other(RenderError::TooLarge));
        }
        Ok(printed)
    }
}

/// A value of a person may hold a line break; a subject may not.
fn one_line(text: &str, letters_max: usize) -> String {
    let flat: String = text.chars().map(|letter| if is_unfit_for_header(letter) { ' ' } else { letter }).collect();
    flat.trim().chars().take(letters_max).collect()
}

enum Failure {
    Undefined(String),
    Other(RenderError),
}

impl From<minijinja::Error> for Failure {
    fn from(error: minijinja::Error) -> Self {
        match error.kind() {
            ErrorKind::UndefinedError => Self::Undefined(describe(&error)),
            ErrorKind::OutOfFuel => Self::Other(RenderError::TooMuchWork),
            _ => Self::Other(RenderError::Failed(describe(&error))),
        }
    }
}

/// The engine's sentence without names of our own templates.
fn describe(error: &minijinja::Error) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}
