//! What a case is known by: its number, its query code, the other side's reference; and the caller
//! who comes again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::SignedDuration;
use rand::RngExt as _;
use yiwang_contracts::IncidentId;
use yiwang_store::{StoreError, Tx};

use super::{Intake, Row, reference};
use crate::model::{Flag, Incident, NewIncident, Source};
use crate::store;

/// The civil time of the city, for the day in a number.
const CITY_OFFSET: jiff::tz::Offset = jiff::tz::Offset::constant(8);
/// Without the characters that are taken for each other.
const CODE_LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LENGTH: usize = 8;

/// Which references are there already, source by source.
pub(super) async fn known_refs(
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

impl Intake<'_> {
    /// Gives every new case its number.
    pub(super) async fn number(&mut self, tx: &Tx) -> Result<(), StoreError> {
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
    pub(super) async fn flag_repeats(&mut self, tx: &Tx) -> Result<(), StoreError> {
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
}

fn phone(new: &NewIncident) -> Option<i64> {
    store::phone_key(new.reporter.as_ref()?.phone.reveal())
}

/// The first two levels of the item.
pub(super) fn class_of(incident: &Incident) -> String {
    let code = incident.item_code.as_deref().unwrap_or_default();
    code.splitn(3, '.').take(2).collect::<Vec<_>>().join(".")
}

fn day_of(incident: &Incident) -> (i32, Source) {
    let date = CITY_OFFSET.to_datetime(incident.created_at).date();
    let day =
        i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day());
    (day, incident.source)
}

pub(super) fn query_code() -> String {
    let mut random = rand::rng();
    (0..CODE_LENGTH)
        .filter_map(|_| CODE_LETTERS.get(random.random_range(0..CODE_LETTERS.len())))
        .map(|letter| char::from(*letter))
        .collect()
}
