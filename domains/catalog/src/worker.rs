//! What runs by itself: the read model follows what other nodes and the time of day change.

use std::sync::Arc;
use std::time::Duration;

use yiwang_runtime::Reconciler;

use crate::service::Service;

/// How far another node's read model may be behind.
const READ_MODEL_EVERY: Duration = Duration::from_secs(3);

pub(crate) fn reconcilers(service: &Arc<Service>) -> Vec<Reconciler> {
    let service = Arc::clone(service);
    vec![
        Reconciler::new("catalog.read_model", READ_MODEL_EVERY, move |now| {
            let service = Arc::clone(&service);
            async move { Ok(usize::from(service.reconcile(now).await?)) }
        })
        .on_each_node(),
    ]
}
