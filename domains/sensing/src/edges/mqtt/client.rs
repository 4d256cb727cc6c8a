//! Who is connected, and which topics are his.

use std::sync::Arc;

use yiwang_contracts::{Actor, Origin, Subject};
use yiwang_kernel::Timestamp;
use yiwang_mqtt::packet::Connect;
use yiwang_mqtt::{Acl, Identity, Reason};

use super::foreign;
use crate::certificate::Certificate;
use crate::credential::fits;
use crate::device::Device;
use crate::protocol::Protocol;
use crate::reading::Refused;
use crate::sensorthings::Topic;
use crate::service::SensingService;
use crate::slot::{Proof, Slot};

/// The first levels of our own topics.
pub(super) const PREFIX: &str = "yw/v1/";

/// Whoever is connected.
pub(super) enum Client {
    Device(Arc<Slot>),
    /// A person or a program with rights: user name anything, password a bearer token.
    Account(Box<Actor>),
}

/// Who asks to be let in, with all that was shown.
pub(super) struct Asking<'a> {
    pub connect: &'a Connect,
    pub certificate: Option<&'a Certificate>,
    pub remote: &'a str,
}

impl Asking<'_> {
    fn name(&self) -> &str {
        self.connect.user_name.as_deref().unwrap_or_default()
    }

    fn password(&self) -> &[u8] {
        self.connect.password.as_deref().unwrap_or_default()
    }

    /// The device whose certificate was shown.
    fn owner(&self, service: &SensingService) -> Option<Arc<Slot>> {
        let digest = self.certificate?.digest;
        let named = service.registry.by_code(self.name());
        named
            .filter(|slot| slot.binding().device.certificate == Some(digest))
            .or_else(|| service.registry.by_certificate(&digest))
    }

    /// Is what was shown still good? It may have been taken away meanwhile.
    pub(super) fn still_fits(&self, device: &Device, proof: Proof) -> bool {
        match proof {
            Proof::Token => fits(self.password(), device.token.as_ref()),
            Proof::Certificate => {
                let shown = self.certificate.map(|certificate| certificate.digest);
                shown.is_some() && shown == device.certificate
            }
        }
    }
}

/// Why somebody is not let in.
pub(super) struct Denied {
    pub reason: Reason,
    pub refused: Refused,
    /// The device, where it is proven.
    pub slot: Option<Arc<Slot>>,
}

impl Denied {
    fn of(asking: &Asking<'_>, reason: Reason) -> Self {
        let claimed = asking.name();
        let refused = match asking.certificate {
            Some(certificate) if reason == Reason::BadCredentials => {
                let digest = hex::encode(certificate.digest);
                let message = format!(
                    "no device has the certificate {digest}, and no other proof is right; name it at its device"
                );
                Refused::new("unknown_certificate", message)
            }
            _ => {
                let message = format!("the client {claimed} is not let in: {reason}");
                Refused::new("not_let_in", message)
            }
        };
        Self {
            reason,
            refused,
            slot: None,
        }
    }
}

impl Client {
    /// Lets in whoever asks, with what he has shown for it.
    pub(super) async fn of(
        service: &SensingService,
        asking: &Asking<'_>,
        now: Timestamp,
    ) -> Result<(Self, Option<Proof>), Denied> {
        if let Some(owner) = asking.owner(service) {
            return Self::by_certificate(asking, owner);
        }
        let denied = |reason| Denied::of(asking, reason);
        if let Some(slot) = service.registry.by_code(asking.name()) {
            let binding = slot.binding();
            if !fits(asking.password(), binding.device.token.as_ref()) {
                return Err(denied(Reason::BadCredentials));
            }
            if !binding.device.state.takes() {
                return Err(denied(Reason::Banned));
            }
            return Ok((Self::Device(slot), Some(Proof::Token)));
        }
        let token = std::str::from_utf8(asking.password())
            .map_err(|_no_text| denied(Reason::BadCredentials))?;
        let origin = Origin {
            ip: Some(asking.remote.to_owned()),
            device: Some("mqtt".to_owned()),
        };
        let actor = service.people.authenticate(token, origin, now).await;
        let actor = actor.ok_or_else(|| denied(Reason::BadCredentials))?;
        let may =
            actor.may_somewhere("sensing.read", now) || actor.may_somewhere("sensing.ingest", now);
        if may {
            Ok((Self::Account(Box::new(actor)), None))
        } else {
            Err(denied(Reason::NotAuthorized))
        }
    }

    /// The certificate is a device's: it needs no password, and speaks for no other.
    fn by_certificate(
        asking: &Asking<'_>,
        owner: Arc<Slot>,
    ) -> Result<(Self, Option<Proof>), Denied> {
        let (name, binding) = (asking.name(), owner.binding());
        let device = &binding.device;
        if !name.is_empty() && name != device.code {
            let message = format!(
                "the certificate is that of the device {}, the user name says {name}",
                device.code
            );
            return Err(Denied {
                reason: Reason::NotAuthorized,
                refused: Refused::new("other_certificate", message),
                slot: Some(owner),
            });
        }
        if !device.state.takes() {
            let mut denied = Denied::of(asking, Reason::Banned);
            denied.slot = Some(owner);
            return Err(denied);
        }
        Ok((Self::Device(owner), Some(Proof::Certificate)))
    }

    /// The name under which its sessions are kept, so that nobody takes another's over.
    pub(super) fn session_name(&self, client_id: &str) -> String {
        match self {
            Self::Device(slot) => format!("d {} {client_id}", slot.binding().device.code),
            Self::Account(actor) => format!("a {} {client_id}", actor.user_id),
        }
    }

    pub(super) fn may_subscribe(
        &self,
        service: &SensingService,
        acl: &Acl,
        filter: &str,
        now: Timestamp,
    ) -> bool {
        match self {
            Self::Device(slot) => {
                let binding = slot.binding();
                let device = &binding.device;
                is_own(device, filter)
                    || Identity::new(&device.profile, &device.code)
                        .is_ok_and(|who| acl.may_subscribe(who, filter))
            }
            Self::Account(actor) => {
                // A wildcard may match any device: only who may see all of them may ask so.
                let all = Subject {
                    orgs: &[],
                    area: None,
                    secrecy: 4,
                };
                match named_device(service, filter) {
                    Some(slot) => actor.may("sensing.read", slot.binding().device.subject(), now),
                    None => actor.may("sensing.read", all, now),
                }
            }
        }
    }

    /// The device that a publish to `topic` speaks for.
    pub(super) fn speaks_for(
        &self,
        service: &SensingService,
        acl: &Acl,
        (topic, payload): (&str, &[u8]),
        now: Timestamp,
    ) -> Option<Arc<Slot>> {
        let is_ours = topic.starts_with(PREFIX) || Topic::parse(topic).is_some();
        match self {
            Self::Device(slot) if !is_ours => {
                let binding = slot.binding();
                let (_, named) = foreign::find(&binding.profile, topic, payload)?;
                let is_own = named.is_none_or(|name| {
                    name == binding.device.code
                        || binding.device.address.as_deref() == Some(name.as_str())
                });
                is_own.then(|| Arc::clone(slot))
            }
            Self::Device(slot) => {
                let binding = slot.binding();
                let device = &binding.device;
                let who = Identity::new(&device.profile, &device.code).ok()?;
                let may = acl.may_publish(who, topic)
                    || is_own(device, topic)
                    || Topic::parse(topic) == Some(Topic::All);
                may.then(|| Arc::clone(slot))
            }
            Self::Account(actor) => {
                let slot = if is_ours {
                    named_device(service, topic)?
                } else {
                    foreign_device(service, topic, payload)?
                };
                let may = actor.may("sensing.ingest", slot.binding().device.subject(), now);
                may.then_some(slot)
            }
        }
    }
}

/// Does a topic of SensorThings name a datastream of the device?
fn is_own(device: &Device, topic: &str) -> bool {
    matches!(Topic::parse(topic), Some(Topic::One { device: code, .. }) if code == device.code)
}

/// The device that a topic or filter names without a wildcard.
fn named_device(service: &SensingService, topic: &str) -> Option<Arc<Slot>> {
    if let Some(Topic::One { device, .. }) = Topic::parse(topic) {
        return service.registry.by_code(device);
    }
    let rest = topic.strip_prefix(PREFIX)?;
    let (profile, rest) = rest.split_once('/')?;
    let (code, _) = rest.split_once('/').unwrap_or((rest, ""));
    let slot = service.registry.by_code(code)?;
    let is_its = slot.binding().device.profile == profile;
    is_its.then_some(slot)
}

/// The device that a topic or payload of another platform names, by its code or its address there.
fn foreign_device(service: &SensingService, topic: &str, payload: &[u8]) -> Option<Arc<Slot>> {
    let registry = &service.registry;
    registry.profiles().iter().find_map(|profile| {
        let (_, name) = foreign::find(profile, topic, payload)?;
        let name = name?;
        let slot = registry
            .by_code(&name)
            .or_else(|| registry.by_address(Protocol::Mqtt, &name))?;
        let is_its = slot.binding().profile.entry.code == profile.entry.code;
        is_its.then_some(slot)
    })
}
