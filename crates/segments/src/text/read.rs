//! Text as a tree: a small reader, one function for each rule of the grammar.

use super::write::{EVENTS, FACTS};
use crate::tree::{Bound, Comparison, DEPTH_MAX, EventName, Fact, FactValue, NODES_MAX, SegmentTree, Window};
use vocabulary::consent::Channel;

/// Bytes of a text: the largest segment that is allowed fits.
const TEXT_BYTES_MAX: usize = 512 << 10;

/// Why a text is no segment.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TextProblem {
    /// Something else was expected.
    #[error("at letter {place}: `{found}` was found where {expected} was expected")]
    Unexpected {
        /// Where, from 1.
        place: usize,
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// Longer or deeper than a segment may be.
    #[error("a segment has at most {NODES_MAX} conditions on {DEPTH_MAX} levels")]
    TooLarge,
}

/// Reads the readable form.
pub fn read(text: &str) -> Result<SegmentTree, TextProblem> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(TextProblem::TooLarge);
    }
    let mut reader = Reader { tokens: tokens(text), at: 0, depth: 0 };
    let tree = reader.tree()?;
    match reader.peek() {
        "" => Ok(tree),
        _ => Err(reader.unexpected("`and`, `or` or the end")),
    }
}

struct Token {
    place: usize,
    text: String,
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// Words, signs, and quoted texts (which keep their first quote, to be told from words).
fn tokens(text: &str) -> Vec<Token> {
    let (mut tokens, mut letters) = (Vec::new(), text.chars().enumerate().peekable());
    while let Some((at, letter)) = letters.next() {
        let mut token = String::from(letter);
        match letter {
            letter if letter.is_whitespace() => continue,
            '(' | ')' | '[' | ']' | ':' | '=' => {}
            '"' => {
                while let Some((_, next)) = letters.next_if(|(_, next)| *next != '"') {
                    token.push(if next == '\\' { letters.next().map_or('\\', |(_, kept)| kept) } else { next });
                }
                letters.next();
            }
            _ => {
                while let Some((_, next)) =
                    letters.next_if(|(_, next)| !next.is_whitespace() && !"()[]:".contains(*next))
                {
                    token.push(next);
                }
            }
        }
        tokens.push(Token { place: at + 1, text: token });
    }
    tokens
}

impl Reader {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", |token| token.text.as_str())
    }

    fn next(&mut self) -> String {
        let text = self.peek().to_owned();
        self.at += 1;
        text
    }

    fn take(&mut self, word: &str) -> bool {
        let is_there = self.peek() == word;
        self.at += usize::from(is_there);
        is_there
    }

    fn need(&mut self, word: &str, expected: &'static str) -> Result<(), TextProblem> {
        if self.take(word) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    fn unexpected(&self, expected: &'static str) -> TextProblem {
        let token = self.tokens.get(self.at);
        let place = token.map_or_else(
            || self.tokens.last().map_or(1, |last| last.place + last.text.chars().count()),
            |token| token.place,
        );
        TextProblem::Unexpected { place, found: self.peek().chars().take(40).collect(), expected }
    }

    fn tree(&mut self) -> Result<SegmentTree, TextProblem> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(TextProblem::TooLarge);
        }
        let mut of = vec![self.and_part()?];
        while self.take("or") {
            of.push(self.and_part()?);
        }
        self.depth -= 1;
        Ok(single(of, |of| SegmentTree::Or { of }))
    }

    fn and_part(&mut self) -> Result<SegmentTree, TextProblem> {
        let mut of = vec![self.part()?];
        while self.take("and") {
            of.push(self.part()?);
        }
        Ok(single(of, |of| SegmentTree::And { of }))
    }

    fn part(&mut self) -> Result<SegmentTree, TextProblem> {
        if self.take("not") {
            self.depth += 1;
            if self.depth > DEPTH_MAX {
                return Err(TextProblem::TooLarge);
            }
            let of = Box::new(self.part()?);
            self.depth -= 1;
            return Ok(SegmentTree::Not { of });
        }
        if self.take("(") {
            let tree = self.tree()?;
            self.need(")", "`)`")?;
            return Ok(tree);
        }
        self.condition()
    }

    fn condition(&mut self) -> Result<SegmentTree, TextProblem> {
        let word = self.next();
        if let Some((_, event)) = EVENTS.iter().find(|(name, _)| *name == word) {
            return self.count(*event);
        }
        if let Some((_, fact)) = FACTS.iter().find(|(name, _)| *name == word) {
            return self.fact(*fact);
        }
        match word.as_str() {
            "sales" => {
                let (is, value) = self.bound()?;
                Ok(SegmentTree::Sum { window: self.window()?, is, value })
            }
            "days_since_order" => self.bound().map(|(is, days)| SegmentTree::Recency { is, days }),
            "rfm" => self.rfm(),
            "reachable" => {
                self.need("by", "`by`")?;
                let channel: Result<Channel, _> = self.peek().parse();
                let channel = channel.map_err(|_| self.unexpected("a channel"))?;
                self.at += 1;
                Ok(SegmentTree::Reachable { channel })
            }
            _ => {
                self.at -= 1;
                Err(self.unexpected("a condition"))
            }
        }
    }

    fn count(&mut self, event: EventName) -> Result<SegmentTree, TextProblem> {
        let mut sku = None;
        if self.take("of") {
            let quoted = self.next();
            sku = Some(quoted.strip_prefix('"').map(str::to_owned).unwrap_or(quoted));
        }
        let (is, value) = self.bound()?;
        Ok(SegmentTree::Count { event, sku, window: self.window()?, is, value })
    }

    fn fact(&mut self, fact: Fact) -> Result<SegmentTree, TextProblem> {
        if self.take("in") {
            let words = self.list("a word")?;
            let numbers: Result<Vec<i64>, _> = words.iter().map(|word| word.parse()).collect();
            let value = numbers.map_or(FactValue::Words(words), FactValue::Numbers);
            return Ok(SegmentTree::Fact { fact, is: Comparison::In, value });
        }
        let is_word = matches!(fact, Fact::Sex | Fact::HasCompany | Fact::IsMemberOnly);
        if is_word {
            self.need("=", "`=` or `in`")?;
            let word = self.word("a word")?;
            let value = word.parse().map_or(FactValue::Word(word), FactValue::Flag);
            return Ok(SegmentTree::Fact { fact, is: Comparison::Eq, value });
        }
        let (is, bound) = self.bound()?;
        let value = match bound {
            Bound::One(number) => FactValue::Number(number),
            Bound::Two(from, to) => FactValue::Numbers(vec![from, to]),
        };
        Ok(SegmentTree::Fact { fact, is, value })
    }

    fn rfm(&mut self) -> Result<SegmentTree, TextProblem> {
        self.need("r", "`r`")?;
        let r = self.numbers()?;
        self.need("f", "`f`")?;
        let f = self.numbers()?;
        self.need("cells", "`cells`")?;
        self.need("[", "`[`")?;
        let mut cells = Vec::new();
        while !self.take("]") {
            let ri = self.number()?;
            self.need(":", "`:`")?;
            let fi = self.number()?;
            let cell = u32::try_from(ri).ok().zip(u32::try_from(fi).ok());
            cells.push(cell.ok_or_else(|| self.unexpected("a cell such as 2:3"))?);
        }
        Ok(SegmentTree::Rfm { version: 1, r, f, cells })
    }

    fn bound(&mut self) -> Result<(Comparison, Bound), TextProblem> {
        let is = match self.next().as_str() {
            "=" => Comparison::Eq,
            ">=" => Comparison::Gte,
            "<=" => Comparison::Lte,
            "between" => {
                let from = self.number()?;
                self.need("and", "`and`")?;
                return Ok((Comparison::Between, Bound::Two(from, self.number()?)));
            }
            _ => {
                self.at -= 1;
                return Err(self.unexpected("`=`, `>=`, `<=` or `between`"));
            }
        };
        Ok((is, Bound::One(self.number()?)))
    }

    fn window(&mut self) -> Result<Window, TextProblem> {
        if !self.take("in") {
            return Ok(Window::Ever);
        }
        let days = self.number()?;
        self.need("days", "`days`")?;
        Ok(Window::Days(days))
    }

    fn number(&mut self) -> Result<i64, TextProblem> {
        let number = self.peek().parse().map_err(|_| self.unexpected("a number"))?;
        self.at += 1;
        Ok(number)
    }

    /// A bare word; what is quoted is a product's code.
    fn word(&mut self, expected: &'static str) -> Result<String, TextProblem> {
        if self.peek().is_empty() || self.peek().starts_with('"') {
            return Err(self.unexpected(expected));
        }
        Ok(self.next())
    }

    fn numbers(&mut self) -> Result<Vec<i64>, TextProblem> {
        self.need("[", "`[`")?;
        let mut numbers = Vec::new();
        while !self.take("]") {
            numbers.push(self.number()?);
        }
        Ok(numbers)
    }

    fn list(&mut self, expected: &'static str) -> Result<Vec<String>, TextProblem> {
        self.need("[", "`[`")?;
        let mut words = Vec::new();
        while !self.take("]") {
            words.push(self.word(expected)?);
        }
        Ok(words)
    }
}

fn single(mut of: Vec<SegmentTree>, group: impl Fn(Vec<SegmentTree>) -> SegmentTree) -> SegmentTree {
    match of.pop() {
        Some(only) if of.is_empty() => only,
        Some(last) => {
            of.push(last);
            group(of)
        }
        None => group(of),
    }
}
