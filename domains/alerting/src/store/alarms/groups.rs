//! Alarms of many devices: storms and agreements with their members, votes, what stands beside, how often one comes.

use sea_orm::sea_query::{ExprTrait, Order, Query};
use sea_orm::{Condition, ConnectionTrait, QueryResult};
use yiwang_store::StoreError;

use super::{MEMBERS_MAX, MatterKey, TABLE, column, get, name, read, select};
use crate::alarm::{Alarm, AlarmId, AlarmKind};

/// The open storm of a matter, or all that are open and not yet in one.
pub(crate) async fn of_matter(
    conn: &impl ConnectionTrait,
    key: &MatterKey,
    kind: AlarmKind,
) -> Result<Vec<Alarm>, StoreError> {
    let mut select = select();
    select
        .cond_where(key.condition())
        .and_where(column("kind").eq(kind.as_str()))
        .and_where(column("ended_at").is_null())
        .and_where(column("suppressed_by").is_null())
        .order_by(name("id"), Order::Asc)
        .limit(MEMBERS_MAX);
    if kind == AlarmKind::Single {
        select.and_where(column("group_id").is_null());
    }
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Open members of a storm or agreement, each with the instant at which it was raised.
pub(crate) async fn open_members(
    conn: &impl ConnectionTrait,
    group: AlarmId,
) -> Result<Vec<(AlarmId, i64)>, StoreError> {
    let select = Query::select()
        .columns(["id", "opened_at"].map(name))
        .from(name(TABLE))
        .and_where(column("group_id").eq(group.0))
        .and_where(column("ended_at").is_null())
        .limit(MEMBERS_MAX)
        .take();
    let rows = conn.query_all(&select).await?;
    let one = |row: &QueryResult| Ok((AlarmId(get(row, "id")?), get(row, "opened_at")?));
    rows.iter().map(one).collect()
}

/// All members of a storm or agreement.
pub(crate) async fn members(
    conn: &impl ConnectionTrait,
    group: AlarmId,
) -> Result<Vec<Alarm>, StoreError> {
    let mut select = select();
    select
        .and_where(column("group_id").eq(group.0))
        .limit(MEMBERS_MAX);
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Words of a rule in a group of devices that stand, or ended after an instant.
pub(crate) async fn votes(
    conn: &impl ConnectionTrait,
    rule: &str,
    group: &str,
    after: i64,
) -> Result<Vec<Alarm>, StoreError> {
    let mut select = select();
    let any = Condition::any()
        .add(column("ended_at").is_null())
        .add(column("ended_at").gt(after));
    select
        .and_where(column("rule").eq(rule))
        .and_where(column("device_group").eq(group))
        .and_where(column("kind").eq(AlarmKind::Vote.as_str()))
        .cond_where(any)
        .limit(MEMBERS_MAX);
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// The open alarm of a group of devices under a rule that needs agreement.
pub(crate) async fn agreement(
    conn: &impl ConnectionTrait,
    rule: &str,
    group: &str,
) -> Result<Option<Alarm>, StoreError> {
    let mut select = select();
    select
        .and_where(column("rule").eq(rule))
        .and_where(column("device_group").eq(group))
        .and_where(column("kind").eq(AlarmKind::Agreement.as_str()))
        .and_where(column("ended_at").is_null())
        .limit(1);
    let row = conn.query_one(&select).await?;
    row.as_ref().map(read).transpose()
}

/// Open alarms of these rules at the devices of one group, in the order of raising.
pub(crate) async fn beside(
    conn: &impl ConnectionTrait,
    group: &str,
    rules: &[&str],
) -> Result<Vec<Alarm>, StoreError> {
    let mut select = select();
    select
        .and_where(column("device_group").eq(group))
        .and_where(column("rule").is_in(rules.iter().copied()))
        .and_where(column("kind").is_in(["single", "agreement"]))
        .and_where(column("ended_at").is_null())
        .order_by(name("opened_at"), Order::Asc)
        .limit(MEMBERS_MAX);
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// When alarms of these devices were raised since an instant, by rule and device.
pub(crate) async fn raises(
    conn: &impl ConnectionTrait,
    devices: &[&str],
    since: i64,
) -> Result<Vec<(String, String, AlarmId, i64)>, StoreError> {
    let mut raises = Vec::new();
    for piece in yiwang_store::pieces(devices, 64) {
        let select = Query::select()
            .columns(["rule", "device", "id", "opened_at"].map(name))
            .from(name(TABLE))
            .and_where(column("device").is_in(piece.iter().copied()))
            .and_where(column("opened_at").gte(since))
            .order_by(name("opened_at"), Order::Asc)
            .take();
        for row in &conn.query_all(&select).await? {
            let id = AlarmId(get(row, "id")?);
            raises.push((
                get(row, "rule")?,
                get(row, "device")?,
                id,
                get(row, "opened_at")?,
            ));
        }
    }
    Ok(raises)
}

/// Open alarms of a group kind whose members may all be over.
pub(crate) async fn open_of_kind(
    conn: &impl ConnectionTrait,
    kind: AlarmKind,
) -> Result<Vec<Alarm>, StoreError> {
    let mut select = select();
    select
        .and_where(column("kind").eq(kind.as_str()))
        .and_where(column("ended_at").is_null())
        .limit(MEMBERS_MAX);
    conn.query_all(&select).await?.iter().map(read).collect()
}
