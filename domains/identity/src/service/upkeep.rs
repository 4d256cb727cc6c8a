//! What is done again and again: uses written down, ended sessions taken away, units of other nodes noticed.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
use sea_orm::{ConnectionTrait, DbErr};
use yiwang_kernel::{Timestamp, Uuid};
use yiwang_runtime::{BoxError, Reconciler};

use super::IdentityService;
use crate::error::IdentityError;
use crate::secret::BearerKind;
use crate::session;
use crate::settings::TOUCH_EVERY;
use crate::token;

/// How often another node's change of units and roles is looked for.
const REFRESH_EVERY: Duration = Duration::from_secs(5);

/// The number that grows whenever units or roles change.
pub(super) async fn revision(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let select = Query::select()
        .column(Alias::new("revision"))
        .from(Alias::new("identity_revision"))
        .take();
    let row = db.query_one(&select).await?;
    row.map_or(Ok(0), |row| row.try_get("", "revision"))
}

pub(super) async fn raise_revision(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    let update = Query::update()
        .table(Alias::new("identity_revision"))
        .value(
            Alias::new("revision"),
            Expr::col(Alias::new("revision")).add(1),
        )
        .take();
    tx.execute(&update).await.map(|_done| ())
}

impl IdentityService {
    /// Writes down when sessions and tokens were last used and takes away what has ended. Answers how many
    /// rows that touched.
    pub async fn write_uses(&self, now: Timestamp) -> Result<usize, IdentityError> {
        let touched = self.sessions.take_touched();
        let of = |wanted: BearerKind| -> Vec<Uuid> {
            touched
                .iter()
                .filter(|((kind, _), _)| *kind == wanted)
                .map(|((_, id), _)| *id)
                .collect()
        };
        let (sessions, tokens) = (of(BearerKind::Session), of(BearerKind::Token));
        let last_use = touched.iter().map(|(_, at)| *at).max().unwrap_or(now);
        let policy = self.settings.session;
        let count = touched.len();
        let swept = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    session::store::touch(tx, &sessions, last_use).await?;
                    token::store::touch(tx, &tokens, last_use).await?;
                    Ok::<_, IdentityError>(session::store::sweep(tx, &policy, now).await?)
                })
            })
            .await?;
        Ok(count + usize::try_from(swept).unwrap_or(usize::MAX))
    }

    /// Reads units and roles again when another node changed them.
    pub async fn refresh(&self) -> Result<usize, IdentityError> {
        self.names.forget_all();
        if revision(self.db.read()).await? == self.revision.load(Ordering::Acquire) {
            return Ok(0);
        }
        self.reload().await?;
        Ok(1)
    }
}

/// This domain's reconcilers.
pub(crate) fn reconcilers(service: &Arc<IdentityService>) -> Vec<Reconciler> {
    let (uses, units) = (Arc::clone(service), Arc::clone(service));
    vec![
        Reconciler::new(
            "identity.sessions",
            TOUCH_EVERY.unsigned_abs(),
            move |now| {
                let service = Arc::clone(&uses);
                async move { service.write_uses(now).await.map_err(BoxError::from) }
            },
        )
        .on_each_node(),
        Reconciler::new("identity.units", REFRESH_EVERY, move |_now| {
            let service = Arc::clone(&units);
            async move { service.refresh().await.map_err(BoxError::from) }
        })
        .on_each_node(),
    ]
}
