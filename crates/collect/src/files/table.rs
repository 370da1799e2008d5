//! Rows and columns: CSV and TSV as carts and spreadsheets write them.
//!
//! Invariant: a broken line costs itself only. A quotation mark that is never closed does not swallow what follows:
//! its line is reported, and reading goes on with the next one.

use super::{
    encoding::{self, Encoding},
    error::FileError,
    lines::{Ahead, LineAt, Lines},
    problem::{LineProblem, ProblemKind},
    separator,
    source::{FileLimits, Source},
    split::{Split, split},
    synonyms,
};

/// Lines over which one row may run (line breaks inside of quotation marks).
const LINES_OF_ROW_MAX: u64 = 200;

/// How to read a table; what is not chosen is found.
#[derive(Clone, Debug, Default)]
pub struct TableOptions {
    /// The encoding, where a person chose it.
    pub encoding: Option<Encoding>,
    /// The separator, where a person chose it.
    pub separator: Option<char>,
    /// What the file may cost.
    pub limits: FileLimits,
}

/// One row, used again for the next.
#[derive(Clone, Debug, Default)]
pub struct Row {
    line: u64,
    pub(super) text: String,
    pub(super) cells: Vec<(u32, u32)>,
}

impl Row {
    /// The first line of the row, as an editor counts.
    pub fn line(&self) -> u64 {
        self.line
    }
    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.cells.len()
    }
    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
    /// A cell as it stands there; empty where there is none.
    pub fn raw(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |(from, to)| &self.text[*from as usize..*to as usize])
    }
    /// A cell without outer spaces and without the signs by which files defend digits against spreadsheets
    /// (`="0123"`, `'0123`).
    pub fn get(&self, column: usize) -> &str {
        let cell = self.raw(column).trim();
        match cell.as_bytes().first() {
            Some(b'=') => cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell),
            Some(b'\'') => cell.strip_prefix('\'').filter(|rest| is_number_like(rest)).unwrap_or(cell),
            _ => cell,
        }
    }
    /// All cells as `get` gives them.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|column| self.get(column))
    }
    fn is_blank(&self) -> bool {
        (0..self.len()).all(|column| self.raw(column).trim().is_empty())
    }
}

fn is_number_like(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit() || first == '+' || first == '-')
}

/// What comes next.
#[derive(Debug)]
pub enum Next {
    /// A row.
    Row,
    /// A line that is no row.
    Problem(LineProblem),
    /// The end of the file.
    End,
}

/// A file as rows and columns.
pub struct Table {
    lines: Lines,
    separator: char,
    header: Vec<String>,
    limits: FileLimits,
    text: String,
    blank_lines: u64,
}

impl Table {
    /// Finds out how the file is written and reads its first row.
    pub fn open(source: Source, options: &TableOptions) -> Result<Self, FileError> {
        let limits = options.limits.clone();
        let mut lines = Lines::open(source, options.encoding, limits.line_bytes_max)?;
        refuse_what_is_no_text(&mut lines)?;
        let sample = sample_text(&lines);
        let found = separator::detect(&sample);
        let mut table = Self {
            separator: options.separator.or(found).unwrap_or(','),
            lines,
            header: Vec::new(),
            limits,
            text: String::new(),
            blank_lines: 0,
        };
        table.read_header()?;
        let is_one_column = table.header.len() == 1 && options.separator.is_none();
        if is_one_column && !table.header.first().is_some_and(|name| synonyms::is_known(name)) {
            return Err(FileError::NotATable { found: "text without separators" });
        }
        Ok(table)
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }
    /// The file's encoding, as far as it is known by now.
    pub fn encoding(&self) -> Encoding {
        self.lines.encoding()
    }
    /// What stands between two cells.
    pub fn separator(&self) -> char {
        self.separator
    }
    /// The file itself.
    pub fn source(&self) -> &Source {
        self.lines.source()
    }
    /// Lines that have been passed.
    pub fn lines_read(&self) -> u64 {
        self.lines.number() - 1
    }
    /// Lines with nothing in them, among those passed.
    pub fn blank_lines(&self) -> u64 {
        self.blank_lines
    }

    /// Reads the next row into `row`, or says what is wrong with the next line.
    pub fn next(&mut self, row: &mut Row) -> Result<Next, FileError> {
        loop {
            let line = self.lines.number();
            let at = match self.lines.peek(0)? {
                Ahead::Line(at) => at,
                Ahead::End => return Ok(Next::End),
                Ahead::TooLong => {
                    self.lines.skip_line()?;
                    let kind = ProblemKind::LineTooLong { bytes_max: self.limits.line_bytes_max };
                    return Ok(Next::Problem(LineProblem::of_line(line, kind)));
                }
            };
            row.line = line;
            match self.row_at(at, row)? {
                Ok(()) if row.is_blank() => self.blank_lines += self.lines.number() - line,
                Ok(()) => match self.fit(row) {
                    Ok(()) => return Ok(Next::Row),
                    Err(kind) => return Ok(Next::Problem(self.problem(row, kind))),
                },
                Err(kind) => return Ok(Next::Problem(LineProblem::of_line(line, kind))),
            }
        }
    }

    fn problem(&self, row: &Row, kind: ProblemKind) -> LineProblem {
        let column = match kind {
            ProblemKind::FieldTooLong { bytes_max } => {
                row.cells.iter().position(|(from, to)| (to - from) as usize > bytes_max)
            }
            _ => None,
        };
        LineProblem {
            column: column.and_then(|column| self.header.get(column).cloned()),
            ..LineProblem::of_line(row.line, kind)
        }
    }

    /// Reads the row that begins here. What is read, or the one line that is broken, is done with.
    fn row_at(&mut self, at: LineAt, row: &mut Row) -> Result<Result<(), ProblemKind>, FileError> {
        self.text.clear();
        if let Err(kind) = self.append_line(at) {
            self.lines.take(at.next, 1);
            return Ok(Err(kind));
        }
        match split(&self.text, self.separator, row) {
            Split::Whole => {
                self.lines.take(at.next, 1);
                Ok(Ok(()))
            }
            Split::Misplaced => {
                self.lines.take(at.next, 1);
                Ok(Err(ProblemKind::MisplacedQuote))
            }
            Split::Open => self.continued_row(at, row),
        }
    }

    /// A row with line breaks inside of quotation marks: lines are added until the marks come in pairs.
    fn continued_row(&mut self, first: LineAt, row: &mut Row) -> Result<Result<(), ProblemKind>, FileError> {
        let mut next = first.next;
        let mut marks = count_marks(&self.text);
        for lines in 2..=LINES_OF_ROW_MAX {
            let Ahead::Line(at) = self.lines.peek(next)? else { break };
            let before = self.text.len();
            self.text.push('\n');
            if self.append_line(at).is_err() || self.text.len() > self.limits.line_bytes_max {
                break;
            }
            marks += count_marks(&self.text[before..]);
            next = at.next;
            if marks.is_multiple_of(2) {
                if !matches!(split(&self.text, self.separator, row), Split::Whole) {
                    break;
                }
                self.lines.take(next, lines);
                return Ok(Ok(()));
            }
        }
        self.lines.take(first.next, 1);
        Ok(Err(ProblemKind::OpenQuote))
    }

    fn append_line(&mut self, at: LineAt) -> Result<(), ProblemKind> {
        self.lines.settle(at);
        let bytes = self.lines.bytes(at);
        if bytes.contains(&0) {
            let byte = bytes.iter().position(|byte| *byte == 0).unwrap_or(0) + 1;
            return Err(ProblemKind::NulByte { byte });
        }
        let encoding = self.lines.encoding();
        encoding::decode_line(encoding, bytes, &mut self.text).map_err(|wrong| ProblemKind::Undecodable {
            encoding,
            byte: wrong.byte + 1,
            places: wrong.places,
        })
    }

    /// Whether the row has the table's columns. Empty cells behind the last column are no harm.
    fn fit(&self, row: &mut Row) -> Result<(), ProblemKind> {
        let columns = self.header.len();
        while row.cells.len() > columns && row.raw(row.cells.len() - 1).trim().is_empty() {
            row.cells.pop();
        }
        if row.cells.len() != columns {
            return Err(ProblemKind::Ragged { cells: row.cells.len(), columns });
        }
        let bytes_max = self.limits.field_bytes_max;
        match row.text.len() > bytes_max && row.cells.iter().any(|(from, to)| (to - from) as usize > bytes_max) {
            true => Err(ProblemKind::FieldTooLong { bytes_max }),
            false => Ok(()),
        }
    }

    fn read_header(&mut self) -> Result<(), FileError> {
        let mut row = Row::default();
        loop {
            let at = match self.lines.peek(0)? {
                Ahead::Line(at) => at,
                Ahead::End => return Err(FileError::Empty),
                Ahead::TooLong => return Err(FileError::NotATable { found: "a first line without end" }),
            };
            self.row_at(at, &mut row)?.map_err(|_| FileError::Header)?;
            match separator::declared(&self.text) {
                Some(separator) => self.separator = separator,
                None if !row.is_blank() => break,
                None => {}
            }
            self.blank_lines = self.lines.number() - 1;
        }
        while row.cells.len() > 1 && row.raw(row.cells.len() - 1).trim().is_empty() {
            row.cells.pop();
        }
        if row.len() > self.limits.columns_max {
            return Err(FileError::TooManyColumns { columns_max: self.limits.columns_max });
        }
        self.header = row.cells().map(str::to_owned).collect();
        Ok(())
    }
}

fn sample_text(lines: &Lines) -> String {
    let sample = lines.buffered();
    let mut text = String::new();
    for line in sample.split(|byte| *byte == b'\n' || *byte == b'\r').take(200) {
        if encoding::decode_line(lines.encoding(), line, &mut text).is_ok() {
            text.push('\n');
        }
    }
    text
}

fn refuse_what_is_no_text(lines: &mut Lines) -> Result<(), FileError> {
    if let Ahead::Line(first) = lines.peek(0)? {
        lines.settle(first);
    }
    let sample = lines.buffered();
    let head = &sample[..sample.len().min(4096)];
    let controls = head.iter().filter(|byte| **byte < 9 || (14..27).contains(*byte)).count();
    if controls > 8 && controls * 20 > head.len() {
        return Err(FileError::NotATable { found: "bytes that are no text" });
    }
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        None if lines.buffered().len() <= 4096 => Err(FileError::Empty),
        Some(b'<') => Err(FileError::NotATable { found: "HTML or XML" }),
        Some(b'{' | b'[') => Err(FileError::NotATable { found: "JSON" }),
        _ => Ok(()),
    }
}

fn count_marks(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'"').count()
}
