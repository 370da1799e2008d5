//! What the person who imports decides: which column means what, and how the file is to be understood.

use super::{
    events::{ImportOptions, PersonConsent},
    sql,
};
use crate::files::{Encoding, Field, FileKind, Inspection, Mapping, dates, presets::LineRules};
use access::{ApiResult, Problem};
use records::{RecordsResult, Sql};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use vocabulary::{Currency, Timestamp, Zone, id::ImportId, money::Decimal};

/// Characters of a source's name, of a basis and of its proof.
const SOURCE_CHARACTERS_MAX: usize = 100;
const PROOF_CHARACTERS_MAX: usize = 2_000;
/// Imports whose choices are proposed again.
const IMPORTS_REMEMBERED: i64 = 20;

/// Columns, by their place in the file from 0, and the field that each goes to.
pub(super) type MappingView = BTreeMap<String, Option<String>>;

/// On what it is believed that people may be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentChoice {
    /// On a column of the file.
    Column,
    /// On a declared basis with its proof.
    Declared,
    /// On nothing.
    None,
}

/// How a file is to be understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportOptionsView {
    /// The shop or till whose numbers the file holds.
    pub source: String,
    /// The currency of amounts that do not say.
    pub currency: String,
    /// Currency of reports per currency of the file, when they differ.
    pub rate: Option<String>,
    /// Where the shop's clock hangs.
    pub zone: String,
    /// On what it is believed that people may be written to.
    pub consent: ConsentChoice,
    /// The declared basis.
    pub consent_basis: Option<String>,
    /// Its proof.
    pub consent_proof: Option<String>,
    /// Whether the record begins with the file's first month. Taken down and without effect so far: the first month of
    /// the record is always left out of averages.
    pub first_month_is_import_start: bool,
    /// The encoding, where a person chose it: `utf-8`, `cp932`, `euc-jp`, `iso-2022-jp`, `utf-16le`, `utf-16be`.
    #[serde(default)]
    pub encoding: Option<String>,
}

impl ImportOptionsView {
    /// What fits this file and this shop, for a person to accept or change.
    pub(super) async fn propose<S: Sql>(
        reader: &S,
        inspection: &Inspection,
        reporting: Currency,
        zone: Zone,
    ) -> RecordsResult<Self> {
        let mapping = &inspection.proposal.mapping;
        let currency = currency_of(inspection, reporting);
        let latest = sql::latest_options(reader, IMPORTS_REMEMBERED).await?;
        let mut same_currency = latest.iter().filter(|latest| latest.currency.parse() == Ok(currency));
        let rate = if currency == reporting { None } else { same_currency.find_map(|latest| latest.rate.clone()) };
        let source = sql::known_source(reader).await?;
        let is_first = source.is_none();
        let source = latest.first().map(|latest| latest.source.clone()).or(source).unwrap_or_else(|| "shop".to_owned());
        Ok(Self {
            source,
            currency: currency.to_string(),
            rate,
            zone: zone.to_string(),
            consent: if has_consent(mapping) { ConsentChoice::Column } else { ConsentChoice::None },
            consent_basis: None,
            consent_proof: None,
            first_month_is_import_start: is_first && mapping.kind == FileKind::Orders,
            encoding: None,
        })
    }

    /// As far as it can be read. What cannot is as if it were not said: [`Self::check`] comes before anything is done.
    pub(super) fn read(&self, import_id: ImportId, reporting: Currency, now: Timestamp) -> ImportOptions {
        ImportOptions {
            import_id,
            source: self.source.trim().to_owned(),
            currency: self.currency.parse().unwrap_or(reporting),
            reporting,
            rate: self.rate(),
            zone: self.zone.parse().unwrap_or(Zone::TOKYO),
            consent: self.person_consent(),
            now,
        }
    }

    /// The encoding that a person chose.
    pub(super) fn encoding(&self) -> Option<Encoding> {
        self.encoding.as_deref().and_then(Encoding::of_code)
    }

    fn rate(&self) -> Option<Decimal> {
        let rate: Decimal = self.rate.as_deref()?.trim().parse().ok()?;
        (!rate.is_zero() && !rate.is_negative()).then_some(rate)
    }

    fn person_consent(&self) -> PersonConsent {
        let said =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        match self.consent {
            ConsentChoice::Column => PersonConsent::Column,
            ConsentChoice::Declared => match (said(&self.consent_basis), said(&self.consent_proof)) {
                (Some(basis), Some(proof)) => PersonConsent::Declared { basis: format!("{basis} ({proof})") },
                _ => PersonConsent::None,
            },
            ConsentChoice::None => PersonConsent::None,
        }
    }

    /// Whether everything that must be said is said, and makes sense.
    pub(super) fn check(&self, mapping: &Mapping, reporting: Currency) -> ApiResult<()> {
        let source = self.source.trim();
        if source.is_empty() || source.chars().count() > SOURCE_CHARACTERS_MAX || source.chars().any(char::is_control) {
            return Err(unfit("import_source_unfit", "Say where the data comes from, in 1 to 100 characters."));
        }
        let currency: Currency = self
            .currency
            .parse()
            .map_err(|_| unfit("import_currency_unfit", "The currency is no code of three letters."))?;
        self.zone.parse::<Zone>().map_err(|_| unfit("import_zone_unfit", "There is no such time zone."))?;
        if self.encoding.is_some() && self.encoding().is_none() {
            let codes: Vec<&str> = Encoding::ALL.into_iter().map(Encoding::code).collect();
            return Err(unfit("import_encoding_unfit", &format!("The encoding is one of {}.", codes.join(", "))));
        }
        if mapping.kind == FileKind::Orders && currency != reporting && self.rate().is_none() {
            return Err(unfit(
                "import_rate_missing",
                &format!("Amounts in {currency} need a rate to {reporting} above nought."),
            ));
        }
        self.check_consent(mapping)
    }

    fn check_consent(&self, mapping: &Mapping) -> ApiResult<()> {
        let is_long =
            |text: &Option<String>| text.as_deref().is_some_and(|text| text.chars().count() > PROOF_CHARACTERS_MAX);
        if is_long(&self.consent_basis) || is_long(&self.consent_proof) {
            return Err(unfit("import_consent_unfit", "Basis and proof have at most 2,000 characters each."));
        }
        match self.consent {
            ConsentChoice::Column if !has_consent(mapping) => {
                Err(unfit("import_consent_column_missing", "No column holds the consent."))
            }
            ConsentChoice::Declared if self.person_consent() == PersonConsent::None => {
                Err(unfit("import_consent_proof_missing", "A declared consent needs its basis and its proof."))
            }
            _ => Ok(()),
        }
    }
}

fn unfit(code: &'static str, detail: &str) -> Problem {
    Problem::unprocessable(code).detail(detail)
}

/// Whether a column says who may be written to.
pub(super) fn has_consent(mapping: &Mapping) -> bool {
    [Field::ConsentEmail, Field::ConsentPhone, Field::ConsentPost].iter().any(|field| mapping.column(*field).is_some())
}

/// The currency of the first row that says one; Online Retail is known to be in pounds.
fn currency_of(inspection: &Inspection, reporting: Currency) -> Currency {
    let mapping = &inspection.proposal.mapping;
    let column = mapping.column(Field::Currency);
    let told = column.and_then(|column| inspection.rows.iter().find_map(|row| row.get(column).parse().ok()));
    let known = if mapping.rules() == LineRules::OnlineRetail { Currency::GBP } else { reporting };
    told.unwrap_or(known)
}

/// The mapping with the columns as a person decided them.
pub(super) fn mapped(inspection: &Inspection, kind: FileKind, view: &MappingView) -> ApiResult<Mapping> {
    let mut mapping = inspection.proposal.mapping.clone();
    mapping.columns.iter_mut().for_each(|column| column.field = None);
    for (index, name) in view {
        let column = index.parse::<usize>().ok().and_then(|index| mapping.columns.get_mut(index));
        let column = column.ok_or_else(|| unfit("import_mapping_unfit", &format!("There is no column {index}.")))?;
        column.field = name.as_deref().map(|name| field_of(name, kind)).transpose()?;
    }
    for field in Field::ALL {
        if mapping.columns.iter().filter(|column| column.field == Some(*field)).count() > 1 {
            return Err(unfit("import_mapping_unfit", &format!("Two columns go to {}.", field.label_en())));
        }
    }
    let dated = mapping.column(Field::OrderedAt).or_else(|| mapping.column(Field::JoinedAt));
    mapping.date_order =
        dated.and_then(|column| dates::order_of(inspection.rows.iter().map(|row| row.get(column)))).unwrap_or_default();
    Ok(mapping)
}

fn field_of(name: &str, kind: FileKind) -> ApiResult<Field> {
    let field = Field::ALL.iter().copied().find(|field| field.name() == name && field.belongs_to(kind));
    field.ok_or_else(|| {
        unfit(
            "import_mapping_unfit",
            &format!("There is no field `{}` in such a file.", name.chars().take(50).collect::<String>()),
        )
    })
}
