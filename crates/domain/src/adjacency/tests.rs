use super::*;
use crate::map::samples::{drawn, hall, ids, read_csv, seat, stadium};

fn runs(map: &IndexedMap) -> Vec<String> {
    let adjacency = Adjacency::new(map);
    adjacency
        .runs()
        .map(|run| ids(map, run).join(" "))
        .collect()
}

fn runs_at(points: &[(f64, f64)]) -> Vec<usize> {
    let line = |(at, (x, y)): (usize, &(f64, f64))| format!("S,A,{at},c,1,{x},{y}\n");
    let lines: String = points.iter().enumerate().map(line).collect();
    let map = read_csv(&format!("section,row,seat,category,price,x,y\n{lines}"));
    let adjacency = Adjacency::new(&IndexedMap::new(map).unwrap());
    adjacency.runs().map(<[_]>::len).collect()
}

#[test]
fn without_positions_8_and_12_are_not_neighbours() {
    let map =
        read_csv("section,row,seats,category,price\nS,A,\"7-8,12-13\",c,1\nS,B,\"1,W1-W2\",c,1");
    let map = IndexedMap::new(map).unwrap();
    assert_eq!(
        runs(&map),
        ["S-A-7 S-A-8", "S-A-12 S-A-13", "S-B-1", "S-B-W1 S-B-W2"]
    );
    let adjacency = Adjacency::new(&map);
    let [seven, eight, twelve] = ["S-A-7", "S-A-8", "S-A-12"].map(|id| seat(&map, id));
    assert!(adjacency.are_neighbours(seven, eight) && adjacency.are_neighbours(eight, seven));
    assert!(!adjacency.are_neighbours(eight, twelve));
    assert!(adjacency.neighbours(eight).eq([seven]));
    assert!(adjacency.are_side_by_side(&[eight, seven]));
    assert!(!adjacency.are_side_by_side(&[seven, eight, twelve]));
    assert!(!adjacency.are_side_by_side(&[seven, seven]));
}

#[test]
fn with_positions_a_gap_is_an_aisle_whatever_the_numbers_say() {
    assert_eq!(
        runs(&drawn(&["aaa aa"])),
        ["0-0-0 0-0-1 0-0-2", "0-0-4 0-0-5"]
    );
    let map = "section,row,seat,category,price,x,y\nS,A,8,c,1,0,0\nS,A,12,c,1,1,0\nS,A,13,c,1,2.5,0\nS,A,14,c,1,3.5,0";
    let map = IndexedMap::new(read_csv(map)).unwrap();
    assert_eq!(runs(&map), ["S-A-8 S-A-12", "S-A-13 S-A-14"]);
}

#[test]
fn seats_are_ordered_as_they_stand() {
    let file = "section,row,seat,category,price,x,y\n";
    let odd_then_even = [(1, 3), (3, 2), (5, 1), (2, 4), (4, 5), (6, 6)];
    let lines = odd_then_even.map(|(number, x)| format!("S,A,{number},c,1,{x},{x}\n"));
    let map = IndexedMap::new(read_csv(&(file.to_owned() + &lines.concat()))).unwrap();
    let adjacency = Adjacency::new(&map);
    let run = ids(&map, adjacency.run(0)).join(" ");
    let reversed = "S-A-6 S-A-4 S-A-2 S-A-1 S-A-3 S-A-5";
    let forward = "S-A-5 S-A-3 S-A-1 S-A-2 S-A-4 S-A-6";
    assert!(
        adjacency.runs_total() == 1 && (run == reversed || run == forward),
        "{run}"
    );
}

#[test]
fn curved_rows_are_whole_and_two_seats_across_an_aisle_are_not() {
    let horseshoe: Vec<_> = (0..40)
        .map(|at| f64::from(at) * 0.15)
        .map(|angle| (100.0 * angle.cos(), 100.0 * angle.sin()))
        .collect();
    assert_eq!(runs_at(&horseshoe), [40]);
    let bent_at_equal_steps: Vec<_> = (-10..=10)
        .map(f64::from)
        .map(|x| (x, x * x / 40.0))
        .collect();
    assert_eq!(runs_at(&bent_at_equal_steps), [21]);
    assert_eq!(runs(&drawn(&["a   a\naaaaa"])).len(), 3);
    assert_eq!(runs_at(&[(0.0, 0.0)]), [1]);
    assert_eq!(runs_at(&[(0.0, 0.0), (0.0, 0.0), (0.0, 0.0)]), [3]);
}

#[test]
fn the_hall_has_aisles_where_its_plan_has_them() {
    let map = hall();
    let adjacency = Adjacency::new(&map);
    let row = |ids: [&str; 4]| ids.map(|id| seat(&map, id));
    let [eight, twelve, thirteen, last] = row(["RS-H-8", "RS-H-12", "RS-H-13", "RS-H-29"]);
    assert!(!adjacency.are_neighbours(eight, twelve));
    assert!(adjacency.are_neighbours(twelve, thirteen));
    assert_eq!(adjacency.spot(twelve).run, adjacency.spot(last).run);
    let [w2, fourteen, bk22, bk23] = row(["RS-X-W2", "RS-X-14", "BAL-BK-22", "BAL-BK-23"]);
    assert!(
        adjacency.are_neighbours(w2, fourteen),
        "by position, also next to a wheelchair space"
    );
    assert!(
        !adjacency.are_neighbours(bk22, bk23),
        "the middle aisle of the balcony"
    );
    let rows: usize = map
        .map()
        .sections
        .iter()
        .map(|section| section.rows.len())
        .sum();
    assert_eq!((rows, adjacency.runs_total()), (37, 84));
    assert!(
        (24.0..25.0).contains(&adjacency.pitch()),
        "{}",
        adjacency.pitch()
    );
}

#[test]
fn the_stadium_has_a_run_for_every_range() {
    let map = stadium();
    let adjacency = Adjacency::new(&map);
    assert_eq!(adjacency.runs_total(), 1_453 + 9);
    let [four, thirty_one] = ["5-2-4", "5-2-31"].map(|id| seat(&map, id));
    assert!(!adjacency.are_neighbours(four, thirty_one));
}

#[test]
fn every_seat_is_in_one_run_at_its_spot() {
    for map in [hall(), stadium(), drawn(&["", "ab BA\n c"])] {
        let adjacency = Adjacency::new(&map);
        let mut seen = vec![false; map.seats_total() as usize];
        for (run, seats) in (0..).zip(adjacency.runs()) {
            for (offset, seat) in (0..).zip(seats) {
                assert_eq!(adjacency.spot(*seat), Spot { run, offset });
                assert!(!std::mem::replace(&mut seen[*seat as usize], true));
                let place = map.place(*seat);
                let first = map.place(seats[0]);
                assert_eq!((place.section, place.row), (first.section, first.row));
            }
        }
        assert!(seen.into_iter().all(|seen| seen));
    }
}
