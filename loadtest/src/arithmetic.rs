//! The generator's own arithmetic.

/// The middle value, or the mean of the two in the middle; `None` of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        length if length % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

/// Each rate over the mean of the two rates of `base` that it was measured between: `base` has one more.
pub fn ratios(rates: &[f64], base: &[f64]) -> Vec<f64> {
    rates
        .iter()
        .zip(base.windows(2))
        .map(|(rate, around)| rate / f64::midpoint(around[0], around[1]))
        .collect()
}

/// How many a second.
pub fn rate(count: usize, seconds: f64) -> f64 {
    float(count) / seconds.max(1e-9)
}

/// A count as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn float(count: usize) -> f64 {
    count as f64
}

/// A number that looks random and is the same for the same `index`: `SplitMix64`'s finaliser (Steele, Lea and
/// Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
pub fn mixed(index: u64) -> u64 {
    let mut mixed = index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Puts `items` into an order that looks random and is the same every time.
pub fn shuffle<T>(items: &mut [T]) {
    for last in (1..items.len()).rev() {
        let other = mixed(last as u64) % (last as u64 + 1);
        items.swap(last, usize::try_from(other).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(left: &[f64], right: &[f64]) -> bool {
        left.len() == right.len() && left.iter().zip(right).all(|(l, r)| (l - r).abs() < 1e-9)
    }

    #[test]
    fn the_median_is_the_middle_value_whatever_the_order() {
        assert_eq!(median(&[]), None);
        assert!(same(&[median(&[3.0, 1.0, 100.0]).unwrap()], &[3.0]));
        assert!(same(&[median(&[4.0, 1.0, 2.0, 100.0]).unwrap()], &[3.0]));
    }

    #[test]
    fn a_rate_is_compared_with_the_mean_of_its_neighbours() {
        let found = ratios(&[10.0, 30.0], &[10.0, 30.0, 90.0]);
        assert!(same(&found, &[0.5, 0.5]), "{found:?}");
        assert!(ratios(&[], &[10.0]).is_empty());
    }

    #[test]
    fn a_drifting_machine_leaves_the_ratio_as_it_is() {
        let hello = [100.0, 80.0, 60.0, 40.0];
        let scenario = [45.0, 35.0, 25.0];
        assert!(same(&ratios(&scenario, &hello), &[0.5, 0.5, 0.5]));
    }

    #[test]
    fn shuffling_keeps_every_item_and_moves_most() {
        let mut items: Vec<u32> = (0..1000).collect();
        shuffle(&mut items);
        let moved = items.iter().enumerate();
        let moved = moved.filter(|(at, item)| *at != **item as usize).count();
        assert!(moved > 900, "{moved} moved");
        items.sort_unstable();
        assert!(items.iter().copied().eq(0..1000));
    }
}
