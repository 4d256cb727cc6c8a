//! Loads a layer at once, from versions in any order.

use std::sync::Arc;

use super::{Feature, Interner, Layer, check_class};
use crate::{
    dictionary::{Dictionary, Words},
    overlay::Overlay,
    packed::staging::{Head, Staging},
    refusal::{Fault, Refusal},
    settings::{Clustering, SettingsFault},
    shape::read,
    touched::Touched,
    value::Keys,
};

/// Collects versions and makes a packed layer of them.
#[derive(Debug)]
pub struct LayerBuilder {
    clustering: Clustering,
    by: Option<u16>,
    keys: Keys,
    dictionary: Dictionary,
    staging: Staging,
    row: Vec<u32>,
}

impl LayerBuilder {
    /// Begins a layer.
    pub fn new(clustering: Clustering) -> Result<Self, SettingsFault> {
        clustering.check()?;
        let mut keys = Keys::default();
        let by = clustering.by.as_deref().map(|name| keys.intern(name));
        let by = by.transpose().map_err(SettingsFault::By)?;
        Ok(Self {
            clustering,
            by,
            keys,
            dictionary: Dictionary::default(),
            staging: Staging::default(),
            row: Vec::new(),
        })
    }

    /// Adds a version that holds from a moment until another, in microseconds; until `i64::MAX` for one that lives.
    pub fn add(&mut self, feature: &Feature<'_>, from: i64, until: i64) -> Result<(), Refusal> {
        self.take(feature, from, until)
            .map_err(|fault| fault.of(feature.id))
    }

    fn take(&mut self, feature: &Feature<'_>, from: i64, until: i64) -> Result<(), Fault> {
        check_class(feature.class)?;
        if from >= until {
            return Err(Fault::NeverHolds { from, until });
        }
        let placed = read(feature.geometry)?;
        let mut interner = Interner {
            keys: &mut self.keys,
            earlier: None,
            dictionary: &mut self.dictionary,
            by: self.by,
        };
        interner.row(feature.attributes, &mut self.row)?;
        let head = Head {
            id: feature.id,
            class: feature.class,
            from,
            until,
        };
        self.staging.push(head, placed, &self.row);
        Ok(())
    }

    /// The layer, and what was left out of it because its id has another version at that time.
    pub fn finish(mut self) -> (Layer, Vec<Refusal>) {
        let overlapping = self.staging.take_overlapping().into_iter();
        let refused = overlapping.map(|(head, until)| {
            let from = head.from;
            Fault::Overlap { from, until }.of(head.id)
        });
        let refused = refused.collect();
        let fresh = Dictionary::after(&self.dictionary);
        let words = Words {
            packed: &self.dictionary,
            fresh: &fresh,
        };
        let packed = self.staging.pack(words, &self.clustering, self.by);
        let mut touched = Touched::default();
        touched.all();
        let layer = Layer {
            clustering: self.clustering,
            by: self.by,
            keys: self.keys,
            overlay: Overlay::after(&packed.dictionary),
            touched,
            horizon: i64::MIN,
            bounds: packed.bounds,
            live: packed.live_points.records.len() + packed.live_shapes.records.len(),
            packed: Arc::new(packed),
            journal: None,
            packings: 0,
        };
        (layer, refused)
    }
}
