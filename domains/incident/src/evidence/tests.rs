use jiff::SignedDuration;
use yiwang_contracts::{OrgId, TaskId, UserId};
use yiwang_kernel::{Position, Uuid, sha256};
use yiwang_media::Kind;

use super::*;
use crate::lifecycle::CommandKind;
use crate::model::{TaskDoc, TaskRole, TaskStatus};
use crate::testing::{World, monday, org, person};

fn file(n: u128, content: &[u8]) -> Media {
    Media {
        id: MediaId(Uuid::from_u128(n)),
        digest: sha256(content),
        kind: Kind::Jpeg,
        bytes: content.len() as u64,
        size: Some((4, 3)),
        taken_at: None,
        position: None,
        name: "a.jpg".to_owned(),
        uploaded_by: Some(UserId(Uuid::from_u128(1))),
        uploader: "p1".to_owned(),
        at: monday(),
        incident_id: None,
    }
}

fn clerk(n: u128) -> Actor {
    Actor {
        system: false,
        ..person(n)
    }
}

fn case(n: u128) -> IncidentId {
    IncidentId(Uuid::from_u128(n))
}

fn report(id: MediaId) -> Command {
    let body = json!({
        "task_id": Uuid::from_u128(5), "text": "x",
        "evidence": [{ "kind": "photo_after", "media_id": id, "sha256": "a lie" }],
    });
    Command::parse(CommandKind::Report, body).unwrap()
}

#[test]
fn only_ones_own_free_files_become_evidence_and_each_of_one_case() {
    let media = file(1, b"x");
    let mut claims = Claims::of(vec![media.clone()]);
    let command = report(media.id);
    let refused = Some(UnknownMedia(media.id));
    let refusal = |claims: &Claims, case, actor: &Actor| claims.fill(&command, case, actor).err();
    // Another's file, and one that is not there.
    assert_eq!(refusal(&claims, case(1), &clerk(2)), refused);
    assert_eq!(refusal(&claims, case(1), &person(1)), refused);
    assert_eq!(refusal(&Claims::default(), case(1), &clerk(1)), refused);

    let filled = claims.fill(&command, case(1), &clerk(1)).unwrap();
    let digest = hex::encode(sha256(b"x"));
    assert_eq!(
        filled.evidence()[0].sha256.as_deref(),
        Some(digest.as_str())
    );
    assert_eq!(
        said(&filled),
        Some(json!([{ "kind": "photo_after", "media_id": media.id, "sha256": digest }]))
    );
    claims.take(&named(&filled), case(1));
    claims.take(&named(&filled), case(1));
    assert_eq!(claims.taken(), [(media.id, case(1))]);
    // In its case others may refer to it; no other case can have it.
    assert_eq!(refusal(&claims, case(1), &clerk(2)), None);
    assert_eq!(refusal(&claims, case(2), &clerk(1)), refused);
}

#[test]
fn an_attachment_gets_its_address_and_a_link_stays_a_link() {
    let media = file(1, b"x");
    let claims = Claims::of(vec![media.clone()]);
    let link = Attachment::link("https://example.org/a.jpg");
    let own = Attachment {
        media_id: Some(media.id),
        ..Attachment::link("")
    };
    let filled = claims
        .attachments(&[link.clone(), own], None, &clerk(1))
        .unwrap();
    assert_eq!(filled[0], link);
    assert_eq!(filled[1].url, format!("/api/v1/media/{}", media.id));
    assert_eq!(filled[1].name, "a.jpg");
}

fn piece(kind: &str, media: &Media) -> Evidence {
    Evidence {
        kind: kind.to_owned(),
        media_id: Some(media.id),
        media_url: None,
        sha256: None,
        note: None,
    }
}

/// The doubts about `after`, when both are evidence of a task that was sent out on Monday.
fn found(before: &Media, after: &Media, elsewhere: &[&[u8]]) -> Vec<Doubt> {
    let mut incident = World::new().fresh(monday());
    incident.tasks.push(Task {
        no: 1,
        id: TaskId(Uuid::from_u128(5)),
        org_id: OrgId(org(3).0),
        role: TaskRole::Lead,
        status: TaskStatus::Reported,
        assignee: None,
        doc: TaskDoc {
            dispatched_at: Some(monday()),
            evidence: vec![piece(BEFORE, before), piece(AFTER, after)],
            ..TaskDoc::default()
        },
    });
    let elsewhere = elsewhere.iter().map(|content| sha256(content)).collect();
    let files = [before.clone(), after.clone()];
    let mut doubts = doubts(&incident, &files, &elsewhere, 10);
    assert!(!doubts.contains_key(&before.id) || before.digest == after.digest);
    doubts.remove(&after.id).unwrap_or_default()
}

#[test]
fn doubts_are_raised_by_time_place_and_sameness() {
    let (before, after) = (file(1, b"x"), file(2, b"y"));
    let place = |lon: f64| Some(Position { lon, lat: 31.9 });
    let just = |kind, metres| vec![Doubt { kind, metres }];
    assert_eq!(found(&before, &after, &[]), []);

    let early = Media {
        taken_at: Some(monday() - SignedDuration::from_mins(1)),
        ..after.clone()
    };
    let doubt = just(DoubtKind::BeforeTask, None);
    assert_eq!(found(&before, &early, &[]), doubt);
    let early_before = Media {
        taken_at: early.taken_at,
        ..before.clone()
    };
    assert_eq!(found(&early_before, &after, &[]), []);

    let same = Media {
        digest: before.digest,
        ..after.clone()
    };
    assert_eq!(found(&before, &same, &[]), just(DoubtKind::SameFile, None));
    let doubt = just(DoubtKind::UsedElsewhere, None);
    assert_eq!(found(&before, &after, &[b"y"]), doubt);

    let here = Media {
        position: place(120.28),
        ..before.clone()
    };
    for (lon, metres) in [(120.280_05, None), (120.281, Some(94))] {
        let there = Media {
            position: place(lon),
            ..after.clone()
        };
        let kinds = found(&here, &there, &[]);
        assert_eq!(kinds.first().and_then(|doubt| doubt.metres), metres);
        assert_eq!(kinds.is_empty(), metres.is_none());
    }
}
