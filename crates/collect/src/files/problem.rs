//! Why a line of a file was not taken: what was found, and what is allowed.

use super::{encoding::Encoding, field::Field};
use std::fmt;

/// Characters of a found value that a report repeats.
const FOUND_CHARACTERS_MAX: usize = 200;

/// A line that was not taken. The rest of the file goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineProblem {
    /// Line of the file as an editor counts: the header is line 1.
    pub line: u64,
    /// In which column, where it is one.
    pub column: Option<String>,
    /// What stood there.
    pub found: Found,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

/// A value out of a file. It may be personal, so its `Debug` hides it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Found(String);

impl Found {
    /// Keeps the beginning of a value.
    pub fn new(value: &str) -> Self {
        Self(
            value
                .chars()
                .take(FOUND_CHARACTERS_MAX)
                .map(|letter| if letter.is_control() { '␣' } else { letter })
                .collect(),
        )
    }
    /// The value, for the report that the importing person reads; never for logs.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}
impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What can be wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Bytes that mean nothing in the file's encoding.
    Undecodable {
        /// The file's encoding.
        encoding: Encoding,
        /// The first of them, counted from 1 within the line.
        byte: usize,
        /// How many places.
        places: usize,
    },
    /// A NUL byte.
    NulByte {
        /// Where, counted from 1 within the line.
        byte: usize,
    },
    /// A line longer than any row.
    LineTooLong {
        /// What is allowed.
        bytes_max: usize,
    },
    /// A cell longer than any value.
    FieldTooLong {
        /// What is allowed.
        bytes_max: usize,
    },
    /// More or fewer cells than there are columns.
    Ragged {
        /// Cells of this line.
        cells: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// A cell that is opened by a quotation mark and never closed.
    OpenQuote,
    /// Something behind a closing quotation mark.
    MisplacedQuote,
    /// A cell that must not be empty.
    Missing(Field),
    /// A cell that cannot be read.
    Unreadable(Field),
    /// A date before 1980 or in the future.
    DateOutOfRange(Field),
    /// An amount that is too large to count with.
    TooLarge(Field),
    /// An order that was never finished in the shop.
    NotPlaced,
    /// A customer without number, mail and telephone: nobody could be found again.
    NoIdentity,
}

impl LineProblem {
    /// A problem of a whole line.
    pub fn of_line(line: u64, kind: ProblemKind) -> Self {
        Self { line, column: None, found: Found::default(), kind }
    }

    /// A problem of one cell.
    pub fn of_cell(line: u64, column: &str, found: &str, kind: ProblemKind) -> Self {
        Self { line, column: Some(column.to_owned()), found: Found::new(found), kind }
    }

    /// A stable name, by which a screen finds its sentence.
    pub const fn code(&self) -> &'static str {
        match self.kind {
            ProblemKind::Undecodable { .. } => "line_undecodable",
            ProblemKind::NulByte { .. } => "line_has_nul",
            ProblemKind::LineTooLong { .. } => "line_too_long",
            ProblemKind::FieldTooLong { .. } => "cell_too_long",
            ProblemKind::Ragged { .. } => "line_ragged",
            ProblemKind::OpenQuote => "line_open_quote",
            ProblemKind::MisplacedQuote => "line_misplaced_quote",
            ProblemKind::Missing(_) => "cell_missing",
            ProblemKind::Unreadable(_) => "cell_unreadable",
            ProblemKind::DateOutOfRange(_) => "cell_date_out_of_range",
            ProblemKind::TooLarge(_) => "cell_too_large",
            ProblemKind::NotPlaced => "order_not_placed",
            ProblemKind::NoIdentity => "customer_without_identity",
        }
    }

    /// The sentence in Japanese: what was found, and what is allowed.
    pub fn sentence_ja(&self) -> String {
        let place = self.column.as_ref().map_or_else(String::new, |column| format!("「{column}」"));
        let found = self.found.reveal();
        match self.kind {
            ProblemKind::Undecodable { encoding, byte, places } => {
                format!("{byte}バイト目に {} で読めない文字があります（{places}か所）。", encoding.name())
            }
            ProblemKind::NulByte { byte } => format!("{byte}バイト目に NUL があります。表の行ではありません。"),
            ProblemKind::LineTooLong { bytes_max } => format!("行が長すぎます（上限 {bytes_max} バイト）。"),
            ProblemKind::FieldTooLong { bytes_max } => format!("{place}の値が長すぎます（上限 {bytes_max} バイト）。"),
            ProblemKind::Ragged { cells, columns } => format!("セルが {cells} 個あります。列は {columns} 個です。"),
            ProblemKind::OpenQuote => "引用符 \" が閉じていません。".to_owned(),
            ProblemKind::MisplacedQuote => {
                "閉じる引用符の後ろに文字があります。値の中の引用符は \"\" と二つ書きます。".to_owned()
            }
            ProblemKind::Missing(_) => format!("{place}が空です。"),
            ProblemKind::Unreadable(field) => format!("{place}の「{found}」を読めません。{}", allowed_ja(field)),
            ProblemKind::DateOutOfRange(_) => {
                format!("{place}の「{found}」は1980年より前か未来の日付です。")
            }
            ProblemKind::TooLarge(_) => format!("{place}の「{found}」は大きすぎて計算できません。"),
            ProblemKind::NotPlaced => format!("{place}が「{found}」です。完了していない注文は取り込みません。"),
            ProblemKind::NoIdentity => {
                "顧客番号、メール、電話番号のどれもないため、次に同じ人を見つけられません。".to_owned()
            }
        }
    }

    /// The sentence in English: what was found, and what is allowed.
    pub fn sentence_en(&self) -> String {
        let place = self.column.as_deref().unwrap_or("");
        let found = self.found.reveal();
        match self.kind {
            ProblemKind::Undecodable { encoding, byte, places } => {
                format!("Byte {byte} cannot be read as {} ({places} places in this line).", encoding.name())
            }
            ProblemKind::NulByte { byte } => format!("Byte {byte} is NUL; this is no row of a table."),
            ProblemKind::LineTooLong { bytes_max } => format!("The line is longer than {bytes_max} bytes."),
            ProblemKind::FieldTooLong { bytes_max } => {
                format!("The value of `{place}` is longer than {bytes_max} bytes.")
            }
            ProblemKind::Ragged { cells, columns } => {
                format!("The line has {cells} cells; the table has {columns} columns.")
            }
            ProblemKind::OpenQuote => "A quotation mark is not closed.".to_owned(),
            ProblemKind::MisplacedQuote => {
                "Something stands behind a closing quotation mark; inside a value it is written twice.".to_owned()
            }
            ProblemKind::Missing(_) => format!("`{place}` is empty."),
            ProblemKind::Unreadable(field) => format!("`{found}` in `{place}` cannot be read. {}", allowed_en(field)),
            ProblemKind::DateOutOfRange(_) => format!("`{found}` in `{place}` lies before 1980 or in the future."),
            ProblemKind::TooLarge(_) => format!("`{found}` in `{place}` is too large to count with."),
            ProblemKind::NotPlaced => {
                format!("`{place}` is `{found}`; orders that were never finished are not imported.")
            }
            ProblemKind::NoIdentity => {
                "There is no customer number, mail address or telephone number by which to find this person again."
                    .to_owned()
            }
        }
    }
}

fn allowed_ja(field: Field) -> &'static str {
    match field {
        field if field.is_date() => "日付は 2026-11-13 09:30、2026/11/13、2026年11月13日 のように書きます。",
        Field::OrderedTime => "時刻は 09:30 や 09:30:15 のように書きます。",
        Field::Quantity => "数量は整数です。",
        Field::UnitPrice | Field::LineTotal | Field::Discount | Field::Shipping | Field::Fee => {
            "金額は 1234 や 1,234.5 のように書きます。"
        }
        Field::Currency => "通貨は JPY のような3文字です。",
        Field::ConsentEmail => "同意は 1 / 0、はい / いいえ、true / false のように書きます。",
        Field::OrderNumber | Field::CustomerNumber => "番号は200文字までです。",
        _ => "",
    }
}

fn allowed_en(field: Field) -> &'static str {
    match field {
        field if field.is_date() => "A date is written as 2026-11-13 09:30, 2026/11/13 or 2026年11月13日.",
        Field::OrderedTime => "A time is written as 09:30 or 09:30:15.",
        Field::Quantity => "A quantity is a whole number.",
        Field::UnitPrice | Field::LineTotal | Field::Discount | Field::Shipping | Field::Fee => {
            "An amount is written as 1234 or 1,234.5."
        }
        Field::Currency => "A currency has three letters, such as JPY.",
        Field::ConsentEmail => "Consent is written as 1 or 0, yes or no, true or false.",
        Field::OrderNumber | Field::CustomerNumber => "A number has at most 200 characters.",
        _ => "",
    }
}
