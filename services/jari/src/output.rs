//! What is said on standard output. A reader who has left is no error.

use std::io::Write;

use serde::Serialize;

/// Says a line.
pub fn say(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Says what is a file's content.
pub fn say_bytes(content: &[u8]) {
    let _ = std::io::stdout().lock().write_all(content);
}

/// Says a value as JSON, for scripts.
pub fn say_json(value: &impl Serialize) {
    say(serde_json::to_string_pretty(value).unwrap_or_default());
}

/// A number as people read it: `39,616`.
pub fn grouped(number: impl std::fmt::Display) -> String {
    let digits = number.to_string();
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits.as_str()),
    };
    let mut text = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 seat`, `2 seats`.
pub fn counted(number: usize, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", grouped(number))
}

/// Columns under a head, each as wide as its widest cell; the last one is not padded.
pub fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].chars().count()]).max()
    };
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    let line = |cells: [&str; N]| {
        let padded = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(head)];
    lines.extend(
        rows.iter()
            .map(|row| line(row.each_ref().map(String::as_str))),
    );
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let texts = [0, 999, 1_206, 39_616, -1_234_567].map(grouped);
        assert_eq!(texts, ["0", "999", "1,206", "39,616", "-1,234,567"]);
        assert_eq!(counted(1, "seat"), "1 seat");
        assert_eq!(counted(0, "seat"), "0 seats");
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            ["a".to_owned(), "1".to_owned()],
            ["long".to_owned(), "2".to_owned()],
        ];
        assert_eq!(table(["ID", "N"], &rows), "ID    N\na     1\nlong  2");
    }
}
