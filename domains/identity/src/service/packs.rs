//! Units and roles as a pack brings them.

use futures::future::BoxFuture;
use serde_json::{Value, json};
use yiwang_contracts::{Actor, AuditEntry, Diagnostic, Installing, PackContent, PackTarget};
use yiwang_kernel::{Fault, IntoFault, Timestamp};

use super::{IdentityService, upkeep};
use crate::audit;
use crate::error::IdentityError;
use crate::pack::{self, OrgEntry, RoleEntry};
use crate::{org, role};

impl PackTarget for IdentityService {
    fn sections(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("orgs", schemars::schema_for!(OrgEntry).to_value()),
            ("roles", schemars::schema_for!(RoleEntry).to_value()),
        ]
    }

    fn check(&self, pack: &PackContent, under: &[&PackContent]) -> Vec<Diagnostic> {
        pack::check(pack, under)
    }

    fn install<'a>(
        &'a self,
        pack: &'a PackContent,
        by: Installing<'a>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Fault>>> {
        Box::pin(async move {
            self.install_pack(pack, by.actor, by.now)
                .await
                .map_err(IntoFault::into_fault)
        })
    }
}

impl IdentityService {
    async fn install_pack(
        &self,
        pack: &PackContent,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let (orgs, roles) = (pack::orgs(pack), pack::roles(pack));
        let (id, version, actor) = (pack.id.clone(), pack.version.clone(), actor.clone());
        let changed = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let planned = org::plan(tx, &id, &orgs, now).await?;
                    let units_changed = planned.len();
                    org::apply(tx, planned).await?;
                    let roles_changed = role::apply(tx, &id, &roles).await?;
                    if units_changed == 0 && !roles_changed {
                        return Ok::<_, IdentityError>(false);
                    }
                    upkeep::raise_revision(tx).await?;
                    let detail =
                        json!({ "version": version, "units_changed": units_changed, "roles_changed": roles_changed });
                    audit::append(tx, &[AuditEntry::done(&actor, "org.install", format!("pack:{id}"), detail, now)]).await?;
                    Ok(true)
                })
            })
            .await?;
        if changed {
            self.reload().await?;
        }
        Ok(())
    }
}
