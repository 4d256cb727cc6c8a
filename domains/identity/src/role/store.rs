//! Rows of roles: read whole, and brought to what a pack says.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use yiwang_kernel::Text;

use super::{Role, Roles};
use crate::pack::RoleEntry;

mod row {
    //! Table `identity_role`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity_role")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        pub pack: String,
        pub name_zh: String,
        pub name_en: Option<String>,
        /// Words with one space between them.
        pub actions: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Reads all roles.
pub(crate) async fn load(db: &impl ConnectionTrait) -> Result<Roles, DbErr> {
    let rows = row::Entity::find().all(db).await?;
    let roles = rows.into_iter().map(|row| {
        let actions: HashSet<String> = row.actions.split_whitespace().map(str::to_owned).collect();
        let name = Text {
            zh: row.name_zh,
            en: row.name_en,
        };
        (
            row.code.clone(),
            Role {
                code: row.code,
                name,
                actions: Arc::new(actions),
            },
        )
    });
    Ok(Roles(roles.collect::<BTreeMap<_, _>>()))
}

/// Makes the pack's roles what it says; answers whether anything changed. A role that left its pack is
/// taken away, and grants of it carry nothing from then on.
pub(crate) async fn apply(
    tx: &impl ConnectionTrait,
    pack: &str,
    entries: &[RoleEntry],
) -> Result<bool, DbErr> {
    let mut stored = row::Entity::find()
        .filter(row::Column::Pack.eq(pack))
        .all(tx)
        .await?;
    let mut wanted: Vec<row::Model> = entries.iter().map(|entry| wanted(pack, entry)).collect();
    stored.sort_by(|a, b| a.code.cmp(&b.code));
    wanted.sort_by(|a, b| a.code.cmp(&b.code));
    if stored == wanted {
        return Ok(false);
    }
    let codes = wanted.iter().map(|row| row.code.clone());
    row::Entity::delete_many()
        .filter(
            Condition::any()
                .add(row::Column::Pack.eq(pack))
                .add(row::Column::Code.is_in(codes)),
        )
        .exec(tx)
        .await?;
    if !wanted.is_empty() {
        let rows = wanted.into_iter().map(row::ActiveModel::from);
        row::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(true)
}

fn wanted(pack: &str, entry: &RoleEntry) -> row::Model {
    let mut actions = entry.actions.clone();
    actions.sort_unstable();
    actions.dedup();
    row::Model {
        code: entry.code.clone(),
        pack: pack.to_owned(),
        name_zh: entry.name.zh.clone(),
        name_en: entry.name.en.clone(),
        actions: actions.join(" "),
    }
}
