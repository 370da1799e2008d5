//! Addresses: real postal codes and towns, invented numbers and buildings.

use serde::Deserialize;

use crate::dice::Dice;

/// A town with its postal code.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Place {
    pub(super) postal: String,
    pub(super) prefecture: String,
    pub(super) city: String,
    pub(super) town: String,
}

const BUILDINGS: [&str; 12] = [
    "コーポあおば",
    "ハイツみどり",
    "メゾンさくら",
    "サンハイツ",
    "グリーンコート",
    "ひまわり荘",
    "リバーサイド",
    "パークハイム",
    "第二まつばマンション",
    "コートハウス",
    "青葉台ハイツ",
    "レジデンス泉",
];

/// House number and, for some, a building with its room.
pub(super) fn street(dice: &mut Dice) -> String {
    let number = format!("{}-{}-{}", 1 + dice.below(8), 1 + dice.below(28), 1 + dice.below(20));
    if !dice.chance(34.0) {
        return number;
    }
    let building = dice.pick(&BUILDINGS);
    let room = (1 + dice.below(9)) * 100 + 1 + dice.below(8);
    format!("{number} {building}{room}")
}
