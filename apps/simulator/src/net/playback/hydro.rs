//! Hydrological stations speak SL 651-2014: the hour's report (34) by the hour, the timed report (32) otherwise. The
//! past goes as even reports (31), values of one element at the step of the recording; each has a message of its own,
//! because where its values end is not written in it. What is missing is sent as not valid, in both.

use yiwang_kernel::Timestamp;
use yiwang_sl651::{
    Body, Category, Device, Element, Encoding, End, Group, Known, Link, Message, Received, Report,
    ReportKind, Settings, Step,
};

use super::{Answer, Station, Told, Voice};
use crate::net::recording::{DAY_MINUTES, Quantity, Stat, Values};
use crate::net::{SL651_CENTRE, SL651_PASSWORD};

const KEEP_ALIVE: u8 = 0x2F;
const HOUR_MINUTES: u16 = 60;

pub(super) struct Speaker {
    device: Device,
    settings: Settings,
    link: Link,
    serial: u16,
    step: u16,
    quantities: Vec<Quantity>,
}

impl Speaker {
    pub(super) fn new(station: &Station) -> anyhow::Result<Self> {
        let settings = Settings::default();
        Ok(Self {
            device: Device {
                encoding: Encoding::Hex,
                centre: SL651_CENTRE,
                station: station.address.parse()?,
                password: SL651_PASSWORD,
                category: Some(Category::River),
            },
            link: Link::station(settings.clone()),
            settings,
            serial: 0,
            step: station.step,
            quantities: station.quantities.clone(),
        })
    }

    fn next_serial(&mut self) -> u16 {
        self.serial = self.serial.wrapping_add(1).max(1);
        self.serial
    }

    fn report(&self, told: &Told<'_>) -> Option<Report> {
        let (kind, step, elements) = if let Some(quantity) = told.job.only {
            let step = step(self.step);
            let element = even(quantity, self.step, step, &told.values)?;
            (ReportKind::Even, Some(step), vec![element])
        } else {
            let values = told.values.first()?;
            let element = |quantity: &Quantity| single(*quantity, self.step, values);
            let kind = if self.step == HOUR_MINUTES {
                ReportKind::Hourly
            } else {
                ReportKind::Timed
            };
            let elements = self.quantities.iter().filter_map(element).collect();
            (kind, None, elements)
        };
        let group = Group {
            time: told.observed,
            step,
            elements,
        };
        Some(Report {
            kind,
            groups: vec![group],
            leftover: Vec::new(),
        })
    }
}

impl Voice for Speaker {
    fn write(&mut self, told: &Told<'_>, now: Timestamp) -> anyhow::Result<Option<Vec<u8>>> {
        let Some(report) = self.report(told) else {
            return Ok(None);
        };
        let serial = self.next_serial();
        let message = self.device.report(report, serial, now);
        Ok(Some(message.encode(&self.settings)?))
    }

    fn hear(&mut self, bytes: &[u8], now: Timestamp) -> Option<Answer> {
        let answers = self.link.receive(bytes, now);
        let answer = |each: Received| match each {
            Received::Message { message, .. } => said(&message, self.serial),
            _ => None,
        };
        answers.into_iter().find_map(answer)
    }

    fn sign_of_life(&mut self, now: Timestamp) -> anyhow::Result<Option<Vec<u8>>> {
        let serial = self.next_serial();
        let message = self
            .device
            .message(KEEP_ALIVE, Body::KeepAlive, serial, now);
        Ok(Some(message.encode(&self.settings)?))
    }
}

fn said(message: &Message, serial: u16) -> Option<Answer> {
    let is_receipt = matches!(message.body, Body::Receipt { .. }) && message.serial == serial;
    is_receipt.then_some(match message.end {
        End::Nak => Answer::Again,
        _ => Answer::Kept,
    })
}

/// The element of a quantity: rain has one for each length of time.
fn element(quantity: Quantity, step: u16) -> Option<Known> {
    let code = match quantity {
        Quantity::Rain if step == DAY_MINUTES => 0x1F,
        Quantity::Rain if step == HOUR_MINUTES => 0x1A,
        Quantity::Rain => 0x20,
        Quantity::Flow => 0x27,
        Quantity::Level => 0x39,
        _ => return None,
    };
    Known::of_code(code)
}

fn single(quantity: Quantity, step: u16, values: &Values) -> Option<Element> {
    let known = element(quantity, step)?;
    let value = values.get(&(quantity, Stat::Avg));
    let number = value.and_then(|value| Element::of(known.code, *value));
    number.or_else(|| {
        let bytes = known.digits.div_ceil(2);
        Element::invalid(&format!("{:02X}", known.code), bytes, known.decimals)
    })
}

/// None where nothing of it was recorded, or a value has more digits than the element.
fn even(quantity: Quantity, minutes: u16, step: Step, values: &[Values]) -> Option<Element> {
    let known = element(quantity, minutes)?;
    let values: Vec<Option<f64>> = values
        .iter()
        .map(|values| values.get(&(quantity, Stat::Avg)).copied())
        .collect();
    let is_any = values.iter().any(Option::is_some);
    let sign = values.iter().flatten().any(|value| *value < 0.0);
    let bytes = known.digits.div_ceil(2) + u8::from(sign);
    let code = format!("{:02X}", known.code);
    is_any.then(|| Element::even(&code, bytes, known.decimals, step, &values))?
}

/// Days, hours or minutes: only one of them is not zero.
fn step(minutes: u16) -> Step {
    let part = |of: u16| u8::try_from(minutes / of).unwrap_or_default();
    if minutes.is_multiple_of(DAY_MINUTES) {
        Step {
            days: part(DAY_MINUTES),
            ..Step::default()
        }
    } else if minutes.is_multiple_of(HOUR_MINUTES) {
        Step {
            hours: part(HOUR_MINUTES),
            ..Step::default()
        }
    } else {
        Step::of_minutes(part(1))
    }
}
