//! What was acknowledged is there when the file is opened again, also while the first process still holds it.

use yiwang_store::{Db, StoreError, StoreOptions};

use crate::MIGRATIONS;
use crate::write::{insert, texts};

#[tokio::test]
async fn an_acknowledged_write_is_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("yiwang.db");
    let db = Db::open(&StoreOptions::sqlite(&path)).await.unwrap();
    db.migrate(&MIGRATIONS).await.unwrap();
    for n in 0..50 {
        db.write::<(), StoreError, _>(move |tx| {
            Box::pin(async move {
                insert(tx, &format!("{n:02}")).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
        // What a crash would leave: the files as they are now, without any closing.
        if n % 10 == 9 {
            let image = tempfile::tempdir().unwrap();
            for name in ["yiwang.db", "yiwang.db-wal"] {
                std::fs::copy(folder.path().join(name), image.path().join(name)).unwrap();
            }
            let after = Db::open(&StoreOptions::sqlite(&image.path().join("yiwang.db")))
                .await
                .unwrap();
            assert_eq!(texts(&after).await.len(), n + 1);
            assert_eq!(after.check_integrity().await.unwrap(), Vec::<String>::new());
        }
    }
}
