//! How what was typed fits a name.

use crate::Readings;

/// How well a name answers what was typed; smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// From the first syllable on.
    Start,
    /// From a later one.
    Within,
}

impl Readings {
    /// Does the name have a reading that begins, or goes on somewhere, with what was typed?
    pub fn fit(&self, typed: &str) -> Option<Fit> {
        let typed = letters(typed)?;
        self.said()
            .iter()
            .filter_map(|said| fit(said, &typed))
            .min()
    }
}

/// The letters and digits of what was typed; none when it is something else, such as Chinese.
fn letters(typed: &str) -> Option<String> {
    let between = |letter: char| letter.is_whitespace() || letter == '\'';
    let letters: String = typed
        .chars()
        .filter(|letter| !between(*letter))
        .map(|letter| {
            if letter == 'ü' {
                'v'
            } else {
                letter.to_ascii_lowercase()
            }
        })
        .collect();
    let good = !letters.is_empty() && letters.chars().all(|letter| letter.is_ascii_alphanumeric());
    good.then_some(letters)
}

fn fit(said: &str, typed: &str) -> Option<Fit> {
    let syllables: Vec<&str> = said.split(' ').collect();
    if runs(&syllables, typed) {
        return Some(Fit::Start);
    }
    let later = typed.len() > 1
        && (1..syllables.len()).any(|at| syllables.get(at..).is_some_and(|rest| runs(rest, typed)));
    later.then_some(Fit::Within)
}

/// Is `typed` a beginning of each syllable in turn, the last ones left out?
///
/// Goes through the places in `typed` that the syllables so far can have reached, so that the effort is
/// bounded by the product of the lengths, whatever was typed.
fn runs(syllables: &[&str], typed: &str) -> bool {
    let typed = typed.as_bytes();
    let mut reached = vec![false; typed.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for syllable in syllables {
        let mut next = vec![false; typed.len() + 1];
        for at in (0..typed.len()).filter(|at| reached.get(*at) == Some(&true)) {
            let rest = typed.get(at..).unwrap_or_default();
            let common = rest
                .iter()
                .zip(syllable.as_bytes())
                .take_while(|(typed, said)| same(**typed, **said))
                .count();
            for end in at + 1..=at + common {
                if let Some(place) = next.get_mut(end) {
                    *place = true;
                }
            }
        }
        if next.last() == Some(&true) {
            return true;
        }
        reached = next;
    }
    false
}

/// ü is typed `v`, or `u` by those who do not know that.
fn same(typed: u8, said: u8) -> bool {
    typed == said || (typed == b'u' && said == b'v')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(name: &str, typed: &str) -> Option<Fit> {
        Readings::of(name).fit(typed)
    }

    #[test]
    fn initials_whole_syllables_and_mixtures_find_a_name() {
        let name = "江阴市城市管理局";
        for typed in [
            "jyscsglj",
            "jiangyin",
            "jiangyinshicheng",
            "jyschengshi",
            "JYS",
            "jiang yin",
            "j",
        ] {
            assert_eq!(of(name, typed), Some(Fit::Start), "{typed}");
        }
        for typed in ["csglj", "chengguan", "chengshiguanli", "glj", "yinshi"] {
            let expected = (typed != "chengguan").then_some(Fit::Within);
            assert_eq!(of(name, typed), expected, "{typed}");
        }
        for typed in ["g", "jyx", "江阴", "", "jyscsgljx", "-"] {
            assert_eq!(of(name, typed), None, "{typed}");
        }
    }

    #[test]
    fn every_reading_of_a_polyphone_finds_its_name() {
        for typed in ["zqjd", "cqjd", "chongqing", "zhongqing"] {
            assert_eq!(of("重庆街道", typed), Some(Fit::Start), "{typed}");
        }
        for typed in ["cjl", "zjl", "changj", "zhangj"] {
            assert_eq!(of("长江路", typed), Some(Fit::Start), "{typed}");
        }
        assert_eq!(of("工商银行", "yinhang"), Some(Fit::Within));
        assert_eq!(of("行政审批局", "xzspj"), Some(Fit::Start));
    }

    #[test]
    fn u_and_v_both_find_an_umlaut() {
        for typed in ["lv", "lu", "lü"] {
            assert_eq!(of("吕", typed), Some(Fit::Start), "{typed}");
        }
    }

    proptest! {
        /// Any beginning of each of the first syllables, put together, finds the name from its start.
        #[test]
        fn beginnings_of_the_first_syllables_always_fit(
            name in "[江阴市城管局长重行乐水务中心]{1,8}", cuts in prop::collection::vec(1_usize..7, 1..8)
        ) {
            for said in Readings::of(&name).said() {
                let typed: String = said.split(' ').zip(&cuts).map(|(syllable, cut)| {
                    &syllable[..syllable.len().min(*cut)]
                }).collect();
                prop_assert_eq!(of(&name, &typed), Some(Fit::Start));
            }
        }
    }
}
