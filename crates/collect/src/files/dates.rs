//! Dates and times of orders, in the zone of the shop, in the forms that carts and spreadsheets write.

use serde::{Deserialize, Serialize};
use vocabulary::{Timestamp, Zone, birthday};

/// The first year of which a shop can have an order.
const YEAR_MIN: i32 = 1980;

/// In which order a date with the year at its end is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 12/31/2010.
    #[default]
    MonthFirst,
    /// 31/12/2010.
    DayFirst,
}

/// Why a text is not a date of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateProblem {
    /// No form that we know, or no day of the calendar.
    Unreadable,
    /// Before 1980, or after what is possible.
    OutOfRange,
}

/// How to read dates.
#[derive(Clone, Copy, Debug)]
pub struct DateReader {
    /// Where the shop's clock hangs.
    pub zone: Zone,
    /// For dates with the year at their end.
    pub order: DateOrder,
    /// The last instant that is believed.
    pub latest: Timestamp,
}

/// A date and a time of day, each as numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Wall {
    year: i32,
    month: u32,
    day: u32,
    seconds: u32,
    micros: u32,
    /// Seconds east of Greenwich, where the text says so.
    offset: Option<i32>,
}

impl DateReader {
    /// Reads a date, with the time of another column where there is one.
    pub fn read(&self, text: &str, time: &str) -> Result<Timestamp, DateProblem> {
        let mut wall = wall(text, self.order).ok_or(DateProblem::Unreadable)?;
        if !time.is_empty() {
            (wall.seconds, wall.micros) = time_of_day(&plain(time)).ok_or(DateProblem::Unreadable)?;
        }
        if !(YEAR_MIN..=9999).contains(&wall.year) {
            return Err(DateProblem::OutOfRange);
        }
        let at = self.instant(wall).ok_or(DateProblem::Unreadable)?;
        if at > self.latest { Err(DateProblem::OutOfRange) } else { Ok(at) }
    }

    fn instant(&self, wall: Wall) -> Option<Timestamp> {
        let day = birthday::day_of(wall.year, wall.month, wall.day)?;
        let (hours, minutes, seconds) = (wall.seconds / 3600, wall.seconds / 60 % 60, wall.seconds % 60);
        let local = day.date().and_hms_micro_opt(hours, minutes, seconds, wall.micros)?;
        Some(match wall.offset {
            Some(offset) => Timestamp::from_utc(local.and_utc()).plus_seconds(-i64::from(offset)),
            None => self.zone.local(local),
        })
    }
}

/// Whether samples show that the day stands before the month: `Some` when one of them does.
pub fn order_of<'a>(samples: impl Iterator<Item = &'a str>) -> Option<DateOrder> {
    samples.filter_map(year_last).find_map(|(first, second)| match (first > 12, second > 12) {
        (true, false) => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        _ => None,
    })
}

/// Whether a text has the form of a date.
pub fn is_date(text: &str) -> bool {
    let is_possible = |wall: Wall| (1..=12).contains(&wall.month) && (1..=31).contains(&wall.day) && wall.year > 1800;
    wall(text, DateOrder::MonthFirst).or_else(|| wall(text, DateOrder::DayFirst)).is_some_and(is_possible)
}

/// The first two numbers of a date whose year stands at its end.
fn year_last(text: &str) -> Option<(u32, u32)> {
    let (date, _) = cut_time(text.trim());
    let [first, second, year] = three_numbers(date)?;
    (year >= 1000 && first <= 31).then_some((first, second))
}

fn wall(text: &str, order: DateOrder) -> Option<Wall> {
    let text = text.trim();
    if text.is_ascii() {
        return wall_of(text, order);
    }
    wall_of(&plain(text), order)
}

/// Full-width digits, 年月日 and 時分秒 as a date with hyphens and a time with colons; an era as its western year.
fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let narrow: String = text.chars().take(80).collect::<String>().nfkc().collect();
    let narrow = without_weekday(&narrow);
    let western = birthday::western_year(&narrow).unwrap_or(narrow);
    let mut plain = String::with_capacity(western.len());
    for letter in western.trim().chars() {
        match letter {
            '年' | '月' => plain.push('-'),
            '日' => plain.push(' '),
            '時' | '分' => plain.push(':'),
            '秒' => {}
            _ => plain.push(letter),
        }
    }
    plain.trim().trim_end_matches([':', '-']).replace("  ", " ")
}

/// 2026年11月13日（金）.
fn without_weekday(text: &str) -> String {
    match (text.find('('), text.find(')')) {
        (Some(from), Some(to)) if from < to && to - from <= 12 => format!("{} {}", &text[..from], &text[to + 1..]),
        _ => text.to_owned(),
    }
}

fn wall_of(text: &str, order: DateOrder) -> Option<Wall> {
    if text.len() > 60 {
        return None;
    }
    let (date, time) = cut_time(text);
    let (time, offset) = cut_offset(time)?;
    let (year, month, day) = date_of(date, order)?;
    let (seconds, micros) = match time {
        "" => packed_time(date)?,
        _ => time_of_day(time)?,
    };
    Some(Wall { year, month, day, seconds, micros, offset })
}

/// The date, and what is behind its space or T.
fn cut_time(text: &str) -> (&str, &str) {
    match text.find([' ', 'T', 't']) {
        Some(at) => (&text[..at], text[at + 1..].trim()),
        None => (text, ""),
    }
}

/// Z, +09:00, +0900 and JST behind a time.
fn cut_offset(time: &str) -> Option<(&str, Option<i32>)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, Some(0)));
    }
    for (name, hours) in [("UTC", 0), ("GMT", 0), ("JST", 9)] {
        if let Some(time) = time.strip_suffix(name) {
            return Some((time.trim_end(), Some(hours * 3600)));
        }
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, None)) };
    let digits: String = time[at + 1..].chars().filter(|sign| *sign != ':').collect();
    let number: i32 = digits.parse().ok()?;
    let seconds = match digits.len() {
        2 => number * 3600,
        4 => number / 100 * 3600 + number % 100 * 60,
        _ => return None,
    };
    let sign = if time.as_bytes().get(at) == Some(&b'-') { -1 } else { 1 };
    (seconds <= 14 * 3600).then_some((time[..at].trim_end(), Some(sign * seconds)))
}

fn date_of(date: &str, order: DateOrder) -> Option<(i32, u32, u32)> {
    if date.len() >= 8 && date.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((date[..4].parse().ok()?, date[4..6].parse().ok()?, date[6..8].parse().ok()?));
    }
    let [first, second, third] = three_numbers(date)?;
    let year_first = date.find(['-', '/', '.']) == Some(4);
    let (year, month, day) = match (year_first, order) {
        (true, _) => (first, second, third),
        (false, _) if third < 1000 => return None,
        (false, DateOrder::MonthFirst) => (third, first, second),
        (false, DateOrder::DayFirst) => (third, second, first),
    };
    Some((i32::try_from(year).ok()?, month, day))
}

fn three_numbers(date: &str) -> Option<[u32; 3]> {
    let mut parts = date.split(['-', '/', '.']);
    let mut number = || -> Option<u32> {
        let part = parts.next()?;
        let is_number = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { part.parse().ok() } else { None }
    };
    let numbers = [number()?, number()?, number()?];
    parts.next().is_none().then_some(numbers)
}

/// 20261113093015 carries its time behind the date.
fn packed_time(date: &str) -> Option<(u32, u32)> {
    match date.len() {
        12 | 14 if date.bytes().all(|byte| byte.is_ascii_digit()) => {
            let number = |from: usize| date.get(from..from + 2).map_or(Some(0), |two| two.parse::<u32>().ok());
            clock(number(8)?, number(10)?, number(12)?).map(|seconds| (seconds, 0))
        }
        0..=10 => Some((0, 0)),
        _ => None,
    }
}

/// 09:30, 9:30:15, 09:30:15.123, 9:30 PM.
fn time_of_day(time: &str) -> Option<(u32, u32)> {
    let time = time.trim();
    let (time, afternoon) = match time.get(time.len().saturating_sub(2)..).map(str::to_ascii_uppercase).as_deref() {
        Some("AM") => (time[..time.len() - 2].trim_end(), Some(0)),
        Some("PM") => (time[..time.len() - 2].trim_end(), Some(12)),
        _ => (time, None),
    };
    let (whole, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut parts = whole.split(':');
    let mut number = || parts.next().map(|part| part.trim().parse::<u32>().ok().filter(|_| part.len() <= 2));
    let (hours, minutes, seconds) = (number()??, number()??, number().unwrap_or(Some(0))?);
    let hours = afternoon.map_or(hours, |noon| hours % 12 + noon);
    if parts.next().is_some() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let micros = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    clock(hours, minutes, seconds).map(|seconds| (seconds, micros))
}

fn clock(hours: u32, minutes: u32, seconds: u32) -> Option<u32> {
    (hours < 24 && minutes < 60 && seconds < 60).then_some(hours * 3600 + minutes * 60 + seconds)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(text: &str, time: &str) -> Result<String, DateProblem> {
        let latest = "2026-11-14T00:00:00Z".parse().unwrap();
        let reader = DateReader { zone: Zone::TOKYO, order: DateOrder::MonthFirst, latest };
        reader.read(text, time).map(|at| at.to_string())
    }

    #[test]
    fn the_forms_of_carts_and_spreadsheets() {
        for (text, time, at) in [
            ("2026-11-13 09:30:15", "", "2026-11-13T00:30:15Z"),
            ("2026-11-13T09:30:15.250+09:00", "", "2026-11-13T00:30:15.250Z"),
            ("2026-11-13 09:30:15 +0900", "", "2026-11-13T00:30:15Z"),
            ("2026-11-13T00:30:15Z", "", "2026-11-13T00:30:15Z"),
            ("2026/11/13 9:30", "", "2026-11-13T00:30:00Z"),
            ("2026/11/13", "9:30:15", "2026-11-13T00:30:15Z"),
            ("2026-11-13", "", "2026-11-12T15:00:00Z"),
            ("20261113", "", "2026-11-12T15:00:00Z"),
            ("20261113093015", "", "2026-11-13T00:30:15Z"),
            ("2026.11.13 09:30", "", "2026-11-13T00:30:00Z"),
            ("2026年11月13日 9時30分15秒", "", "2026-11-13T00:30:15Z"),
            ("２０２６年１１月１３日（金）", "", "2026-11-12T15:00:00Z"),
            ("令和8年11月13日", "", "2026-11-12T15:00:00Z"),
            ("12/1/2010 8:26", "", "2010-11-30T23:26:00Z"),
            ("12/1/2010 8:26 PM", "", "2010-12-01T11:26:00Z"),
        ] {
            assert_eq!(read(text, time).as_deref(), Ok(at), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_of_an_order_is_refused() {
        for (text, problem) in [
            ("0001-01-01", DateProblem::OutOfRange),
            ("3000-01-01", DateProblem::OutOfRange),
            ("1970-01-01 00:00:00", DateProblem::OutOfRange),
            ("2026-11-15", DateProblem::OutOfRange),
            ("2026-02-30", DateProblem::Unreadable),
            ("2026-11-13 25:00", DateProblem::Unreadable),
            ("10/11/12", DateProblem::Unreadable),
            ("yesterday", DateProblem::Unreadable),
            ("", DateProblem::Unreadable),
            ("あ", DateProblem::Unreadable),
        ] {
            assert_eq!(read(text, ""), Err(problem), "{text}");
        }
    }

    #[test]
    fn samples_show_whether_the_day_stands_first() {
        assert_eq!(order_of(["12/1/2010", "13/1/2010"].into_iter()), Some(DateOrder::DayFirst));
        assert_eq!(order_of(["1/13/2010"].into_iter()), Some(DateOrder::MonthFirst));
        assert_eq!(order_of(["1/2/2010", "2010-13-01"].into_iter()), None);
    }
}
