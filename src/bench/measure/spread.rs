//! How values are spread: mean, deviation, percentiles. Empty where there is no value.

/// Values in a few numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Spread {
    /// How many.
    pub count: usize,
    /// Their mean.
    pub mean: f64,
    /// How far they stray from it: the standard deviation of a sample, 0 for a single value.
    pub deviation: f64,
    /// Half of them are no larger.
    pub p50: f64,
    /// 95 of 100 are no larger.
    pub p95: f64,
    /// 99 of 100 are no larger.
    pub p99: f64,
}

/// The spread of finite values; the others are passed over. Percentiles are by nearest rank: always values that were measured.
pub fn spread(values: impl IntoIterator<Item = f64>) -> Option<Spread> {
    let mut sorted: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len();
    let mean = sorted.iter().sum::<f64>() / count as f64;
    let squares: f64 = sorted.iter().map(|value| (value - mean).powi(2)).sum();
    let deviation = if count > 1 { (squares / (count - 1) as f64).sqrt() } else { 0.0 };
    let rank = |percent: usize| sorted.get((count * percent).div_ceil(100).max(1) - 1).copied();
    Some(Spread { count, mean, deviation, p50: rank(50)?, p95: rank(95)?, p99: rank(99)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let hundred = spread((1..=100).rev().map(f64::from)).unwrap();
        assert_eq!((hundred.p50, hundred.p95, hundred.p99), (50.0, 95.0, 99.0));
        assert_eq!((hundred.count, hundred.mean), (100, 50.5));
        let few = spread([3.0, 1.0, f64::NAN, 2.0]).unwrap();
        assert_eq!((few.count, few.p50, few.p99, few.deviation), (3, 2.0, 3.0, 1.0));
        assert_eq!(spread([7.0]).unwrap().deviation, 0.0);
        assert_eq!(spread([]), None);
    }
}
