//! How often alarms were found true and false, by rule and by device.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{Condition, ConnectionTrait};
use serde::{Deserialize, Serialize};
use yiwang_contracts::Scope;
use yiwang_store::{StoreError, scope_condition};

use super::{TABLE, column, scope_columns};
use crate::alarm::RETRACTED;
use crate::store::{get, name};

/// How often alarms of one rule and device were found true and false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Feedback {
    pub rule: String,
    pub rule_name: String,
    pub device: String,
    pub device_name: String,
    pub alarms: i64,
    pub found_true: i64,
    pub found_false: i64,
    pub last_at: i64,
}

/// Where a page of feedback ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FeedbackPlace {
    pub rule: String,
    pub device: String,
}

/// Alarms of single devices that were, and that `scope` permits.
fn counted(scope: &Scope) -> Condition {
    let was = Condition::any()
        .add(column("ended_by").is_null())
        .add(column("ended_by").ne(RETRACTED));
    Condition::all()
        .add(column("kind").eq("single"))
        .add(was)
        .add(scope_condition(scope, &scope_columns()))
}

fn number_if(verdict: &'static str) -> Expr {
    let found = Expr::case(column("verdict").eq(verdict), 1).finally(0);
    Expr::expr(found).sum().cast_as(name("BIGINT"))
}

/// How often each rule's alarms were raised, found true and found false.
pub(crate) async fn verdicts(
    conn: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<HashMap<String, (i64, i64, i64)>, StoreError> {
    let select = Query::select()
        .column(name("rule"))
        .expr_as(Expr::col(name("id")).count(), name("alarms"))
        .expr_as(number_if("true"), name("found_true"))
        .expr_as(number_if("false"), name("found_false"))
        .from(name(TABLE))
        .cond_where(counted(scope))
        .group_by_col(name("rule"))
        .take();
    let mut numbers = HashMap::new();
    for row in &conn.query_all(&select).await? {
        let three = (
            get(row, "alarms")?,
            get(row, "found_true")?,
            get(row, "found_false")?,
        );
        numbers.insert(get(row, "rule")?, three);
    }
    Ok(numbers)
}

/// The same for each rule and device, in their order.
pub(crate) async fn feedback(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    (rule, device): (Option<&str>, Option<&str>),
    after: Option<&FeedbackPlace>,
    limit: u64,
) -> Result<Vec<Feedback>, StoreError> {
    let mut select = Query::select()
        .columns(["rule", "device"].map(name))
        .expr_as(column("rule_name").max(), name("rule_name"))
        .expr_as(column("device_name").max(), name("device_name"))
        .expr_as(column("opened_at").max(), name("last_at"))
        .expr_as(column("id").count(), name("alarms"))
        .expr_as(number_if("true"), name("found_true"))
        .expr_as(number_if("false"), name("found_false"))
        .from(name(TABLE))
        .cond_where(counted(scope))
        .group_by_columns(["rule", "device"].map(name))
        .order_by(name("rule"), Order::Asc)
        .order_by(name("device"), Order::Asc)
        .limit(limit)
        .take();
    let same = |each, value: Option<&str>| value.map(|value| column(each).eq(value));
    let mut all = Condition::all()
        .add_option(same("rule", rule))
        .add_option(same("device", device));
    if let Some(after) = after {
        let later = column("rule")
            .eq(after.rule.as_str())
            .and(column("device").gt(after.device.as_str()));
        all = all.add(column("rule").gt(after.rule.as_str()).or(later));
    }
    select.cond_where(all);
    let mut rows = Vec::new();
    for row in &conn.query_all(&select).await? {
        rows.push(Feedback {
            rule: get(row, "rule")?,
            rule_name: get(row, "rule_name")?,
            device: get(row, "device")?,
            device_name: get(row, "device_name")?,
            alarms: get(row, "alarms")?,
            found_true: get(row, "found_true")?,
            found_false: get(row, "found_false")?,
            last_at: get(row, "last_at")?,
        });
    }
    Ok(rows)
}
