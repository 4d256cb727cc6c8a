//! Stations that play recordings: each sends the week before now first, then every value when its time has come, and
//! sends again what is not answered, as a real station does.

mod air;
mod hydro;
mod schedule;
mod station;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::DateTime;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use yiwang_kernel::Timestamp;

use super::NetConfig;
use super::recording::{Kind, Shelf, Values};
use super::talk::{Pause, heard, now};
use schedule::{Job, Schedule, civil};
pub(super) use station::{Station, stations};

/// How long an answer is waited for, and how often the same is sent over one connection.
const ANSWER: Duration = Duration::from_secs(10);
const SENDS_MAX: u32 = 3;
/// Over so many connections the same is tried; then it is given up, so that the rest gets through.
const ROUNDS_MAX: u32 = 10;
/// Messages that wait to be sent.
const QUEUE_MAX: usize = 8_192;
/// How often a quiet station gives a sign of life, where its protocol has one.
const SIGN_OF_LIFE: Duration = Duration::from_mins(10);
/// How often the window of the recordings is moved.
const TURN: Duration = Duration::from_hours(12);

/// Plays the recordings of the city's folder, if it has one, until `stop`.
pub(super) async fn run(config: &NetConfig, stop: CancellationToken) {
    let Some(folder) = &config.recordings else {
        tracing::info!("no recordings are played: no folder of them was named or found");
        return;
    };
    let played = tokio::select! {
        () = stop.cancelled() => return,
        played = begin(config, folder, &stop) => played,
    };
    match played {
        Ok((shelf, stations)) => {
            let talks = TaskTracker::new();
            for station in stations {
                talks.spawn(play(station, Arc::clone(&shelf), stop.clone()));
            }
            talks.spawn(turn(shelf, stop));
            talks.close();
            talks.wait().await;
        }
        Err(error) => tracing::warn!("no recordings are played: {error:#}"),
    }
}

async fn begin(
    config: &NetConfig,
    folder: &Path,
    stop: &CancellationToken,
) -> anyhow::Result<(Arc<Shelf>, Vec<Station>)> {
    let (path, today, stopped) = (folder.to_owned(), civil(now()), stop.clone());
    let opening = tokio::task::spawn_blocking(move || Shelf::open(&path, today, stopped));
    let shelf = Arc::new(opening.await??);
    let shown = folder.display();
    anyhow::ensure!(!shelf.recordings().is_empty(), "{shown} holds none");
    let stations = super::fleet::settle(config, shelf.recordings()).await?;
    let count = |kind| stations.iter().filter(|each| each.kind == kind).count();
    let (air, hydro) = (count(Kind::Air), count(Kind::Hydro));
    tracing::info!("{air} recorded air stations and {hydro} basins of {shown} are played");
    Ok((shelf, stations))
}

/// Moves the window of what is held along, until `stop`.
async fn turn(shelf: Arc<Shelf>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(TURN) => {}
        }
        let (shelf, today) = (Arc::clone(&shelf), civil(now()));
        if let Err(error) = tokio::task::spawn_blocking(move || shelf.turn(today)).await {
            tracing::warn!("the recordings could not be read again: {error}");
        }
    }
}

/// Plays one recording until `stop`.
async fn play(station: Station, shelf: Arc<Shelf>, stop: CancellationToken) {
    let mut player = Player::new(station, shelf, now());
    let mut pause = Pause::new();
    loop {
        let began = tokio::time::Instant::now();
        let spoken = tokio::select! {
            () = stop.cancelled() => return,
            spoken = player.connect() => spoken,
        };
        if let Err(error) = spoken {
            let device = &player.station.code;
            tracing::debug!(device, "a recorded station lost its connection: {error:#}");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause.after(began.elapsed())) => {}
        }
    }
}

/// What the city said to the last message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// It is kept.
    Kept,
    /// The city wants it again.
    Again,
}

/// One step or several of one quantity, ready to be written.
#[derive(Debug)]
struct Told<'a> {
    job: &'a Job,
    /// The time of observation of the first step.
    observed: Timestamp,
    /// By step.
    values: Vec<Values>,
}

/// A protocol's side of one connection.
trait Voice: Send {
    /// The frame of it; none where nothing was recorded.
    fn write(&mut self, told: &Told<'_>, now: Timestamp) -> anyhow::Result<Option<Vec<u8>>>;

    /// What bytes of the city say to what was written last.
    fn hear(&mut self, bytes: &[u8], now: Timestamp) -> Option<Answer>;

    /// The protocol's sign of life, if it has one.
    fn sign_of_life(&mut self, now: Timestamp) -> anyhow::Result<Option<Vec<u8>>>;
}

struct Player {
    station: Station,
    shelf: Arc<Shelf>,
    schedule: Schedule,
    queue: VecDeque<Job>,
    /// Connections over which the first of the queue was not answered.
    rounds: u32,
}

impl Player {
    fn new(station: Station, shelf: Arc<Shelf>, now: Timestamp) -> Self {
        let (schedule, history) = Schedule::begin(&station, now);
        Self {
            station,
            shelf,
            schedule,
            queue: history.into(),
            rounds: 0,
        }
    }

    async fn connect(&mut self) -> anyhow::Result<()> {
        let socket = TcpStream::connect(self.station.server).await?;
        match self.station.kind {
            Kind::Air => self.speak(air::Speaker::new(&self.station), socket).await,
            Kind::Hydro => {
                self.speak(hydro::Speaker::new(&self.station)?, socket)
                    .await
            }
        }
    }

    async fn speak(&mut self, mut voice: impl Voice, mut socket: TcpStream) -> anyhow::Result<()> {
        loop {
            self.add_due(now());
            let Some(job) = self.queue.front().cloned() else {
                self.rest(&mut voice, &mut socket).await?;
                continue;
            };
            let told = Told {
                job: &job,
                observed: self.schedule.observed(job.from),
                values: self.values(&job),
            };
            if let Some(frame) = voice.write(&told, now())? {
                self.deliver(&frame, &mut voice, &mut socket).await?;
            }
            self.rounds = 0;
            self.queue.pop_front();
        }
    }

    fn values(&self, job: &Job) -> Vec<Values> {
        let at = |step: u32| {
            let time: DateTime = civil(self.schedule.step_after(job.from, step));
            self.shelf.values(self.station.recording, time)
        };
        (0..job.steps).map(at).collect()
    }

    fn add_due(&mut self, now: Timestamp) {
        let mut dropped = 0_u32;
        while let Some(job) = self.schedule.next_due(now) {
            self.queue.push_back(job);
            if self.queue.len() > QUEUE_MAX {
                self.queue.pop_front();
                dropped += 1;
            }
        }
        if dropped > 0 {
            let device = &self.station.code;
            tracing::warn!(
                device,
                "{dropped} recorded values waited too long and are left out"
            );
        }
    }

    /// Sends until it is answered, a few times; what the city never answers is given up after as many connections.
    async fn deliver(
        &mut self,
        frame: &[u8],
        voice: &mut impl Voice,
        socket: &mut TcpStream,
    ) -> anyhow::Result<()> {
        for _ in 0..SENDS_MAX {
            socket.write_all(frame).await?;
            match tokio::time::timeout(ANSWER, answer(voice, socket)).await {
                Ok(Ok(Answer::Kept)) => return Ok(()),
                Ok(Err(broken)) => return Err(broken),
                Ok(Ok(Answer::Again)) | Err(_) => {}
            }
        }
        self.rounds += 1;
        anyhow::ensure!(
            self.rounds >= ROUNDS_MAX,
            "a message was sent {SENDS_MAX} times and not answered"
        );
        let device = &self.station.code;
        tracing::warn!(device, "a recorded value is never answered and given up");
        Ok(())
    }

    /// Until the next value is due; hears the city hang up.
    async fn rest(&mut self, voice: &mut impl Voice, socket: &mut TcpStream) -> anyhow::Result<()> {
        let wait = self.schedule.wait(now());
        let mut buffer = Vec::new();
        tokio::select! {
            () = tokio::time::sleep(wait.min(SIGN_OF_LIFE)) => {
                if wait > SIGN_OF_LIFE && let Some(frame) = voice.sign_of_life(now())? {
                    socket.write_all(&frame).await?;
                }
            }
            came = heard(socket, &mut buffer) => {
                came?;
                voice.hear(&buffer, now());
            }
        }
        Ok(())
    }
}

async fn answer(voice: &mut impl Voice, socket: &mut TcpStream) -> anyhow::Result<Answer> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        heard(socket, &mut buffer).await?;
        if let Some(answer) = voice.hear(&buffer, now()) {
            return Ok(answer);
        }
    }
}
