//! Reports in: thousands of rows a call, one answer for each row.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use futures::future::BoxFuture;
use jiff::SignedDuration;
use rand::RngExt as _;
use yiwang_contracts::{Actor, AreaBrief, ClockKind, IncidentId, OrgId};
use yiwang_kernel::Timestamp;
use yiwang_store::{Batch, StoreError, Tx};

use super::commands::{chained, event};
use super::{IncidentService, World};
use crate::IncidentError;
use crate::clocks;
use crate::evidence::{Claims, UnknownMedia, attachment_said};
use crate::lifecycle::{Accept, Command, Context, LifecycleRules, LogLine, adopt, decide};
use crate::model::wire::whole_millis;
use crate::model::{
    Action, Attachment, Doc, Flag, Incident, Light, MediaId, NewIncident, PastCase, Refused,
    Source, Stored,
};
use crate::store::{self, Counted, CounterKey, RefusalRow, ReporterRow};

/// Rows of one transaction at most.
const ROWS_MAX: usize = 500;
const TITLE_CHARS_MAX: usize = 200;
/// Characters of a title that is taken from the description.
const TITLE_CHARS_TAKEN: usize = 40;
const DESCRIPTION_CHARS_MAX: usize = 20_000;
const ADDRESS_CHARS_MAX: usize = 300;
const REF_CHARS_MAX: usize = 128;
const ATTACHMENTS_MAX: usize = 20;
/// The civil time of the city, for the day in a number.
const CITY_OFFSET: jiff::tz::Offset = jiff::tz::Offset::constant(8);
/// Without the characters that are taken for each other.
const CODE_LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LENGTH: usize = 8;

/// Reports of one caller.
#[derive(Clone)]
pub(crate) struct Handed {
    rows: Arc<Vec<NewIncident>>,
    actor: Arc<Actor>,
    now: Timestamp,
}

pub(crate) struct IntakeBatch {
    pub(super) world: Arc<World>,
}

type Answers = Vec<Result<Stored, Refused>>;

/// What became of one caller's reports; of a single report that became a case, the case too.
pub(crate) struct Taken {
    answers: Answers,
    case: Option<Incident>,
}

impl Batch for IntakeBatch {
    type Item = Handed;
    type Output = Taken;
    type Error = IncidentError;

    fn apply<'a>(
        &'a self,
        tx: &'a Tx,
        items: Vec<Handed>,
    ) -> BoxFuture<'a, Result<Vec<Result<Taken, IncidentError>>, StoreError>> {
        Box::pin(async move {
            let mut outcomes = Vec::with_capacity(items.len());
            let mut rows = Vec::new();
            for item in &items {
                rows.extend(item.rows.iter().map(|new| Row {
                    new,
                    actor: &item.actor,
                    now: item.now,
                }));
            }
            let (answers, mut cases) = take_in(tx, &self.world, &rows).await?;
            let mut answers = answers.into_iter();
            for item in &items {
                let answers: Answers = answers.by_ref().take(item.rows.len()).collect();
                let case = match answers.as_slice() {
                    [Ok(stored)] if !stored.duplicate => cases.remove(&stored.id),
                    _ => None,
                };
                outcomes.push(Ok(Taken { answers, case }));
            }
            Ok(outcomes)
        })
    }
}

/// One report with whoever handed it in.
struct Row<'a> {
    new: &'a NewIncident,
    actor: &'a Arc<Actor>,
    now: Timestamp,
}

async fn take_in(
    tx: &Tx,
    world: &World,
    rows: &[Row<'_>],
) -> Result<(Answers, HashMap<IncidentId, Incident>), StoreError> {
    let (rules, centre) = (world.rules(), world.centre());
    let known = known_refs(tx, rows).await?;
    let areas = areas(world, rows);
    let claims = claims(tx, rows).await?;
    let mut intake = Intake {
        world,
        claims,
        rules: &rules,
        centre,
        known,
        made: Vec::new(),
        answers: Vec::new(),
    };
    for (row, area) in rows.iter().zip(areas) {
        intake.row(row, area);
    }
    intake.number(tx).await?;
    intake.flag_repeats(tx).await?;
    let cases = intake.write(tx, rows).await?;
    let answers = intake.answers.into_iter();
    let answers = answers.map(|answer| answer.map(|stored| stored.0));
    Ok((answers.collect(), cases))
}

/// The files that these reports name; a report that names too many is refused for it.
async fn claims(tx: &Tx, rows: &[Row<'_>]) -> Result<Claims, StoreError> {
    let named = rows
        .iter()
        .flat_map(|row| row.new.attachments.iter().take(ATTACHMENTS_MAX));
    let mut ids: Vec<MediaId> = named.filter_map(|one| one.media_id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(Claims::of(store::media(tx, &ids).await?))
}

/// Which references are there already, source by source.
async fn known_refs(
    tx: &Tx,
    rows: &[Row<'_>],
) -> Result<HashMap<(Source, String), (IncidentId, String)>, StoreError> {
    let mut by_source: BTreeMap<Source, BTreeSet<&str>> = BTreeMap::new();
    for row in rows {
        if let Some(reference) = reference(row.new) {
            by_source
                .entry(row.new.source)
                .or_default()
                .insert(reference);
        }
    }
    let mut known = HashMap::new();
    for (source, refs) in by_source {
        let refs: Vec<&str> = refs.into_iter().collect();
        for (reference, case) in store::existing_refs(tx, source, &refs).await? {
            known.insert((source, reference), case);
        }
    }
    Ok(known)
}

fn reference(new: &NewIncident) -> Option<&str> {
    new.source_ref
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// The area of each row: as given, or found by its position.
fn areas(world: &World, rows: &[Row<'_>]) -> Vec<Option<AreaBrief>> {
    let positions: Vec<_> = rows.iter().filter_map(|row| row.new.position).collect();
    let mut found = world.catalog.locate(&positions).into_iter();
    rows.iter()
        .map(|row| {
            let located = row.new.position.and_then(|_| found.next().flatten());
            match &row.new.area {
                Some(code) => world.catalog.area(code),
                None => located,
            }
        })
        .collect()
}

/// A case about to be stored.
struct Made<'a> {
    incident: Incident,
    actions: Vec<Action>,
    row: &'a Row<'a>,
    /// Where its answer stands.
    answer: usize,
}

/// The answer to a row; a duplicate of a row of the same call points at that row's case.
type Answer = Result<(Stored, Option<usize>), Refused>;

struct Intake<'a> {
    world: &'a World,
    /// The files that the reports name.
    claims: Claims,
    rules: &'a LifecycleRules,
    centre: Option<OrgId>,
    known: HashMap<(Source, String), (IncidentId, String)>,
    made: Vec<Made<'a>>,
    answers: Vec<Answer>,
}

impl<'a> Intake<'a> {
    fn row(&mut self, row: &'a Row<'a>, area: Option<AreaBrief>) {
        let key = reference(row.new).map(|text| (row.new.source, text.to_owned()));
        if let Some((id, number)) = key.as_ref().and_then(|key| self.known.get(key)) {
            let same_call = self.made.iter().position(|made| made.incident.id == *id);
            let stored = Stored {
                id: *id,
                number: number.clone(),
                duplicate: true,
            };
            self.answers.push(Ok((stored, same_call)));
            return;
        }
        let checked = check(row.new, area.as_ref(), self.world, row.now);
        let incident = match checked.and_then(|()| self.attachments(row)) {
            Ok(attachments) => {
                let mut incident = self.fresh(row, area);
                let named: Vec<MediaId> =
                    attachments.iter().filter_map(|one| one.media_id).collect();
                self.claims.take(&named, incident.id);
                incident.doc.attachments = attachments;
                incident
            }
            Err(refused) => {
                self.answers.push(Err(refused));
                return;
            }
        };
        let stored = Stored {
            id: incident.id,
            number: String::new(),
            duplicate: false,
        };
        if let Some(key) = key {
            self.known.insert(key, (incident.id, String::new()));
        }
        self.made.push(Made {
            incident,
            actions: Vec::new(),
            row,
            answer: self.answers.len(),
        });
        self.answers.push(Ok((stored, None)));
    }

    /// What hangs on the report, with what is known of its files.
    fn attachments(&self, row: &Row<'_>) -> Result<Vec<Attachment>, Refused> {
        let filled = self
            .claims
            .attachments(&row.new.attachments, None, row.actor);
        filled.map_err(|UnknownMedia(id)| {
            let message = format!("the file {id} is not one that you may use here");
            refused("incident.intake.unknown_media", "attachments", message)
        })
    }

    fn fresh(&self, row: &Row<'_>, area: Option<AreaBrief>) -> Incident {
        let (new, now) = (row.new, whole_millis(row.now));
        let created_at = new
            .past
            .as_ref()
            .map_or(now, |past| whole_millis(past.created_at));
        let status = new
            .past
            .as_ref()
            .map_or(crate::model::Status::Received, PastCase::status);
        let own_org = (!row.actor.system && Some(row.actor.org_id) != self.centre)
            .then_some(row.actor.org_id);
        let mut incident = Incident {
            id: IncidentId::at(created_at),
            number: String::new(),
            query_code: query_code(),
            source: new.source,
            source_ref: reference(new).map(str::to_owned),
            status,
            light: Light::None,
            grade: new.grade.unwrap_or(self.rules.default_grade),
            item_code: None,
            area: area.map(|area| area.code),
            secrecy: 1,
            position: new.position,
            title: title(new),
            address: new.address.trim().to_owned(),
            created_at,
            closed_at: new
                .past
                .as_ref()
                .and_then(|past| past.closed_at)
                .map(whole_millis),
            merged_into: None,
            origin_org: own_org,
            calendar_version: self.world.catalog.calendar_version(),
            version: 1,
            seq: 0,
            head: [0; 32],
            doc: doc(new),
            tasks: Vec::new(),
        };
        let policy = new
            .item_code
            .as_deref()
            .and_then(|code| self.world.catalog.item(code, created_at));
        if let Some(policy) = policy {
            adopt(&mut incident, &policy);
            incident.grade = new.grade.unwrap_or(policy.grade);
        }
        incident.mark(
            Flag::NoPlace,
            incident.position.is_none() && incident.area.is_none(),
        );
        incident.mark(Flag::Imported, new.past.is_some());
        if incident.status.is_open() {
            clocks::start_case(&mut incident, ClockKind::Accept, &self.context(row));
        }
        incident
    }

    fn context<'b>(&'b self, row: &'b Row<'_>) -> Context<'b> {
        self.world
            .context(self.rules, self.centre, row.actor, row.now)
    }

    /// Gives every new case its number.
    async fn number(&mut self, tx: &Tx) -> Result<(), StoreError> {
        let mut wanted: BTreeMap<(i32, Source), i64> = BTreeMap::new();
        for made in &self.made {
            *wanted.entry(day_of(&made.incident)).or_insert(0) += 1;
        }
        let mut next = store::allocate(tx, &wanted).await?;
        for made in &mut self.made {
            let key = day_of(&made.incident);
            let n = next.entry(key).or_insert(1);
            made.incident.number = format!("YW{:08}{}{n:06}", key.0, key.1.code());
            *n += 1;
            if let Some(Ok((stored, _))) = self.answers.get_mut(made.answer) {
                stored.number.clone_from(&made.incident.number);
            }
        }
        for answer in &mut self.answers {
            if let Ok((stored, Some(same_call))) = answer
                && let Some(made) = self.made.get(*same_call)
            {
                stored.number.clone_from(&made.incident.number);
            }
        }
        Ok(())
    }

    /// 重复件: the same phone about the same class of matter, for the so-many-th time.
    async fn flag_repeats(&mut self, tx: &Tx) -> Result<(), StoreError> {
        let mut phones: Vec<i64> = self
            .made
            .iter()
            .filter_map(|made| phone(made.row.new))
            .collect();
        phones.sort_unstable();
        phones.dedup();
        let Some(now) = self.made.first().map(|made| made.row.now) else {
            return Ok(());
        };
        let since = now
            .checked_sub(SignedDuration::from_hours(
                24 * i64::from(self.rules.repeat.days),
            ))
            .unwrap_or(now);
        let mut counts = store::earlier_reports(tx, &phones, since).await?;
        for made in &mut self.made {
            let Some(phone) = phone(made.row.new) else {
                continue;
            };
            let count = counts.entry((phone, class_of(&made.incident))).or_insert(0);
            *count += 1;
            if *count >= i64::from(self.rules.repeat.count) {
                made.incident.mark(Flag::Repeat, true);
            }
        }
        Ok(())
    }

    /// Writes everything; answers the new cases.
    async fn write(
        &mut self,
        tx: &Tx,
        rows: &[Row<'_>],
    ) -> Result<HashMap<IncidentId, Incident>, StoreError> {
        let mut made = std::mem::take(&mut self.made);
        for case in &mut made {
            self.open_log(tx, case);
        }
        let now = made.first().map(|made| made.row.now);
        let incidents: Vec<&Incident> = made.iter().map(|made| &made.incident).collect();
        if let Some(now) = now {
            store::insert(tx, &incidents, whole_millis(now)).await?;
        }
        store::attach(tx, self.claims.taken()).await?;
        let reporters: Vec<ReporterRow> = made.iter().filter_map(reporter_row).collect();
        store::insert_reporters(tx, &reporters).await?;
        let actions: Vec<Action> = made
            .iter_mut()
            .flat_map(|made| made.actions.drain(..))
            .collect();
        store::append(tx, &actions).await?;
        let (counts, refusals) = tallies(rows, &self.answers);
        store::count(tx, &counts).await?;
        store::note_refusals(tx, &refusals).await?;
        let cases = made.into_iter().map(|made| made.incident);
        Ok(cases.map(|incident| (incident.id, incident)).collect())
    }

    /// The first lines of the log; at the desk, acceptance at once.
    fn open_log(&self, tx: &Tx, made: &mut Made<'_>) {
        let (actor, now) = (made.row.actor, whole_millis(made.row.now));
        let incident = &mut made.incident;
        incident.light = clocks::summary(incident, now).light;
        let mut line = LogLine {
            command: "create",
            text: incident.title.clone(),
            before: serde_json::Map::new(),
            after: serde_json::Map::new(),
        };
        line.after
            .insert("status".to_owned(), incident.status.as_str().into());
        if let Some(item) = &incident.item_code {
            line.after.insert("item".to_owned(), item.as_str().into());
        }
        if !incident.doc.attachments.is_empty() {
            let said = incident.doc.attachments.iter().map(attachment_said);
            line.after.insert("evidence".to_owned(), said.collect());
        }
        made.actions.push(chained(incident, line, actor, now));
        let kind = if incident.status.is_open() {
            "incident.received"
        } else {
            "incident.taken_over"
        };
        tx.publish(event(kind, incident, "create", self.centre, now));
        if !(made.row.new.desk && incident.status.is_open()) {
            return;
        }
        let ctx = self.world.context(self.rules, self.centre, actor, now);
        let accept = Command::Accept(Accept::default());
        if let Ok(decision) = decide(incident, &accept, &ctx) {
            *incident = decision.incident;
            made.actions
                .push(chained(incident, decision.action, actor, now));
            tx.publish(event(decision.event, incident, "accept", self.centre, now));
        }
    }
}

fn reporter_row(made: &Made<'_>) -> Option<ReporterRow> {
    let reporter = made.row.new.reporter.as_ref()?;
    Some(ReporterRow {
        incident_id: made.incident.id.0,
        name: reporter.name.clone(),
        phone: reporter.phone.clone(),
        secret: reporter.secret,
        item_class: class_of(&made.incident),
        created_at: made.incident.created_at,
    })
}

fn phone(new: &NewIncident) -> Option<i64> {
    store::phone_key(new.reporter.as_ref()?.phone.reveal())
}

/// The first two levels of the item.
fn class_of(incident: &Incident) -> String {
    let code = incident.item_code.as_deref().unwrap_or_default();
    code.splitn(3, '.').take(2).collect::<Vec<_>>().join(".")
}

fn day_of(incident: &Incident) -> (i32, Source) {
    let date = CITY_OFFSET.to_datetime(incident.created_at).date();
    let day =
        i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day());
    (day, incident.source)
}

fn query_code() -> String {
    let mut random = rand::rng();
    (0..CODE_LENGTH)
        .filter_map(|_| CODE_LETTERS.get(random.random_range(0..CODE_LETTERS.len())))
        .map(|letter| char::from(*letter))
        .collect()
}

fn title(new: &NewIncident) -> String {
    let title = new.title.trim();
    if !title.is_empty() {
        return title.to_owned();
    }
    let description = new.description.trim();
    let first = description.lines().next().unwrap_or(description);
    first.chars().take(TITLE_CHARS_TAKEN).collect()
}

fn doc(new: &NewIncident) -> Doc {
    let past = new.past.as_ref();
    Doc {
        description: new.description.trim().to_owned(),
        occurred_at: new.occurred_at.map(whole_millis),
        has_reporter: new.reporter.is_some(),
        reporter_secret: new
            .reporter
            .as_ref()
            .is_some_and(|reporter| reporter.secret),
        outcome: past
            .filter(|past| past.closed_at.is_some())
            .map(|past| past.outcome.unwrap_or(crate::model::Outcome::Solved)),
        answer: past.map(|past| past.answer.clone()).unwrap_or_default(),
        ..Doc::default()
    }
}

fn refused(code: &'static str, field: &'static str, message: impl Into<String>) -> Refused {
    Refused {
        code,
        field,
        message: message.into(),
    }
}

/// What a report must be like to be taken in.
fn check(
    new: &NewIncident,
    area: Option<&AreaBrief>,
    world: &World,
    now: Timestamp,
) -> Result<(), Refused> {
    if new.title.trim().is_empty() && new.description.trim().is_empty() {
        return Err(refused(
            "incident.intake.text_missing",
            "title",
            "neither title nor description",
        ));
    }
    let lengths = [
        ("title", &new.title, TITLE_CHARS_MAX),
        ("description", &new.description, DESCRIPTION_CHARS_MAX),
        ("address", &new.address, ADDRESS_CHARS_MAX),
    ];
    for (field, text, max) in lengths {
        if text.chars().count() > max {
            let message = format!("{field} has more than {max} characters");
            return Err(refused("incident.intake.too_long", field, message));
        }
    }
    if reference(new).is_some_and(|text| text.chars().count() > REF_CHARS_MAX) {
        return Err(refused(
            "incident.intake.too_long",
            "source_ref",
            "the reference is too long",
        ));
    }
    if new.attachments.len() > ATTACHMENTS_MAX {
        let message = format!("more than {ATTACHMENTS_MAX} attachments");
        return Err(refused("incident.intake.too_many", "attachments", message));
    }
    if new.attachments.iter().any(Attachment::is_empty) {
        let message = "an attachment names neither a file nor a link";
        return Err(refused(
            "incident.intake.attachment_empty",
            "attachments",
            message,
        ));
    }
    let created_at = new.past.as_ref().map_or(now, |past| past.created_at);
    if let Some(code) = &new.item_code
        && world.catalog.item(code, created_at).is_none()
    {
        let message = format!("the catalogue has no item {code}");
        return Err(refused(
            "incident.intake.unknown_item",
            "item_code",
            message,
        ));
    }
    if let (Some(code), None) = (&new.area, area) {
        let message = format!("there is no area {code}");
        return Err(refused(
            "incident.intake.unknown_area",
            "area_code",
            message,
        ));
    }
    times(new, now)
}

fn times(new: &NewIncident, now: Timestamp) -> Result<(), Refused> {
    let tomorrow = now
        .checked_add(SignedDuration::from_hours(24))
        .unwrap_or(now);
    if new.occurred_at.is_some_and(|at| at > tomorrow) {
        return Err(refused(
            "incident.intake.ahead",
            "occurred_at",
            "the instant lies ahead",
        ));
    }
    let Some(past) = &new.past else { return Ok(()) };
    if past.created_at > tomorrow {
        return Err(refused(
            "incident.intake.ahead",
            "created_at",
            "the instant lies ahead",
        ));
    }
    if past
        .closed_at
        .is_some_and(|closed| closed < past.created_at)
    {
        let message = "closed before it was created";
        return Err(refused("incident.intake.order", "closed_at", message));
    }
    Ok(())
}

fn tallies(rows: &[Row<'_>], answers: &[Answer]) -> (BTreeMap<CounterKey, i64>, Vec<RefusalRow>) {
    let mut counts = BTreeMap::new();
    let mut refusals = Vec::new();
    for (row, answer) in rows.iter().zip(answers) {
        let (kind, reason) = match answer {
            Ok((stored, _)) if stored.duplicate => (Counted::Duplicate, String::new()),
            Ok(_) => (Counted::Stored, String::new()),
            Err(refused) => {
                let source_ref = row.new.source_ref.clone();
                refusals.push(refusal_row(row.new.source, source_ref, refused, row.now));
                (Counted::Refused, refused.code.to_owned())
            }
        };
        let key = CounterKey {
            source: row.new.source,
            kind,
            reason,
        };
        *counts.entry(key).or_insert(0) += 1;
    }
    (counts, refusals)
}

pub(super) fn refusal_row(
    source: Source,
    source_ref: Option<String>,
    refused: &Refused,
    now: Timestamp,
) -> RefusalRow {
    RefusalRow {
        id: 0,
        at: now,
        source: source.as_str().to_owned(),
        source_ref: source_ref.map(|text| text.chars().take(REF_CHARS_MAX).collect()),
        code: refused.code.to_owned(),
        field: refused.field.to_owned(),
        message: refused.message.clone(),
    }
}

impl IncidentService {
    /// Takes reports in. One answer per row, in order: stored (or the case that was there before),
    /// or refused. Returns when everything stored is durable.
    pub async fn create(
        &self,
        rows: Vec<NewIncident>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Answers, IncidentError> {
        let taken = self.take(rows, actor, now).await?;
        Ok(taken.answers)
    }

    /// As [`Self::create`] for one report, with the case that it became.
    pub(crate) async fn create_one(
        &self,
        new: NewIncident,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(Stored, Option<Incident>), IncidentError> {
        let mut taken = self.take(vec![new], actor, now).await?;
        let answer = taken.answers.pop().ok_or(StoreError::Closed)?;
        let stored = answer.map_err(|refused| IncidentError::Intake {
            code: refused.code,
            field: refused.field,
            message: refused.message,
        })?;
        Ok((stored, taken.case))
    }

    async fn take(
        &self,
        mut rows: Vec<NewIncident>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Taken, IncidentError> {
        if !actor.may_somewhere("incident.create", now)
            && !actor.may_somewhere("incident.import", now)
        {
            return Err(IncidentError::Denied {
                action: "incident.create",
            });
        }
        let actor = Arc::new(actor.clone());
        let mut answers = Vec::with_capacity(rows.len());
        let mut case = None;
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(ROWS_MAX));
            let piece = Arc::new(std::mem::replace(&mut rows, rest));
            let handed = Handed {
                rows: piece,
                actor: Arc::clone(&actor),
                now,
            };
            let taken = self.intake.submit(handed).await?;
            answers.extend(taken.answers);
            case = taken.case;
        }
        Ok(Taken { answers, case })
    }
}
