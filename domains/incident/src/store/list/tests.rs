//! Whatever is asked for and however few entries a walk may look at first: page by page a list gives the
//! same cases, in the same order, as looking at every case there is.

use std::collections::HashSet;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use sea_orm::Value;
use yiwang_contracts::{Grade, OrgId, OrgScope, Scope, ScopeClause};
use yiwang_kernel::{AreaCode, Timestamp, from_micros, micros, new_uuid};
use yiwang_testkit::TestDb;

use super::visible::reach_within;
use super::*;
use crate::model::{Flag, Light, Source};
use crate::store::incidents::{flag_bits, grade_word};

const CASES: i64 = 400;
const SOURCES: [Source; 4] = [Source::Hotline, Source::Grid, Source::Video, Source::Drone];
const GRADES: [Grade; 4] = [Grade::IV, Grade::III, Grade::II, Grade::I];
const ITEMS: [&str; 4] = ["01.01", "01.02", "02.01", "16.03"];
const AREAS: [&str; 5] = [
    "320281001001001",
    "320281001001002",
    "320281001002001",
    "320281002001001",
    "320281",
];
const OVER: [Status; 4] = [Status::Closed, Status::Closed, Status::Void, Status::Merged];
const OPEN: [Status; 3] = [Status::Received, Status::Handling, Status::Verified];

/// A case as a list sees it.
#[derive(Debug, Clone)]
struct Case {
    id: Uuid,
    number: String,
    source: Source,
    status: Status,
    light: Light,
    grade: Grade,
    item: Option<&'static str>,
    area: Option<&'static str>,
    secrecy: u8,
    at: i64,
    lead: Option<Uuid>,
    due: Option<i64>,
    flags: Vec<Flag>,
}

fn start() -> Timestamp {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

fn unit(n: usize) -> Uuid {
    Uuid::from_u128(n as u128 + 1)
}

/// One of them, the first ones more often.
fn early<T: Copy>(random: &mut StdRng, of: &[T]) -> T {
    let at = random
        .random_range(0..of.len())
        .min(random.random_range(0..of.len()));
    of[at]
}

fn case(random: &mut StdRng, n: i64) -> Case {
    // Several cases of one instant, so that ids decide.
    let at = micros(start()) + n / 3 * 60_000_000;
    let status = *if n % 8 == 0 {
        OPEN.choose(random)
    } else {
        OVER.choose(random)
    }
    .unwrap();
    let is_open = status.is_open();
    let dispatched = random.random_range(0..10) > 0;
    Case {
        id: new_uuid(from_micros(at)),
        number: format!("YW20261123HOT{n:06}"),
        source: early(random, &SOURCES),
        light: if is_open {
            *[Light::Green, Light::Red].choose(random).unwrap()
        } else {
            Light::None
        },
        grade: early(random, &GRADES),
        item: random.random_bool(0.9).then(|| early(random, &ITEMS)),
        area: random.random_bool(0.9).then(|| early(random, &AREAS)),
        secrecy: early(random, &[1, 2, 3]),
        at,
        lead: dispatched.then(|| unit(early(random, &[0, 1, 2, 3, 4, 5]))),
        due: (is_open && random.random_bool(0.7))
            .then(|| at + random.random_range(1..1_000) * 1_000_000),
        status,
        flags: if random.random_bool(0.1) {
            vec![Flag::ALL[0]]
        } else {
            Vec::new()
        },
    }
}

fn row(case: &Case) -> Vec<Value> {
    let town = case.area.and_then(|area| area.get(..9)).map(str::to_owned);
    vec![
        case.id.into(),
        case.number.clone().into(),
        "".into(),
        case.source.as_str().into(),
        case.status.as_str().into(),
        case.status.is_open().into(),
        case.light.as_str().into(),
        grade_word(case.grade).into(),
        case.item.map(str::to_owned).into(),
        case.area.map(str::to_owned).into(),
        town.into(),
        i32::from(case.secrecy).into(),
        "题".into(),
        "".into(),
        case.at.into(),
        case.lead.into(),
        case.due.into(),
        flag_bits(&case.flags).into(),
        1_i64.into(),
        1_i64.into(),
        1_i64.into(),
        Vec::<u8>::new().into(),
        "{}".into(),
    ]
}

const COLUMNS: [&str; 23] = [
    "id",
    "number",
    "query_code",
    "source",
    "status",
    "is_open",
    "light",
    "grade",
    "item_code",
    "area_code",
    "town",
    "secrecy",
    "title",
    "address",
    "created_at",
    "lead_org",
    "due_at",
    "flags",
    "calendar_version",
    "version",
    "seq",
    "head",
    "doc",
];
const TASK: [&str; 9] = [
    "incident_id",
    "no",
    "id",
    "org_id",
    "role",
    "status",
    "is_open",
    "light",
    "created_at",
];

async fn fill(db: &TestDb, random: &mut StdRng) -> Vec<Case> {
    let cases: Vec<Case> = (0..CASES).map(|n| case(random, n)).collect();
    let rows: Vec<Vec<Value>> = cases.iter().map(row).collect();
    let tasks: Vec<Vec<Value>> = cases
        .iter()
        .filter_map(|case| {
            let lead = case.lead?;
            let open = case.status.is_open();
            let mut task: Vec<Value> =
                vec![case.id.into(), 1_i32.into(), case.id.into(), lead.into()];
            let rest: [Value; 6] = [
                "lead".into(),
                "handling".into(),
                open.into(),
                "none".into(),
                case.at.into(),
                "{}".into(),
            ];
            task.extend(rest);
            Some(task)
        })
        .collect();
    db.db
        .write(move |tx| {
            Box::pin(async move {
                tx.insert_rows("incident", &COLUMNS, None, &rows).await?;
                let columns: Vec<&'static str> = TASK.into_iter().chain(["doc"]).collect();
                tx.insert_rows("incident_task", &columns, None, &tasks)
                    .await?;
                let counter: Vec<Value> =
                    vec!["hotline".into(), "stored".into(), "".into(), CASES.into()];
                tx.insert_rows(
                    "intake_counter",
                    &["source", "kind", "reason", "n"],
                    None,
                    &[counter],
                )
                .await
            })
        })
        .await
        .unwrap();
    cases
}

/// Up to three things to ask for, drawn.
fn filter(random: &mut StdRng) -> ListFilter {
    let mut filter = ListFilter::default();
    for _ in 0..random.random_range(0..4) {
        match random.random_range(0..12) {
            0 => filter.statuses.push(*OVER.choose(random).unwrap()),
            1 => filter.statuses.push(*OPEN.choose(random).unwrap()),
            2 => filter.sources.push(*SOURCES.choose(random).unwrap()),
            3 => filter.grades.push(*GRADES.choose(random).unwrap()),
            4 => {
                filter.item =
                    Some((*["", "01", "01.01", "16.03"].choose(random).unwrap()).to_owned());
            }
            5 => {
                let areas = ["", "320281", "320281001", "320281001001", "320281002001001"];
                filter.area = Some((*areas.choose(random).unwrap()).to_owned());
            }
            6 => {
                let leads = [vec![], vec![unit(0)], vec![unit(4)], vec![unit(1), unit(5)]];
                filter.leads = Some(leads.choose(random).unwrap().clone());
            }
            7 => filter
                .lights
                .push(*[Light::Red, Light::None].choose(random).unwrap()),
            8 => filter.open = Some(random.random_bool(0.3)),
            9 => {
                let minutes = random.random_range(0..140);
                filter.from = Some(from_micros(micros(start()) + minutes * 60_000_000));
                filter.until = filter
                    .from
                    .map(|from| from_micros(micros(from) + 1_200_000_000));
            }
            10 => filter.flags.push(Flag::ALL[0]),
            _ => filter.text = Some("YW20261123HOT0001".to_owned()),
        }
    }
    if random.random_bool(0.3) {
        filter.sort = Sort::Due;
    }
    filter
}

fn fits(case: &Case, filter: &ListFilter, scope: &ScopeClause) -> bool {
    fn any<T: PartialEq>(of: &[T], one: &T) -> bool {
        of.is_empty() || of.contains(one)
    }
    let under = |code: Option<&str>, wanted: &Option<String>| match wanted.as_deref() {
        None => true,
        Some(wanted) => code.is_some_and(|code| code.starts_with(wanted)),
    };
    let place = match filter.area.as_deref() {
        Some("") => case.area.is_none_or(|area| area.len() < 9),
        _ => under(case.area, &filter.area),
    };
    let item = match filter.item.as_deref() {
        Some("") => case.item.is_none(),
        _ => under(case.item, &filter.item),
    };
    let led = match &filter.leads {
        None => true,
        Some(leads) if leads.is_empty() => case.lead.is_none(),
        Some(leads) => case.lead.is_some_and(|lead| leads.contains(&lead)),
    };
    let units = match &scope.org {
        OrgScope::All => true,
        OrgScope::Within(units) => case.lead.is_some_and(|lead| units.contains(&OrgId(lead))),
    };
    let within = scope
        .area
        .as_ref()
        .is_none_or(|area| case.area.is_some_and(|of| of.starts_with(area.as_str())));
    let numbered = filter
        .text
        .as_deref()
        .is_none_or(|text| case.number.starts_with(text));
    any(&filter.statuses, &case.status)
        && any(&filter.lights, &case.light)
        && any(&filter.sources, &case.source)
        && any(&filter.grades, &case.grade)
        && (filter.flags.is_empty() || filter.flags.iter().any(|flag| case.flags.contains(flag)))
        && filter.open.is_none_or(|open| open == case.status.is_open())
        && filter.from.is_none_or(|from| case.at >= micros(from))
        && filter.until.is_none_or(|until| case.at < micros(until))
        && (place && item && led && units && within && numbered)
        && case.secrecy <= scope.secrecy_max
}

fn looked_through(cases: &[Case], filter: &ListFilter, scope: &ScopeClause) -> Vec<Uuid> {
    let mut found: Vec<&Case> = cases
        .iter()
        .filter(|case| fits(case, filter, scope))
        .collect();
    found.sort_by_key(|case| std::cmp::Reverse((case.at, case.id)));
    if filter.sort == Sort::Due {
        found.sort_by_key(|case| {
            case.due
                .map_or((i64::MAX, None), |due| (due, Some(case.id)))
        });
    }
    found.into_iter().map(|case| case.id).collect()
}

fn scopes() -> Vec<ScopeClause> {
    let clause = |org: &[usize], area: Option<&str>, secrecy_max: u8| ScopeClause {
        org: if org.is_empty() {
            OrgScope::All
        } else {
            let units = org.iter().map(|n| OrgId(unit(*n)));
            OrgScope::Within(units.collect::<HashSet<_>>().into())
        },
        area: area.map(AreaCode::from),
        secrecy_max,
    };
    vec![
        clause(&[], None, u8::MAX),
        clause(&[0, 3], None, 2),
        clause(&[5], None, 1),
        clause(&[], Some("320281001001"), 3),
        clause(&[1, 2], Some("320281001"), 4),
    ]
}

/// Every page of a list.
async fn paged(
    db: &TestDb,
    visible: &Visible,
    filter: &ListFilter,
    bounds: Bounds,
    limit: u64,
) -> Vec<Uuid> {
    let (mut ids, mut after) = (Vec::new(), None);
    loop {
        let rows = list_within(db.db.read(), visible, filter, after.as_ref(), limit, bounds)
            .await
            .unwrap();
        let Some(last) = rows.last() else { return ids };
        after = Some(ListPosition::of(last, filter.sort));
        ids.extend(rows.iter().map(|row| row.id));
    }
}

#[tokio::test]
async fn a_list_is_what_looking_through_all_cases_gives() {
    let mut random = StdRng::seed_from_u64(20_261_125);
    for db in yiwang_testkit::databases(&[crate::migrations()]).await {
        let cases = fill(&db, &mut random).await;
        let scopes = scopes();
        let mut not_empty = 0;
        for n in 0..400 {
            let filter = filter(&mut random);
            let clause = scopes.choose(&mut random).unwrap().clone();
            let scope = Scope {
                clauses: vec![clause.clone()],
            };
            let few = *[0, 1_000].choose(&mut random).unwrap();
            let visible = reach_within(db.db.read(), &scope, None, few).await.unwrap();
            let bounds = Bounds {
                stretch: *[5, 40, 10_000].choose(&mut random).unwrap(),
                very_few: *[0, 20].choose(&mut random).unwrap(),
            };
            let limit = random.random_range(3..60);
            let wanted = looked_through(&cases, &filter, &clause);
            not_empty += usize::from(!wanted.is_empty());
            let listed = paged(&db, &visible, &filter, bounds, limit).await;
            assert_eq!(
                listed, wanted,
                "{} {n}: {filter:?} {clause:?} {bounds:?}",
                db.name
            );
        }
        assert!(not_empty > 150, "only {not_empty} lists had a case");
    }
}
