//! New observations for those who subscribed to them by MQTT: told once they are durable, to whom the broker let
//! subscribe. Who takes them in is never made to wait: what cannot be told in time is left out, and counted.

use std::sync::Arc;

use serde_json::{Map, json};
use tokio::sync::mpsc;
use yiwang_contracts::{Observer, Point, Quality, Sample};
use yiwang_http::Counter;
use yiwang_kernel::Timestamp;
use yiwang_mqtt::{Message, Qos};

use super::Address;
use super::entity::{Entity, Kind, Stream};
use super::topic::VERSION;
use crate::edges::Broker;
use crate::registry::Registry;
use crate::service::SensingService;

/// Groups of points that wait to be told.
const WAITING_MAX: usize = 256;

/// Hands what was made durable to the task that tells it.
pub(crate) struct Teller {
    to_tell: mpsc::Sender<Arc<[Point]>>,
    broker: Arc<Broker>,
    untold: Counter,
}

impl Teller {
    pub(crate) fn new(
        broker: Arc<Broker>,
        untold: Counter,
    ) -> (Self, mpsc::Receiver<Arc<[Point]>>) {
        let (to_tell, waiting) = mpsc::channel(WAITING_MAX);
        let teller = Self {
            to_tell,
            broker,
            untold,
        };
        (teller, waiting)
    }
}

impl Observer for Teller {
    fn observe(&self, points: &Arc<[Point]>, _now: Timestamp) {
        if self.broker.tells_observations() && self.to_tell.try_send(Arc::clone(points)).is_err() {
            self.untold.add(points.len() as u64);
        }
    }
}

/// Tells all that comes, until the node stops.
pub(crate) async fn tell(
    service: Arc<SensingService>,
    public_url: String,
    mut waiting: mpsc::Receiver<Arc<[Point]>>,
) {
    let base = Address::of(&public_url, &axum::http::HeaderMap::new());
    let base = if public_url.is_empty() {
        Address::relative()
    } else {
        base
    };
    while let Some(points) = waiting.recv().await {
        let now = service.intake().clock.now();
        for point in points
            .iter()
            .filter(|point| point.quality != Quality::Deleted)
        {
            let Some((topic, payload)) = message(service.registry(), &base, point) else {
                continue;
            };
            for topic in [topic, format!("{VERSION}/Observations")] {
                let message = Message::new(topic, payload.clone(), Qos::AtLeastOnce);
                service.broker.publish(message, None, now);
            }
        }
        tokio::task::yield_now().await;
    }
}

/// The topic of the datastream, and the observation.
fn message(registry: &Registry, base: &Address, point: &Point) -> Option<(String, String)> {
    let binding = registry.by_code(&point.series.device)?.binding();
    let place = binding.profile.property(&point.series.property)?;
    let stream = Stream { binding, place };
    let id = stream.id();
    let sample = Sample {
        time: point.time,
        received: point.received,
        value: point.value,
        text: point.text.clone(),
        quality: point.quality,
    };
    let entity = Entity::Observation(stream, Box::new(sample));
    let mut body = Map::new();
    body.insert("@iot.id".to_owned(), json!(entity.id()));
    body.insert("@iot.selfLink".to_owned(), json!(base.link(&entity.path())));
    for name in Kind::Observation.properties() {
        let value = entity.property(name);
        if !value.is_null() || *name == "result" {
            body.insert((*name).to_owned(), value);
        }
    }
    let datastream = base.link(&format!("Datastreams('{id}')"));
    body.insert(
        "Datastream@iot.navigationLink".to_owned(),
        json!(datastream),
    );
    let topic = format!("{VERSION}/Datastreams('{id}')/Observations");
    Some((topic, serde_json::Value::Object(body).to_string()))
}
