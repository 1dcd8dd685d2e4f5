//! Colours of categories.

/// For categories whose file names no colour: told apart with the common kinds of colour blindness, and dark
/// enough for white text (contrast 4.5 and more).
pub(super) const PALETTE: [&str; 8] = [
    "#0068a8", "#b34700", "#00745a", "#9c3a8c", "#7a6000", "#b3123f", "#4b4fb0", "#4d4d4d",
];

/// A colour as `#rrggbb`, from that or `#rgb`; `None` if it is neither.
pub(super) fn normal_color(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#')?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match digits.len() {
        6 => Some(text.to_ascii_lowercase()),
        3 => {
            let doubled = digits.chars().flat_map(|digit| [digit, digit]);
            Some(format!(
                "#{}",
                doubled.collect::<String>().to_ascii_lowercase()
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance and contrast as WCAG 2.1 defines them.
    fn contrast_with_white(color: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        1.05 / (0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5) + 0.05)
    }

    #[test]
    fn white_text_can_be_read_on_every_color_of_the_palette() {
        for color in PALETTE {
            assert_eq!(normal_color(color).as_deref(), Some(color));
            assert!(contrast_with_white(color) >= 4.5, "{color}");
        }
    }

    #[test]
    fn colors_are_six_digits_or_not_colors() {
        assert_eq!(normal_color("#AbC").as_deref(), Some("#aabbcc"));
        assert_eq!(normal_color("#A0B1C2").as_deref(), Some("#a0b1c2"));
        for other in ["", "#", "red", "#12345", "#12345g", "url(x)", "#가"] {
            assert_eq!(normal_color(other), None, "{other}");
        }
    }
}
