//! Repeatable chance: the same purpose and number give the same throws, in every version.
//!
//! The generator is SplitMix64 (Steele, Lea, Flood 2014), written out here because the generators
//! of the `rand` crate may change their sequence between versions, and the demo may not.

/// A row of throws that belongs to one purpose and one number.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice for `purpose` (such as `"name"`) of the thing with this `number`.
    pub(crate) fn new(purpose: &str, number: u64) -> Self {
        Self(scatter(label(purpose) ^ scatter(number)))
    }

    /// Dice for `purpose` of the thing with this text id.
    pub(crate) fn of_text(purpose: &str, id: &str) -> Self {
        Self::new(purpose, label(id))
    }

    /// 64 evenly distributed bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        scatter(self.0)
    }

    /// A whole number from 0 up to and without `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// An index into a slice of `length` items, which must not be empty.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// A number from 0 up to and without 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True in `percent` of 100 throws.
    pub(crate) fn chance(&mut self, percent: f64) -> bool {
        self.share() * 100.0 < percent
    }

    /// One of the items, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// A throw of the standard normal distribution (Box and Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.share()).cos()
    }
}

/// The output function of SplitMix64.
fn scatter(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// FNV-1a, 64 bits.
fn label(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
