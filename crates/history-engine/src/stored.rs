//! The tables as they are stored: the three of the vocabulary and the list of superseded versions.

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use deltalake::kernel::{DataType as DeltaType, PrimitiveType, StructField};
use history::{ColumnDescription, ColumnKind, Table};
use std::sync::Arc;

/// The column that partitions a table.
pub(crate) const MONTH: &str = "month";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Stored {
    OrderLines,
    Orders,
    Events,
    Superseded,
}

const SUPERSEDED_COLUMNS: &[ColumnDescription] = &[
    ColumnDescription { name: "order_id", kind: ColumnKind::Text, is_nullable: false, is_free_text: true },
    ColumnDescription { name: "version", kind: ColumnKind::Long, is_nullable: false, is_free_text: false },
];

impl Stored {
    /// All tables, in the order in which a flush commits them.
    pub(crate) const ALL: [Stored; 4] = [Stored::OrderLines, Stored::Orders, Stored::Events, Stored::Superseded];

    pub(crate) fn index(self) -> usize {
        self as usize
    }

    /// Name of the folder.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Stored::OrderLines => Table::OrderLines.as_str(),
            Stored::Orders => Table::Orders.as_str(),
            Stored::Events => Table::Events.as_str(),
            Stored::Superseded => "superseded",
        }
    }

    pub(crate) fn columns(self) -> &'static [ColumnDescription] {
        match self {
            Stored::OrderLines => Table::OrderLines.columns(),
            Stored::Orders => Table::Orders.columns(),
            Stored::Events => Table::Events.columns(),
            Stored::Superseded => SUPERSEDED_COLUMNS,
        }
    }

    /// What rows of a file are sorted by.
    pub(crate) fn sort_columns(self) -> &'static [&'static str] {
        match self {
            Stored::Orders => &["customer", "ordered_at", "order_id"],
            Stored::OrderLines => &["customer", "ordered_at", "order_id", "ordinal"],
            Stored::Events => &["customer", "occurred_at", "event_id"],
            Stored::Superseded => &["order_id", "version"],
        }
    }

    pub(crate) fn is_partitioned(self) -> bool {
        self != Stored::Superseded
    }

    /// True for the tables that hide superseded versions.
    pub(crate) fn has_versions(self) -> bool {
        matches!(self, Stored::Orders | Stored::OrderLines)
    }

    /// All columns, the partition last.
    pub(crate) fn schema(self) -> SchemaRef {
        Arc::new(Schema::new(self.columns().iter().map(arrow_field).collect::<Vec<_>>()))
    }

    /// The columns inside of a file.
    pub(crate) fn file_schema(self) -> SchemaRef {
        let inside = self.columns().iter().filter(|column| column.name != MONTH);
        Arc::new(Schema::new(inside.map(arrow_field).collect::<Vec<_>>()))
    }

    pub(crate) fn delta_columns(self) -> Vec<StructField> {
        self.columns()
            .iter()
            .map(|column| {
                StructField::new(column.name, DeltaType::Primitive(delta_type(column.kind)), column.is_nullable)
            })
            .collect()
    }
}

fn arrow_field(column: &ColumnDescription) -> Field {
    let data_type = match column.kind {
        ColumnKind::Text => DataType::Utf8View,
        ColumnKind::Integer => DataType::Int32,
        ColumnKind::Long => DataType::Int64,
        ColumnKind::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        ColumnKind::Flag => DataType::Boolean,
    };
    Field::new(column.name, data_type, column.is_nullable)
}

fn delta_type(kind: ColumnKind) -> PrimitiveType {
    match kind {
        ColumnKind::Text => PrimitiveType::String,
        ColumnKind::Integer => PrimitiveType::Integer,
        ColumnKind::Long => PrimitiveType::Long,
        ColumnKind::Instant => PrimitiveType::Timestamp,
        ColumnKind::Flag => PrimitiveType::Boolean,
    }
}
