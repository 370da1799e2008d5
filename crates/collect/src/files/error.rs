//! Why a whole file cannot be read. (Why one line cannot: `problem`.)

use super::field::Field;

/// A file that cannot be read any further.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The disk or the network failed.
    #[error("the file could not be read")]
    Io(#[from] std::io::Error),
    /// No bytes, or no line with anything in it.
    #[error("the file is empty")]
    Empty,
    /// An archive, which may hold many files.
    #[error("a {kind} archive may hold many files; unpack it and send the CSV itself (as it is, or as .gz or .zst)")]
    Archive {
        /// Which kind: zip, 7z, tar, xlsx.
        kind: &'static str,
    },
    /// Something, but not rows and columns.
    #[error("this is no table with rows and columns: {found}")]
    NotATable {
        /// What it looks like.
        found: &'static str,
    },
    /// The compression does not add up.
    #[error("the compressed file is damaged; compress and send it again")]
    Damaged,
    /// More bytes than a file may have.
    #[error("the file is larger than {bytes_max} bytes")]
    TooLarge {
        /// What is allowed.
        bytes_max: u64,
    },
    /// More bytes than a file may have when it is unpacked.
    #[error("the file is larger than {bytes_max} bytes when it is unpacked")]
    TooLargeUnpacked {
        /// What is allowed.
        bytes_max: u64,
    },
    /// Grows out of proportion when it is unpacked.
    #[error("the file grows more than {ratio_max} times when it is unpacked, as no table does")]
    Bomb {
        /// What is allowed.
        ratio_max: u64,
    },
    /// More columns than a table may have.
    #[error("the first row has more than {columns_max} columns")]
    TooManyColumns {
        /// What is allowed.
        columns_max: usize,
    },
    /// The first row cannot be read as names of columns.
    #[error("the first row cannot be read as names of columns")]
    Header,
    /// A column without which nothing can be imported.
    #[error("no column is chosen for {}", names_of(fields))]
    MissingColumns {
        /// Which.
        fields: Vec<Field>,
    },
    /// The columns are not those that were mapped.
    #[error("the columns of this file are not those of the mapping")]
    OtherColumns,
    /// A known file that is neither orders nor customers.
    #[error("this is {name}, which holds neither orders nor customers")]
    OtherFile {
        /// Its name.
        name: &'static str,
    },
}

impl FileError {
    /// A stable name, by which a screen finds its sentence.
    pub const fn code(&self) -> &'static str {
        match self {
            FileError::Io(_) => "file_unreadable",
            FileError::Empty => "file_empty",
            FileError::Archive { .. } => "file_is_archive",
            FileError::NotATable { .. } => "file_is_no_table",
            FileError::Damaged => "file_damaged",
            FileError::TooLarge { .. } => "file_too_large",
            FileError::TooLargeUnpacked { .. } => "file_too_large_unpacked",
            FileError::Bomb { .. } => "file_grows_too_much",
            FileError::TooManyColumns { .. } => "file_too_many_columns",
            FileError::Header => "file_header_unreadable",
            FileError::MissingColumns { .. } => "file_columns_missing",
            FileError::OtherColumns => "file_columns_differ",
            FileError::OtherFile { .. } => "file_of_other_kind",
        }
    }

    /// The sentence in Japanese, with what to do next.
    pub fn sentence_ja(&self) -> String {
        match self {
            FileError::Io(_) => "ファイルを読めませんでした。もう一度お試しください。".to_owned(),
            FileError::Empty => "ファイルが空です。".to_owned(),
            FileError::Archive { kind } => {
                format!(
                    "{kind} には複数のファイルが入ることがあります。展開して、CSV のまま（または .gz / .zst で）選んでください。"
                )
            }
            FileError::NotATable { found } => {
                format!("行と列のある表ではありません（{found}）。CSV か TSV を選んでください。")
            }
            FileError::Damaged => "圧縮ファイルが壊れています。もう一度圧縮して選んでください。".to_owned(),
            FileError::TooLarge { bytes_max } => {
                format!("ファイルが大きすぎます（上限 {bytes_max} バイト）。分けてください。")
            }
            FileError::TooLargeUnpacked { bytes_max } => {
                format!("展開すると大きすぎます（上限 {bytes_max} バイト）。分けてください。")
            }
            FileError::Bomb { ratio_max } => {
                format!("展開すると {ratio_max} 倍を超えてふくらみます。表のファイルではないようです。")
            }
            FileError::TooManyColumns { columns_max } => format!("列が多すぎます（上限 {columns_max} 列）。"),
            FileError::Header => "1行目を列の名前として読めません。".to_owned(),
            FileError::MissingColumns { fields } => {
                let names: Vec<&str> = fields.iter().map(|field| field.label_ja()).collect();
                format!("列が決まっていません：{}", names.join("、"))
            }
            FileError::OtherColumns => "ファイルの列が、決めた割り当てと違います。".to_owned(),
            FileError::OtherFile { name } => format!("これは{name}です。注文か顧客のファイルを選んでください。"),
        }
    }
}

fn names_of(fields: &[Field]) -> String {
    fields.iter().map(|field| field.label_en()).collect::<Vec<_>>().join(", ")
}
