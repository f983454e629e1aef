//! Reproducible noise (SplitMix64): the same on every machine and in every year. Nothing secret is made of it.

/// Where the noise has come to; its first number follows from what it begins with.
pub(super) struct Noise(pub u64);

impl Noise {
    /// The next number, any of all.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// The next number, between -1 and 1.
    pub fn next_unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    }
}
