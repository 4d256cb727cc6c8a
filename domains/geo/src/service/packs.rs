//! Layers as packs bring them.

use futures::future::BoxFuture;
use serde_json::Value;
use yiwang_contracts::{Diagnostic, Installing, PackContent, PackTarget};
use yiwang_kernel::{Fault, IntoFault, Timestamp};

use super::GeoService;
use crate::error::GeoError;
use crate::layer::{self, LayerEntry};
use crate::store;

impl PackTarget for GeoService {
    fn sections(&self) -> Vec<(&'static str, Value)> {
        let schema = schemars::schema_for!(LayerEntry).to_value();
        vec![(layer::SECTION, schema)]
    }

    fn check(&self, pack: &PackContent, under: &[&PackContent]) -> Vec<Diagnostic> {
        layer::check(pack, under).1
    }

    fn install<'a>(
        &'a self,
        pack: &'a PackContent,
        by: Installing<'a>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Fault>>> {
        Box::pin(async move {
            let entries = layer::check(pack, &[]).0;
            self.install_layers(pack.id.clone(), entries, by.now)
                .await
                .map_err(IntoFault::into_fault)
        })
    }
}

impl GeoService {
    async fn install_layers(
        &self,
        pack: String,
        entries: Vec<LayerEntry>,
        now: Timestamp,
    ) -> Result<(), GeoError> {
        let is_changed = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let is_changed = store::layers::replace(tx, &pack, &entries).await?;
                    if is_changed {
                        store::count_on(tx, store::LAYERS, 1).await?;
                    }
                    Ok::<_, GeoError>(is_changed)
                })
            })
            .await?;
        if is_changed {
            self.follow(now).await?;
        }
        Ok(())
    }
}
