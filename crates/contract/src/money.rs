//! Amounts as people read them.

/// Currencies without minor units (ISO 4217, exponent 0).
const WHOLE: [&str; 16] = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV",
    "XAF", "XOF", "XPF",
];
/// Currencies with thousandths (ISO 4217, exponent 3).
const THOUSANDTHS: [&str; 7] = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// An amount as people read it: `KRW 132,000`, `EUR 12.50`.
pub fn money(minor: i64, currency: &str) -> String {
    let digits = if WHOLE.contains(&currency) {
        0
    } else if THOUSANDTHS.contains(&currency) {
        3
    } else {
        2
    };
    let unit = 10i64.pow(digits);
    let (whole, part) = (minor / unit, (minor % unit).abs());
    let text = whole.abs().to_string();
    let mut grouped = String::new();
    for (at, digit) in text.chars().enumerate() {
        if at > 0 && (text.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let part = if digits == 0 {
        String::new()
    } else {
        format!(".{part:0width$}", width = digits as usize)
    };
    format!(
        "{currency} {}{grouped}{part}",
        if minor < 0 { "-" } else { "" }
    )
}

#[cfg(test)]
mod tests {
    use super::money;

    #[test]
    fn amounts_have_the_digits_of_their_currency() {
        assert_eq!(money(132_000, "KRW"), "KRW 132,000");
        assert_eq!(money(1_250, "EUR"), "EUR 12.50");
        assert_eq!(money(1_234_567, "KWD"), "KWD 1,234.567");
        assert_eq!(money(0, "USD"), "USD 0.00");
    }
}
