//! "Did you mean": the known word nearest to a misspelt one.

/// Words further away than this are no guess.
const DISTANCE_MAX: usize = 2;

/// A hint that names the nearest known word, if one is near.
pub(super) fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let near = known
        .map(|candidate| (distance(word, candidate), candidate))
        .min()?;
    (near.0 <= DISTANCE_MAX && near.0 < word.chars().count())
        .then(|| format!("did you mean {}?", near.1))
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for ((cb, above_left), above) in b.iter().zip(&row).zip(row.iter().skip(1)) {
            let left = next.last().copied().unwrap_or(0);
            next.push(
                (above_left + usize::from(ca != *cb))
                    .min(above + 1)
                    .min(left + 1),
            );
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_near_words_are_guessed() {
        let known = ["office", "sanitation", "always"];
        assert_eq!(
            did_you_mean("ofice", known.into_iter()).as_deref(),
            Some("did you mean office?")
        );
        assert_eq!(did_you_mean("holiday", known.into_iter()), None);
        assert_eq!(did_you_mean("x", std::iter::empty()), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
