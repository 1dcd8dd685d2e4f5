//! When each person comes: known beforehand, so that a slow server does not make people come later.

use crate::numbers::{float, micros};
use crate::scenario::{Arrivals, Shape};

/// How steep a rush is: of those who come within the time, two in three come in its first fifth.
const STEEPNESS: f64 = 5.0;

/// When the person of this number, counted from 0, comes: in microseconds, never before the one in front.
pub fn arrival_micros(arrivals: &Arrivals, person: u32, people: u32) -> u64 {
    let share = float(person.into()) / float(people.max(1).into());
    let at = match arrivals.shape {
        Shape::Even => share,
        // The quantile of an exponential distribution that is cut off at the end.
        Shape::Rush => -(1.0 - share * (1.0 - (-STEEPNESS).exp())).ln() / STEEPNESS,
    };
    micros(at * arrivals.over_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(shape: Shape, people: u32) -> Vec<u64> {
        let arrivals = Arrivals {
            over_seconds: 10.0,
            shape,
        };
        let all = 0..people;
        all.map(|person| arrival_micros(&arrivals, person, people))
            .collect()
    }

    #[test]
    fn everybody_comes_in_order_and_within_the_time() {
        for shape in [Shape::Even, Shape::Rush] {
            for people in [1, 2, 1000] {
                let times = times(shape, people);
                assert!(times.is_sorted(), "{shape:?}");
                assert_eq!(times[0], 0);
                assert!(times.iter().all(|at| *at < 10_000_000), "{shape:?}");
            }
        }
    }

    #[test]
    fn in_a_rush_most_come_at_once_and_else_as_many_in_each_second() {
        let early = |shape| {
            let times = times(shape, 1000);
            times.iter().filter(|at| **at < 2_000_000).count()
        };
        assert_eq!(early(Shape::Even), 200);
        assert!((600..700).contains(&early(Shape::Rush)));
    }
}
