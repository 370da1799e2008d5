//! Finding a person by the beginning of any of their words: kanji, kana in any width, romaji, mail, number, phone.
//!
//! A person's words stand with the person (`customers.search_words`) and, one by one, in the tree in which beginnings
//! are looked up (`search_tokens`). Invariant: both hold the same words.

use records::{BulkInsert, FromQueryResult, InList, RecordsResult, Sql, Value, escape_like, in_lists, values};
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{email::Email, kana, name::PersonName, phone::Phone};

/// Words of one person that are kept; a company with a very long name has more.
const WORDS_MAX: usize = 120;

/// The words by which one person is found, none of them the beginning of another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words(BTreeSet<String>);

impl Words {
    /// All words of a person: where there are too many, those of the name, the phone and the mail stay.
    pub(crate) fn of(
        numbers: &[String],
        name: Option<&PersonName>,
        company: Option<&str>,
        email: Option<&Email>,
        phone: Option<&Phone>,
    ) -> Self {
        let mut words = name.map(PersonName::search_tokens).unwrap_or_default();
        words.extend(phone.map(Phone::search_tokens).unwrap_or_default());
        words.extend(email.map(|email| kana::search_tokens(email.reveal())).unwrap_or_default());
        words.extend(numbers.iter().flat_map(|number| kana::search_tokens(number)));
        words.extend(company.map(kana::search_tokens).unwrap_or_default());
        Self::pruned(words)
    }

    /// The words of a shop's own number.
    pub(crate) fn of_number(number: &str) -> Self {
        Self::pruned(kana::search_tokens(number))
    }

    fn pruned(words: impl IntoIterator<Item = String>) -> Self {
        let mut kept = BTreeSet::new();
        for word in words {
            if kept.len() < WORDS_MAX && !begins_one_of(&kept, &word) {
                kept.retain(|other: &String| !word.starts_with(other.as_str()));
                kept.insert(word);
            }
        }
        Self(kept)
    }

    fn read(text: &str) -> Self {
        Self(text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }

    /// The words of both.
    pub(crate) fn join(&mut self, Self(more): Self) {
        *self = Self::pruned(std::mem::take(&mut self.0).into_iter().chain(more));
    }

    /// As they stand with the person: each between spaces, so that a beginning is one that follows a space.
    pub(crate) fn text(&self) -> String {
        self.0.iter().fold(String::new(), |text, word| text + " " + word) + if self.0.is_empty() { "" } else { " " }
    }
}

impl IntoIterator for Words {
    type Item = String;
    type IntoIter = std::collections::btree_set::IntoIter<String>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

fn begins_one_of(words: &BTreeSet<String>, word: &str) -> bool {
    words.range(word.to_owned()..).next().is_some_and(|other| other.starts_with(word))
}

#[derive(FromQueryResult)]
struct Known {
    customer: i64,
    search_words: String,
}

async fn known<S: Sql>(sql: &S, people: impl Iterator<Item = i64>) -> RecordsResult<BTreeMap<i64, Words>> {
    let mut known = BTreeMap::new();
    for list in in_lists(people) {
        let text = format!("SELECT customer, search_words FROM customers WHERE customer IN ({})", list.places);
        let rows: Vec<Known> = sql.all(&text, list.values).await?;
        known.extend(rows.into_iter().map(|row| (row.customer, Words::read(&row.search_words))));
    }
    Ok(known)
}

/// Brings the tree to these words of each person and no others; whoever writes the person writes the words beside it.
/// Only what differs is written: most of what is told of people is known.
pub(crate) async fn replace<S: Sql>(sql: &S, words: &BTreeMap<i64, Words>) -> RecordsResult<()> {
    let before = known(sql, words.keys().copied()).await?;
    let none = Words::default();
    let mut new = Vec::new();
    for (customer, Words(now)) in words {
        let Words(before) = before.get(customer).unwrap_or(&none);
        new.extend(now.difference(before).map(|word| (word.clone(), *customer)));
        uproot(sql, *customer, before.difference(now)).await?;
    }
    plant(sql, new).await
}

/// Gives people more words, the tree included.
pub(crate) async fn add<S: Sql>(sql: &S, more: BTreeMap<i64, Words>) -> RecordsResult<()> {
    let before = known(sql, more.keys().copied()).await?;
    let mut words = BTreeMap::new();
    for (customer, more) in more {
        let before = before.get(&customer).cloned().unwrap_or_default();
        let mut both = before.clone();
        both.join(more);
        if both != before {
            words.insert(customer, both);
        }
    }
    replace(sql, &words).await?;
    for (customer, words) in words {
        let text = "UPDATE customers SET search_words = $1 WHERE customer = $2";
        sql.execute(text, values![words.text(), customer]).await?;
    }
    Ok(())
}

/// Nobody finds these people any more.
pub(crate) async fn forget<S: Sql>(sql: &S, people: &[i64]) -> RecordsResult<()> {
    let none = people.iter().map(|customer| (*customer, Words::default())).collect();
    replace(sql, &none).await?;
    for list in in_lists(people.iter().copied()) {
        let text = format!("UPDATE customers SET search_words = '' WHERE customer IN ({})", list.places);
        sql.execute(&text, list.values).await?;
    }
    Ok(())
}

/// Puts words of people into the tree, those that stand together one after the other.
pub(crate) async fn plant<S: Sql>(sql: &S, mut words: Vec<(String, i64)>) -> RecordsResult<()> {
    words.sort_unstable();
    let mut rows = BulkInsert::into("search_tokens (token, customer)", "ON CONFLICT DO NOTHING");
    words.into_iter().for_each(|(word, customer)| rows.push(values![word, customer]));
    rows.run(sql).await.map(|_| ())
}

async fn uproot<S: Sql>(sql: &S, customer: i64, words: impl Iterator<Item = &String>) -> RecordsResult<()> {
    for InList { places, mut values } in in_lists(words.map(String::as_str)) {
        let text = format!("DELETE FROM search_tokens WHERE token IN ({places}) AND customer = ${}", values.len() + 1);
        values.push(customer.into());
        sql.execute(&text, values).await?;
    }
    Ok(())
}

/// What somebody typed to find people: all its words must begin words of the person.
#[derive(Clone, Debug)]
pub struct Search {
    words: Vec<Vec<String>>,
    order_number: String,
}

/// Words of a search that are looked at.
const SEARCHED_WORDS_MAX: usize = 7;
/// Tokens that begin with a word are counted up to this many; people with more of them are looked at one by one.
const COUNTED_MAX: i64 = 30_000;
/// Up to this many are gathered and sorted; among more of them, a list is read in its order.
pub(crate) const GATHERED_MAX: i64 = 10_000;

/// How many people there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub people: u64,
    /// There are more: they were not counted to the end.
    pub is_cut: bool,
}

impl Count {
    pub(crate) const fn exact(people: u64) -> Self {
        Self { people, is_cut: false }
    }
}

impl Search {
    /// None when nothing was typed.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut words = kana::query_tokens(text);
        words.truncate(SEARCHED_WORDS_MAX);
        (!text.is_empty()).then(|| Self { words, order_number: text.to_owned() })
    }

    /// All people who are meant, and those whose order bears the number.
    pub async fn find<S: Sql>(&self, sql: &S) -> RecordsResult<RoaringBitmap> {
        let Gathering { text, values, .. } = self.gathering(sql).await?;
        let text = format!("SELECT s.customer AS value FROM ({text}) s");
        let found: Vec<i64> = sql.column(&text, values).await?;
        Ok(found.into_iter().filter_map(|customer| u32::try_from(customer).ok()).collect())
    }

    /// The question for all people who are meant: the rarest of the words leads to few, whose other words are looked at.
    pub(crate) async fn gathering<S: Sql>(&self, sql: &S) -> RecordsResult<Gathering> {
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            words.push((count(sql, word).await?, word));
        }
        words.sort_by_key(|(tokens, _)| *tokens);
        let mut values = Vec::new();
        let number = place(&mut values, &self.order_number);
        let mut text = format!("SELECT customer FROM orders WHERE number = {number} AND customer IS NOT NULL");
        if let Some(((_, rarest), others)) = words.split_first() {
            let rarest = beginning(rarest, &mut values);
            let others: Vec<String> = others.iter().map(|(tokens, word)| also(*tokens, word, &mut values)).collect();
            text.push_str(&format!(" UNION SELECT t.customer FROM ({rarest}) t WHERE TRUE{}", others.concat()));
        }
        // Two words meet in few people, so they are looked for in the list only where gathering takes long.
        let few = if words.len() == 1 { GATHERED_MAX } else { COUNTED_MAX };
        let is_common = words.first().is_some_and(|(tokens, _)| *tokens > few);
        let common = is_common.then(|| words.into_iter().map(|(_, word)| word.clone()).collect());
        Ok(Gathering { text, values, common, order_number: self.order_number.clone() })
    }
}

/// The people whom a search means.
pub(crate) struct Gathering {
    /// Gives their numbers as `customer`.
    pub text: String,
    /// What is bound to it.
    pub values: Vec<Value>,
    /// The words, the rarest first, when so many bear each that a list is better read in its order.
    common: Option<Vec<Vec<String>>>,
    order_number: String,
}

impl Gathering {
    /// The condition for those who are meant on a person `c` who is read in the order of a list.
    pub(crate) fn common_condition(&self, values: &mut Vec<Value>) -> Option<String> {
        let words: Vec<String> = self.common.as_ref()?.iter().map(|word| bears(word, values)).collect();
        let number = place(values, &self.order_number);
        let bought = format!("c.customer IN (SELECT customer FROM orders WHERE number = {number})");
        Some(format!("({} OR {bought})", words.join(" AND ")))
    }

    /// How many people are meant; of very many, those among the first who bear the rarest word.
    pub(crate) async fn count<S: Sql>(&self, sql: &S) -> RecordsResult<Count> {
        let Some((rarest, others)) = self.common.as_deref().and_then(<[_]>::split_first) else {
            let text = format!("SELECT COUNT(*) AS value FROM ({}) s", self.text);
            return Ok(Count::exact(sql.scalar::<i64>(&text, self.values.clone()).await?.unwrap_or(0).unsigned_abs()));
        };
        let mut values = Vec::new();
        let tokens = beginning(rarest, &mut values);
        let others: Vec<String> = others.iter().map(|word| bearing(word, &mut values)).collect();
        let text = format!(
            "SELECT COUNT(DISTINCT t.customer) AS value FROM ({tokens} LIMIT {GATHERED_MAX}) t WHERE TRUE{}",
            others.concat()
        );
        let counted = sql.scalar::<i64>(&text, values).await?.unwrap_or(0).unsigned_abs();
        let full_thousands = if counted < 1_000 { counted } else { counted / 1_000 * 1_000 };
        Ok(Count { people: full_thousands, is_cut: true })
    }
}

async fn count<S: Sql>(sql: &S, word: &[String]) -> RecordsResult<i64> {
    let mut values = Vec::new();
    let tokens = beginning(word, &mut values);
    let text = format!("SELECT COUNT(*) AS value FROM ({tokens} LIMIT {}) t", COUNTED_MAX + 1);
    Ok(sql.scalar(&text, values).await?.unwrap_or(0))
}

/// The people one of whose tokens begins with one of these; somebody may come several times.
fn beginning(word: &[String], values: &mut Vec<Value>) -> String {
    let ranges = word.iter().map(|from| {
        let (from, to) = (place(values, from), place(values, &after(from)));
        format!("SELECT customer FROM search_tokens WHERE token >= {from} AND token < {to}")
    });
    ranges.collect::<Vec<_>>().join(" UNION ALL ")
}

/// A condition on the people `t` of the rarest word.
fn also(tokens: i64, word: &[String], values: &mut Vec<Value>) -> String {
    if tokens <= COUNTED_MAX {
        format!(" AND t.customer IN ({})", beginning(word, values))
    } else {
        bearing(word, values)
    }
}

/// The same, for each of the people by the words that stand with them.
fn bearing(word: &[String], values: &mut Vec<Value>) -> String {
    format!(" AND EXISTS (SELECT 1 FROM customers c WHERE c.customer = t.customer AND {})", bears(word, values))
}

/// One of the words of a person `c` begins with one of these.
fn bears(word: &[String], values: &mut Vec<Value>) -> String {
    let conditions = word.iter().map(|from| {
        let pattern = place(values, &format!("% {}%", escape_like(from)));
        format!("c.search_words LIKE {pattern} ESCAPE '\\'")
    });
    format!("({})", conditions.collect::<Vec<_>>().join(" OR "))
}

fn place(values: &mut Vec<Value>, text: &str) -> String {
    values.push(text.into());
    format!("${}", values.len())
}

/// The first text behind all that begin with `prefix`.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}
