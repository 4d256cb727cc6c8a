//! The last values of many devices at once, as CSV, from memory.

mod lines;

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use yiwang_contracts::{Actor, OrgId};
use yiwang_kernel::{AreaCode, Timestamp};

pub(crate) use lines::LastColumn;
use lines::{Lines, head};

use super::SensingService;
use crate::error::SensingError;
use crate::last_values::Column;

/// Rows of one piece: a millisecond or two, so that nobody else on the thread waits longer.
const ROWS_AT_ONCE: usize = 8_192;
/// Room for a line, by experience.
const LINE_BYTES: usize = 96;

/// Which last values are wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct LastWanted {
    /// Codes of profiles and of properties; all where none is given.
    pub profiles: Vec<String>,
    pub properties: Vec<String>,
    /// What a line says; everything where nothing is named.
    pub columns: Vec<LastColumn>,
    /// Owned by this unit or one under it.
    pub org: Option<OrgId>,
    /// In this area or within it.
    pub area: Option<AreaCode>,
}

/// Where the walk through the columns is.
struct Walk {
    columns: std::vec::IntoIter<Arc<Column>>,
    /// The column that is read, and the row at which it goes on.
    current: Option<(Arc<Column>, usize)>,
    permitted: Vec<bool>,
    /// What a line says.
    said: Vec<LastColumn>,
}

impl SensingService {
    /// A line of CSV for the last durable value of each property of each device that the actor may see, by profile and
    /// property; the value is empty where it is a text.
    pub(crate) fn last_values(
        &self,
        actor: &Actor,
        wanted: &LastWanted,
        now: Timestamp,
    ) -> Result<impl Stream<Item = Result<Bytes, Infallible>> + Send + 'static, SensingError> {
        let scope = Self::scope(actor, "sensing.read", now)?;
        let orgs = wanted.org.map(|org| self.orgs.subtree(org));
        let last_values = self.registry.last_values();
        let permitted = last_values.permitted(|class| {
            let is_owned = |orgs: &Vec<OrgId>| class.org.is_some_and(|own| orgs.contains(&own));
            let is_within =
                |area: &AreaCode| class.area.as_ref().is_some_and(|own| area.contains(own));
            scope.permits(class.subject())
                && orgs.as_ref().is_none_or(is_owned)
                && wanted.area.as_ref().is_none_or(is_within)
        });
        let any =
            |codes: &[String], own: &str| codes.is_empty() || codes.iter().any(|code| code == own);
        let columns = last_values.columns(|column| {
            any(&wanted.profiles, &column.profile) && any(&wanted.properties, &column.property)
        });
        let said = match wanted.columns.as_slice() {
            [] => LastColumn::ALL.to_vec(),
            columns => columns.to_vec(),
        };
        let walk = Walk {
            columns: columns.into_iter(),
            current: None,
            permitted,
            said: said.clone(),
        };
        let head = futures::stream::iter([Ok(Bytes::from(head(&said)))]);
        Ok(head.chain(futures::stream::iter(walk.map(Ok))))
    }
}

impl Iterator for Walk {
    type Item = Bytes;

    /// The lines of the next rows.
    fn next(&mut self) -> Option<Bytes> {
        let next = self.current.take();
        let (column, from) = next.or_else(|| Some((self.columns.next()?, 0)))?;
        let mut lines = Lines::with_capacity(&self.said, ROWS_AT_ONCE * LINE_BYTES);
        let has_more = column.each(from, ROWS_AT_ONCE, |row| {
            let is_permitted = self.permitted.get(row.class as usize).copied();
            if let (Some(true), Some(last)) = (is_permitted, &row.last) {
                lines.push(&row.series, last);
            }
        });
        self.current = has_more.then(|| (column, from + ROWS_AT_ONCE));
        Some(lines.into_bytes().into())
    }
}
