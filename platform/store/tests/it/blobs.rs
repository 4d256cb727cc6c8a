//! Files by their content.

use std::future::{Ready, ready};

use yiwang_kernel::{Digest, Timestamp, new_uuid, sha256};
use yiwang_store::{Blobs, Examined, StoreError};

fn now() -> Timestamp {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

async fn put(blobs: &Blobs, content: &[u8]) -> Digest {
    let mut staging = blobs.stage(new_uuid(now())).await.unwrap();
    for piece in content.chunks(7) {
        staging.write(piece).await.unwrap();
    }
    let staged = staging.finish().await.unwrap();
    assert_eq!(staged.bytes, content.len() as u64);
    blobs.keep(staged).await.unwrap().digest
}

fn drafts(blobs: &Blobs) -> usize {
    std::fs::read_dir(blobs.root().join("drafts")).map_or(0, Iterator::count)
}

fn unused() -> Ready<Result<bool, StoreError>> {
    ready(Ok(false))
}

#[tokio::test]
async fn a_file_has_the_name_of_its_content() {
    let blobs = Blobs::temporary().unwrap();
    let digest = put(&blobs, b"a picture, in pieces").await;
    assert_eq!(digest, sha256(b"a picture, in pieces"));
    assert_eq!(
        std::fs::read(blobs.path(&digest)).unwrap(),
        b"a picture, in pieces"
    );
    let (_, bytes) = blobs.open(&digest).await.unwrap().unwrap();
    assert_eq!((bytes, drafts(&blobs)), (20, 0));
    assert_eq!(put(&blobs, b"a picture, in pieces").await, digest);
    assert!(blobs.open(&sha256(b"other")).await.unwrap().is_none());
    let shard = blobs.shard(digest[0]).await.unwrap();
    assert_eq!(shard.len(), 1);
    assert_eq!(shard[0].0, digest);
}

#[tokio::test]
async fn what_is_not_kept_leaves_nothing() {
    let blobs = Blobs::temporary().unwrap();
    let mut staging = blobs.stage(new_uuid(now())).await.unwrap();
    staging.write(b"half").await.unwrap();
    assert_eq!(drafts(&blobs), 1);
    drop(staging);
    assert_eq!(drafts(&blobs), 0);
    let staging = blobs.stage(new_uuid(now())).await.unwrap();
    drop(staging.finish().await.unwrap());
    assert_eq!(drafts(&blobs), 0);
}

#[tokio::test]
async fn drafts_of_a_crash_are_swept_once_they_are_old() {
    let blobs = Blobs::temporary().unwrap();
    put(&blobs, b"x").await;
    std::fs::write(blobs.root().join("drafts/left-behind"), b"half").unwrap();
    let past = "2000-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(blobs.sweep_drafts(past).await.unwrap(), 0);
    let future = "2200-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(blobs.sweep_drafts(future).await.unwrap(), 1);
    assert_eq!(drafts(&blobs), 0);
}

#[tokio::test]
async fn a_changed_file_is_told_from_a_whole_one() {
    let blobs = Blobs::temporary().unwrap();
    let digest = put(&blobs, b"evidence").await;
    assert_eq!(blobs.examine(&digest).await.unwrap(), Examined::Whole);
    std::fs::write(blobs.path(&digest), b"Evidence").unwrap();
    assert_eq!(blobs.examine(&digest).await.unwrap(), Examined::Altered);
    let other = Blobs::temporary().unwrap();
    let draft = new_uuid(now());
    let copied = blobs.copy_to(&other, &digest, draft).await.unwrap();
    assert_eq!(copied, Examined::Altered);
    assert!(other.open(&digest).await.unwrap().is_none());
    // The same content again heals it.
    put(&blobs, b"evidence").await;
    let copied = blobs.copy_to(&other, &digest, draft).await.unwrap();
    assert_eq!(copied, Examined::Whole);
    assert_eq!(other.examine(&digest).await.unwrap(), Examined::Whole);
    std::fs::remove_file(blobs.path(&digest)).unwrap();
    assert_eq!(blobs.examine(&digest).await.unwrap(), Examined::Missing);
}

#[tokio::test]
async fn a_file_goes_with_what_was_derived_from_it_and_only_when_no_row_names_it() {
    let blobs = Blobs::temporary().unwrap();
    let digest = put(&blobs, b"evidence").await;
    let draft = new_uuid(now());
    blobs
        .keep_derived(&digest, "thumb", b"small", draft)
        .await
        .unwrap();
    let small = blobs.derived(&digest, "thumb").await.unwrap();
    assert_eq!(small.as_deref(), Some(b"small".as_slice()));
    let used = async { Ok::<_, StoreError>(true) };
    assert!(!blobs.remove_unless(&digest, used).await.unwrap());
    assert!(blobs.remove_unless(&digest, unused()).await.unwrap());
    assert!(blobs.open(&digest).await.unwrap().is_none());
    assert!(blobs.derived(&digest, "thumb").await.unwrap().is_none());
    assert!(!blobs.remove_unless(&digest, unused()).await.unwrap());
    // What is derived of a file that went meanwhile is not kept.
    blobs
        .keep_derived(&digest, "thumb", b"small", draft)
        .await
        .unwrap();
    assert!(blobs.derived(&digest, "thumb").await.unwrap().is_none());
}

#[tokio::test]
async fn nobody_removes_a_file_whose_row_is_being_written() {
    let blobs = Blobs::temporary().unwrap();
    let mut staging = blobs.stage(new_uuid(now())).await.unwrap();
    staging.write(b"evidence").await.unwrap();
    let kept = blobs.keep(staging.finish().await.unwrap()).await.unwrap();
    let digest = kept.digest;
    let remover = tokio::spawn({
        let blobs = blobs.clone();
        async move { blobs.remove_unless(&digest, unused()).await.unwrap() }
    });
    tokio::task::yield_now().await;
    assert!(!remover.is_finished());
    assert!(blobs.open(&digest).await.unwrap().is_some());
    drop(kept);
    assert!(remover.await.unwrap());
}
