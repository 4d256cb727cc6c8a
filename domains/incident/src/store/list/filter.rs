//! What a list asks for, as conditions.

use jiff::SignedDuration;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, LikeExpr, Query, UnionType};
use yiwang_contracts::Grade;
use yiwang_kernel::{AreaCode, Timestamp, Uuid, micros};

use super::Sort;
use crate::model::{Flag, Light, Source, Status};
use crate::store::incidents::{TOWN_DIGITS, flag_bits, grade_word};
use crate::store::sql::{column, name, padded};

/// How long before an instant a case came in, at most, that was open then and is over now.
const OPEN_FOR: SignedDuration = SignedDuration::from_hours(24 * 60);

/// What a list asks for. Empty lists and `None` ask for everything.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListFilter {
    pub statuses: Vec<Status>,
    pub lights: Vec<Light>,
    pub sources: Vec<Source>,
    pub grades: Vec<Grade>,
    /// A code and everything below it; `Some("")` is: no item.
    pub item: Option<String>,
    /// An area and everything in it; `Some("")` is: no area.
    pub area: Option<String>,
    /// The units in the lead; an empty list is: no lead.
    pub leads: Option<Vec<Uuid>>,
    /// Cases in which one of these units or this person has an open task.
    pub tasked: Option<(Vec<Uuid>, Uuid)>,
    pub open: Option<bool>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub due_after: Option<Timestamp>,
    pub due_until: Option<Timestamp>,
    /// Cases of which something turns until then.
    pub turns_until: Option<Timestamp>,
    pub flags: Vec<Flag>,
    /// Words within title or address, or the beginning of a number.
    pub text: Option<String>,
    /// west, south, east, north
    pub bounds: Option<[f64; 4]>,
    /// Cases that were open at this instant.
    pub open_at: Option<Timestamp>,
    pub sort: Sort,
}

impl ListFilter {
    /// Can a case that is over match? What is over has no light, nothing due and no open task.
    pub(super) fn takes_over(&self) -> bool {
        self.open != Some(true)
            && (self.lights.is_empty() || self.lights.contains(&Light::None))
            && self.due_until.is_none()
            && self.turns_until.is_none()
            && self.tasked.is_none()
    }

    pub(super) fn takes(&self, fits: impl Fn(Status) -> bool) -> bool {
        self.statuses.is_empty() || self.statuses.iter().any(|status| fits(*status))
    }

    /// The beginning of a number, when that is what is looked for.
    pub(super) fn number(&self) -> Option<String> {
        let number = self.text.as_deref()?.to_ascii_uppercase();
        (number.starts_with("YW") && number.is_ascii()).then_some(number)
    }

    /// Everything that holds for every case alike, but for the time in which it came in.
    pub(super) fn conditions(&self) -> Condition {
        let mut all = Condition::all().add(self.worded());
        if let Some([west, south, east, north]) = self.bounds {
            all = all
                .add(column("lon").between(west, east))
                .add(column("lat").between(south, north));
        }
        if !self.flags.is_empty() {
            // The bare column first, so that the partial index of marked cases applies.
            all = all.add(Expr::cust(format!(
                "incident.flags <> 0 AND (incident.flags & {}) <> 0",
                flag_bits(&self.flags)
            )));
        }
        match &self.leads {
            Some(leads) if leads.is_empty() => all = all.add(column("lead_org").is_null()),
            Some(leads) => all = all.add(column("lead_org").is_in(padded(leads))),
            None => {}
        }
        for coded in [self.by_item(), self.by_area()].into_iter().flatten() {
            all = all.add(coded);
        }
        match (self.number(), &self.text) {
            (Some(number), _) => all.add(under("number", &number)),
            (None, Some(text)) => all.add(worded_so(text)),
            (None, None) => all,
        }
    }

    fn worded(&self) -> Condition {
        let sources = self.sources.iter().map(|source| source.as_str()).collect();
        let grades = self.grades.iter().map(|grade| grade_word(*grade)).collect();
        let mut all = Condition::all();
        for (of, words) in [("source", sources), ("grade", grades)] {
            let words: Vec<&str> = words;
            if !words.is_empty() {
                all = all.add(column(of).is_in(words));
            }
        }
        all
    }

    /// Source and grade as the index by kind begins: with a source.
    pub(super) fn by_kind(&self) -> Option<Condition> {
        if self.sources.is_empty() && self.grades.is_empty() {
            return None;
        }
        let every = self
            .sources
            .is_empty()
            .then(|| column("source").is_in(Source::ALL.iter().map(|source| source.as_str())));
        Some(Condition::all().add(self.worded()).add_option(every))
    }

    pub(super) fn by_statuses(&self) -> Condition {
        let words: Vec<&str> = self.statuses.iter().map(|each| each.as_str()).collect();
        if words.is_empty() {
            Condition::all()
        } else {
            Condition::all().add(column("status").is_in(words))
        }
    }

    /// What holds for cases that are over now and were open at an instant. Those that stayed open very long are not
    /// looked for: they would be looked for among all that were ever closed.
    pub(super) fn of_over(&self) -> Option<Condition> {
        let at = self.open_at?;
        let first = at.checked_sub(OPEN_FOR).unwrap_or(Timestamp::MIN);
        let closed = column("closed_at").gt(micros(at));
        Some(
            Condition::all()
                .add(closed)
                .add(column("created_at").gte(micros(first))),
        )
    }

    /// What only open cases have.
    pub(super) fn of_open(&self) -> Condition {
        let mut all = self.by_statuses();
        if !self.lights.is_empty() {
            let lights = self.lights.iter().map(|light| light.as_str());
            all = all.add(column("light").is_in(lights));
        }
        if let Some(at) = self.due_after {
            all = all.add(column("due_at").gte(micros(at)));
        }
        if let Some(at) = self.due_until {
            all = all.add(column("due_at").lte(micros(at)));
        }
        if let Some(at) = self.turns_until {
            all = all
                .add(Expr::cust("incident.sweep_at IS NOT NULL"))
                .add(column("sweep_at").lte(micros(at)));
        }
        if let Some((units, user)) = &self.tasked {
            all = all.add(tasked(units, *user));
        }
        all
    }

    pub(super) fn by_item(&self) -> Option<Condition> {
        Some(match self.item.as_deref()? {
            "" => Condition::all().add(column("item_code").is_null()),
            code => under("item_code", code),
        })
    }

    pub(super) fn by_area(&self) -> Option<Condition> {
        Some(match self.area.as_deref()? {
            // What lies in no town has no place.
            "" => Condition::any()
                .add(column("area_code").is_null())
                .add(Expr::cust(format!(
                    "LENGTH(incident.area_code) < {TOWN_DIGITS}"
                ))),
            code => under("area_code", code),
        })
    }
}

/// A range of codes: the code itself and everything under it.
pub(super) fn under(of: &'static str, prefix: &str) -> Condition {
    let (lower, upper) = AreaCode::new(prefix).subtree();
    Condition::all()
        .add(column(of).gte(lower))
        .add(column(of).lt(upper))
}

fn worded_so(text: &str) -> Condition {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
    Condition::any()
        .add(column("title").like(like()))
        .add(column("address").like(like()))
}

fn tasked(units: &[Uuid], user: Uuid) -> Expr {
    let open = || {
        Query::select()
            .column(name("incident_id"))
            .from(name("incident_task"))
            .and_where(Expr::cust("is_open"))
            .take()
    };
    // Each by the index that is made for it.
    let mut tasks = open();
    tasks
        .and_where(Expr::cust("assignee IS NOT NULL"))
        .and_where(Expr::col(name("assignee")).eq(user));
    if !units.is_empty() {
        let mut of_units = open();
        of_units.and_where(Expr::col(name("org_id")).is_in(padded(units)));
        tasks.union(UnionType::All, of_units);
    }
    column("id").in_subquery(tasks)
}
