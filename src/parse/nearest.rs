//! The nearest known name to one that is not known.

/// Above so many names only those are compared that begin alike and are about as long.
const MANY: usize = 500;

/// The known name that is closest to `name`, if any is close enough to be meant.
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let lower = name.to_lowercase();
    let alike = |candidate: &&str| candidate.len() <= 2 * name.len() + 4 && name.len() <= 2 * candidate.len() + 4;
    let mut known: Vec<&str> = known.into_iter().filter(alike).collect();
    if known.len() > MANY {
        known.retain(|candidate| candidate.bytes().next() == name.bytes().next() && candidate.len().abs_diff(name.len()) < 3);
    }
    known
        .into_iter()
        .map(|candidate| (score(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(score, _)| *score >= 0.72)
        .fold(None, |best: Option<(f64, &str)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })
        .map(|(_, candidate)| candidate)
}

/// What a name that is not known was meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess<'k> {
    /// The nearest known name.
    pub name: &'k str,
    /// Whether that is certain enough to write it there: see [`is_slip`].
    pub is_certain: bool,
}

/// The nearest known name, and whether it can hardly be another.
pub fn guess<'k>(name: &str, known: &[&'k str]) -> Option<Guess<'k>> {
    let near = nearest(name, known.iter().copied())?;
    Some(Guess { name: near, is_certain: is_slip(name, near, known.iter().copied()) })
}

/// Whether a name that is not known can hardly be anything but a slip of the pen for its nearest known one: a letter or two differ, in no
/// number and in no short part of the name (`region-a` is not `region-b`, but `bd` may be `db`), and no other known name is as close.
pub fn is_slip<'k>(name: &str, near: &str, known: impl IntoIterator<Item = &'k str>) -> bool {
    let plain = |name: &str| name.to_lowercase().replace('_', "-");
    let (name, near) = (plain(name), plain(near));
    let distance = strsim::damerau_levenshtein(&name, &near);
    if distance == 0 {
        return true;
    }
    let letters = near.chars().count();
    let few = distance <= 1 + usize::from(letters > 8);
    let number = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    let parts = |name: &str| name.split(['-', '#', '/', '.']).map(str::to_owned).collect::<Vec<_>>();
    let (ours, theirs) = (parts(&name), parts(&near));
    let letters_of = |part: &str| part.chars().collect::<std::collections::BTreeSet<char>>();
    let short =
        |(one, other): (&String, &String)| one.chars().count().min(other.chars().count()) < SHORT && letters_of(one) != letters_of(other);
    let other_part = ours.len() == theirs.len() && ours.iter().zip(&theirs).any(short);
    few && letters > SHORT
        && number(&name) == number(&near)
        && !other_part
        && known.into_iter().map(plain).all(|other| other == near || strsim::damerau_levenshtein(&name, &other) > distance)
}

/// Parts of a name with fewer letters say too little: another letter is another name.
const SHORT: usize = 3;

fn score(name: &str, candidate: &str) -> f64 {
    let distance = strsim::normalized_damerau_levenshtein(name, candidate);
    distance.max(strsim::jaro_winkler(name, candidate) - 0.1)
}

#[cfg(test)]
mod tests {
    use super::{is_slip, nearest};

    #[test]
    fn a_slip_is_a_letter_or_two_and_nothing_else_is_as_close() {
        assert!(is_slip("titel", "title", ["title", "kind"]));
        assert!(is_slip("Title", "title", ["title", "kind"]));
        assert!(is_slip("depends-on", "depends_on", ["depends_on"]));
        assert!(is_slip("criticalty", "criticality", ["criticality"]));
        assert!(is_slip("payments-bd", "payments-db", ["payments-db", "payments-web"]), "the same letters in another order");
        assert!(is_slip("unlikly", "unlikely", ["likely", "unlikely"]));
        assert!(!is_slip("verified", "verify", ["verify"]), "more than a slip");
        assert!(!is_slip("db-2", "db-1", ["db-1"]), "another number");
        assert!(!is_slip("region-c", "region-a", ["region-a"]), "another part");
        assert!(!is_slip("ssa", "sso", ["sso"]), "too short to be sure");
        assert!(!is_slip("grafama", "grafana", ["grafana", "grafama-x", "grafamb"]), "two are as close");
    }

    #[test]
    fn offers_the_nearest_name_and_nothing_far() {
        assert_eq!(nearest("titel", ["title", "kind", "tags"]), Some("title"));
        assert_eq!(nearest("payments-bd", ["payments-db", "payments-web"]), Some("payments-db"));
        assert_eq!(nearest("verified", ["verify", "within", "drilled"]), Some("verify"));
        assert_eq!(nearest("xyz", ["title", "kind"]), None);
    }
}
