//! Japanese names with their readings: surnames as frequent as in life, given names of their time.

use serde::Deserialize;

use super::person::Sex;
use crate::dice::Dice;
use crate::folder::{DemoError, DemoFolder};

/// A name and its reading in hiragana.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) written: String,
    pub(crate) kana: String,
}

/// Surnames and given names of `names.csv`.
#[derive(Debug, Clone)]
pub(crate) struct NameList {
    families: Vec<Named>,
    /// Holders of the surnames up to and with each one, to draw by frequency.
    holders_up_to: Vec<u64>,
    female: Vec<GivenName>,
    male: Vec<GivenName>,
}

#[derive(Debug, Clone)]
struct GivenName {
    name: Named,
    born_from: i32,
    born_to: i32,
}

#[derive(Deserialize)]
struct NameRow {
    kind: String,
    name: String,
    kana: String,
    holders: Option<u64>,
    born_from: Option<i32>,
    born_to: Option<i32>,
}

impl NameList {
    pub(crate) fn open(folder: &DemoFolder) -> Result<Self, DemoError> {
        let mut list = Self { families: Vec::new(), holders_up_to: Vec::new(), female: Vec::new(), male: Vec::new() };
        let mut holders = 0;
        for row in folder.table::<NameRow>("names.csv")? {
            if row.kind == "family" {
                holders += row.holders.unwrap_or(0);
                list.holders_up_to.push(holders);
                list.families.push(Named { written: row.name, kana: row.kana });
                continue;
            }
            let given = GivenName {
                name: Named { written: row.name, kana: row.kana },
                born_from: row.born_from.unwrap_or(i32::MIN),
                born_to: row.born_to.unwrap_or(i32::MAX),
            };
            match row.kind.as_str() {
                "female" => list.female.push(given),
                "male" => list.male.push(given),
                other => return Err(DemoError::cell("kind of name", other)),
            }
        }
        if list.families.is_empty() || list.female.is_empty() || list.male.is_empty() {
            return Err(DemoError::cell("complete list of names", "names.csv"));
        }
        Ok(list)
    }

    /// A surname, drawn as often as people bear it: 佐藤 before all others.
    pub(crate) fn family(&self, dice: &mut Dice) -> &Named {
        let all = self.holders_up_to.last().copied().unwrap_or(0);
        let drawn = dice.below(all);
        &self.families[self.holders_up_to.partition_point(|up_to| *up_to <= drawn)]
    }

    /// A given name that was usual in the year of birth.
    pub(crate) fn given(&self, sex: Sex, born: i32, dice: &mut Dice) -> &Named {
        let names = match sex {
            Sex::Female => &self.female,
            Sex::Male => &self.male,
        };
        for _ in 0..64 {
            let candidate = dice.pick(names);
            if (candidate.born_from..=candidate.born_to).contains(&born) {
                return &candidate.name;
            }
        }
        &dice.pick(names).name
    }
}
