//! What was refused is kept within bounds, found, shown masked, revealed for a purpose, let go.

use axum::body::Bytes;
use jiff::SignedDuration;
use serde_json::json;
use yiwang_contracts::AuditOutcome;

use super::{Hub, hub_keeping, hubs, now, report};
use crate::IncidentError;
use crate::model::{NewIncident, Refused, RefusedReport, Sent, Source};
use crate::service::{Keeping, Withheld};
use crate::store::{RefusalFilter, RefusalRow};
use crate::testing::{clerk, person, within};

const PHONE: &str = "13800001234";

/// A report about an item that there is not, as a client sent it.
fn unknown(reference: &str) -> NewIncident {
    let body = json!({ "source": "hotline", "source_ref": reference, "title": "油烟",
        "item_code": "99.99", "reporter": { "name": "王小五", "phone": PHONE } });
    let mut new = report("油烟");
    new.item_code = Some("99.99".to_owned());
    new.source_ref = Some(reference.to_owned());
    new.sent = Some(Sent::json("rest", Bytes::from(body.to_string())));
    new
}

async fn refuse(hub: &Hub, new: NewIncident, days_ago: i64) {
    let at = now() - SignedDuration::from_hours(24 * days_ago);
    let answers = hub.service.create(vec![new], &person(1), at).await.unwrap();
    assert!(answers[0].is_err());
}

async fn all(hub: &Hub, filter: &RefusalFilter) -> Vec<RefusalRow> {
    hub.service.refusals(filter, None, 100).await.unwrap()
}

#[tokio::test]
async fn a_payload_is_shown_masked_and_in_clear_only_for_a_purpose() {
    for hub in hubs().await {
        refuse(&hub, unknown("A-1"), 0).await;
        let row = all(&hub, &RefusalFilter::default()).await.remove(0);
        assert_eq!(row.code, "incident.intake.unknown_item");
        assert_eq!(
            (row.via.as_str(), row.payload_bytes),
            ("rest", row.kept_bytes)
        );
        let officer = person(1);
        let detail = hub.service.refusal(row.id, &officer, now()).await.unwrap();
        let shown = detail.payload.unwrap();
        assert!(shown.contains("王*五") && shown.contains("油烟"));
        assert!(!shown.contains(PHONE) && !shown.contains("王小五"));

        let reveal = async |purpose: &str, actor| {
            hub.service
                .reveal_refusal(row.id, purpose, actor, now())
                .await
        };
        assert!(reveal(" ", &officer).await.is_err(), "a purpose is needed");
        assert!(hub.audit.0.lock().unwrap().is_empty());
        assert!(reveal("回拨核实", &officer).await.unwrap().contains(PHONE));
        // Whoever reads only elsewhere is shown the reason, not the case.
        let elsewhere = clerk(9, &["incident.read", "incident.reveal"], within(&[5]), 4);
        let detail = hub
            .service
            .refusal(row.id, &elsewhere, now())
            .await
            .unwrap();
        assert_eq!(
            (detail.payload, detail.withheld),
            (None, Some(Withheld::NoRight))
        );
        let refused = reveal("看看", &elsewhere).await;
        assert!(matches!(refused, Err(IncidentError::Denied { .. })));
        let entries = hub.audit.0.lock().unwrap();
        let said: Vec<_> = entries
            .iter()
            .map(|entry| (entry.action.as_str(), entry.outcome))
            .collect();
        assert_eq!(
            said,
            [
                ("intake.reveal", AuditOutcome::Done),
                ("intake.reveal", AuditOutcome::Refused)
            ]
        );
        assert!(!entries[0].detail.to_string().contains(PHONE));
    }
}

#[tokio::test]
async fn refusals_are_found_by_source_code_reference_and_time() {
    for hub in hubs().await {
        refuse(&hub, unknown("A-1"), 3).await;
        refuse(&hub, unknown("A_2"), 2).await;
        let unreadable = RefusedReport {
            refused: Refused {
                code: "webhook.unreadable",
                field: "",
                message: format!("invalid value {PHONE}"),
            },
            source_ref: None,
            sent: Some(Sent::json(
                "webhook:line",
                Bytes::from_static(b"{\"ref\": "),
            )),
        };
        let noted = hub
            .service
            .note_refused(Source::Police, vec![unreadable], now());
        noted.await.unwrap();
        let count = async |filter: RefusalFilter| all(&hub, &filter).await.len();
        let none = RefusalFilter::default;
        assert_eq!(count(none()).await, 3);
        let source = Some(Source::Police);
        let police = all(&hub, &RefusalFilter { source, ..none() }).await;
        assert_eq!(police.len(), 1);
        assert!(!police[0].message.contains(PHONE), "{}", police[0].message);
        let detail = hub.service.refusal(police[0].id, &person(1), now()).await;
        assert_eq!(detail.unwrap().withheld, Some(Withheld::Unreadable));
        let code = Some("incident.intake.unknown_item".to_owned());
        assert_eq!(count(RefusalFilter { code, ..none() }).await, 2);
        for (reference, found) in [("A", 2), ("A_", 1), ("A%", 0)] {
            let reference = Some(reference.to_owned());
            assert_eq!(
                count(RefusalFilter {
                    reference,
                    ..none()
                })
                .await,
                found
            );
        }
        let from = Some(now() - SignedDuration::from_hours(60));
        assert_eq!(count(RefusalFilter { from, ..none() }).await, 2);
        let until = from;
        assert_eq!(count(RefusalFilter { until, ..none() }).await, 1);
    }
}

#[tokio::test]
async fn bytes_days_and_rows_are_bounded() {
    for first in hubs().await {
        let keeping = Keeping {
            bytes_max: 10,
            days: 30,
            rows_max: 2,
        };
        let hub = hub_keeping(first.db, 1, keeping).await;
        refuse(&hub, unknown("old"), 31).await;
        for reference in ["a", "b", "c"] {
            refuse(&hub, unknown(reference), 1).await;
        }
        let rows = all(&hub, &RefusalFilter::default()).await;
        assert!(
            rows.iter()
                .all(|row| row.kept_bytes == 10 && row.payload_bytes > 100)
        );
        assert_eq!(hub.service.prune_refusals(now()).await.unwrap(), 2);
        let left: Vec<Option<String>> = all(&hub, &RefusalFilter::default())
            .await
            .into_iter()
            .map(|row| row.source_ref)
            .collect();
        assert_eq!(left, [Some("c".to_owned()), Some("b".to_owned())]);
        assert_eq!(hub.service.prune_refusals(now()).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_corrected_report_becomes_a_case_once() {
    for hub in hubs().await {
        refuse(&hub, unknown("A-1"), 0).await;
        let row = all(&hub, &RefusalFilter::default()).await.remove(0);
        let row = hub.service.to_resubmit(row.id).await.unwrap();
        let mut corrected = report("油烟");
        corrected.source_ref = Some("A-1".to_owned());
        let mut other = corrected.clone();
        other.source = Source::Police;
        let moved = hub.service.resubmit(&row, other, &person(1), now()).await;
        assert!(matches!(
            moved,
            Err(IncidentError::Invalid {
                field: "source",
                ..
            })
        ));
        let stored = hub
            .service
            .resubmit(&row, corrected, &person(1), now())
            .await;
        let stored = stored.unwrap();
        let after = all(&hub, &RefusalFilter::default()).await.remove(0);
        assert_eq!(after.incident_id, Some(stored.id));
        let open = RefusalFilter {
            open: true,
            ..RefusalFilter::default()
        };
        assert!(all(&hub, &open).await.is_empty());
        let again = hub.service.to_resubmit(row.id).await;
        assert!(matches!(again, Err(IncidentError::Settled)));
    }
}
