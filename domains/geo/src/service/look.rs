//! Features are looked at.

use yiwang_contracts::Actor;
use yiwang_kernel::{Page, PageRequest, Timestamp};

use super::{FeatureView, GeoService};
use crate::error::GeoError;
use crate::feature::Feature;
use crate::store;

const READ: &str = "geo.read";
/// Rows read for one page: those that one may not see are passed over, and the page says where it stopped.
const LOOKED_AT_MAX: usize = 20_000;
const ROWS_AT_ONCE: u64 = 1_000;

impl GeoService {
    /// A feature as it is, or as it was at an instant.
    pub async fn feature(
        &self,
        actor: &Actor,
        (layer, number): (&str, i64),
        at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<FeatureView, GeoError> {
        self.map.entry(layer).ok_or(GeoError::NotFound("layer"))?;
        let found = match at.filter(|at| *at < now) {
            None => self.visible(actor, layer, number, now).await.map(Some)?,
            Some(at) => self.as_it_was(layer, number, at).await?,
        };
        let may_see = |feature: &Feature| actor.may(READ, feature.subject(), now);
        let feature = found.filter(may_see).ok_or(GeoError::NotFound("feature"))?;
        Ok(self.view(feature))
    }

    async fn as_it_was(
        &self,
        layer: &str,
        number: i64,
        at: Timestamp,
    ) -> Result<Option<Feature>, GeoError> {
        let now = store::features::by_numbers(self.db.read(), layer, &[number]).await?;
        match now.into_iter().next() {
            Some(feature) if feature.since <= at => Ok(Some(feature).filter(|f| !f.is_removed)),
            _ => Ok(store::features::at(self.db.read(), layer, number, at).await?),
        }
    }

    /// The feature, if it is there and the actor may see it; 404 where not.
    pub(super) async fn visible(
        &self,
        actor: &Actor,
        layer: &str,
        number: i64,
        now: Timestamp,
    ) -> Result<Feature, GeoError> {
        let found = store::features::by_numbers(self.db.read(), layer, &[number]).await?;
        let is_seen =
            |feature: &Feature| !feature.is_removed && actor.may(READ, feature.subject(), now);
        let found = found.into_iter().find(is_seen);
        found.ok_or(GeoError::NotFound("feature"))
    }

    /// The features of a layer that one may see, by number.
    pub async fn features(
        &self,
        actor: &Actor,
        layer: &str,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<FeatureView>, GeoError> {
        let scope = Self::scope(actor, READ, now)?;
        self.map.entry(layer).ok_or(GeoError::NotFound("layer"))?;
        let limit = page.limit();
        let mut after = page.position::<i64>()?;
        let (mut seen, mut looked_at) = (Vec::new(), 0);
        while seen.len() <= limit as usize && looked_at < LOOKED_AT_MAX {
            let rows = store::features::after(self.db.read(), layer, after, ROWS_AT_ONCE).await?;
            looked_at += rows.len();
            let is_last = rows.len() < ROWS_AT_ONCE as usize;
            after = rows.last().map(|feature| feature.number).or(after);
            let visible = rows
                .into_iter()
                .filter(|feature| scope.permits(feature.subject()));
            seen.extend(visible);
            if is_last {
                after = None;
                break;
            }
        }
        let mut page = Page::cut(seen, limit, |feature| feature.number);
        if page.next.is_none() {
            page.next = after.map(|number| yiwang_kernel::Cursor::encode(&number));
        }
        Ok(page.map(|feature| self.view(feature)))
    }
}
