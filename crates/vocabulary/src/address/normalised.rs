//! One spelling for an address, for matching only.

use crate::kana;

/// One spelling for an address: widths, kanji numbers, 丁目・番地・号, ヶ, 大字 and spaces no longer differ.
pub fn normalised(address: &str) -> String {
    let folded: String = kana::fold(address).chars().filter(|letter| !letter.is_whitespace()).collect();
    let mut text = arabic_blocks(&folded.replace("大字", ""));
    for (district, bare) in [("市字", "市"), ("町字", "町"), ("村字", "村"), ("区字", "区")] {
        text = text.replace(district, bare);
    }
    let letters: Vec<char> = text.chars().collect();
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        at += push_plain(&mut plain, &letters[at..]);
    }
    plain.trim_end_matches('-').to_owned()
}

/// Writes what the next letters mean, and says how many they were.
fn push_plain(plain: &mut String, next: &[char]) -> usize {
    let is_behind_digit = plain.ends_with(|before: char| before.is_ascii_digit());
    let width = if is_behind_digit { joint_width(next) } else { 0 };
    if width > 0 {
        if next.get(width).is_some_and(char::is_ascii_digit) {
            plain.push('-');
        }
        return width;
    }
    let is_between_kanji = plain.chars().last().is_some_and(is_kanji) && next.get(1).copied().is_some_and(is_kanji);
    match next[0] {
        'ガ' | 'カ' if is_between_kanji => plain.push('ケ'),
        'ノ' if is_between_kanji => {}
        letter => plain.push(letter),
    }
    1
}

/// How many letters join two numbers of a block: 丁目, 番地の, 号, a hyphen.
fn joint_width(next: &[char]) -> usize {
    const JOINTS: [&str; 9] = ["番地ノ", "丁目", "番地", "番", "号室", "号", "ノ", "-", "丁"];
    let hyphens = ['‐', '‑', '‒', '–', '—', '―', '−', 'ー', '-', '~'];
    if next.first().is_some_and(|letter| hyphens.contains(letter)) {
        return 1;
    }
    let width = JOINTS
        .iter()
        .find(|joint| joint.chars().eq(next.iter().take(joint.chars().count()).copied()))
        .map_or(0, |joint| joint.chars().count());
    let is_between_digits = next.get(width).is_some_and(char::is_ascii_digit);
    if next.first() == Some(&'ノ') && !is_between_digits { 0 } else { width }
}

/// 二丁目 → 2丁目, 十二番 → 12番: kanji numbers in front of a word for a block.
fn arabic_blocks(text: &str) -> String {
    let mut arabic = String::with_capacity(text.len());
    let mut number = String::new();
    for (at, letter) in text.char_indices() {
        if "〇一二三四五六七八九十百".contains(letter) {
            number.push(letter);
            continue;
        }
        flush_number(&mut arabic, &mut number, &text[at..]);
        arabic.push(letter);
    }
    arabic + &number
}

fn flush_number(arabic: &mut String, number: &mut String, rest: &str) {
    if number.is_empty() {
        return;
    }
    let is_block = ["丁", "番地", "番", "号", "条", "線"].iter().any(|word| rest.starts_with(word));
    match arabic_number(number).filter(|_| is_block) {
        Some(value) => arabic.push_str(&value.to_string()),
        None => arabic.push_str(number),
    }
    number.clear();
}

/// 二十三 and 二三 are 23, 百五 is 105.
fn arabic_number(kanji: &str) -> Option<u32> {
    let digit = |letter: char| "〇一二三四五六七八九".chars().position(|one| one == letter);
    let (mut total, mut current) = (0_u32, None::<u32>);
    for letter in kanji.chars().take(9) {
        match letter {
            '十' => (total, current) = (total + current.unwrap_or(1) * 10, None),
            '百' => (total, current) = (total + current.unwrap_or(1) * 100, None),
            _ => current = Some(current.unwrap_or(0) * 10 + u32::try_from(digit(letter)?).ok()?),
        }
    }
    Some(total + current.unwrap_or(0))
}

fn is_kanji(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}')
}
