//! Files that are none, and files that would hurt.

use super::{orders, source};
use collect::files::{FileError, FileKind, FileLimits, Row, Source, Table, TableOptions, inspect, table::Next};
use std::io::{Cursor, Read, Write};

const FILE: &str = "注文番号,注文日,商品名,数量,単価,会員番号\n1,2026-11-01,りんご,1,100,7\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn error(bytes: impl AsRef<[u8]>) -> FileError {
    orders(bytes).map(|_| ()).unwrap_err()
}

#[test]
fn packed_files_are_unpacked() {
    for bytes in [gzip(FILE.as_bytes()), zstd::encode_all(FILE.as_bytes(), 3).unwrap()] {
        assert_eq!(orders(bytes).unwrap().parts.len(), 1);
    }
}

#[test]
fn what_is_no_table_is_refused_with_a_sentence() {
    for (bytes, code) in [
        (&b""[..], "file_empty"),
        (b"\n\n  \n", "file_empty"),
        (b"PK\x03\x04rest of a zip", "file_is_archive"),
        (b"%PDF-1.7\n1 0 obj", "file_is_no_table"),
        (b"\x89PNG\r\n\x1a\n", "file_is_no_table"),
        (b"<html><body>a,b</body></html>", "file_is_no_table"),
        (b"{\"a\": [1, 2]}", "file_is_no_table"),
        (b"Dear shop owner\nthis is a letter\n", "file_is_no_table"),
        (&[0; 5_000], "file_is_no_table"),
        (&[0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6], "file_damaged"),
    ] {
        let error = error(bytes);
        assert_eq!(error.code(), code, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(20)]));
        assert!(error.sentence_ja().ends_with('。') && !error.to_string().is_empty());
    }
    assert_eq!(error(gzip(b"PK\x03\x04rest of a zip")).code(), "file_is_archive");
    assert_eq!(error(gzip(&gzip(FILE.as_bytes()))).code(), "file_is_no_table");
}

#[test]
fn a_damaged_archive_gives_its_beginning_and_then_the_fault() {
    let mut file = FILE.to_owned();
    let mut random = 1_u64;
    for number in 0..40_000_u64 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(number);
        file += &format!("{number},2026-11-01,{random:x},1,100,7\n");
    }
    let packed = gzip(file.as_bytes());
    let cut = &packed[..packed.len() / 2];
    let mut table = Table::open(source(cut).unwrap(), &TableOptions::default()).unwrap();
    let (mut row, mut rows) = (Row::default(), 0);
    let fault = loop {
        match table.next(&mut row) {
            Ok(Next::End) => panic!("a cut file does not end well"),
            Ok(_) => rows += 1,
            Err(fault) => break fault,
        }
    };
    assert!(rows > 5_000, "{rows}");
    assert_eq!(fault.code(), "file_damaged");
}

/// Endless text that packs a thousand times smaller.
struct Endless(u64);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = buffer.len().min(usize::try_from(self.0).unwrap());
        for (byte, sign) in buffer[..length].iter_mut().zip(b"1,2026-11-01,ringo,1,100,7\n".iter().cycle()) {
            *byte = *sign;
        }
        self.0 -= length as u64;
        Ok(length)
    }
}

#[test]
fn a_bomb_is_stopped_before_it_goes_off() {
    let zstd_bomb = zstd::encode_all(Endless(400 << 20), 1).unwrap();
    goes_off(&zstd_bomb, &FileLimits::default());
    let mut block = Vec::new();
    Endless(1 << 20).read_to_end(&mut block).unwrap();
    goes_off(&gzip(&block).repeat(16), &FileLimits { ratio_free_bytes: 2 << 20, ..FileLimits::default() });
}

fn goes_off(bomb: &[u8], limits: &FileLimits) {
    let mut source = Source::from_reader(Cursor::new(bomb.to_vec()), Some(bomb.len() as u64), limits).unwrap();
    let (mut buffer, mut unpacked) = (vec![0; 256 << 10], 0_u64);
    let fault = loop {
        match source.read(&mut buffer) {
            Ok(0) => panic!("{unpacked} bytes of {} came out", bomb.len()),
            Ok(count) => unpacked += count as u64,
            Err(fault) => break fault,
        }
    };
    assert_eq!(fault.code(), "file_grows_too_much");
    let taken_at_once = 128 << 10;
    assert!(unpacked <= limits.ratio_free_bytes + limits.ratio_max * taken_at_once, "{unpacked}");
}

#[test]
fn limits_on_size_hold_without_any_ratio() {
    let limits = FileLimits { unpacked_bytes_max: 1 << 20, ..FileLimits::default() };
    let mut source = Source::from_reader(Endless(u64::MAX), None, &limits).unwrap();
    let mut buffer = vec![0; 64 << 10];
    let fault = loop {
        if let Err(fault) = source.read(&mut buffer) {
            break fault;
        }
    };
    assert_eq!(fault.code(), "file_too_large_unpacked");
    let limits = FileLimits { file_bytes_max: 10, ..FileLimits::default() };
    let fault = Source::from_reader(Cursor::new(FILE), Some(FILE.len() as u64), &limits).map(|_| ()).unwrap_err();
    assert_eq!(fault.code(), "file_too_large");
}

#[test]
fn a_hundred_thousand_columns_are_refused_at_once() {
    let header: Vec<String> = (0..100_000).map(|column| format!("c{column}")).collect();
    let fault = Table::open(source(header.join(",")).unwrap(), &TableOptions::default()).map(|_| ()).unwrap_err();
    assert_eq!(fault.code(), "file_too_many_columns");
}

#[test]
fn any_bytes_are_read_or_refused() {
    let mut state = 3_u64;
    for round in 0..400_usize {
        let mut bytes = if round % 2 == 0 { FILE.repeat(3).into_bytes() } else { Vec::new() };
        for _ in 0..round {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let byte = (state >> 33) as u8;
            let at = (state >> 41) as usize % (bytes.len() + 1);
            bytes.insert(at, if round % 3 == 0 { byte } else { b"\",\n\r\t;0a\0\x82"[usize::from(byte) % 10] });
        }
        if let Ok(source) = source(&bytes) {
            let _ = inspect(source, Some(FileKind::Orders), &TableOptions::default());
        }
        if let Ok(found) = orders(&bytes) {
            let progress = found.summary.progress;
            let taken: usize = found.parts.iter().map(|part| part.lines.len()).sum();
            assert_eq!((taken as u64, found.problems.len() as u64), (progress.accepted, progress.rejected));
        }
    }
}
