//! Values are bound to the `$names` of a plan; they never become part of SQL text.

use crate::failure::{engine, question};
use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringViewArray};
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::catalog::MemTable;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{ParamValues, ScalarValue, Spans};
use datafusion::datasource::provider_as_source;
use datafusion::error::Result as EngineResult;
use datafusion::logical_expr::expr::{InList, InSubquery, Placeholder};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Subquery, lit};
use history::{HistoryError, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// Lists up to this length become part of the plan; longer ones are joined as a table.
const LITERAL_LIST_MAX: usize = 1_000;
/// Longest list.
const LIST_MAX: usize = 20_000_000;

/// Replaces every `$name` of the plan by its value.
pub(crate) fn bind(plan: LogicalPlan, parameters: &[(String, Value)]) -> Result<LogicalPlan, HistoryError> {
    let mut scalars = HashMap::new();
    let mut lists = HashMap::new();
    for (name, value) in parameters {
        match value {
            Value::I64List(values) => lists.insert(name.as_str(), List::of_numbers(name, values)?),
            Value::TextList(values) => lists.insert(name.as_str(), List::of_texts(name, values)?),
            _ => {
                scalars.insert(name.clone(), scalar(value));
                None
            }
        };
    }
    let plan = if lists.is_empty() { plan } else { bind_lists(plan, &lists).map_err(question)? };
    check_all_bound(&plan, parameters, &scalars)?;
    if scalars.is_empty() {
        return Ok(plan);
    }
    plan.with_param_values(ParamValues::from(scalars)).map_err(question)
}

fn scalar(value: &Value) -> ScalarValue {
    match value {
        Value::I64(value) => ScalarValue::Int64(Some(*value)),
        Value::F64(value) => ScalarValue::Float64(Some(*value)),
        Value::Text(value) => ScalarValue::Utf8(Some(value.clone())),
        Value::Bool(value) => ScalarValue::Boolean(Some(*value)),
        Value::Instant(micros) => ScalarValue::TimestampMicrosecond(Some(*micros), Some("UTC".into())),
        Value::I64List(_) | Value::TextList(_) => ScalarValue::Null,
    }
}

fn check_all_bound(
    plan: &LogicalPlan,
    parameters: &[(String, Value)],
    scalars: &HashMap<String, ScalarValue>,
) -> Result<(), HistoryError> {
    for id in plan.get_parameter_names().map_err(question)? {
        let name = id.trim_start_matches('$');
        if scalars.contains_key(name) {
            continue;
        }
        let is_list = parameters.iter().any(|(known, _)| known == name);
        let reason = if is_list { "is a list; it stands only in `column IN ($name)`" } else { "has no value" };
        return Err(HistoryError::Parameter { name: name.to_owned(), reason: reason.to_owned() });
    }
    Ok(())
}

/// A list that is bound: short ones as literals, long ones as a table of one column.
enum List {
    Short(Vec<Expr>),
    Long(LogicalPlan),
}

impl List {
    fn of_numbers(name: &str, values: &[i64]) -> Result<Self, HistoryError> {
        if values.len() <= LITERAL_LIST_MAX {
            return Ok(List::Short(values.iter().map(|value| lit(*value)).collect()));
        }
        Self::long(name, Arc::new(Int64Array::from(values.to_vec())))
    }

    fn of_texts(name: &str, values: &[String]) -> Result<Self, HistoryError> {
        if values.len() <= LITERAL_LIST_MAX {
            return Ok(List::Short(values.iter().map(|value| lit(value.as_str())).collect()));
        }
        Self::long(name, Arc::new(StringViewArray::from_iter_values(values)))
    }

    fn long(name: &str, values: ArrayRef) -> Result<Self, HistoryError> {
        if values.len() > LIST_MAX {
            let reason = format!("has {} values; at most {LIST_MAX} are allowed", values.len());
            return Err(HistoryError::Parameter { name: name.to_owned(), reason });
        }
        let field = Field::new("value", DataType::clone(values.data_type()), false);
        let batch = RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![values]).map_err(engine)?;
        let table = MemTable::try_new(batch.schema(), vec![vec![batch]]).map_err(engine)?;
        let plan = LogicalPlanBuilder::scan(name, provider_as_source(Arc::new(table)), None)
            .and_then(LogicalPlanBuilder::build)
            .map_err(engine)?;
        Ok(List::Long(plan))
    }

    fn instead_of(&self, asked: InList) -> Expr {
        match self {
            List::Short(values) if values.is_empty() => lit(asked.negated),
            List::Short(values) => Expr::InList(InList::new(asked.expr, values.clone(), asked.negated)),
            List::Long(plan) => {
                let subquery =
                    Subquery { subquery: Arc::new(plan.clone()), outer_ref_columns: Vec::new(), spans: Spans::new() };
                let is_known = asked.expr.as_ref().clone().is_not_null();
                let within = Expr::InSubquery(InSubquery::new(asked.expr, subquery, asked.negated));
                // An empty cell is neither in a list nor outside of it.
                if asked.negated { is_known.and(within) } else { within }
            }
        }
    }
}

fn bind_lists(plan: LogicalPlan, lists: &HashMap<&str, List>) -> EngineResult<LogicalPlan> {
    let bound = plan.transform_up_with_subqueries(|plan| {
        let names = NamePreserver::new(&plan);
        plan.map_expressions(|expression| {
            let name = names.save(&expression);
            let bound = expression.transform_up(|inner| Ok(bind_list(inner, lists)))?;
            Ok(bound.update_data(|expression| name.restore(expression)))
        })
    })?;
    Ok(bound.data)
}

fn bind_list(expression: Expr, lists: &HashMap<&str, List>) -> Transformed<Expr> {
    let Expr::InList(asked) = expression else { return Transformed::no(expression) };
    let list = match asked.list.as_slice() {
        [Expr::Placeholder(Placeholder { id, .. })] => lists.get(id.trim_start_matches('$')),
        _ => None,
    };
    match list {
        Some(list) => Transformed::yes(list.instead_of(asked)),
        None => Transformed::no(Expr::InList(asked)),
    }
}
