//! Files of evidence on every database: who has them, whose they become, when they go.

use std::convert::Infallible;
use std::io::Write as _;

use bytes::Bytes;
use jiff::SignedDuration;
use yiwang_contracts::OrgScope;
use yiwang_kernel::Fault as _;
use yiwang_store::Examined;

use super::*;
use crate::model::{Attachment, Media, MediaId};
use crate::service::{MediaFault, Said};
use crate::testing::{clerk, within};

/// The smallest PNG: one black pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\
\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82";

const HANDLE: &[&str] = &["incident.read", "incident.handle", "incident.create"];

fn handler(n: u128) -> Actor {
    clerk(n, HANDLE, within(&[3]), 4)
}

/// A PDF that differs from others by its words.
fn document(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{words}").into_bytes()
}

impl Hub {
    async fn try_send(
        &self,
        content: &[u8],
        actor: &Actor,
        at: Timestamp,
    ) -> Result<Media, MediaFault> {
        let pieces: Vec<Result<Bytes, Infallible>> = content
            .chunks(if content.len() > 1024 { 1 << 16 } else { 16 })
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        let received = self
            .service
            .receive(futures::stream::iter(pieces), at)
            .await?;
        let said = Said {
            name: "a.pdf".to_owned(),
            ..Said::default()
        };
        self.service.keep(received, said, actor, at).await
    }

    async fn send(&self, content: &[u8], actor: &Actor) -> Media {
        self.try_send(content, actor, now()).await.unwrap()
    }

    async fn report_with(
        &self,
        case: &Incident,
        actor: &Actor,
        id: MediaId,
    ) -> Result<Arc<Incident>, IncidentError> {
        let body = json!({
            "task_id": case.tasks[0].id, "text": "已更换",
            "evidence": [{ "kind": "photo_after", "media_id": id }],
        });
        self.give(case.id, actor, "report", body, now()).await
    }
}

#[tokio::test]
async fn a_file_becomes_evidence_of_one_case_and_the_log_covers_its_bytes() {
    for hub in hubs().await {
        let (one, other) = (hub.handling(now()).await, hub.handling(now()).await);
        let sender = handler(7);
        let media = hub.send(&document("x"), &sender).await;
        assert_eq!((media.incident_id, media.name.as_str()), (None, "a.pdf"));

        let refused = hub.report_with(&one, &handler(8), media.id).await;
        assert_eq!(refused.unwrap_err().code(), "incident.unknown_media");
        let reported = hub.report_with(&one, &sender, media.id).await.unwrap();
        let digest = hex::encode(media.digest);
        let piece = &reported.tasks[0].doc.evidence[0];
        assert_eq!(piece.sha256.as_deref(), Some(digest.as_str()));
        let log = hub.service.timeline(one.id, &sender, now()).await.unwrap();
        assert!(log.last().unwrap().body.contains(&digest));

        let refused = hub.report_with(&other, &sender, media.id).await;
        assert_eq!(refused.unwrap_err().code(), "incident.unknown_media");
        let detail = hub.service.detail(one.id, &sender, now()).await.unwrap();
        assert_eq!(detail.media.len(), 1);
        assert_eq!(detail.media[0].incident_id, Some(one.id));
    }
}

#[tokio::test]
async fn a_file_is_seen_by_its_sender_and_then_by_whoever_sees_the_case() {
    for hub in hubs().await {
        let case = hub.handling(now()).await;
        let (sender, colleague) = (handler(7), handler(8));
        let stranger = clerk(9, HANDLE, within(&[4]), 4);
        let reader = clerk(10, HANDLE, OrgScope::All, 1);
        let media = hub.send(&document("x"), &sender).await;
        let sees = async |actor: &Actor| {
            let seen = hub.service.media(media.id, actor, now()).await;
            match seen {
                Ok(_) => true,
                Err(fault) => {
                    assert_eq!(fault.code(), "media.not_found");
                    false
                }
            }
        };
        assert!(sees(&sender).await);
        assert!(!sees(&colleague).await && !sees(&stranger).await && !sees(&person(1)).await);
        hub.report_with(&case, &sender, media.id).await.unwrap();
        assert!(sees(&sender).await && sees(&colleague).await && sees(&reader).await);
        assert!(!sees(&stranger).await);
        // The case becomes more secret than the reader may see.
        let body = json!({ "secrecy": 3, "reason": "涉密" });
        let case = hub.service.load(case.id).await.unwrap();
        hub.give(case.id, &person(1), "reclassify", body, now())
            .await
            .unwrap();
        assert!(sees(&sender).await && !sees(&reader).await);
    }
}

#[tokio::test]
async fn a_report_brings_its_files_and_none_that_are_not_its_senders() {
    for hub in hubs().await {
        let sender = handler(7);
        let media = hub.send(&document("x"), &sender).await;
        let mut new = report("路灯不亮");
        new.attachments = vec![
            Attachment::file(media.id),
            Attachment::link("https://example.org/a.jpg"),
        ];
        let create = async |actor: Actor| {
            let new = new.clone();
            hub.service
                .create(vec![new], &actor, now())
                .await
                .unwrap()
                .pop()
                .unwrap()
        };
        let refused = create(handler(8)).await.unwrap_err();
        assert_eq!(refused.code, "incident.intake.unknown_media");
        let stored = create(sender.clone()).await.unwrap();
        let case = hub.service.load(stored.id).await.unwrap();
        let own = &case.doc.attachments[0];
        assert_eq!(own.url, format!("/api/v1/media/{}", media.id));
        assert_eq!(own.sha256, Some(hex::encode(media.digest)));
        let refused = create(sender).await.unwrap_err();
        assert_eq!(refused.code, "incident.intake.unknown_media");
        let status = hub
            .service
            .public_status(&case.number, &case.query_code, now())
            .await
            .unwrap();
        assert_eq!(status.media, [], "an officer's file is not the citizen's");
    }
}

#[tokio::test]
async fn the_citizen_sees_again_what_he_sent_and_nothing_else() {
    for hub in hubs().await {
        let way_in = person(1);
        let (own, officers) = (
            hub.send(&document("own"), &way_in).await,
            hub.send(&document("other"), &handler(7)).await,
        );
        let mut new = report("路灯不亮");
        new.attachments = vec![Attachment::file(own.id)];
        let id = hub.create(new, now()).await;
        let body = json!({ "text": "补充", "attachments": [{ "media_id": officers.id }] });
        let officer = clerk(7, &["incident.read", "incident.accept"], OrgScope::All, 4);
        hub.give(id, &officer, "note", body, now()).await.unwrap();
        let case = hub.service.load(id).await.unwrap();
        assert_eq!(case.doc.attachments.len(), 2);
        let (number, code) = (case.number.as_str(), case.query_code.as_str());
        let status = hub.service.public_status(number, code, now()).await;
        let shown: Vec<MediaId> = status.unwrap().media.iter().map(|one| one.id).collect();
        assert_eq!(shown, [own.id]);
        let asked = async |code: &str, id| hub.service.public_media(number, code, id).await;
        assert!(asked(code, own.id).await.is_ok());
        for refused in [asked(code, officers.id).await, asked("WRONG", own.id).await] {
            assert_eq!(refused.unwrap_err().code(), "media.not_found");
        }
    }
}

#[tokio::test]
async fn files_that_nobody_uses_go_and_used_ones_stay() {
    for hub in hubs().await {
        let case = hub.handling(now()).await;
        let sender = handler(7);
        let used = hub.send(&document("used"), &sender).await;
        let twin = hub.send(&document("used"), &sender).await;
        let unused = hub.send(&document("unused"), &sender).await;
        hub.report_with(&case, &sender, used.id).await.unwrap();
        let day = SignedDuration::from_hours(24);
        assert_eq!(hub.service.sweep_media(now() + day).await.unwrap(), 0);
        let later = now() + day + SignedDuration::from_secs(1);
        assert_eq!(hub.service.sweep_media(later).await.unwrap(), 2);
        let on_disk = async |media: &Media| hub.blobs.examine(&media.digest).await.unwrap();
        assert_eq!(on_disk(&used).await, Examined::Whole);
        assert_eq!(on_disk(&unused).await, Examined::Missing);
        let seen = async |media: &Media| hub.service.media(media.id, &sender, later).await.is_ok();
        assert!(seen(&used).await && !seen(&twin).await && !seen(&unused).await);
        let refused = hub.report_with(&case, &sender, unused.id).await;
        assert!(refused.is_err());
    }
}

#[tokio::test]
async fn a_file_without_a_row_is_swept_once_it_is_old() {
    for hub in hubs().await {
        let mut staging = hub
            .blobs
            .stage(yiwang_kernel::new_uuid(now()))
            .await
            .unwrap();
        staging.write(b"%PDF- without a row").await.unwrap();
        let staged = staging.finish().await.unwrap();
        let digest = hub.blobs.keep(staged).await.unwrap().digest;
        let far = "2200-01-01T00:00:00Z".parse().unwrap();
        // One part of the folder a pass.
        let mut swept = 0;
        for _ in 0..256 {
            swept += hub.service.sweep_media(far).await.unwrap();
        }
        assert_eq!(swept, 1);
        let found = hub.blobs.examine(&digest).await.unwrap();
        assert_eq!(found, Examined::Missing);
    }
}

#[tokio::test]
async fn the_doctor_names_what_is_missing_altered_or_differs_from_the_log() {
    for hub in hubs().await {
        let case = hub.handling(now()).await;
        let sender = handler(7);
        let (used, waiting) = (
            hub.send(&document("used"), &sender).await,
            hub.send(&document("waiting"), &sender).await,
        );
        hub.report_with(&case, &sender, used.id).await.unwrap();
        let look = async || crate::verify_media(&hub.db.db, &hub.blobs).await.unwrap();
        let found = look().await;
        assert_eq!((found.files, found.broken_total), (2, 0));

        std::fs::remove_file(hub.blobs.path(&waiting.digest)).unwrap();
        let mut file = std::fs::File::options()
            .append(true)
            .open(hub.blobs.path(&used.digest))
            .unwrap();
        file.write_all(b"!").unwrap();
        let why: Vec<_> = look()
            .await
            .broken
            .into_iter()
            .map(|broken| (broken.id, broken.number, broken.why))
            .collect();
        let wanted = [
            (used.id, case.number.clone(), "its file was altered"),
            (waiting.id, String::new(), "its file is missing"),
        ];
        assert_eq!(why, wanted);

        // A row that was changed to fit another file.
        let other = hub.send(&document("forged"), &sender).await;
        let forged = other.digest.to_vec();
        let id = used.id.0;
        hub.db
            .db
            .write(move |tx| {
                Box::pin(async move {
                    use sea_orm::ConnectionTrait as _;
                    use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
                    let update = Query::update()
                        .table(Alias::new("incident_media"))
                        .value(Alias::new("sha256"), forged)
                        .and_where(Expr::col(Alias::new("id")).eq(id))
                        .take();
                    tx.execute(&update).await?;
                    Ok::<_, yiwang_store::StoreError>(())
                })
            })
            .await
            .unwrap();
        let broken = look().await.broken;
        let differs = "its row has another content than the log says";
        assert!(
            broken
                .iter()
                .any(|one| one.id == used.id && one.why == differs)
        );
    }
}

#[tokio::test]
async fn what_is_no_file_of_a_known_kind_is_refused_by_its_code() {
    for hub in hubs().await {
        let sender = handler(7);
        let large = [document("").as_slice(), &vec![b'x'; 33 << 20]].concat();
        let table: [(&[u8], &str); 7] = [
            (b"", "media.empty"),
            (
                b"<html><script>alert(1)</script></html>",
                "media.unsupported",
            ),
            (
                b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                "media.unsupported",
            ),
            (
                b"PK\x03\x04 a zip with a bomb in it .............",
                "media.unsupported",
            ),
            (b"\0\0\0\x18ftypheic", "media.unsupported"),
            (
                b"\xFF\xD8\xFF<html> not a picture at all, really",
                "media.broken",
            ),
            (&large, "media.too_large"),
        ];
        for (content, code) in table {
            let refused = hub.try_send(content, &sender, now()).await.unwrap_err();
            assert_eq!(refused.code(), code);
        }
        let drafts = std::fs::read_dir(hub.blobs.root().join("drafts"));
        assert_eq!(
            drafts.map_or(0, Iterator::count),
            0,
            "refused files leave nothing"
        );
        let picture = hub.send(PNG, &sender).await;
        assert_eq!(picture.size, Some((1, 1)));
    }
}

#[tokio::test]
async fn a_person_cannot_fill_the_disk_with_files_that_hang_on_nothing() {
    for hub in hubs().await {
        let sender = handler(7);
        for n in 0..200 {
            hub.send(&document(&n.to_string()), &sender).await;
        }
        let refused = hub.try_send(&document("more"), &sender, now()).await;
        assert_eq!(refused.unwrap_err().code(), "media.too_many_waiting");
        hub.send(&document("another's"), &handler(8)).await;
    }
}
