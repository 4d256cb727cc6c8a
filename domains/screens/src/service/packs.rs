//! Screens as packs bring them.

use futures::future::BoxFuture;
use serde_json::Value;
use yiwang_contracts::{Diagnostic, Installing, PackContent, PackTarget};
use yiwang_kernel::{Fault, IntoFault, Timestamp};
use yiwang_store::Tx;

use super::{ScreensService, event};
use crate::entry::{self, SECTION};
use crate::error::ScreensError;
use crate::screen::Screen;
use crate::store;
use crate::version::{Origin, Standing, Version};

impl PackTarget for ScreensService {
    fn sections(&self) -> Vec<(&'static str, Value)> {
        vec![(SECTION, schemars::schema_for!(Screen).to_value())]
    }

    fn check(&self, pack: &PackContent, under: &[&PackContent]) -> Vec<Diagnostic> {
        entry::check(pack, under).1
    }

    fn install<'a>(
        &'a self,
        pack: &'a PackContent,
        by: Installing<'a>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Fault>>> {
        Box::pin(async move {
            let screens = entry::check(pack, &[]).0;
            let (id, who) = (pack.id.clone(), by.actor.name.clone());
            let installed = self.db.write(move |tx| {
                Box::pin(async move { replace(tx, &id, screens, &who, by.now).await })
            });
            installed.await.map_err(IntoFault::into_fault)
        })
    }
}

/// Puts a pack's screens in the place of those it brought before. What a person published of a screen goes on being
/// shown; the pack's version then stands beside it.
async fn replace(
    tx: &Tx,
    pack: &str,
    screens: Vec<Screen>,
    by: &str,
    now: Timestamp,
) -> Result<(), ScreensError> {
    for standing in store::of_pack(tx, pack).await? {
        if !screens.iter().any(|screen| screen.code == standing.code) {
            leave(tx, standing, now).await?;
        }
    }
    for screen in screens {
        bring(tx, pack, screen, by, now).await?;
    }
    Ok(())
}

/// A pack brings a screen no more: it is gone, unless a person published something of it.
async fn leave(tx: &Tx, standing: Standing, now: Timestamp) -> Result<(), ScreensError> {
    let mut standing = store::hold(tx, &standing.code).await?;
    standing.pack = None;
    let shown = shown(tx, &standing).await?;
    if let Some(version) = shown.filter(|version| version.origin != Origin::Edited) {
        standing.shown = None;
        tx.publish(event("removed", &version.screen, None, now));
    }
    Ok(store::save(tx, &standing).await?)
}

async fn bring(
    tx: &Tx,
    pack: &str,
    screen: Screen,
    by: &str,
    now: Timestamp,
) -> Result<(), ScreensError> {
    let mut standing = store::hold(tx, &screen.code).await?;
    if let Some(other) = standing.pack.as_ref().filter(|other| *other != pack) {
        let code = &screen.code;
        let message = format!(
            "the screen {code} comes with the pack {other}; give that of {pack} another code"
        );
        return Err(ScreensError::NotNow(message));
    }
    let before = standing.clone();
    let origin = Origin::Pack(pack.to_owned());
    let known = match standing.pack_version {
        Some(number) => store::version(tx, &screen.code, number).await?,
        None => None,
    };
    let is_known = known.is_some_and(|known| known.screen == screen && known.origin == origin);
    let is_edited = shown(tx, &standing)
        .await?
        .is_some_and(|version| version.origin == Origin::Edited);
    if !is_known {
        let version = Version {
            number: 0,
            origin,
            screen: screen.clone(),
            at: now,
            by: by.to_owned(),
            note: String::new(),
        };
        standing.pack_version = Some(store::add(tx, version).await?);
    }
    standing.pack = Some(pack.to_owned());
    if !is_edited {
        standing.shown = standing.pack_version;
    }
    if standing.shown != before.shown {
        tx.publish(event("published", &screen, standing.shown, now));
    }
    if standing != before {
        store::save(tx, &standing).await?;
    }
    Ok(())
}

async fn shown(tx: &Tx, standing: &Standing) -> Result<Option<Version>, ScreensError> {
    match standing.shown {
        Some(number) => Ok(store::version(tx, &standing.code, number).await?),
        None => Ok(None),
    }
}
