//! A file is imported: every record of it is drawn, is so already, or is kept with the reason why it is not.

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use serde_json::json;
use yiwang_contracts::Actor;
use yiwang_geofiles::{Fault as RecordFault, Record};
use yiwang_kernel::{Page, PageRequest, Timestamp, new_uuid};
use yiwang_store::Staged;

use super::GeoService;
use crate::error::GeoError;
use crate::feature::CreateFeature;
use crate::import::{Import, ImportId, ImportQuery, Mapping, Piece, WrongRecord, open};
use crate::layer::LayerEntry;
use crate::store;

/// The largest file.
const FILE_BYTES_MAX: u64 = 512 << 20;
/// Wrong records of one import that are kept; what is beyond is counted.
const WRONG_KEPT_MAX: u64 = 10_000;
/// Bytes of a record that is kept.
const RECORD_BYTES_MAX: usize = 4_096;

impl GeoService {
    /// Takes a file in and draws what is in it.
    pub(crate) async fn import<E: std::fmt::Display>(
        &self,
        actor: &Actor,
        layer: &str,
        query: &ImportQuery,
        file: impl Stream<Item = Result<Bytes, E>>,
        now: Timestamp,
    ) -> Result<Import, GeoError> {
        let entry = self.kept_layer(actor, layer, now)?;
        let system = query.system()?;
        let staged = self.stage(file, now).await?;
        let mut import = Import {
            id: ImportId::at(now),
            layer: layer.to_owned(),
            file_name: query.file_name.clone(),
            system: system.to_string(),
            is_rehearsal: query.rehearse,
            at: now,
            by: actor.name.clone(),
            records: 0,
            drawn: 0,
            same: 0,
            wrong: 0,
            broken: None,
            notes: Vec::new(),
            columns_left_out: Vec::new(),
        };
        let mut mapping = Mapping::new(query, &entry);
        let mut pieces = open(staged.path().to_owned(), system, query);
        while let Some(piece) = pieces.recv().await {
            match piece {
                Piece::Records(records) => {
                    let drawn = self.draw_records(actor, &entry, query, records, &mut mapping, now);
                    let counted = match drawn.await {
                        Ok(drawn) => self.count(&mut import, drawn).await,
                        Err(error) => Err(error),
                    };
                    // What was drawn stays drawn: how far it came is on record.
                    if let Err(error) = counted {
                        import.broken = Some(error.to_string());
                        break;
                    }
                }
                Piece::End(Ok(summary)) => {
                    import.notes = summary.notes.iter().map(ToString::to_string).collect();
                }
                Piece::End(Err(broken)) => import.broken = Some(broken.to_string()),
            }
        }
        import.columns_left_out = mapping.left_out();
        let kept = import.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move { Ok::<_, GeoError>(store::imports::insert(tx, &kept).await?) })
            })
            .await?;
        let detail = json!({ "import": import.id, "drawn": import.drawn, "wrong": import.wrong });
        let object = format!("layer:{layer}");
        self.record(actor, "layer.import", object, detail, now)
            .await?;
        Ok(import)
    }

    async fn stage<E: std::fmt::Display>(
        &self,
        file: impl Stream<Item = Result<Bytes, E>>,
        now: Timestamp,
    ) -> Result<Staged, GeoError> {
        let mut staging = self.blobs.stage(new_uuid(now)).await?;
        let mut file = std::pin::pin!(file);
        while let Some(piece) = file.next().await {
            let piece = piece.map_err(|error| {
                GeoError::invalid(
                    "",
                    "cut_off",
                    format!("the file did not come whole: {error}"),
                )
            })?;
            staging.write(&piece).await?;
            if staging.bytes() > FILE_BYTES_MAX {
                let message =
                    format!("a file has at most {FILE_BYTES_MAX} bytes; send it in parts");
                return Err(GeoError::invalid("", "too_large", message));
            }
        }
        Ok(staging.finish().await?)
    }

    async fn draw_records(
        &self,
        actor: &Actor,
        layer: &LayerEntry,
        query: &ImportQuery,
        records: Vec<Result<Record, RecordFault>>,
        mapping: &mut Mapping<'_>,
        now: Timestamp,
    ) -> Result<Counted, GeoError> {
        let mut counted = Counted {
            records: records.len() as u64,
            ..Counted::default()
        };
        let (mut features, mut numbers) = (Vec::new(), Vec::new());
        for record in records {
            match record {
                Ok(record) => {
                    features.push(mapping.feature(&record));
                    numbers.push(record.number);
                }
                Err(fault) => counted.wrong.push(WrongRecord {
                    number: fault.place.number.unwrap_or_default(),
                    reason: fault.to_string(),
                    record: None,
                }),
            }
        }
        let sent = features.clone();
        let drawing = if query.rehearse {
            self.rehearse(actor, layer, features, now)?
        } else {
            self.draw(actor, &layer.code, features, query.existing, now)
                .await?
        };
        counted.drawn = drawing.drawn.len() as u64;
        counted.same = drawing.same as u64;
        let wrong = drawing.wrong.into_iter().map(|(at, faults)| {
            let faults: Vec<String> = faults
                .iter()
                .map(|fault| format!("{} {}", fault.path, fault.message))
                .collect();
            WrongRecord {
                number: numbers.get(at).copied().unwrap_or_default(),
                reason: faults.join("; "),
                record: sent.get(at).and_then(written),
            }
        });
        counted.wrong.extend(wrong);
        counted.wrong.sort_by_key(|wrong| wrong.number);
        Ok(counted)
    }

    async fn count(&self, import: &mut Import, counted: Counted) -> Result<(), GeoError> {
        import.records += counted.records;
        import.drawn += counted.drawn;
        import.same += counted.same;
        let room = WRONG_KEPT_MAX.saturating_sub(import.wrong) as usize;
        import.wrong += counted.wrong.len() as u64;
        let (id, at) = (import.id, import.at);
        let kept: Vec<WrongRecord> = counted.wrong.into_iter().take(room).collect();
        if kept.is_empty() {
            return Ok(());
        }
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    Ok::<_, GeoError>(store::imports::keep(tx, id, at, &kept).await?)
                })
            })
            .await
    }

    /// Imports into layers that one may change, newest first.
    pub(crate) async fn imports(
        &self,
        actor: &Actor,
        layer: &str,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<Import>, GeoError> {
        self.kept_layer(actor, layer, now)?;
        let (limit, before) = (page.limit(), page.position::<ImportId>()?);
        let fetch = u64::from(limit) + 1;
        let rows = store::imports::list(self.db.read(), layer, before, fetch).await?;
        Ok(Page::cut(rows, limit, |import| import.id))
    }

    /// Records of an import that were not drawn, in the order of the file.
    pub(crate) async fn wrong_records(
        &self,
        actor: &Actor,
        (layer, id): (&str, ImportId),
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<WrongRecord>, GeoError> {
        self.kept_layer(actor, layer, now)?;
        let import = store::imports::by_id(self.db.read(), id).await?;
        import
            .filter(|import| import.layer == layer)
            .ok_or(GeoError::NotFound("import"))?;
        let (limit, after) = (page.limit(), page.position::<i64>()?);
        let fetch = u64::from(limit) + 1;
        let mut rows = store::imports::wrong(self.db.read(), id, after, fetch).await?;
        let is_more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| is_more);
        let next = next.map(|(row, _)| yiwang_kernel::Cursor::encode(row));
        Ok(Page {
            items: rows.into_iter().map(|(_, wrong)| wrong).collect(),
            next,
        })
    }
}

/// What became of some records.
#[derive(Debug, Default)]
struct Counted {
    records: u64,
    drawn: u64,
    same: u64,
    wrong: Vec<WrongRecord>,
}

/// A record as it is kept for whoever mends it.
fn written(feature: &CreateFeature) -> Option<String> {
    let text = serde_json::to_string(feature).ok()?;
    (text.len() <= RECORD_BYTES_MAX).then_some(text)
}
