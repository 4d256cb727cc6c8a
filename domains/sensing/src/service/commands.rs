//! Commands to devices: sent over MQTT, kept with their answers.

use jiff::SignedDuration;
use serde_json::json;
use yiwang_contracts::Actor;
use yiwang_kernel::{Page, PageRequest, Timestamp};
use yiwang_mqtt::{Message, Qos};

use super::SensingService;
use crate::command::{Command, CommandId, CommandState, Reply, SendCommand};
use crate::device::DeviceId;
use crate::error::SensingError;
use crate::protocol::Protocol;
use crate::store;

/// Replies that wait to be written down; a device sends one again that was not acknowledged.
pub(super) const REPLIES_MAX: usize = 1_024;
const ACTION: &str = "sensing.command";

impl SensingService {
    /// Tells a device to do something. It is on record before the device hears of it.
    pub async fn send_command(
        &self,
        actor: &Actor,
        id: DeviceId,
        wanted: SendCommand,
        now: Timestamp,
    ) -> Result<Command, SensingError> {
        let binding = self.visible(actor, id, now)?.binding();
        let device = &binding.device;
        if !actor.may(ACTION, device.subject(), now) {
            return Err(SensingError::Denied { action: ACTION });
        }
        let mut faults = wanted.faults(&binding.profile);
        if device.protocol != Protocol::Mqtt {
            let message = "commands go to devices that speak MQTT";
            faults.push(yiwang_kernel::FieldFault::new(
                "/command", "not_mqtt", message,
            ));
        }
        if !faults.is_empty() {
            return Err(SensingError::Invalid(faults));
        }
        let within = SignedDuration::from_secs(i64::from(wanted.answer_within_seconds()));
        let mut command = Command {
            id: CommandId::at(now),
            device_id: id,
            code: wanted.command,
            parameters: wanted.parameters,
            state: CommandState::Waiting,
            sent_at: now,
            sent_by: actor.name.clone(),
            expires_at: now.saturating_add(within).unwrap_or(now),
            answered_at: None,
            answer: None,
        };
        self.write_command(&command).await?;
        let detail = json!({ "command": command.code, "parameters": command.parameters });
        let object = format!("device:{}", device.code);
        self.record(actor, "device.command", object, detail, now)
            .await?;
        let topic = format!("yw/v1/{}/{}/down/cmd", device.profile, device.code);
        let body = json!({ "id": command.id, "command": command.code,
            "parameters": command.parameters, "time": now });
        let mut message = Message::new(topic, body.to_string(), Qos::AtLeastOnce);
        message.expires_at = Some(command.expires_at);
        if self.broker.publish(message, None, now) == 0 {
            let told =
                "the device does not listen: it has no session that subscribes to its commands";
            self.settle_command(command.id, id, CommandState::Failed, Some(told), now)
                .await?;
            command.state = CommandState::Failed;
            command.answer = Some(told.to_owned());
            command.answered_at = Some(now);
        }
        Ok(command)
    }

    /// The commands of a device, newest first.
    pub async fn commands(
        &self,
        actor: &Actor,
        id: DeviceId,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<Command>, SensingError> {
        self.visible(actor, id, now)?;
        let (limit, before) = (page.limit(), page.position::<CommandId>()?);
        let fetch = u64::from(limit) + 1;
        let rows = store::commands::list(self.db.read(), id, before, fetch).await?;
        Ok(Page::cut(rows, limit, |command| command.id))
    }

    /// A device answers. False when it cannot be taken now: it is to be sent again.
    pub(crate) fn take_reply(&self, device: DeviceId, payload: &[u8]) -> bool {
        match serde_json::from_slice::<Reply>(payload) {
            Ok(reply) => self.replies.0.try_send((device, reply)).is_ok(),
            // Something else that is handed on: not every reply is about a command of ours.
            Err(_) => true,
        }
    }

    /// Writes answers down, and gives those up that nobody waits for any more.
    pub(crate) async fn settle_commands(&self, now: Timestamp) -> Result<usize, SensingError> {
        let mut replies = self.replies.1.lock().await;
        let mut written = 0;
        while let Ok((device, reply)) = replies.try_recv() {
            let words = reply.words();
            self.settle_command(reply.id, device, reply.state(), words.as_deref(), now)
                .await?;
            written += 1;
        }
        let expired = self
            .db
            .write(move |tx| {
                Box::pin(
                    async move { Ok::<_, SensingError>(store::commands::expire(tx, now).await?) },
                )
            })
            .await?;
        Ok(written + expired as usize)
    }

    async fn write_command(&self, command: &Command) -> Result<(), SensingError> {
        let command = command.clone();
        self.db
            .write(move |tx| {
                let command = command.clone();
                Box::pin(async move {
                    Ok::<_, SensingError>(store::commands::insert(tx, &command).await?)
                })
            })
            .await
    }

    async fn settle_command(
        &self,
        id: CommandId,
        device: DeviceId,
        state: CommandState,
        answer: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, SensingError> {
        let answer = answer.map(str::to_owned);
        self.db
            .write(move |tx| {
                let answer = answer.clone();
                Box::pin(async move {
                    let end = (state, answer.as_deref());
                    Ok::<_, SensingError>(store::commands::settle(tx, id, device, end, now).await?)
                })
            })
            .await
    }
}
