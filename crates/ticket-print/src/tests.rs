//! What people and scanners get from the two outputs.

use std::collections::BTreeSet;
use std::io::Read as _;

use crate::sheet::tests::{seats, sheet};
use crate::{TicketSheet, TicketState, pdf, svg};

/// Millimetres of the SVG's width, which is that of A4.
const PAGE_MM: f32 = 210.0;

#[test]
fn the_qr_code_of_the_svg_reads_as_the_entry_token() {
    for state in [
        TicketState::Confirmed,
        TicketState::CheckedIn,
        TicketState::Cancelled,
    ] {
        let sheet = TicketSheet { state, ..sheet() };
        assert_eq!(decoded(&qr_modules(&svg(&sheet))), sheet.entry_token);
    }
}

#[test]
fn the_qr_code_is_at_least_35_mm_wide_with_a_quiet_zone_around_it() {
    for entry_token in [sheet().entry_token, "1".into(), "a".repeat(300)] {
        let svg = svg(&TicketSheet {
            entry_token,
            ..sheet()
        });
        let (x, _, module) = qr_place(&svg);
        let modules = qr_modules(&svg).len();
        let side = module * f32::from(u16::try_from(modules).unwrap());
        let millimetres = side / number_in(&svg, "viewBox=\"0 0 ", " ") * PAGE_MM;
        assert!(
            millimetres >= 35.0,
            "{millimetres} mm with {modules} modules"
        );
        let (left, right) = (crate::card::SPLIT, crate::layout::RIGHT);
        assert!(
            x - left >= 4.0 * module && right - x - side >= 4.0 * module,
            "{modules}"
        );
    }
}

#[test]
fn an_entry_token_that_no_qr_code_holds_leaves_a_ticket_with_its_code() {
    let sheet = TicketSheet {
        entry_token: "a".repeat(10_000),
        ..sheet()
    };
    let svg = svg(&sheet);
    assert!(svg.contains(">0427<") && !svg.contains("id=\"qr\""));
    assert!(pdf(&sheet).is_ok());
}

#[test]
fn the_svg_shows_what_a_ticket_must_show() {
    let texts = texts(&svg(&sheet()));
    let sheet = sheet();
    for text in [
        &sheet.venue,
        &sheet.starts_at_text,
        &sheet.code,
        &sheet.buyer_name,
    ] {
        assert!(texts.contains(text), "{text}");
    }
    let all = texts.join(" ");
    for text in [&sheet.event_name, &sheet.total_text, &sheet.reservation_id] {
        assert!(all.contains(text), "{text}");
    }
    for text in ["1층 A구역", "VIP석", "₩132,000"] {
        assert_eq!(texts.iter().filter(|t| *t == text).count(), 2, "{text}");
    }
}

#[test]
fn a_ticket_that_is_not_good_says_so() {
    let of = |state| svg(&TicketSheet { state, ..sheet() });
    assert!(of(TicketState::Cancelled).contains("취소됨  CANCELLED"));
    assert!(of(TicketState::CheckedIn).contains("입장 완료  CHECKED IN"));
    assert!(!of(TicketState::Confirmed).contains("CANCELLED"));
}

#[test]
fn names_cannot_break_out_of_the_svg() {
    let nasty = "</text><script>alert('1')</script> & \" \u{0}\u{1b}\u{b}\u{ffff} ]]> <!--";
    let mut sheet = TicketSheet {
        event_name: nasty.into(),
        venue: nasty.into(),
        starts_at_text: nasty.into(),
        code: "<b>".into(),
        total_text: nasty.into(),
        buyer_name: nasty.into(),
        reservation_id: nasty.into(),
        ..sheet()
    };
    sheet.seats[0].section = nasty.into();
    sheet.seats[0].number = "&".into();
    let svg = svg(&sheet);
    assert_well_formed(&svg);
    assert!(!svg.contains("<script") && !svg.contains("<b>") && !svg.contains("<!--"));
    assert!(texts(&svg).contains(&"<b>".to_owned()));
    assert!(pdf(&sheet).is_ok());
}

#[test]
fn fifty_seats_stay_on_the_page_and_further_ones_are_counted() {
    let of = |count| TicketSheet {
        event_name: "아주 긴 이름의 공연 ".repeat(20),
        venue: "아주 긴 이름의 공연장 ".repeat(20),
        buyer_name: "김하늘 ".repeat(20),
        seats: seats(count),
        ..sheet()
    };
    for count in [0, 1, 14, 15, 49, 50, 51, 5000] {
        let svg = svg(&of(count));
        assert_well_formed(&svg);
        let listed = texts(&svg).iter().filter(|text| *text == "VIP석").count();
        assert_eq!(listed, count.min(50));
        let height = number_in(&svg, "viewBox=\"0 0 595.28 ", "\"");
        assert!(height <= crate::layout::A4_HEIGHT);
        let lowest = attributes(&svg, "<text", " y=\"")
            .into_iter()
            .fold(0.0, f32::max);
        assert!(
            lowest <= height - 30.0,
            "{count} seats: {lowest} of {height}"
        );
        assert!(texts(&svg).contains(&count.to_string()));
    }
    assert!(svg(&of(51)).contains("외 1석"));
}

#[test]
fn the_rows_of_fifty_seats_do_not_touch() {
    let svg = svg(&TicketSheet {
        event_name: "아주 긴 이름의 공연 ".repeat(20),
        venue: "아주 긴 이름의 공연장 ".repeat(20),
        seats: seats(50),
        ..sheet()
    });
    let rows: BTreeSet<u32> = svg
        .lines()
        .filter(|line| line.contains(">VIP석<"))
        .map(|line| {
            let hundredths = number_in(line, " y=\"", "\"") * 100.0;
            format!("{hundredths:.0}").parse().unwrap()
        })
        .collect();
    assert_eq!(rows.len(), 25);
    let gap = rows
        .iter()
        .zip(rows.iter().skip(1))
        .map(|(a, b)| b - a)
        .min();
    assert!(
        gap >= Some(1050),
        "{gap:?} hundredths of a point for text of 9 points"
    );
}

#[test]
fn the_pdf_is_small_and_the_same_each_time() {
    let first = pdf(&sheet()).unwrap();
    assert!(first.starts_with(b"%PDF-") && first.trim_ascii_end().ends_with(b"%%EOF"));
    assert!(first.len() < 60_000, "{} bytes", first.len());
    assert!(first == pdf(&sheet()).unwrap());
}

#[test]
fn the_text_of_the_pdf_can_be_selected_and_searched() {
    let sheet = TicketSheet {
        seats: seats(50),
        ..sheet()
    };
    let text = pdf_text(&pdf(&sheet).unwrap());
    for expected in [
        &sheet.code,
        &sheet.buyer_name,
        &sheet.venue,
        &sheet.total_text,
    ] {
        assert!(text.contains(expected.as_str()), "{expected}");
    }
    assert_eq!(text.matches("1층 A구역").count(), 50);
}

#[test]
fn names_that_the_font_lacks_still_print() {
    let sheet = TicketSheet {
        buyer_name: "王小明 👩‍👩‍👧 שלום مرحبا".into(),
        event_name: String::new(),
        ..sheet()
    };
    assert!(pdf_text(&pdf(&sheet).unwrap()).contains(&sheet.venue));
    assert!(texts(&svg(&sheet)).join(" ").contains("王小明 👩‍👩‍👧"));
}

/// Left and upper edge of the QR code, and the side of one module.
fn qr_place(svg: &str) -> (f32, f32, f32) {
    let qr = &svg[svg.find("<path id=\"qr\"").unwrap()..];
    (
        number_in(qr, "translate(", " "),
        number_in(&qr[qr.find("translate(").unwrap()..], " ", ")"),
        number_in(qr, "scale(", ")"),
    )
}

/// The modules that the path of the QR code paints dark.
fn qr_modules(svg: &str) -> Vec<Vec<bool>> {
    let qr = &svg[svg.find("<path id=\"qr\"").unwrap()..];
    let start = qr.find(" d=\"").unwrap() + 4;
    let path = &qr[start..start + qr[start..].find('"').unwrap()];
    let runs: Vec<[usize; 3]> = path
        .split_terminator('z')
        .map(|run| {
            let (x, rest) = run.strip_prefix('M').unwrap().split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (length, back) = rest.split_once("v1h-").unwrap();
            assert_eq!(length, back);
            [x, y, length].map(|number| number.parse().unwrap())
        })
        .collect();
    let side = runs.iter().map(|[x, _, length]| x + length).max().unwrap();
    let mut modules = vec![vec![false; side]; side];
    for [x, y, length] in runs {
        modules[y][x..x + length].fill(true);
    }
    modules
}

fn decoded(modules: &[Vec<bool>]) -> String {
    const SCALE: usize = 4;
    const QUIET: usize = 4;
    let side = (modules.len() + 2 * QUIET) * SCALE;
    let module = |at: usize| (at / SCALE).checked_sub(QUIET);
    let is_dark = |x, y| Some(*modules.get(module(y)?)?.get(module(x)?)?);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
        if is_dark(x, y) == Some(true) { 0 } else { 255 }
    });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

fn number_in(text: &str, before: &str, after: &str) -> f32 {
    let start = text.find(before).unwrap() + before.len();
    let length = text[start..].find(after).unwrap();
    text[start..start + length].parse().unwrap()
}

/// The values of an attribute of all elements that begin like that.
fn attributes(svg: &str, element: &str, attribute: &str) -> Vec<f32> {
    let elements = svg.lines().filter(|line| line.starts_with(element));
    elements
        .map(|line| number_in(line, attribute, "\""))
        .collect()
}

/// The contents of the text elements, unescaped.
fn texts(svg: &str) -> Vec<String> {
    let elements = svg.split("<text").skip(1);
    let contents = elements.map(|element| element.split_once('>').unwrap().1);
    contents
        .map(|content| {
            let text = content.split_once("</text>").unwrap().0;
            let text = text
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#39;", "'");
            text.replace("&quot;", "\"").replace("&amp;", "&")
        })
        .collect()
}

/// Well-formed as far as this writer goes: elements nest, attributes are quoted, marks are escaped and all
/// characters allowed.
fn assert_well_formed(svg: &str) {
    let allowed = |c: char| matches!(c, '\n' | ' '..='\u{fffd}' | '\u{10000}'..) && c != '\u{7f}';
    assert!(svg.chars().all(allowed));
    let mut open = Vec::new();
    for part in svg.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        assert!(!text.contains('>'), "{text}");
        let entities = ["lt;", "gt;", "amp;", "quot;", "#39;"];
        let escapes = |text: &str| {
            text.split('&')
                .skip(1)
                .all(|after| entities.iter().any(|entity| after.starts_with(entity)))
        };
        assert!(escapes(tag) && escapes(text), "{part}");
        assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap());
        }
    }
    assert_eq!(open, [""; 0]);
}

/// The text that a viewer would copy: shown glyphs, read through the fonts' `ToUnicode` maps.
fn pdf_text(pdf: &[u8]) -> String {
    let streams = inflated_streams(pdf);
    let maps: Vec<_> = streams
        .iter()
        .filter_map(|stream| unicode_map(stream))
        .collect();
    assert_eq!(maps.len(), 2, "one map for each weight");
    let page = streams.iter().find(|stream| find(stream, b"BT ").is_some());
    // One character a byte.
    let page: String = page.unwrap().iter().copied().map(char::from).collect();
    let mut text = String::new();
    let mut font = 0;
    for block in page.split("BT ").skip(1) {
        // The glyphs of both weights are numbered from 1: take the map of the font in use.
        let (settings, shown) = block.split_once(" Tm").unwrap();
        if let Some(at) = settings.find("/f") {
            font = settings[at + 2..at + 3].parse().unwrap();
        }
        let glyphs = shown_glyphs(shown);
        text.extend(
            glyphs
                .iter()
                .filter_map(|glyph| maps[font].get(glyph))
                .cloned(),
        );
        text.push('\n');
    }
    text
}

fn inflated_streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let mut streams = Vec::new();
    let mut rest = pdf;
    while let Some(start) = find(rest, b"stream\n") {
        rest = &rest[start + 7..];
        let mut stream = Vec::new();
        if flate2::read::ZlibDecoder::new(rest)
            .read_to_end(&mut stream)
            .is_ok()
        {
            streams.push(stream);
        }
    }
    streams
}

fn unicode_map(stream: &[u8]) -> Option<std::collections::HashMap<u16, String>> {
    find(stream, b"beginbfchar")?;
    let text = String::from_utf8_lossy(stream).into_owned();
    let pairs = text
        .lines()
        .filter_map(|line| line.strip_prefix('<')?.split_once("> <"));
    let map = pairs.filter_map(|(glyph, unicode)| {
        let hex = unicode.strip_suffix('>')?;
        let unit = |at: usize| u16::from_str_radix(&hex[at..at + 4], 16).unwrap();
        let units: Vec<u16> = (0..hex.len()).step_by(4).map(unit).collect();
        Some((
            u16::from_str_radix(glyph, 16).ok()?,
            String::from_utf16(&units).ok()?,
        ))
    });
    Some(map.collect())
}

/// The glyphs of `(…)` strings up to the operator that shows them, two bytes each, with the escapes of PDF undone.
fn shown_glyphs(block: &str) -> Vec<u16> {
    let mut bytes = Vec::new();
    let mut rest = block.chars().map(|byte| u8::try_from(byte).unwrap());
    let mut inside = false;
    while let Some(byte) = rest.next() {
        match (inside, byte) {
            (false, b'T') => break,
            (false, b'(') => inside = true,
            (true, b')') => inside = false,
            (true, b'\\') => {
                let escaped = rest.next().unwrap();
                bytes.push(match escaped {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    b'0'..=b'7' => {
                        let mut value = u32::from(escaped - b'0');
                        for _ in 0..2 {
                            value = value * 8 + u32::from(rest.next().unwrap() - b'0');
                        }
                        u8::try_from(value).unwrap()
                    }
                    other => other,
                });
            }
            (true, other) => bytes.push(other),
            (false, _) => {}
        }
    }
    bytes
        .chunks_exact(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .collect()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}
