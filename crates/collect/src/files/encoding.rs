//! The encodings of Japanese files: which one it is, and from bytes to text.
//!
//! Invariant: a byte that means nothing in the file's encoding is reported with its place, never replaced in silence.

use encoding_rs::{Decoder, DecoderResult, EUC_JP, ISO_2022_JP, SHIFT_JIS, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};

/// How text is written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// CP932: Shift_JIS with the characters of NEC and IBM, as Windows and carts write it.
    Cp932,
    /// EUC-JP.
    EucJp,
    /// ISO-2022-JP, the code of old mail.
    Iso2022Jp,
    /// UTF-16, little end first: "Unicode text" of Excel.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
}

impl Encoding {
    /// All encodings.
    pub const ALL: [Encoding; 6] =
        [Encoding::Utf8, Encoding::Cp932, Encoding::EucJp, Encoding::Iso2022Jp, Encoding::Utf16Le, Encoding::Utf16Be];

    /// The word by which it is chosen.
    pub const fn code(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Cp932 => "cp932",
            Encoding::EucJp => "euc-jp",
            Encoding::Iso2022Jp => "iso-2022-jp",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
        }
    }

    /// The encoding with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Encoding::ALL.into_iter().find(|encoding| encoding.code().eq_ignore_ascii_case(code.trim()))
    }

    /// The name that people know.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Cp932 => "CP932 (Shift_JIS)",
            Encoding::EucJp => "EUC-JP",
            Encoding::Iso2022Jp => "ISO-2022-JP",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
        }
    }

    /// Whether lines cannot be cut before the text is decoded.
    pub(crate) const fn is_decoded_first(self) -> bool {
        matches!(self, Encoding::Iso2022Jp | Encoding::Utf16Le | Encoding::Utf16Be)
    }

    fn table(self) -> &'static encoding_rs::Encoding {
        match self {
            Encoding::Utf8 => encoding_rs::UTF_8,
            Encoding::Cp932 => SHIFT_JIS,
            Encoding::EucJp => EUC_JP,
            Encoding::Iso2022Jp => ISO_2022_JP,
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
        }
    }
}

/// What a sample of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detected {
    /// Which encoding.
    pub encoding: Encoding,
    /// Bytes of the byte order mark in front.
    pub mark_bytes: usize,
    /// Whether the sample showed it; plain ASCII shows nothing.
    pub is_certain: bool,
}

/// Finds the encoding from the first bytes of a file.
pub fn detect(sample: &[u8]) -> Detected {
    let marked = |encoding, mark_bytes| Detected { encoding, mark_bytes, is_certain: true };
    match sample {
        [0xef, 0xbb, 0xbf, ..] => return marked(Encoding::Utf8, 3),
        [0xff, 0xfe, ..] => return marked(Encoding::Utf16Le, 2),
        [0xfe, 0xff, ..] => return marked(Encoding::Utf16Be, 2),
        _ => {}
    }
    if let Some(encoding) = utf16_without_mark(sample) {
        return marked(encoding, 0);
    }
    if sample.is_ascii() {
        let is_escaped = sample.windows(3).any(|bytes| matches!(bytes, [0x1b, b'$', b'@' | b'B']));
        let encoding = if is_escaped { Encoding::Iso2022Jp } else { Encoding::Utf8 };
        return Detected { encoding, mark_bytes: 0, is_certain: is_escaped };
    }
    marked(likeliest(sample), 0)
}

/// ASCII letters in UTF-16 have a NUL at every other byte.
fn utf16_without_mark(sample: &[u8]) -> Option<Encoding> {
    let head = &sample[..sample.len().min(4096) & !1];
    let nuls = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (nuls(0), nuls(1), head.len() / 2);
    match pairs {
        0 => None,
        _ if odd * 4 > pairs && even * 16 < pairs => Some(Encoding::Utf16Le),
        _ if even * 4 > pairs && odd * 16 < pairs => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// The encoding in which the sample has the fewest oddities; a real UTF-8 file hardly ever reads as anything else.
fn likeliest(sample: &[u8]) -> Encoding {
    let whole_lines = sample.iter().rposition(|byte| *byte == b'\n').map_or(sample.len(), |end| end + 1);
    let sample = if sample[..whole_lines].is_ascii() { sample } else { &sample[..whole_lines] };
    let oddities = |encoding| oddities(encoding, sample);
    let utf8 = oddities(Encoding::Utf8);
    let letters = sample.iter().filter(|byte| !byte.is_ascii()).count();
    if utf8 * 20 <= letters {
        return Encoding::Utf8;
    }
    if is_half_width_kana(sample) {
        return Encoding::Cp932;
    }
    let candidates = [
        (Encoding::Cp932, oddities(Encoding::Cp932)),
        (Encoding::EucJp, oddities(Encoding::EucJp)),
        (Encoding::Utf8, utf8),
    ];
    candidates.into_iter().min_by_key(|(_, oddities)| *oddities).map_or(Encoding::Utf8, |(encoding, _)| encoding)
}

/// Old files with half-width kana only would also be kanji in EUC-JP; kanji in EUC-JP always have bytes outside of kana.
fn is_half_width_kana(sample: &[u8]) -> bool {
    sample.iter().all(|byte| byte.is_ascii() || (0xa6..=0xdf).contains(byte))
}

/// Undecodable places count ten, half-width katakana (what EUC-JP looks like in CP932) and rare signs one.
fn oddities(encoding: Encoding, sample: &[u8]) -> usize {
    let mut text = String::new();
    let undecodable = decode_all(encoding, sample, &mut text, |_| ());
    let is_odd =
        |letter: &char| matches!(letter, '\u{ff61}'..='\u{ff9f}' | '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}');
    undecodable * 10 + text.chars().filter(is_odd).count()
}

/// Decodes all that can be; says how many places cannot, and where (bytes from the start).
fn decode_all(encoding: Encoding, bytes: &[u8], text: &mut String, mut at: impl FnMut(usize)) -> usize {
    let mut decoder = encoding.table().new_decoder_without_bom_handling();
    let mut places = 0;
    let mut done = 0;
    text.reserve(bytes.len() * 3 + 16);
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(&bytes[done..], text, true);
        done += read;
        match result {
            DecoderResult::InputEmpty => return places,
            DecoderResult::OutputFull => text.reserve(bytes.len() + 16),
            DecoderResult::Malformed(wrong, behind) => {
                at(done.saturating_sub(usize::from(wrong) + usize::from(behind)));
                places += 1;
            }
        }
    }
}

/// A line that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Undecodable {
    /// The first byte of it that means nothing, from 0.
    pub byte: usize,
    /// In how many places.
    pub places: usize,
}

/// Appends one line as text.
pub(crate) fn decode_line(encoding: Encoding, bytes: &[u8], text: &mut String) -> Result<(), Undecodable> {
    let is_plain = encoding == Encoding::Utf8 || encoding.is_decoded_first() || bytes.is_ascii();
    if is_plain {
        match std::str::from_utf8(bytes) {
            Ok(plain) => {
                text.push_str(plain);
                return Ok(());
            }
            Err(_) => return Err(places_in(Encoding::Utf8, bytes)),
        }
    }
    match encoding.table().decode_without_bom_handling_and_without_replacement(bytes) {
        Some(decoded) => {
            text.push_str(&decoded);
            Ok(())
        }
        None => Err(places_in(encoding, bytes)),
    }
}

fn places_in(encoding: Encoding, bytes: &[u8]) -> Undecodable {
    let mut first = None;
    let places = decode_all(encoding, bytes, &mut String::new(), |at| first = first.or(Some(at)));
    Undecodable { byte: first.unwrap_or(0), places }
}

/// Turns a stream in UTF-16 or ISO-2022-JP into UTF-8, so that lines can be cut. What cannot be decoded becomes a byte
/// that UTF-8 never has, so that the line is found later.
pub(crate) struct Transcoder {
    decoder: Decoder,
    output: Vec<u8>,
}

/// A byte that no UTF-8 text holds.
const NEVER_UTF8: u8 = 0xff;

impl Transcoder {
    /// For one stream.
    pub(crate) fn new(encoding: Encoding) -> Self {
        Self { decoder: encoding.table().new_decoder_without_bom_handling(), output: vec![0; 64 << 10] }
    }

    /// Appends what these bytes mean.
    pub(crate) fn push(&mut self, mut bytes: &[u8], is_last: bool, utf8: &mut Vec<u8>) {
        loop {
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.output, is_last);
            utf8.extend_from_slice(&self.output[..written]);
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => utf8.push(NEVER_UTF8),
            }
        }
    }
}
