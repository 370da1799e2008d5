//! What stands between two cells: found by how evenly a sign divides the first lines.

/// Signs that separate cells, the usual one first.
const SEPARATORS: [char; 4] = [',', '\t', ';', '|'];
/// Lines that are looked at.
const LINES_MAX: usize = 60;

/// The separator of a text; `None` when no sign divides its lines.
pub fn detect(text: &str) -> Option<char> {
    let is_content = |line: &&str| !line.trim().is_empty() && declared(line).is_none();
    let lines: Vec<&str> = text.lines().filter(is_content).take(LINES_MAX).collect();
    let best = SEPARATORS
        .into_iter()
        .map(|sign| (evenness(&lines, sign), sign))
        .max_by_key(|(score, sign)| (*score, std::cmp::Reverse(SEPARATORS.iter().position(|other| other == sign))))?;
    (best.0 > (0, 0)).then_some(best.1)
}

/// The separator that a file for spreadsheets declares in its first line: `sep=;`.
pub(crate) fn declared(line: &str) -> Option<char> {
    let mut rest = line.trim().strip_prefix("sep=")?.chars();
    let sign = rest.next().unwrap_or('\t');
    (rest.next().is_none() && SEPARATORS.contains(&sign)).then_some(sign)
}

/// How many of a hundred lines have as many cells as the first one, and how many cells that is.
fn evenness(lines: &[&str], sign: char) -> (usize, usize) {
    let Some((first, rest)) = lines.split_first() else { return (0, 0) };
    let expected = count(first, sign);
    if expected == 0 {
        return (0, 0);
    }
    let even = rest.iter().filter(|line| count(line, sign) == expected).count();
    let share = if rest.is_empty() { 100 } else { even * 100 / rest.len() };
    (share.max(1), expected)
}

/// Signs outside of quotation marks.
fn count(line: &str, sign: char) -> usize {
    let mut is_quoted = false;
    line.chars()
        .filter(|letter| {
            is_quoted ^= *letter == '"';
            !is_quoted && *letter == sign
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_that_divides_evenly_is_the_separator() {
        for (text, separator) in [
            ("a,b,c\n1,2,3\n", Some(',')),
            ("a\tb\n1,5\t2\n3,5\t4\n", Some('\t')),
            ("a;b;c\n1,5;2;3\n", Some(';')),
            ("name,note\n\"a;b\",\"c;d\"\n", Some(',')),
            ("注文番号,商品名\n1,\"a,b\"\n", Some(',')),
            ("email\na@example.com\n", None),
            ("", None),
        ] {
            assert_eq!(detect(text), separator, "{text}");
        }
    }
}
