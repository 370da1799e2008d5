//! The draw of a comparison group: by hash, so that it can be repeated and checked by anyone.
//!
//! Invariant: the arm of a person depends on nothing but the campaign's id, the person's id and the share held
//! back. Asking again gives the same arm; another campaign draws independently; a larger share only adds people.
//!
//! Hash: the first 8 bytes, big-endian, of SHA-256 (FIPS 180-4) over a label, the length of the campaign id, the
//! campaign id and the customer id. Its upper 53 bits as a fraction of 1 are compared with the share.

use sha2::{Digest, Sha256};

/// Which side of the comparison a person is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arm {
    /// Gets the campaign.
    Treated,
    /// Is held back for comparison.
    Control,
}

/// Draws the arms of one campaign.
#[derive(Debug, Clone)]
pub struct Draw {
    campaign: Sha256,
    holdout: f64,
}

impl Draw {
    /// A draw for a campaign that holds back the share `holdout` (a fraction; outside 0..1 it is clamped,
    /// and what is not a number holds nobody back).
    pub fn new(campaign_id: &[u8], holdout: f64) -> Self {
        let holdout = if holdout.is_nan() { 0.0 } else { holdout.clamp(0.0, 1.0) };
        Self { campaign: labelled("najimi/comparison-group/1", campaign_id), holdout }
    }

    /// The arm of this person.
    pub fn arm(&self, customer_id: &[u8]) -> Arm {
        let hash = first_eight_bytes(self.campaign.clone().chain_update(customer_id));
        if fraction(hash) < self.holdout { Arm::Control } else { Arm::Treated }
    }
}

/// The seed for the random rearrangements of a campaign's result. Independent of its draw.
pub fn permutation_seed(campaign_id: &[u8]) -> u64 {
    first_eight_bytes(labelled("najimi/rearrangements/1", campaign_id))
}

/// A hash that has read the label and the campaign. The length keeps (`ab`, `c`) apart from (`a`, `bc`).
fn labelled(label: &str, campaign_id: &[u8]) -> Sha256 {
    Sha256::new().chain_update(label).chain_update((campaign_id.len() as u64).to_be_bytes()).chain_update(campaign_id)
}

fn first_eight_bytes(hash: Sha256) -> u64 {
    hash.finalize().iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// The upper 53 bits as a fraction in 0..1; 53 bits are what an `f64` holds exactly.
fn fraction(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_control(draw: &Draw, customer: u32) -> bool {
        draw.arm(&customer.to_be_bytes()) == Arm::Control
    }

    #[test]
    fn the_arms_of_known_people_stay_the_same_for_ever() {
        let draw = Draw::new(b"spring-2026", 0.5);
        let arms: String = (0..32).map(|customer| if is_control(&draw, customer) { 'c' } else { 't' }).collect();
        assert_eq!(arms, "ttttttctcttctctccttccttccctttttt");
        assert_eq!(permutation_seed(b"spring-2026"), 5_337_688_539_073_564_107);
    }

    #[test]
    fn the_share_held_back_is_the_share_asked_for() {
        for holdout in [0.0, 0.01, 0.1, 0.5, 1.0] {
            let draw = Draw::new(b"campaign", holdout);
            let held = (0..40_000).filter(|&customer| is_control(&draw, customer)).count() as f64;
            let tolerance = 4.0 * (40_000.0 * holdout * (1.0 - holdout)).sqrt();
            assert!((held - 40_000.0 * holdout).abs() <= tolerance, "{holdout}: {held}");
        }
    }

    #[test]
    fn two_campaigns_draw_independently() {
        // Of 40,000 people 4 % should be held back by both; one standard deviation is 39 people.
        let arms_of = |id: u8| -> Vec<bool> {
            let draw = Draw::new(&[id], 0.2);
            (0..40_000).map(|customer| is_control(&draw, customer)).collect()
        };
        let draws: Vec<Vec<bool>> = (0..8).map(arms_of).collect();
        for (position, first) in draws.iter().enumerate() {
            for second in &draws[position + 1..] {
                let both = first.iter().zip(second).filter(|(one, other)| **one && **other).count() as f64;
                assert!((both - 1_600.0).abs() < 4.0 * 39.2, "{both}");
            }
        }
    }

    #[test]
    fn a_larger_share_only_adds_people() {
        let (small, large) = (Draw::new(b"campaign", 0.1), Draw::new(b"campaign", 0.3));
        assert!((0..10_000).all(|customer| !is_control(&small, customer) || is_control(&large, customer)));
    }

    #[test]
    fn a_share_that_is_no_share_is_clamped() {
        assert_eq!(Draw::new(b"c", f64::NAN).arm(b"x"), Arm::Treated);
        assert_eq!(Draw::new(b"c", -1.0).arm(b"x"), Arm::Treated);
        assert_eq!(Draw::new(b"c", 7.0).arm(b"x"), Arm::Control);
    }
}
