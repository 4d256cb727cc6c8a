//! The store that every test starts from: packs, demo people, and a session for each demo account.
//!
//! Made once for each build of the tests and kept beside them, because test runners start a process for
//! each test. Whoever comes first makes it; the others wait.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;
use yiwang_identity::{DEMO_PASSWORD, DemoCity};
use yiwang_runtime::Platform;
use yiwang_server::city::{self, City};
use yiwang_store::{Blobs, Db};

use super::{ACCOUNTS, Client, config, options};

/// Puts a copy of the seeded store at `file`; answers the tokens of the demo accounts.
pub(super) async fn copy_to(file: &Path) -> BTreeMap<String, String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("city");
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let name = format!("{:016x}", fingerprint());
    let (store, tokens) = (
        folder.join(format!("{name}.db")),
        folder.join(format!("{name}.json")),
    );
    if !tokens.is_file() {
        for old in fs::read_dir(&folder)
            .unwrap()
            .flatten()
            .filter(|entry| entry.file_name() != "lock")
        {
            fs::remove_file(old.path()).unwrap();
        }
        let made = make(&store).await;
        fs::write(&tokens, serde_json::to_vec(&made).unwrap()).unwrap();
    }
    fs::copy(&store, file).unwrap();
    serde_json::from_slice(&fs::read(&tokens).unwrap()).unwrap()
}

/// Other code or other packs make another city.
fn fingerprint() -> u64 {
    let mut hasher = DefaultHasher::new();
    let program = std::env::current_exe().unwrap();
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut waiting = vec![program, packs];
    while let Some(path) = waiting.pop() {
        let about = fs::metadata(&path).unwrap();
        (&path, about.len(), about.modified().unwrap()).hash(&mut hasher);
        if about.is_dir() {
            waiting.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .flatten()
                    .map(|entry| entry.path()),
            );
        }
    }
    hasher.finish()
}

async fn make(store: &Path) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("yiwang.db");
    let db = Db::open(&options(&format!("sqlite:{}", file.display())))
        .await
        .unwrap();
    db.migrate(&city::migrations()).await.unwrap();
    let platform = Platform::new(
        db.clone(),
        Blobs::temporary().unwrap(),
        yiwang_testkit::clock(),
        Arc::new(config(&[])),
    );
    let city = Box::pin(city::open(platform, &folder.path().join("lake")))
        .await
        .unwrap();
    city.node.open().await.unwrap();
    let tokens = fill(&city).await;
    city.node.settle().await.unwrap();
    db.backup(store).await.unwrap();
    tokens
}

/// Installs the packs, seeds the people, signs the demo accounts in.
pub(super) async fn fill(city: &City) -> BTreeMap<String, String> {
    city.install_packs().await.unwrap();
    let now = city.node.platform().now();
    city.identity
        .seed_demo(DemoCity::default(), now)
        .await
        .unwrap();
    let anybody = Client::anonymous(city.app.clone());
    let mut tokens = BTreeMap::new();
    for account in ACCOUNTS {
        let body = json!({"username": account, "password": DEMO_PASSWORD});
        let session = anybody.post("/api/v1/sessions", body).await.ok();
        tokens.insert(
            account.to_owned(),
            session["token"].as_str().unwrap().to_owned(),
        );
    }
    tokens
}
