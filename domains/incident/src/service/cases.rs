//! Cases that other domains ask for.

use std::sync::Arc;

use futures::future::BoxFuture;
use yiwang_contracts::{
    Actor, Asked, CaseRef, CaseSeen, CaseWanted, Cases, CasesOfItem, IncidentId,
};
use yiwang_kernel::{Fault, IntoFault, PageRequest, Timestamp};

use super::{Given, IncidentService, ListQuery};
use crate::IncidentError;
use crate::lifecycle::{Command, CommandKind};
use crate::model::{NewIncident, Source};
use crate::store;

impl Cases for IncidentService {
    fn open(&self, wanted: CaseWanted, now: Timestamp) -> BoxFuture<'_, Asked<CaseRef>> {
        Box::pin(async move {
            self.open_case(wanted, now)
                .await
                .map_err(IntoFault::into_fault)
        })
    }

    fn note(&self, id: IncidentId, text: String, now: Timestamp) -> BoxFuture<'_, Asked<()>> {
        Box::pin(async move {
            self.note_case(id, &text, now)
                .await
                .map_err(IntoFault::into_fault)
        })
    }

    fn of_item<'a>(
        &'a self,
        wanted: CasesOfItem,
        actor: &'a Actor,
        now: Timestamp,
    ) -> BoxFuture<'a, Asked<Vec<CaseSeen>>> {
        Box::pin(async move {
            self.seen_of_item(wanted, actor, now)
                .await
                .map_err(IntoFault::into_fault)
        })
    }
}

impl IncidentService {
    async fn seen_of_item(
        &self,
        wanted: CasesOfItem,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<CaseSeen>, IncidentError> {
        let query = ListQuery {
            item: Some(wanted.item),
            from: Some(wanted.from),
            until: Some(wanted.until),
            ..ListQuery::default()
        };
        let page = PageRequest {
            limit: Some(wanted.limit),
            cursor: None,
        };
        let rows = self.list(&query, &page, actor, now).await?.items;
        let seen = rows.into_iter().map(|row| CaseSeen {
            case: CaseRef {
                id: row.id,
                number: row.number,
            },
            title: row.title,
            at: row.created_at,
            position: row.position,
            area: row.area.map(|area| area.code),
        });
        Ok(seen.collect())
    }

    async fn open_case(
        &self,
        wanted: CaseWanted,
        now: Timestamp,
    ) -> Result<CaseRef, IncidentError> {
        let actor = Actor::system("alarm");
        let new = NewIncident {
            source: Source::Sensor,
            source_ref: Some(wanted.reference),
            title: wanted.title,
            description: wanted.description,
            item_code: wanted.item,
            grade: wanted.grade,
            position: wanted.position,
            address: wanted.address,
            area: wanted.area,
            reporter: None,
            occurred_at: Some(wanted.occurred_at),
            attachments: Vec::new(),
            desk: false,
            past: None,
            sent: None,
        };
        let (stored, _) = self.create_one(new, &actor, now).await?;
        Ok(CaseRef {
            id: stored.id,
            number: stored.number,
        })
    }

    async fn note_case(
        &self,
        id: IncidentId,
        text: &str,
        now: Timestamp,
    ) -> Result<(), IncidentError> {
        let mut found = store::load(self.db.read(), &[id.0], false).await?;
        let case = found.remove(&id).ok_or(IncidentError::NotFound)?;
        if !case.status.is_open() {
            return Ok(());
        }
        let body = serde_json::json!({ "text": text });
        let given = Given {
            incident: id,
            command: Arc::new(Command::parse(CommandKind::Note, body)?),
            actor: Arc::new(Actor::system("alarm")),
            expected: None,
            now,
        };
        match self.give(given).await {
            // It was closed in between: nothing more is to be said.
            Err(error) if error.kind() == yiwang_kernel::FaultKind::Refused => Ok(()),
            outcome => outcome.map(drop),
        }
    }
}
