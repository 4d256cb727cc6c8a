//! Rules as packs bring them.

use futures::future::BoxFuture;
use serde_json::Value;
use yiwang_contracts::{Diagnostic, Installing, PackContent, PackTarget};
use yiwang_kernel::{Fault, IntoFault};

use super::AlertingService;
use crate::entry::{self, RuleEntry};
use crate::error::AlertingError;
use crate::store;

impl PackTarget for AlertingService {
    fn sections(&self) -> Vec<(&'static str, Value)> {
        vec![(entry::SECTION, schemars::schema_for!(RuleEntry).to_value())]
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
            let entries = entry::check(pack, &[]).0;
            let (id, who) = (pack.id.clone(), by.actor.name.clone());
            self.publish(id, entries, true, who, by.now)
                .await
                .map_err(IntoFault::into_fault)
        })
    }
}

impl AlertingService {
    /// Publishes rules and lets the judge judge by them.
    pub(super) async fn publish(
        &self,
        pack: String,
        entries: Vec<RuleEntry>,
        takes_back: bool,
        by: String,
        now: yiwang_kernel::Timestamp,
    ) -> Result<(), AlertingError> {
        let changed = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let changed =
                        store::rules::publish(tx, &pack, &entries, takes_back, &by, now).await?;
                    Ok::<_, AlertingError>(changed)
                })
            })
            .await?;
        if changed > 0 {
            self.sit(now).await?;
        }
        Ok(())
    }
}
