//! This domain's rows and queries.

mod standings;
mod versions;

use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Expr};
use yiwang_store::StoreError;

pub(crate) use standings::{all, count, drop_draft, hold, keep_draft, load, of_pack, save};
pub(crate) use versions::{add, list, shown, version};

fn name(name: &'static str) -> Alias {
    Alias::new(name)
}

fn column(column: &'static str) -> Expr {
    Expr::col(name(column))
}

fn get<T: sea_orm::TryGetable>(row: &QueryResult, column: &str) -> Result<T, StoreError> {
    Ok(row.try_get("", column)?)
}
