//! Rows of a layer, whosever they are, as other programs read them: filtered, in pages.

use std::sync::Arc;

use geo::Intersects as _;
use serde_json::{Map, Value};
use yiwang_contracts::{Actor, AreaOutline, DeviceBrief, Scope};
use yiwang_cql2::{Expression, Row, is_true};
use yiwang_kernel::Timestamp;

use super::GeoService;
use crate::error::GeoError;
use crate::feature::Feature;
use crate::layer::{Content, LayerEntry};
use crate::shape::Shape;
use crate::store;

/// Rows looked at for one page: one that must look at more says where it stopped.
const LOOKED_AT_MAX: usize = 50_000;
/// Rows of one read, at first and at most: a page that passes many over reads more and more at once.
const ROWS_AT_FIRST: usize = 32;
const ROWS_AT_ONCE: usize = 2_000;

/// A row of a layer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    /// Stable: a feature's number, a device's or an area's code.
    pub id: String,
    pub shape: Option<Shape>,
    pub properties: Map<String, Value>,
    /// From when on it has been so, where that is known.
    pub since: Option<Timestamp>,
}

/// Which rows.
#[derive(Debug, Default)]
pub(crate) struct ItemsWanted {
    /// West, south, east, north.
    pub bbox: Option<[f64; 4]>,
    /// What has been so for no longer than until this instant.
    pub until: Option<Timestamp>,
    pub filter: Option<Expression>,
    /// Properties that must be so.
    pub equal: Vec<(String, String)>,
    pub limit: usize,
    /// After the row with this id.
    pub after: Option<String>,
}

/// A page of rows.
#[derive(Debug, Default)]
pub(crate) struct Items {
    pub items: Vec<Item>,
    /// After which row the next page begins; `None`: there is none.
    pub next: Option<String>,
}

/// The properties that rows of a layer have beside its own attributes.
pub(crate) fn properties_of(content: Content) -> &'static [&'static str] {
    match content {
        Content::Features | Content::Components => &[
            "code",
            "name",
            "kind",
            "state",
            "unit",
            "area",
            "area_name",
            "secrecy",
            "since",
            "version",
        ],
        Content::Devices => &["code", "name", "kind", "unit", "area", "place", "is_active"],
        Content::Towns | Content::Villages | Content::Grids => &["code", "name", "level", "parent"],
    }
}

impl Row for Item {
    fn value(&self, name: &str) -> Option<yiwang_cql2::Value<'_>> {
        use yiwang_cql2::Value as Cql;
        match name {
            "geometry" | "geom" => {
                let shape = self.shape.as_ref();
                Some(shape.map_or(Cql::Null, |shape| Cql::shape(shape.geometry())))
            }
            "id" => Some(Cql::text(self.id.as_str())),
            _ => Some(self.properties.get(name).map_or(Cql::Null, Cql::of_json)),
        }
    }
}

impl ItemsWanted {
    fn takes(&self, item: &Item) -> Result<bool, GeoError> {
        if self
            .until
            .is_some_and(|until| item.since.is_some_and(|since| since > until))
        {
            return Ok(false);
        }
        if let Some([west, south, east, north]) = self.bbox {
            let bbox = geo::Rect::new((west, south), (east, north));
            let meets = |shape: &Shape| shape.geometry().intersects(&bbox);
            if !item.shape.as_ref().is_some_and(meets) {
                return Ok(false);
            }
        }
        let is_equal = |(name, wanted): &(String, String)| match item.properties.get(name) {
            Some(Value::String(text)) => text == wanted,
            Some(Value::Null) | None => false,
            Some(other) => *wanted == *other.to_string(),
        };
        if !self.equal.iter().all(is_equal) {
            return Ok(false);
        }
        match &self.filter {
            Some(filter) => is_true(filter, item)
                .map_err(|fault| GeoError::invalid("/filter", "malformed", fault.to_string())),
            None => Ok(true),
        }
    }
}

impl GeoService {
    /// One row of a layer.
    pub(crate) async fn item(
        &self,
        actor: &Actor,
        layer: &LayerEntry,
        id: &str,
        now: Timestamp,
    ) -> Result<Item, GeoError> {
        let gone = || GeoError::NotFound("feature");
        let scope = Self::scope(actor, layer.content.action(), now)?;
        if layer.is_kept() {
            let number = id.parse().map_err(|_error| gone())?;
            let feature = self.visible(actor, &layer.code, number, now).await?;
            return Ok(self.item_of(feature));
        }
        let found = match layer.content.area_level() {
            Some(level) => self
                .areas(level)
                .find(|area| area.brief.code.as_str() == id)
                .map(of_area),
            None => self
                .devices
                .device(id)
                .filter(|device| scope.permits(device.subject()))
                .map(|device| self.of_device(&device)),
        };
        found.ok_or_else(gone)
    }

    /// A page of the rows of a layer that one may see.
    pub(crate) async fn items(
        &self,
        actor: &Actor,
        layer: &LayerEntry,
        wanted: &ItemsWanted,
        now: Timestamp,
    ) -> Result<Items, GeoError> {
        let scope = Self::scope(actor, layer.content.action(), now)?;
        if let Some(level) = layer.content.area_level() {
            return page_of(self.areas(level).map(of_area), wanted);
        }
        if layer.content == Content::Devices {
            let devices = self.devices_after(wanted.after.as_deref(), &scope);
            return page_of(devices.iter().map(|device| self.of_device(device)), wanted);
        }
        let after = wanted.after.as_deref().map(|id| {
            id.parse::<i64>()
                .map_err(|_error| GeoError::invalid("/cursor", "malformed", "no such page"))
        });
        let mut source = self.source(layer, wanted, after.transpose()?);
        let (mut page, mut looked_at) = (Items::default(), 0);
        loop {
            let rows = source.next(self).await?;
            let is_last = source.is_at_end();
            looked_at += rows.len();
            for feature in rows {
                if !scope.permits(feature.subject()) {
                    continue;
                }
                let item = self.item_of(feature);
                if !wanted.takes(&item)? {
                    continue;
                }
                if page.items.len() == wanted.limit {
                    page.next = page.items.last().map(|item| item.id.clone());
                    return Ok(page);
                }
                page.items.push(item);
            }
            if is_last {
                return Ok(page);
            }
            if looked_at >= LOOKED_AT_MAX {
                page.next = Some(source.place().to_string());
                return Ok(page);
            }
        }
    }

    /// Where the rows come from: those within the rectangle as the map knows them, or all in order.
    fn source(&self, layer: &LayerEntry, wanted: &ItemsWanted, after: Option<i64>) -> Source {
        let bbox = wanted.bbox.or_else(|| extent(wanted.filter.as_ref()?));
        let map = self.map.layer(&layer.code);
        let within = bbox.zip(map).map(|(bbox, map)| {
            let mut numbers = map.within(bbox);
            numbers.retain(|number| after.is_none_or(|after| *number > after));
            numbers
        });
        Source {
            layer: layer.code.clone(),
            within,
            read: 0,
            at_once: ROWS_AT_FIRST.max(wanted.limit + 1).min(ROWS_AT_ONCE),
            after,
            is_at_end: false,
        }
    }

    /// The areas of a level, in order of code.
    fn areas(&self, level: u8) -> impl Iterator<Item = AreaOutline> {
        let areas = self.catalog.outlines().into_iter();
        areas.filter(move |area| area.brief.level == level)
    }

    /// The devices after a code that one may see, in order of code.
    fn devices_after(&self, code: Option<&str>, scope: &Scope) -> Vec<Arc<DeviceBrief>> {
        let mut devices = self.devices.all();
        devices.retain(|device| {
            code.is_none_or(|code| &*device.code > code) && scope.permits(device.subject())
        });
        devices.sort_by(|a, b| a.code.cmp(&b.code));
        devices
    }

    fn item_of(&self, feature: Feature) -> Item {
        let (unit, area_name) = self.names(&feature);
        let text = |text: Option<String>| text.map_or(Value::Null, Value::String);
        let mut properties = Map::from_iter([
            ("code".to_owned(), text(feature.code)),
            ("name".to_owned(), text(feature.name)),
            ("kind".to_owned(), text(feature.kind)),
            ("state".to_owned(), text(feature.state)),
            ("unit".to_owned(), text(unit)),
            ("area".to_owned(), text(feature.area.map(|area| area.0))),
            ("area_name".to_owned(), text(area_name)),
            ("secrecy".to_owned(), feature.secrecy.into()),
            ("since".to_owned(), feature.since.to_string().into()),
            ("version".to_owned(), feature.version.into()),
        ]);
        for (code, value) in feature.attributes {
            properties.entry(code).or_insert(value);
        }
        Item {
            id: feature.number.to_string(),
            shape: Some(feature.shape),
            properties,
            since: Some(feature.since),
        }
    }

    fn of_device(&self, device: &DeviceBrief) -> Item {
        let org = self.orgs.by_id(device.org.as_slice()).pop().flatten();
        let shape = device.position.map(Shape::at);
        let properties = Map::from_iter([
            ("code".to_owned(), Value::from(&*device.code)),
            ("name".to_owned(), Value::from(device.name.as_str())),
            ("kind".to_owned(), Value::from(&*device.profile)),
            (
                "unit".to_owned(),
                org.map_or(Value::Null, |org| org.name.zh.into()),
            ),
            (
                "area".to_owned(),
                device
                    .area
                    .as_ref()
                    .map_or(Value::Null, |area| area.0.clone().into()),
            ),
            (
                "place".to_owned(),
                device.place.clone().map_or(Value::Null, Value::String),
            ),
            ("is_active".to_owned(), device.is_active.into()),
        ]);
        Item {
            id: device.code.to_string(),
            shape,
            properties,
            since: None,
        }
    }
}

fn of_area(area: AreaOutline) -> Item {
    let ring = area.ring.as_ref().map(Shape::of_ring);
    let brief = area.brief;
    let parent = brief.parent.map_or(Value::Null, |parent| parent.0.into());
    Item {
        properties: Map::from_iter([
            ("code".to_owned(), Value::from(brief.code.as_str())),
            ("name".to_owned(), brief.name.into()),
            ("level".to_owned(), brief.level.into()),
            ("parent".to_owned(), parent),
        ]),
        id: brief.code.0,
        shape: ring,
        since: None,
    }
}

/// The rectangle outside of which a filter cannot hold.
fn extent(filter: &Expression) -> Option<[f64; 4]> {
    match yiwang_cql2::extent(filter, "geometry") {
        yiwang_cql2::Extent::Touches(rect) => {
            let (least, most) = (rect.min(), rect.max());
            Some([least.x, least.y, most.x, most.y])
        }
        _ => None,
    }
}

fn page_of(rows: impl Iterator<Item = Item>, wanted: &ItemsWanted) -> Result<Items, GeoError> {
    let mut page = Items::default();
    let is_later = |row: &Item| wanted.after.as_ref().is_none_or(|after| row.id > *after);
    for row in rows.filter(is_later) {
        if !wanted.takes(&row)? {
            continue;
        }
        if page.items.len() == wanted.limit {
            page.next = page.items.last().map(|item| item.id.clone());
            break;
        }
        page.items.push(row);
    }
    Ok(page)
}

/// Features of a layer in order of number.
struct Source {
    layer: String,
    /// Their numbers, where only some can be meant.
    within: Option<Vec<i64>>,
    /// Numbers of them that have been read.
    read: usize,
    at_once: usize,
    after: Option<i64>,
    is_at_end: bool,
}

impl Source {
    async fn next(&mut self, service: &GeoService) -> Result<Vec<Feature>, GeoError> {
        let conn = service.db.read();
        let at_once = self.at_once;
        self.at_once = (2 * at_once).min(ROWS_AT_ONCE);
        if let Some(numbers) = &self.within {
            let until = numbers.len().min(self.read + at_once);
            let piece = numbers.get(self.read..until).unwrap_or_default();
            let mut rows = store::features::by_numbers(conn, &self.layer, piece).await?;
            rows.retain(|feature| !feature.is_removed);
            self.after = piece.last().copied().or(self.after);
            self.read = until;
            self.is_at_end = until == numbers.len();
            return Ok(rows);
        }
        let rows = store::features::after(conn, &self.layer, self.after, at_once as u64).await?;
        self.is_at_end = rows.len() < at_once;
        self.after = rows.last().map(|feature| feature.number).or(self.after);
        Ok(rows)
    }

    fn is_at_end(&self) -> bool {
        self.is_at_end
    }

    /// Up to where rows were looked at.
    fn place(&self) -> i64 {
        self.after.unwrap_or_default()
    }
}
