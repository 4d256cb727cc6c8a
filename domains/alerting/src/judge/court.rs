//! The state of every device, and the rules at work on it. Owned by the judge's thread.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use yiwang_contracts::{DeviceBrief, Devices, Point};
use yiwang_rules::{ObjectState, Sample, Transition};

use super::{Bench, Benches, JudgeState, Told};
use crate::entry::RuleEntry;

/// One device before the judge.
struct Object {
    device: Arc<DeviceBrief>,
    bench: Arc<Bench>,
    state: ObjectState,
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
            said,
            samples: Vec::new(),
            transitions: Vec::new(),
        }
    }

    /// Takes rules over, and all devices as they are now. States begin anew: the history follows.
    pub(crate) fn sit(&mut self, entries: Vec<RuleEntry>, now: i64, out: &mut Vec<Told>) {
        self.entries = entries;
        self.benches = self.compile();
        self.revision = self.devices.revision();
        self.objects.clear();
        self.by_code.clear();
        self.wakes.clear();
        let profiles: Vec<Arc<str>> = self.benches.keys().cloned().collect();
        for profile in profiles {
            for device in self.devices.of_profile(&profile) {
                self.admit(device, now);
            }
        }
        self.said
            .objects
            .store(self.objects.len() as u64, Ordering::Relaxed);
        out.clear();
    }

    /// The alarms that are open, by rule and device.
    pub(crate) fn open(&self) -> HashSet<(String, String)> {
        let of = |object: &Object| -> Vec<(String, String)> {
            let alarms = object.bench.rules.open(&object.state);
            let ids = alarms.filter_map(|alarm| object.bench.entries.get(alarm.rule));
            ids.map(|entry| (entry.rule.id.clone(), object.device.code.to_string()))
                .collect()
        };
        self.objects.iter().flat_map(of).collect()
    }

    fn compile(&self) -> Benches {
        let mut by_profile: HashMap<&str, Vec<RuleEntry>> = HashMap::new();
        for entry in &self.entries {
            by_profile
                .entry(&entry.profile)
                .or_default()
                .push(entry.clone());
        }
        let compiled = by_profile.into_iter().filter_map(|(profile, entries)| {
            let bench = Bench::of(profile, &entries, self.devices.as_ref())?;
            Some((Arc::from(profile), Arc::new(bench)))
        });
        compiled.collect()
    }

    /// A device that is not before the judge yet.
    fn admit(&mut self, device: Arc<DeviceBrief>, since: i64) -> Option<usize> {
        let bench = Arc::clone(self.benches.get(&device.profile)?);
        let mut state = bench.rules.object(since);
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
    pub(crate) fn observe_past(&mut self, points: &[Point], out: &mut Vec<Told>) {
        for piece in points.chunk_by(|a, b| a.series.device == b.series.device && a.time == b.time)
        {
            if let Some(first) = piece.first()
                && let Some(at) = self.find(&first.series.device, first.time)
            {
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

    /// Devices were registered or changed.
    fn follow(&mut self, now: i64, out: &mut Vec<Told>) {
        self.revision = self.devices.revision();
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
                    self.plan(at);
                }
            }
        }
        self.said
            .objects
            .store(self.objects.len() as u64, Ordering::Relaxed);
    }

    fn tell(&mut self, at: usize, out: &mut Vec<Told>) {
        let Some(object) = self.objects.get(at) else {
            self.transitions.clear();
            return;
        };
        for transition in self.transitions.drain(..) {
            let Some(entry) = object.bench.entries.get(transition.rule) else {
                continue;
            };
            if !object.bench.speaks_of(transition.rule, &object.device) {
                continue;
            }
            self.said.transitions.fetch_add(1, Ordering::Relaxed);
            out.push(Told {
                device: Arc::clone(&object.device),
                rule: Arc::clone(entry),
                transition,
            });
        }
    }
}
