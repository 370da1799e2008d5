//! Takes one line apart into cells, as RFC 4180 has it: quotation marks count only at the beginning of a cell.

use super::table::Row;

/// How a line came apart.
pub(super) enum Split {
    Whole,
    /// Ends inside of quotation marks.
    Open,
    /// Has something behind a closing quotation mark.
    Misplaced,
}

/// Takes a line apart into the row's cells.
pub(super) fn split(line: &str, separator: char, row: &mut Row) -> Split {
    row.text.clear();
    row.cells.clear();
    if !line.contains('"') {
        split_plain(line, separator, row);
        return Split::Whole;
    }
    let mut rest = line;
    loop {
        let from = row.text.len();
        match split_cell(rest, separator, &mut row.text) {
            Cell::Ends(next) => {
                row.cells.push((small(from), small(row.text.len())));
                match next {
                    Some(next) => rest = next,
                    None => return Split::Whole,
                }
            }
            Cell::Open => return Split::Open,
            Cell::Misplaced => return Split::Misplaced,
        }
    }
}

fn split_plain(line: &str, separator: char, row: &mut Row) {
    row.text.push_str(line);
    let mut from = 0;
    for cell in line.split(separator) {
        row.cells.push((small(from), small(from + cell.len())));
        from += cell.len() + separator.len_utf8();
    }
}

/// Rows are far below 4 GiB (`line_bytes_max`).
fn small(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

enum Cell<'a> {
    /// Ended; the next cell, if there is one, begins here.
    Ends(Option<&'a str>),
    Open,
    Misplaced,
}

fn split_cell<'a>(rest: &'a str, separator: char, text: &mut String) -> Cell<'a> {
    let Some(mut quoted) = rest.strip_prefix('"') else {
        let (cell, next) = rest.split_once(separator).map_or((rest, None), |(cell, next)| (cell, Some(next)));
        text.push_str(cell);
        return Cell::Ends(next);
    };
    loop {
        let Some((inside, behind)) = quoted.split_once('"') else { return Cell::Open };
        text.push_str(inside);
        if let Some(more) = behind.strip_prefix('"') {
            text.push('"');
            quoted = more;
            continue;
        }
        let spaces = if separator == '\t' { behind } else { behind.trim_start_matches(' ') };
        return match spaces.strip_prefix(separator) {
            Some(next) => Cell::Ends(Some(next)),
            None if spaces.is_empty() => Cell::Ends(None),
            None => Cell::Misplaced,
        };
    }
}
