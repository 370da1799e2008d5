//! The verdict of the result page: one word, and none before the window has ended.
//!
//! Looking every day and stopping at the first day that looks good would find an effect in many campaigns that have
//! none. So the interval may be watched, but it is judged once, when the window is over.

use super::{Interval, TooFew, enough_people};

/// People in both arms, as assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArmSizes {
    /// People who were to get the campaign.
    pub treated: u64,
    /// People who were held back.
    pub control: u64,
}

/// What the result page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The window is still open.
    Measuring {
        /// Days that are over.
        day: u32,
        /// Days of the window.
        window_days: u32,
    },
    /// It cannot be told, for this reason.
    TooFew(TooFew),
    /// The campaign brought more than chance explains.
    More,
    /// The campaign cost more than chance explains.
    Less,
    /// The difference cannot be told from chance.
    NoDifference,
}

/// Judges an interval after `day` whole days of a window of `window_days`.
///
/// Arms that can never be enough are said so at once: waiting would not help.
pub fn verdict(day: u32, window_days: u32, interval: &Result<Interval, TooFew>, people: ArmSizes) -> Verdict {
    if let Err(reason) = enough_people(people.treated, people.control) {
        return Verdict::TooFew(reason);
    }
    if day < window_days {
        return Verdict::Measuring { day, window_days };
    }
    match interval {
        Err(reason) => Verdict::TooFew(*reason),
        Ok(interval) if interval.low > 0.0 => Verdict::More,
        Ok(interval) if interval.high < 0.0 => Verdict::Less,
        Ok(_) => Verdict::NoDifference,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: ArmSizes = ArmSizes { treated: 382, control: 41 };

    fn interval(low: f64, high: f64) -> Result<Interval, TooFew> {
        Ok(Interval { difference: (low + high) / 2.0, low, high })
    }

    #[test]
    fn before_the_window_ends_there_is_no_verdict() {
        let measuring = Verdict::Measuring { day: 27, window_days: 28 };
        assert_eq!(verdict(27, 28, &interval(0.1, 0.2), PEOPLE), measuring);
        assert_eq!(verdict(27, 28, &Err(TooFew::NobodyBought), PEOPLE), measuring);
        assert_eq!(verdict(28, 28, &interval(0.1, 0.2), PEOPLE), Verdict::More);
    }

    #[test]
    fn the_interval_decides() {
        assert_eq!(verdict(28, 28, &interval(-0.2, -0.1), PEOPLE), Verdict::Less);
        assert_eq!(verdict(28, 28, &interval(-0.1, 0.2), PEOPLE), Verdict::NoDifference);
        assert_eq!(verdict(40, 28, &interval(0.0, 0.2), PEOPLE), Verdict::NoDifference);
        assert_eq!(verdict(28, 28, &Err(TooFew::NobodyBought), PEOPLE), Verdict::TooFew(TooFew::NobodyBought));
    }

    #[test]
    fn an_arm_of_nine_is_too_few_from_the_first_day() {
        let people = ArmSizes { treated: 90, control: 9 };
        let too_few = Verdict::TooFew(TooFew::SmallArm { people: 9 });
        assert_eq!(verdict(0, 28, &interval(0.1, 0.2), people), too_few);
    }
}
