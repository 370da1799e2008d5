//! A row about a person. What cannot be read costs only itself: a bad telephone number is kept as it was, with a warning.

use super::{
    dates::{DateProblem, DateReader},
    field::Field,
    mapping::{Cells, Mapping},
    problem::{Found, LineProblem, ProblemKind},
    synonyms::plain,
    table::Row,
};
use vocabulary::{
    Day, Timestamp,
    address::{AddressParts, PostalAddress, PostalCode, Prefecture},
    birthday::Birthday,
    consent::{Channel, ConsentState},
    email::Email,
    name::{NameParts, PersonName},
    phone::Phone,
    sex::Sex,
};

/// Statement, time and basis of each channel.
const CONSENT_FIELDS: [(Channel, [Field; 3]); 3] = [
    (Channel::Email, [Field::ConsentEmail, Field::ConsentEmailAt, Field::ConsentEmailBasis]),
    (Channel::Phone, [Field::ConsentPhone, Field::ConsentPhoneAt, Field::ConsentPhoneBasis]),
    (Channel::Post, [Field::ConsentPost, Field::ConsentPostAt, Field::ConsentPostBasis]),
];
/// Of what an address is made.
const ADDRESS_FIELDS: [Field; 7] = [
    Field::PostalCode,
    Field::PostalCode1,
    Field::PostalCode2,
    Field::Prefecture,
    Field::City,
    Field::Address1,
    Field::Address2,
];
/// Characters of a customer number.
pub(crate) const NUMBER_CHARACTERS_MAX: usize = 200;

/// What a file says of a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CustomerRow {
    /// Line of the file.
    pub line: u64,
    /// The shop's number for this person.
    pub customer_number: Option<String>,
    /// Name.
    pub name: Option<PersonName>,
    /// Company.
    pub company: Option<String>,
    /// Company in kana.
    pub company_kana: Option<String>,
    /// Mail address.
    pub email: Option<Email>,
    /// Telephone number.
    pub phone: Option<Phone>,
    /// Postal address.
    pub address: Option<PostalAddress>,
    /// Country as it was written.
    pub country: Option<String>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Birthday, or a part of one.
    pub birthday: Option<Birthday>,
    /// When the person joined.
    pub joined_at: Option<Timestamp>,
    /// What the person said about each channel; of several statements about one the latest counts.
    pub consents: Vec<ConsentCell>,
    /// What could not be read, and is kept as it was.
    pub warnings: Vec<FieldWarning>,
}

/// What a file says of a person's consent to one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentCell {
    /// To be reached how.
    pub channel: Channel,
    /// Yes or no.
    pub state: ConsentState,
    /// When it was said, where the file has it.
    pub at: Option<Timestamp>,
    /// On what basis, where the file has it.
    pub basis: Option<String>,
}

/// A cell that could not be read in a row that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldWarning {
    /// Line of the file.
    pub line: u64,
    /// What it should have been.
    pub field: Field,
    /// The column's name.
    pub column: String,
    /// What stood there.
    pub found: Found,
}

impl FieldWarning {
    /// The sentence in Japanese.
    pub fn sentence_ja(&self) -> String {
        let label = self.field.label_ja();
        format!(
            "「{}」の「{}」を{label}として読めません。{label}は空のまま取り込みました。",
            self.column,
            self.found.reveal()
        )
    }
    /// The sentence in English.
    pub fn sentence_en(&self) -> String {
        let label = self.field.label_en();
        format!("`{}` in `{}` is no {label}; the row was taken without it.", self.found.reveal(), self.column)
    }
}

impl CustomerRow {
    /// Whether this person could be found again.
    pub fn has_identity(&self) -> bool {
        self.customer_number.is_some() || self.email.is_some() || self.phone.is_some()
    }
}

/// Reads rows by one mapping.
pub(crate) struct CustomerReader<'m> {
    mapping: &'m Mapping,
    cells: Cells,
    dates: DateReader,
    today: Day,
    has_address: bool,
}

impl<'m> CustomerReader<'m> {
    /// For one file.
    pub(crate) fn new(mapping: &'m Mapping, dates: DateReader) -> Self {
        let cells = mapping.cells();
        let has_address = ADDRESS_FIELDS.iter().any(|field| cells.has(*field));
        Self { mapping, cells, dates, today: dates.zone.day(dates.latest), has_address }
    }

    /// A row about a customer.
    pub(crate) fn read(&self, row: &Row) -> Result<CustomerRow, LineProblem> {
        let customer = self.person(row)?;
        if customer.has_identity() {
            Ok(customer)
        } else {
            Err(LineProblem::of_line(row.line(), ProblemKind::NoIdentity))
        }
    }

    /// What a row says of a person, be it enough to find the person again or not.
    pub(crate) fn person(&self, row: &Row) -> Result<CustomerRow, LineProblem> {
        let number = customer_number(self.get(row, Field::CustomerNumber));
        if number.is_some_and(|number| number.chars().count() > NUMBER_CHARACTERS_MAX) {
            let kind = ProblemKind::Unreadable(Field::CustomerNumber);
            let column = self.mapping.name(Field::CustomerNumber);
            return Err(LineProblem::of_cell(row.line(), column, number.unwrap_or(""), kind));
        }
        let mut customer =
            CustomerRow { line: row.line(), customer_number: number.map(str::to_owned), ..CustomerRow::default() };
        let warnings = &mut customer.warnings;
        customer.name = self.kept(row, warnings, Field::FullName, self.name(row));
        customer.company = self.text(row, Field::Company);
        customer.company_kana = self.text(row, Field::CompanyKana);
        customer.country = self.text(row, Field::Country);
        customer.email = self.parsed(row, warnings, Field::Email, Email::parse);
        customer.phone = self.phone(row, warnings);
        customer.address = self.address(row, warnings);
        customer.sex = self.parsed(row, warnings, Field::Sex, Sex::parse);
        customer.birthday = self.parsed(row, warnings, Field::Birthday, |text| Birthday::parse(text, self.today));
        customer.joined_at = self.date(row, warnings, Field::JoinedAt);
        customer.consents = self.consents(row, warnings);
        Ok(customer)
    }

    fn get<'row>(&self, row: &'row Row, field: Field) -> &'row str {
        self.cells.get(row, field)
    }

    fn text(&self, row: &Row, field: Field) -> Option<String> {
        let text = self.get(row, field);
        (!text.is_empty()).then(|| text.chars().take(300).collect())
    }

    /// What a cell says, or nothing and a warning. An empty cell is not looked at.
    fn parsed<T, E>(
        &self,
        row: &Row,
        warnings: &mut Vec<FieldWarning>,
        field: Field,
        parse: impl Fn(&str) -> Result<Option<T>, E>,
    ) -> Option<T> {
        match self.get(row, field) {
            "" => None,
            text => self.kept(row, warnings, field, parse(text)),
        }
    }

    /// The value, or nothing and a warning.
    fn kept<T, E>(
        &self,
        row: &Row,
        warnings: &mut Vec<FieldWarning>,
        field: Field,
        read: Result<Option<T>, E>,
    ) -> Option<T> {
        read.unwrap_or_else(|_| {
            warnings.push(self.warning(row, field));
            None
        })
    }

    fn warning(&self, row: &Row, field: Field) -> FieldWarning {
        FieldWarning {
            line: row.line(),
            field,
            column: self.mapping.name(field).to_owned(),
            found: Found::new(self.get(row, field)),
        }
    }

    fn name(&self, row: &Row) -> Result<Option<PersonName>, vocabulary::name::NameError> {
        let part = |field| self.get(row, field).to_owned();
        let has_parts = self.cells.has(Field::FamilyName) || self.cells.has(Field::GivenName);
        if !has_parts {
            return PersonName::from_full(self.get(row, Field::FullName), self.get(row, Field::FullKana));
        }
        PersonName::from_parts(NameParts {
            family: part(Field::FamilyName),
            given: part(Field::GivenName),
            family_kana: part(Field::FamilyKana),
            given_kana: part(Field::GivenKana),
        })
    }

    fn phone(&self, row: &Row, warnings: &mut Vec<FieldWarning>) -> Option<Phone> {
        let whole = self.get(row, Field::Phone);
        if !whole.is_empty() || !self.cells.has(Field::Phone1) {
            return self.parsed(row, warnings, Field::Phone, Phone::parse);
        }
        let parts = [Field::Phone1, Field::Phone2, Field::Phone3].map(|field| self.get(row, field));
        self.kept(row, warnings, Field::Phone1, Phone::from_parts(parts))
    }

    /// What is no Japanese prefecture is kept in front of the first line.
    fn address(&self, row: &Row, warnings: &mut Vec<FieldWarning>) -> Option<PostalAddress> {
        if !self.has_address {
            return None;
        }
        let get = |field| self.get(row, field);
        let postal_code = if self.cells.has(Field::PostalCode1) {
            let code = PostalCode::from_parts(get(Field::PostalCode1), get(Field::PostalCode2));
            self.kept(row, warnings, Field::PostalCode1, code)
        } else {
            self.parsed(row, warnings, Field::PostalCode, PostalCode::parse)
        };
        let (prefecture, region) = match Prefecture::parse(get(Field::Prefecture)) {
            Ok(prefecture) => (prefecture, ""),
            Err(_) => (None, get(Field::Prefecture)),
        };
        let line1 = [region, get(Field::City), get(Field::Address1)].into_iter().fold(String::new(), joined);
        let parts = AddressParts { postal_code, prefecture, line1, line2: get(Field::Address2).to_owned() };
        self.kept(row, warnings, Field::Address1, PostalAddress::from_parts(parts))
    }

    fn date(&self, row: &Row, warnings: &mut Vec<FieldWarning>, field: Field) -> Option<Timestamp> {
        let text = self.get(row, field);
        if text.is_empty() || text.starts_with("0000") {
            return None;
        }
        let read: Result<Timestamp, DateProblem> = self.dates.read(text, "");
        self.kept(row, warnings, field, read.map(Some))
    }

    /// A statement for each channel, and the stop of mails as a later one.
    fn consents(&self, row: &Row, warnings: &mut Vec<FieldWarning>) -> Vec<ConsentCell> {
        let mut consents = Vec::new();
        for (channel, [state, at, basis]) in CONSENT_FIELDS {
            if let Some(state) = self.parsed(row, warnings, state, consent_state) {
                let at = self.date(row, warnings, at);
                consents.push(ConsentCell { channel, state, at, basis: self.text(row, basis) });
            }
        }
        if let Some(at) = self.date(row, warnings, Field::UnsubscribedAt) {
            let basis = Some(self.mapping.name(Field::UnsubscribedAt).to_owned());
            consents.push(ConsentCell { channel: Channel::Email, state: ConsentState::Denied, at: Some(at), basis });
        }
        consents
    }
}

/// A customer number; 0 is none, and `17850.0` is what a table program makes of 17850.
pub(crate) fn customer_number(cell: &str) -> Option<&str> {
    let number = match cell.strip_suffix(".0") {
        Some(whole) if whole.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        _ => cell,
    };
    (!matches!(number, "" | "0" | "-" | "NULL" | "null")).then_some(number)
}

/// Japanese parts of an address stand side by side, others with a space.
fn joined(mut line: String, part: &str) -> String {
    if line.ends_with(|last: char| last.is_ascii()) && !part.is_empty() {
        line.push(' ');
    }
    line.push_str(part);
    line
}

/// Yes or no in the words of carts; a format of mail (HTML, text) is a yes.
fn consent_state(cell: &str) -> Result<Option<ConsentState>, ()> {
    match plain(cell).as_str() {
        "" | "null" => Ok(None),
        "1" | "true" | "yes" | "y" | "t" | "on" | "はい" | "許可" | "許可する" | "同意" | "同意する" | "同意済"
        | "同意済み" | "希望" | "希望する" | "受け取る" | "受取る" | "購読" | "購読中" | "可" | "配信" | "配信する"
        | "配信許可" | "配信可" | "有" | "あり" | "○" | "◯" | "html" | "text" | "テキスト" | "subscribed"
        | "granted" | "optin" => Ok(Some(ConsentState::Granted)),
        "0" | "false" | "no" | "n" | "f" | "off" | "いいえ" | "拒否" | "拒否する" | "同意しない" | "希望しない"
        | "受け取らない" | "受取らない" | "未購読" | "不可" | "配信しない" | "配信停止" | "配信不可" | "停止"
        | "無" | "なし" | "×" | "none" | "unsubscribed" | "denied" | "optout" | "notsubscribed" => {
            Ok(Some(ConsentState::Denied))
        }
        _ => Err(()),
    }
}
