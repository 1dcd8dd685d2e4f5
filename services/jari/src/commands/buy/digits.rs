//! A code that is read from afar.

/// The digits from 0 to 9, each five columns wide and two from the next, line by line.
const LINES: [&str; 5] = [
    "█████    █    █████  █████  █   █  █████  █████  █████  █████  █████",
    "█   █   ██        █      █  █   █  █      █          █  █   █  █   █",
    "█   █    █    █████   ████  █████  █████  █████     █   █████  █████",
    "█   █    █    █          █      █      █  █   █    █    █   █      █",
    "█████   ███   █████  █████      █  █████  █████    █    █████  █████",
];
/// Columns from one digit to the next.
const PITCH: usize = 7;
/// Columns of a digit.
const WIDTH: usize = 5;

/// The code in large, and once more as it is typed.
pub fn large(code: &str) -> String {
    let line = |line: &&str| {
        let digits = code.chars().filter_map(|c| c.to_digit(10));
        let large: Vec<String> = digits.map(|digit| part(line, digit)).collect();
        format!("  {}", large.join("  ")).trim_end().to_owned()
    };
    let lines: Vec<String> = LINES.iter().map(line).collect();
    format!("{}\n\n  Code: {code}\n", lines.join("\n"))
}

/// What a line shows of a digit.
fn part(line: &str, digit: u32) -> String {
    let before = digit as usize * PITCH;
    line.chars().skip(before).take(WIDTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_digits_look_alike_and_all_are_as_wide() {
        let digits = (0..10).map(|digit| LINES.map(|line| part(line, digit)));
        let digits: Vec<[String; 5]> = digits.collect();
        for (at, digit) in digits.iter().enumerate() {
            let mut lines = digit.iter();
            assert!(lines.all(|line| line.chars().count() == WIDTH), "{at}");
            assert!(!digits[..at].contains(digit), "{at}");
        }
    }

    #[test]
    fn the_code_can_be_typed_off() {
        let text = large("0427");
        assert_eq!(text.lines().count(), 7);
        assert!(text.ends_with("Code: 0427\n"));
    }
}
