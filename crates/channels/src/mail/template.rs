//! Mails as templates: compiled once, printed for every person, within limits.
//!
//! Invariant: a value without a default that a person lacks is never printed as nothing; it is
//! reported as unresolved. Fuel bounds steps and bytes of a run, so no template runs away; there
//! is no loader, no environment and no file to reach (shown in `tests/it/template.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};

use super::links::MessageUrls;

/// Names that a mail may use; anything else is a slip of the pen and reported when saved.
pub const KNOWN_VALUES: &[&str] = &[
    "customer.family_name",
    "customer.given_name",
    "customer.full_name",
    "customer.company",
    "customer.number",
    "shop.name",
    "shop.url",
    "unsubscribe_url",
];

/// Names of ours that stand in compiled templates and are no writer's business.
const OWN_VALUES: &[&str] = &["click", "open_url"];

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
        }
    }
}

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

/// What is known of one person and the shop. Empty values count as missing.
#[derive(Clone, Default)]
pub struct Values(BTreeMap<String, Group>);

type Group = BTreeMap<String, Value>;

impl Values {
    /// Nothing known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `customer.family_name` and the like; blank values stay missing.
    pub fn set(&mut self, name: &str, value: impl AsRef<str>) -> &mut Self {
        let value = value.as_ref();
        if !value.trim().is_empty() {
            self.put(name, value);
        }
        self
    }

    /// The same, for a chain.
    pub fn with(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.set(name, value);
        self
    }

    fn put(&mut self, name: &str, value: &str) {
        let (group, field) = name.split_once('.').unwrap_or(("", name));
        self.0.entry(group.to_owned()).or_default().insert(field.to_owned(), Value::from(value));
    }

    fn has(&self, name: &str) -> bool {
        let (group, field) = name.split_once('.').unwrap_or(("", name));
        self.0.get(group).is_some_and(|fields| fields.contains_key(field))
    }

    fn check(&self, bytes_max: usize) -> Result<(), RenderError> {
        let too_large = |(field, value): (&String, &Value)| {
            value.as_str().is_some_and(|text| text.len() > bytes_max).then(|| field.clone())
        };
        match self.0.values().flatten().find_map(too_large) {
            Some(field) => Err(RenderError::ValueTooLarge(field)),
            None => Ok(()),
        }
    }
}

/// Only the names show: values are about a person.
impl std::fmt::Debug for Values {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.0.iter().flat_map(|(group, fields)| fields.keys().map(move |field| (group, field)));
        out.debug_list().entries(names).finish()
    }
}

/// The three printed parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// One line of plain text.
    pub subject: String,
    /// The whole HTML page.
    pub html: String,
    /// The same in words only.
    pub text: String,
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
        engine.remove_filter("safe");
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

    /// Names that are missing without a default for this person: each is taken away alone.
    pub fn unresolved(&self, values: &Values, urls: &MessageUrls) -> Vec<String> {
        let missing: Vec<&String> = self.missing(values);
        let fails_without = |name: &&&String| {
            let mut filled = values.clone();
            missing.iter().filter(|other| other != name).for_each(|other| filled.put(other, "…"));
            let context = Value::from_object(Context::new(&filled, urls));
            matches!(self.print(&context), Err(Failure::Undefined(_)))
        };
        missing.iter().filter(fails_without).map(|name| (*name).clone()).collect()
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
    let flat: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
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

/// What a template sees.
#[derive(Debug)]
struct Context {
    groups: BTreeMap<String, Value>,
    click: Value,
    open_url: Value,
    unsubscribe_url: Value,
}

impl Context {
    fn new(values: &Values, urls: &MessageUrls) -> Self {
        let address = |url: &String| Value::from_safe_string(url.clone());
        let mut groups = BTreeMap::new();
        for (name, fields) in &values.0 {
            if name.is_empty() {
                groups.extend(fields.clone());
            } else {
                groups.insert(name.clone(), Value::from_object(Fields(fields.clone())));
            }
        }
        // A group with nothing in it is still a group, so that a default of its field is reached.
        for name in ["customer", "shop"] {
            groups.entry(name.to_owned()).or_insert_with(|| Value::from_object(Fields(Group::new())));
        }
        Self {
            groups,
            click: urls.click.iter().map(address).collect(),
            open_url: urls.open.as_ref().map_or(Value::from(()), address),
            unsubscribe_url: address(&urls.unsubscribe),
        }
    }
}

impl Object for Context {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "click" => Some(self.click.clone()),
            "open_url" => Some(self.open_url.clone()),
            "unsubscribe_url" => Some(self.unsubscribe_url.clone()),
            name => self.groups.get(name).cloned(),
        }
    }
}

/// The fields of one group, such as `customer`.
#[derive(Debug)]
struct Fields(Group);

impl Object for Fields {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_str()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Empty
    }
}
