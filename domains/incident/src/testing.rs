//! A small city for tests: units, items with checks and evidence, limits for every step.

use std::collections::HashSet;
use std::sync::Arc;

use yiwang_contracts::{
    Actor, AreaBrief, AreaOutline, Catalog, CheckLine, ClockKind, Grade, Grant, IncidentId,
    ItemPolicy, ItemSuggestion, OrgBrief, OrgId, OrgKind, OrgScope, Organisations, Responsibility,
    ResponsibilityQuery, StepLimit, UserId,
};
use yiwang_kernel::{AreaCode, Position, Text, Timestamp, Uuid};
use yiwang_worktime::Calendar;

use crate::lifecycle::{Context, LifecycleRules};
use crate::model::{Doc, Incident, Light, Source, Status};

pub(crate) fn org(n: u128) -> OrgId {
    OrgId(Uuid::from_u128(0x1000 + n))
}

/// jy 1, coc 2, cgj 3 with section 4, town 5 with village 6 and grid 7, company 8.
pub(crate) struct City;

const UNITS: [(u128, &str, OrgKind, u128, &str); 8] = [
    (1, "jy", OrgKind::City, 0, "320281"),
    (2, "coc", OrgKind::City, 1, ""),
    (3, "cgj", OrgKind::Department, 1, ""),
    (4, "cgj-1", OrgKind::Department, 3, ""),
    (5, "320281001", OrgKind::Town, 1, "320281001"),
    (6, "320281001003", OrgKind::Village, 5, "320281001003"),
    (7, "320281001003001", OrgKind::Grid, 6, "320281001003001"),
    (8, "water", OrgKind::Company, 1, ""),
];

impl Organisations for City {
    fn by_id(&self, ids: &[OrgId]) -> Vec<Option<OrgBrief>> {
        let all = self.all();
        ids.iter()
            .map(|id| all.iter().find(|brief| brief.id == *id).cloned())
            .collect()
    }

    fn by_code(&self, codes: &[&str]) -> Vec<Option<OrgBrief>> {
        let all = self.all();
        codes
            .iter()
            .map(|code| all.iter().find(|brief| brief.code == *code).cloned())
            .collect()
    }

    fn subtree(&self, root: OrgId) -> Vec<OrgId> {
        let below = |id: &OrgId| self.ancestors(*id).contains(&root);
        self.all()
            .into_iter()
            .map(|brief| brief.id)
            .filter(below)
            .collect()
    }

    fn ancestors(&self, id: OrgId) -> Vec<OrgId> {
        let mut path = Vec::new();
        let mut at = UNITS.iter().find(|unit| org(unit.0) == id);
        while let Some(unit) = at {
            path.push(org(unit.0));
            at = UNITS.iter().find(|above| above.0 == unit.3);
        }
        path
    }

    fn search(&self, text: &str, limit: usize) -> Vec<OrgBrief> {
        let found = self
            .all()
            .into_iter()
            .filter(|brief| brief.code.contains(text));
        found.take(limit).collect()
    }

    fn all(&self) -> Vec<OrgBrief> {
        UNITS
            .iter()
            .map(|(n, code, kind, parent, area)| OrgBrief {
                id: org(*n),
                code: (*code).to_owned(),
                name: Text::new(format!("单位{code}"), format!("unit {code}")),
                kind: *kind,
                parent_id: (*parent != 0).then(|| org(*parent)),
                area: (!area.is_empty()).then(|| AreaCode::from(*area)),
            })
            .collect()
    }
}

/// Items: `01.01` plain, `01.02` with evidence and required checks, `02.01` secret (level 4), `03.01` handled in
/// stages one after another, `03.02` in stages side by side.
pub(crate) struct Rulebook {
    pub(crate) version: u32,
    pub(crate) office: Arc<Calendar>,
}

impl Rulebook {
    pub(crate) fn new() -> Self {
        let spec = serde_json::json!({
            "name": "office", "title": { "zh": "机关工作时间" }, "kind": "weekly",
            "weekdays": ["mon", "tue", "wed", "thu", "fri"],
            "shifts": ["08:30-11:30", "13:30-17:30"],
        });
        let spec = serde_json::from_value(spec).expect("a well-formed calendar");
        let office = Arc::new(Calendar::new(spec).expect("a sound calendar"));
        Self { version: 1, office }
    }
}

fn check(code: &str, required: bool) -> CheckLine {
    CheckLine {
        code: code.to_owned(),
        text: Text::zh(code),
        required,
    }
}

type Stage = (&'static str, &'static str, bool);

fn staged(item: Option<&str>) -> &'static [Stage] {
    match item {
        Some("03.01") => &[
            ("停工", "4wh", false),
            ("处罚", "7wd", true),
            ("拆除", "20wd", true),
        ],
        Some("03.02") => &[("垃圾", "4wh", false), ("渣土", "2wd", false)],
        _ => &[],
    }
}

impl Catalog for Rulebook {
    fn item(&self, code: &str, _at: Timestamp) -> Option<Arc<ItemPolicy>> {
        let strict = code == "01.02";
        let lines = |code: &str| {
            if strict {
                vec![check(code, true)]
            } else {
                Vec::new()
            }
        };
        ["01.01", "01.02", "02.01", "03.01", "03.02"]
            .contains(&code)
            .then(|| {
                Arc::new(ItemPolicy {
                    code: code.to_owned(),
                    version: 3,
                    name: Text::zh(format!("事项{code}")),
                    path: vec![Text::zh("市容")],
                    grade: if strict { Grade::III } else { Grade::IV },
                    secrecy: if code == "02.01" { 4 } else { 1 },
                    self_handling: code != "02.01",
                    register_checks: lines("r1"),
                    refuse_checks: lines("n1"),
                    close_checks: lines("c1"),
                    evidence: if strict {
                        vec!["photo_after".to_owned()]
                    } else {
                        Vec::new()
                    },
                    merge_window_hours: 72,
                    merge_radius_m: 60.0,
                    verified: true,
                })
            })
    }

    fn outlines(&self) -> Vec<AreaOutline> {
        Vec::new()
    }

    fn leaves(&self, at: Timestamp) -> Vec<Arc<ItemPolicy>> {
        let codes = ["01.01", "01.02", "02.01"];
        codes
            .iter()
            .filter_map(|code| self.item(code, at))
            .collect()
    }

    fn limits(&self, item: Option<&str>, grade: Grade, _at: Timestamp) -> Vec<StepLimit> {
        let stages = staged(item);
        let slow: &[(ClockKind, &str)] = &[
            (ClockKind::Accept, "30m"),
            (ClockKind::Register, "1h"),
            (ClockKind::Dispatch, "2h"),
            (ClockKind::Sign, "1wd"),
            (ClockKind::Contact, "1wd"),
            (ClockKind::Handle, "5wd"),
            (ClockKind::Verify, "1wd"),
            (ClockKind::Close, "1wd"),
            (ClockKind::Total, "15wd"),
        ];
        let quick: &[(ClockKind, &str)] = &[
            (ClockKind::Accept, "5m"),
            (ClockKind::Sign, "15m"),
            (ClockKind::Contact, "30m"),
            (ClockKind::Arrive, "60m"),
            (ClockKind::Handle, "24h"),
        ];
        let table = if grade <= Grade::II { quick } else { slow };
        let limit = |kind: ClockKind, limit: &str| StepLimit {
            kind,
            limit: limit.parse().expect("a limit"),
            calendar: Arc::clone(&self.office),
            yellow: 0.7,
            orange: 0.9,
            stage: None,
            follows: false,
        };
        let whole = table
            .iter()
            .filter(|(kind, _)| stages.is_empty() || *kind != ClockKind::Handle)
            .map(|(kind, words)| limit(*kind, words));
        let stages = stages.iter().map(|(stage, words, follows)| StepLimit {
            stage: Some(Text::zh(*stage)),
            follows: *follows,
            ..limit(ClockKind::Handle, words)
        });
        whole.chain(stages).collect()
    }

    fn escalate_at(&self, grade: Grade, _at: Timestamp) -> Option<f64> {
        match grade {
            Grade::I => Some(0.5),
            Grade::II => Some(0.7),
            Grade::III => Some(0.8),
            Grade::IV => Some(0.9),
            Grade::V => None,
        }
    }

    fn version(&self) -> i64 {
        17
    }

    fn calendar(&self, name: &str) -> Option<Arc<Calendar>> {
        (name == "office").then(|| Arc::clone(&self.office))
    }

    fn calendar_version(&self) -> u32 {
        self.version
    }

    fn suggest(&self, _text: &str, _at: Timestamp, _limit: usize) -> Vec<ItemSuggestion> {
        Vec::new()
    }

    fn responsible(&self, queries: &[ResponsibilityQuery]) -> Vec<Responsibility> {
        let lead = City.by_id(&[org(3)]).into_iter().flatten().next();
        let one = |_: &ResponsibilityQuery| Responsibility {
            lead: lead.clone(),
            assistants: Vec::new(),
            supervisor: None,
            fallback: None,
            list_version: 1,
            reasons: Vec::new(),
            by_fallback: false,
        };
        queries.iter().map(one).collect()
    }

    fn area(&self, code: &AreaCode) -> Option<AreaBrief> {
        let position = Position {
            lon: 120.28,
            lat: 31.91,
        };
        code.as_str().starts_with("320281").then(|| AreaBrief {
            code: code.clone(),
            name: format!("片区{code}"),
            parent: None,
            level: 3,
            label: position,
        })
    }

    fn locate(&self, positions: &[Position]) -> Vec<Option<AreaBrief>> {
        let inside = |at: &Position| (120.0..121.0).contains(&at.lon);
        let village = AreaCode::from("320281001003");
        positions
            .iter()
            .map(|at| self.area(&village).filter(|_| inside(at)))
            .collect()
    }
}

/// A person who may do everything, told apart by `n`.
pub(crate) fn person(n: u128) -> Actor {
    Actor {
        user_id: UserId(Uuid::from_u128(n)),
        org_id: org(2),
        ..Actor::system(format!("p{n}"))
    }
}

/// Somebody with these actions over the units.
pub(crate) fn clerk(n: u128, actions: &[&str], orgs: OrgScope, secrecy_max: u8) -> Actor {
    let grant = Grant {
        role: "test".to_owned(),
        actions: Arc::new(actions.iter().map(|action| (*action).to_owned()).collect()),
        org: orgs,
        area: None,
        secrecy_max,
        purpose: None,
        expires_at: None,
    };
    Actor {
        grants: Arc::new(vec![grant]),
        system: false,
        ..person(n)
    }
}

pub(crate) fn within(orgs: &[u128]) -> OrgScope {
    OrgScope::Within(Arc::new(
        orgs.iter().map(|n| org(*n)).collect::<HashSet<_>>(),
    ))
}

/// 09:00 on a Monday in the city.
pub(crate) fn monday() -> Timestamp {
    "2026-11-23T01:00:00Z".parse().expect("an instant")
}

pub(crate) struct World {
    pub(crate) catalog: Rulebook,
    pub(crate) rules: LifecycleRules,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            catalog: Rulebook::new(),
            rules: LifecycleRules::default(),
        }
    }

    pub(crate) fn at<'a>(&'a self, actor: &'a Actor, now: Timestamp) -> Context<'a> {
        Context {
            actor,
            now,
            catalog: &self.catalog,
            orgs: &City,
            rules: &self.rules,
            centre: Some(org(2)),
            other: None,
            callers: None,
        }
    }

    /// A case fresh from the desk, with its accept clock running.
    pub(crate) fn fresh(&self, now: Timestamp) -> Incident {
        let mut incident = Incident {
            id: IncidentId::at(now),
            number: "YW20261123HOT000001".to_owned(),
            query_code: "K7P2QX".to_owned(),
            source: Source::Hotline,
            source_ref: None,
            status: Status::Received,
            light: Light::Green,
            grade: Grade::IV,
            item_code: None,
            area: None,
            secrecy: 1,
            position: None,
            title: "路灯不亮".to_owned(),
            address: "虹桥路".to_owned(),
            created_at: now,
            closed_at: None,
            merged_into: None,
            origin_org: Some(org(2)),
            calendar_version: 1,
            version: 1,
            seq: 1,
            head: [0; 32],
            doc: Doc {
                has_reporter: true,
                ..Doc::default()
            },
            tasks: Vec::new(),
        };
        let actor = person(1);
        crate::clocks::start_case(&mut incident, ClockKind::Accept, &self.at(&actor, now));
        incident
    }
}
