//! Numbers that stay the decimals that were written.

use num_bigint::BigInt;
use num_rational::BigRational;
use toml::de::DeValue;

use crate::parse::declaration::{Declared, Node, Reader};
use crate::source::Located;

/// A number that is not negative, whole or not: the decimal that its author wrote, never the binary fraction nearest to it. Sums over
/// amounts are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    /// All digits that count, without zeros at the end.
    digits: u128,
    /// The power of ten that they are multiplied by.
    power: i16,
}

impl Amount {
    /// A decimal without sign, such as `12`, `0.5` or `1e3`, of at most 38 digits.
    pub fn from_decimal(text: &str) -> Option<Self> {
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let written = format!("{whole}{part}");
        if written.is_empty() || !written.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = written.trim_end_matches('0');
        let zeros = i32::try_from(written.len() - digits.len()).ok()?;
        let power = power.parse::<i32>().ok()?.checked_sub(i32::try_from(part.len()).ok()?)?.checked_add(zeros)?;
        if digits.is_empty() {
            return Some(Self { digits: 0, power: 0 });
        }
        let power = i16::try_from(power).ok().filter(|power| (-400..=400).contains(power))?;
        Some(Self { digits: digits.parse().ok()?, power }).filter(|amount| amount.number().is_finite())
    }

    /// The exact value.
    pub fn exact(self) -> BigRational {
        let power = BigInt::from(10).pow(u32::from(self.power.unsigned_abs()));
        let digits = BigInt::from(self.digits);
        if self.power < 0 { BigRational::new(digits, power) } else { BigRational::from(digits * power) }
    }

    /// The nearest binary number, for other tools and for what is shown.
    pub fn number(self) -> f64 {
        format!("{}e{}", self.digits, self.power).parse().unwrap_or_default()
    }
}

impl Declared for Located<Amount> {
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let (written, amount) = match node.get_ref() {
            DeValue::Integer(number) => {
                let digits = u128::from_str_radix(number.as_str().trim_start_matches(['+', '-']), number.radix()).ok();
                (number.as_str(), digits.and_then(|digits| Amount::from_decimal(&digits.to_string())))
            }
            DeValue::Float(number) => (number.as_str(), Amount::from_decimal(number.as_str().trim_start_matches(['+', '-']))),
            _ => {
                reader.wrong_type(node, "a number");
                return None;
            }
        };
        let key = reader.key_name();
        let Some(amount) = amount else {
            let (start, rest) = written.split_at_checked(40).unwrap_or((written, ""));
            let more = if rest.is_empty() { "" } else { "…" };
            reader.fault("invalid-value", node.span(), format!("`{key}` wants a number of at most 38 digits, got `{start}{more}`"));
            return None;
        };
        if written.starts_with('-') && amount.digits > 0 {
            reader.fault("invalid-value", node.span(), format!("`{key}` cannot be negative")).help = Some("write 0 or more".to_owned());
            return None;
        }
        Some(Located::new(amount, reader.span(node.span())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_the_decimal_that_was_written() {
        let exact = |text: &str| Amount::from_decimal(text).map(Amount::exact);
        let ratio = |above: i64, below: i64| Some(BigRational::new(above.into(), below.into()));
        assert_eq!(exact("0.1"), ratio(1, 10));
        assert_eq!(exact("1_0".replace('_', "").as_str()), ratio(10, 1));
        assert_eq!(exact("2.50"), ratio(5, 2));
        assert_eq!(exact("1.5e3"), ratio(1_500, 1));
        assert_eq!(exact(".5"), ratio(1, 2));
        assert_eq!(exact("0.000e9"), ratio(0, 1));
        assert_eq!(Amount::from_decimal("1.20"), Amount::from_decimal("12e-1"));
        assert_eq!(Amount::from_decimal("900000000").map(Amount::number), Some(900_000_000.0));
        assert_eq!(exact(&u128::MAX.to_string()).map(|exact| exact.to_string()), Some(u128::MAX.to_string()));
        let long = "1".repeat(40);
        for wrong in ["", ".", "-1", "+1", "inf", "nan", "1e400", "1e-999999999", "1e", "0x1", long.as_str()] {
            assert_eq!(Amount::from_decimal(wrong), None, "{wrong}");
        }
    }
}
