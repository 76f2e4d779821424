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
    /// The power of ten that Kubernetes counts the amount in, if it keeps it as an `int64`; otherwise it keeps it as a
    /// decimal of any size. Only what is counted in whole numbers is an integer to Kubernetes: `2` is, `2000m` is not.
    scale: Option<i32>,
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
        let scale = counted_in(whole, part, multiplier, exponent);
        let part = part.trim_end_matches('0');
        let mut digits: i128 = format!("0{whole}{part}").parse().ok()?;
        digits = digits.checked_mul(multiplier)?;
        let exponent = exponent - i32::try_from(part.len()).ok()? + 9;
        let mut nanos = shift(digits, exponent)?;
        if notation == Notation::Binary {
            nanos = nanos.min(i128::from(i64::MAX) * NANO);
        }
        Some(Self { nanos: if text.starts_with('-') { -nanos } else { nanos }, notation, scale })
    }

    /// A whole number.
    #[must_use]
    pub fn from_int(value: i64) -> Self {
        Self { nanos: i128::from(value) * NANO, notation: Notation::Decimal, scale: Some(0) }
    }

    /// The sum, in the notation of the first unless that is zero.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let notation = if self.nanos == 0 { other.notation } else { self.notation };
        let scale = self.common_scale(other);
        self.nanos.checked_add(other.nanos).map(|nanos| Self { nanos, notation, scale })
    }

    /// What the sum is counted in: the finer of the two, where both amounts and the sum are an `int64` of it.
    fn common_scale(self, other: Self) -> Option<i32> {
        let (a, b) = (self.scale?, other.scale?);
        if other.nanos == 0 {
            return Some(a);
        }
        if self.nanos == 0 {
            return Some(b);
        }
        let scale = a.min(b);
        let unit = 10_i128.checked_pow((scale + 9).unsigned_abs())?;
        let fits = |nanos: i128| i64::try_from(nanos / unit).is_ok();
        (fits(self.nanos) && fits(other.nanos) && fits(self.nanos.checked_add(other.nanos)?)).then_some(scale)
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

    /// The amount when Kubernetes counts it in whole numbers, and it is in range. That depends on how it is written:
    /// `2` and `2k` are whole, `2.0`, `2000m` and `1.5Ki` are not.
    #[must_use]
    pub fn whole(self) -> Option<i64> {
        self.scale.filter(|scale| *scale >= 0)?;
        i64::try_from(self.nanos / NANO).ok()
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

/// What Kubernetes counts a written amount in, if an `int64` surely has room for it (`ParseQuantity` of apimachinery):
/// at most eighteen digits, no finer than nano; with a binary suffix no fraction, and about fifteen digits in all.
fn counted_in(whole: &str, part: &str, multiplier: i128, exponent: i32) -> Option<i32> {
    let whole = whole.trim_start_matches('0').len().max(1);
    if multiplier > 1 {
        let power = usize::try_from(multiplier.ilog2()).ok()?;
        return (part.is_empty() && whole + power * 3 / 10 < 15).then_some(0);
    }
    let scale = exponent.checked_sub(i32::try_from(part.len()).ok()?)?;
    (whole + part.len() <= 18 && scale >= -9).then_some(scale)
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
