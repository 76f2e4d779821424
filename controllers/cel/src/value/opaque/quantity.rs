//! Kubernetes quantities: exact to the nano, as apimachinery's `resource.Quantity`.

use std::cmp::Ordering;
use std::fmt;

const NANO: i128 = 1_000_000_000;

/// How a quantity was written, which is how it is written again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notation {
    Decimal,
    Binary,
    Exponent,
}

/// An amount in units of 10⁻⁹.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    nanos: i128,
    notation: Notation,
}

impl Quantity {
    /// Reads a quantity: a signed decimal number with a suffix (`m`, `Ki`, `e3`, …). A finer fraction than nano is
    /// rounded away from zero, as Kubernetes does.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
        let (number, suffix) = unsigned.split_at_checked(end)?;
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && part.is_empty()) || part.contains('.') {
            return None;
        }
        let (multiplier, exponent, notation) = read_suffix(suffix)?;
        let part = part.trim_end_matches('0');
        let mut digits: i128 = format!("0{whole}{part}").parse().ok()?;
        digits = digits.checked_mul(multiplier)?;
        let exponent = exponent - i32::try_from(part.len()).ok()? + 9;
        let nanos = shift(digits, exponent)?;
        Some(Self { nanos: if text.starts_with('-') { -nanos } else { nanos }, notation })
    }

    /// A whole number.
    #[must_use]
    pub fn from_int(value: i64) -> Self {
        Self { nanos: i128::from(value) * NANO, notation: Notation::Decimal }
    }

    /// The sum, in the notation of the first unless that is zero.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let notation = if self.nanos == 0 { other.notation } else { self.notation };
        self.nanos.checked_add(other.nanos).map(|nanos| Self { nanos, notation })
    }

    /// The same amount with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { nanos: -self.nanos, ..self }
    }

    /// -1, 0 or 1.
    #[must_use]
    pub fn sign(self) -> i64 {
        i64::try_from(self.nanos.signum()).unwrap_or_default()
    }

    /// The amount when it is a whole number in range.
    #[must_use]
    pub fn whole(self) -> Option<i64> {
        (self.nanos % NANO == 0).then(|| i64::try_from(self.nanos / NANO).ok()).flatten()
    }

    /// The amount as a floating-point number, as near as that comes.
    #[must_use]
    pub fn approximate(self) -> f64 {
        let text = format!("{}.{:09}", self.nanos.unsigned_abs() / NANO.unsigned_abs(), (self.nanos % NANO).abs());
        let value: f64 = text.parse().unwrap_or_default();
        if self.nanos < 0 { -value } else { value }
    }

    /// The order of two amounts.
    #[must_use]
    pub fn compare(self, other: Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

fn read_suffix(suffix: &str) -> Option<(i128, i32, Notation)> {
    let binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].iter().position(|known| *known == suffix);
    if let Some(power) = binary {
        return Some((1_i128 << (10 * (power + 1)), 0, Notation::Binary));
    }
    let decimal = match suffix {
        "n" => Some(-9),
        "u" => Some(-6),
        "m" => Some(-3),
        "" => Some(0),
        "k" => Some(3),
        "M" => Some(6),
        "G" => Some(9),
        "T" => Some(12),
        "P" => Some(15),
        "E" => Some(18),
        _ => None,
    };
    if let Some(power) = decimal {
        return Some((1, power, Notation::Decimal));
    }
    let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    (-27..=27).contains(&exponent).then_some((1, exponent, Notation::Exponent))
}

/// `digits × 10^exponent`, rounded up where digits are cut off.
fn shift(digits: i128, exponent: i32) -> Option<i128> {
    let power = exponent.unsigned_abs();
    if exponent >= 0 {
        return if digits == 0 { Some(0) } else { digits.checked_mul(10_i128.checked_pow(power)?) };
    }
    let Some(divisor) = 10_i128.checked_pow(power) else { return Some(i128::from(digits != 0)) };
    Some(digits / divisor + i128::from(digits % divisor != 0))
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.nanos < 0 { "-" } else { "" };
        let amount = self.nanos.unsigned_abs();
        let one = NANO.unsigned_abs();
        if amount == 0 {
            return f.write_str("0");
        }
        let fine = self.notation == Notation::Binary && (!amount.is_multiple_of(one) || amount < 1024 * one);
        if self.notation == Notation::Binary && !fine {
            let mut whole = amount / one;
            let mut suffix = "";
            for next in ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] {
                if !whole.is_multiple_of(1024) {
                    break;
                }
                (whole, suffix) = (whole / 1024, next);
            }
            return write!(f, "{sign}{whole}{suffix}");
        }
        let mut amount = amount;
        let mut power = -9_i32;
        while amount.is_multiple_of(1000) && power < 18 {
            (amount, power) = (amount / 1000, power + 3);
        }
        let suffix = match (self.notation, power) {
            (_, 0) => String::new(),
            (Notation::Exponent, power) => format!("e{power}"),
            (_, power) => {
                let index = usize::try_from((power + 9) / 3).unwrap_or_default();
                ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"].get(index).copied().unwrap_or_default().to_owned()
            }
        };
        write!(f, "{sign}{amount}{suffix}")
    }
}
