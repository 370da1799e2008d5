//! Kana, romaji and kanji variants: how a Japanese name is found again, however it was typed.
//!
//! What is folded here serves search only. Nothing that is stored or shown ever passes through `fold`: 髙橋 stays 髙橋,
//! and is found by 高橋. Invariant: one of what `query_tokens` makes of a word begins what `search_tokens` made of the same
//! word, so everything is found by its own spelling.

mod romaji;
mod variants;

pub use romaji::romaji_spellings;

use romaji::canonical_romaji;
use unicode_normalization::UnicodeNormalization;
use variants::canonical_kanji;

/// Words of one text that get tokens; more is not a name.
const WORDS_MAX: usize = 16;
/// Characters of one token.
const TOKEN_CHARS_MAX: usize = 48;

/// The form in which search compares: full-width kana, katakana, long vowels and small kana written one way,
/// kanji variants as one, Latin letters small and without accents.
pub fn fold(text: &str) -> String {
    enlarge(&reading(text))
}

/// The tokens by whose beginnings a text is found: as written, its parts, and for kana the usual romaji spellings.
pub fn search_tokens(text: &str) -> Vec<String> {
    let words = words(text);
    let mut tokens = Vec::with_capacity(8);
    for word in &words {
        push_word(&mut tokens, word);
    }
    for joined in joined_words(&words) {
        push_joined(&mut tokens, &joined);
    }
    finish(tokens)
}

/// What a person typed into the search box: for each word the beginnings of which one must be found. Letters may be
/// meant as they stand (a mail address), or as the sound of a name.
pub fn query_tokens(text: &str) -> Vec<Vec<String>> {
    let mut words: Vec<Vec<String>> = words(text).iter().map(|word| beginnings(word)).collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn beginnings(word: &str) -> Vec<String> {
    let mut beginnings = finish(written(word));
    let shorter = beginnings.clone();
    // What begins with the longer one begins with the shorter one too.
    beginnings.retain(|one| !shorter.iter().any(|other| other != one && one.starts_with(other.as_str())));
    beginnings
}

fn written(word: &str) -> Vec<String> {
    if word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        vec![word.to_owned(), canonical_romaji(word)]
    } else if word.is_ascii() {
        vec![word.to_owned()]
    } else {
        vec![enlarge(word)]
    }
}

fn push_word(tokens: &mut Vec<String>, word: &str) {
    tokens.extend(written(word));
    if word.is_ascii() {
        if let Some((local, domain)) = word.split_once('@') {
            tokens.extend(local.split(['.', '_', '-', '+']).filter(|part| part.len() > 1).map(str::to_owned));
            tokens.push(domain.to_owned());
        }
    } else if is_kana(word) {
        tokens.extend(romaji_spellings(word));
    } else {
        push_endings(tokens, word);
    }
}

/// Neighbouring Japanese words as one, kana apart from kanji: 佐藤太郎 and サトウタロウ.
fn joined_words(words: &[String]) -> Vec<String> {
    words
        .chunk_by(|one, next| is_japanese(one) && is_japanese(next) && is_kana(one) == is_kana(next))
        .filter(|run| (2..=4).contains(&run.len()))
        .map(<[String]>::concat)
        .collect()
}

/// A name written without its space is found by the whole too.
fn push_joined(tokens: &mut Vec<String>, joined: &str) {
    tokens.push(enlarge(joined));
    if is_kana(joined) {
        let spellings = romaji_spellings(joined);
        // With none of its long vowels written, and with all.
        tokens.extend(spellings.first().cloned());
        tokens.extend(spellings.last().cloned());
    }
}

/// 佐藤太郎 written without a space is found by 太郎, 株式会社山田 by 山田.
fn push_endings(tokens: &mut Vec<String>, word: &str) {
    let folded = enlarge(word);
    let starts = folded.char_indices().skip(1).filter(|(_, letter)| is_kanji(*letter)).map(|(at, _)| at);
    for start in starts.take(12) {
        if folded[start..].chars().nth(1).is_some() {
            tokens.push(folded[start..].to_owned());
        }
    }
}

fn finish(tokens: Vec<String>) -> Vec<String> {
    let mut tokens: Vec<String> =
        tokens.into_iter().map(|token| token.chars().take(TOKEN_CHARS_MAX).collect()).collect();
    tokens.retain(|token: &String| !token.is_empty());
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

/// Cuts a text into folded words. A mail address stays whole; a hyphen between digits joins them (090-1234-5678).
fn words(text: &str) -> Vec<String> {
    let letters: Vec<char> = reading(text).chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| letters[before]);
        let after = letters.get(at + 1).copied();
        if letter.is_alphanumeric() || letter == '@' {
            word.push(letter);
        } else if is_joint(letter, before, after) {
            continue;
        } else if is_inside_address(letter, before, after) {
            word.push(letter);
        } else if !word.is_empty() {
            split_unless_address(&mut words, std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        split_unless_address(&mut words, word);
    }
    words.truncate(WORDS_MAX);
    words
}

fn split_unless_address(words: &mut Vec<String>, word: String) {
    if word.contains('@') {
        words.push(word);
    } else {
        words.extend(word.split(['.', '_', '+', '-']).filter(|part| !part.is_empty()).map(str::to_owned));
    }
}

fn is_inside_address(letter: char, before: Option<char>, after: Option<char>) -> bool {
    let is_ascii_word = |side: Option<char>| side.is_some_and(|c| c.is_ascii_alphanumeric() || "._-+@".contains(c));
    matches!(letter, '.' | '_' | '+' | '-') && is_ascii_word(before) && is_ascii_word(after)
}

/// 090-1234 and shin'ichi are one word.
fn is_joint(letter: char, before: Option<char>, after: Option<char>) -> bool {
    let is_letter = |side: Option<char>| side.is_some_and(|side| side.is_ascii_alphabetic());
    (is_hyphen(letter) && is_digit(before) && is_digit(after))
        || (matches!(letter, '\'' | '’') && is_letter(before) && is_letter(after))
}

fn is_digit(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| letter.is_ascii_digit())
}

fn is_hyphen(letter: char) -> bool {
    matches!(letter, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | 'ー')
}

/// Katakana with long vowels resolved, variants as one, everything else small; small kana are still small.
fn reading(text: &str) -> String {
    let mut folded: Vec<char> = Vec::with_capacity(text.len());
    if text.chars().all(is_composed) {
        text.chars().for_each(|letter| push_folded(&mut folded, letter));
    } else {
        text.nfkc().for_each(|letter| push_folded(&mut folded, letter));
    }
    folded.into_iter().collect()
}

/// Letters that NFKC leaves as they are, whatever stands beside them: most names hold no others, and are read faster.
fn is_composed(letter: char) -> bool {
    matches!(letter, ' '..='~' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー'..='ヾ' | '\u{4e00}'..='\u{9fff}')
}

fn push_folded(folded: &mut Vec<char>, letter: char) {
    let letter = katakana(letter);
    let last = folded.last().copied();
    match (letter, last) {
        ('ー', Some(before)) if vowel(before).is_some() => folded.push(lengthened(before)),
        ('オ' | 'ォ' | 'ヲ', Some(before)) if vowel(before) == Some('o') => folded.push('ウ'),
        ('エ' | 'ェ' | 'ヱ', Some(before)) if vowel(before) == Some('e') => folded.push('イ'),
        ('々' | 'ヽ', Some(before)) => folded.push(before),
        ('ァ' | 'ィ' | 'ェ' | 'ォ', Some('ブ')) => {
            folded.pop();
            folded.push(b_row(letter));
        }
        ('\u{300}'..='\u{36f}', _) => {}
        _ => push_plain(folded, letter),
    }
}

fn push_plain(folded: &mut Vec<char>, letter: char) {
    if ('\u{c0}'..'\u{250}').contains(&letter) {
        let bare = letter.to_lowercase().nfd().filter(|part| !('\u{300}'..='\u{36f}').contains(part));
        folded.extend(bare);
    } else {
        folded.extend(canonical_kanji(letter).to_lowercase());
    }
}

/// Hiragana becomes katakana; kana with one sound become one.
fn katakana(letter: char) -> char {
    let letter = match letter {
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(u32::from(letter) + 0x60).unwrap_or(letter),
        _ => letter,
    };
    match letter {
        'ヂ' => 'ジ',
        'ヅ' => 'ズ',
        'ヰ' => 'イ',
        'ヴ' => 'ブ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        'ヾ' => 'ヽ',
        _ => letter,
    }
}

/// ヴァ is バ, ヴィ ビ, ヴェ ベ, ヴォ ボ.
fn b_row(small: char) -> char {
    match small {
        'ァ' => 'バ',
        'ィ' => 'ビ',
        'ェ' => 'ベ',
        _ => 'ボ',
    }
}

/// The vowel on which a kana ends.
fn vowel(kana: char) -> Option<char> {
    const ENDS: [(char, &str); 5] = [
        ('a', "アカサタナハマヤラワガザダバパァャ"),
        ('i', "イキシチニヒミリギジビピィ"),
        ('u', "ウクスツヌフムユルグズブプゥュ"),
        ('e', "エケセテネヘメレゲゼデベペェ"),
        ('o', "オコソトノホモヨロヲゴゾドボポォョ"),
    ];
    ENDS.iter().find(|(_, kana_of)| kana_of.contains(kana)).map(|(vowel, _)| *vowel)
}

/// What ー means behind this kana, in the usual spelling: サトー is サトウ, ケーコ is ケイコ.
fn lengthened(before: char) -> char {
    match vowel(before) {
        Some('a') => 'ア',
        Some('i' | 'e') => 'イ',
        _ => 'ウ',
    }
}

/// Old bank data writes ｼﾖｳ for ショウ: small kana count as large ones.
fn enlarge(reading: &str) -> String {
    reading
        .chars()
        .map(|letter| match letter {
            'ァ' => 'ア',
            'ィ' => 'イ',
            'ゥ' => 'ウ',
            'ェ' => 'エ',
            'ォ' => 'オ',
            'ッ' => 'ツ',
            'ャ' => 'ヤ',
            'ュ' => 'ユ',
            'ョ' => 'ヨ',
            'ヮ' => 'ワ',
            'ヲ' => 'オ',
            'ヱ' => 'エ',
            _ => letter,
        })
        .collect()
}

fn is_kana(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|letter| matches!(letter, 'ァ'..='ヺ'))
}

fn is_kanji(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_japanese(word: &str) -> bool {
    word.chars().any(|letter| is_kanji(letter) || matches!(letter, 'ァ'..='ヺ'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    /// Whether a text is found by what was typed.
    fn finds(text: &str, typed: &str) -> bool {
        let tokens = search_tokens(text);
        let is_found = |typed: &String| tokens.iter().any(|token| token.starts_with(typed.as_str()));
        query_tokens(typed).iter().all(|beginnings| beginnings.iter().any(is_found))
    }

    #[test]
    fn satou_is_found_however_it_is_typed() {
        for typed in [
            "サトウ",
            "ｻﾄｳ",
            "satou",
            "さとう",
            "佐藤",
            "sato",
            "Satoh",
            "SATOU",
            "satō",
            "サトー",
            "サト",
            "sat",
            "佐藤 太郎",
            "佐藤太郎",
            "太郎 佐藤",
            "さとうたろう",
            "サトウ タロウ",
            "taro satou",
            "satoutarou",
            "tarou",
        ] {
            assert!(finds("佐藤 太郎 サトウ タロウ", typed), "{typed}");
        }
        for typed in ["サトミ", "satomi", "加藤", "次郎", "satouu"] {
            assert!(!finds("佐藤 太郎 サトウ タロウ", typed), "{typed}");
        }
    }

    #[test]
    fn spellings_of_one_reading_meet() {
        for (kana, typed) in [
            ("オオノ", "oono"),
            ("オオノ", "ohno"),
            ("オオノ", "ono"),
            ("オオノ", "おーの"),
            ("ショウジ", "syouji"),
            ("ショウジ", "shoji"),
            ("ショウジ", "ｼﾖｳｼﾞ"),
            ("シンイチ", "shin'ichi"),
            ("シンイチ", "siniti"),
            ("ホンマ", "homma"),
            ("ホンマ", "honnma"),
            ("ナンバ", "namba"),
            ("チヅル", "ちずる"),
            ("チヅル", "tiduru"),
            ("ケイコ", "ケーコ"),
            ("コウタロウ", "koutaro"),
            ("コウタロウ", "kotarou"),
            ("ハットリ", "hattori"),
            ("フジタ", "hujita"),
            ("フジタ", "fuzita"),
            ("シュウジ", "shuji"),
            ("ヴィトン", "ビトン"),
            ("ジュン", "zyun"),
            ("ミッチー", "micchii"),
            ("ユウコ", "yuko"),
            ("カンナ", "kanna"),
        ] {
            assert!(finds(kana, typed), "{kana} {typed} {:?} {:?}", search_tokens(kana), query_tokens(typed));
        }
    }

    #[test]
    fn kanji_variants_are_equal_for_search_only() {
        for (written, typed) in [
            ("髙橋", "高橋"),
            ("山﨑", "山崎"),
            ("渡邉", "渡辺"),
            ("渡邊", "渡邉"),
            ("齋藤", "斉藤"),
            ("斎藤", "齊藤"),
            ("佐々木", "佐佐木"),
            ("𠮷田", "吉田"),
            ("黒澤", "黒沢"),
            ("株式会社山田商店", "山田"),
            ("佐藤太郎", "太郎"),
        ] {
            assert!(finds(written, typed), "{written} {typed}");
        }
    }

    #[test]
    fn mails_numbers_and_latin_names_are_found() {
        assert!(finds("Taro.Yamada@Example.com", "taro.yamada@ex"));
        assert!(finds("taro.yamada@example.com", "yamada"));
        assert!(finds("090-1234-5678", "０９０１２３"));
        assert!(finds("09012345678", "090-1234-5678"));
        assert!(finds("Tim Smith", "tim s"));
        assert!(finds("Tim Smith", "t"));
        assert!(finds("lily.john@example.com", "lily"));
        assert!(finds("lily.john@example.com", "john"));
        assert!(finds("inoue1001@example.com", "inoue"));
        assert!(finds("CS021313000114", "cs0213"));
        assert!(finds("コーヒー豆", "こーひー"));
        assert!(query_tokens(" 　 ").is_empty());
    }

    proptest! {
        #[test]
        fn every_text_is_found_by_itself(text in "[ぁ-んァ-ヶｱ-ﾝﾞa-zA-Z0-9 佐藤髙邉々ー@._-]{0,20}") {
            prop_assert!(finds(&text, &text), "{:?} {:?}", search_tokens(&text), query_tokens(&text));
        }
        #[test]
        fn what_is_composed_stays_as_it_is(text in "[ -~ぁ-ヿ一-鿿]{0,20}") {
            let composed: String = text.chars().filter(|letter| is_composed(*letter)).collect();
            prop_assert_eq!(composed.nfkc().collect::<String>(), composed);
        }
        #[test]
        fn folding_twice_changes_nothing(text in "[ァ-ヶa-z佐藤髙邉]{0,20}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
        #[test]
        fn nothing_makes_it_fall(text in any::<String>()) {
            search_tokens(&text);
            query_tokens(&text);
        }
    }
}
