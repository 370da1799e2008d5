//! Romaji: the usual spellings of a kana word, and one spelling for what people type.

use super::{is_kana, reading};
use wana_kana::ConvertJapanese;

/// Long vowels of one word that are spelled both ways; later ones are spelled as they are written.
const LONG_VOWELS_MAX: usize = 3;

/// The usual romaji spellings of a kana word, the one without long vowels first and the one with all of them last:
/// kotaro, kotarou, koutaro, koutarou.
pub fn romaji_spellings(kana: &str) -> Vec<String> {
    let reading = reading(kana);
    if !is_kana(&reading) {
        return Vec::new();
    }
    let written = canonical_romaji(&reading.to_romaji().to_lowercase().replace(['\'', '’'], ""));
    mixed_spellings(&written)
}

/// Each long vowel either written or not: koutarou, kotarou, koutaro, kotaro.
fn mixed_spellings(written: &str) -> Vec<String> {
    let mut spellings = vec![String::new()];
    let mut rest = written;
    let mut long_vowels = 0;
    while let Some(at) = next_long_vowel(rest).filter(|_| long_vowels < LONG_VOWELS_MAX) {
        long_vowels += 1;
        let (before, after) = (&rest[..at + 1], &rest[at + 1..at + 2]);
        spellings = spellings
            .iter()
            .flat_map(|start| [format!("{start}{before}"), format!("{start}{before}{after}")])
            .collect();
        rest = &rest[at + 2..];
    }
    spellings.iter().map(|start| format!("{start}{rest}")).collect()
}

fn next_long_vowel(text: &str) -> Option<usize> {
    text.as_bytes().windows(2).position(|pair| matches!(pair, b"ou" | b"oo" | b"uu" | b"aa" | b"ii"))
}

/// 訓令式 and typing habits are brought to Hepburn: si → shi, tyo → cho, mb → nb. The rules also hold for a word that
/// is not finished, so that "sy" already finds "sha".
pub(super) fn canonical_romaji(word: &str) -> String {
    const SPELLINGS: [(&str, &str); 22] = [
        ("sya", "sha"),
        ("syu", "shu"),
        ("syo", "sho"),
        ("tya", "cha"),
        ("tyu", "chu"),
        ("tyo", "cho"),
        ("cya", "cha"),
        ("cyu", "chu"),
        ("cyo", "cho"),
        ("dzu", "zu"),
        ("tch", "cch"),
        ("zy", "j"),
        ("jy", "j"),
        ("si", "shi"),
        ("ti", "chi"),
        ("tu", "tsu"),
        ("hu", "fu"),
        ("zi", "ji"),
        ("di", "ji"),
        ("du", "zu"),
        ("l", "r"),
        ("v", "b"),
    ];
    let mut canonical = String::with_capacity(word.len() + 4);
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let is_after_s_or_c = canonical.ends_with(['s', 'c', 't']);
        let found = SPELLINGS.iter().find(|(from, _)| rest.starts_with(from) && !(*from == "hu" && is_after_s_or_c));
        if let Some((from, to)) = found {
            canonical.push_str(to);
            rest = &rest[from.len()..];
        } else if rest == "sy" || rest == "ty" {
            canonical.push_str(if first == 's' { "sh" } else { "ch" });
            rest = "";
        } else {
            rest = &rest[first.len_utf8()..];
            if canonical.ends_with('o') && matches!(first, 'o' | 'h') && !is_syllable(first, rest) {
                push_long(&mut canonical, first, rest);
            } else {
                push_nasal(&mut canonical, first, rest);
            }
        }
    }
    canonical
}

/// Whether an h begins a syllable: ohara, and not ohno.
fn is_syllable(letter: char, rest: &str) -> bool {
    letter == 'h' && rest.starts_with(['a', 'i', 'u', 'e', 'o', 'y'])
}

/// satoo and 佐藤's satoh in passports are satou. An h at the end may still become ohara.
fn push_long(canonical: &mut String, letter: char, rest: &str) {
    if letter == 'o' || !rest.is_empty() {
        canonical.push('u');
    }
}

/// ン before b, m and p is written n; honnma is honma.
fn push_nasal(canonical: &mut String, letter: char, rest: &str) {
    let is_m_for_n = letter == 'm' && rest.starts_with(['b', 'p', 'm']);
    let is_doubled = letter == 'n' && canonical.ends_with('n') && !rest.starts_with(['a', 'i', 'u', 'e', 'o', 'y']);
    if !is_doubled {
        canonical.push(if is_m_for_n { 'n' } else { letter });
    }
}
