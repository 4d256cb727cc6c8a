//! The responsibility list (权责清单): for every item in every place exactly one unit leads.
//!
//! The most specific rule wins: the deeper item code first, then the deeper area code. Rules that are
//! equally specific and name different leads are an overlap (权责交叉); where nothing matches there is a
//! hole (权责空白). Fallback rules (兜底) are asked only where nothing else matches. A rule whose lead
//! cannot be told at a place (`@town` where no town is known) does not count there.

mod coverage;
mod diff;
mod explain;
mod grouping;
mod orgs;
mod places;
mod resolve;
mod rules;

#[cfg(test)]
mod tests;

pub use coverage::{Cell, CellState, Coverage};
pub(crate) use diff::compare;
pub use diff::{LeadChange, RuleChange, RuleChangeKind, lead_changes, rule_changes};
pub use explain::{Names, explain};
pub use grouping::{PairGroup, Rows, group_pairs};
pub use orgs::OrgIndex;
pub use places::PlaceIndex;
pub use resolve::{Resolution, resolve};
pub use rules::{Match, RuleList};
