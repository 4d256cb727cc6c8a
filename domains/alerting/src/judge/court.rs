//! The state of every device, and the rules at work on it. Owned by the judge's thread.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use yiwang_contracts::{DeviceBrief, Devices, Point};
use yiwang_rules::{Change, Clearing, ObjectState, Sample, Transition};

use super::docket::{Docket, Remembered};
use super::{Bench, Benches, JudgeState, Reach, Sitting, Standing, Told, by_profile};
use crate::alarm::AlarmId;
use crate::entry::RuleEntry;

mod carried;

/// One device before the judge.
struct Object {
    device: Arc<DeviceBrief>,
    bench: Arc<Bench>,
    state: ObjectState,
    docket: Docket,
    /// The instant at which it is in the heap.
    wakes: i64,
}

/// All devices before the judge.
pub(crate) struct Court {
    devices: Arc<dyn Devices>,
    benches: Benches,
    objects: Vec<Object>,
    by_code: HashMap<Arc<str>, usize>,
    wakes: BinaryHeap<Reverse<(i64, usize)>>,
    /// The devices as they were when the rules were set.
    revision: i64,
    entries: Vec<RuleEntry>,
    /// Alarms of before, by device, until the past is judged.
    remembered: HashMap<String, Vec<Remembered>>,
    is_again: bool,
    said: Arc<JudgeState>,
    samples: Vec<Sample>,
    transitions: Vec<Transition>,
}

impl Court {
    pub(crate) fn new(devices: Arc<dyn Devices>, said: Arc<JudgeState>) -> Self {
        Self {
            devices,
            benches: Benches::new(),
            objects: Vec::new(),
            by_code: HashMap::new(),
            wakes: BinaryHeap::new(),
            revision: -1,
            entries: Vec::new(),
            remembered: HashMap::new(),
            is_again: false,
            said,
            samples: Vec::new(),
            transitions: Vec::new(),
        }
    }

    /// Takes rules over, and all devices as they are now. States begin anew: the history follows.
    pub(crate) fn sit(&mut self, sitting: Sitting) {
        self.entries = sitting.entries;
        self.benches = self.compile();
        self.revision = self.devices.revision();
        self.objects.clear();
        self.by_code.clear();
        self.wakes.clear();
        self.is_again = true;
        self.remembered.clear();
        for alarm in sitting.remembered {
            let own = self.remembered.entry(alarm.device.clone()).or_default();
            own.push(alarm);
        }
        let profiles: Vec<Arc<str>> = self.benches.keys().cloned().collect();
        for profile in profiles {
            let reach = self.benches.get(&profile).map(|bench| bench.reach);
            let since = match reach {
                Some(Reach::Far) => sitting.from_far,
                _ => sitting.from,
            };
            for device in self.devices.of_profile(&profile) {
                self.admit(device, since);
            }
        }
        self.count_objects();
    }

    /// What came before has been judged: what is said from now on is new.
    pub(crate) fn warm(&mut self) {
        self.is_again = false;
        self.remembered = HashMap::new();
    }

    fn count_objects(&self) {
        let objects = self.by_code.len() as u64;
        self.said.objects.store(objects, Ordering::Relaxed);
    }

    /// The alarms that are open.
    pub(crate) fn open(&self) -> HashMap<AlarmId, Standing> {
        let of = |object: &Object| -> Vec<(AlarmId, Standing)> {
            let alarms = object.bench.rules.open(&object.state);
            let known = alarms.filter_map(|alarm| {
                let rule = &object.bench.rules.rules().get(alarm.rule)?.id;
                let id = object.docket.id(rule, alarm.number)?;
                let (opened, severity) = (alarm.opened, alarm.severity);
                Some((id, Standing { opened, severity }))
            });
            known.collect()
        };
        self.objects.iter().flat_map(of).collect()
    }

    fn compile(&self) -> Benches {
        let compiled = by_profile(&self.entries).into_iter();
        let compiled = compiled.filter_map(|(profile, entries)| {
            let bench = Bench::of(profile, &entries, self.devices.as_ref())?;
            Some((Arc::from(profile), Arc::new(bench)))
        });
        compiled.collect()
    }

    /// A device that is not before the judge yet.
    fn admit(&mut self, device: Arc<DeviceBrief>, since: i64) -> Option<usize> {
        let bench = Arc::clone(self.benches.get(&device.profile)?);
        let mut docket = Docket::default();
        let mut state = match self.remembered.get_mut(&*device.code) {
            Some(own) => {
                let known = docket.restored(&bench.rules, since, own);
                bench.rules.object_with(since, &known)
            }
            None => bench.rules.object(since),
        };
        let mut quiet = Vec::new();
        bench
            .rules
            .set_attributes(&mut state, &bench.attributes(&device), since, &mut quiet);
        let at = self.objects.len();
        self.by_code.insert(Arc::clone(&device.code), at);
        self.objects.push(Object {
            device,
            bench,
            state,
            docket,
            wakes: i64::MAX,
        });
        self.plan(at);
        Some(at)
    }

    fn plan(&mut self, at: usize) {
        let Some(object) = self.objects.get_mut(at) else {
            return;
        };
        if let Some(wake) = object.bench.rules.wake(&object.state)
            && wake < object.wakes
        {
            object.wakes = wake;
            self.wakes.push(Reverse((wake, at)));
        }
    }

    fn find(&mut self, code: &str, since: i64) -> Option<usize> {
        if let Some(at) = self.by_code.get(code) {
            return Some(*at);
        }
        let device = self.devices.device(code)?;
        self.admit(device, since)
    }

    /// Judges readings that have become durable. Those of one device and time are judged together.
    pub(crate) fn observe(&mut self, points: &[Point], now: i64, out: &mut Vec<Told>) {
        let mut rest = points;
        while let Some(first) = rest.first() {
            let device = &first.series.device;
            let is_same = |point: &Point| point.series.device == *device;
            let count = rest.iter().take_while(|point| is_same(point)).count();
            let (own, others) = rest.split_at(count);
            if let Some(at) = self.find(device, now) {
                self.judge(at, own, now, out);
            }
            rest = others;
        }
    }

    /// Judges what came before, each reading at its own time.
    pub(crate) fn observe_past(&mut self, points: &[Point], reach: Reach, out: &mut Vec<Told>) {
        for piece in points.chunk_by(|a, b| a.series.device == b.series.device && a.time == b.time)
        {
            let Some(first) = piece.first() else { continue };
            let found = self.find(&first.series.device, first.time);
            let is_meant = |at: &usize| {
                let object = self.objects.get(*at);
                object.is_some_and(|object| object.bench.reach == reach)
            };
            if let Some(at) = found.filter(is_meant) {
                self.judge(at, piece, first.time, out);
            }
        }
    }

    fn judge(&mut self, at: usize, points: &[Point], now: i64, out: &mut Vec<Told>) {
        let Some(object) = self.objects.get_mut(at) else {
            return;
        };
        self.samples.clear();
        let samples = points.iter().filter_map(|point| {
            Some(Sample {
                property: object.bench.property(&point.series.property)?,
                time: point.time,
                value: point.value,
                is_believed: point.quality.is_believed(),
            })
        });
        self.samples.extend(samples);
        object
            .bench
            .rules
            .observe(&mut object.state, &self.samples, now, &mut self.transitions);
        self.said.messages.fetch_add(1, Ordering::Relaxed);
        self.said
            .readings
            .fetch_add(self.samples.len() as u64, Ordering::Relaxed);
        self.tell(at, out);
        self.plan(at);
    }

    /// Lets time pass for those for whom it may change something.
    pub(crate) fn tick(&mut self, now: i64, out: &mut Vec<Told>) {
        if self.revision != self.devices.revision() {
            self.follow(now, out);
        }
        while let Some(Reverse((wake, at))) = self.wakes.peek().copied()
            && wake <= now
        {
            self.wakes.pop();
            let Some(object) = self.objects.get_mut(at) else {
                continue;
            };
            if object.wakes != wake {
                // It was planned anew since.
                continue;
            }
            object.wakes = i64::MAX;
            object
                .bench
                .rules
                .tick(&mut object.state, now, &mut self.transitions);
            self.tell(at, out);
            self.plan(at);
        }
    }

    /// Devices were registered, changed or taken away.
    fn follow(&mut self, now: i64, out: &mut Vec<Told>) {
        self.revision = self.devices.revision();
        for at in 0..self.objects.len() {
            self.dismiss_the_gone(at, now, out);
        }
        let profiles: Vec<Arc<str>> = self.benches.keys().cloned().collect();
        for profile in profiles {
            for device in self.devices.of_profile(&profile) {
                let Some(at) = self.by_code.get(&device.code).copied() else {
                    self.admit(device, now);
                    continue;
                };
                let Some(object) = self.objects.get_mut(at) else {
                    continue;
                };
                if *object.device != *device {
                    let attributes = object.bench.attributes(&device);
                    object.device = device;
                    let (rules, state) = (&object.bench.rules, &mut object.state);
                    rules.set_attributes(state, &attributes, now, &mut self.transitions);
                    self.tell(at, out);
                    self.follow_scope(at, now, out);
                    self.plan(at);
                }
            }
        }
        self.count_objects();
    }

    fn tell(&mut self, at: usize, out: &mut Vec<Told>) {
        let Some(object) = self.objects.get_mut(at) else {
            self.transitions.clear();
            return;
        };
        let mut nothing = Vec::new();
        let remembered = self.remembered.get_mut(&*object.device.code);
        let remembered = remembered.unwrap_or(&mut nothing);
        for transition in self.transitions.drain(..) {
            let Some(entry) = object.bench.entries.get(transition.rule) else {
                continue;
            };
            if matches!(transition.change, Change::Unknown | Change::Known) {
                continue;
            }
            let is_known = object
                .docket
                .id(&transition.explanation.rule, transition.alarm)
                .is_some();
            if !is_known && !entry.scope.covers(&object.device) {
                continue;
            }
            let Some(id) = object.docket.of(&transition, &object.device, remembered) else {
                continue;
            };
            self.said.transitions.fetch_add(1, Ordering::Relaxed);
            out.push(Told {
                id,
                is_again: self.is_again,
                device: Arc::clone(&object.device),
                rule: Arc::clone(entry),
                transition,
            });
        }
    }
}
