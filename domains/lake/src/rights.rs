//! Which events somebody may see: those that they may read where they came from.

use std::collections::HashMap;

use datafusion::arrow::array::{Array as _, RecordBatch, StringArray, UInt8Array};
use datafusion::arrow::error::ArrowError;
use yiwang_contracts::{Actor, OrgId, Subject};
use yiwang_kernel::{AreaCode, Timestamp};

use crate::batch::column;
use crate::event::EventRow;

/// The columns of an event that decide: action, orgs, area, secrecy.
pub(crate) const RIGHT_COLUMNS: [usize; 4] = [4, 5, 6, 7];

/// Action, orgs, area and secrecy of an event.
type Deciding<'a> = (&'a str, Option<&'a str>, Option<&'a str>, u8);

/// Somebody's rights at an instant.
#[derive(Debug)]
pub(crate) struct Rights {
    actor: Actor,
    now: Timestamp,
}

impl Rights {
    pub(crate) fn of(actor: &Actor, now: Timestamp) -> Self {
        Self {
            actor: actor.clone(),
            now,
        }
    }

    pub(crate) fn permits(&self, row: &EventRow) -> bool {
        self.may(
            &row.action,
            row.orgs.as_deref(),
            row.area.as_deref(),
            row.secrecy,
        )
    }

    fn may(&self, action: &str, orgs: Option<&str>, area: Option<&str>, secrecy: u8) -> bool {
        // Units that cannot be read are those of nobody.
        let orgs: Vec<OrgId> = orgs
            .and_then(|orgs| serde_json::from_str(orgs).ok())
            .unwrap_or_default();
        let area = area.map(AreaCode::from);
        let subject = Subject {
            orgs: &orgs,
            area: area.as_ref(),
            secrecy,
        };
        self.actor.may(action, subject, self.now)
    }

    /// Takes out of `kept` the rows that may not be seen.
    pub(crate) fn sieve(
        &self,
        batch: &RecordBatch,
        [action, orgs, area, secrecy]: [usize; 4],
        kept: &mut [bool],
    ) -> Result<(), ArrowError> {
        let actions: &StringArray = column(batch, action)?;
        let orgs: &StringArray = column(batch, orgs)?;
        let areas: &StringArray = column(batch, area)?;
        let secrecies: &UInt8Array = column(batch, secrecy)?;
        let maybe = |texts: &'_ StringArray, row: usize| texts.is_valid(row).then_some(row);
        let mut known: HashMap<Deciding<'_>, bool> = HashMap::new();
        for (row, kept) in kept.iter_mut().enumerate() {
            let key = (
                actions.value(row),
                maybe(orgs, row).map(|row| orgs.value(row)),
                maybe(areas, row).map(|row| areas.value(row)),
                secrecies.value(row),
            );
            let (action, orgs, area, secrecy) = key;
            *kept &= *known
                .entry(key)
                .or_insert_with(|| self.may(action, orgs, area, secrecy));
        }
        Ok(())
    }
}
