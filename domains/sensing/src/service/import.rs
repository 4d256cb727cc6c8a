//! Many devices at once: all of them or none, with every fault by its line.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::json;
use yiwang_contracts::Actor;
use yiwang_kernel::{Fault, FieldFault, Timestamp};

use super::SensingService;
use crate::device::{CreateDevice, Device};
use crate::error::SensingError;

/// Devices of one import.
pub(crate) const IMPORT_MAX: usize = 20_000;
/// Faults that an answer tells.
const FAULTS_TOLD_MAX: usize = 200;

/// A line of an import that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ImportLine {
    /// 1-based, of the list that was sent.
    pub line: usize,
    pub code: String,
    pub faults: Vec<FieldFault>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ImportOutcome {
    pub devices: usize,
    /// Were they registered? Not when anything is wrong, nor in a rehearsal.
    pub is_done: bool,
    /// Lines that are wrong, all of them.
    pub wrong: usize,
    /// The first of them.
    pub lines: Vec<ImportLine>,
}

impl SensingService {
    /// Registers all of `devices`, or none if anything is wrong with one of them.
    pub async fn import_devices(
        &self,
        actor: &Actor,
        devices: Vec<CreateDevice>,
        is_rehearsal: bool,
        now: Timestamp,
    ) -> Result<ImportOutcome, SensingError> {
        Self::scope(actor, "sensing.edit", now)?;
        if devices.len() > IMPORT_MAX {
            let message = format!("at most {IMPORT_MAX} devices at once");
            return Err(SensingError::invalid("", "too_many", message));
        }
        let count = devices.len();
        let (mut good, mut lines) = (Vec::with_capacity(count), Vec::new());
        let (mut codes, mut addresses) = (HashSet::new(), HashSet::new());
        for (at, create) in devices.into_iter().enumerate() {
            let code = create.code.clone();
            let mut faults = create.faults();
            if !codes.insert(code.clone()) || self.registry.by_code(&code).is_some() {
                faults.push(FieldFault::new(
                    "/code",
                    "taken",
                    "the code is in use already",
                ));
            }
            if let Some(address) = create.address.clone()
                && (!addresses.insert((create.protocol, address.clone()))
                    || self
                        .registry
                        .by_address(create.protocol, &address)
                        .is_some())
            {
                faults.push(FieldFault::new(
                    "/address",
                    "taken",
                    "the address is in use already",
                ));
            }
            match self.checked(actor, create, now) {
                Ok(device) => good.push(device),
                Err(error) if error.fields().is_empty() => {
                    faults.push(FieldFault::new("", error.code(), error.to_string()));
                }
                Err(error) => faults.extend(error.fields()),
            }
            if !faults.is_empty() {
                let line = at + 1;
                lines.push(ImportLine { line, code, faults });
            }
        }
        let wrong = lines.len();
        let is_done = wrong == 0 && !is_rehearsal && !good.is_empty();
        if is_done {
            self.save_new(good).await?;
            let detail = json!({ "devices": count });
            self.record(actor, "device.import", String::new(), detail, now)
                .await?;
        }
        lines.truncate(FAULTS_TOLD_MAX);
        Ok(ImportOutcome {
            devices: count,
            is_done,
            wrong,
            lines,
        })
    }

    fn checked(
        &self,
        actor: &Actor,
        create: CreateDevice,
        now: Timestamp,
    ) -> Result<Device, SensingError> {
        let device = self.compose(create, &actor.name, now)?;
        let action = "sensing.edit";
        if actor.may(action, device.subject(), now) {
            Ok(device)
        } else {
            Err(SensingError::Denied { action })
        }
    }
}
