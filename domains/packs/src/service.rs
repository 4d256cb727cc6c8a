//! The use cases: what is installed, what would change, install.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use yiwang_contracts::{
    Actor, Audit, AuditEntry, AuditOutcome, EventScope, Installing, NewEvent, PackChange,
    PackTarget,
};
use yiwang_kernel::{Clock, Fault, FaultKind, Timestamp, Uuid, new_uuid};
use yiwang_runtime::Platform;
use yiwang_store::{Db, Lease, StoreError};

use crate::check::check;
use crate::diff::{PackDiff, diff};
use crate::error::PackError;
use crate::load::{Loaded, LoadedPack, PackVersion, Sections, has_errors, load};
use crate::shelf::Shelf;
use crate::source::PackFiles;
use crate::store::{self, InstalledPack};

/// How often another node's installation is looked after, and for how long: two minutes together.
const TURN_EVERY: Duration = Duration::from_millis(250);
const TURN_TRIES_MAX: u32 = 480;

/// Checks, compares and installs packs.
pub struct PackService {
    db: Db,
    clock: Arc<dyn Clock>,
    audit: Arc<dyn Audit>,
    /// In the order in which they install: a later one may ask the earlier ones.
    targets: Vec<Arc<dyn PackTarget>>,
    shelf: Shelf,
    /// Two installations at once would each check against what the other is changing: neither on this node …
    installing: Mutex<()>,
    /// … nor on another of the same city. This node's name among them.
    node: Uuid,
}

/// What became of one pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Installation {
    pub id: String,
    pub version: String,
    /// False when exactly this was installed already.
    pub is_changed: bool,
}

/// An installed pack with the number of entries in each section.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PackDetail {
    #[serde(flatten)]
    pub pack: InstalledPack,
    pub sections: BTreeMap<String, i64>,
}

impl PackService {
    pub fn new(platform: &Platform, targets: Vec<Arc<dyn PackTarget>>, shelf: Shelf) -> Self {
        Self {
            db: platform.db.clone(),
            clock: Arc::clone(&platform.clock),
            audit: platform.audit.as_question(),
            targets,
            shelf,
            installing: Mutex::new(()),
            node: new_uuid(platform.clock.now()),
        }
    }

    /// The sections there are, with the schemas of their entries.
    pub fn sections(&self) -> Sections {
        Sections::of(self.targets.iter().map(AsRef::as_ref))
    }

    /// The packs that could be installed.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    pub async fn installed(&self) -> Result<Vec<InstalledPack>, PackError> {
        store::all(self.db.read()).await
    }

    pub async fn detail(&self, id: &str) -> Result<PackDetail, PackError> {
        let pack = self
            .find(id)
            .await?
            .ok_or_else(|| PackError::NotFound(id.to_owned()))?;
        let sections = store::section_counts(self.db.read(), id).await?;
        Ok(PackDetail { pack, sections })
    }

    async fn find(&self, id: &str) -> Result<Option<InstalledPack>, PackError> {
        Ok(self
            .installed()
            .await?
            .into_iter()
            .find(|pack| pack.id == id))
    }

    /// Reads and checks packs together with what is installed: in order, each with its findings.
    pub async fn check(&self, packs: &[PackFiles]) -> Result<Vec<Loaded>, PackError> {
        let mut installed = Vec::new();
        for pack in self.installed().await? {
            if !packs.iter().any(|files| files.name == pack.id) {
                installed.push(store::content(self.db.read(), &pack).await?);
            }
        }
        let sections = self.sections();
        let loaded = packs.iter().map(|files| load(files, &sections)).collect();
        Ok(check(loaded, &installed, &self.targets))
    }

    /// What installing these files would change.
    pub async fn diff(&self, files: &PackFiles) -> Result<PackDiff, PackError> {
        let given = load(files, &self.sections()).pack;
        let installed = match self.find(&given.manifest.id).await? {
            Some(pack) => Some(store::content(self.db.read(), &pack).await?.content),
            None => None,
        };
        Ok(diff(installed.as_ref(), &given.content))
    }

    /// What installing the pack on the shelf would change.
    pub async fn diff_of_shelf(&self, id: &str) -> Result<PackDiff, PackError> {
        self.diff(&self.shelf.files(id)?).await
    }

    /// Everything that is wrong with the pack on the shelf, together with what is installed.
    pub async fn check_of_shelf(&self, id: &str) -> Result<Loaded, PackError> {
        let files = self.shelf.files(id)?;
        let checked = self.check(std::slice::from_ref(&files)).await?;
        checked
            .into_iter()
            .next()
            .ok_or_else(|| PackError::NotFound(id.to_owned()))
    }

    /// Installs every pack on the shelf: what a new node does before it serves. Of a pack that the city has in a newer
    /// version, brought by a person or by a newer program, that one stays.
    pub async fn install_shelf(&self, actor: &Actor) -> Result<Vec<Installation>, PackError> {
        self.install_unless_newer(&self.shelf.all()?, actor).await
    }

    async fn install_unless_newer(
        &self,
        packs: &[PackFiles],
        actor: &Actor,
    ) -> Result<Vec<Installation>, PackError> {
        self.install_in_turn(packs, actor, None, true).await
    }

    /// Checks all packs, then installs them in order. With an error in any of them, or with a fault that a
    /// domain refuses and nobody takes (`accepted` says why it is taken), nothing is installed.
    pub async fn install(
        &self,
        packs: &[PackFiles],
        actor: &Actor,
        accepted: Option<&str>,
    ) -> Result<Vec<Installation>, PackError> {
        self.install_in_turn(packs, actor, accepted, false).await
    }

    async fn install_in_turn(
        &self,
        packs: &[PackFiles],
        actor: &Actor,
        accepted: Option<&str>,
        keeps_newer: bool,
    ) -> Result<Vec<Installation>, PackError> {
        let _alone = self.installing.lock().await;
        let turn = self.turn().await?;
        let work = Box::pin(self.install_alone(packs, actor, accepted, keeps_newer));
        let outcome = turn.keep(|| self.clock.now(), work).await;
        if let Err(error) = turn.release().await {
            tracing::warn!(%error, "the turn to install packs was not given back; it runs out by itself");
        }
        outcome
    }

    /// Waits until no other node installs.
    async fn turn(&self) -> Result<Lease, PackError> {
        for _ in 0..TURN_TRIES_MAX {
            // Anew each time: a lease that was found taken is not looked at again before it would run out.
            let turn = Lease::new(self.db.clone(), "packs.install", self.node);
            if turn.hold(self.clock.now()).await? {
                return Ok(turn);
            }
            tokio::time::sleep(TURN_EVERY).await;
        }
        Err(StoreError::Busy.into())
    }

    async fn install_alone(
        &self,
        packs: &[PackFiles],
        actor: &Actor,
        accepted: Option<&str>,
        keeps_newer: bool,
    ) -> Result<Vec<Installation>, PackError> {
        let by = Installing {
            actor,
            now: self.clock.now(),
            accepted,
        };
        let installed = self.installed().await?;
        let is_known = |loaded: &LoadedPack| {
            installed
                .iter()
                .any(|pack| pack.id == loaded.manifest.id && pack.hash == loaded.hash)
        };
        let sections = self.sections();
        let mut loaded: Vec<Loaded> = packs.iter().map(|files| load(files, &sections)).collect();
        if keeps_newer {
            loaded.retain(|given| !is_kept(&given.pack, &installed));
        }
        if loaded.iter().all(|loaded| is_known(&loaded.pack)) {
            return Ok(loaded
                .iter()
                .map(|loaded| outcome(&loaded.pack, false))
                .collect());
        }
        let given: BTreeSet<String> = loaded
            .iter()
            .map(|loaded| loaded.pack.manifest.id.clone())
            .collect();
        let checked = self.checked(loaded, &installed).await?;
        let packs: Vec<LoadedPack> = checked
            .into_iter()
            .map(|loaded| loaded.pack)
            .filter(|pack| given.contains(&pack.manifest.id))
            .collect();
        let changed: Vec<&LoadedPack> = packs.iter().filter(|pack| !is_known(pack)).collect();
        let taken = self.rehearse(&changed, &installed, by).await?;
        let mut outcomes = Vec::new();
        for pack in packs {
            let is_changed = !is_known(&pack);
            outcomes.push(outcome(&pack, is_changed));
            if is_changed {
                self.install_one(pack, by, &taken).await?;
            }
        }
        Ok(outcomes)
    }

    /// Lets every domain look at the whole change; a refusal is audited. Answers what was taken.
    async fn rehearse(
        &self,
        packs: &[&LoadedPack],
        installed: &[InstalledPack],
        by: Installing<'_>,
    ) -> Result<Vec<Value>, PackError> {
        let mut before = Vec::new();
        for pack in packs {
            let id = &pack.manifest.id;
            if let Some(pack) = installed.iter().find(|installed| installed.id == *id) {
                before.push(store::content(self.db.read(), pack).await?);
            }
        }
        let change = PackChange {
            before: before.iter().map(|pack| &pack.content).collect(),
            after: packs.iter().map(|pack| &pack.content).collect(),
        };
        let mut taken = Vec::new();
        for target in &self.targets {
            match target.rehearse(&change, by).await {
                Ok(Value::Null) => {}
                Ok(faults) => taken.push(faults),
                Err(fault) => {
                    if fault.kind() == FaultKind::Refused {
                        self.record_refusal(packs, by, fault.as_ref()).await?;
                    }
                    return Err(PackError::Target(fault));
                }
            }
        }
        Ok(taken)
    }

    async fn record_refusal(
        &self,
        packs: &[&LoadedPack],
        by: Installing<'_>,
        fault: &dyn Fault,
    ) -> Result<(), PackError> {
        for pack in packs {
            let detail = json!({
                "version": pack.manifest.version.to_string(), "hash": pack.hash, "code": fault.code(),
                "why": fault.to_string(),
            });
            let entry = entry(&pack.manifest.id, by, AuditOutcome::Refused, detail);
            self.audit.record(entry).await.map_err(PackError::Target)?;
        }
        Ok(())
    }

    /// The given packs and the other installed ones, checked together: a pack that stays must still stand
    /// on what changes under it.
    async fn checked(
        &self,
        mut loaded: Vec<Loaded>,
        installed: &[InstalledPack],
    ) -> Result<Vec<Loaded>, PackError> {
        for pack in installed {
            let given = loaded
                .iter()
                .find(|loaded| loaded.pack.manifest.id == pack.id);
            if let Some(given) = given {
                refuse_older(pack, &given.pack)?;
            } else {
                let pack = store::content(self.db.read(), pack).await?;
                loaded.push(Loaded {
                    pack,
                    diagnostics: Vec::new(),
                });
            }
        }
        let checked = check(loaded, &[], &self.targets);
        let findings: Vec<_> = checked
            .iter()
            .flat_map(|loaded| {
                let id = &loaded.pack.manifest.id;
                loaded
                    .diagnostics
                    .iter()
                    .map(move |found| (id.clone(), found.clone()))
            })
            .collect();
        if checked.iter().any(|loaded| has_errors(&loaded.diagnostics)) {
            return Err(PackError::Faulty(findings));
        }
        for (pack, found) in findings {
            tracing::warn!(
                pack,
                file = found.file,
                line = found.line,
                code = found.code,
                "{}",
                found.message
            );
        }
        Ok(checked)
    }

    async fn install_one(
        &self,
        pack: LoadedPack,
        by: Installing<'_>,
        taken: &[Value],
    ) -> Result<(), PackError> {
        for target in &self.targets {
            target
                .install(&pack.content, by)
                .await
                .map_err(PackError::Target)?;
        }
        let (id, version) = (pack.manifest.id.clone(), pack.manifest.version.to_string());
        let mut detail = json!({ "version": version, "hash": pack.hash });
        if let (Some(fields), false) = (detail.as_object_mut(), taken.is_empty()) {
            fields.insert("accepted".to_owned(), by.accepted.into());
            fields.insert("opened".to_owned(), taken.into());
        }
        let (actor, now) = (by.actor.clone(), by.now);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    store::replace(tx, &pack, &actor, now).await?;
                    tx.publish(installed_event(&pack, now));
                    Ok::<_, PackError>(())
                })
            })
            .await?;
        tracing::info!(pack = id, version, "installed pack {id} {version}");
        let entry = entry(&id, by, AuditOutcome::Done, detail);
        self.audit.record(entry).await.map_err(PackError::Target)
    }
}

fn entry(pack: &str, by: Installing<'_>, outcome: AuditOutcome, detail: Value) -> AuditEntry {
    AuditEntry {
        at: by.now,
        user_id: (!by.actor.system).then_some(by.actor.user_id),
        user_name: by.actor.name.clone(),
        origin: by.actor.origin.clone(),
        action: "pack.install".to_owned(),
        object: format!("pack:{pack}"),
        outcome,
        detail,
    }
}

fn outcome(pack: &LoadedPack, is_changed: bool) -> Installation {
    let manifest = &pack.manifest;
    Installation {
        id: manifest.id.clone(),
        version: manifest.version.to_string(),
        is_changed,
    }
}

/// Whether the city has the pack in a newer version, which is said.
fn is_kept(given: &LoadedPack, installed: &[InstalledPack]) -> bool {
    let id = &given.manifest.id;
    let own = installed.iter().find(|pack| pack.id == *id);
    let Some(older) = own.and_then(|own| refuse_older(own, given).err()) else {
        return false;
    };
    tracing::info!(pack = id, "the city keeps its own: {older}");
    true
}

fn refuse_older(installed: &InstalledPack, given: &LoadedPack) -> Result<(), PackError> {
    let version: PackVersion = installed.version.parse().unwrap_or_default();
    if given.manifest.version >= version || given.manifest.version == PackVersion::default() {
        return Ok(());
    }
    Err(PackError::Older {
        id: installed.id.clone(),
        installed: installed.version.clone(),
        given: given.manifest.version.to_string(),
    })
}

fn installed_event(pack: &LoadedPack, now: Timestamp) -> NewEvent {
    NewEvent {
        kind: "pack.installed".to_owned(),
        subject_id: new_uuid(now),
        at: now,
        scope: EventScope {
            action: "pack.read".to_owned(),
            orgs: Vec::new(),
            area: None,
            secrecy: 1,
        },
        body: json!({ "id": pack.manifest.id, "version": pack.manifest.version }),
    }
}

#[cfg(test)]
mod tests;
