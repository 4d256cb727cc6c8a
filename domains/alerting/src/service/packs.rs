//! Rules as packs bring them.

use futures::future::BoxFuture;
use serde_json::Value;
use yiwang_contracts::{Diagnostic, Installing, PackContent, PackTarget};
use yiwang_kernel::{Fault, IntoFault};

use super::AlertingService;
use crate::entry::{self, RuleEntry};
use crate::error::AlertingError;
use crate::policy::AlarmEscalation;
use crate::store;

impl PackTarget for AlertingService {
    fn sections(&self) -> Vec<(&'static str, Value)> {
        vec![
            (entry::SECTION, schemars::schema_for!(RuleEntry).to_value()),
            (
                entry::ESCALATIONS,
                schemars::schema_for!(AlarmEscalation).to_value(),
            ),
        ]
    }

    fn check(&self, pack: &PackContent, under: &[&PackContent]) -> Vec<Diagnostic> {
        let mut faults = entry::check(pack, under).1;
        faults.extend(entry::check_escalations(pack).1);
        faults
    }

    fn install<'a>(
        &'a self,
        pack: &'a PackContent,
        by: Installing<'a>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Fault>>> {
        Box::pin(async move {
            let entries = entry::check(pack, &[]).0;
            let escalations = entry::check_escalations(pack).0;
            let (id, who) = (pack.id.clone(), by.actor.name.clone());
            self.publish(id, entries, escalations, who, by.now)
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
        escalations: Vec<AlarmEscalation>,
        by: String,
        now: yiwang_kernel::Timestamp,
    ) -> Result<(), AlertingError> {
        let changed = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let changed = store::rules::publish(tx, &pack, &entries, &by, now).await?;
                    store::escalations::replace(tx, &pack, &escalations).await?;
                    Ok::<_, AlertingError>(changed)
                })
            })
            .await?;
        if changed > 0 {
            self.adopt(now).await?;
        }
        Ok(())
    }
}
