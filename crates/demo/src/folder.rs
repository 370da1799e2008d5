//! The folder with the demo's files, and how its compressed tables are read.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::large::{LargeOptions, LargeShop};
use crate::orders::Orders;
use crate::people::{Buyer, People};
use crate::products::{Product, Products};

/// Why the demo's files could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file is missing or cannot be opened.
    #[error("cannot open `{path}` of the demo")]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system answered.
        source: std::io::Error,
    },
    /// A table is not readable as CSV.
    #[error("cannot read a row of the demo's tables")]
    Row(#[from] csv::Error),
    /// A cell does not hold what its column promises.
    #[error("`{value}` is no {expected}")]
    Cell {
        /// What the column holds.
        expected: &'static str,
        /// What was found.
        value: String,
    },
    /// A written file could not be completed.
    #[error("cannot write the demo's file")]
    Write(#[from] std::io::Error),
}

impl DemoError {
    pub(crate) fn cell(expected: &'static str, value: &str) -> Self {
        Self::Cell { expected, value: value.to_owned() }
    }
}

/// The files of the demo shop, in a folder that the caller names.
#[derive(Debug, Clone)]
pub struct DemoFolder {
    path: PathBuf,
}

impl DemoFolder {
    /// Opens the folder and makes sure that its files are there.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, DemoError> {
        const FILES: [&str; 7] = [
            "orders.csv.zst",
            "catalogue.csv",
            "products.csv",
            "buyers.csv.zst",
            "members.csv.zst",
            "names.csv",
            "places.csv",
        ];
        let folder = Self { path: path.into() };
        for name in FILES {
            folder.file(name)?;
        }
        Ok(folder)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All order lines as the shop recorded them, in the order of their days.
    pub fn orders(&self) -> Result<Orders, DemoError> {
        Orders::open(self)
    }

    /// The name of each product, Japanese for the 500 most sold.
    pub fn products(&self) -> Result<Products, DemoError> {
        Products::open(self)
    }

    /// The 500 most sold products, most sold first.
    pub fn best_sellers(&self) -> Result<Vec<Product>, DemoError> {
        self.table("products.csv")
    }

    /// What each of the 4,372 customer numbers bought in all, by number.
    pub fn buyers(&self) -> Result<Vec<Buyer>, DemoError> {
        self.table("buyers.csv.zst")
    }

    /// All people: the 4,372 who order, by number, then the 17,599 members who never bought.
    pub fn people(&self) -> Result<People, DemoError> {
        People::open(self)
    }

    /// A shop of any size whose customers order like the real ones.
    pub fn large(&self, options: LargeOptions) -> Result<LargeShop, DemoError> {
        LargeShop::open(self, options)
    }

    /// A table as rows; names that end in `.zst` are decompressed on the way.
    pub(crate) fn rows(&self, name: &str) -> Result<csv::Reader<Box<dyn Read + Send>>, DemoError> {
        let file = self.file(name)?;
        let plain: Box<dyn Read + Send> =
            if name.ends_with(".zst") { Box::new(zstd::Decoder::new(file)?) } else { Box::new(BufReader::new(file)) };
        Ok(csv::Reader::from_reader(plain))
    }

    /// A small table as a list of typed rows.
    pub(crate) fn table<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, DemoError> {
        Ok(self.rows(name)?.deserialize().collect::<Result<_, _>>()?)
    }

    fn file(&self, name: &str) -> Result<File, DemoError> {
        let path = self.path.join(name);
        File::open(&path).map_err(|source| DemoError::Open { path, source })
    }
}
