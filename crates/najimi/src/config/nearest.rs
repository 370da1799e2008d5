//! What somebody may have meant who mistyped a name.

/// The known name that takes the fewest strokes to reach, when that is few enough to have been meant.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (strokes, name) = known.into_iter().map(|name| (distance(typed, name), name)).min()?;
    (strokes <= (typed.chars().count() / 3).max(2)).then_some(name)
}

/// Letters that are put in, left out or exchanged (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (place, letter) in from.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], place + 1);
        for (column, other) in to.iter().enumerate() {
            let exchanged = corner + usize::from(letter != *other);
            corner = row[column + 1];
            row[column + 1] = exchanged.min(corner + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_offered_when_it_is_near() {
        let known = ["data", "listen", "records.url", "log"];
        for (typed, meant) in
            [("lisen", Some("listen")), ("record.url", Some("records.url")), ("Data", Some("data")), ("colour", None)]
        {
            assert_eq!(nearest(typed, known), meant, "{typed}");
        }
    }
}
