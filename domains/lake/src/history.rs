//! The question `History`, answered from the lake. Files are read on threads that may wait for them.

use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use yiwang_contracts::{Bucket, History, Point, Sample, Series, Span, Step};
use yiwang_kernel::{Fault, IntoFault as _};

use crate::ask::{Ask, Replay};
use crate::error::LakeError;
use crate::service::LakeService;

impl LakeService {
    /// Asks on a thread of its own.
    async fn answer<T: Send + 'static>(
        &self,
        question: impl FnOnce(Ask) -> Result<T, LakeError> + Send + 'static,
    ) -> Result<T, Box<dyn Fault>> {
        let ask = self.lake.ask();
        blocking(move || question(ask))
            .await
            .map_err(LakeError::into_fault)
    }
}

/// Does work that waits for files.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LakeError> + Send + 'static,
) -> Result<T, LakeError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| LakeError::Interrupted(error.to_string()))?
}

impl History for LakeService {
    fn append(&self, points: &[Point]) -> Result<(), Box<dyn Fault>> {
        self.lake
            .append_points(points)
            .map_err(LakeError::into_fault)
    }

    fn latest(&self) -> BoxFuture<'_, Result<Vec<(Arc<Series>, Sample)>, Box<dyn Fault>>> {
        Box::pin(self.answer(|ask| ask.latest()))
    }

    fn contains<'a>(
        &'a self,
        keys: &'a [(Arc<Series>, i64)],
    ) -> BoxFuture<'a, Result<Vec<bool>, Box<dyn Fault>>> {
        let keys = keys.to_vec();
        Box::pin(self.answer(move |ask| ask.contains(&keys)))
    }

    fn samples<'a>(
        &'a self,
        series: &'a Series,
        span: Span,
        newest_first: bool,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Sample>, Box<dyn Fault>>> {
        let series = Series::new(&series.device, &series.property);
        Box::pin(self.answer(move |ask| ask.samples(&series, span, newest_first, limit)))
    }

    fn buckets<'a>(
        &'a self,
        series: &'a Series,
        span: Span,
        step: Step,
    ) -> BoxFuture<'a, Result<Vec<Bucket>, Box<dyn Fault>>> {
        let series = Series::new(&series.device, &series.property);
        Box::pin(self.answer(move |ask| ask.buckets(&series, span, step)))
    }

    fn replay<'a>(
        &'a self,
        devices: &'a [Box<str>],
        span: Span,
    ) -> BoxStream<'a, Result<Vec<Point>, Box<dyn Fault>>> {
        let replay = Replay::new(self.lake.ask(), devices, span);
        let pieces = stream::unfold(Some(replay), |replay| async {
            let mut replay = replay?;
            let next = blocking(move || {
                let piece = replay.next_piece()?;
                Ok((piece, replay))
            });
            match next.await {
                Ok((piece, _)) if piece.is_empty() => None,
                Ok((piece, replay)) => Some((Ok(piece), Some(replay))),
                Err(fault) => Some((Err(fault.into_fault()), None)),
            }
        });
        Box::pin(pieces)
    }
}
