//! What is known of a person, as a template sees it.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, Value};

use super::links::MessageUrls;
use super::template::RenderError;

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
pub(crate) const OWN_VALUES: &[&str] = &["click", "open_url"];

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

    pub(crate) fn put(&mut self, name: &str, value: &str) {
        let (group, field) = name.split_once('.').unwrap_or(("", name));
        self.0.entry(group.to_owned()).or_default().insert(field.to_owned(), Value::from(value));
    }

    pub(crate) fn take_away(&mut self, name: &str) {
        let (group, field) = name.split_once('.').unwrap_or(("", name));
        if let Some(fields) = self.0.get_mut(group) {
            fields.remove(field);
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        let (group, field) = name.split_once('.').unwrap_or(("", name));
        self.0.get(group).is_some_and(|fields| fields.contains_key(field))
    }

    pub(crate) fn check(&self, bytes_max: usize) -> Result<(), RenderError> {
        let is_large = |value: &Value| value.as_str().is_some_and(|text| text.len() > bytes_max);
        for (group, fields) in &self.0 {
            if let Some((field, _)) = fields.iter().find(|(_, value)| is_large(value)) {
                return Err(RenderError::ValueTooLarge(format!("{group}.{field}")));
            }
        }
        Ok(())
    }
}

/// Only the names show: values are about a person.
impl std::fmt::Debug for Values {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.0.iter().flat_map(|(group, fields)| fields.keys().map(move |field| (group, field)));
        out.debug_list().entries(names).finish()
    }
}

/// What a template sees.
#[derive(Debug)]
pub(crate) struct Context {
    groups: BTreeMap<String, Value>,
    click: Value,
    open_url: Value,
    unsubscribe_url: Value,
}

impl Context {
    /// One person's values and one message's addresses.
    pub fn new(values: &Values, urls: &MessageUrls) -> Self {
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
