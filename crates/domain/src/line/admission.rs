//! Who is let in next.

use super::{Line, LineFact, Pace, PlaceState, Presence};
use crate::event::QueueSettings;
use crate::id::PlaceNumber;
use crate::time::Timestamp;

/// Places looked at in one step: the sale stands still meanwhile, and a few hundred take some microseconds.
/// A step is taken several times a second, so a line of absent people is walked at thousands a second.
pub const EXAMINED_AT_MOST: usize = 500;

/// Calls the lowest present numbers as far as capacity and pace allow, and parks the absent ones met on the
/// way. Nobody who is present is passed over.
pub fn admit(
    line: &Line,
    presence: &Presence,
    pace: &Pace,
    settings: QueueSettings,
    now: Timestamp,
) -> Vec<LineFact> {
    let counts = line.counts();
    if counts.waiting == 0 {
        return Vec::new();
    }
    let free = u64::from(settings.capacity).saturating_sub(counts.active);
    let room =
        usize::try_from(free.min(u64::from(pace.room(now, settings.max_admitted_per_second))));
    let room = room.unwrap_or(usize::MAX).min(EXAMINED_AT_MOST);
    if room == 0 {
        return Vec::new();
    }
    let (mut called, mut absent) = (Vec::new(), Vec::new());
    for number in line.waiting().take(EXAMINED_AT_MOST) {
        if !presence.is_present(number, now) {
            absent.push(number);
        } else if called.len() < room {
            called.push(number);
        }
        if called.len() == room {
            break;
        }
    }
    let parked = (!absent.is_empty()).then_some(LineFact::Parked { numbers: absent });
    let capacity = settings.capacity;
    let admitted = (!called.is_empty()).then_some(LineFact::Admitted {
        numbers: called,
        capacity,
    });
    parked.into_iter().chain(admitted).collect()
}

/// Those of `numbers` who are parked come back into the line.
pub fn returned(line: &Line, numbers: impl IntoIterator<Item = PlaceNumber>) -> Option<LineFact> {
    let parked = |number: &PlaceNumber| line.state(*number) == PlaceState::Parked;
    let mut numbers: Vec<_> = numbers.into_iter().filter(parked).collect();
    // Whoever asked twice came back once.
    numbers.sort_unstable();
    numbers.dedup();
    (!numbers.is_empty()).then_some(LineFact::Returned { numbers })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: QueueSettings = QueueSettings {
        capacity: 3,
        pass_seconds: 60,
        max_admitted_per_second: 2,
    };

    fn line_of(people: u64) -> Line {
        let mut line = Line::default();
        for number in 1..=people {
            line.apply(&LineFact::Entered {
                number,
                visitor: None,
            });
        }
        line
    }

    #[test]
    fn the_lowest_present_go_first_and_the_absent_are_parked() {
        let mut presence = Presence::default();
        for number in [1, 3, 4] {
            presence.note(number, Timestamp(50_000));
        }
        let facts = admit(
            &line_of(4),
            &presence,
            &Pace::default(),
            SETTINGS,
            Timestamp(40_000),
        );
        let parked = LineFact::Parked { numbers: vec![2] };
        assert_eq!(
            facts,
            [
                parked,
                LineFact::Admitted {
                    numbers: vec![1, 3],
                    capacity: 3
                }
            ]
        );
    }

    #[test]
    fn a_full_shop_admits_and_parks_nobody() {
        let mut line = line_of(9);
        line.apply(&LineFact::Admitted {
            numbers: vec![1, 2, 3],
            capacity: 3,
        });
        assert_eq!(
            admit(
                &line,
                &Presence::default(),
                &Pace::default(),
                SETTINGS,
                Timestamp(0)
            ),
            []
        );
    }

    #[test]
    fn one_step_looks_at_a_bounded_number_of_places() {
        let absent = Presence::default();
        let facts = admit(
            &line_of(10_000),
            &absent,
            &Pace::default(),
            SETTINGS,
            Timestamp(40_000),
        );
        let [LineFact::Parked { numbers }] = facts.as_slice() else {
            panic!("{facts:?}")
        };
        assert_eq!(numbers.len(), EXAMINED_AT_MOST);
    }

    #[test]
    fn only_parked_people_return() {
        let mut line = line_of(3);
        line.apply(&LineFact::Parked { numbers: vec![2] });
        assert_eq!(
            returned(&line, [2, 1, 2, 3, 2]),
            Some(LineFact::Returned { numbers: vec![2] })
        );
        assert_eq!(returned(&line, [1, 3]), None);
    }
}
