//! Lines as they stood in the file, for people who want to mend them: also those that are no rows.

use crate::files::{Encoding, FileError, Source};
use encoding_rs::{CoderResult, Decoder};

/// Bytes that are taken from the file at once.
const CHUNK_BYTES: usize = 64 << 10;
/// Characters of a line that are kept.
const LINE_CHARACTERS_MAX: usize = 2_000;

/// The lines with these numbers (ascending, from 1). What cannot be decoded is shown by a replacement sign.
pub(super) fn lines(mut source: Source, encoding: Encoding, wanted: &[u64]) -> Result<Vec<String>, FileError> {
    let mut gatherer =
        Gatherer { wanted, found: Vec::with_capacity(wanted.len()), line: 1, text: String::new(), end: None };
    let mut decoder = table(encoding).new_decoder_with_bom_removal();
    let mut chunk = vec![0; CHUNK_BYTES];
    while gatherer.found.len() < wanted.len() {
        let count = source.read(&mut chunk)?;
        decode(&mut decoder, &chunk[..count], count == 0, |text| gatherer.take(text));
        if count == 0 {
            gatherer.end_line();
            break;
        }
    }
    gatherer.found.resize(wanted.len(), String::new());
    Ok(gatherer.found)
}

fn decode(decoder: &mut Decoder, mut bytes: &[u8], is_last: bool, mut take: impl FnMut(&str)) {
    let mut text = String::with_capacity(CHUNK_BYTES * 2);
    loop {
        let (result, read, _) = decoder.decode_to_string(bytes, &mut text, is_last);
        take(&text);
        text.clear();
        bytes = &bytes[read..];
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}

fn table(encoding: Encoding) -> &'static encoding_rs::Encoding {
    match encoding {
        Encoding::Utf8 => encoding_rs::UTF_8,
        Encoding::Cp932 => encoding_rs::SHIFT_JIS,
        Encoding::EucJp => encoding_rs::EUC_JP,
        Encoding::Iso2022Jp => encoding_rs::ISO_2022_JP,
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
    }
}

struct Gatherer<'a> {
    wanted: &'a [u64],
    found: Vec<String>,
    line: u64,
    text: String,
    /// What ends a line; known from the first piece of text.
    end: Option<char>,
}

impl Gatherer<'_> {
    /// Line ends are `\n`, `\r\n` and, in files of old Macintoshes, `\r`.
    fn take(&mut self, text: &str) {
        let end =
            *self.end.get_or_insert_with(|| if text.contains('\r') && !text.contains('\n') { '\r' } else { '\n' });
        for (place, piece) in text.split(end).enumerate() {
            if place > 0 {
                self.end_line();
            }
            self.append(piece);
        }
    }

    fn append(&mut self, piece: &str) {
        let is_wanted = self.wanted.get(self.found.len()) == Some(&self.line);
        if is_wanted && self.text.len() < LINE_CHARACTERS_MAX * 4 {
            self.text.extend(
                piece.chars().take(LINE_CHARACTERS_MAX).map(|letter| if letter == '\0' { '␀' } else { letter }),
            );
        }
    }

    fn end_line(&mut self) {
        if self.wanted.get(self.found.len()) == Some(&self.line) {
            self.found.push(self.text.trim_end_matches('\r').chars().take(LINE_CHARACTERS_MAX).collect());
        }
        self.text.clear();
        self.line += 1;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::files::FileLimits;

    fn found(bytes: &'static [u8], encoding: Encoding, wanted: &[u64]) -> Vec<String> {
        lines(Source::from_reader(bytes, None, &FileLimits::default()).unwrap(), encoding, wanted).unwrap()
    }

    #[test]
    fn lines_are_found_whatever_their_ends() {
        for bytes in [&b"a\nb\nc\nd"[..], b"a\r\nb\r\nc\r\nd\r\n", b"a\rb\rc\rd\r"] {
            assert_eq!(found(bytes, Encoding::Utf8, &[2, 4]), ["b", "d"]);
        }
    }

    #[test]
    fn what_cannot_be_read_is_shown_all_the_same() {
        assert_eq!(found(b"a\n\x00x\xff\n", Encoding::Utf8, &[2, 9]), ["␀x\u{fffd}", ""]);
        assert_eq!(found(b"\x8d\xb2\x93\xa1\n", Encoding::Cp932, &[1]), ["佐藤"]);
    }
}
