//! Verifies every case's log offline.

use yiwang_store::{Db, StoreError};

use crate::service::check_log_against;
use crate::store;

/// Cases looked at in one go.
const CASES_AT_ONCE: u64 = 500;
/// Broken logs named one by one; more are only counted.
const BROKEN_NAMED_MAX: usize = 100;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifiedLogs {
    pub cases: u64,
    pub rows: u64,
    pub broken_total: u64,
    /// The first of them, by the cases' ids.
    pub broken: Vec<BrokenLog>,
}

/// A log that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLog {
    pub number: String,
    /// The first row that does not fit.
    pub seq: i64,
    pub why: String,
}

/// Reads every case's log and checks its chain against the head that the case keeps.
pub async fn verify_logs(db: &Db) -> Result<VerifiedLogs, StoreError> {
    let mut found = VerifiedLogs::default();
    let mut after = None;
    loop {
        let heads = store::log_heads(db.read(), after, CASES_AT_ONCE).await?;
        let Some(last) = heads.last() else {
            return Ok(found);
        };
        after = Some(last.id);
        let ids: Vec<_> = heads.iter().map(|head| head.id).collect();
        let mut logs = store::logs(db.read(), &ids).await?;
        for head in heads {
            let log = logs.remove(&head.id.into()).unwrap_or_default();
            found.cases += 1;
            found.rows += log.len() as u64;
            let verified = check_log_against(head.seq, &head.head, &log);
            if let (Some(seq), Some(why)) = (verified.broken_at, verified.why) {
                found.broken_total += 1;
                if found.broken.len() < BROKEN_NAMED_MAX {
                    found.broken.push(BrokenLog {
                        number: head.number,
                        seq,
                        why,
                    });
                }
            }
        }
    }
}
