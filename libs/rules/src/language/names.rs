//! The name that was probably meant.

/// The candidate that differs from a name in the fewest letters, if those are few.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let within = (name.chars().count() / 3).clamp(1, 3);
    candidates
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= within)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, leave out or change.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        let mut next = vec![left];
        for (candidate, above) in other.iter().zip(row.iter().skip(1)) {
            let cost = usize::from(!candidate.eq_ignore_ascii_case(&letter));
            left = (diagonal + cost).min(left + 1).min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_found() {
        let names = ["level", "rain", "flow_rate", "attr"];
        for (name, found) in [
            ("levl", Some("level")),
            ("Level", Some("level")),
            ("flowrate", Some("flow_rate")),
            ("raim", Some("rain")),
            ("pressure", None),
            ("x", None),
        ] {
            assert_eq!(nearest(name, names.into_iter()), found, "{name}");
        }
    }
}
