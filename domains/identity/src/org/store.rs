//! Rows of units: read whole, and brought to what a pack says.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
};
use yiwang_contracts::{OrgBrief, OrgId, OrgKind};
use yiwang_kernel::{AreaCode, Text, Timestamp, Uuid};

use super::{OrgTree, OrgUnit};
use crate::pack::OrgEntry;
use crate::settings::INSERT_CHUNK;

pub(crate) mod row {
    //! Table `identity_org`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity_org")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub code: String,
        pub pack: String,
        pub name_zh: String,
        pub name_en: Option<String>,
        pub kind: String,
        pub parent_id: Option<Uuid>,
        pub area: Option<String>,
        pub pinyin: Option<String>,
        pub phone: Option<String>,
        pub position: i64,
        pub is_active: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Reads the whole tree.
pub(crate) async fn load(db: &impl ConnectionTrait) -> Result<OrgTree, DbErr> {
    let rows = row::Entity::find()
        .order_by_asc(row::Column::Position)
        .all(db)
        .await?;
    Ok(OrgTree::new(rows.into_iter().map(unit).collect()))
}

fn unit(row: row::Model) -> OrgUnit {
    OrgUnit {
        brief: OrgBrief {
            id: OrgId(row.id),
            code: row.code,
            name: Text {
                zh: row.name_zh,
                en: row.name_en,
            },
            kind: kind_of(&row.kind),
            parent_id: row.parent_id.map(OrgId),
            area: row.area.map(AreaCode),
        },
        pinyin: row.pinyin,
        phone: row.phone,
        is_active: row.is_active,
    }
}

const KINDS: [(OrgKind, &str); 6] = [
    (OrgKind::City, "city"),
    (OrgKind::Department, "department"),
    (OrgKind::Town, "town"),
    (OrgKind::Village, "village"),
    (OrgKind::Grid, "grid"),
    (OrgKind::Company, "company"),
];

fn kind_of(text: &str) -> OrgKind {
    KINDS
        .iter()
        .find(|(_, name)| *name == text)
        .map_or(OrgKind::Department, |(kind, _)| *kind)
}

pub(crate) fn kind_text(kind: OrgKind) -> &'static str {
    KINDS
        .iter()
        .find(|(own, _)| *own == kind)
        .map_or("department", |(_, name)| *name)
}

/// What to do so that the table says what the pack says.
#[derive(Default)]
pub(crate) struct Planned {
    insert: Vec<row::Model>,
    update: Vec<row::Model>,
    retire: Vec<Uuid>,
}

impl Planned {
    pub(crate) fn len(&self) -> usize {
        self.insert.len() + self.update.len() + self.retire.len()
    }
}

/// Compares a pack's units with what is stored. A unit keeps its id for life, by its code.
pub(crate) async fn plan(
    db: &impl ConnectionTrait,
    pack: &str,
    entries: &[OrgEntry],
    now: Timestamp,
) -> Result<Planned, DbErr> {
    let stored: HashMap<String, row::Model> = row::Entity::find()
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.code.clone(), row))
        .collect();
    let mut ids: HashMap<&str, Uuid> = stored
        .iter()
        .map(|(code, row)| (code.as_str(), row.id))
        .collect();
    for entry in entries {
        ids.entry(&entry.code).or_insert_with(|| OrgId::at(now).0);
    }
    let mut planned = Planned::default();
    for (position, entry) in entries.iter().enumerate() {
        let wanted = row::Model {
            id: ids.get(entry.code.as_str()).copied().unwrap_or_default(),
            code: entry.code.clone(),
            pack: pack.to_owned(),
            name_zh: entry.name.zh.clone(),
            name_en: entry.name.en.clone(),
            kind: kind_text(entry.kind).to_owned(),
            parent_id: entry
                .parent
                .as_deref()
                .and_then(|parent| ids.get(parent).copied()),
            area: entry.area.as_ref().map(|area| area.0.clone()),
            pinyin: entry.pinyin.as_ref().map(|text| text.to_lowercase()),
            phone: entry.phone.clone(),
            position: position as i64,
            is_active: true,
        };
        match stored.get(&entry.code) {
            None => planned.insert.push(wanted),
            Some(row) if *row != wanted => planned.update.push(wanted),
            Some(_) => {}
        }
    }
    let named: HashSet<&str> = entries.iter().map(|entry| entry.code.as_str()).collect();
    let gone = stored
        .values()
        .filter(|row| row.pack == pack && row.is_active && !named.contains(row.code.as_str()));
    planned.retire = gone.map(|row| row.id).collect();
    Ok(planned)
}

/// Writes what was planned.
pub(crate) async fn apply(tx: &impl ConnectionTrait, planned: Planned) -> Result<(), DbErr> {
    let inserts: Vec<row::ActiveModel> = planned
        .insert
        .into_iter()
        .map(row::ActiveModel::from)
        .collect();
    for chunk in inserts.chunks(INSERT_CHUNK) {
        row::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx)
            .await?;
    }
    for model in planned.update {
        let active = row::ActiveModel::from(model).reset_all();
        active.update(tx).await?;
    }
    for chunk in planned.retire.chunks(INSERT_CHUNK) {
        row::Entity::update_many()
            .col_expr(row::Column::IsActive, Expr::value(false))
            .filter(row::Column::Id.is_in(chunk.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}
