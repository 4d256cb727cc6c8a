//! mosquitto alone: the same publishers, one subscriber that takes everything with QoS 1, nothing kept.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use yiwang_mqtt::ClientEvent;

use super::Plan;
use super::load::{Link, Load, Sender, measured};

struct Broker {
    child: Child,
    address: SocketAddr,
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

impl Broker {
    fn start(program: &Path, home: &Path) -> anyhow::Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let settings = format!(
            "listener {} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\n\
             max_inflight_messages 1000\nset_tcp_nodelay true\nlog_type error\n",
            address.port()
        );
        let file = home.join("mosquitto.conf");
        std::fs::write(&file, settings)?;
        let child = Command::new(program)
            .arg("-c")
            .arg(&file)
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        Ok(Self { child, address })
    }
}

/// Messages per second from all publishers to the subscriber.
pub(super) async fn forwarded(plan: &Plan, program: &Path, home: &Path) -> anyhow::Result<f64> {
    let broker = Broker::start(program, home)?;
    let sender = |n: usize| Sender {
        code: format!("bench-{n}"),
        id: String::new(),
        token: String::new(),
        topic: format!("yw/v1/bench-meter/320281BM{n:06}/up/props"),
    };
    let mut tries = 0;
    let mut subscriber = loop {
        match Link::open(broker.address, &sender(usize::MAX), 1_000).await {
            Ok(link) => break link,
            Err(error) if tries >= 100 => return Err(error),
            Err(_) => tries += 1,
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    subscriber.subscribe("yw/#");
    let (received, is_over) = (
        Arc::new(AtomicU64::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let counted = (Arc::clone(&received), Arc::clone(&is_over));
    let began = Instant::now();
    let counting = tokio::spawn(async move {
        while !counted.1.load(Ordering::Acquire) {
            subscriber.exchange().await?;
            let came = subscriber
                .events()
                .filter(|event| matches!(event, ClientEvent::Message(_)))
                .count();
            counted.0.fetch_add(came as u64, Ordering::Release);
        }
        anyhow::Ok(())
    });
    let load = Load {
        address: broker.address,
        senders: (0..plan.devices).map(sender).collect(),
        words: measured,
        window: plan.window,
        lasts: Duration::from_secs(plan.seconds),
        per_second: None,
    };
    let done = load.run().await?;
    while received.load(Ordering::Acquire) < done.acknowledged {
        ensure!(
            began.elapsed() < load.lasts * 3 + Duration::from_secs(30),
            "the subscriber did not get everything"
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let took = began.elapsed();
    is_over.store(true, Ordering::Release);
    counting.abort();
    Ok(done.acknowledged as f64 / took.as_secs_f64())
}
