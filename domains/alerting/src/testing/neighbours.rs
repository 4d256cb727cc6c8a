//! Those whom the domain asks: a history in memory, devices, a desk for cases, a city, an audit log.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use yiwang_contracts::*;
use yiwang_kernel::{FaultKind, OtherFault, Position, Text, Timestamp, Uuid};

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn ready<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, T> {
    Box::pin(std::future::ready(value))
}

/// Keeps points in memory, by time and series.
#[derive(Default)]
pub(crate) struct Memory {
    kept: Mutex<BTreeMap<(i64, String, String), Point>>,
    /// Nothing can be read back.
    pub(crate) is_broken: AtomicBool,
}

impl History for Memory {
    fn append(&self, points: &[Point]) -> Asked<()> {
        let mut kept = locked(&self.kept);
        for point in points {
            let series = &point.series;
            let key = (
                point.time,
                series.device.to_string(),
                series.property.to_string(),
            );
            kept.insert(key, point.clone());
        }
        Ok(())
    }

    fn latest(&self) -> BoxFuture<'_, Asked<Latest>> {
        ready(Ok(Vec::new()))
    }

    fn contains<'a>(&'a self, keys: &'a [(Arc<Series>, i64)]) -> BoxFuture<'a, Asked<Vec<bool>>> {
        ready(Ok(vec![false; keys.len()]))
    }

    fn samples<'a>(
        &'a self,
        _series: &'a Series,
        _span: Span,
        _newest_first: bool,
        _limit: usize,
    ) -> BoxFuture<'a, Asked<Vec<Sample>>> {
        ready(Ok(Vec::new()))
    }

    fn buckets<'a>(
        &'a self,
        _series: &'a Series,
        _span: Span,
        _step: Step,
    ) -> BoxFuture<'a, Asked<Vec<Bucket>>> {
        ready(Ok(Vec::new()))
    }

    fn replay<'a>(
        &'a self,
        devices: &'a [Box<str>],
        span: Span,
    ) -> BoxStream<'a, Asked<Vec<Point>>> {
        if self.is_broken.load(Ordering::Acquire) {
            let fault = OtherFault::new(FaultKind::Unavailable, "lake.broken", "a broken disk");
            return futures::stream::iter([Err(fault.into())]).boxed();
        }
        let kept = locked(&self.kept);
        let is_meant = |point: &&Point| {
            let is_named = devices.is_empty() || devices.contains(&point.series.device);
            is_named && span.from <= point.time && point.time < span.to
        };
        let points: Vec<Point> = kept.values().filter(is_meant).cloned().collect();
        let pieces: Vec<Asked<Vec<Point>>> =
            points.chunks(64).map(|piece| Ok(piece.to_vec())).collect();
        futures::stream::iter(pieces).boxed()
    }
}

/// The devices of the city.
#[derive(Default)]
pub(crate) struct Register {
    devices: Mutex<BTreeMap<String, Arc<DeviceBrief>>>,
    revision: AtomicI64,
}

impl Register {
    pub(crate) fn put(&self, device: DeviceBrief) {
        locked(&self.devices).insert(device.code.to_string(), Arc::new(device));
        self.revision.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn remove(&self, code: &str) {
        locked(&self.devices).remove(code);
        self.revision.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn change(&self, code: &str, change: impl FnOnce(&mut DeviceBrief)) {
        let mut device = (*locked(&self.devices)[code]).clone();
        change(&mut device);
        self.put(device);
    }
}

impl Devices for Register {
    fn device(&self, code: &str) -> Option<Arc<DeviceBrief>> {
        locked(&self.devices).get(code).cloned()
    }

    fn all(&self) -> Vec<Arc<DeviceBrief>> {
        locked(&self.devices).values().cloned().collect()
    }

    fn of_profile(&self, profile: &str) -> Vec<Arc<DeviceBrief>> {
        let devices = locked(&self.devices);
        let own = devices
            .values()
            .filter(|device| &*device.profile == profile);
        own.cloned().collect()
    }

    fn profile(&self, code: &str) -> Option<ProfileBrief> {
        let property = |code: &str| PropertyBrief {
            code: code.to_owned(),
            name: Text::zh(code),
            unit: Some("m".to_owned()),
            min: Some(0.0),
            max: Some(100.0),
            is_number: true,
        };
        ["gauge", "gateway"].contains(&code).then(|| ProfileBrief {
            code: code.to_owned(),
            name: Text::zh(code),
            properties: vec![property("level"), property("link")],
        })
    }

    fn revision(&self) -> i64 {
        self.revision.load(Ordering::Acquire)
    }
}

/// Cases as the desk has them.
#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) opened: Mutex<Vec<CaseWanted>>,
    pub(crate) notes: Mutex<Vec<String>>,
    /// What `of_item` answers.
    pub(crate) seen: Mutex<Vec<CaseSeen>>,
}

pub(crate) fn case(number: usize) -> CaseRef {
    CaseRef {
        id: IncidentId(Uuid::from_u128(number as u128)),
        number: format!("YW{number}"),
    }
}

impl Desk {
    pub(crate) fn titles(&self) -> Vec<String> {
        let opened = locked(&self.opened);
        opened.iter().map(|wanted| wanted.title.clone()).collect()
    }

    pub(crate) fn notes(&self) -> Vec<String> {
        locked(&self.notes).clone()
    }

    pub(crate) fn saw(&self, case: CaseSeen) {
        locked(&self.seen).push(case);
    }
}

impl Cases for Desk {
    fn open(&self, wanted: CaseWanted, _now: Timestamp) -> BoxFuture<'_, Asked<CaseRef>> {
        let mut opened = locked(&self.opened);
        let known = opened
            .iter()
            .position(|each| each.reference == wanted.reference);
        let place = known.unwrap_or_else(|| {
            opened.push(wanted);
            opened.len() - 1
        });
        ready(Ok(case(place + 1)))
    }

    fn note(&self, _id: IncidentId, text: String, _now: Timestamp) -> BoxFuture<'_, Asked<()>> {
        locked(&self.notes).push(text);
        ready(Ok(()))
    }

    fn of_item<'a>(
        &'a self,
        _wanted: CasesOfItem,
        _actor: &'a Actor,
        _now: Timestamp,
    ) -> BoxFuture<'a, Asked<Vec<CaseSeen>>> {
        ready(Ok(locked(&self.seen).clone()))
    }
}

pub(crate) fn org(n: u128) -> OrgId {
    OrgId(Uuid::from_u128(n))
}

pub(super) struct City;

impl Organisations for City {
    fn by_id(&self, ids: &[OrgId]) -> Vec<Option<OrgBrief>> {
        ids.iter().map(|_| None).collect()
    }

    fn by_code(&self, codes: &[&str]) -> Vec<Option<OrgBrief>> {
        codes.iter().map(|_| None).collect()
    }

    fn subtree(&self, root: OrgId) -> Vec<OrgId> {
        vec![root]
    }

    fn ancestors(&self, id: OrgId) -> Vec<OrgId> {
        vec![id]
    }

    fn search(&self, _text: &str, _limit: usize) -> Vec<OrgBrief> {
        Vec::new()
    }

    fn all(&self) -> Vec<OrgBrief> {
        Vec::new()
    }
}

/// All of Jiangyin's; nobody asks where something lies.
pub(super) fn areas() -> yiwang_testkit::Areas {
    yiwang_testkit::Areas {
        area: |code| {
            code.as_str().starts_with("320281").then(|| AreaBrief {
                code: code.clone(),
                name: format!("区域{code}"),
                parent: None,
                level: 2,
                label: position(),
            })
        },
        located: |_| None,
        outlines: Vec::new,
    }
}

/// Remembers what was done.
#[derive(Default)]
pub(crate) struct AuditLog(Mutex<Vec<String>>);

impl AuditLog {
    pub(crate) fn actions(&self) -> Vec<String> {
        locked(&self.0).clone()
    }
}

impl Audit for AuditLog {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Asked<()>> {
        locked(&self.0).push(entry.action);
        ready(Ok(()))
    }
}

pub(crate) fn position() -> Position {
    Position::new(120.28, 31.9).expect("a good position")
}
