//! Mail addresses under example.com, read off the kana, each given out once.

use super::Taken;
use super::names::Named;
use crate::dice::Dice;

/// Share of addresses that are written so that no mail can arrive (typed in a hurry).
const BROKEN_PERCENT: f64 = 1.3;

/// What an address is made of.
pub(super) struct Holder<'a> {
    pub(super) id: &'a str,
    pub(super) family: Option<&'a Named>,
    pub(super) given: Option<&'a Named>,
    /// Year of birth.
    pub(super) born: i32,
}

/// An address for this person that nobody else has.
pub(super) fn address(holder: &Holder<'_>, taken: &mut Taken) -> String {
    let mut dice = Dice::of_text("mail", holder.id);
    let names = local_parts(holder);
    let first = dice.index(names.len());
    let own = (0..names.len())
        .map(|step| names[(first + step) % names.len()].clone())
        .find(|local| !taken.mails.contains(&format!("{local}@example.com")))
        .unwrap_or_else(|| format!("{}.{}", names[first], holder.id.to_ascii_lowercase()));
    taken.mails.insert(format!("{own}@example.com"));
    if dice.chance(BROKEN_PERCENT) {
        return misspelt(&own, &mut dice);
    }
    format!("{own}@example.com")
}

/// Whether an address has the form that a mail server accepts; a sanity check for the demo's own
/// addresses, not a parser for the world's.
pub fn is_deliverable(mail: &str) -> bool {
    mail.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && host.contains('.')
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-')
    })
}

fn local_parts(holder: &Holder<'_>) -> Vec<String> {
    let (Some(family), Some(given)) = (holder.family, holder.given) else {
        return vec![holder.id.to_ascii_lowercase()];
    };
    let (family, given) = (romaji(&family.kana), romaji(&given.kana));
    let initial = given.chars().next().unwrap_or('x');
    let year = holder.born;
    vec![
        format!("{initial}.{family}"),
        format!("{given}.{family}"),
        format!("{family}.{given}"),
        format!("{given}{year}"),
        format!("{family}-{given}"),
        format!("{initial}-{family}{}", year % 100),
        format!("{given}.{family}{year}"),
    ]
}

fn misspelt(local: &str, dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => format!("{local}@example"),
        1 => format!("{local}.example.com"),
        2 => format!("{local}@@example.com"),
        _ => format!("{local}@example,com"),
    }
}

/// Hepburn romaji of hiragana as people write their own names: さとう is `sato`.
pub(crate) fn romaji(kana: &str) -> String {
    let letters: Vec<char> = kana.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    let mut doubled = false;
    while let Some(letter) = letters.get(at) {
        let small = letters.get(at + 1).copied().filter(|next| "ゃゅょ".contains(*next));
        at += 1 + usize::from(small.is_some());
        if *letter == 'っ' {
            doubled = true;
            continue;
        }
        let syllable = syllable(*letter, small);
        if std::mem::take(&mut doubled) {
            out.push(if syllable.starts_with("ch") { 't' } else { first(&syllable) });
        }
        out.push_str(&syllable);
        if is_long(&out, *letter, small, &letters[at..]) {
            at += 1;
        }
    }
    out
}

fn first(syllable: &str) -> char {
    syllable.chars().next().unwrap_or('t')
}

/// Whether the next kana only lengthens this vowel: こう, おお, ゆう, but not いのうえ or まつうら.
fn is_long(out: &str, letter: char, small: Option<char>, rest: &[char]) -> bool {
    match (out.chars().last(), rest.first()) {
        (Some('o'), Some('う')) => rest.get(1) != Some(&'え'),
        (Some('o'), Some('お')) => letter == 'お',
        (Some('u'), Some('う')) => letter == 'ゆ' || small == Some('ゅ'),
        (_, Some('ー')) => true,
        _ => false,
    }
}

fn syllable(letter: char, small: Option<char>) -> String {
    let plain = plain_syllable(letter);
    let Some(small) = small else {
        return plain.to_owned();
    };
    let vowel = match small {
        'ゃ' => 'a',
        'ゅ' => 'u',
        _ => 'o',
    };
    let consonant = plain.trim_end_matches('i');
    if matches!(consonant, "sh" | "ch" | "j") { format!("{consonant}{vowel}") } else { format!("{consonant}y{vowel}") }
}

#[rustfmt::skip]
fn plain_syllable(letter: char) -> &'static str {
    match letter {
        'あ' => "a", 'い' => "i", 'う' => "u", 'え' => "e", 'お' => "o",
        'か' => "ka", 'き' => "ki", 'く' => "ku", 'け' => "ke", 'こ' => "ko",
        'が' => "ga", 'ぎ' => "gi", 'ぐ' => "gu", 'げ' => "ge", 'ご' => "go",
        'さ' => "sa", 'し' => "shi", 'す' => "su", 'せ' => "se", 'そ' => "so",
        'ざ' => "za", 'じ' | 'ぢ' => "ji", 'ず' | 'づ' => "zu", 'ぜ' => "ze", 'ぞ' => "zo",
        'た' => "ta", 'ち' => "chi", 'つ' => "tsu", 'て' => "te", 'と' => "to",
        'だ' => "da", 'で' => "de", 'ど' => "do",
        'な' => "na", 'に' => "ni", 'ぬ' => "nu", 'ね' => "ne", 'の' => "no",
        'は' => "ha", 'ひ' => "hi", 'ふ' => "fu", 'へ' => "he", 'ほ' => "ho",
        'ば' => "ba", 'び' => "bi", 'ぶ' => "bu", 'べ' => "be", 'ぼ' => "bo",
        'ぱ' => "pa", 'ぴ' => "pi", 'ぷ' => "pu", 'ぺ' => "pe", 'ぽ' => "po",
        'ま' => "ma", 'み' => "mi", 'む' => "mu", 'め' => "me", 'も' => "mo",
        'や' => "ya", 'ゆ' => "yu", 'よ' => "yo",
        'ら' => "ra", 'り' => "ri", 'る' => "ru", 'れ' => "re", 'ろ' => "ro",
        'わ' => "wa", 'を' => "o", 'ん' => "n",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::romaji;

    #[test]
    fn names_are_romanised_as_people_write_them() {
        let names = [
            ("さとう", "sato"),
            ("もりした", "morishita"),
            ("いとう", "ito"),
            ("おおの", "ono"),
            ("いのうえ", "inoue"),
            ("まつうら", "matsuura"),
            ("ゆうじ", "yuji"),
            ("しょうへい", "shohei"),
            ("きょうこ", "kyoko"),
            ("てっぺい", "teppei"),
            ("はった", "hatta"),
            ("しゅんすけ", "shunsuke"),
            ("おおうら", "oura"),
            ("こんどう", "kondo"),
        ];
        for (kana, expected) in names {
            assert_eq!(romaji(kana), expected, "{kana}");
        }
    }
}
