//! Batches: one result per item, refusals apart, one bad row harms nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::BoxFuture;
use yiwang_store::{Batch, Batcher, StoreError, Tx};
use yiwang_testkit::databases;

use crate::MIGRATIONS;
use crate::write::{insert, texts};

#[derive(Default)]
struct Notes {
    batches: AtomicUsize,
}

impl Batch for Notes {
    type Item = String;
    type Output = usize;
    type Error = StoreError;

    fn apply<'a>(
        &'a self,
        tx: &'a Tx,
        items: Vec<String>,
    ) -> BoxFuture<'a, Result<Vec<Result<usize, StoreError>>, StoreError>> {
        Box::pin(async move {
            self.batches.fetch_add(1, Ordering::SeqCst);
            let mut outcomes = Vec::new();
            for item in &items {
                if item.starts_with("refuse") {
                    outcomes.push(Err(StoreError::Unsupported("refused")));
                    continue;
                }
                insert(tx, item).await?;
                outcomes.push(Ok(item.len()));
            }
            Ok(outcomes)
        })
    }
}

#[tokio::test]
async fn many_callers_share_few_transactions_and_bad_rows_stand_alone() {
    for test in databases(&MIGRATIONS).await {
        let notes = Arc::new(Notes::default());
        let batcher = Batcher::start(test.db.clone(), notes.clone());
        let mut items: Vec<String> = (0..300).map(|n| format!("note {n:03}")).collect();
        items.extend([
            "refuse a".to_owned(),
            "refuse b".to_owned(),
            "note 007".to_owned(),
        ]);
        let outcomes =
            futures::future::join_all(items.into_iter().map(|item| batcher.submit(item))).await;
        let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(done, 300, "{}", test.name);
        let duplicates = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Err(StoreError::Duplicate(_))))
            .count();
        assert_eq!(duplicates, 1, "{}", test.name);
        assert_eq!(texts(&test.db).await.len(), 300, "{}", test.name);
        assert_eq!(batcher.waiting(), 0);
    }
}
