//! Names of what lies on a layer, found by what people type.

use std::collections::HashMap;

use yiwang_kernel::Position;
use yiwang_pinyin::{Fit, Readings};

/// A thing that has a name.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// Its name, and what else it is called.
    names: Vec<(Box<str>, Readings)>,
    pub code: Option<Box<str>>,
    pub position: Position,
    pub class: u32,
}

/// How well a name fits; the least is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    Same,
    Start,
    Within,
}

/// Those of one layer, by the number of each.
#[derive(Debug, Default)]
pub(crate) struct Names(HashMap<u64, Named>);

impl Named {
    /// Nothing where it has neither a name nor a code.
    pub(crate) fn new(
        names: &[&str],
        code: Option<&str>,
        position: Position,
        class: u32,
    ) -> Option<Self> {
        let is_said = |name: &&&str| !name.trim().is_empty();
        let names = names.iter().filter(is_said);
        let names: Vec<_> = names
            .map(|name| (Box::from(*name), Readings::of(name)))
            .collect();
        (!names.is_empty() || code.is_some()).then(|| Self {
            names,
            code: code.map(Box::from),
            position,
            class,
        })
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.names.first().map(|(name, _)| &**name)
    }

    fn likeness(&self, typed: &str) -> Option<Likeness> {
        let of_name = |(name, readings): &(Box<str>, Readings)| {
            let written = likeness(&name.to_lowercase(), typed);
            let said = readings.fit(typed).map(|fit| match fit {
                Fit::Start => Likeness::Start,
                Fit::Within => Likeness::Within,
            });
            written.into_iter().chain(said).min()
        };
        let by_name = self.names.iter().filter_map(of_name);
        let code = self.code.as_deref().unwrap_or_default().to_lowercase();
        let by_code = likeness(&code, typed).filter(|fit| *fit < Likeness::Within);
        by_name.chain(by_code).min()
    }
}

fn likeness(whole: &str, typed: &str) -> Option<Likeness> {
    match whole.find(typed)? {
        0 if whole.len() == typed.len() => Some(Likeness::Same),
        0 => Some(Likeness::Start),
        _ => Some(Likeness::Within),
    }
}

impl Names {
    pub(crate) fn put(&mut self, number: u64, named: Option<Named>) {
        match named {
            Some(named) => {
                self.0.insert(number, named);
            }
            None => self.remove(number),
        }
    }

    pub(crate) fn remove(&mut self, number: u64) {
        self.0.remove(&number);
    }

    /// Those that fit what was typed, in small letters, and may be seen.
    pub(crate) fn find<'a>(
        &'a self,
        typed: &'a str,
        is_seen: impl Fn(u32) -> bool + 'a,
    ) -> impl Iterator<Item = (Likeness, u64, &'a Named)> {
        self.0
            .iter()
            .filter(move |(_, named)| is_seen(named.class))
            .filter_map(move |(number, named)| Some((named.likeness(typed)?, *number, named)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_they_are_written_and_as_they_are_said() {
        let mut names = Names::default();
        let place = Position::new(120.28, 31.91).unwrap();
        let put = |names: &mut Names, number, called: &[&str], code| {
            names.put(number, Named::new(called, code, place, 0));
        };
        put(&mut names, 1, &["文定社区", "老文定"], None);
        put(&mut names, 2, &["文定路"], Some("W2"));
        put(&mut names, 3, &[""], None);
        let find = |typed: &str| {
            let mut found: Vec<_> = names
                .find(typed, |_| true)
                .map(|(fit, number, _)| (fit, number))
                .collect();
            found.sort();
            found
        };
        assert_eq!(find("文定路"), [(Likeness::Same, 2)]);
        assert_eq!(find("老文"), [(Likeness::Start, 1)]);
        assert_eq!(find("wd"), [(Likeness::Start, 1), (Likeness::Start, 2)]);
        assert_eq!(find("w2"), [(Likeness::Same, 2)]);
        assert_eq!(find("社区"), [(Likeness::Within, 1)]);
        assert_eq!(names.find("wd", |_| false).count(), 0);
    }
}
