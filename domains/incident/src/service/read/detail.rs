//! One case, its log, and the proof that the log is whole.

use std::sync::Arc;

use yiwang_contracts::{Actor, IncidentId, UserId};
use yiwang_kernel::{Digest, Timestamp, mask_name, mask_phone};

use super::super::IncidentService;
use crate::IncidentError;
use crate::evidence;
use crate::lifecycle::{CommandKind, allowed};
use crate::model::{Action, Incident, Stored};
use crate::store;
use crate::view::{IncidentDetail, MediaView, PublicKey, ReporterView};

/// What checking a case's log found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = VerifiedLog)]
pub struct Verified {
    pub intact: bool,
    /// Entries that were checked.
    pub entries: i64,
    /// The first entry that does not fit, and why.
    pub broken_at: Option<i64>,
    pub why: Option<String>,
    /// Digest of the last entry.
    pub head: String,
}

impl IncidentService {
    /// The case as the actor may see it.
    pub async fn detail(
        &self,
        id: IncidentId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<IncidentDetail, IncidentError> {
        let incident = self.seen(id, actor, now).await?;
        self.show(&incident, actor, now).await
    }

    /// The view of a case that was just read or changed. Somebody who gave it away by his own
    /// command no longer sees it.
    pub async fn show(
        &self,
        incident: &Incident,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<IncidentDetail, IncidentError> {
        let rules = self.world.rules();
        let ctx = self.world.context(&rules, self.world.centre(), actor, now);
        if !ctx.may("incident.read", incident) {
            return Err(IncidentError::NotFound);
        }
        let commands = allowed(incident, &ctx).into_iter().map(CommandKind::as_str);
        let commands = commands.map(str::to_owned).collect();
        let at_desk = ctx.may("incident.accept", incident) || ctx.may("incident.reveal", incident);
        let reporter = self.reporter_view(incident, at_desk).await?;
        let users: Vec<UserId> = incident
            .tasks
            .iter()
            .filter_map(|task| task.assignee)
            .collect();
        let names = self.names_with(users, now).await?;
        let mut detail = IncidentDetail::of(incident, &names, reporter, commands, at_desk);
        detail.media = self.media_views(incident, rules.evidence_apart_m).await?;
        Ok(detail)
    }

    /// The case's files, with what gives cause to look at them twice.
    async fn media_views(
        &self,
        incident: &Incident,
        apart_m: u32,
    ) -> Result<Vec<MediaView>, IncidentError> {
        if !incident.names_files() {
            return Ok(Vec::new());
        }
        let files = store::media_of(self.db.read(), incident.id).await?;
        let digests: Vec<Digest> = files.iter().map(|media| media.digest).collect();
        let elsewhere = store::used_elsewhere(self.db.read(), &digests, incident.id).await?;
        let elsewhere = elsewhere.into_iter().collect();
        let mut doubts = evidence::doubts(incident, &files, &elsewhere, apart_m);
        let views = files
            .iter()
            .map(|media| MediaView::of(media, doubts.remove(&media.id).unwrap_or_default()));
        Ok(views.collect())
    }

    /// A case that the actor just handed in, with the code for whoever reported it: also for those
    /// who may hand in but not read. Of a case that was there before they learn the number alone.
    pub(crate) async fn receipt(
        &self,
        stored: &Stored,
        case: Option<Arc<Incident>>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<IncidentDetail, IncidentError> {
        let incident = match case {
            Some(case) => case,
            None => Arc::new(self.load(stored.id).await?),
        };
        let mut detail = match self.show(&incident, actor, now).await {
            Err(IncidentError::NotFound) if stored.duplicate => {
                return Err(IncidentError::Known {
                    number: incident.number.clone(),
                });
            }
            Err(IncidentError::NotFound) => self.bare(&incident, now),
            shown => shown?,
        };
        if !stored.duplicate {
            let (number, query_code) = (incident.number.clone(), incident.query_code.clone());
            detail.public = Some(PublicKey { number, query_code });
        }
        Ok(detail)
    }

    fn bare(&self, incident: &Incident, now: Timestamp) -> IncidentDetail {
        IncidentDetail::of(incident, &self.names(now), None, Vec::new(), false)
    }

    /// The case after the actor's own command, which may have moved it out of sight.
    pub async fn after_command(
        &self,
        incident: &Incident,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<IncidentDetail, IncidentError> {
        match self.show(incident, actor, now).await {
            Err(IncidentError::NotFound) => Ok(self.bare(incident, now)),
            shown => shown,
        }
    }

    /// Masked for everybody; a caller who asked for secrecy shows to the desk only.
    async fn reporter_view(
        &self,
        incident: &Incident,
        at_desk: bool,
    ) -> Result<Option<ReporterView>, IncidentError> {
        if !incident.doc.has_reporter {
            return Ok(None);
        }
        if incident.doc.reporter_secret && !at_desk {
            let (name_masked, phone_masked) = (String::new(), String::new());
            return Ok(Some(ReporterView {
                name_masked,
                phone_masked,
                secret: true,
            }));
        }
        let row = store::reporter(self.db.read(), incident.id).await?;
        Ok(row.map(|row| ReporterView {
            name_masked: mask_name(row.name.reveal()),
            phone_masked: mask_phone(row.phone.reveal()),
            secret: row.secret,
        }))
    }

    /// The case's log, oldest first.
    pub async fn timeline(
        &self,
        id: IncidentId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<Action>, IncidentError> {
        self.seen(id, actor, now).await?;
        Ok(store::timeline(self.db.read(), id).await?)
    }

    /// Checks the case's log against its digests and its head.
    pub async fn verify_log(
        &self,
        id: IncidentId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Verified, IncidentError> {
        let incident = self.seen(id, actor, now).await?;
        let actions = store::timeline(self.db.read(), id).await?;
        // A command may have come between the two reads; then the head is that of the newer case.
        let incident = if actions.len() as i64 > incident.seq {
            self.load(id).await?
        } else {
            incident
        };
        Ok(check_log(&incident, &actions))
    }
}

/// Each digest follows from the one before; the last is the head that the case keeps, so that a cut
/// tail shows too.
pub(crate) fn check_log(incident: &Incident, actions: &[Action]) -> Verified {
    check_log_against(incident.seq, &incident.head, actions)
}

/// As [`check_log`], for a case of which only the number of entries and the last digest are known.
pub(crate) fn check_log_against(seq: i64, last: &Digest, actions: &[Action]) -> Verified {
    let mut head = [0; 32];
    let mut broken = None;
    for (expected, action) in (1..).zip(actions) {
        if action.seq != expected {
            broken = Some((expected, "an entry is missing".to_owned()));
            break;
        }
        if action.digest(&head) != action.hash {
            broken = Some((action.seq, "the entry or its digest was changed".to_owned()));
            break;
        }
        head = action.hash;
    }
    let entries = actions.len() as i64;
    if broken.is_none() && (entries != seq || head != *last) {
        let why = format!("the case counts {seq} entries");
        broken = Some((entries + 1, why));
    }
    let (broken_at, why) = broken.unzip();
    Verified {
        intact: broken_at.is_none(),
        entries,
        broken_at,
        why,
        head: hex::encode(head),
    }
}
