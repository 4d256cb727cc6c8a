//! The demo city's last days: cases that came before the program was started, brought to where they would be
//! by now through the same commands that officers give, at their own times.
//!
//! Only the demo has this. The simulated people who report from now on come in by the public API.

use std::convert::Infallible;
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use futures::StreamExt;
use jiff::SignedDuration;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use yiwang_contracts::{
    Actor, AreaBrief, Authenticate, Catalog, ItemPolicy, OrgKind, Organisations, Origin,
    ResponsibilityQuery,
};
use yiwang_identity::DEMO_PASSWORD;
use yiwang_incident::lifecycle::{Command, CommandKind};
use yiwang_incident::model::{NewIncident, NewReporter, Source};
use yiwang_incident::{Given, ListQuery, Said};
use yiwang_kernel::{Masked, PageRequest, Timestamp};

use crate::city::City;

/// Cases of the last days.
const CASES: usize = 420;
const DAYS: i64 = 6;
/// Cases worked on at the same time, so that their commands share transactions.
const AT_ONCE: usize = 128;

/// Pictures drawn and sent in at the same time: fewer than the settings take.
static DRAWING: Semaphore = Semaphore::const_new(4);

/// The most secret cases that every officer of the demo may see.
const SECRECY_MAX: u8 = 2;

/// Where reports come from, out of a hundred.
const SOURCES: [(Source, u32); 7] = [
    (Source::Hotline, 52),
    (Source::Collector, 18),
    (Source::Grid, 14),
    (Source::Citizen, 9),
    (Source::Police, 3),
    (Source::Sensor, 2),
    (Source::Superior, 2),
];

/// What a step takes that the story says nothing of.
const DEED_MINUTES: i64 = 45;

/// The officers who did the work.
struct Staff {
    intake: Arc<Actor>,
    dispatcher: Arc<Actor>,
    handler: Arc<Actor>,
    verifier: Arc<Actor>,
}

/// One case's story, decided before it begins, so that the same seed tells the same.
struct Story {
    new: NewIncident,
    item: Arc<ItemPolicy>,
    area: AreaBrief,
    begins: Timestamp,
    /// How long each step took, in minutes.
    steps: [i64; 8],
    /// Answered at the desk at once.
    desk: bool,
    /// Sent back once by the verifier.
    redone: bool,
}

/// Makes the past, once: a city that has cases already is left alone.
pub(crate) async fn make(city: &City, seed: u64, now: Timestamp) -> anyhow::Result<usize> {
    let everything = Actor::system("demo");
    let (query, page) = (ListQuery::default(), PageRequest::default());
    if !city
        .incidents
        .list(&query, &page, &everything, now)
        .await?
        .items
        .is_empty()
    {
        return Ok(0);
    }
    let staff = staff(city, now).await?;
    let stories = stories(city.catalog.as_ref(), &grids(city), seed, now);
    let count = stories.len();
    let told = futures::stream::iter(stories)
        .map(|story| tell(city, &staff, story, now))
        .buffer_unordered(AT_ONCE);
    told.for_each(|told| {
        if let Err(error) = told {
            // The other cases stand; a demo with a gap is better than none.
            tracing::error!(
                error = format!("{error:#}"),
                "a case of the demo's past went no further"
            );
        }
        std::future::ready(())
    })
    .await;
    Ok(count)
}

async fn staff(city: &City, now: Timestamp) -> anyhow::Result<Staff> {
    let officer = async |name: &str| {
        let signed = city
            .identity
            .sign_in(name, Masked::new(DEMO_PASSWORD), Origin::default(), now)
            .await?;
        let actor = city
            .identity
            .authenticate(&signed.token, Origin::default(), now)
            .await;
        anyhow::Ok(Arc::new(actor.context("a demo officer cannot sign in")?))
    };
    Ok(Staff {
        intake: officer("intake").await?,
        dispatcher: officer("dispatcher").await?,
        handler: officer("simulator").await?,
        verifier: officer("verifier").await?,
    })
}

/// Where things happen: the grids of the map.
fn grids(city: &City) -> Vec<AreaBrief> {
    let units = city.identity.all();
    let codes = units
        .into_iter()
        .filter(|unit| unit.kind == OrgKind::Grid)
        .filter_map(|unit| unit.area);
    codes.filter_map(|code| city.catalog.area(&code)).collect()
}

fn stories(catalog: &dyn Catalog, areas: &[AreaBrief], seed: u64, now: Timestamp) -> Vec<Story> {
    let mut dice = StdRng::seed_from_u64(seed);
    // What only few may see is left to those few.
    let mut items = catalog.leaves(now);
    items.retain(|item| item.secrecy <= SECRECY_MAX);
    if items.is_empty() || areas.is_empty() {
        return Vec::new();
    }
    let mut stories: Vec<Story> = (0..CASES)
        .filter_map(|number| {
            let item = items.get(dice.random_range(0..items.len()))?.clone();
            let area = areas.get(dice.random_range(0..areas.len()))?.clone();
            Some(story(&mut dice, number, item, area, now))
        })
        .collect();
    stories.sort_by_key(|story| story.begins);
    stories
}

fn story(
    dice: &mut StdRng,
    number: usize,
    item: Arc<ItemPolicy>,
    area: AreaBrief,
    now: Timestamp,
) -> Story {
    let ago = SignedDuration::from_mins(dice.random_range(20..DAYS * 24 * 60));
    let begins = now - ago;
    let source = pick(dice);
    let is_enquiry = item.name.zh.contains("咨询") || item.code.contains(".90");
    let title = format!("{}{}", area.name, item.name.zh);
    let text = format!(
        "{}反映{}一带存在{}问题，请安排核实处理。",
        if source == Source::Hotline {
            "来电人"
        } else {
            "上报人"
        },
        area.name,
        item.name.zh
    );
    let mut new = NewIncident::new(source, title, text);
    new.source_ref = Some(format!("demo-{number}"));
    new.item_code = Some(item.code.clone());
    new.position = Some(area.label);
    new.address = format!("{}示范路{}号附近", area.name, dice.random_range(1..300));
    new.reporter = (source == Source::Hotline).then(|| NewReporter {
        name: Masked::new("示范市民"),
        phone: Masked::new(format!("1000000{:04}", dice.random_range(0..10_000))),
        secret: dice.random_bool(0.05),
    });
    // Most are quick; some wait long enough for their lights to turn.
    let slow = dice.random_bool(0.18);
    let stretch = if slow { 6.0 } else { 1.0 };
    let typical = [3, 12, 15, 40, 60, 300, 90, 60];
    let steps = typical.map(|minutes| {
        let part: f64 = dice.random_range(0.3..2.2);
        (f64::from(minutes) * part * stretch) as i64 + 1
    });
    Story {
        new,
        item,
        area,
        begins,
        steps,
        desk: is_enquiry || dice.random_bool(0.25),
        redone: dice.random_bool(0.06),
    }
}

fn pick(dice: &mut StdRng) -> Source {
    let mut left = dice.random_range(0..SOURCES.iter().map(|(_, weight)| weight).sum::<u32>());
    for (source, weight) in SOURCES {
        if left < weight {
            return source;
        }
        left -= weight;
    }
    Source::Hotline
}

/// Who does what next, with what words; `None` when the story is over.
struct Deed<'a> {
    kind: CommandKind,
    by: &'a Arc<Actor>,
    body: Value,
    after: i64,
}

/// Takes the case in and gives its commands as long as their times have passed.
async fn tell(city: &City, staff: &Staff, story: Story, now: Timestamp) -> anyhow::Result<()> {
    let stored = city
        .incidents
        .create(vec![story.new.clone()], &staff.intake, story.begins)
        .await?;
    let stored = match stored.into_iter().next() {
        Some(Ok(stored)) => stored,
        Some(Err(refused)) => anyhow::bail!("a demo case was refused: {}", refused.message),
        None => anyhow::bail!("a demo case has no outcome"),
    };
    let query = ResponsibilityQuery {
        item: story.item.code.clone(),
        area: Some(story.area.code.clone()),
        at: story.begins,
    };
    let answer = city.catalog.responsible(&[query]).into_iter().next();
    let lead = answer
        .and_then(|answer| answer.lead)
        .context("the responsibility list has a hole")?;
    let mut at = story.begins;
    let mut task = Value::Null;
    for deed in deeds(&story, staff, &json!(lead.id)) {
        at += SignedDuration::from_mins(deed.after);
        if at >= now {
            break;
        }
        let mut body = deed.body;
        attach(city, &mut body, &stored.number, deed.by, at).await?;
        if let Some(named) = body.get_mut("task_id") {
            *named = task.clone();
        }
        let given = Given {
            incident: stored.id,
            command: Arc::new(Command::parse(deed.kind, body)?),
            actor: Arc::clone(deed.by),
            expected: None,
            now: at,
        };
        let case = city
            .incidents
            .give(given)
            .await
            .with_context(|| format!("{:?}", deed.kind))?;
        let open = case.tasks.iter().rev().find(|task| task.status.is_open());
        task = open.map_or(task, |task| json!(task.id));
    }
    Ok(())
}

fn deeds<'a>(story: &Story, staff: &'a Staff, lead: &Value) -> Vec<Deed<'a>> {
    use CommandKind::{Accept, Answer, Close, Contact, Dispatch, Register, Report, Sign, Verify};
    let mut minutes = story.steps.into_iter();
    let mut deed = |kind, by, body| {
        let after = minutes.next().unwrap_or(DEED_MINUTES);
        Deed {
            kind,
            by,
            body,
            after,
        }
    };
    if story.desk {
        let text = "已向来电人说明有关规定和办理渠道，来电人表示清楚。";
        return vec![deed(Answer, &staff.intake, json!({ "text": text }))];
    }
    let ticked = |lines: &[yiwang_contracts::CheckLine]| -> Vec<String> {
        lines.iter().map(|line| line.code.clone()).collect()
    };
    let register = json!({ "checks": ticked(&story.item.register_checks) });
    let dispatch = json!({ "mode": "single", "lead": lead });
    let called = json!({ "task_id": null, "result": "reached", "note": "已联系，约定现场查看。" });
    let mut deeds = vec![
        deed(Accept, &staff.intake, json!({})),
        deed(Register, &staff.dispatcher, register),
        deed(Dispatch, &staff.dispatcher, dispatch),
        deed(Sign, &staff.handler, json!({ "task_id": null })),
        deed(Contact, &staff.handler, called),
        deed(Report, &staff.handler, report(&story.item)),
    ];
    if story.redone {
        let failed = json!({ "passed": false, "checks": [], "text": "现场仍有残留，请返工。" });
        deeds.push(deed(Verify, &staff.verifier, failed));
        deeds.push(deed(Report, &staff.handler, report(&story.item)));
    }
    let closing = ticked(&story.item.close_checks);
    let passed = json!({ "passed": true, "checks": closing, "text": "现场已核实，处理到位。" });
    deeds.push(deed(Verify, &staff.verifier, passed));
    let solved = json!({ "text": "问题已解决。", "outcome": "solved" });
    deeds.push(deed(Close, &staff.dispatcher, solved));
    deeds
}

/// Draws the pictures that a report carries, and names them in it.
async fn attach(
    city: &City,
    body: &mut Value,
    number: &str,
    by: &Actor,
    at: Timestamp,
) -> anyhow::Result<()> {
    let pieces = body.get_mut("evidence").and_then(Value::as_array_mut);
    for piece in pieces
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        let kind = piece
            .get("kind")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let png = Bytes::from(yiwang_simulator::picture(number, kind)?);
        let pieces = futures::stream::iter([Ok::<_, Infallible>(png)]);
        let _turn = DRAWING.acquire().await?;
        let received = city.incidents.receive(pieces, at).await?;
        let said = Said {
            name: format!("{kind}.png"),
            taken_at: Some(at),
            position: None,
        };
        let media = city.incidents.keep(received, said, by, at).await?;
        piece.insert("media_id".to_owned(), json!(media.id));
    }
    Ok(())
}

fn report(item: &ItemPolicy) -> Value {
    let evidence: Vec<Value> = item
        .evidence
        .iter()
        .map(|kind| json!({ "kind": kind }))
        .collect();
    json!({
        "task_id": null, "result": "solved", "text": "已到现场处理完毕，恢复正常。", "evidence": evidence,
    })
}
