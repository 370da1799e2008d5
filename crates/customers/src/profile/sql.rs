//! The rows of profiles.

use super::{
    Facts,
    projection::{Restated, StatementKey},
};
use crate::{
    identity::sql::numbers_of,
    origin::Origin,
    search::{self, Words},
    stream::Merged,
};
use records::{BulkInsert, FromQueryResult, InList, RecordsError, RecordsResult, Sql, Tx, Value, in_lists, values};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;
use vocabulary::{
    CustomerId, Day,
    address::{PostalCode, Prefecture},
    birthday::Birthday,
    email::Email,
    id::Ordinal,
    name::{NameParts, PersonName},
    phone::Phone,
    sex::Sex,
};

/// A person as the screens show them.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ProfileRow {
    /// The dense number.
    pub customer: i64,
    /// The id that the world sees.
    pub customer_id: Uuid,
    /// The shop's own number.
    pub number: Option<String>,
    /// 姓.
    pub family_name: Option<String>,
    /// 名.
    pub given_name: Option<String>,
    /// セイ.
    pub family_kana: Option<String>,
    /// メイ.
    pub given_kana: Option<String>,
    /// The company that they buy for.
    pub company: Option<String>,
    /// A mail address that can be written to.
    pub email: Option<String>,
    /// Why there is none, when something was told.
    pub email_problem: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// `male`, `female`, `other`, `declined`.
    pub sex: Option<String>,
    /// Year of birth.
    pub birth_year: Option<i64>,
    /// Month of birth.
    pub birth_month: Option<i64>,
    /// Day of birth.
    pub birth_day: Option<i64>,
    /// Prefecture, 1 to 47.
    pub prefecture: Option<i64>,
    /// City, ward, town.
    pub city: Option<String>,
}

/// The columns of [`ProfileRow`], of the table `c`.
pub const COLUMNS: &str = "c.customer, c.customer_id, c.number, c.family_name, c.given_name, c.family_kana, c.given_kana, c.company, \
    c.email, c.email_problem, c.phone, c.sex, c.birth_year, c.birth_month, c.birth_day, c.prefecture, c.city";

impl ProfileRow {
    /// The id that the world sees.
    pub fn id(&self) -> CustomerId {
        self.customer_id.into()
    }
    /// The shop's own number. A mail address that stands for it is shown like any.
    pub fn shown_number(&self, is_revealed: bool) -> Option<String> {
        let number = self.number.clone().filter(|_| !is_revealed);
        let address = number.as_deref().and_then(|number| Email::parse(number).ok().flatten());
        address.map(|address| address.masked()).or_else(|| self.number.clone())
    }
    /// The name, with its reading.
    pub fn name(&self) -> Option<PersonName> {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let (family, given) = (part(&self.family_name), part(&self.given_name));
        let (family_kana, given_kana) = (part(&self.family_kana), part(&self.given_kana));
        PersonName::from_parts(NameParts { family, given, family_kana, given_kana }).ok().flatten()
    }
    /// The prefecture's name in Japanese.
    pub fn prefecture_name(&self) -> Option<String> {
        let code = u8::try_from(self.prefecture?).ok()?;
        Prefecture::from_code(code).map(|prefecture| prefecture.name_ja().to_owned())
    }
}

/// The person with this id; an id that was merged away leads to the one that stayed, and one of whom nobody speaks any
/// more to nobody.
pub async fn find<S: Sql>(sql: &S, id: CustomerId) -> RecordsResult<Option<ProfileRow>> {
    let text = format!(
        "SELECT {COLUMNS} FROM customers i JOIN customers c ON c.customer = COALESCE(i.redirect_to, i.customer) \
         WHERE i.customer_id = $1 AND (c.redirect_to IS NULL OR c.redirect_to <> c.customer)"
    );
    sql.one(&text, values![id.uuid()]).await
}

/// The people with these dense numbers, in no order.
pub async fn find_many<S: Sql>(sql: &S, customers: &[Ordinal]) -> RecordsResult<Vec<ProfileRow>> {
    let mut found = Vec::with_capacity(customers.len());
    for list in in_lists(customers.iter().map(|customer| i64::from(*customer))) {
        let text = format!("SELECT {COLUMNS} FROM customers c WHERE c.customer IN ({})", list.places);
        found.extend(sql.all::<ProfileRow>(&text, list.values).await?);
    }
    Ok(found)
}

pub(super) async fn save_statements(tx: &Tx, restated: &BTreeMap<StatementKey, Restated>) -> RecordsResult<()> {
    withdraw(tx, restated).await?;
    let earlier = earlier(tx, restated).await?;
    let mut rows = BulkInsert::into(
        "source_records (source, key, origin, customer, facts, stated_at)",
        "ON CONFLICT (source, key, origin) DO UPDATE SET customer = excluded.customer, facts = excluded.facts, stated_at = excluded.stated_at",
    );
    for (key, Restated { customer, statement, .. }) in restated {
        let Some((facts, stated_at)) = statement else { continue };
        let before = earlier.get(key).cloned().unwrap_or_default();
        let facts =
            serde_json::to_string(&before.overlaid(facts.clone())).map_err(|_| RecordsError::unreadable("facts"))?;
        let (source, number, origin) = key.clone();
        rows.push(values![source, number, origin.text(), i64::from(*customer), facts, stated_at.micros()]);
    }
    rows.run(tx).await.map(|_| ())
}

/// Takes back what is to be taken back.
async fn withdraw(tx: &Tx, restated: &BTreeMap<StatementKey, Restated>) -> RecordsResult<()> {
    for ((source, key, origin), _) in restated.iter().filter(|(_, restated)| restated.is_withdrawn) {
        let text = "DELETE FROM source_records WHERE source = $1 AND key = $2 AND origin = $3";
        tx.execute(text, values![source.clone(), key.clone(), origin.text()]).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct StatementRow {
    source: String,
    key: String,
    origin: String,
    customer: i64,
    facts: String,
}

async fn earlier(tx: &Tx, restated: &BTreeMap<StatementKey, Restated>) -> RecordsResult<HashMap<StatementKey, Facts>> {
    let mut sources: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (source, key, _) in restated.keys() {
        sources.entry(source).or_default().insert(key);
    }
    let mut found = HashMap::new();
    for (source, keys) in sources {
        for InList { places, mut values } in in_lists(keys) {
            let text = format!(
                "SELECT source, key, origin, customer, facts FROM source_records WHERE key IN ({places}) AND source = ${}",
                values.len() + 1
            );
            values.push(source.into());
            for row in tx.all::<StatementRow>(&text, values).await? {
                found.insert((row.source, row.key, Origin::read(&row.origin)?), parse(&row.facts)?);
            }
        }
    }
    Ok(found)
}

/// What a source says of its people by these keys, without what `origin` says.
pub async fn facts_without<S: Sql>(
    sql: &S,
    source: &str,
    keys: &[&str],
    origin: Origin,
) -> RecordsResult<HashMap<String, Facts>> {
    let mut found: HashMap<String, Facts> = HashMap::with_capacity(keys.len());
    for InList { places, mut values } in in_lists(keys.iter().copied()) {
        let text = format!(
            "SELECT source, key, origin, customer, facts FROM source_records WHERE key IN ({places}) AND source = ${} AND origin <> ${} \
             ORDER BY stated_at, origin",
            values.len() + 1,
            values.len() + 2
        );
        values.extend(values![source, origin.text()]);
        for row in sql.all::<StatementRow>(&text, values).await? {
            let facts = found.remove(&row.key).unwrap_or_default().overlaid(parse(&row.facts)?);
            found.insert(row.key, facts);
        }
    }
    Ok(found)
}

/// Sources and their keys of the people of whom an origin speaks, in their order, behind the one of the page before.
/// Goes through all statements: nobody needs it but who takes an import back.
pub async fn told_by<S: Sql>(
    sql: &S,
    origin: Origin,
    after: &(String, String),
    rows: i64,
) -> RecordsResult<Vec<(String, String)>> {
    #[derive(FromQueryResult)]
    struct Told {
        source: String,
        key: String,
    }
    let text = "SELECT source, key FROM source_records WHERE origin = $1 AND (source, key) > ($2, $3) ORDER BY source, key LIMIT $4";
    let bound = values![origin.text(), after.0.clone(), after.1.clone(), rows];
    Ok(sql.all::<Told>(text, bound).await?.into_iter().map(|told| (told.source, told.key)).collect())
}

fn parse(facts: &str) -> RecordsResult<Facts> {
    serde_json::from_str(facts).map_err(|_| RecordsError::unreadable("source_records.facts"))
}

/// What the sources said of somebody who turned out to be somebody else is said of the one who stayed.
pub(super) async fn move_statements(tx: &Tx, merged: Merged) -> RecordsResult<()> {
    let (from, into) = (i64::from(merged.from.ordinal), i64::from(merged.into.ordinal));
    tx.execute("UPDATE source_records SET customer = $1 WHERE customer = $2", values![into, from]).await.map(|_| ())
}

/// Computes the profiles of these people from all that their sources say.
pub(super) async fn recompute(tx: &Tx, customers: &[Ordinal], today: Day) -> RecordsResult<()> {
    let mut people: BTreeMap<i64, Facts> = customers.iter().map(|n| (i64::from(*n), Facts::default())).collect();
    for list in in_lists(customers.iter().map(|customer| i64::from(*customer))) {
        let text = format!(
            "SELECT source, key, origin, customer, facts FROM source_records WHERE customer IN ({}) ORDER BY stated_at, source, key, origin",
            list.places
        );
        for row in tx.all::<StatementRow>(&text, list.values).await? {
            let person = people.entry(row.customer).or_default();
            *person = std::mem::take(person).overlaid(parse(&row.facts)?);
        }
    }
    write(tx, people, &numbers_of(tx, customers).await?, today).await
}

async fn write(
    tx: &Tx,
    people: BTreeMap<i64, Facts>,
    numbers: &HashMap<i64, Vec<String>>,
    today: Day,
) -> RecordsResult<()> {
    let mut rows = BulkInsert::into(
        "customers (customer, customer_id, created_at, sort_kana, family_name, given_name, family_kana, given_kana, company, email, \
         email_problem, phone, sex, birth_year, birth_month, birth_day, postal_code, prefecture, city, street, joined_day, search_words)",
        "ON CONFLICT (customer) DO UPDATE SET sort_kana = excluded.sort_kana, family_name = excluded.family_name, \
         given_name = excluded.given_name, family_kana = excluded.family_kana, given_kana = excluded.given_kana, company = excluded.company, \
         email = excluded.email, email_problem = excluded.email_problem, phone = excluded.phone, sex = excluded.sex, birth_year = excluded.birth_year, \
         birth_month = excluded.birth_month, birth_day = excluded.birth_day, postal_code = excluded.postal_code, prefecture = excluded.prefecture, \
         city = excluded.city, street = excluded.street, joined_day = excluded.joined_day, search_words = excluded.search_words",
    );
    let mut words: BTreeMap<i64, Words> = BTreeMap::new();
    for (customer, facts) in people {
        let person = Person::read(&facts, today);
        let found_by = Words::of(
            numbers.get(&customer).map_or(&[], Vec::as_slice),
            person.name.as_ref(),
            facts.company.as_deref(),
            person.email.as_ref(),
            person.phone.as_ref(),
        );
        rows.push(person.row(customer, facts, &found_by));
        words.insert(customer, found_by);
    }
    search::replace(tx, &words).await?;
    rows.run(tx).await.map(|_| ())
}

/// Facts as the types of the vocabulary; what cannot be read stays in the source's statement.
struct Person {
    name: Option<PersonName>,
    email: Option<Email>,
    email_problem: Option<String>,
    phone: Option<Phone>,
    sex: Option<Sex>,
    birthday: Option<Birthday>,
    postal_code: Option<PostalCode>,
    prefecture: Option<Prefecture>,
    joined: Option<Day>,
}

impl Person {
    fn read(facts: &Facts, today: Day) -> Self {
        let told = |fact: &Option<String>| fact.clone().unwrap_or_default();
        let (family, given) = (told(&facts.family_name), told(&facts.given_name));
        let (family_kana, given_kana) = (told(&facts.family_kana), told(&facts.given_kana));
        let (email, email_problem) = match Email::parse(&told(&facts.email)) {
            Ok(email) => (email, None),
            Err(error) => (None, Some(error.to_string())),
        };
        Self {
            name: PersonName::from_parts(NameParts { family, given, family_kana, given_kana }).ok().flatten(),
            email,
            email_problem,
            phone: Phone::parse(&told(&facts.phone)).ok().flatten(),
            sex: Sex::parse(&told(&facts.sex)).ok().flatten(),
            birthday: Birthday::parse(&told(&facts.birthday), today).ok().flatten(),
            postal_code: PostalCode::parse(&told(&facts.postal_code)).ok().flatten(),
            prefecture: Prefecture::parse(&told(&facts.prefecture)).ok().flatten(),
            joined: facts.joined_on.as_deref().and_then(|day| day.parse().ok()),
        }
    }

    fn row(self, customer: i64, facts: Facts, found_by: &Words) -> Vec<Value> {
        let sort_kana = self.name.as_ref().map(PersonName::sorting_key).unwrap_or_default();
        let parts = self.name.map(|name| name.reveal().clone()).unwrap_or_default();
        let some = |text: String| (!text.is_empty()).then_some(text);
        values![
            customer,
            // Never used: the row is there, and a conflict leaves its id and birth as they are.
            Uuid::from_u128(u128::from(customer.unsigned_abs())),
            0_i64,
            sort_kana,
            some(parts.family),
            some(parts.given),
            some(parts.family_kana),
            some(parts.given_kana),
            facts.company.and_then(some),
            self.email.map(|email| email.reveal().to_owned()),
            self.email_problem,
            self.phone.map(|phone| phone.reveal().to_owned()),
            self.sex.map(Sex::name),
            self.birthday.and_then(|day| day.year()).map(i64::from),
            self.birthday.map(|day| i64::from(day.month())),
            self.birthday.and_then(|day| day.day()).map(i64::from),
            self.postal_code.map(PostalCode::reveal),
            self.prefecture.map(|prefecture| i64::from(prefecture.code())),
            facts.city.and_then(some),
            facts.street.and_then(some),
            self.joined.map(|day| i64::from(day.0)),
            found_by.text(),
        ]
    }
}
