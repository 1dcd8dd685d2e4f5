use super::*;
use crate::map::samples::{drawn, hall, ids, read_csv, seat, stadium};

mod random;

fn wish(quantity: u32) -> Request {
    Request {
        quantity,
        section: None,
        category: None,
        accessible: false,
    }
}

/// What is chosen where all seats but the `taken` ones are free.
fn best(map: &IndexedMap, taken: &[&str], request: &Request) -> Option<String> {
    let taken: Vec<_> = taken.iter().map(|id| seat(map, id)).collect();
    let ranking = Ranking::new(map);
    let free = FreeSeats::new(&ranking, |seat| !taken.contains(&seat));
    let seats = best_available(map, &ranking, &free, request)?;
    Some(ids(map, &seats).join(" "))
}

#[test]
fn the_best_seats_are_in_the_middle_of_the_front_row() {
    let map = hall();
    assert_eq!(
        best(&map, &[], &wish(3)),
        Some("FS-A-9 FS-A-10 FS-A-11".to_owned())
    );
    let taken = ["FS-A-9", "FS-A-10", "FS-A-11"];
    let next = best(&map, &taken, &wish(3)).unwrap();
    assert!(
        next.starts_with("FS-B") || next.starts_with("FS-A"),
        "{next}"
    );
}

#[test]
fn accessible_seats_are_found_when_asked_for_and_never_else() {
    let map = hall();
    let accessible = Request {
        accessible: true,
        ..wish(2)
    };
    let found = best(&map, &[], &accessible).unwrap();
    assert!(found.starts_with("RS-G-W"), "{found}");
    assert_eq!(
        best(
            &map,
            &[],
            &Request {
                quantity: 5,
                ..accessible
            }
        ),
        None
    );
    let map = drawn(&["aaAaaa"]);
    assert_eq!(
        best(&map, &["0-0-4"], &wish(2)),
        Some("0-0-0 0-0-1".to_owned())
    );
    assert_eq!(best(&map, &["0-0-1", "0-0-4"], &wish(2)), None);
}

#[test]
fn section_and_category_are_respected_and_unknown_ones_have_no_seats() {
    let map = drawn(&["aab\nbbb", "aabb"]);
    let of = |section: Option<&str>, category: Option<&str>| {
        let request = Request {
            section: section.map(str::to_owned),
            category: category.map(str::to_owned),
            ..wish(2)
        };
        best(&map, &[], &request)
    };
    assert_eq!(of(None, None), Some("0-0-0 0-0-1".to_owned()));
    assert_eq!(of(None, Some("b")).unwrap().get(..3), Some("0-1"));
    assert_eq!(of(Some("1"), None), Some("1-0-0 1-0-1".to_owned()));
    assert_eq!(of(Some("1"), Some("b")), Some("1-0-2 1-0-3".to_owned()));
    assert_eq!(of(Some("2"), None), None);
    assert_eq!(of(None, Some("z")), None);
}

#[test]
fn seats_of_one_category_win_over_nearer_ones_of_two() {
    let map = drawn(&["ab\nba\n\naa"]);
    assert_eq!(best(&map, &[], &wish(2)), Some("0-3-0 0-3-1".to_owned()));
    assert_eq!(
        best(&map, &["0-3-0"], &wish(2)),
        Some("0-0-0 0-0-1".to_owned())
    );
}

#[test]
fn no_seat_is_left_alone_where_a_choice_as_good_avoids_it() {
    let five = drawn(&["aaaaa"]);
    assert_eq!(best(&five, &[], &wish(2)), Some("0-0-0 0-0-1".to_owned()));
    assert_eq!(
        best(&five, &[], &wish(3)),
        Some("0-0-0 0-0-1 0-0-2".to_owned())
    );
    assert_eq!(best(&five, &[], &wish(1)), Some("0-0-2".to_owned()));
    let unavoidable = drawn(&["aaaa"]);
    assert_eq!(
        best(&unavoidable, &[], &wish(3)),
        Some("0-0-0 0-0-1 0-0-2".to_owned())
    );
}

#[test]
fn a_row_farther_back_is_not_as_good() {
    let map = drawn(&["aaaa\naaa "]);
    assert_eq!(
        best(&map, &[], &wish(3)),
        Some("0-0-0 0-0-1 0-0-2".to_owned())
    );
}

#[test]
fn gaps_of_numbers_and_aisles_part_neighbours() {
    let map = read_csv("section,row,seats,category,price\nS,A,\"7-8,12-14\",c,1");
    let map = IndexedMap::new(map).unwrap();
    assert_eq!(
        best(&map, &[], &wish(3)),
        Some("S-A-12 S-A-13 S-A-14".to_owned())
    );
    assert_eq!(best(&map, &[], &wish(4)), None);
    let map = hall();
    let all: Vec<_> = ["RS-H-8", "RS-H-12"].map(|id| seat(&map, id)).into();
    let ranking = Ranking::new(&map);
    let free = FreeSeats::new(&ranking, |seat| all.contains(&seat));
    assert_eq!(best_available(&map, &ranking, &free, &wish(2)), None);
    assert!(best_available(&map, &ranking, &free, &wish(1)).is_some());
}

#[test]
fn impossible_quantities_have_no_seats() {
    let map = stadium();
    let ranking = Ranking::new(&map);
    let free = FreeSeats::new(&ranking, |_| true);
    let found = |quantity| best_available(&map, &ranking, &free, &wish(quantity));
    for quantity in [0, 51, 64, 65, u32::MAX] {
        assert_eq!(found(quantity), None, "{quantity}");
    }
    let most = found(50).unwrap();
    assert!(ranking.adjacency().are_side_by_side(&most) && most.len() == 50);
}

#[test]
fn rows_of_more_than_64_seats_are_searched_through() {
    let map = drawn(&[&"a".repeat(200)]);
    let ranking = Ranking::new(&map);
    let free = FreeSeats::new(&ranking, |seat| (120..=132).contains(&seat));
    let found = best_available(&map, &ranking, &free, &wish(13)).unwrap();
    assert_eq!(found, (120..=132).collect::<Vec<_>>());
    assert_eq!(best_available(&map, &ranking, &free, &wish(14)), None);
}

#[test]
fn the_stadium_is_filled_from_the_focus_outwards_to_the_last_pair() {
    let map = stadium();
    let ranking = Ranking::new(&map);
    let mut free = FreeSeats::new(&ranking, |_| true);
    let distance = |seats: &[SeatIndex]| {
        let focus = map.map().focus;
        let of =
            |seat: &SeatIndex| (map.seat(*seat).x - focus.x).hypot(map.seat(*seat).y - focus.y);
        seats.iter().map(of).sum::<f64>() / 20.0
    };
    let (mut last, mut taken) = (0.0, 0);
    while let Some(seats) = best_available(&map, &ranking, &free, &wish(20)) {
        assert!(distance(&seats) >= last - 1.5 * ranking.adjacency().pitch());
        last = distance(&seats);
        taken += seats.len();
        for seat in seats {
            assert!(free.is_free(&ranking, seat));
            free.set(&ranking, seat, false);
        }
    }
    assert!((20_000..39_616).contains(&taken), "{taken}");
}

#[test]
fn alternatives_are_beside_the_wanted_seats_and_of_their_kind() {
    let map = drawn(&["aaaaaaaa\nbbbbbbbb\naaaaaaaa"]);
    let ranking = Ranking::new(&map);
    let wanted = ["0-0-2", "0-0-3"].map(|id| seat(&map, id));
    let free = FreeSeats::new(&ranking, |seat| seat != wanted[0]);
    let lists = alternatives(&map, &ranking, &free, &wanted, 3);
    let lists: Vec<_> = lists
        .iter()
        .map(|seats| ids(&map, seats).join(" "))
        .collect();
    assert_eq!(lists, ["0-0-3 0-0-4", "0-0-0 0-0-1", "0-2-2 0-2-3"]);
}

#[test]
fn alternatives_keep_groups_apart_and_accessible_seats_accessible() {
    let map = drawn(&["aaaa AA\naaaa AA\naaaa AA"]);
    let ranking = Ranking::new(&map);
    let wanted = ["0-0-0", "0-0-1", "0-0-5"].map(|id| seat(&map, id));
    let free = FreeSeats::new(&ranking, |seat| !wanted.contains(&seat));
    let lists = alternatives(&map, &ranking, &free, &wanted, 3);
    let lists: Vec<_> = lists
        .iter()
        .map(|seats| ids(&map, seats).join(" "))
        .collect();
    let wanted = [
        "0-1-0 0-1-1 0-0-6",
        "0-0-2 0-0-3 0-1-5",
        "0-1-2 0-1-3 0-1-6",
    ];
    assert_eq!(lists, wanted);
}

#[test]
fn there_are_no_alternatives_to_nothing_or_where_nothing_is_left() {
    let map = drawn(&["aaa aaaA"]);
    let ranking = Ranking::new(&map);
    let some = FreeSeats::new(&ranking, |seat| seat > 2);
    assert!(alternatives(&map, &ranking, &some, &[], 3).is_empty());
    assert_eq!(
        alternatives(&map, &ranking, &some, &[0, 1, 2], 3),
        [[3, 4, 5]]
    );
    let none = FreeSeats::new(&ranking, |seat| seat == 6);
    assert!(alternatives(&map, &ranking, &none, &[0], 3).is_empty());
}

#[test]
fn leaving_a_single_seat_is_told() {
    let map = drawn(&["aaaaa aa"]);
    let adjacency = Adjacency::new(&map);
    let all = |_| true;
    for (taken, leaves) in [
        (&[1, 2][..], true),
        (&[0, 1], false),
        (&[0, 1, 2, 4], true),
        (&[0, 1, 2, 3, 4], false),
        (&[5], true),
    ] {
        assert_eq!(leaves_single(&adjacency, all, taken), leaves, "{taken:?}");
    }
    assert!(!leaves_single(&adjacency, |seat| seat != 0, &[1, 2]));
}

#[test]
fn free_seats_kept_in_step_are_those_counted_anew() {
    let map = hall();
    let ranking = Ranking::new(&map);
    let mut kept = FreeSeats::new(&ranking, |_| true);
    for seat in (0..map.seats_total()).step_by(3) {
        kept.set(&ranking, seat, false);
        kept.set(&ranking, seat + 1, false);
        kept.set(&ranking, seat + 1, true);
    }
    assert_eq!(kept, FreeSeats::new(&ranking, |seat| seat % 3 != 0));
    assert!(!kept.is_free(&ranking, 0) && kept.is_free(&ranking, 1));
}
