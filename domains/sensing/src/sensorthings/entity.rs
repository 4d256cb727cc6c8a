//! The eight entity types over the platform's model: their names, relations and ids.

use std::sync::Arc;

use yiwang_contracts::{Sample, Series};

use crate::profile::{Profile, Property};
use crate::slot::Binding;

/// A type of entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Thing,
    Location,
    HistoricalLocation,
    Datastream,
    Sensor,
    ObservedProperty,
    Observation,
    FeatureOfInterest,
}

/// A way from one entity to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Relation {
    pub name: &'static str,
    pub kind: Kind,
    pub is_many: bool,
}

const fn one(name: &'static str, kind: Kind) -> Relation {
    Relation {
        name,
        kind,
        is_many: false,
    }
}

const fn many(kind: Kind) -> Relation {
    Relation {
        name: kind.set(),
        kind,
        is_many: true,
    }
}

impl Kind {
    pub(super) const ALL: [Self; 8] = [
        Self::Thing,
        Self::Location,
        Self::HistoricalLocation,
        Self::Datastream,
        Self::Sensor,
        Self::ObservedProperty,
        Self::Observation,
        Self::FeatureOfInterest,
    ];

    /// The name of all of them.
    pub(super) const fn set(self) -> &'static str {
        match self {
            Self::Thing => "Things",
            Self::Location => "Locations",
            Self::HistoricalLocation => "HistoricalLocations",
            Self::Datastream => "Datastreams",
            Self::Sensor => "Sensors",
            Self::ObservedProperty => "ObservedProperties",
            Self::Observation => "Observations",
            Self::FeatureOfInterest => "FeaturesOfInterest",
        }
    }

    pub(super) fn of_set(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.set() == name)
    }

    pub(super) fn relations(self) -> &'static [Relation] {
        const THING: [Relation; 3] = [
            many(Kind::Datastream),
            many(Kind::Location),
            many(Kind::HistoricalLocation),
        ];
        const LOCATION: [Relation; 2] = [many(Kind::Thing), many(Kind::HistoricalLocation)];
        const HISTORICAL: [Relation; 2] = [one("Thing", Kind::Thing), many(Kind::Location)];
        const DATASTREAM: [Relation; 4] = [
            one("Thing", Kind::Thing),
            one("Sensor", Kind::Sensor),
            one("ObservedProperty", Kind::ObservedProperty),
            many(Kind::Observation),
        ];
        const OBSERVATION: [Relation; 2] = [
            one("Datastream", Kind::Datastream),
            one("FeatureOfInterest", Kind::FeatureOfInterest),
        ];
        match self {
            Self::Thing => &THING,
            Self::Location => &LOCATION,
            Self::HistoricalLocation => &HISTORICAL,
            Self::Datastream => &DATASTREAM,
            Self::Sensor | Self::ObservedProperty => const { &[many(Kind::Datastream)] },
            Self::Observation => &OBSERVATION,
            Self::FeatureOfInterest => const { &[many(Kind::Observation)] },
        }
    }

    pub(super) fn relation(self, name: &str) -> Option<Relation> {
        self.relations()
            .iter()
            .copied()
            .find(|each| each.name == name)
    }

    /// The properties of an entity, in the order of the standard.
    pub(super) fn properties(self) -> &'static [&'static str] {
        match self {
            Self::Thing => &["name", "description", "properties"],
            Self::Location => &[
                "name",
                "description",
                "encodingType",
                "location",
                "properties",
            ],
            Self::HistoricalLocation => &["time"],
            Self::Datastream => &[
                "name",
                "description",
                "observationType",
                "unitOfMeasurement",
                "observedArea",
                "phenomenonTime",
                "resultTime",
                "properties",
            ],
            Self::Sensor => &[
                "name",
                "description",
                "encodingType",
                "metadata",
                "properties",
            ],
            Self::ObservedProperty => &["name", "definition", "description", "properties"],
            Self::Observation => &[
                "phenomenonTime",
                "result",
                "resultTime",
                "resultQuality",
                "validTime",
                "parameters",
            ],
            Self::FeatureOfInterest => &[
                "name",
                "description",
                "encodingType",
                "feature",
                "properties",
            ],
        }
    }
}

/// One property of one device.
#[derive(Debug, Clone)]
pub(super) struct Stream {
    pub binding: Arc<Binding>,
    pub place: u16,
}

impl Stream {
    pub(super) fn property(&self) -> Option<&Property> {
        self.binding.profile.properties.get(usize::from(self.place))
    }

    pub(super) fn series(&self) -> Option<&Arc<Series>> {
        self.binding.series.get(usize::from(self.place))
    }

    /// `DEVICE:property`.
    pub(super) fn id(&self) -> String {
        let property = self.property().map_or("", |property| &property.entry.code);
        format!("{}:{property}", self.binding.device.code)
    }
}

/// All datastreams of a device.
pub(super) fn streams(binding: &Arc<Binding>) -> impl Iterator<Item = Stream> + use<> {
    let binding = Arc::clone(binding);
    let count = binding.series.len() as u16;
    (0..count).map(move |place| Stream {
        binding: Arc::clone(&binding),
        place,
    })
}

/// One entity.
#[derive(Debug, Clone)]
pub(super) enum Entity {
    Thing(Arc<Binding>),
    Location(Arc<Binding>),
    HistoricalLocation(Arc<Binding>),
    Feature(Arc<Binding>),
    Datastream(Stream),
    Sensor(Arc<Profile>),
    /// A property as the first profile by code defines it.
    ObservedProperty(Arc<Profile>, u16),
    Observation(Stream, Box<Sample>),
}

impl Entity {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Thing(_) => Kind::Thing,
            Self::Location(_) => Kind::Location,
            Self::HistoricalLocation(_) => Kind::HistoricalLocation,
            Self::Feature(_) => Kind::FeatureOfInterest,
            Self::Datastream(_) => Kind::Datastream,
            Self::Sensor(_) => Kind::Sensor,
            Self::ObservedProperty(..) => Kind::ObservedProperty,
            Self::Observation(..) => Kind::Observation,
        }
    }

    pub(super) fn id(&self) -> String {
        match self {
            Self::Thing(binding)
            | Self::Location(binding)
            | Self::HistoricalLocation(binding)
            | Self::Feature(binding) => binding.device.code.clone(),
            Self::Datastream(stream) => stream.id(),
            Self::Sensor(profile) => profile.entry.code.clone(),
            Self::ObservedProperty(profile, place) => {
                let property = profile.properties.get(usize::from(*place));
                property.map_or_else(String::new, |property| property.entry.code.clone())
            }
            Self::Observation(stream, sample) => format!("{}:{}", stream.id(), sample.time),
        }
    }

    /// `Things('id')`.
    pub(super) fn path(&self) -> String {
        format!("{}('{}')", self.kind().set(), self.id().replace('\'', "''"))
    }
}
