//! What a device is told to do, and what it answered. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use yiwang_kernel::{FieldFault, Timestamp, typed_id};

use crate::device::DeviceId;
use crate::profile::Profile;

typed_id!(
    /// A command to a device.
    CommandId
);

/// How long an answer is waited for, unless something else is asked.
const ANSWER_SECONDS: u32 = 60;
const ANSWER_SECONDS_MAX: u32 = 86_400;
/// Of an answer's text.
const ANSWER_CHARS_MAX: usize = 500;

/// What becomes of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommandState {
    /// Sent, or kept for a session that is away; no answer yet.
    Waiting,
    /// The device says that it did it.
    Done,
    /// The device says that it did not, or nobody listens for it.
    Failed,
    /// No answer in time.
    Expired,
}

impl CommandState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Done, Self::Failed, Self::Expired];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == word)
    }
}

/// Tells a device to do something.
#[derive(Debug, Clone, PartialEq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendCommand {
    /// A command of the device's profile.
    pub command: String,
    #[serde(default)]
    pub parameters: BTreeMap<String, f64>,
    /// 1 to 86,400; 60 where nothing is said. The device does not get it later, either.
    #[serde(default)]
    pub answer_within_seconds: Option<u32>,
}

impl SendCommand {
    pub(crate) fn answer_within_seconds(&self) -> u32 {
        self.answer_within_seconds
            .unwrap_or(ANSWER_SECONDS)
            .clamp(1, ANSWER_SECONDS_MAX)
    }

    /// Everything that the profile does not allow.
    pub(crate) fn faults(&self, profile: &Profile) -> Vec<FieldFault> {
        let commands = &profile.entry.commands;
        let Some(command) = commands.iter().find(|each| each.code == self.command) else {
            let codes: Vec<&str> = commands.iter().map(|each| each.code.as_str()).collect();
            let message = format!(
                "the profile {} has no command {}; it has {}",
                profile.entry.code,
                self.command,
                codes.join(", ")
            );
            return vec![FieldFault::new("/command", "unknown", message)];
        };
        let mut faults = Vec::new();
        for name in self.parameters.keys() {
            if !command.parameters.iter().any(|each| each.code == *name) {
                let message = format!("{} has no parameter {name}", command.code);
                faults.push(FieldFault::new(
                    format!("/parameters/{name}"),
                    "unknown",
                    message,
                ));
            }
        }
        for parameter in &command.parameters {
            let pointer = format!("/parameters/{}", parameter.code);
            let Some(value) = self.parameters.get(&parameter.code) else {
                faults.push(FieldFault::new(pointer, "required", "must be given"));
                continue;
            };
            let (min, max) = (
                parameter.min.unwrap_or(f64::NEG_INFINITY),
                parameter.max.unwrap_or(f64::INFINITY),
            );
            if !(min..=max).contains(value) {
                let message = format!("must be between {min} and {max}");
                faults.push(FieldFault::new(pointer, "out_of_range", message));
            }
        }
        faults
    }
}

/// A command as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = DeviceCommand)]
pub struct Command {
    pub id: CommandId,
    pub device_id: DeviceId,
    /// A command of the device's profile.
    #[serde(rename = "command")]
    pub code: String,
    #[schema(value_type = Object)]
    pub parameters: BTreeMap<String, f64>,
    pub state: CommandState,
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
    pub sent_by: String,
    /// An answer counts until then.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Timestamp>,
    /// The device's words.
    pub answer: Option<String>,
}

/// What a device says of a command: `{"id": …, "ok": true, "message": "…"}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Reply {
    pub id: CommandId,
    pub ok: bool,
    #[serde(default)]
    pub message: Option<String>,
}

impl Reply {
    pub(crate) fn state(&self) -> CommandState {
        if self.ok {
            CommandState::Done
        } else {
            CommandState::Failed
        }
    }

    /// The device's words, cut where they are long.
    pub(crate) fn words(&self) -> Option<String> {
        let words = self.message.as_deref()?;
        Some(words.chars().take(ANSWER_CHARS_MAX).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_held_against_the_profile() {
        let entry = serde_json::from_value(serde_json::json!({
            "code": "gate", "name": { "zh": "闸" }, "theme": "hydrology", "interval_seconds": 60, "properties": [],
            "commands": [{ "code": "open", "name": { "zh": "开" }, "parameters": [
                { "code": "height", "name": { "zh": "开度" }, "min": 0, "max": 2 }] }]
        }));
        let profile = Profile::new(entry.unwrap());
        let of = |command: &str, parameters: &[(&str, f64)]| {
            let wanted = SendCommand {
                command: command.to_owned(),
                parameters: parameters
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), *value))
                    .collect(),
                answer_within_seconds: None,
            };
            let faults = wanted.faults(&profile);
            faults
                .iter()
                .map(|fault| format!("{} {}", fault.path, fault.code))
                .collect::<Vec<_>>()
        };
        assert_eq!(of("open", &[("height", 1.5)]), [""; 0]);
        assert_eq!(of("shut", &[]), ["/command unknown"]);
        assert_eq!(of("open", &[]), ["/parameters/height required"]);
        assert_eq!(
            of("open", &[("height", 2.5), ("speed", 1.0)]),
            [
                "/parameters/speed unknown",
                "/parameters/height out_of_range"
            ]
        );
        assert_eq!(
            of("open", &[("height", f64::NAN)]),
            ["/parameters/height out_of_range"]
        );
    }
}
