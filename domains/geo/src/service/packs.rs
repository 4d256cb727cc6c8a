//! Layers and basemaps as packs bring them.

use futures::future::BoxFuture;
use serde_json::Value;
use yiwang_contracts::{Diagnostic, Installing, PackContent, PackTarget};
use yiwang_kernel::{Fault, IntoFault, Timestamp};

use super::GeoService;
use crate::basemap::{self, BasemapEntry};
use crate::error::GeoError;
use crate::layer::{self, LayerEntry};
use crate::store;

impl PackTarget for GeoService {
    fn sections(&self) -> Vec<(&'static str, Value)> {
        vec![
            (layer::SECTION, schemars::schema_for!(LayerEntry).to_value()),
            (
                basemap::SECTION,
                schemars::schema_for!(BasemapEntry).to_value(),
            ),
        ]
    }

    fn check(&self, pack: &PackContent, under: &[&PackContent]) -> Vec<Diagnostic> {
        let mut findings = layer::check(pack, under).1;
        findings.extend(basemap::check(pack, under).1);
        findings
    }

    fn install<'a>(
        &'a self,
        pack: &'a PackContent,
        by: Installing<'a>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Fault>>> {
        Box::pin(async move {
            let layers = layer::check(pack, &[]).0.into_iter();
            let layers = layers.map(|entry| (entry.code.clone(), entry)).collect();
            let basemaps = basemap::check(pack, &[]).0.into_iter();
            let basemaps = basemaps.map(|entry| (entry.code.clone(), entry)).collect();
            self.install_sections(pack.id.clone(), layers, basemaps, by.now)
                .await
                .map_err(IntoFault::into_fault)
        })
    }
}

impl GeoService {
    async fn install_sections(
        &self,
        pack: String,
        layers: Vec<(String, LayerEntry)>,
        basemaps: Vec<(String, BasemapEntry)>,
        now: Timestamp,
    ) -> Result<(), GeoError> {
        let is_changed = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    use store::sections::{BASEMAP, LAYER, replace};
                    let layers = replace(tx, LAYER, &pack, &layers).await?;
                    let basemaps = replace(tx, BASEMAP, &pack, &basemaps).await?;
                    if layers || basemaps {
                        store::count_on(tx, store::LAYERS, 1).await?;
                    }
                    Ok::<_, GeoError>(layers || basemaps)
                })
            })
            .await?;
        if is_changed {
            self.follow(now).await?;
        }
        Ok(())
    }
}
