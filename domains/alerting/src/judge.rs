//! The judge: one thread that holds the state of every device and runs the rules over every reading.

mod bench;
mod court;
mod docket;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use tokio::sync::{Notify, mpsc, oneshot};
use yiwang_contracts::{DeviceBrief, Devices, Observer, Point};
use yiwang_kernel::{Timestamp, micros};
use yiwang_rules::{Severity, Transition};

pub(crate) use bench::{Bench, Benches, by_profile};
pub(crate) use court::Court;

use crate::alarm::AlarmId;
use crate::entry::RuleEntry;

pub(crate) use docket::Remembered;

/// What waits for the judge; what finds no room is taken from the history.
const WAITING_MAX: usize = 64;
/// With so many groups of readings before it, the judge asks those who bring them to wait.
const WAITING_MANY: usize = 8;
/// Changes of alarms that wait to be written down; the judge waits when there are more. Few in tests, so that they wait.
const SAID_MAX: usize = if cfg!(test) { 256 } else { 16_384 };

/// What the judge is given.
enum Work {
    Points(Arc<[Point]>, i64),
    /// Time passes; answered once all that came before has been judged.
    Tick(i64, oneshot::Sender<()>),
    /// Which alarms are open before the judge.
    Open(oneshot::Sender<HashMap<AlarmId, Standing>>),
    /// The court sits: states begin anew, and what is known of before comes with them.
    Sit(Sitting),
    /// Other rules from now on; states are carried over. Answers false where a kind of device is new.
    Rules(Vec<RuleEntry>, i64, oneshot::Sender<bool>),
    /// Readings of before, in order of observation, for kinds of devices whose rules look far back or not so far.
    Past(Vec<Point>, Reach),
    /// What came before has been judged.
    Warm,
}

/// With what the court begins.
#[derive(Default)]
pub(crate) struct Sitting {
    pub entries: Vec<RuleEntry>,
    /// From when on readings of before are handed in.
    pub from: i64,
    /// The same for kinds of devices whose rules look farther back.
    pub from_far: i64,
    /// Alarms that may be raised again.
    pub remembered: Vec<Remembered>,
}

/// How far back the rules of a kind of device look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    Near,
    Far,
}

/// How an alarm stands before the judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub opened: i64,
    pub severity: Severity,
}

/// What the judge says, on its way to the store.
pub(crate) struct Told {
    pub id: AlarmId,
    /// Said while the past is judged: it may have been said before.
    pub is_again: bool,
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

/// Where the judge says things.
struct Mouth {
    say: mpsc::Sender<Told>,
    /// Somebody has to write down what was said.
    heard: Arc<Notify>,
}

/// Nobody listens any more.
struct Unheard;

impl Mouth {
    /// Says everything. While nobody has room for more, whoever writes down is called again and again: he may be
    /// waiting for the judge.
    fn say(&self, out: &mut Vec<Told>) -> Result<(), Unheard> {
        if out.is_empty() {
            return Ok(());
        }
        for told in out.drain(..) {
            match self.say.try_send(told) {
                Ok(()) => {}
                Err(mpsc::error::TrySendError::Full(told)) => {
                    self.heard.notify_one();
                    self.say.blocking_send(told).map_err(|_closed| Unheard)?;
                }
                Err(mpsc::error::TrySendError::Closed(_)) => return Err(Unheard),
            }
        }
        self.heard.notify_one();
        Ok(())
    }
}

/// Hands work to the judge's thread.
pub(crate) struct Judge {
    work: mpsc::Sender<Work>,
    pub state: Arc<JudgeState>,
    /// Readings were passed over: the history must be judged from `missed_from` on.
    pub is_behind: AtomicBool,
    /// The earliest observation that was passed over, microseconds since 1970 UTC.
    missed_from: AtomicI64,
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
        let (say, told) = mpsc::channel(SAID_MAX);
        let state = Arc::new(JudgeState::default());
        let mut court = Court::new(devices, Arc::clone(&state));
        let mouth = Mouth { say, heard };
        let run = move || {
            let mut out = Vec::new();
            while let Some(work) = waiting.blocking_recv() {
                match work {
                    Work::Points(points, now) => court.observe(&points, now, &mut out),
                    Work::Tick(now, done) => {
                        court.tick(now, &mut out);
                        if mouth.say(&mut out).is_err() {
                            return;
                        }
                        let _nobody_waits = done.send(());
                    }
                    Work::Open(answer) => {
                        let _nobody_waits = answer.send(court.open());
                    }
                    Work::Sit(sitting) => court.sit(sitting),
                    Work::Rules(entries, now, answer) => {
                        let _nobody_waits = answer.send(court.adopt(entries, now, &mut out));
                    }
                    Work::Past(points, reach) => court.observe_past(&points, reach, &mut out),
                    Work::Warm => court.warm(),
                }
                if mouth.say(&mut out).is_err() {
                    return;
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
            missed_from: AtomicI64::new(i64::MAX),
            is_warm: AtomicBool::new(false),
        };
        Ok((judge, told))
    }

    pub(crate) async fn sit(&self, sitting: Sitting) {
        let _stopping = self.work.send(Work::Sit(sitting)).await;
    }

    /// Carries all states over to other rules. False where that cannot be: a kind of device is new to the judge.
    pub(crate) async fn adopt(&self, entries: Vec<RuleEntry>, now: Timestamp) -> bool {
        let (answer, waits) = oneshot::channel();
        let work = Work::Rules(entries, micros(now), answer);
        let _stopping = self.work.send(work).await;
        waits.await.unwrap_or(true)
    }

    pub(crate) async fn past(&self, points: Vec<Point>, reach: Reach) {
        let _stopping = self.work.send(Work::Past(points, reach)).await;
    }

    pub(crate) async fn warm(&self) {
        let _stopping = self.work.send(Work::Warm).await;
    }

    /// From when on readings were passed over since this was last asked; nothing where none were.
    pub(crate) fn take_missed(&self) -> Option<i64> {
        self.is_behind.store(false, Ordering::Release);
        let from = self.missed_from.swap(i64::MAX, Ordering::AcqRel);
        (from < i64::MAX).then_some(from)
    }

    fn miss(&self, points: &[Point]) {
        if let Some(first) = points.iter().map(|point| point.time).min() {
            self.has_missed(first);
        }
    }

    /// What was observed from then on has not been judged, or not to the end.
    pub(crate) fn has_missed(&self, from: i64) {
        self.missed_from.fetch_min(from, Ordering::AcqRel);
        self.is_behind.store(true, Ordering::Release);
    }

    /// Lets time pass. Waits for the judge, so that who calls knows that what came before has been judged.
    pub(crate) async fn tick(&self, now: Timestamp) {
        let (done, waits) = oneshot::channel();
        if self.work.send(Work::Tick(micros(now), done)).await.is_ok() {
            let _stopping = waits.await;
        }
    }

    /// The alarms that are open before the judge.
    pub(crate) async fn open(&self) -> HashMap<AlarmId, Standing> {
        let (answer, waits) = oneshot::channel();
        let _stopping = self.work.send(Work::Open(answer)).await;
        waits.await.unwrap_or_default()
    }
}

impl Observer for Judge {
    fn observe(&self, points: &Arc<[Point]>, now: Timestamp) {
        let work = Work::Points(Arc::clone(points), micros(now));
        if !self.is_warm.load(Ordering::Acquire) {
            self.miss(points);
        } else if self.work.try_send(work).is_err() {
            self.miss(points);
            self.state.behind.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn is_busy(&self) -> bool {
        let waiting = self.work.max_capacity() - self.work.capacity();
        self.is_warm.load(Ordering::Acquire) && waiting >= WAITING_MANY
    }
}
