//! Numbers, sums and lengths of time as messages write them.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// The most digits after the point that are written out; what has more is rounded and said to be.
const EXACT: u32 = 6;

/// A number: exactly as it is, `12` or `0.125`, or rounded, `about 55.23`.
pub fn number(value: &BigRational) -> String {
    number_beside(value, &BigRational::zero())
}

/// A number that is compared with another: rounded no further than the two can be told apart.
pub fn number_beside(value: &BigRational, other: &BigRational) -> String {
    let exact = (0..=EXACT).find(|places| (value * power(*places)).is_integer());
    let enough = || (2..40).find(|places| value == other || rounded(value, *places) != rounded(other, *places)).unwrap_or(40);
    exact.map_or_else(|| format!("about {}", rounded(value, enough())), |places| rounded(value, places))
}

/// A number with so many digits after the point, and a space between thousands from ten thousand on.
fn rounded(value: &BigRational, places: u32) -> String {
    let scaled = (value * power(places)).round().to_integer();
    let digits = format!("{:0>width$}", scaled.abs().to_string(), width = places as usize + 1);
    let (whole, part) = digits.split_at(digits.len() - places as usize);
    let point = if part.is_empty() { "" } else { "." };
    let sign = if scaled.is_negative() { "-" } else { "" };
    format!("{sign}{}{point}{part}", grouped(whole))
}

fn grouped(digits: &str) -> String {
    if digits.len() < 5 {
        return digits.to_owned();
    }
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(" ")
}

fn power(places: u32) -> BigRational {
    BigRational::from(BigInt::from(10).pow(places))
}

/// A sum of numbers.
pub fn sum<'n>(numbers: impl Iterator<Item = &'n BigRational>) -> BigRational {
    numbers.fold(BigRational::zero(), |sum, number| sum + number)
}

/// Hundredths of a whole, rounded down: `83`. Nothing of nothing is no part at all.
pub fn percent(part: &BigRational, whole: &BigRational) -> Option<String> {
    let hundredths = || (part * BigRational::from(BigInt::from(100)) / whole).floor();
    (!whole.is_zero()).then(|| number(&hundredths()))
}

/// A number for a table, beside the exact sum: whole from ten on, else with two digits after the point at most.
pub fn short(value: &BigRational) -> String {
    let ten = BigRational::from(BigInt::from(10));
    rounded(value, if *value >= ten || value.is_integer() { 0 } else { 2 })
}

/// How many times something fits: rounded down, so that it never promises more than there is: `0.83`, `1.57`, `4.2`, `40`.
pub fn times(factor: &BigRational) -> String {
    let places = [2, 10].iter().filter(|bound| *factor < BigRational::from(BigInt::from(**bound))).count() as u32;
    let down = (factor * power(places)).floor() / power(places);
    if down.is_zero() && factor.is_positive() { "less than 0.01".to_owned() } else { number(&down) }
}

/// A length of time in its largest units: `2 d 16 h 35 m`, `30 s`.
pub fn length(seconds: i128) -> String {
    let units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];
    let mut rest = seconds.max(0);
    let mut words = Vec::new();
    for (unit, size) in units {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            words.push(format!("{} {unit}", grouped(&count.to_string())));
        }
    }
    if words.is_empty() { "0 s".to_owned() } else { words.join(" ") }
}

/// A count of things: `1 holder`, `2 holders`.
pub fn counted(count: &BigRational, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count.is_one() { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(above: i64, below: i64) -> BigRational {
        BigRational::new(above.into(), below.into())
    }

    #[test]
    fn numbers_are_exact_where_they_can_be() {
        let written: Vec<String> =
            [(255, 1), (1, 8), (25, 10), (0, 1), (1, 3), (55_230, 1_000), (900_000_000, 1), (12_345, 10), (1, 100_000_000)]
                .map(|(above, below)| number(&ratio(above, below)))
                .into();
        assert_eq!(written, ["255", "0.125", "2.5", "0", "about 0.33", "55.23", "900 000 000", "1234.5", "about 0.00000001"]);
    }

    #[test]
    fn two_numbers_that_differ_look_different() {
        assert_eq!(number_beside(&ratio(721, 3), &ratio(240, 1)), "about 240.33");
        assert_eq!(number_beside(&ratio(2_400_001, 10_000), &ratio(240, 1)), "240.0001");
        assert_eq!(number_beside(&ratio(30_001, 3), &ratio(30_000, 3)), "about 10 000.33");
        assert_eq!(number_beside(&ratio(1, 3), &ratio(1, 3)), "about 0.33");
        assert_eq!(number_beside(&ratio(720_000_001, 3_000_000), &ratio(240, 1)), "about 240.0000003");
    }

    #[test]
    fn lengths_of_time_use_their_largest_units() {
        assert_eq!(length(775 * 300), "2 d 16 h 35 m");
        assert_eq!(length(3_600), "1 h");
        assert_eq!(length(0), "0 s");
        assert_eq!(length(86_400 * 12_345 + 1), "12 345 d 1 s");
    }

    #[test]
    fn what_fits_is_rounded_down() {
        let written: Vec<String> =
            [(600, 382), (83, 100), (1999, 1000), (2, 1), (429, 100), (409, 10), (1, 300), (0, 1), (16, 10), (123_456, 1)]
                .map(|(above, below)| times(&ratio(above, below)))
                .into();
        assert_eq!(written, ["1.57", "0.83", "1.99", "2", "4.2", "40", "less than 0.01", "0", "1.6", "123 456"]);
    }

    #[test]
    fn numbers_of_tables_are_short() {
        let written: Vec<String> = [(255, 1), (3_460, 3), (1, 3), (99, 10), (3, 1), (0, 1), (11_531_343, 1)]
            .map(|(above, below)| short(&ratio(above, below)))
            .into();
        assert_eq!(written, ["255", "1153", "0.33", "9.90", "3", "0", "11 531 343"]);
    }

    #[test]
    fn parts_are_rounded_down() {
        assert_eq!(percent(&ratio(839, 10), &ratio(100, 1)).as_deref(), Some("83"));
        assert_eq!(percent(&ratio(1, 1), &ratio(0, 1)), None);
    }
}
