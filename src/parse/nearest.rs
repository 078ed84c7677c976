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

fn score(name: &str, candidate: &str) -> f64 {
    let distance = strsim::normalized_damerau_levenshtein(name, candidate);
    distance.max(strsim::jaro_winkler(name, candidate) - 0.1)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn offers_the_nearest_name_and_nothing_far() {
        assert_eq!(nearest("titel", ["title", "kind", "tags"]), Some("title"));
        assert_eq!(nearest("payments-bd", ["payments-db", "payments-web"]), Some("payments-db"));
        assert_eq!(nearest("verified", ["verify", "within", "drilled"]), Some("verify"));
        assert_eq!(nearest("xyz", ["title", "kind"]), None);
    }
}
