//! Finding a person by the beginning of any of their words: kanji, kana in any width, romaji, mail, number, phone.

use records::{BulkInsert, FromQueryResult, InList, RecordsResult, Sql, Tx, in_lists, values};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use vocabulary::{email::Email, kana, name::PersonName, phone::Phone};

/// Tokens of one person that are kept; a company with a very long name has more.
const TOKENS_MAX: usize = 120;
/// People that one search finds.
const FOUND_MAX: i64 = 2_000;
/// People that a search within a selection finds before the others are left out.
const FOUND_WITHIN_MAX: i64 = 200_000;

/// The tokens of a shop's own number.
pub fn number_tokens(number: &str) -> Vec<String> {
    kana::search_tokens(number)
}

/// All tokens of a person: where there are too many, those of the name, the phone and the mail stay.
pub fn tokens(
    numbers: &[String],
    name: Option<&PersonName>,
    company: Option<&str>,
    email: Option<&Email>,
    phone: Option<&Phone>,
) -> Vec<String> {
    let mut tokens = name.map(PersonName::search_tokens).unwrap_or_default();
    tokens.extend(phone.map(Phone::search_tokens).unwrap_or_default());
    tokens.extend(email.map(|email| kana::search_tokens(email.reveal())).unwrap_or_default());
    tokens.extend(numbers.iter().flat_map(|number| number_tokens(number)));
    tokens.extend(company.map(kana::search_tokens).unwrap_or_default());
    let mut seen = HashSet::with_capacity(tokens.len());
    tokens.retain(|token| seen.insert(token.clone()));
    tokens.truncate(TOKENS_MAX);
    tokens
}

/// Keeps tokens of people, those that stand together in the table one after the other.
pub(crate) async fn save<S: Sql>(sql: &S, mut tokens: Vec<(String, i64)>) -> RecordsResult<()> {
    tokens.sort_unstable();
    let mut rows = BulkInsert::into("search_tokens (token, customer)", "ON CONFLICT DO NOTHING");
    tokens.into_iter().for_each(|(token, customer)| rows.push(values![token, customer]));
    rows.run(sql).await.map(|_| ())
}

/// Keeps these tokens of each person and no others. Only what differs is written: most of what is told of people is
/// known.
pub(crate) async fn replace(tx: &Tx, tokens: BTreeMap<i64, Vec<String>>) -> RecordsResult<()> {
    #[derive(FromQueryResult)]
    struct Known {
        token: String,
        customer: i64,
    }
    let mut gone: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    let mut new: BTreeSet<(String, i64)> =
        tokens.iter().flat_map(|(customer, tokens)| tokens.iter().map(|token| (token.clone(), *customer))).collect();
    for list in in_lists(tokens.keys().copied()) {
        let text = format!("SELECT token, customer FROM search_tokens WHERE customer IN ({})", list.places);
        for Known { token, customer } in tx.all::<Known>(&text, list.values).await? {
            let known = (token, customer);
            if !new.remove(&known) {
                gone.entry(customer).or_default().push(known.0);
            }
        }
    }
    for (customer, tokens) in gone {
        for InList { places, mut values } in in_lists(tokens) {
            let text =
                format!("DELETE FROM search_tokens WHERE token IN ({places}) AND customer = ${}", values.len() + 1);
            values.push(customer.into());
            tx.execute(&text, values).await?;
        }
    }
    save(tx, new.into_iter().collect()).await
}

/// The people whose words begin with all words of the query, at most 2,000 (200,000 where a selection leaves few of
/// them); and those whose order bears the number.
pub async fn find<S: Sql>(sql: &S, query: &str, is_within_selection: bool) -> RecordsResult<Vec<i64>> {
    let words = kana::query_tokens(query);
    let Some((first, rest)) = words.split_first() else { return Ok(Vec::new()) };
    let mut text =
        String::from("SELECT DISTINCT s.customer AS value FROM search_tokens s WHERE s.token >= $1 AND s.token < $2");
    let mut bound = values![first.clone(), after(first)];
    for (n, word) in rest.iter().take(6).enumerate() {
        let (from, to) = (2 * n + 3, 2 * n + 4);
        text.push_str(&format!(" AND EXISTS (SELECT 1 FROM search_tokens t WHERE t.customer = s.customer AND t.token >= ${from} AND t.token < ${to})"));
        bound.extend(values![word.clone(), after(word)]);
    }
    let found_max = if is_within_selection { FOUND_WITHIN_MAX } else { FOUND_MAX };
    text.push_str(&format!(" LIMIT {found_max}"));
    let mut found: Vec<i64> = sql.column(&text, bound).await?;
    found.extend(crate::orders::sql::customers_of_number(sql, query.trim()).await?);
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The first text behind all that begin with `prefix`.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}
