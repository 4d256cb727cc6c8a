//! Before packs are installed: would the city be left with holes or overlaps that it has not now?
//!
//! The packs are put in place within a transaction that is taken back, so that what is judged is exactly
//! what the installation would leave: rules of the packs merged with those that people changed here.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use yiwang_contracts::{Installing, OrgBrief, PackChange};
use yiwang_kernel::Timestamp;
use yiwang_store::StoreError;

use super::install::Wanted;
use super::judge::Judge;
use super::publish::checked_reason;
use super::{CheckedFaults, Service, blocking};
use crate::check;
use crate::error::CatalogError;
use crate::responsibility::{OrgIndex, RuleList};
use crate::snapshot::{Snapshot, SnapshotRows};
use crate::store;

/// Why the transaction ends: always, so that nothing of it stays.
enum Ended {
    Rehearsed,
    Failed(CatalogError),
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<CatalogError> for Ended {
    fn from(error: CatalogError) -> Self {
        Self::Failed(error)
    }
}

impl Service {
    /// Refuses packs that open a fault, as a publication does; answers the faults that are taken.
    pub(super) async fn rehearse_packs(
        &self,
        change: &PackChange<'_>,
        by: Installing<'_>,
    ) -> Result<Value, CatalogError> {
        let accepted = checked_reason(by.accepted)?;
        // The first list closes holes; it cannot open one.
        if self.snapshot().list_latest().is_none() || change.after.is_empty() {
            return Ok(Value::Null);
        }
        let units = self.organisations.all();
        let orgs = (
            OrgIndex::new(units.clone()),
            OrgIndex::new(units_after(units, change)),
        );
        let (before, after) = self.rows_around(change, by).await?;
        let now = by.now;
        let faults = blocking(move || opened(before, after, &orgs, now)).await??;
        if faults.is_empty() {
            return Ok(Value::Null);
        }
        if accepted.is_none() {
            return Err(CatalogError::OpensFault(Box::new(faults)));
        }
        Ok(json!({ "holes": faults.hole_pairs, "overlaps": faults.overlap_pairs }))
    }

    /// What is stored now, and what would be with the packs in place.
    async fn rows_around(
        &self,
        change: &PackChange<'_>,
        by: Installing<'_>,
    ) -> Result<(SnapshotRows, SnapshotRows), CatalogError> {
        let packs = change.after.iter().map(|pack| Wanted::read(pack, None, by));
        let packs: Vec<Wanted> = packs.collect::<Result<_, _>>()?;
        let read = Arc::new(Mutex::new(None));
        let put = Arc::clone(&read);
        let ended: Result<(), Ended> = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let before = store::snapshot_rows(tx).await?;
                    for pack in packs {
                        pack.apply(tx).await?;
                    }
                    let after = store::snapshot_rows(tx).await?;
                    *put.lock().unwrap_or_else(PoisonError::into_inner) = Some((before, after));
                    Err(Ended::Rehearsed)
                })
            })
            .await;
        if let Err(Ended::Failed(error)) = ended {
            return Err(error);
        }
        let rows = read.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok(rows.expect("a rehearsal that did not fail has read both"))
    }
}

fn opened(
    before: SnapshotRows,
    after: SnapshotRows,
    orgs: &(OrgIndex, OrgIndex),
    now: Timestamp,
) -> Result<CheckedFaults, CatalogError> {
    let (before, after) = (Snapshot::new(before, now)?, Snapshot::new(after, now)?);
    let empty = RuleList::default();
    let earlier = Judge {
        snapshot: &before,
        orgs: &orgs.0,
    };
    let judge = Judge {
        snapshot: &after,
        orgs: &orgs.1,
    };
    let (old, new) = (before.list_latest(), after.list_latest());
    let effective = new.map_or(now, |latest| latest.valid_from.max(now));
    Ok(judge.opened_since(
        &earlier,
        old.map_or(&empty, |latest| &latest.list),
        new.map_or(&empty, |latest| &latest.list),
        effective,
    ))
}

/// The units once the packs are in: those that a pack no longer has are gone, its new ones are there.
fn units_after(units: Vec<OrgBrief>, change: &PackChange<'_>) -> Vec<OrgBrief> {
    let codes = |packs: &[&yiwang_contracts::PackContent]| -> BTreeSet<String> {
        let units = packs.iter().flat_map(|pack| check::orgs_of(pack));
        units.map(|unit| unit.code).collect()
    };
    let (old, new) = (codes(&change.before), codes(&change.after));
    let mut after: Vec<OrgBrief> = units
        .into_iter()
        .filter(|unit| !old.contains(&unit.code) && !new.contains(&unit.code))
        .collect();
    after.extend(change.after.iter().flat_map(|pack| check::orgs_of(pack)));
    after
}
