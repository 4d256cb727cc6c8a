//! Files of evidence: taking them in, giving them out to those who may see them, sweeping what nobody used.

mod fault;
mod room;
mod sweep;

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use yiwang_contracts::{Actor, IncidentId};
use yiwang_kernel::{Position, Timestamp, new_uuid};
use yiwang_media::{Facts, Kind, SNIFF_BYTES, Sniffed, sniff};
use yiwang_store::{Staged, Staging};

pub use fault::MediaFault;
pub use room::EvidenceRoom;
pub(crate) use room::PreviewSize;

use super::IncidentService;
use crate::IncidentError;
use crate::model::{Media, MediaId};
use crate::store;

/// Longest name of a file.
const NAME_CHARS_MAX: usize = 120;

/// Actions with which files can be made evidence.
const UPLOADERS: [&str; 8] = [
    "incident.create",
    "incident.handle",
    "incident.accept",
    "incident.register",
    "incident.dispatch",
    "incident.verify",
    "incident.close",
    "incident.supervise",
];

/// A file that is whole, looked at and on disk, of which no row says anything yet. Dropped, it is gone.
pub struct Received {
    staged: Staged,
    kind: Kind,
    facts: Facts,
}

/// What the sender says of a file; the camera's own word comes first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    pub name: String,
    pub taken_at: Option<Timestamp>,
    pub position: Option<Position>,
}

impl IncidentService {
    /// Must be asked before a file is taken in: who can make nothing evidence needs to send nothing.
    pub fn may_upload(&self, actor: &Actor, now: Timestamp) -> Result<(), MediaFault> {
        if UPLOADERS
            .iter()
            .any(|action| actor.may_somewhere(action, now))
        {
            Ok(())
        } else {
            let action = "incident.handle";
            Err(IncidentError::Denied { action }.into())
        }
    }

    /// Takes a file in, piece by piece, within the bounds of the settings.
    pub async fn receive<E>(
        &self,
        pieces: impl Stream<Item = Result<Bytes, E>>,
        now: Timestamp,
    ) -> Result<Received, MediaFault> {
        let received = self.receive_within(pieces, now).await;
        if let Err(fault) = &received {
            self.room.count_refused(fault);
        }
        received
    }

    async fn receive_within<E>(
        &self,
        pieces: impl Stream<Item = Result<Bytes, E>>,
        now: Timestamp,
    ) -> Result<Received, MediaFault> {
        let _slot = self.room.upload_slot()?;
        let mut pieces = std::pin::pin!(pieces);
        let mut head = Vec::new();
        while head.len() < SNIFF_BYTES {
            match pieces.next().await {
                Some(piece) => {
                    head.extend_from_slice(&piece.map_err(|_broken| MediaFault::Unread)?);
                }
                None => break,
            }
        }
        let kind = self.kind_of(&head)?;
        let mut staging = self.room.blobs.stage(new_uuid(now)).await?;
        self.write(&mut staging, &head).await?;
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|_broken| MediaFault::Unread)?;
            self.write(&mut staging, &piece).await?;
        }
        let staged = staging.finish().await?;
        let facts = self.room.look(kind, staged.path()).await?;
        Ok(Received {
            staged,
            kind,
            facts,
        })
    }

    async fn write(&self, staging: &mut Staging, piece: &[u8]) -> Result<(), MediaFault> {
        let max = self.room.bytes_max;
        if staging.bytes() + piece.len() as u64 > max {
            return Err(MediaFault::TooLarge { max });
        }
        Ok(staging.write(piece).await?)
    }

    fn kind_of(&self, head: &[u8]) -> Result<Kind, MediaFault> {
        if head.is_empty() {
            return Err(MediaFault::Empty);
        }
        let taken = || self.room.kinds.iter().map(|kind| kind.as_str()).collect();
        match sniff(head.get(..SNIFF_BYTES).unwrap_or(head)) {
            Sniffed::Kind(kind) if self.room.kinds.contains(&kind) => Ok(kind),
            Sniffed::Heic => Err(MediaFault::Heic { taken: taken() }),
            Sniffed::Kind(_) | Sniffed::Other => Err(MediaFault::Unsupported { taken: taken() }),
        }
    }

    /// Keeps a file that was taken in: its bytes under their digest first, then its row. Durable when this returns.
    pub async fn keep(
        &self,
        received: Received,
        said: Said,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Media, MediaFault> {
        let sender = (!actor.system).then_some(actor.user_id);
        if let Some(sender) = sender {
            let waiting = store::waiting_of(self.db.read(), sender).await?;
            let max = self.room.unattached_max;
            if waiting >= i64::from(max) {
                return Err(MediaFault::TooManyWaiting { max });
            }
        }
        let Received {
            staged,
            kind,
            facts,
        } = received;
        let taken_there = facts
            .lon_lat
            .and_then(|(lon, lat)| Position::new(lon, lat).ok());
        let kept = self.room.blobs.keep(staged).await?;
        let media = Media {
            id: MediaId::at(now),
            digest: kept.digest,
            kind,
            bytes: kept.bytes,
            size: facts.size,
            taken_at: facts.taken_at.or(said.taken_at),
            position: taken_there.or(said.position),
            name: clean(&said.name, kind),
            uploaded_by: sender,
            uploader: actor.name.clone(),
            at: now,
            incident_id: None,
        };
        let row = media.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    store::insert_media(tx, &row)
                        .await
                        .map_err(IncidentError::from)
                })
            })
            .await?;
        drop(kept);
        self.room.count_stored(kind);
        Ok(media)
    }

    /// The file, if the actor may see it: his own while it hangs on no case, else with the case.
    pub async fn media(
        &self,
        id: MediaId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Media, MediaFault> {
        let found = store::media(self.db.read(), &[id]).await?.pop();
        let media = found.ok_or(MediaFault::NotFound)?;
        match media.incident_id {
            Some(case) => match self.seen(case, actor, now).await {
                Ok(_) => Ok(media),
                Err(IncidentError::NotFound) => Err(MediaFault::NotFound),
                Err(fault) => Err(fault.into()),
            },
            None if !actor.system && media.uploaded_by == Some(actor.user_id) => Ok(media),
            None => Err(MediaFault::NotFound),
        }
    }

    /// What the citizen sent with the case that the number and code open.
    pub async fn public_media(
        &self,
        number: &str,
        code: &str,
        id: MediaId,
    ) -> Result<Media, MediaFault> {
        let incident = match self.by_key(number, code).await {
            Err(IncidentError::NotFound) => return Err(MediaFault::NotFound),
            found => found?,
        };
        let own = self.citizens_media(incident.id).await?;
        let found = own.into_iter().find(|media| media.id == id);
        found.ok_or(MediaFault::NotFound)
    }

    /// The files of a case that the citizen sent.
    pub(super) async fn citizens_media(
        &self,
        case: IncidentId,
    ) -> Result<Vec<Media>, IncidentError> {
        let mut files = store::media_of(self.db.read(), case).await?;
        files.retain(Media::is_from_citizen);
        Ok(files)
    }
}

/// A name that can be shown and written into a header: no folders, no control characters.
fn clean(name: &str, kind: Kind) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last
        .chars()
        .filter(|c| !c.is_control() && !"\"<>|:*?".contains(*c))
        .take(NAME_CHARS_MAX)
        .collect();
    let shown = shown.trim().trim_start_matches('.');
    if shown.is_empty() {
        format!("file.{}", kind.extension())
    } else {
        shown.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_for_showing_only() {
        let long = "长".repeat(200);
        let table = [
            ("现场.jpg", "现场.jpg".to_owned()),
            ("../../etc/passwd", "passwd".to_owned()),
            ("C:\\图片\\a.jpg", "a.jpg".to_owned()),
            (".htaccess", "htaccess".to_owned()),
            ("a\r\nSet-Cookie: b\".jpg", "aSet-Cookie b.jpg".to_owned()),
            ("", "file.jpg".to_owned()),
            (long.as_str(), "长".repeat(NAME_CHARS_MAX)),
        ];
        for (name, wanted) in table {
            assert_eq!(clean(name, Kind::Jpeg), wanted);
        }
    }
}
