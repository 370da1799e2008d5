//! A question is planned, checked and answered within its bounds.

use crate::answer;
use crate::bind::bind;
use crate::failure::{answering, question};
use crate::options::Options;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::{DFParserBuilder, Statement};
use datafusion::sql::sqlparser::ast::Statement as SqlStatement;
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
use futures::StreamExt;
use history::{HistoryError, Query, Rows};

/// Longest SQL of the program's own questions: a segment at its bounds stays far below.
const SQL_BYTES_MAX: usize = 512 << 10;
/// The same for what a person types.
const TYPED_BYTES_MAX: usize = 16 << 10;
/// Most words and signs of what a person types; it bounds the depth of any expression.
const TYPED_TOKENS_MAX: usize = 2_000;
/// Deepest nesting.
const DEPTH_MAX: usize = 48;

/// Answers one of the program's own questions.
pub(crate) async fn answer_query(
    session: &SessionContext,
    query: &Query,
    options: &Options,
) -> Result<Rows, HistoryError> {
    if query.sql().len() > SQL_BYTES_MAX {
        return Err(HistoryError::TooMuch { reason: format!("the SQL is longer than {SQL_BYTES_MAX} bytes") });
    }
    let statement = single_statement(query.sql())?;
    let plan = session.state().statement_to_plan(statement).await.map_err(question)?;
    let plan = bind(plan, query.parameters())?;
    execute(session, plan, options).await
}

/// Answers what a person typed on the command line: one SELECT, WITH or EXPLAIN.
pub(crate) async fn answer_typed(session: &SessionContext, sql: &str, options: &Options) -> Result<Rows, HistoryError> {
    check_size(sql)?;
    let statement = single_statement(sql)?;
    check_reads_only(&statement)?;
    let plan = session.state().statement_to_plan(statement).await.map_err(question)?;
    execute(session, plan, options).await
}

fn single_statement(sql: &str) -> Result<Statement, HistoryError> {
    let mut statements = DFParserBuilder::new(sql)
        .with_dialect(&GenericDialect {})
        .with_recursion_limit(DEPTH_MAX)
        .build()
        .and_then(|mut parser| parser.parse_statements())
        .map_err(question)?;
    match (statements.pop_front(), statements.is_empty()) {
        (Some(statement), true) => Ok(statement),
        (Some(_), false) => Err(refused("there is more than one statement")),
        (None, _) => Err(refused("there is no statement")),
    }
}

fn check_size(sql: &str) -> Result<(), HistoryError> {
    if sql.len() > TYPED_BYTES_MAX {
        return Err(HistoryError::TooMuch { reason: format!("the SQL is longer than {TYPED_BYTES_MAX} bytes") });
    }
    let tokens = Tokenizer::new(&GenericDialect {}, sql)
        .tokenize()
        .map_err(|error| HistoryError::Question { reason: error.to_string() })?;
    let count = tokens.iter().filter(|token| !matches!(token, Token::Whitespace(_))).count();
    if count > TYPED_TOKENS_MAX {
        return Err(HistoryError::TooMuch {
            reason: format!("the SQL has {count} words and signs, more than {TYPED_TOKENS_MAX}"),
        });
    }
    Ok(())
}

fn check_reads_only(statement: &Statement) -> Result<(), HistoryError> {
    match statement {
        Statement::Explain(explain) => check_reads_only(&explain.statement),
        Statement::Statement(inner) => match inner.as_ref() {
            SqlStatement::Query(_) => Ok(()),
            SqlStatement::Explain { statement, .. } => match statement.as_ref() {
                SqlStatement::Query(_) => Ok(()),
                other => Err(refused(&first_word(&other.to_string()))),
            },
            other => Err(refused(&first_word(&other.to_string()))),
        },
        other => Err(refused(&first_word(&other.to_string()))),
    }
}

fn first_word(sql: &str) -> String {
    format!("`{}` is not", sql.split_whitespace().next().unwrap_or_default())
}

fn refused(reason: &str) -> HistoryError {
    HistoryError::Refused { reason: reason.to_owned() }
}

async fn execute(session: &SessionContext, plan: LogicalPlan, options: &Options) -> Result<Rows, HistoryError> {
    // Plans that would write are refused once more here, whatever way they were made.
    SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false)
        .verify_plan(&plan)
        .map_err(|error| refused(&error.strip_backtrace()))?;
    let frame = session.execute_logical_plan(plan).await.map_err(question)?;
    let mut stream = frame.execute_stream().await.map_err(answering)?;
    let schema = stream.schema();
    let mut batches = Vec::new();
    let mut count = 0;
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(answering)?;
        count += batch.num_rows();
        if count > options.answer_rows_max {
            let reason = format!("the answer has more than {} rows", options.answer_rows_max);
            return Err(HistoryError::TooMuch { reason });
        }
        batches.push(batch);
    }
    answer::rows(&schema, &batches)
}
