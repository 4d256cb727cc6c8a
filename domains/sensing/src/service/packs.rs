//! Profiles as packs bring them.

use futures::future::BoxFuture;
use serde_json::Value;
use yiwang_contracts::{Diagnostic, Installing, PackContent, PackTarget};
use yiwang_kernel::{Fault, IntoFault};

use super::SensingService;
use crate::error::SensingError;
use crate::profile::{self, Profile, ProfileEntry};
use crate::store;

impl PackTarget for SensingService {
    fn sections(&self) -> Vec<(&'static str, Value)> {
        vec![(
            profile::SECTION,
            schemars::schema_for!(ProfileEntry).to_value(),
        )]
    }

    fn check(&self, pack: &PackContent, under: &[&PackContent]) -> Vec<Diagnostic> {
        profile::check(pack, under).1
    }

    fn install<'a>(
        &'a self,
        pack: &'a PackContent,
        _by: Installing<'a>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Fault>>> {
        Box::pin(async move {
            let entries = profile::check(pack, &[]).0;
            self.install_profiles(pack.id.clone(), entries)
                .await
                .map_err(IntoFault::into_fault)
        })
    }
}

impl SensingService {
    async fn install_profiles(
        &self,
        pack: String,
        entries: Vec<ProfileEntry>,
    ) -> Result<(), SensingError> {
        if entries.is_empty() {
            return Ok(());
        }
        let (changed, revision) = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let changed = store::profiles::apply(tx, &pack, &entries).await?;
                    let revision = if changed.is_empty() {
                        None
                    } else {
                        Some(store::bump(tx).await?)
                    };
                    Ok::<_, SensingError>((changed, revision))
                })
            })
            .await?;
        if let Some(revision) = revision {
            self.registry
                .put_profiles(changed.into_iter().map(Profile::new).collect());
            self.note_revision(revision);
        }
        Ok(())
    }
}
