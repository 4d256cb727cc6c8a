//! Alarms for those who count them.

use futures::future::BoxFuture;
use yiwang_contracts::{AlarmFacts, AlarmFigures, Asked};
use yiwang_kernel::{IntoFault as _, Timestamp};
use yiwang_rules::Severity;

use super::AlertingService;
use crate::alarm::Alarm;
use crate::error::AlertingError;
use crate::store;

impl AlarmFigures for AlertingService {
    fn alarms(&self, since: Timestamp, limit: u32) -> BoxFuture<'_, Asked<Vec<AlarmFacts>>> {
        Box::pin(async move {
            let alarms = store::alarms::counted(self.db.read(), since, limit)
                .await
                .map_err(|error| AlertingError::from(error).into_fault())?;
            Ok(alarms.into_iter().map(facts).collect())
        })
    }
}

fn facts(alarm: Alarm) -> AlarmFacts {
    AlarmFacts {
        severity: match alarm.severity {
            Severity::I => 1,
            Severity::II => 2,
            Severity::III => 3,
            Severity::IV => 4,
        },
        rule: alarm.rule,
        profile: alarm.profile,
        device: alarm.device,
        area: alarm.area,
        org: alarm.org_id,
        raised_at: alarm.opened_at,
        acknowledged_at: alarm.acknowledged_at,
        ended_at: alarm.ended_at,
    }
}
