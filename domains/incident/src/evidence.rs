//! What evidence must be, and what makes it doubtful; pure.
//!
//! A command names files by their ids. Before it is decided, each id is answered with the file's digest, which goes
//! into the case and its log: so the chain of the log covers the bytes.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};
use yiwang_contracts::{Actor, IncidentId};
use yiwang_kernel::Digest;

use crate::lifecycle::Command;
use crate::model::{Attachment, Doubt, DoubtKind, Evidence, Incident, Media, MediaId, Task};

/// Pieces of evidence of one command.
pub(crate) const PIECES_MAX: usize = 20;

/// Kinds of evidence that show the place before and after.
const BEFORE: &str = "photo_before";
const AFTER: &str = "photo_after";

/// The file is not there, is another's, or belongs to another case: the sender learns no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnknownMedia(pub(crate) MediaId);

/// Files by their ids, with those that were given to cases here.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    files: HashMap<MediaId, Media>,
    taken: Vec<(MediaId, IncidentId)>,
}

impl Claims {
    pub(crate) fn of(files: Vec<Media>) -> Self {
        let files = files.into_iter().map(|media| (media.id, media)).collect();
        Self {
            files,
            taken: Vec::new(),
        }
    }

    /// The file, if the actor may make it evidence of that case: his own and free, or there already.
    fn usable(
        &self,
        id: MediaId,
        case: Option<IncidentId>,
        actor: &Actor,
    ) -> Result<&Media, UnknownMedia> {
        let sender = (!actor.system).then_some(actor.user_id);
        self.files
            .get(&id)
            .filter(|media| match media.incident_id {
                Some(owner) => Some(owner) == case,
                None => media.uploaded_by == sender,
            })
            .ok_or(UnknownMedia(id))
    }

    /// The command with the digests of the files that it names.
    pub(crate) fn fill(
        &self,
        command: &Command,
        case: IncidentId,
        actor: &Actor,
    ) -> Result<Command, UnknownMedia> {
        let mut command = command.clone();
        if let Some(pieces) = command.evidence_mut() {
            for piece in pieces {
                if let Some(id) = piece.media_id {
                    let media = self.usable(id, Some(case), actor)?;
                    piece.sha256 = Some(hex::encode(media.digest));
                    piece.media_url = None;
                }
            }
        }
        if let Command::Note(note) = &mut command {
            note.attachments = self.attachments(&note.attachments, Some(case), actor)?;
        }
        Ok(command)
    }

    /// The attachments with digest, name and address of the files that they name.
    pub(crate) fn attachments(
        &self,
        given: &[Attachment],
        case: Option<IncidentId>,
        actor: &Actor,
    ) -> Result<Vec<Attachment>, UnknownMedia> {
        let filled = given.iter().map(|attachment| {
            let Some(id) = attachment.media_id else {
                return Ok(attachment.clone());
            };
            let media = self.usable(id, case, actor)?;
            let name = if attachment.name.is_empty() {
                media.name.clone()
            } else {
                attachment.name.clone()
            };
            Ok(Attachment {
                name,
                url: format!("/api/v1/media/{id}"),
                sha256: Some(hex::encode(media.digest)),
                media_id: Some(id),
            })
        });
        filled.collect()
    }

    /// The files belong to the case from now on.
    pub(crate) fn take(&mut self, ids: &[MediaId], case: IncidentId) {
        for id in ids {
            if let Some(media) = self.files.get_mut(id)
                && media.incident_id.is_none()
            {
                media.incident_id = Some(case);
                self.taken.push((*id, case));
            }
        }
    }

    /// What was taken, to be written.
    pub(crate) fn taken(&self) -> &[(MediaId, IncidentId)] {
        &self.taken
    }
}

/// The files that a command names.
pub(crate) fn named(command: &Command) -> Vec<MediaId> {
    let attachments = match command {
        Command::Note(note) => note.attachments.as_slice(),
        _ => &[],
    };
    let attached = attachments.iter().filter_map(|one| one.media_id);
    let pieces = command.evidence().iter().filter_map(|one| one.media_id);
    pieces.chain(attached).collect()
}

/// What a log says of evidence: its kind, and the digest that stands for its bytes.
pub(crate) fn said(command: &Command) -> Option<Value> {
    let attachments = match command {
        Command::Note(note) => note.attachments.as_slice(),
        _ => &[],
    };
    let mut said: Vec<Value> = command.evidence().iter().map(piece_said).collect();
    said.extend(attachments.iter().map(attachment_said));
    (!said.is_empty()).then_some(Value::Array(said))
}

fn piece_said(piece: &Evidence) -> Value {
    said_of(
        &piece.kind,
        piece.media_id,
        piece.sha256.as_deref(),
        piece.media_url.as_deref(),
    )
}

/// The same of an attachment.
pub(crate) fn attachment_said(attachment: &Attachment) -> Value {
    let url = attachment
        .media_id
        .is_none()
        .then_some(attachment.url.as_str());
    said_of(
        "attachment",
        attachment.media_id,
        attachment.sha256.as_deref(),
        url,
    )
}

fn said_of(kind: &str, id: Option<MediaId>, sha256: Option<&str>, url: Option<&str>) -> Value {
    let mut said = json!({ "kind": kind });
    if let Some(said) = said.as_object_mut() {
        if let Some(id) = id {
            said.insert("media_id".to_owned(), json!(id));
        }
        if let Some(sha256) = sha256 {
            said.insert("sha256".to_owned(), sha256.into());
        }
        if let Some(url) = url {
            said.insert("url".to_owned(), url.into());
        }
    }
    said
}

/// What gives cause to look twice at each of a case's files. `elsewhere` are digests that other cases have, too;
/// `apart_m` is how far before and after may be from each other.
pub(crate) fn doubts(
    incident: &Incident,
    files: &[Media],
    elsewhere: &HashSet<Digest>,
    apart_m: u32,
) -> HashMap<MediaId, Vec<Doubt>> {
    let by_id: HashMap<MediaId, &Media> = files.iter().map(|media| (media.id, media)).collect();
    let mut doubts: HashMap<MediaId, Vec<Doubt>> = HashMap::new();
    let mut add = |media: &Media, kind, metres| {
        let found = doubts.entry(media.id).or_default();
        if !found.iter().any(|doubt| doubt.kind == kind) {
            found.push(Doubt { kind, metres });
        }
    };
    for media in files {
        if elsewhere.contains(&media.digest) {
            add(media, DoubtKind::UsedElsewhere, None);
        }
    }
    for task in &incident.tasks {
        let of_kind = |kind: &'static str| pieces(task, kind, &by_id);
        for after in of_kind(AFTER) {
            if after
                .taken_at
                .zip(task.doc.dispatched_at)
                .is_some_and(|(taken, sent)| taken < sent)
            {
                add(after, DoubtKind::BeforeTask, None);
            }
            for before in of_kind(BEFORE) {
                if before.digest == after.digest {
                    add(after, DoubtKind::SameFile, None);
                }
                let apart = before
                    .position
                    .zip(after.position)
                    .map(|(one, other)| one.distance_m(other));
                if let Some(apart) = apart.filter(|apart| *apart > f64::from(apart_m)) {
                    add(after, DoubtKind::Apart, Some(apart.round() as u32));
                }
            }
        }
    }
    doubts
}

fn pieces<'a>(task: &Task, kind: &str, files: &HashMap<MediaId, &'a Media>) -> Vec<&'a Media> {
    let of_kind = task.doc.evidence.iter().filter(|piece| piece.kind == kind);
    of_kind
        .filter_map(|piece| files.get(&piece.media_id?).copied())
        .collect()
}

#[cfg(test)]
mod tests;
