//! `yiwang doctor`: is the store whole, do the chains hold, are the files what they were, and what to do if not.

use anyhow::bail;
use yiwang_store::{Blobs, Db};

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
    if !matches!(what, Some(DoctorWhat::Store)) {
        faults += media(&db, &Blobs::at(config.media_folder(&place.data))).await?;
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

async fn media(db: &Db, blobs: &Blobs) -> anyhow::Result<usize> {
    let found = yiwang_incident::verify_media(db, blobs).await?;
    for broken in &found.broken {
        let of = if broken.number.is_empty() {
            String::new()
        } else {
            format!(" of case {}", broken.number)
        };
        say(format_args!("file {}{of}: {}", broken.id, broken.why));
    }
    say(format_args!(
        "files: {} with {} bytes, {} broken",
        found.files, found.bytes, found.broken_total
    ));
    Ok(usize::try_from(found.broken_total)?)
}
