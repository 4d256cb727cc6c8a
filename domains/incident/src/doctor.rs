//! Verifies every case's log, and every file of evidence, offline.

use serde_json::Value;
use yiwang_kernel::{Timestamp, new_uuid};
use yiwang_store::{Blobs, Db, Examined, StoreError};

use crate::model::{Action, ActionBody, MediaId};
use crate::service::check_log_against;
use crate::store;

/// Cases looked at in one go.
const CASES_AT_ONCE: u64 = 500;
/// Rows of files read in one go.
const FILES_AT_ONCE: u64 = 500;
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

/// What became of the files of evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifiedMedia {
    pub files: u64,
    pub bytes: u64,
    pub broken_total: u64,
    /// The first of them, by their ids.
    pub broken: Vec<BrokenMedia>,
}

/// A file that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenMedia {
    pub id: MediaId,
    /// The number of its case; empty while it hangs on none.
    pub number: String,
    pub why: &'static str,
}

impl VerifiedMedia {
    fn add(&mut self, id: MediaId, number: &str, why: &'static str) {
        self.broken_total += 1;
        if self.broken.len() < BROKEN_NAMED_MAX {
            let number = number.to_owned();
            self.broken.push(BrokenMedia { id, number, why });
        }
    }
}

/// Reads every file that a row names and compares it with the row, and each row with what the log of its case says.
pub async fn verify_media(db: &Db, blobs: &Blobs) -> Result<VerifiedMedia, StoreError> {
    let mut found = VerifiedMedia::default();
    let mut after = None;
    loop {
        let files = store::media_after(db.read(), after, FILES_AT_ONCE).await?;
        let Some(last) = files.last() else {
            break;
        };
        after = Some(last.id);
        for media in &files {
            found.files += 1;
            found.bytes += media.bytes;
            let why = match blobs.examine(&media.digest).await? {
                Examined::Whole => continue,
                Examined::Missing => "its file is missing",
                Examined::Altered => "its file was altered",
            };
            let case: Vec<_> = media.incident_id.iter().map(|case| case.0).collect();
            let cases = store::load(db.read(), &case, false).await?;
            let number = cases.into_values().next().map(|case| case.number);
            found.add(media.id, &number.unwrap_or_default(), why);
        }
    }
    against_logs(db, &mut found).await?;
    Ok(found)
}

/// What logs say of files must be what the rows say.
async fn against_logs(db: &Db, found: &mut VerifiedMedia) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let heads = store::log_heads(db.read(), after, CASES_AT_ONCE).await?;
        let Some(last) = heads.last() else {
            return Ok(());
        };
        after = Some(last.id);
        let ids: Vec<_> = heads.iter().map(|head| head.id).collect();
        let mut logs = store::logs(db.read(), &ids).await?;
        for head in heads {
            let log = logs.remove(&head.id.into()).unwrap_or_default();
            let said: Vec<(MediaId, String)> = log.iter().flat_map(files_said).collect();
            let ids: Vec<MediaId> = said.iter().map(|(id, _)| *id).collect();
            let rows = store::media(db.read(), &ids).await?;
            for (id, sha256) in said {
                let row = rows.iter().find(|row| row.id == id);
                match row {
                    None => found.add(id, &head.number, "the log names it and its row is missing"),
                    Some(row) if hex::encode(row.digest) != sha256 => {
                        found.add(
                            id,
                            &head.number,
                            "its row has another content than the log says",
                        );
                    }
                    Some(row) if row.incident_id.map(|case| case.0) != Some(head.id) => {
                        found.add(id, &head.number, "its row names another case than the log");
                    }
                    Some(_) => {}
                }
            }
        }
    }
}

/// The files that a line of a log names, with the digests that it gives.
fn files_said(action: &Action) -> Vec<(MediaId, String)> {
    let body: ActionBody = serde_json::from_str(&action.body).unwrap_or_default();
    let said = body.after.get("evidence").and_then(Value::as_array);
    let pieces = said.map(Vec::as_slice).unwrap_or_default().iter();
    pieces
        .filter_map(|piece| {
            let id = piece.get("media_id")?.as_str()?.parse().ok()?;
            Some((id, piece.get("sha256")?.as_str()?.to_owned()))
        })
        .collect()
}

/// Copies every file that a row names to another folder; answers how many, and the ids of those that are not whole.
pub async fn copy_media(
    db: &Db,
    from: &Blobs,
    to: &Blobs,
    now: Timestamp,
) -> Result<(u64, Vec<MediaId>), StoreError> {
    let (mut copied, mut broken) = (0, Vec::new());
    let mut after = None;
    loop {
        let files = store::media_after(db.read(), after, FILES_AT_ONCE).await?;
        let Some(last) = files.last() else {
            return Ok((copied, broken));
        };
        after = Some(last.id);
        for media in &files {
            if to.open(&media.digest).await?.is_some() {
                copied += 1;
                continue;
            }
            match from.copy_to(to, &media.digest, new_uuid(now)).await? {
                Examined::Whole => copied += 1,
                Examined::Missing | Examined::Altered => broken.push(media.id),
            }
        }
    }
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
