//! Features are drawn, changed and taken away.

use std::collections::HashMap;
use std::slice::from_ref;

use serde::{Deserialize, Serialize};
use serde_json::json;
use yiwang_contracts::{Actor, EventScope, NewEvent, OrgId};
use yiwang_kernel::{AreaCode, Fault as _, FieldFault, Position, Timestamp};
use yiwang_store::Tx;

use super::{FeatureView, GeoService};
use crate::error::GeoError;
use crate::feature::{CreateFeature, Feature, UpdateFeature, uuid_of};
use crate::layer::LayerEntry;
use crate::store;

const EDIT: &str = "geo.edit";
/// Changes of one write that are told one by one; more are told as one.
const TOLD_MAX: usize = 100;

/// What becomes of a feature whose code is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// It stays, and what was sent is refused.
    #[default]
    Refuse,
    /// It becomes what was sent.
    Replace,
}

/// Things with their places in what was sent.
type ByPlace<T> = Vec<(usize, T)>;

/// What became of many features that were to be drawn together.
#[derive(Debug, Default, PartialEq)]
pub struct Drawing {
    pub drawn: Vec<Feature>,
    /// How many are so already.
    pub same: usize,
    /// Those that are wrong, by their places in what was sent.
    pub wrong: ByPlace<Vec<FieldFault>>,
}

/// What happened to a feature, as events call it.
fn kind_of(before: Option<&Feature>, after: &Feature) -> &'static str {
    match before {
        _ if after.is_removed => "feature.removed",
        Some(before) if !before.is_removed => "feature.changed",
        _ => "feature.created",
    }
}

impl GeoService {
    /// Draws a feature.
    pub async fn create_feature(
        &self,
        actor: &Actor,
        layer: &str,
        create: CreateFeature,
        now: Timestamp,
    ) -> Result<FeatureView, GeoError> {
        let mut drawing = self
            .draw(actor, layer, vec![create], Existing::Refuse, now)
            .await?;
        if let Some((_, faults)) = drawing.wrong.pop() {
            return Err(of_faults(faults));
        }
        let feature = drawing.drawn.pop().ok_or(GeoError::NotFound("feature"))?;
        let object = format!("feature:{layer}/{}", feature.number);
        self.record(actor, "feature.create", object, json!({}), now)
            .await?;
        Ok(self.view(feature))
    }

    /// Draws many features in one write; what is wrong with one does not keep the others.
    pub async fn draw(
        &self,
        actor: &Actor,
        layer: &str,
        wanted: Vec<CreateFeature>,
        existing: Existing,
        now: Timestamp,
    ) -> Result<Drawing, GeoError> {
        let entry = self.kept_layer(actor, layer, now)?;
        let (features, wrong) = self.composed_all(actor, &entry, wanted, now)?;
        let code = entry.code.clone();
        let actor = actor.clone();
        let mut drawing = self
            .db
            .write(move |tx| {
                Box::pin(async move { draw_all(tx, &actor, &code, features, existing, now).await })
            })
            .await?;
        drawing.wrong.extend(wrong);
        drawing.wrong.sort_by_key(|(at, _)| *at);
        self.follow(now).await?;
        Ok(drawing)
    }

    /// Says what would be drawn, as far as that can be said without writing: whether codes are taken is not asked.
    pub(super) fn rehearse(
        &self,
        actor: &Actor,
        layer: &LayerEntry,
        wanted: Vec<CreateFeature>,
        now: Timestamp,
    ) -> Result<Drawing, GeoError> {
        let (features, wrong) = self.composed_all(actor, layer, wanted, now)?;
        Ok(Drawing {
            drawn: features.into_iter().map(|(_, feature)| feature).collect(),
            same: 0,
            wrong,
        })
    }

    /// Those that can be drawn and those that are wrong, by their places.
    fn composed_all(
        &self,
        actor: &Actor,
        entry: &LayerEntry,
        wanted: Vec<CreateFeature>,
        now: Timestamp,
    ) -> Result<(ByPlace<Feature>, ByPlace<Vec<FieldFault>>), GeoError> {
        let (mut wrong, mut features) = (Vec::new(), Vec::new());
        for (at, create) in wanted.into_iter().enumerate() {
            match self.composed(actor, entry, create, now) {
                Ok(feature) => features.push((at, feature)),
                Err(GeoError::Invalid(faults)) => wrong.push((at, faults)),
                Err(error @ GeoError::Denied { .. }) => {
                    let fault = FieldFault::new("", error.code(), error.to_string());
                    wrong.push((at, vec![fault]));
                }
                Err(error) => return Err(error),
            }
        }
        Ok((features, wrong))
    }

    /// A feature from its form: read, unit and area looked up, rights asked. Its number may be to be given.
    fn composed(
        &self,
        actor: &Actor,
        layer: &LayerEntry,
        create: CreateFeature,
        now: Timestamp,
    ) -> Result<Feature, GeoError> {
        let drawn = create.read(layer).map_err(GeoError::Invalid)?;
        let org_id = create.org.as_deref().map(|code| self.org(code));
        let area = self.area(create.area, drawn.shape.label())?;
        let feature = Feature {
            layer: layer.code.clone(),
            number: drawn.number.unwrap_or(0),
            code: create.code,
            name: create.name.map(|name| name.trim().to_owned()),
            kind: drawn.kind,
            state: drawn.state,
            org_id: org_id.transpose()?,
            area,
            secrecy: create.secrecy,
            shape: drawn.shape,
            attributes: create.attributes,
            since: now,
            is_removed: false,
            updated_by: actor.name.clone(),
            version: 1,
            revision: 0,
        };
        may_edit(actor, &feature, now)?;
        Ok(feature)
    }

    pub(super) fn org(&self, code: &str) -> Result<OrgId, GeoError> {
        let found = self.orgs.by_code(&[code]).pop().flatten();
        found
            .map(|org| org.id)
            .ok_or_else(|| GeoError::invalid("/org", "unknown", format!("there is no unit {code}")))
    }

    /// The area given, or the one around the position.
    pub(super) fn area(
        &self,
        given: Option<AreaCode>,
        position: Option<Position>,
    ) -> Result<Option<AreaCode>, GeoError> {
        if let Some(code) = given {
            if self.catalog.area(&code).is_none() {
                let message = format!("there is no area {}", code.0);
                return Err(GeoError::invalid("/area", "unknown", message));
            }
            return Ok(Some(code));
        }
        let located = position.and_then(|at| self.catalog.locate(&[at]).pop().flatten());
        Ok(located.map(|area| area.code))
    }

    /// Changes a feature; the version that was read goes with it.
    pub async fn update_feature(
        &self,
        actor: &Actor,
        (layer, number): (&str, i64),
        update: UpdateFeature,
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<FeatureView, GeoError> {
        let entry = self.kept_layer(actor, layer, now)?;
        let before = self.visible(actor, layer, number, now).await?;
        may_edit(actor, &before, now)?;
        let mut after = update.apply(&entry, &before).map_err(GeoError::Invalid)?;
        if let Some(code) = &update.org {
            after.org_id = Some(self.org(code)?);
        }
        if update.area.is_some() || update.geometry.is_some() {
            after.area = self.area(update.area, after.shape.label())?;
        }
        // A feature must not be moved out of one's reach, nor into a reach that is not one's own.
        may_edit(actor, &after, now)?;
        self.replace(actor, before, after, expected, "feature.update", now)
            .await
    }

    /// Takes a feature away. How it was stays in the past of the map.
    pub async fn remove_feature(
        &self,
        actor: &Actor,
        (layer, number): (&str, i64),
        expected: Option<i64>,
        now: Timestamp,
    ) -> Result<(), GeoError> {
        self.kept_layer(actor, layer, now)?;
        let before = self.visible(actor, layer, number, now).await?;
        may_edit(actor, &before, now)?;
        let after = Feature {
            is_removed: true,
            ..before.clone()
        };
        self.replace(actor, before, after, expected, "feature.remove", now)
            .await?;
        Ok(())
    }

    async fn replace(
        &self,
        actor: &Actor,
        seen: Feature,
        mut after: Feature,
        expected: Option<i64>,
        act: &str,
        now: Timestamp,
    ) -> Result<FeatureView, GeoError> {
        let expected = expected.unwrap_or(seen.version);
        (after.since, after.updated_by) = (now, actor.name.clone());
        let object = format!("feature:{}/{}", seen.layer, seen.number);
        let saved = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let before = stored(tx, &seen.layer, seen.number).await?;
                    if before.version != expected {
                        let current = before.version;
                        return Err(GeoError::VersionConflict { expected, current });
                    }
                    after.version = before.version + 1;
                    after.since = after.since.max(before.since);
                    after.revision = store::count_on(tx, store::FEATURES, 1).await?;
                    let (was, is) = (from_ref(&before), from_ref(&after));
                    store::features::put(tx, was, is).await?;
                    tx.publish(told(Some(&before), &after));
                    Ok(after)
                })
            })
            .await?;
        let detail = json!({ "version": saved.version });
        self.record(actor, act, object, detail, now).await?;
        self.follow(now).await?;
        Ok(self.view(saved))
    }

    /// A layer whose features are kept here, for one who may change some of them.
    pub(super) fn kept_layer(
        &self,
        actor: &Actor,
        layer: &str,
        now: Timestamp,
    ) -> Result<LayerEntry, GeoError> {
        Self::scope(actor, EDIT, now)?;
        let entry = self.map.entry(layer).ok_or(GeoError::NotFound("layer"))?;
        if entry.is_kept() {
            Ok(entry)
        } else {
            Err(GeoError::NotKeptHere)
        }
    }
}

async fn stored(tx: &Tx, layer: &str, number: i64) -> Result<Feature, GeoError> {
    let found = store::features::by_numbers(tx, layer, &[number]).await?;
    let is_there = |feature: &Feature| !feature.is_removed;
    let found = found.into_iter().find(is_there);
    found.ok_or(GeoError::NotFound("feature"))
}

/// Writes them down.
async fn draw_all(
    tx: &Tx,
    actor: &Actor,
    layer: &str,
    features: ByPlace<Feature>,
    existing: Existing,
    now: Timestamp,
) -> Result<Drawing, GeoError> {
    let codes: Vec<String> = features
        .iter()
        .filter_map(|(_, feature)| feature.code.clone())
        .collect();
    let there = store::features::by_codes(tx, layer, &codes).await?;
    let mut there: HashMap<String, Feature> = there
        .into_iter()
        .filter_map(|feature| Some((feature.code.clone()?, feature)))
        .collect();
    let (mut drawing, mut before, mut after) = (Drawing::default(), Vec::new(), Vec::new());
    for (at, mut feature) in features {
        let known = feature.code.as_ref().and_then(|code| there.get(code));
        if let Some(known) = known {
            match replaced(actor, known, &mut feature, existing, now) {
                Ok(true) => before.push(known.clone()),
                Ok(false) => {
                    drawing.same += 1;
                    continue;
                }
                Err(fault) => {
                    drawing.wrong.push((at, vec![fault]));
                    continue;
                }
            }
        }
        after.push(feature.clone());
        if let Some(code) = feature.code.clone() {
            there.insert(code, feature);
        }
    }
    number_all(tx, layer, &mut after).await?;
    store::features::put(tx, &before, &after).await?;
    tell(tx, layer, &before, &after);
    drawing.drawn = after;
    Ok(drawing)
}

/// Puts a feature in the place of the one with its code. False: they are the same.
fn replaced(
    actor: &Actor,
    known: &Feature,
    feature: &mut Feature,
    existing: Existing,
    now: Timestamp,
) -> Result<bool, FieldFault> {
    let is_hidden = may_edit(actor, known, now).is_err();
    let is_refused = existing == Existing::Refuse && !known.is_removed;
    // Not yet written: the same code twice in one write.
    let is_twice = known.revision == 0;
    if is_hidden || is_refused || is_twice {
        let taken = "the code belongs to another feature of the layer";
        return Err(FieldFault::new("/code", "taken", taken));
    }
    feature.number = known.number;
    feature.version = known.version + 1;
    let same = Feature {
        since: known.since,
        updated_by: known.updated_by.clone(),
        version: known.version,
        revision: known.revision,
        ..feature.clone()
    };
    Ok(same != *known)
}

/// Gives the revision of this write to all, and a number to those that have none.
async fn number_all(tx: &Tx, layer: &str, features: &mut [Feature]) -> Result<(), GeoError> {
    if features.is_empty() {
        return Ok(());
    }
    let nameless = features.iter().filter(|feature| feature.number == 0);
    let count = nameless.count() as i64;
    let mut next = match count {
        0 => 0,
        _ => store::count_on(tx, &format!("number/{layer}"), count).await? - count,
    };
    let revision = store::count_on(tx, store::FEATURES, 1).await?;
    for feature in features {
        feature.revision = revision;
        if feature.number == 0 {
            next += 1;
            feature.number = next;
        }
    }
    Ok(())
}

fn tell(tx: &Tx, layer: &str, before: &[Feature], after: &[Feature]) {
    let Some(first) = after.first() else {
        return;
    };
    if after.len() > TOLD_MAX {
        tx.publish(NewEvent {
            kind: "layer.imported".to_owned(),
            subject_id: uuid_of(layer, 0),
            at: first.since,
            scope: EventScope {
                action: "geo.read".to_owned(),
                orgs: Vec::new(),
                area: None,
                secrecy: 1,
            },
            body: json!({ "layer": layer, "features": after.len() }),
        });
        return;
    }
    for feature in after {
        let known = before.iter().find(|known| known.number == feature.number);
        tx.publish(told(known, feature));
    }
}

fn told(before: Option<&Feature>, after: &Feature) -> NewEvent {
    NewEvent {
        kind: kind_of(before, after).to_owned(),
        subject_id: after.uuid(),
        at: after.since,
        scope: EventScope {
            action: "geo.read".to_owned(),
            orgs: after.org_id.into_iter().collect(),
            area: after.area.clone(),
            secrecy: after.secrecy,
        },
        body: json!({ "layer": after.layer, "number": after.number, "code": after.code,
            "name": after.name, "state": after.state, "version": after.version }),
    }
}

fn of_faults(faults: Vec<FieldFault>) -> GeoError {
    let denied = "geo.denied";
    if faults.iter().any(|fault| fault.code == denied) {
        return GeoError::Denied { action: EDIT };
    }
    GeoError::Invalid(faults)
}

fn may_edit(actor: &Actor, feature: &Feature, now: Timestamp) -> Result<(), GeoError> {
    if actor.may(EDIT, feature.subject(), now) {
        return Ok(());
    }
    Err(GeoError::Denied { action: EDIT })
}
