//! Alarms that follow from another: a gateway that is gone explains the silence of all its sensors.

use std::collections::{BTreeMap, BTreeSet};

use crate::duration::Duration;

/// Open alarms, and which of them another explains.
#[derive(Debug, Clone)]
pub struct Parents<K> {
    /// A parent raised so long after its child still explains it.
    tolerance: i64,
    open: BTreeMap<K, Open<K>>,
    children: BTreeMap<K, BTreeSet<K>>,
}

#[derive(Debug, Clone)]
struct Open<K> {
    at: i64,
    parents: Vec<K>,
    explained_by: Option<K>,
}

/// What has become of an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParentChange<K> {
    /// Another explains it: it need not be shown by itself.
    Suppressed {
        /// Which.
        child: K,
        /// What explains it.
        parent: K,
    },
    /// Nothing explains it any more, and it is still open.
    Released {
        /// Which.
        child: K,
    },
}

impl<K: Ord + Clone> Parents<K> {
    /// No alarm is open yet.
    pub fn new(tolerance: Duration) -> Self {
        Self {
            tolerance: tolerance.as_micros(),
            open: BTreeMap::new(),
            children: BTreeMap::new(),
        }
    }

    /// An alarm was raised, which any of these others would explain if they were open.
    pub fn raised(&mut self, alarm: K, parents: &[K], at: i64, out: &mut Vec<ParentChange<K>>) {
        self.ended(&alarm, out);
        for parent in parents {
            self.children
                .entry(parent.clone())
                .or_default()
                .insert(alarm.clone());
        }
        let open = Open {
            at,
            parents: parents.to_vec(),
            explained_by: None,
        };
        self.open.insert(alarm.clone(), open);
        self.explain(&alarm, out);
        for child in self.children.get(&alarm).cloned().unwrap_or_default() {
            self.explain(&child, out);
        }
    }

    /// An alarm has ended, or was retracted.
    pub fn ended(&mut self, alarm: &K, out: &mut Vec<ParentChange<K>>) {
        let Some(gone) = self.open.remove(alarm) else {
            return;
        };
        for parent in &gone.parents {
            if let Some(children) = self.children.get_mut(parent) {
                children.remove(alarm);
                if children.is_empty() {
                    self.children.remove(parent);
                }
            }
        }
        for child in self.children.get(alarm).cloned().unwrap_or_default() {
            if let Some(open) = self.open.get_mut(&child)
                && open
                    .explained_by
                    .take_if(|parent| parent == alarm)
                    .is_some()
            {
                self.explain(&child, out);
                if self.explained_by(&child).is_none() {
                    out.push(ParentChange::Released { child });
                }
            }
        }
    }

    /// What explains an open alarm.
    pub fn explained_by(&self, alarm: &K) -> Option<&K> {
        self.open.get(alarm)?.explained_by.as_ref()
    }

    /// Looks for an open alarm that explains one which none explains yet.
    fn explain(&mut self, child: &K, out: &mut Vec<ParentChange<K>>) {
        let Some(open) = self
            .open
            .get(child)
            .filter(|open| open.explained_by.is_none())
        else {
            return;
        };
        let latest = open.at.saturating_add(self.tolerance);
        let parent = open.parents.iter().find(|parent| {
            let parent = self.open.get(*parent);
            parent.is_some_and(|parent| parent.at <= latest)
        });
        let Some(parent) = parent.filter(|parent| *parent != child).cloned() else {
            return;
        };
        if let Some(open) = self.open.get_mut(child) {
            open.explained_by = Some(parent.clone());
        }
        out.push(ParentChange::Suppressed {
            child: child.clone(),
            parent,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duration::MINUTE;

    fn suppressed(child: &'static str, parent: &'static str) -> ParentChange<&'static str> {
        ParentChange::Suppressed { child, parent }
    }

    #[test]
    fn a_gateway_explains_its_sensors_whichever_is_first() {
        let mut parents = Parents::new(Duration::minutes(5));
        let mut out = Vec::new();
        parents.raised("sensor 1", &["gateway", "mast"], 0, &mut out);
        assert_eq!(out, []);
        parents.raised("gateway", &[], 3 * MINUTE, &mut out);
        parents.raised("sensor 2", &["gateway"], 60 * MINUTE, &mut out);
        assert_eq!(
            out,
            [
                suppressed("sensor 1", "gateway"),
                suppressed("sensor 2", "gateway")
            ]
        );
        out.clear();
        parents.raised("mast", &[], 5 * MINUTE, &mut out);
        parents.ended(&"gateway", &mut out);
        let released = ParentChange::Released { child: "sensor 2" };
        assert_eq!(out, [suppressed("sensor 1", "mast"), released]);
        assert_eq!(parents.explained_by(&"sensor 1"), Some(&"mast"));
    }

    #[test]
    fn a_parent_long_after_explains_nothing() {
        let mut parents = Parents::new(Duration::minutes(5));
        let mut out = Vec::new();
        parents.raised("sensor", &["gateway"], 0, &mut out);
        parents.raised("gateway", &[], 6 * MINUTE, &mut out);
        parents.ended(&"sensor", &mut out);
        parents.ended(&"gateway", &mut out);
        assert_eq!(out, []);
        assert!(parents.open.is_empty() && parents.children.is_empty());
    }
}
