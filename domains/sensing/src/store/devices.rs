//! Rows of devices.

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_contracts::OrgId;
use yiwang_kernel::{AreaCode, Digest, Position, Timestamp, Uuid, from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::{get, name};
use crate::device::{Device, DeviceId, DeviceState};
use crate::protocol::Protocol;

const TABLE: &str = "sensing_device";
const COLUMNS: [&str; 26] = [
    "id",
    "code",
    "profile",
    "name",
    "org_id",
    "area",
    "secrecy",
    "lon",
    "lat",
    "place",
    "state",
    "device_group",
    "protocol",
    "address",
    "interval_seconds",
    "attributes",
    "installed_at",
    "calibrated_at",
    "calibration_due",
    "token",
    "certificate",
    "secret",
    "created_at",
    "updated_at",
    "updated_by",
    "version",
];
/// Rows of one read while all devices are loaded.
const LOAD_ROWS: u64 = 5_000;

fn row(device: &Device) -> Vec<Value> {
    let digest = |digest: Option<Digest>| digest.map(|digest| digest.to_vec());
    let instant = |at: Option<Timestamp>| at.map(micros);
    vec![
        device.id.0.into(),
        device.code.as_str().into(),
        device.profile.as_str().into(),
        device.name.as_str().into(),
        device.org_id.map(|org| org.0).into(),
        device.area.as_ref().map(|area| area.0.clone()).into(),
        i32::from(device.secrecy).into(),
        device.position.map(|at| at.lon).into(),
        device.position.map(|at| at.lat).into(),
        device.place.clone().into(),
        device.state.as_str().into(),
        device.group.clone().into(),
        device.protocol.as_str().into(),
        device.address.clone().into(),
        device.interval_seconds.map(i64::from).into(),
        serde_json::Value::Object(device.attributes.clone())
            .to_string()
            .into(),
        instant(device.installed_at).into(),
        instant(device.calibrated_at).into(),
        instant(device.calibration_due).into(),
        digest(device.token).into(),
        digest(device.certificate).into(),
        device.secret.clone().into(),
        micros(device.created_at).into(),
        micros(device.updated_at).into(),
        device.updated_by.as_str().into(),
        device.version.into(),
    ]
}

fn device(row: &QueryResult) -> Result<Device, StoreError> {
    let unknown =
        |column: &str, word: &str| StoreError::Document(format!("{column} holds {word:?}"));
    let digest = |column| -> Result<Option<Digest>, StoreError> {
        let bytes: Option<Vec<u8>> = get(row, column)?;
        Ok(bytes.and_then(|bytes| bytes.try_into().ok()))
    };
    let instant = |column| -> Result<Option<Timestamp>, StoreError> {
        Ok(get::<Option<i64>>(row, column)?.map(from_micros))
    };
    let (state, protocol): (String, String) = (get(row, "state")?, get(row, "protocol")?);
    let lon_lat = (
        get::<Option<f64>>(row, "lon")?,
        get::<Option<f64>>(row, "lat")?,
    );
    let position = match lon_lat {
        (Some(lon), Some(lat)) => Position::new(lon, lat).ok(),
        _ => None,
    };
    Ok(Device {
        id: DeviceId(get(row, "id")?),
        code: get(row, "code")?,
        profile: get(row, "profile")?,
        name: get(row, "name")?,
        org_id: get::<Option<Uuid>>(row, "org_id")?.map(OrgId),
        area: get::<Option<String>>(row, "area")?.map(AreaCode),
        secrecy: u8::try_from(get::<i32>(row, "secrecy")?).unwrap_or(4),
        position,
        place: get(row, "place")?,
        state: DeviceState::parse(&state).ok_or_else(|| unknown("state", &state))?,
        group: get(row, "device_group")?,
        protocol: Protocol::parse(&protocol).ok_or_else(|| unknown("protocol", &protocol))?,
        address: get(row, "address")?,
        interval_seconds: get::<Option<i64>>(row, "interval_seconds")?
            .and_then(|seconds| u32::try_from(seconds).ok()),
        attributes: serde_json::from_str(&get::<String>(row, "attributes")?)?,
        installed_at: instant("installed_at")?,
        calibrated_at: instant("calibrated_at")?,
        calibration_due: instant("calibration_due")?,
        token: digest("token")?,
        certificate: digest("certificate")?,
        secret: get(row, "secret")?,
        created_at: from_micros(get(row, "created_at")?),
        updated_at: from_micros(get(row, "updated_at")?),
        updated_by: get(row, "updated_by")?,
        version: get(row, "version")?,
    })
}

/// All devices, in pieces.
pub(crate) async fn load(conn: &impl ConnectionTrait) -> Result<Vec<Device>, StoreError> {
    let (mut devices, mut after) = (Vec::new(), None::<Uuid>);
    loop {
        let mut select = Query::select()
            .columns(COLUMNS.map(name))
            .from(name(TABLE))
            .order_by(name("id"), Order::Asc)
            .limit(LOAD_ROWS)
            .take();
        if let Some(after) = after {
            select.and_where(Expr::col(name("id")).gt(after));
        }
        let rows = conn.query_all(&select).await?;
        let before = devices.len();
        for row in &rows {
            devices.push(device(row)?);
        }
        after = devices.last().map(|device| device.id.0);
        if devices.len() - before < LOAD_ROWS as usize {
            return Ok(devices);
        }
    }
}

pub(crate) async fn by_id(
    conn: &impl ConnectionTrait,
    id: DeviceId,
) -> Result<Option<Device>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(Expr::col(name("id")).eq(id.0))
        .take();
    conn.query_one(&select)
        .await?
        .as_ref()
        .map(device)
        .transpose()
}

pub(crate) async fn insert(tx: &Tx, devices: &[Device]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = devices.iter().map(row).collect();
    tx.insert_rows(TABLE, &COLUMNS, None, &rows).await
}

/// Saves a changed device if it is still at `before`; answers whether it was.
pub(crate) async fn update(
    conn: &impl ConnectionTrait,
    device: &Device,
    before: i64,
) -> Result<bool, StoreError> {
    let mut update = Query::update().table(name(TABLE)).take();
    for (column, value) in COLUMNS.into_iter().zip(row(device)).skip(1) {
        update.value(name(column), value);
    }
    update
        .and_where(Expr::col(name("id")).eq(device.id.0))
        .and_where(Expr::col(name("version")).eq(before));
    Ok(conn.execute(&update).await?.rows_affected() == 1)
}
