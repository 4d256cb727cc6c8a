//! Which packs are installed, and every entry of them as it was: what the next version is compared with.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use yiwang_contracts::{Actor, PackContent, SectionEntry};
use yiwang_kernel::{Text, Timestamp, from_micros, micros};

use crate::error::PackError;
use crate::load::{LoadedPack, Manifest};

/// Rows of one INSERT.
const INSERT_CHUNK: usize = 500;

mod installed {
    //! Table `pack_installed`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "pack_installed")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub version: String,
        pub title_zh: String,
        pub title_en: Option<String>,
        pub requires: String,
        pub hash: String,
        pub installed_at: i64,
        pub installed_by: Uuid,
        pub installed_by_name: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod entry {
    //! Table `pack_entry`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "pack_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pack: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub section: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i64,
        pub content: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A pack that is installed: which version, by whom, when.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct InstalledPack {
    pub id: String,
    pub version: String,
    pub title: Text,
    pub requires: Vec<String>,
    /// SHA-256 over its files, in hex.
    pub hash: String,
    #[schema(value_type = String, format = DateTime)]
    pub installed_at: Timestamp,
    pub installed_by: String,
}

/// All installed packs, by id.
pub(crate) async fn all(db: &impl ConnectionTrait) -> Result<Vec<InstalledPack>, PackError> {
    let rows = installed::Entity::find()
        .order_by_asc(installed::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(from_row).collect()
}

fn from_row(row: installed::Model) -> Result<InstalledPack, PackError> {
    Ok(InstalledPack {
        requires: serde_json::from_str(&row.requires)?,
        id: row.id,
        version: row.version,
        title: Text {
            zh: row.title_zh,
            en: row.title_en,
        },
        hash: row.hash,
        installed_at: from_micros(row.installed_at),
        installed_by: row.installed_by_name,
    })
}

/// How many entries each section of an installed pack has.
pub(crate) async fn section_counts(
    db: &impl ConnectionTrait,
    id: &str,
) -> Result<BTreeMap<String, i64>, PackError> {
    let counts: Vec<(String, i64)> = entry::Entity::find()
        .select_only()
        .column(entry::Column::Section)
        .column_as(entry::Column::Position.count(), "count")
        .filter(entry::Column::Pack.eq(id))
        .group_by(entry::Column::Section)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.into_iter().collect())
}

/// An installed pack with its entries, as if it had just been loaded.
pub(crate) async fn content(
    db: &impl ConnectionTrait,
    pack: &InstalledPack,
) -> Result<LoadedPack, PackError> {
    let rows = entry::Entity::find()
        .filter(entry::Column::Pack.eq(pack.id.as_str()))
        .order_by_asc(entry::Column::Section)
        .order_by_asc(entry::Column::Position)
        .all(db)
        .await?;
    let mut content = PackContent {
        id: pack.id.clone(),
        version: pack.version.clone(),
        sections: BTreeMap::new(),
    };
    for row in rows {
        let entry = SectionEntry {
            file: String::new(),
            line: 0,
            value: serde_json::from_str(&row.content)?,
            lines: BTreeMap::new(),
        };
        content.sections.entry(row.section).or_default().push(entry);
    }
    let manifest = Manifest {
        id: pack.id.clone(),
        version: pack.version.parse().unwrap_or_default(),
        title: pack.title.clone(),
        requires: pack.requires.clone(),
    };
    Ok(LoadedPack {
        manifest,
        content,
        hash: pack.hash.clone(),
    })
}

/// Records a pack as installed, in place of its earlier version.
pub(crate) async fn replace(
    tx: &impl ConnectionTrait,
    pack: &LoadedPack,
    actor: &Actor,
    now: Timestamp,
) -> Result<(), PackError> {
    let LoadedPack {
        manifest,
        content,
        hash,
    } = pack;
    entry::Entity::delete_many()
        .filter(entry::Column::Pack.eq(manifest.id.as_str()))
        .exec(tx)
        .await?;
    installed::Entity::delete_by_id(manifest.id.clone())
        .exec(tx)
        .await?;
    let row = installed::Model {
        id: manifest.id.clone(),
        version: manifest.version.to_string(),
        title_zh: manifest.title.zh.clone(),
        title_en: manifest.title.en.clone(),
        requires: serde_json::to_string(&manifest.requires)?,
        hash: hash.clone(),
        installed_at: micros(now),
        installed_by: actor.user_id.0,
        installed_by_name: actor.name.clone(),
    };
    installed::Entity::insert(installed::ActiveModel::from(row))
        .exec_without_returning(tx)
        .await?;
    let mut rows = Vec::new();
    for (section, entries) in &content.sections {
        for (position, entry) in (0..).zip(entries) {
            rows.push(entry::ActiveModel::from(entry::Model {
                pack: manifest.id.clone(),
                section: section.clone(),
                position,
                content: serde_json::to_string(&entry.value)?,
            }));
        }
    }
    for chunk in rows.chunks(INSERT_CHUNK) {
        entry::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}
