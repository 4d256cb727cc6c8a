//! The judge: one thread that holds the state of every device and runs the rules over every reading.

mod bench;
mod court;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::{Notify, mpsc, oneshot};
use yiwang_contracts::{DeviceBrief, Devices, Observer, Point};
use yiwang_kernel::{Timestamp, micros};
use yiwang_rules::Transition;

pub(crate) use bench::{Bench, Benches};
pub(crate) use court::Court;

use crate::entry::RuleEntry;

/// Groups of readings that wait for the judge; more are taken from the history when there is room.
const WAITING_MAX: usize = 1_024;

/// What the judge is given.
enum Work {
    Points(Arc<[Point]>, i64),
    /// Time passes; answered once all that came before has been judged.
    Tick(i64, oneshot::Sender<()>),
    /// Which alarms are open before the judge, by rule and device.
    Open(oneshot::Sender<HashSet<(String, String)>>),
    /// Other rules; states begin anew at the instant.
    Rules(Vec<RuleEntry>, i64),
    /// Readings of before, in order of observation; `open` alarms stand at their end.
    Past(Vec<Point>),
}

/// What the judge says, on its way to the store.
pub(crate) struct Told {
    pub device: Arc<DeviceBrief>,
    pub rule: Arc<RuleEntry>,
    pub transition: Transition,
}

/// How the judge stands.
#[derive(Debug, Default)]
pub struct JudgeState {
    /// Messages judged, and readings in them.
    pub messages: AtomicU64,
    pub readings: AtomicU64,
    pub transitions: AtomicU64,
    /// Groups of readings that were passed over because the judge was behind: the history has them.
    pub behind: AtomicU64,
    pub objects: AtomicU64,
}

/// Hands work to the judge's thread.
pub(crate) struct Judge {
    work: mpsc::Sender<Work>,
    pub state: Arc<JudgeState>,
    /// The history must be judged again from the last that was taken.
    pub is_behind: AtomicBool,
    /// What came before has been judged: readings are judged as they come.
    pub is_warm: AtomicBool,
}

impl Judge {
    /// Starts the thread; what it says comes out at the other end.
    pub(crate) fn start(
        devices: Arc<dyn Devices>,
        heard: Arc<Notify>,
    ) -> std::io::Result<(Self, mpsc::Receiver<Told>)> {
        let (work, mut waiting) = mpsc::channel(WAITING_MAX);
        let (say, told) = mpsc::channel(WAITING_MAX * 16);
        let state = Arc::new(JudgeState::default());
        let mut court = Court::new(devices, Arc::clone(&state));
        let run = move || {
            let mut out = Vec::new();
            while let Some(work) = waiting.blocking_recv() {
                match work {
                    Work::Points(points, now) => court.observe(&points, now, &mut out),
                    Work::Tick(now, done) => {
                        court.tick(now, &mut out);
                        for told in out.drain(..) {
                            if say.blocking_send(told).is_err() {
                                return;
                            }
                        }
                        let _nobody_waits = done.send(());
                    }
                    Work::Open(answer) => {
                        let _nobody_waits = answer.send(court.open());
                    }
                    Work::Rules(entries, now) => court.sit(entries, now, &mut out),
                    Work::Past(points) => court.observe_past(&points, &mut out),
                }
                let said = !out.is_empty();
                for told in out.drain(..) {
                    if say.blocking_send(told).is_err() {
                        return;
                    }
                }
                if said {
                    heard.notify_one();
                }
            }
        };
        std::thread::Builder::new()
            .name("judge".to_owned())
            .spawn(run)?;
        let judge = Self {
            work,
            state,
            is_behind: AtomicBool::new(true),
            is_warm: AtomicBool::new(false),
        };
        Ok((judge, told))
    }

    pub(crate) async fn rules(&self, entries: Vec<RuleEntry>, now: Timestamp) {
        let _stopping = self.work.send(Work::Rules(entries, micros(now))).await;
    }

    pub(crate) async fn past(&self, points: Vec<Point>) {
        let _stopping = self.work.send(Work::Past(points)).await;
    }

    /// Lets time pass. Waits for the judge, so that who calls knows that what came before has been judged.
    pub(crate) async fn tick(&self, now: Timestamp) {
        let (done, waits) = oneshot::channel();
        if self.work.send(Work::Tick(micros(now), done)).await.is_ok() {
            let _stopping = waits.await;
        }
    }

    /// The alarms that are open before the judge.
    pub(crate) async fn open(&self) -> HashSet<(String, String)> {
        let (answer, waits) = oneshot::channel();
        let _stopping = self.work.send(Work::Open(answer)).await;
        waits.await.unwrap_or_default()
    }
}

impl Observer for Judge {
    fn observe(&self, points: &Arc<[Point]>, now: Timestamp) {
        let work = Work::Points(Arc::clone(points), micros(now));
        if !self.is_warm.load(Ordering::Acquire) {
            self.is_behind.store(true, Ordering::Release);
        } else if self.work.try_send(work).is_err() {
            self.is_behind.store(true, Ordering::Release);
            self.state.behind.fetch_add(1, Ordering::Relaxed);
        }
    }
}
