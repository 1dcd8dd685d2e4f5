//! Text as it can be printed.

/// Longer texts are cut here already, so that the work per ticket has a bound; nothing this long would fit.
const MAX_CHARS: usize = 400;

/// The text on one line, without what must not or cannot be printed: characters that XML forbids, controls,
/// and marks that would turn the direction of what stands next to them. Hangul that comes in separate
/// letters, as some systems write it, is put together into syllables, since fonts have only those.
pub(crate) fn clean(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(MAX_CHARS * 4));
    let printable = text
        .chars()
        .filter(|c| is_printable(*c) || c.is_whitespace());
    for character in printable.take(MAX_CHARS) {
        if character.is_whitespace() {
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
        } else if let Some(syllable) = line.chars().next_back().and_then(|l| joined(l, character)) {
            line.pop();
            line.push(syllable);
        } else {
            line.push(character);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

fn is_printable(character: char) -> bool {
    let turns_direction = matches!(
        character,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}'
    );
    let is_no_character = u32::from(character) & 0xfffe == 0xfffe;
    let is_byte_order_mark = character == '\u{feff}';
    !(character.is_control() || turns_direction || is_no_character || is_byte_order_mark)
}

/// The Hangul syllable of a leading consonant and a vowel, or of a syllable without a final consonant and
/// one (Unicode standard, 3.12).
fn joined(left: char, right: char) -> Option<char> {
    const SYLLABLES: u32 = 0xac00;
    const FINALS: u32 = 28;
    const VOWELS: u32 = 21;
    let (left, right) = (u32::from(left), u32::from(right));
    match (left, right) {
        (0x1100..=0x1112, 0x1161..=0x1175) => {
            char::from_u32(SYLLABLES + ((left - 0x1100) * VOWELS + (right - 0x1161)) * FINALS)
        }
        (SYLLABLES..=0xd7a3, 0x11a8..=0x11c2) if (left - SYLLABLES).is_multiple_of(FINALS) => {
            char::from_u32(left + (right - 0x11a7))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in ["", "김하늘", "O'Neil & Søn <3", "王小明 👩‍👩‍👧", "₩132,000"]
        {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn white_space_becomes_single_spaces_within_the_line() {
        assert_eq!(clean(" \t Spring\r\n\u{3000}Gala \n"), "Spring Gala");
    }

    #[test]
    fn what_xml_forbids_is_left_out() {
        assert_eq!(
            clean("a\0b\u{1}c\u{1b}[2Jd\u{fffe}e\u{ffff}f\u{85}g"),
            "abc[2Jdef g"
        );
    }

    #[test]
    fn nothing_turns_the_direction_of_its_neighbours() {
        assert_eq!(clean("VIP\u{202e}004\u{2069}"), "VIP004");
    }

    #[test]
    fn hangul_in_separate_letters_is_put_together() {
        let apart =
            "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af} \u{110c}\u{1161}\u{1105}\u{1175}";
        assert_eq!(clean(apart), "한글 자리");
        // A letter that begins no syllable stays, and a syllable that is full takes no other final.
        assert_eq!(clean("\u{1161}각\u{11a8}"), "\u{1161}각\u{11a8}");
    }

    #[test]
    fn the_longest_text_is_bounded() {
        assert_eq!(clean(&"가".repeat(100_000)).chars().count(), MAX_CHARS);
    }
}
