//! The embedded font: measuring, cutting and breaking lines of text.

use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, UnicodeBuffer};

/// What stands for what was cut.
const ELLIPSIS: &str = "…";

/// Latin letters of the fonts that viewers fall back to are up to this much wider.
const FALLBACK_LATIN: f32 = 1.08;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// A font as the PDF embeds it.
pub(crate) fn embedded(weight: Weight) -> Font {
    typeface(weight).font.clone()
}

/// The glyphs of one line of text; lengths are in units of the font size. What the font lacks is its
/// "not defined" box.
pub(crate) fn shape(text: &str, weight: Weight) -> Vec<KrillaGlyph> {
    let typeface = typeface(weight);
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(Direction::LeftToRight);
    let shaped = rustybuzz::shape(&typeface.face, &[], buffer);
    let starts: Vec<usize> = shaped
        .glyph_infos()
        .iter()
        .map(|glyph| glyph.cluster as usize)
        .collect();
    let em = |units: i32| to_f32(units) / typeface.units_per_em;
    let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
    glyphs
        .enumerate()
        .map(|(i, (glyph, position))| {
            let later = starts[i..].iter().find(|start| **start > starts[i]);
            KrillaGlyph::new(
                GlyphId::new(glyph.glyph_id),
                em(position.x_advance),
                em(position.x_offset),
                em(position.y_offset),
                em(position.y_advance),
                starts[i]..later.copied().unwrap_or(text.len()),
                None,
            )
        })
        .collect()
}

/// How wide a line is in the embedded font.
pub(crate) fn width(text: &str, weight: Weight, size: f32) -> f32 {
    shape(text, weight)
        .iter()
        .map(|glyph| glyph.x_advance)
        .sum::<f32>()
        * size
}

/// The text, or as much of its beginning as fits into `room` with an ellipsis.
pub(crate) fn fit(text: &str, weight: Weight, size: f32, room: f32) -> String {
    if fitting(text, weight, size, room) == text.len() {
        return text.to_owned();
    }
    let end = fitting(text, weight, size, room - size);
    format!("{}{ELLIPSIS}", text[..end].trim_end())
}

/// The text in lines that fit into `room`, broken between words where possible; the last of `max_lines` ends
/// with an ellipsis where there is more.
pub(crate) fn wrap(
    text: &str,
    weight: Weight,
    size: f32,
    room: f32,
    max_lines: usize,
) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    while lines.len() + 1 < max_lines {
        let end = fitting(rest, weight, size, room);
        if end == rest.len() {
            break;
        }
        let broken = if rest[end..].starts_with(' ') {
            end
        } else {
            rest[..end].rfind(' ').unwrap_or(end)
        };
        // A line takes one character at least, whatever the room.
        let broken = if broken == 0 {
            rest.chars().next().map_or(0, char::len_utf8)
        } else {
            broken
        };
        lines.push(rest[..broken].to_owned());
        rest = rest[broken..].trim_start();
    }
    if !rest.is_empty() {
        lines.push(fit(rest, weight, size, room));
    }
    lines
}

/// How wide a line may get, whichever font the viewer takes: the embedded one, or the wider ones that an SVG
/// falls back to, where Hangul is as wide as it is high.
pub(crate) fn needed(text: &str, weight: Weight, size: f32) -> f32 {
    let glyphs = shape(text, weight);
    glyphs.iter().map(|glyph| widest(glyph, text)).sum::<f32>() * size
}

/// How many bytes of the text fit into `room`, measured as [`needed`].
fn fitting(text: &str, weight: Weight, size: f32, room: f32) -> usize {
    let mut used = 0.0;
    for glyph in shape(text, weight) {
        used += widest(&glyph, text) * size;
        if used > room {
            return glyph.text_range.start;
        }
    }
    text.len()
}

fn widest(glyph: &KrillaGlyph, text: &str) -> f32 {
    let first = text[glyph.text_range.start..].chars().next();
    if first.is_some_and(|character| character >= '\u{1100}') {
        glyph.x_advance.max(1.0)
    } else {
        glyph.x_advance * FALLBACK_LATIN
    }
}

struct Typeface {
    face: Face<'static>,
    font: Font,
    units_per_em: f32,
}

fn typeface(weight: Weight) -> &'static Typeface {
    match weight {
        Weight::Regular => &REGULAR,
        Weight::Bold => &BOLD,
    }
}

static REGULAR: LazyLock<Typeface> =
    LazyLock::new(|| load(include_bytes!("../fonts/Pretendard-Regular.otf")));

static BOLD: LazyLock<Typeface> =
    LazyLock::new(|| load(include_bytes!("../fonts/Pretendard-Bold.otf")));

#[expect(
    clippy::expect_used,
    reason = "the fonts are part of the program, and the tests load them"
)]
fn load(data: &'static [u8]) -> Typeface {
    let face = Face::from_slice(data, 0).expect("an embedded font");
    Typeface {
        units_per_em: to_f32(face.units_per_em()),
        font: Font::new(data.into(), 0).expect("an embedded font"),
        face,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "lengths in a font are far below 2^24"
)]
fn to_f32(units: i32) -> f32 {
    units as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: f32 = 100.0;

    #[test]
    fn the_font_has_all_of_hangul_and_the_signs_of_money() {
        for weight in [Weight::Regular, Weight::Bold] {
            for character in ('가'..='힣').chain("₩€$¥£éßØ1234567890…·—’".chars())
            {
                let glyphs = shape(&character.to_string(), weight);
                assert!(
                    glyphs.iter().all(|glyph| glyph.glyph_id.to_u32() != 0),
                    "{character}"
                );
            }
        }
    }

    #[test]
    fn what_the_font_lacks_is_a_box_and_not_an_error() {
        let glyphs = shape("王👍", Weight::Regular);
        assert_eq!(glyphs.len(), 2);
        assert!(
            glyphs
                .iter()
                .all(|glyph| glyph.glyph_id.to_u32() == 0 && glyph.x_advance > 0.3)
        );
    }

    #[test]
    fn glyphs_know_the_text_they_stand_for() {
        let text = "e\u{301}한 A";
        let ranges: Vec<_> = shape(text, Weight::Bold)
            .into_iter()
            .map(|g| &text[g.text_range])
            .collect();
        assert_eq!(ranges, ["e\u{301}", "한", " ", "A"]);
    }

    #[test]
    fn a_text_that_fits_is_not_cut() {
        assert_eq!(fit("봄 갈라", Weight::Regular, 10.0, ROOM), "봄 갈라");
        assert_eq!(fit("", Weight::Regular, 10.0, ROOM), "");
    }

    #[test]
    fn a_text_that_is_too_long_ends_with_an_ellipsis_within_the_room() {
        for text in [
            "가".repeat(50),
            "W".repeat(50),
            "👍".repeat(50),
            "e\u{301}".repeat(50),
        ] {
            let cut = fit(&text, Weight::Bold, 10.0, ROOM);
            assert!(cut.ends_with('…') && cut.len() > 10, "{cut}");
            assert!(width(&cut, Weight::Bold, 10.0) <= ROOM, "{cut}");
        }
    }

    #[test]
    fn lines_break_between_words() {
        let lines = wrap(
            "Spring Gala Concert of the Orchestra",
            Weight::Regular,
            12.0,
            ROOM,
            4,
        );
        assert_eq!(lines.join(" "), "Spring Gala Concert of the Orchestra");
        assert!(
            lines.len() > 1
                && lines
                    .iter()
                    .all(|line| width(line, Weight::Regular, 12.0) <= ROOM)
        );
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken_and_the_rest_is_cut() {
        let lines = wrap(&"가나다라마바사".repeat(10), Weight::Regular, 12.0, ROOM, 3);
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0], "가나다라마바사가");
        assert!(lines[2].ends_with('…'));
    }

    #[test]
    fn no_room_at_all_does_not_hang() {
        assert_eq!(wrap("가나", Weight::Regular, 12.0, 0.0, 3), ["가", "나"]);
    }
}
