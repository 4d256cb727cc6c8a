//! What a path names.

use yiwang_odata::Segment;

use super::Reader;
use super::entity::{Entity, Kind};
use super::fault::{Answer, StaFault};
use super::find::Source;

/// What a path names.
pub(super) enum Target {
    Root,
    /// A list, where it is, and the entity that it belongs to.
    List {
        source: Source,
        path: String,
        of: Option<Entity>,
    },
    One(Box<Entity>),
    /// A list or an entity of which only the links are asked.
    Links(Box<Target>),
    /// How many there are, as a plain number.
    Count(Source),
    Property {
        entity: Box<Entity>,
        name: String,
        /// Only its value, as text.
        is_raw: bool,
    },
}

impl Reader<'_> {
    /// Goes along a path.
    pub(super) async fn target(&self, segments: &[Segment]) -> Answer<Target> {
        let mut target = Target::Root;
        for segment in segments {
            target = match target {
                Target::Root => self.first(segment).await?,
                Target::List { source, path, of } => match segment.name.as_str() {
                    "$ref" => Target::Links(Box::new(Target::List { source, path, of })),
                    "$count" => Target::Count(source),
                    name => return Err(unknown(name, source.kind())),
                },
                Target::One(entity) => self.from(*entity, segment).await?,
                Target::Property {
                    entity,
                    name,
                    is_raw: false,
                } if segment.name == "$value" => Target::Property {
                    entity,
                    name,
                    is_raw: true,
                },
                _ => return Err(StaFault::not_found()),
            };
        }
        Ok(target)
    }

    async fn first(&self, segment: &Segment) -> Answer<Target> {
        let Some(kind) = Kind::of_set(&segment.name) else {
            let names = Kind::ALL.map(Kind::set).join(", ");
            let message = format!("there is no `{}`; there are {names}", segment.name);
            return Err(StaFault::new(
                axum::http::StatusCode::NOT_FOUND,
                "not_found",
                message,
            ));
        };
        let source = Source::All(kind);
        self.chosen(source, segment, kind.set().to_owned(), None)
            .await
    }

    /// The list, or the one of it that the key names.
    async fn chosen(
        &self,
        source: Source,
        segment: &Segment,
        path: String,
        of: Option<Entity>,
    ) -> Answer<Target> {
        let Some(key) = &segment.key else {
            return Ok(Target::List { source, path, of });
        };
        let found = self.find(source.kind(), &key.text()).await?;
        let found = found.filter(|entity| Self::holds(&source, entity));
        let entity = found.ok_or_else(StaFault::not_found)?;
        Ok(Target::One(Box::new(entity)))
    }

    async fn from(&self, entity: Entity, segment: &Segment) -> Answer<Target> {
        let kind = entity.kind();
        if segment.name == "$ref" {
            return Ok(Target::Links(Box::new(Target::One(Box::new(entity)))));
        }
        if let Some(relation) = kind.relation(&segment.name) {
            let source = self.source(&entity, relation);
            if relation.is_many {
                let path = format!("{}/{}", entity.path(), relation.name);
                return self.chosen(source, segment, path, Some(entity)).await;
            }
            let one = self.related(&entity, relation).into_iter().next();
            return Ok(Target::One(Box::new(one.ok_or_else(StaFault::not_found)?)));
        }
        if segment.key.is_none() && kind.properties().contains(&segment.name.as_str()) {
            return Ok(Target::Property {
                entity: Box::new(entity),
                name: segment.name.clone(),
                is_raw: false,
            });
        }
        Err(unknown(&segment.name, kind))
    }
}

fn unknown(name: &str, kind: Kind) -> StaFault {
    let relations: Vec<&str> = kind.relations().iter().map(|each| each.name).collect();
    let message = format!(
        "{} have no `{name}`; there are {}, {}",
        kind.set(),
        kind.properties().join(", "),
        relations.join(", ")
    );
    StaFault::new(axum::http::StatusCode::NOT_FOUND, "not_found", message)
}
