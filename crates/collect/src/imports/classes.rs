//! What becomes of each line, in one word: the same word in the preview, in the counts and in the lists of lines.

use super::events::ImportOptions;
use crate::files::{CustomerRow, Field, LineClass, LineProblem, OrderLine, OrderPart, problem::ProblemKind};
use customers::orders::is_countable;
use vocabulary::Currency;

/// The words for the classes of order lines, in the order of [`LineClass::ALL`].
pub const LINE_CLASSES: [&str; LineClass::ALL.len()] =
    ["purchase", "no_customer", "refund", "free", "adjustment", "cancelled"];
/// A line that was not taken.
pub(super) const REJECTED: &str = "rejected";
/// A line of a file of customers that was taken.
pub(super) const CUSTOMER: &str = "customer";

/// A line that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Line of the file as an editor counts.
    pub line: u64,
    /// A stable name of what is wrong.
    pub code: String,
    /// The sentence in Japanese.
    pub sentence_ja: String,
    /// The sentence in English.
    pub sentence_en: String,
}

impl From<&LineProblem> for Rejected {
    fn from(problem: &LineProblem) -> Self {
        Self {
            line: problem.line,
            code: problem.code().to_owned(),
            sentence_ja: problem.sentence_ja(),
            sentence_en: problem.sentence_en(),
        }
    }
}

/// Why no line of some that could be read is taken, but those that were cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Their amounts cannot be counted in the currency of reports.
    NoRate,
    /// Together they are too large to be added to other orders.
    TooLarge,
}

impl Refusal {
    /// The sentence for one of the lines.
    pub(super) fn of_line(self, line: u64, currency: Currency) -> Rejected {
        let (code, sentence_ja, sentence_en) = match self {
            Self::NoRate => (
                "currency_without_rate",
                format!(
                    "通貨 {currency} の換算レートがありません。通貨ごとにファイルを分け、レートを書いて取り込んでください。"
                ),
                format!("There is no rate for {currency}. Bring in one file for each currency, with its rate."),
            ),
            Self::TooLarge => (
                "order_too_large",
                "注文の金額が大きすぎて計算できません。金額と換算レートを確かめてください。".to_owned(),
                "The order is too large to count with. Check its amounts and the rate.".to_owned(),
            ),
        };
        Rejected { line, code: code.to_owned(), sentence_ja, sentence_en }
    }
}

/// Why the lines of a part that count are not taken, if they are not.
pub(super) fn refusal(part: &OrderPart, options: &ImportOptions) -> Option<Refusal> {
    if part.is_cancelled() {
        return None;
    }
    if !has_rate(part.currency, options) {
        return Some(Refusal::NoRate);
    }
    let lines = part.lines.iter().filter(|line| line.class != LineClass::Cancelled).map(|line| line.amount);
    let extras = [part.shipping, part.fee, part.discount].into_iter().flatten();
    let amounts = lines.chain(extras).map(|amount| amount.minor);
    let is_countable = is_countable(amounts, part.currency, options.rate_of(part.currency), options.reporting);
    (!is_countable).then_some(Refusal::TooLarge)
}

/// The class of a line of an order, where `refusal` is what [`refusal`] says of its part.
pub(super) fn class_of(line: &OrderLine, part: &OrderPart, refusal: Option<Refusal>) -> &'static str {
    match line.class {
        LineClass::Cancelled => LINE_CLASSES[LineClass::Cancelled as usize],
        _ if refusal.is_some() => REJECTED,
        // A telephone does not make a customer yet: only what the shop knows people by does.
        LineClass::Purchase if part.customer_number.is_none() => LINE_CLASSES[LineClass::NoCustomer as usize],
        class => LINE_CLASSES[class as usize],
    }
}

/// Whether amounts in this currency can be counted.
fn has_rate(currency: Currency, options: &ImportOptions) -> bool {
    currency == options.reporting || (currency == options.currency && options.rate.is_some())
}

/// What is wrong with a person that the reading took: without the shop's number nobody would be found again.
pub(super) fn problem_of(row: &CustomerRow) -> Option<LineProblem> {
    let field = Field::CustomerNumber;
    row.customer_number
        .is_none()
        .then(|| LineProblem::of_cell(row.line, field.label_ja(), "", ProblemKind::Missing(field)))
}

/// How many lines are of each class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts(Vec<(&'static str, u64)>);

impl Counts {
    /// One line more.
    pub(super) fn add(&mut self, class: &'static str) {
        match self.0.iter_mut().find(|(known, _)| *known == class) {
            Some((_, count)) => *count += 1,
            None => self.0.push((class, 1)),
        }
    }
    /// Lines of this class.
    pub(super) fn of(&self, class: &str) -> u64 {
        self.0.iter().find(|(known, _)| *known == class).map_or(0, |(_, count)| *count)
    }
    /// The classes that occur, in the order of the report.
    pub(super) fn in_order(&self) -> Vec<(String, u64)> {
        let order = LINE_CLASSES.iter().chain(&[CUSTOMER, REJECTED]);
        order.map(|class| ((*class).to_owned(), self.of(class))).filter(|(_, count)| *count > 0).collect()
    }
    /// All lines.
    pub(super) fn total(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }
}
