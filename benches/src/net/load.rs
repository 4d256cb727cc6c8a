//! Devices that publish with QoS 1 over a connection each, as fast as they are answered or at a given pace.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::bail;
use bytes::Bytes;
use jiff::Timestamp;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use yiwang_mqtt::packet::{Connect, FilterRequest, Qos, SubscriptionOptions, Version};
use yiwang_mqtt::{Client, ClientEvent, Message};

/// One of so many answers is timed.
const TIMED: u64 = 64;
/// After the last publish.
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);

/// One device.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    pub(super) code: String,
    pub(super) id: String,
    pub(super) token: String,
    pub(super) topic: String,
}

/// What the device of an index says as its message of a number at a time, milliseconds since 1970 UTC.
pub(super) type Words = fn(index: usize, number: u64, time: u64) -> Bytes;

pub(super) struct Load {
    pub(super) address: SocketAddr,
    pub(super) senders: Vec<Sender>,
    pub(super) words: Words,
    /// Publishes under way of one connection.
    pub(super) window: u16,
    pub(super) lasts: Duration,
    /// All together; as fast as they are answered without it.
    pub(super) per_second: Option<f64>,
}

/// What came of it.
pub(super) struct Done {
    pub(super) acknowledged: u64,
    pub(super) took: Duration,
    /// From publish to answer, of some.
    pub(super) answers: Vec<Duration>,
    /// The number that each device was answered last.
    pub(super) last: Vec<(usize, u64)>,
}

impl Load {
    pub(super) async fn run(&self) -> anyhow::Result<Done> {
        let mut links = Vec::new();
        for sender in &self.senders {
            links.push(Link::open(self.address, sender, self.window).await?);
        }
        let began = Instant::now();
        let pace = self
            .per_second
            .map(|all| Duration::from_secs_f64(self.senders.len() as f64 / all));
        let mut tasks = JoinSet::new();
        for (index, link) in links.into_iter().enumerate() {
            let until = began + self.lasts;
            // Paced devices do not all speak at once.
            let first = pace.map(|pace| pace.mul_f64(index as f64 / self.senders.len() as f64));
            let words = self.words;
            tasks.spawn(link.speak((index, words), until, pace, first.unwrap_or_default()));
        }
        let mut done = Done {
            acknowledged: 0,
            took: Duration::ZERO,
            answers: Vec::new(),
            last: Vec::new(),
        };
        while let Some(each) = tasks.join_next().await {
            let (index, number, answers) = each??;
            done.acknowledged += number;
            done.last.push((index, number));
            done.answers.extend(answers);
        }
        done.took = began.elapsed();
        Ok(done)
    }
}

pub(super) fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::MIN)
}

/// Microseconds since 1970 UTC.
pub(super) fn micros() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as u64)
}

/// What a meter says.
pub(super) fn measured(_index: usize, number: u64, time: u64) -> Bytes {
    payload(number, 100.0 + (number % 50) as f64, time)
}

/// About 200 bytes with four values of this millisecond; `number` is among them.
fn payload(number: u64, flow: f64, time: u64) -> Bytes {
    let wave = (number % 997) as f64 / 997.0;
    format!(
        "{{\"time\":{time},\"values\":{{\"flow\":{flow:.3},\"pressure\":{:.4},\"temperature\":{:.2},\"total\":{number}}},\"gateway\":\"320281-GW-0001\",\"firmware\":\"2.14.3-r1\",\"signal\":-{},\"battery\":3.61}}",
        0.3 + wave / 10.0,
        18.0 + wave,
        70 + number % 30,
    )
    .into()
}

/// One connection.
pub(super) struct Link {
    socket: TcpStream,
    pub(super) client: Client,
    topic: String,
    events: Vec<ClientEvent>,
    buffer: Vec<u8>,
    /// Of the last publish, milliseconds since 1970 UTC: no two messages of a device are of the same.
    time: u64,
}

impl Link {
    pub(super) async fn open(
        address: SocketAddr,
        sender: &Sender,
        window: u16,
    ) -> anyhow::Result<Self> {
        Self::open_as(&sender.code, address, sender, window).await
    }

    /// One of several connections of the same device.
    pub(super) async fn open_as(
        client_id: &str,
        address: SocketAddr,
        sender: &Sender,
        window: u16,
    ) -> anyhow::Result<Self> {
        let socket = TcpStream::connect(address).await?;
        socket.set_nodelay(true)?;
        let mut connect = Connect::new(Version::V3, client_id);
        connect.user_name = Some(sender.code.as_str().into());
        connect.password = Some(Bytes::copy_from_slice(sender.token.as_bytes()));
        let mut client = Client::new(connect, window, now());
        client.connect(now());
        let mut link = Self {
            socket,
            client,
            topic: sender.topic.clone(),
            events: Vec::new(),
            buffer: vec![0; 16 << 10],
            time: 0,
        };
        while !link.client.is_open() {
            link.exchange().await?;
            if let Some(ClientEvent::Refused(reason)) = link.events.pop() {
                bail!("{} is not let in: {reason}", sender.code);
            }
        }
        Ok(link)
    }

    /// Sends what is to be sent and takes what has come; waits until something has.
    pub(super) async fn exchange(&mut self) -> anyhow::Result<()> {
        self.flush().await?;
        self.socket.readable().await?;
        match self.socket.try_read(&mut self.buffer) {
            Ok(0) => bail!("the server closed the connection of {}", self.topic),
            Ok(count) => {
                let bytes = Bytes::copy_from_slice(self.buffer.get(..count).unwrap_or_default());
                self.client.receive(bytes, now(), &mut self.events);
                Ok(())
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn flush(&mut self) -> anyhow::Result<()> {
        let output = self.client.take_output();
        Ok(self.socket.write_all(&output).await?)
    }

    pub(super) fn publish(&mut self, number: u64, flow: f64) {
        self.send(|time| payload(number, flow, time));
    }

    fn send(&mut self, words: impl FnOnce(u64) -> Bytes) {
        self.time = (self.time + 1).max(micros() / 1_000);
        let payload = words(self.time);
        let message = Message::new(self.topic.as_str(), payload, Qos::AtLeastOnce);
        let _written = self.client.publish(&Arc::new(message), now());
    }

    pub(super) fn subscribe(&mut self, filter: &str) {
        let options = SubscriptionOptions {
            qos: Qos::AtLeastOnce,
            ..SubscriptionOptions::default()
        };
        let request = FilterRequest {
            filter: filter.into(),
            options,
        };
        self.client.subscribe(vec![request], None, now());
    }

    pub(super) fn events(&mut self) -> std::vec::Drain<'_, ClientEvent> {
        self.events.drain(..)
    }

    async fn speak(
        mut self,
        (index, words): (usize, Words),
        until: Instant,
        pace: Option<Duration>,
        first: Duration,
    ) -> anyhow::Result<(usize, u64, Vec<Duration>)> {
        let (mut sent, mut answered, mut answers) = (0_u64, 0_u64, Vec::new());
        let mut timed: Option<(u64, Instant)> = None;
        let mut next = tokio::time::Instant::now() + first;
        loop {
            let is_over = Instant::now() >= until;
            if is_over && answered == sent {
                return Ok((index, answered, answers));
            }
            if let Some(pace) = pace {
                while !is_over && next <= tokio::time::Instant::now() && self.client.has_room() {
                    next += pace;
                    sent += 1;
                    self.say((index, words), sent, &mut timed);
                }
            } else {
                while !is_over && self.client.has_room() {
                    sent += 1;
                    self.say((index, words), sent, &mut timed);
                }
            }
            self.flush().await?;
            let waits = if pace.is_some() && !is_over {
                next
            } else {
                (until + ANSWERS_WITHIN).into()
            };
            match tokio::time::timeout_at(waits, self.exchange()).await {
                Ok(done) => done?,
                Err(_) if is_over => bail!("{} publishes are not answered", sent - answered),
                Err(_) => {}
            }
            for event in self.events.drain(..) {
                match event {
                    ClientEvent::Acknowledged { reason, .. } if !reason.is_failure() => {
                        answered += 1;
                        if let Some((_, at)) = timed.filter(|(number, _)| *number == answered) {
                            answers.push(at.elapsed());
                            timed = None;
                        }
                    }
                    other => bail!("{}: {other:?}", self.topic),
                }
            }
        }
    }

    fn say(
        &mut self,
        (index, words): (usize, Words),
        number: u64,
        timed: &mut Option<(u64, Instant)>,
    ) {
        self.send(|time| words(index, number, time));
        if timed.is_none() && number.is_multiple_of(TIMED) {
            *timed = Some((number, Instant::now()));
        }
    }
}
