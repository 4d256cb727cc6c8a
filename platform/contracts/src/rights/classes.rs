//! Rows that rights cannot tell apart: a million rows are decided by looking at some hundred classes of them.

use std::collections::HashMap;

use yiwang_kernel::AreaCode;

use super::Subject;
use crate::OrgId;

/// What rights look at, the same for many rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RightsClass {
    pub org: Option<OrgId>,
    pub area: Option<AreaCode>,
    pub secrecy: u8,
}

impl RightsClass {
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            orgs: self.org.as_slice(),
            area: self.area.as_ref(),
            secrecy: self.secrecy,
        }
    }
}

/// Classes by number; a class keeps its number while the process runs.
#[derive(Debug, Default)]
pub struct RightsClasses {
    numbers: HashMap<RightsClass, u32>,
    all: Vec<RightsClass>,
}

impl RightsClasses {
    /// The number of a class.
    pub fn number(&mut self, class: RightsClass) -> u32 {
        if let Some(number) = self.numbers.get(&class) {
            return *number;
        }
        let number = self.all.len() as u32;
        self.all.push(class.clone());
        self.numbers.insert(class, number);
        number
    }

    /// For every class by its number, whether its rows are wanted. A class that comes later is not in it, and not seen.
    pub fn permitted(&self, wanted: impl Fn(&RightsClass) -> bool) -> Vec<bool> {
        self.all.iter().map(wanted).collect()
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_keeps_its_number() {
        let class = |area: &str| RightsClass {
            org: None,
            area: Some(area.into()),
            secrecy: 1,
        };
        let mut classes = RightsClasses::default();
        assert!(classes.is_empty());
        assert_eq!(classes.number(class("320281001")), 0);
        assert_eq!(classes.number(class("320281002")), 1);
        assert_eq!(classes.number(class("320281001")), 0);
        assert_eq!(classes.len(), 2);
        let second = |class: &RightsClass| class.area == Some("320281002".into());
        assert_eq!(classes.permitted(second), [false, true]);
    }
}
