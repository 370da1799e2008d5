//! Which column of a file means what: proposed from names and values, decided by a person, kept with the import.

use super::{
    columns::{self, ValueKind},
    dates::{self, DateOrder},
    error::FileError,
    field::{Field, FileKind},
    presets::{self, Content, LineRules, Preset, PresetId},
    synonyms,
    table::Row,
};
use serde::{Deserialize, Serialize};

/// The meaning of a file's columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// What the file holds.
    pub kind: FileKind,
    /// The known layout, where it is one.
    pub preset: Option<PresetId>,
    /// The columns in the order of the file.
    pub columns: Vec<MappedColumn>,
    /// How dates with the year at their end are read.
    #[serde(default)]
    pub date_order: DateOrder,
}

/// A column and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedColumn {
    /// Its name in the file.
    pub name: String,
    /// What it means; `None` is left out.
    pub field: Option<Field>,
}

/// Where each field stands in a row.
#[derive(Clone, Debug)]
pub(crate) struct Cells {
    columns: [Option<usize>; Field::COUNT],
}

impl Cells {
    /// The cell of a field; empty where there is no column.
    pub(crate) fn get<'row>(&self, row: &'row Row, field: Field) -> &'row str {
        self.columns[field as usize].map_or("", |column| row.get(column))
    }
    /// Whether a field has a column.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.columns[field as usize].is_some()
    }
    /// Whether anything of the buyer's is there.
    pub(crate) fn has_personal(&self) -> bool {
        Field::ALL.iter().any(|field| field.is_personal() && self.has(*field))
    }
}

/// A mapping that a person can accept or change.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The mapping.
    pub mapping: Mapping,
    /// The known layout, where it is one.
    pub preset: Option<&'static Preset>,
    /// What the values of each column look like.
    pub kinds: Vec<ValueKind>,
    /// Fields that are needed and have no column.
    pub missing: Vec<Field>,
    /// Whether the values leave no doubt which of day and month stands first.
    pub is_date_order_certain: bool,
}

impl Mapping {
    /// The column of a field.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.field == Some(field))
    }

    /// The name in the file of a field's column.
    pub fn name(&self, field: Field) -> &str {
        self.column(field).and_then(|column| self.columns.get(column)).map_or(field.label_ja(), |column| &column.name)
    }

    /// The columns of all fields, for quick access.
    pub(crate) fn cells(&self) -> Cells {
        let mut columns = [None; Field::COUNT];
        for field in Field::ALL {
            columns[*field as usize] = self.column(*field);
        }
        Cells { columns }
    }

    /// How lines are told apart.
    pub fn rules(&self) -> LineRules {
        self.preset.map_or(LineRules::General, |preset| preset.preset().rules)
    }

    /// Whether the mail address stands for the customer number, as in orders of Shopify and Rakuten.
    pub fn is_known_by_mail(&self) -> bool {
        let has = |field| self.column(field).is_some();
        self.kind == FileKind::Orders && has(Field::Email) && !has(Field::CustomerNumber)
    }

    /// Fields without which nothing can be imported.
    pub fn missing(&self) -> Vec<Field> {
        let has = |fields: &[Field]| fields.iter().any(|field| self.column(*field).is_some());
        let needed: &[&[Field]] = match self.kind {
            FileKind::Orders => &[
                &[Field::OrderNumber],
                &[Field::OrderedAt],
                &[Field::Quantity, Field::LineTotal],
                &[Field::UnitPrice, Field::LineTotal],
            ],
            FileKind::Customers => &[&[Field::CustomerNumber, Field::Email, Field::Phone, Field::Phone1]],
        };
        needed.iter().filter(|fields| !has(fields)).map(|fields| fields[0]).collect()
    }

    /// Whether this mapping fits a file with these columns and is complete.
    pub fn check(&self, header: &[String]) -> Result<(), FileError> {
        let is_same = self.columns.len() == header.len()
            && self.columns.iter().zip(header).all(|(column, name)| column.name == *name);
        if !is_same {
            return Err(FileError::OtherColumns);
        }
        let missing = self.missing();
        if missing.is_empty() { Ok(()) } else { Err(FileError::MissingColumns { fields: missing }) }
    }
}

/// Proposes a mapping from the names of the columns and the first rows. `kind` is what the person says the file holds.
pub fn propose(kind: Option<FileKind>, header: &[String], rows: &[Row]) -> Result<Proposal, FileError> {
    let preset = presets::recognise(header);
    let kind = kind_of(kind, preset, header)?;
    let preset = preset.filter(|preset| preset.content == Content::Import(kind));
    let kinds: Vec<ValueKind> =
        (0..header.len()).map(|column| columns::kind_of(rows.iter().map(|row| row.get(column)))).collect();
    let fields = match preset {
        Some(preset) => by_preset(preset, header),
        None => by_names(kind, header, &kinds),
    };
    let columns = header.iter().zip(fields).map(|(name, field)| MappedColumn { name: name.clone(), field }).collect();
    let mut mapping =
        Mapping { kind, preset: preset.map(|preset| preset.id), columns, date_order: DateOrder::default() };
    let found = mapping
        .column(Field::OrderedAt)
        .or_else(|| mapping.column(Field::JoinedAt))
        .map(|column| dates::order_of(rows.iter().map(|row| row.get(column))));
    mapping.date_order = found.flatten().unwrap_or_default();
    let missing = mapping.missing();
    Ok(Proposal { mapping, preset, kinds, missing, is_date_order_certain: found != Some(None) })
}

fn kind_of(said: Option<FileKind>, preset: Option<&'static Preset>, header: &[String]) -> Result<FileKind, FileError> {
    match (said, preset.map(|preset| (preset.content, preset.name))) {
        (_, Some((Content::Other, name))) => Err(FileError::OtherFile { name }),
        (Some(kind), _) | (None, Some((Content::Import(kind), _))) => Ok(kind),
        (None, None) => {
            let has = |wanted: Field| {
                header.iter().any(|name| synonyms::field_of(name).is_some_and(|(field, _)| field == wanted))
            };
            let is_order = has(Field::OrderNumber) || (has(Field::Quantity) && has(Field::UnitPrice));
            Ok(if is_order { FileKind::Orders } else { FileKind::Customers })
        }
    }
}

fn by_preset(preset: &Preset, header: &[String]) -> Vec<Option<Field>> {
    let names: Vec<String> = header.iter().map(|name| synonyms::plain(name)).collect();
    let mut fields = vec![None; header.len()];
    for (name, field) in preset.columns {
        let is_taken = fields.contains(&Some(*field));
        let found = names.iter().position(|other| *other == synonyms::plain(name));
        if let (false, Some(column)) = (is_taken, found) {
            fields[column] = fields[column].or(Some(*field));
        }
    }
    fields
}

/// By names; where two columns claim a field, the surer name wins, and words win over codes. What no name tells may be
/// told by its values.
fn by_names(kind: FileKind, header: &[String], kinds: &[ValueKind]) -> Vec<Option<Field>> {
    let mut claims: Vec<(Field, usize, usize)> = Vec::new();
    for (column, name) in header.iter().enumerate() {
        let Some((field, rank)) = synonyms::field_of(name) else { continue };
        let field = home_of(field, kind);
        let is_worse = kinds[column] == ValueKind::Empty || (field == Field::Sex && kinds[column] == ValueKind::Whole);
        claims.push((field, if is_worse { rank + 100 } else { rank }, column));
    }
    claims.sort_by_key(|(_, rank, column)| (*rank, *column));
    let mut fields = vec![None; header.len()];
    for (field, _, column) in claims {
        if field.belongs_to(kind) && !fields.contains(&Some(field)) {
            fields[column] = Some(field);
        }
    }
    for (value, field) in [(ValueKind::Email, Field::Email), (ValueKind::Phone, Field::Phone)] {
        let found = (0..header.len()).find(|column| kinds[*column] == value && fields[*column].is_none());
        let has_parts = field == Field::Phone && fields.contains(&Some(Field::Phone1));
        let is_recipient = found.is_some_and(|column| synonyms::is_of_recipient(&header[column]));
        if let (Some(column), false, false) = (found, fields.contains(&Some(field)) || has_parts, is_recipient) {
            fields[column] = Some(field);
        }
    }
    fields
}

/// `created at` is the date of an order among orders and of joining among customers.
fn home_of(field: Field, kind: FileKind) -> Field {
    match (field, kind) {
        (Field::OrderedAt, FileKind::Customers) => Field::JoinedAt,
        (Field::JoinedAt, FileKind::Orders) => Field::OrderedAt,
        _ => field,
    }
}
