//! Indicators, domains and the index as packs bring them.

use futures::future::BoxFuture;
use serde_json::Value;
use yiwang_contracts::{Diagnostic, Installing, PackContent, PackTarget};
use yiwang_kernel::{Fault, IntoFault, Timestamp};
use yiwang_vital_rules::{DomainEntry, IndexEntry, IndicatorEntry};

use super::VitalsService;
use crate::error::VitalsError;
use crate::pack::{self, DOMAINS, INDEX, INDICATORS, Sections};
use crate::store;

impl PackTarget for VitalsService {
    fn sections(&self) -> Vec<(&'static str, Value)> {
        vec![
            (DOMAINS, schemars::schema_for!(DomainEntry).to_value()),
            (INDEX, schemars::schema_for!(IndexEntry).to_value()),
            (INDICATORS, schemars::schema_for!(IndicatorEntry).to_value()),
        ]
    }

    fn check(&self, pack: &PackContent, under: &[&PackContent]) -> Vec<Diagnostic> {
        let mut found = pack::check(pack, under).1;
        found.extend(pack::check_sql(pack, |sql| self.asks.figures.check(sql)));
        found
    }

    fn install<'a>(
        &'a self,
        pack: &'a PackContent,
        by: Installing<'a>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Fault>>> {
        Box::pin(async move {
            let sections = pack::check(pack, &[]).0;
            let (id, who) = (pack.id.clone(), by.actor.name.clone());
            self.install_sections(id, sections, who, by.now)
                .await
                .map_err(IntoFault::into_fault)
        })
    }
}

impl VitalsService {
    async fn install_sections(
        &self,
        pack: String,
        sections: Sections,
        by: String,
        now: Timestamp,
    ) -> Result<(), VitalsError> {
        let is_changed = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let published =
                        store::definitions::publish(tx, &pack, &sections, &by, now).await?;
                    if published {
                        store::count_on(tx, store::DEFINITIONS).await?;
                    }
                    Ok::<_, VitalsError>(published)
                })
            })
            .await?;
        if is_changed {
            let mut followed = self.followed.lock().await;
            self.follow(&mut followed, now).await?;
        }
        Ok(())
    }
}
