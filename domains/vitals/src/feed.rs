//! Values as a department sends them: read, checked, and each refused one told with its reason. Pure.

use serde::{Deserialize, Serialize};
use yiwang_kernel::{Timestamp, micros};

use crate::facts::{DAY, MINUTE};

/// Values of one message at most.
pub(crate) const VALUES_MAX: usize = 10_000;
/// Refusals of one message that are told.
pub(crate) const REFUSALS_TOLD: usize = 100;
/// A sender's clock may be so far ahead.
const AHEAD: i64 = 5 * MINUTE;
/// Older values are asked for by nothing.
const AGE_MAX: i64 = 400 * DAY;

/// A value that is stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FeedValue {
    pub feed: String,
    pub area: String,
    pub at: i64,
    pub value: f64,
}

/// A value as it is sent.
#[derive(Debug, Clone, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SentValue {
    /// When it was so.
    #[schema(value_type = String, format = DateTime)]
    pub time: Timestamp,
    /// The code of the area that it is of; the city where nothing is said.
    #[serde(default)]
    pub area: Option<String>,
    pub value: f64,
}

/// A value that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct RefusedValue {
    /// Its place in the message, from 0.
    pub index: usize,
    /// Stable: `vitals.feed.future`.
    pub code: &'static str,
    /// What it is and what to do.
    pub message: String,
}

/// What is read of a message: each value, or why it is none.
pub(crate) type Sent = Vec<Result<SentValue, RefusedValue>>;

fn refused(index: usize, code: &'static str, message: impl Into<String>) -> RefusedValue {
    RefusedValue {
        index,
        code,
        message: message.into(),
    }
}

/// A list in JSON; an error when it is no list at all.
pub(crate) fn read_json(body: &[u8]) -> Result<Sent, String> {
    let values: Vec<serde_json::Value> =
        serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let value = |(index, value): (usize, serde_json::Value)| {
        serde_json::from_value(value)
            .map_err(|error| refused(index, "vitals.feed.malformed", error.to_string()))
    };
    Ok(values.into_iter().enumerate().map(value).collect())
}

/// A table with the columns `time`, perhaps `area`, and `value`.
pub(crate) fn read_csv(body: &[u8]) -> Result<Sent, String> {
    #[derive(Deserialize)]
    struct Line {
        time: String,
        #[serde(default)]
        area: Option<String>,
        value: String,
    }
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(body);
    let headers = reader.headers().map_err(|error| error.to_string())?;
    for wanted in ["time", "value"] {
        if !headers.iter().any(|column| column == wanted) {
            return Err(format!("the first line has no column `{wanted}`"));
        }
    }
    let line = |(index, line): (usize, Result<Line, csv::Error>)| {
        let malformed = |message: String| refused(index, "vitals.feed.malformed", message);
        let line = line.map_err(|error| malformed(error.to_string()))?;
        let time = line.time.parse::<Timestamp>();
        let time = time.map_err(|error| malformed(format!("`{}`: {error}", line.time)))?;
        let value = line.value.parse::<f64>();
        let value =
            value.map_err(|_no_number| malformed(format!("`{}` is no number", line.value)))?;
        Ok(SentValue {
            time,
            area: line.area.filter(|area| !area.is_empty()),
            value,
        })
    };
    Ok(reader.deserialize().enumerate().map(line).collect())
}

/// The values of a message that can be stored, in order of time, and those that cannot. Of one area and time the last
/// one counts; `area` names the area of a code, if there is one.
pub(crate) fn check(
    feed: &str,
    sent: Sent,
    area: impl Fn(Option<&str>) -> Option<String>,
    now: Timestamp,
) -> (Vec<FeedValue>, Vec<RefusedValue>) {
    let (mut values, mut wrong) = (Vec::new(), Vec::new());
    for (index, sent) in sent.into_iter().enumerate() {
        let sent = match sent {
            Ok(sent) => sent,
            Err(refusal) => {
                wrong.push(refusal);
                continue;
            }
        };
        let at = micros(sent.time);
        let refusal = if !sent.value.is_finite() {
            Some((
                "vitals.feed.not_finite",
                "a value is a finite number".to_owned(),
            ))
        } else if at > micros(now) + AHEAD {
            Some((
                "vitals.feed.future",
                format!("{} is still to come; set the sender's clock", sent.time),
            ))
        } else if at < micros(now) - AGE_MAX {
            Some((
                "vitals.feed.too_old",
                format!("{} is more than 400 days ago", sent.time),
            ))
        } else {
            None
        };
        if let Some((code, message)) = refusal {
            wrong.push(refused(index, code, message));
            continue;
        }
        let Some(area) = area(sent.area.as_deref()) else {
            let code = sent.area.unwrap_or_default();
            let message = format!("there is no area `{code}` that you may send values of");
            wrong.push(refused(index, "vitals.feed.unknown_area", message));
            continue;
        };
        values.push(FeedValue {
            feed: feed.to_owned(),
            area,
            at,
            value: sent.value,
        });
    }
    // Stable: of equal ones the last one sent is the last.
    values.sort_by(|one: &FeedValue, other| (one.at, &one.area).cmp(&(other.at, &other.area)));
    (values, wrong)
}
