//! Which layers a GeoPackage has, and what it says of them.

use rusqlite::{Connection, OptionalExtension as _};

use super::unreadable;
use crate::declared::{Declared, of_definition};
use crate::record::Broken;

pub(super) struct Layer {
    pub(super) table: String,
    /// The column with the geometries.
    pub(super) geometry: String,
    pub(super) columns: Vec<Column>,
    pub(super) declared: Declared,
}

pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) is_key: bool,
}

pub(super) fn choose(database: &Connection, wanted: Option<&str>) -> Result<Layer, Broken> {
    let found = found(database)?;
    let listed = || {
        let names: Vec<&str> = found.iter().map(|(table, ..)| table.as_str()).collect();
        names.join(", ")
    };
    let chosen = match (found.as_slice(), wanted) {
        ([], _) => {
            return Err(Broken::new(
                "the GeoPackage has no layer of features",
                "export a layer of points, lines or polygons into it",
            ));
        }
        ([only], None) => only,
        (_, None) => {
            return Err(Broken::new(
                format!("the GeoPackage has several layers: {}", listed()),
                "name one of them",
            ));
        }
        (all, Some(wanted)) => all
            .iter()
            .find(|(table, ..)| table == wanted)
            .ok_or_else(|| {
                Broken::new(
                    format!(
                        "the GeoPackage has no layer `{wanted}`: there are {}",
                        listed()
                    ),
                    "name one of them",
                )
            })?,
    };
    let (table, geometry, system) = chosen;
    refuse_views(database, table)?;
    Ok(Layer {
        columns: columns(database, table)?,
        declared: declared(database, *system)?,
        table: table.clone(),
        geometry: geometry.clone(),
    })
}

/// Layers with the column of their geometries and the number of their system.
fn found(database: &Connection) -> Result<Vec<(String, String, i64)>, Broken> {
    let text = "SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c \
                JOIN gpkg_geometry_columns g ON g.table_name = c.table_name \
                WHERE c.data_type = 'features' ORDER BY c.table_name LIMIT 1000";
    let read = database.prepare(text).and_then(|mut statement| {
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.collect()
    });
    read.map_err(|error| unreadable(&error))
}

/// A view is a program of somebody else's.
fn refuse_views(database: &Connection, table: &str) -> Result<(), Broken> {
    let text = "SELECT type FROM sqlite_schema WHERE name = ?1";
    let kind: Option<String> = database
        .query_row(text, [table], |row| row.get(0))
        .optional()
        .map_err(|error| unreadable(&error))?;
    if kind.as_deref() == Some("table") {
        return Ok(());
    }
    Err(Broken::new(
        format!("the layer `{table}` is no table but a view"),
        "export it as a layer of its own",
    ))
}

fn columns(database: &Connection, table: &str) -> Result<Vec<Column>, Broken> {
    let text = "SELECT name, type, pk FROM pragma_table_info(?1)";
    let read = database.prepare(text).and_then(|mut statement| {
        let rows = statement.query_map([table], |row| {
            Ok(Column {
                name: row.get(0)?,
                kind: row.get(1)?,
                is_key: row.get::<_, i64>(2)? > 0,
            })
        })?;
        rows.collect()
    });
    read.map_err(|error| unreadable(&error))
}

/// 0 and -1 are what is not known.
fn declared(database: &Connection, system: i64) -> Result<Declared, Broken> {
    if system <= 0 {
        return Ok(Declared::Nothing);
    }
    let text = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let row: Option<(String, i64, String)> = database
        .query_row(text, [system], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()
        .map_err(|error| unreadable(&error))?;
    Ok(match row {
        Some((organization, code, _)) if organization.eq_ignore_ascii_case("EPSG") => {
            Declared::of_epsg(u32::try_from(code).unwrap_or_default())
        }
        Some((_, _, definition)) => of_definition(&definition),
        None => Declared::Nothing,
    })
}
