//! `yiwang doctor`: is the store whole, do the chains hold, and what to do if not.

use anyhow::bail;
use yiwang_store::Db;

use crate::cli::{DoctorWhat, Place};
use crate::{place, say};

/// Reads only; works offline and beside a running server.
pub(crate) async fn run(what: Option<DoctorWhat>, place: &Place) -> anyhow::Result<()> {
    let config = place::settings(place, &[("log.level", "warn".to_owned())])?;
    let options = config.store_options(&place.data);
    let db = Db::open(&options).await?;
    let mut faults = 0;
    if matches!(what, None | Some(DoctorWhat::Store)) {
        faults += store(&db).await?;
    }
    if matches!(what, None | Some(DoctorWhat::Audit)) {
        faults += audit(&db).await? + cases(&db).await?;
    }
    if faults > 0 {
        bail!(
            "{faults} faults; restore the last good copy with `yiwang restore`, and keep this one as evidence"
        );
    }
    Ok(())
}

async fn store(db: &Db) -> anyhow::Result<usize> {
    let faults = db.check_integrity().await?;
    for fault in &faults {
        say(format_args!("store: {fault}"));
    }
    if faults.is_empty() {
        say(format_args!(
            "store: whole, {} bytes in use",
            db.size_bytes().await?
        ));
    }
    Ok(faults.len())
}

async fn audit(db: &Db) -> anyhow::Result<usize> {
    match yiwang_identity::verify(db.read()).await {
        Ok(verified) => {
            say(format_args!("audit log: {} rows hold", verified.rows));
            Ok(0)
        }
        Err(fault) => {
            say(format_args!("audit log: {fault}"));
            Ok(1)
        }
    }
}

async fn cases(db: &Db) -> anyhow::Result<usize> {
    let found = yiwang_incident::verify_logs(db).await?;
    for broken in &found.broken {
        say(format_args!(
            "case {}: row {} of its log: {}",
            broken.number, broken.seq, broken.why
        ));
    }
    say(format_args!(
        "cases: {} logs with {} rows, {} broken",
        found.cases, found.rows, found.broken_total
    ));
    Ok(usize::try_from(found.broken_total)?)
}
