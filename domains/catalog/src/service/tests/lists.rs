use jiff::SignedDuration;
use serde_json::json;
use yiwang_contracts::{Catalog, ResponsibilityQuery};
use yiwang_kernel::{Clock, Timestamp};

use super::*;
use crate::error::CatalogError;
use crate::model::ResponsibilityRule;
use crate::service::{CreateDraft, DraftDetail, ListView, PublishDraft, UpdateDraft};
use crate::store::DraftState;

impl World {
    async fn with_city() -> Vec<Self> {
        let worlds = Self::all().await;
        for world in &worlds {
            world.install(&core()).await;
        }
        worlds
    }

    /// A draft with changed rules.
    async fn draft(&self, change: impl Fn(&mut Vec<ResponsibilityRule>)) -> DraftDetail {
        let create = CreateDraft {
            title: "调整".to_owned(),
        };
        let draft = self.service.create_draft(create, &actor()).await.unwrap();
        let mut rules = draft.rules.clone();
        change(&mut rules);
        let update = UpdateDraft {
            rules: Some(rules),
            ..UpdateDraft::default()
        };
        self.service
            .update_draft(draft.draft.id, update, Some(draft.draft.version), &actor())
            .await
            .unwrap()
    }

    async fn publish(
        &self,
        draft: &DraftDetail,
        day: &str,
        accept: Option<&str>,
    ) -> Result<ListView, CatalogError> {
        let publish = PublishDraft {
            valid_from: day.parse().unwrap(),
            accept_faults: accept.map(str::to_owned),
        };
        self.service
            .publish(draft.draft.id, publish, None, &actor())
            .await
    }

    fn lead(&self, item: &str, area: &str, at: Timestamp) -> Option<String> {
        let query = ResponsibilityQuery {
            item: item.into(),
            area: Some(area.into()),
            at,
        };
        self.service
            .responsible(&[query])
            .remove(0)
            .lead
            .map(|lead| lead.code)
    }
}

fn rule(id: &str, item: &str, area: &str, lead: &str) -> ResponsibilityRule {
    let value =
        json!({"id": id, "items": [item], "areas": [area], "lead": lead, "basis": "会议纪要"});
    serde_json::from_value(value).unwrap()
}

fn code(fault: &CatalogError) -> &'static str {
    fault.code()
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story")]
async fn a_draft_becomes_the_list_from_its_day_on() {
    for world in World::with_city().await {
        let draft = world
            .draft(|rules| rules.push(rule("new", "05.02", "320281001", "zjj")))
            .await;
        let now = world.clock.now();
        let diff = world.service.draft_diff(draft.draft.id, now).await.unwrap();
        assert_eq!(
            (diff.changes.len(), diff.changed_pairs, diff.leads.len()),
            (1, 2, 1)
        );
        assert_eq!(
            (diff.leads[0].area.as_str(), diff.leads[0].count),
            ("320281001", 2)
        );
        assert_eq!(diff.leads[0].after.as_ref().unwrap().code, "zjj");
        let check = world
            .service
            .draft_check(draft.draft.id, now)
            .await
            .unwrap();
        assert_eq!(
            (
                check.report.pairs,
                check.report.covered_pairs,
                check.opened.faults.len()
            ),
            (8, 8, 0)
        );

        let list = world.publish(&draft, "2026-12-01", None).await.unwrap();
        assert_eq!(
            (list.version, list.changes.added, list.accepted),
            (2, 1, None)
        );
        let (before, after) = (
            "2026-11-30T15:59:59Z".parse().unwrap(),
            "2026-11-30T16:00:00Z".parse().unwrap(),
        );
        assert_eq!(
            world.lead("05.02", "320281001", before).as_deref(),
            Some("320281001")
        );
        assert_eq!(
            world.lead("05.02", "320281001", after).as_deref(),
            Some("zjj")
        );
        let closed = world.service.draft(draft.draft.id).await.unwrap();
        assert_eq!(
            (closed.draft.state, closed.draft.list_version),
            (DraftState::Published, Some(2))
        );
        assert_eq!(
            code(&world.publish(&draft, "2026-12-01", None).await.unwrap_err()),
            "responsibility.draft_closed"
        );
        assert_eq!(
            world.log.actions(),
            [
                "responsibility.draft_create",
                "responsibility.draft_update",
                "responsibility.publish"
            ]
        );
        assert_eq!(
            world.events().await.last().unwrap(),
            "catalog.responsibility_published"
        );
        let detail = world.service.list(2).await.unwrap();
        assert_eq!((detail.diff.len(), detail.rules.len()), (1, 3));
        let packs: Vec<Option<String>> = detail.rules.into_iter().map(|rule| rule.pack).collect();
        assert_eq!(
            packs,
            [Some("core".to_owned()), Some("core".to_owned()), None]
        );
        assert_eq!(world.service.lists().await.unwrap().len(), 2);
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story")]
async fn what_opens_a_fault_is_refused_until_somebody_takes_it() {
    for world in World::with_city().await {
        let draft = world
            .draft(|rules| {
                rules.retain(|rule| rule.id != "trees");
                rules.push(rule("rival", "01", "*", "zjj"));
            })
            .await;
        let fault = world.publish(&draft, "2026-11-23", None).await.unwrap_err();
        assert_eq!(code(&fault), "responsibility.opens_fault");
        let data = fault.data();
        assert_eq!(
            (data["hole_pairs"].as_u64(), data["overlap_pairs"].as_u64()),
            (Some(4), Some(4))
        );
        let groups: Vec<String> = data["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| {
                format!(
                    "{} {} {} {}",
                    fault["kind"], fault["item"], fault["area"], fault["count"]
                )
            })
            .collect();
        assert_eq!(
            groups,
            [
                "\"hole\" \"05\" \"320281\" 4",
                "\"overlap\" \"01\" \"320281\" 4"
            ]
        );
        assert_eq!(data["faults"][1]["rules"], json!(["city", "rival"]));
        assert_eq!(world.service.snapshot().list_latest().unwrap().version, 1);

        assert_eq!(
            code(
                &world
                    .publish(&draft, "2026-11-23", Some("  "))
                    .await
                    .unwrap_err()
            ),
            "catalog.invalid"
        );
        let list = world
            .publish(&draft, "2026-11-23", Some("机构改革过渡期"))
            .await
            .unwrap();
        assert_eq!(
            (list.accepted.as_deref(), list.opened_pairs),
            (Some("机构改革过渡期"), 8)
        );
        let entry = world.log.0.lock().unwrap().last().cloned().unwrap();
        assert_eq!(entry.detail["accepted"], "机构改革过渡期");
        let report = world
            .service
            .check_published(world.clock.now())
            .await
            .unwrap();
        assert_eq!(
            (report.hole_pairs, report.overlap_pairs, report.list_version),
            (4, 4, Some(2))
        );
        assert_eq!(
            (report.holes[0].count, report.overlaps[0].rules.len()),
            (4, 2)
        );

        // A list that only keeps known faults opens none.
        world.clock.advance(SignedDuration::from_hours(1));
        let draft = world
            .draft(|rules| rules[0].assistants.push("zjj".to_owned()))
            .await;
        let list = world
            .publish(&draft, "2026-11-23", Some("不需要"))
            .await
            .unwrap();
        assert_eq!((list.version, list.accepted), (3, None));
    }
}

#[tokio::test]
async fn a_fault_that_comes_later_is_seen_before() {
    let world = World::with_city().await.remove(0);
    let draft = world
        .draft(|rules| rules[1].valid_to = Some("2027-03-01".parse().unwrap()))
        .await;
    let fault = world.publish(&draft, "2026-12-01", None).await.unwrap_err();
    let data = fault.data();
    assert_eq!(data["faults"][0]["from"], "2027-02-28T16:00:00Z");
    assert_eq!(data["dates"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn drafts_do_not_overwrite_each_other() {
    for world in World::with_city().await {
        let first = world
            .draft(|rules| rules.push(rule("a", "05.02", "320281001", "zjj")))
            .await;
        let second = world
            .draft(|rules| rules.push(rule("b", "05.02", "320281002", "zjj")))
            .await;
        let update = UpdateDraft {
            title: Some("改".to_owned()),
            ..UpdateDraft::default()
        };
        let fault = world
            .service
            .update_draft(first.draft.id, update, Some(1), &actor())
            .await
            .map(drop)
            .unwrap_err();
        assert_eq!(
            (code(&fault), fault.data()["version"].as_i64()),
            ("responsibility.draft_changed", Some(2))
        );
        world.publish(&first, "2026-11-23", None).await.unwrap();
        let fault = world
            .publish(&second, "2026-11-23", None)
            .await
            .unwrap_err();
        assert_eq!(code(&fault), "responsibility.base_moved");
        let rules = [
            world.service.snapshot().latest_rules(),
            vec![rule("b", "05.02", "320281002", "zjj")],
        ]
        .concat();
        let update = UpdateDraft {
            rules: Some(rules),
            base: Some(2),
            ..UpdateDraft::default()
        };
        let second = world
            .service
            .update_draft(second.draft.id, update, None, &actor())
            .await
            .unwrap();
        assert_eq!(
            world
                .publish(&second, "2026-11-23", None)
                .await
                .unwrap()
                .version,
            3
        );

        let third = world.draft(|_| {}).await;
        assert_eq!(
            code(&world.publish(&third, "2026-11-23", None).await.unwrap_err()),
            "responsibility.nothing_changed"
        );
        let fault = world.publish(&third, "2026-11-22", None).await.unwrap_err();
        assert_eq!(code(&fault), "responsibility.too_early");
        let gone = world
            .service
            .discard_draft(third.draft.id, None, &actor())
            .await
            .unwrap();
        assert_eq!(gone.state, DraftState::Discarded);
        assert_eq!(world.service.drafts().await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn every_fault_of_a_draft_is_told_with_its_field() {
    let world = World::with_city().await.remove(0);
    let create = CreateDraft {
        title: "调整".to_owned(),
    };
    let draft = world.service.create_draft(create, &actor()).await.unwrap();
    let mut bad = rule("city", "09", "320281009", "cgx");
    bad.assistants = vec!["@nowhere".to_owned()];
    let rules = [draft.rules.clone(), vec![bad]].concat();
    let update = UpdateDraft {
        rules: Some(rules),
        ..UpdateDraft::default()
    };
    let fault = world
        .service
        .update_draft(draft.draft.id, update, None, &actor())
        .await
        .unwrap_err();
    let paths: Vec<String> = fault.fields().into_iter().map(|field| field.path).collect();
    assert_eq!(
        paths,
        [
            "/rules/2/id",
            "/rules/2/items/0",
            "/rules/2/areas/0",
            "/rules/2/lead",
            "/rules/2/assistants/0"
        ]
    );
    let blank = world
        .service
        .create_draft(
            CreateDraft {
                title: " ".to_owned(),
            },
            &actor(),
        )
        .await
        .unwrap_err();
    assert_eq!(blank.fields()[0].path, "/title");
}

#[tokio::test]
async fn a_pack_keeps_what_was_changed_here() {
    let world = World::with_city().await.remove(0);
    let draft = world.draft(|rules| rules[0].lead = "zjj".to_owned()).await;
    world.publish(&draft, "2026-11-23", None).await.unwrap();
    world.clock.advance(SignedDuration::from_hours(1));
    let changed = changed_core(|sections| {
        sections["responsibility"][0]["basis"] = json!("新的三定方案");
        sections["responsibility"][1]["assistants"] = json!(["zjj"]);
    });
    world.install(&changed).await;
    let rules = world.service.snapshot().latest_rules();
    assert_eq!(
        (rules[0].lead.as_str(), rules[0].pack.as_deref()),
        ("zjj", None)
    );
    let opened = world.service.list(3).await.unwrap();
    assert_eq!((opened.list.opened_pairs, opened.list.accepted), (0, None));
    assert_eq!(
        (rules[1].assistants.len(), rules[1].pack.as_deref()),
        (1, Some("core"))
    );
    assert_eq!(world.service.snapshot().list_latest().unwrap().version, 3);
}

#[tokio::test]
async fn what_a_pack_opens_stays_with_the_version() {
    let world = World::with_city().await.remove(0);
    world.clock.advance(SignedDuration::from_hours(1));
    let changed = changed_core(|sections| {
        sections["responsibility"].as_array_mut().unwrap().pop();
    });
    world.install(&changed).await;
    let list = world.service.list(2).await.unwrap();
    assert_eq!(
        (list.opened.hole_pairs, list.list.accepted.as_deref()),
        (4, Some("core 2"))
    );
}
