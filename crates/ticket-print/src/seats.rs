//! The table of seats: one column of comfortable rows, or two columns of tight ones.

use crate::drawing::{Anchor, Colour, Pen, Stroke, Style};
use crate::font::{Weight, needed};
use crate::layout::{GREY, HAIRLINE, INK, LABEL, LEFT, RIGHT};
use crate::sheet::{SeatLine, TicketSheet};

/// More seats than this go into two columns.
const MAX_IN_ONE_COLUMN: usize = 14;
const GUTTER: f32 = 26.0;
const ONE_COLUMN: Face = Face {
    size: 11.5,
    head: 8.5,
    row: 22.0,
};
const TWO_COLUMNS: Face = Face {
    size: 9.0,
    head: 7.5,
    row: 16.0,
};

/// Type that is still read easily on paper.
const SMALLEST: f32 = 7.5;

/// From the heads of the columns to the first line below them.
const HEAD: f32 = 7.0;
const TITLE: Style = Style {
    size: 13.0,
    weight: Weight::Bold,
    colour: INK,
};
/// From the title to the heads of the columns, and from the last row to the total.
const TITLE_GAP: f32 = 22.0;

/// The heads of the columns. The last stands at the right edge.
const HEADS: [&str; 5] = [
    "구역 Section",
    "열 Row",
    "번호 Seat",
    "등급 Category",
    "금액 Price",
];

/// What part of the width that is left over each column takes.
const SHARES: Widths = [0.3, 0.15, 0.15, 0.2, 0.2];

/// Between the text of one column and the next.
const COLUMN_GAP: f32 = 8.0;

/// A category that has to give way keeps this much: a few letters of it.
const SHORTEST_CATEGORY: f32 = 40.0;

type Widths = [f32; 5];

#[derive(Clone, Copy)]
struct Face {
    size: f32,
    head: f32,
    row: f32,
}

impl Face {
    /// The same with rows as tight as it takes to have that many in the room.
    fn within(self, room: f32, count: usize) -> Self {
        Self {
            row: self.row.min(room / rows(count)),
            ..self
        }
    }

    /// The same in smaller type if some text would be cut otherwise.
    fn narrowed(self, seats: &[SeatLine], width: f32) -> Self {
        let is_cut = needs(seats, self).iter().sum::<f32>() > width;
        Self {
            size: if is_cut { SMALLEST } else { self.size },
            ..self
        }
    }

    fn head(self) -> Style {
        Style {
            size: self.head,
            ..LABEL
        }
    }

    fn cell(self) -> Style {
        Style {
            size: self.size,
            weight: Weight::Regular,
            colour: INK,
        }
    }
}

/// Draws the table and the total between `top` and, with rows as tight as that takes, `bottom`. Gives the
/// baseline of the total. `unlisted` seats are only counted.
pub(crate) fn draw(
    pen: &mut Pen,
    sheet: &TicketSheet,
    unlisted: usize,
    top: f32,
    bottom: f32,
) -> f32 {
    pen.write(LEFT, top, Anchor::Start, TITLE, "좌석  Seats", RIGHT - LEFT);
    let head = top + TITLE_GAP;
    let seats = &sheet.seats;
    let room = bottom - TITLE_GAP - head - HEAD;
    let last = if seats.len() <= MAX_IN_ONE_COLUMN {
        let face = ONE_COLUMN.within(room, seats.len());
        let widths = column_widths(seats, face, RIGHT - LEFT);
        draw_columns(pen, seats, face, &widths, (LEFT, head))
    } else {
        let per_column = seats.len().div_ceil(2);
        let width = (RIGHT - LEFT - GUTTER) / 2.0;
        let face = TWO_COLUMNS.within(room, per_column).narrowed(seats, width);
        let widths = column_widths(seats, face, width);
        let (left, right) = seats.split_at(per_column);
        draw_columns(pen, right, face, &widths, (LEFT + width + GUTTER, head));
        draw_columns(pen, left, face, &widths, (LEFT, head))
    };
    let total = last + TITLE_GAP;
    if unlisted > 0 {
        let more = format!("외 {unlisted}석  and {unlisted} more");
        pen.write(LEFT, total, Anchor::Start, LABEL, &more, 200.0);
    }
    let text = format!("합계 Total  {}", sheet.total_text);
    pen.write(
        RIGHT,
        total,
        Anchor::End,
        TITLE,
        &text,
        RIGHT - LEFT - 210.0,
    );
    total
}

/// Draws heads and rows, and gives the line below the last row.
fn draw_columns(
    pen: &mut Pen,
    seats: &[SeatLine],
    face: Face,
    widths: &Widths,
    (x, head): (f32, f32),
) -> f32 {
    draw_row(pen, widths, (x, head), face.head(), HEADS);
    let width = widths.iter().sum();
    let mut line = head + HEAD;
    rule(pen, (x, width), line, GREY);
    for seat in seats {
        // Capitals and Hangul are about 0.72 of the size high: that puts them in the middle of the row.
        let y = line + f32::midpoint(face.row, face.size * 0.72);
        draw_row(pen, widths, (x, y), face.cell(), cells(seat));
        line += face.row;
        rule(pen, (x, width), line, HAIRLINE);
    }
    line
}

fn draw_row(pen: &mut Pen, widths: &Widths, (left, y): (f32, f32), style: Style, cells: [&str; 5]) {
    let [before @ .., last] = widths;
    let [texts @ .., price] = cells;
    let mut x = left;
    for (width, text) in before.iter().zip(texts) {
        pen.write(x, y, Anchor::Start, style, text, width - COLUMN_GAP);
        x += width;
    }
    pen.write(x + last, y, Anchor::End, style, price, *last);
}

/// Gives each column what its widest text needs and a share of what is left over. Where all that does not
/// fit, the category gives way first, since no one looks for a seat by it, then the widest columns down to
/// an equal width.
fn column_widths(seats: &[SeatLine], face: Face, width: f32) -> Widths {
    let mut needs = needs(seats, face);
    let left_over = width - needs.iter().sum::<f32>();
    if left_over >= 0.0 {
        return std::array::from_fn(|i| needs[i] + left_over * SHARES[i]);
    }
    let [_, _, _, category, _] = &mut needs;
    *category = (*category + left_over).max(category.min(SHORTEST_CATEGORY));
    let mut ascending = needs;
    ascending.sort_by(f32::total_cmp);
    let (mut cap, mut remaining) = (0.0, width);
    for (narrower, need) in ascending.into_iter().enumerate() {
        cap = remaining / rows(ascending.len() - narrower);
        if need > cap {
            break;
        }
        remaining -= need;
    }
    needs.map(|need| need.min(cap))
}

fn needs(seats: &[SeatLine], face: Face) -> Widths {
    let rows = seats.iter().map(|seat| row_needs(cells(seat), face.cell()));
    rows.fold(row_needs(HEADS, face.head()), |needs, row| {
        std::array::from_fn(|i| needs[i].max(row[i]))
    })
}

fn row_needs(cells: [&str; 5], style: Style) -> Widths {
    // A thousandth more, so that sums and differences of widths cannot round a text out of its column.
    cells.map(|text| needed(text, style.weight, style.size) * 1.001 + COLUMN_GAP)
}

fn cells(seat: &SeatLine) -> [&str; 5] {
    [
        &seat.section,
        &seat.row,
        &seat.number,
        &seat.category,
        &seat.price_text,
    ]
    .map(String::as_str)
}

fn rule(pen: &mut Pen, (x, width): (f32, f32), y: f32, colour: Colour) {
    let stroke = Stroke {
        colour,
        width: 0.5,
        dash: None,
    };
    pen.line((x, y), (x + width, y), stroke);
}

fn rows(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::MAX, f32::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::tests::seats;

    const WIDTH: f32 = 240.0;

    fn sum(widths: &Widths) -> f32 {
        widths.iter().sum()
    }

    #[test]
    fn columns_fill_the_width_and_hold_their_texts() {
        let widths = column_widths(&seats(20), TWO_COLUMNS, WIDTH);
        assert!((sum(&widths) - WIDTH).abs() < 0.01);
        for (text, width) in cells(&seats(1)[0]).iter().zip(widths) {
            assert!(needed(text, Weight::Regular, TWO_COLUMNS.size) < width - COLUMN_GAP);
        }
    }

    #[test]
    fn a_long_section_gives_way_and_the_seat_number_does_not() {
        let mut seats = seats(20);
        seats[3].section = "2층 발코니 왼쪽 블록 뒤쪽 통로 옆".repeat(3);
        let widths = column_widths(&seats, TWO_COLUMNS, WIDTH);
        assert!((sum(&widths) - WIDTH).abs() < 0.01);
        let number = row_needs(HEADS, TWO_COLUMNS.head())[2];
        assert!((widths[2] - number).abs() < 0.01 && widths[0] > widths[2]);
    }

    #[test]
    fn columns_that_all_want_everything_share_what_the_category_leaves() {
        let text = "가나다라마바사".repeat(9);
        let seat = SeatLine {
            section: text.clone(),
            row: text.clone(),
            number: text.clone(),
            category: text.clone(),
            price_text: text,
        };
        let widths = column_widths(&[seat], ONE_COLUMN, 500.0);
        let expected = [115.0, 115.0, 115.0, SHORTEST_CATEGORY, 115.0];
        let differ = |(width, expected): (&f32, f32)| (width - expected).abs() > 0.01;
        assert!(!widths.iter().zip(expected).any(differ), "{widths:?}");
    }
}
