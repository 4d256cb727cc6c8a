//! Tiles of others, from a source that runs beside the test.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use futures::future::join_all;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use yiwang_basemap::{Picture, PictureFormat, Tile};
use yiwang_kernel::Fault as _;
use yiwang_runtime::{Config, Secret};

use crate::basemap::BasemapTile;
use crate::error::GeoError;
use crate::testing::{Ground, actor, everybody, pack};

const DAY: i64 = 86_400;

/// What the source answers.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mood {
    Tile,
    Nothing,
    Status(u16),
    Redirect,
    Page,
    /// A tile, once it is let.
    Waits,
}

/// A source of tiles, all of one color.
struct Source {
    mood: Mutex<Mood>,
    asked: Mutex<Vec<String>>,
    count: AtomicUsize,
    let_go: Semaphore,
}

impl Source {
    fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.sort_unstable();
        asked
    }
}

fn picture() -> Vec<u8> {
    let pixels = [200, 100, 50, 255].repeat(256 * 256);
    Picture::new(256, pixels)
        .unwrap()
        .encode(PictureFormat::Png)
        .unwrap()
}

async fn answer(State(source): State<Arc<Source>>, uri: Uri) -> Response {
    source.asked.lock().unwrap().push(uri.to_string());
    source.count.fetch_add(1, Ordering::SeqCst);
    let mood = *source.mood.lock().unwrap();
    let tile = || ([(header::CONTENT_TYPE, "image/png")], picture()).into_response();
    match mood {
        Mood::Tile => tile(),
        Mood::Nothing => StatusCode::NOT_FOUND.into_response(),
        Mood::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Mood::Redirect => {
            let there = [(header::LOCATION, "http://127.0.0.1:1/elsewhere")];
            (StatusCode::FOUND, there).into_response()
        }
        Mood::Page => "<ServiceExceptionReport/>".into_response(),
        Mood::Waits => {
            source.let_go.acquire().await.unwrap().forget();
            tile()
        }
    }
}

/// A city with one basemap of that source.
struct Scene {
    ground: Ground,
    source: Arc<Source>,
    folder: tempfile::TempDir,
}

impl Scene {
    async fn new(change: Value, set: impl FnOnce(&mut Config)) -> Self {
        let source = Arc::new(Source {
            mood: Mutex::new(Mood::Tile),
            asked: Mutex::default(),
            count: AtomicUsize::new(0),
            let_go: Semaphore::new(0),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&source));
        tokio::spawn(async move { axum::serve(listener, app).await });

        let folder = tempfile::tempdir().unwrap();
        let test = yiwang_testkit::databases(&[crate::migrations()])
            .await
            .remove(0);
        let ground = Ground::open_with(test, yiwang_testkit::clock(), Arc::default(), |config| {
            config.basemap.cache_folder = folder.path().join("cache");
            config.basemap.files_folder = folder.path().to_owned();
            let key = Secret::new("top secret");
            config.basemap.keys.insert("tianditu".to_owned(), key);
            set(config);
        });
        let ground = ground.await;
        let mut entry = json!({ "code": "map", "title": { "zh": "底图" }, "kind": "xyz", "key": "tianditu",
            "url": format!("http://{address}/{{z}}/{{x}}/{{y}}?tk={{key}}"), "attribution": "示例" });
        for (name, value) in change.as_object().into_iter().flatten() {
            entry[name] = value.clone();
        }
        ground
            .install_pack(&pack("basemaps", &json!([entry])))
            .await;
        Self {
            ground,
            source,
            folder,
        }
    }

    async fn plain() -> Self {
        Self::new(json!({}), |_config| ()).await
    }

    async fn tile(&self, tile: Tile) -> Result<BasemapTile, GeoError> {
        let (all, now) = (everybody(), self.ground.now());
        self.ground
            .service
            .basemap_tile(&all, "map", tile, now)
            .await
    }

    fn listed(&self) -> Value {
        let (all, now) = (everybody(), self.ground.now());
        let views = self.ground.service.basemaps(&all, now).unwrap();
        serde_json::to_value(views).unwrap()
    }
}

/// A tile of Jiangyin.
fn town(x: u32) -> Tile {
    Tile::new(14, 13_666 + x, 6658).unwrap()
}

#[tokio::test]
async fn a_tile_is_fetched_once_and_kept() {
    let scene = Scene::plain().await;
    let first = scene.tile(town(0)).await.unwrap();
    assert_eq!(
        (&first.bytes[..], first.content_type),
        (&picture()[..], "image/png")
    );
    assert_eq!(scene.source.asked(), ["/14/13666/6658?tk=top%20secret"]);
    scene.ground.wait(29 * DAY);
    let kept = scene.tile(town(0)).await.unwrap();
    assert_eq!((&kept.bytes, kept.stale_since), (&first.bytes, None));
    assert_eq!(scene.source.count(), 1);
    assert!(kept.seconds_kept <= DAY && kept.seconds_kept > 0);
    scene.ground.wait(2 * DAY);
    scene.tile(town(0)).await.unwrap();
    assert_eq!(scene.source.count(), 2, "it was too old");
}

#[tokio::test]
async fn neither_key_nor_address_is_told() {
    let scene = Scene::plain().await;
    scene.source.set(Mood::Status(403));
    let refused = scene.tile(town(0)).await.unwrap_err();
    let listed = scene.listed();
    assert_eq!(listed[0]["attribution"], "示例");
    assert_eq!(listed[0]["state"]["failure"], "the source answered 403");
    assert_eq!(listed[0]["tiles"], "/api/v1/basemaps/map/tiles/{z}/{x}/{y}");
    for told in [
        listed.to_string(),
        refused.to_string(),
        format!("{refused:?}"),
    ] {
        assert!(
            !told.contains("secret") && !told.contains("127.0.0.1"),
            "{told}"
        );
    }
}

#[tokio::test]
async fn many_who_ask_for_one_tile_are_one_request() {
    let scene = Scene::plain().await;
    scene.source.set(Mood::Waits);
    let asked = join_all((0..8).map(|_| scene.tile(town(0))));
    let lets = async {
        while scene.source.count() == 0 {
            tokio::task::yield_now().await;
        }
        scene.source.let_go.add_permits(1);
    };
    let (tiles, ()) = tokio::join!(asked, lets);
    assert!(tiles.iter().all(Result::is_ok));
    assert_eq!(scene.source.count(), 1);
}

#[tokio::test]
async fn what_is_too_much_is_shed() {
    let scene = Scene::new(json!({}), |config| {
        config.basemap.requests_at_once_max = 1;
        config.basemap.requests_waiting_max = 0;
    });
    let scene = scene.await;
    scene.source.set(Mood::Waits);
    let second = async {
        while scene.source.count() == 0 {
            tokio::task::yield_now().await;
        }
        let shed = scene.tile(town(1)).await;
        scene.source.let_go.add_permits(1);
        shed
    };
    let (first, second) = tokio::join!(scene.tile(town(0)), second);
    assert!(first.is_ok());
    assert_eq!(second.unwrap_err().code(), "geo.basemap_busy");
    let state = &scene.listed()[0]["state"];
    assert_eq!(state["failures"], 0, "that is no failure of the source");
}

#[tokio::test]
async fn while_the_source_is_down_old_tiles_are_given() {
    let scene = Scene::plain().await;
    let fetched = scene.ground.now();
    scene.tile(town(0)).await.unwrap();
    scene.ground.wait(40 * DAY);
    scene.source.set(Mood::Status(500));
    let stale = scene.tile(town(0)).await.unwrap();
    assert_eq!(
        stale.stale_since.map(yiwang_kernel::Timestamp::as_second),
        Some(fetched.as_second())
    );
    assert_eq!(&stale.bytes[..], picture());
    for x in 1..=4 {
        let failed = scene.tile(town(x)).await.unwrap_err();
        assert_eq!(failed.code(), "geo.basemap_failed");
    }
    let asked = scene.source.count();
    assert_eq!(asked, 6);
    let paused = scene.tile(town(9)).await.unwrap_err();
    assert!(
        paused.to_string().contains("not asked for half a minute"),
        "{paused}"
    );
    assert!(scene.tile(town(0)).await.unwrap().stale_since.is_some());
    assert_eq!(scene.source.count(), asked, "it is left alone");
    let listed = scene.listed();
    assert!(listed[0]["state"]["paused_until"].is_string(), "{listed}");

    scene.source.set(Mood::Tile);
    scene.ground.wait(31);
    assert_eq!(scene.tile(town(0)).await.unwrap().stale_since, None);
    assert!(scene.listed()[0]["state"]["paused_until"].is_null());
}

#[tokio::test]
async fn what_is_no_tile_is_not_taken() {
    for (mood, says) in [
        (Mood::Redirect, "not followed"),
        (Mood::Page, "no picture"),
        (Mood::Status(429), "429"),
    ] {
        let scene = Scene::plain().await;
        scene.source.set(mood);
        let failed = scene.tile(town(0)).await.unwrap_err();
        assert_eq!(failed.code(), "geo.basemap_failed");
        assert!(failed.to_string().contains(says), "{failed}");
        assert_eq!(scene.source.count(), 1);
    }
    let scene = Scene::plain().await;
    scene.source.set(Mood::Nothing);
    assert_eq!(
        scene.tile(town(0)).await.unwrap_err().code(),
        "geo.not_found"
    );
    scene.source.set(Mood::Tile);
    assert_eq!(
        scene.tile(town(0)).await.unwrap_err().code(),
        "geo.not_found"
    );
    scene.ground.wait(DAY + 1);
    assert!(
        scene.tile(town(0)).await.is_ok(),
        "that there is none is believed for a day"
    );
}

#[tokio::test]
async fn a_source_that_hangs_is_given_up() {
    let scene = Scene::new(json!({}), |config| config.basemap.request_seconds = 1).await;
    scene.source.set(Mood::Waits);
    let failed = scene.tile(town(0)).await.unwrap_err();
    assert!(failed.to_string().contains("in time"), "{failed}");
}

#[tokio::test]
async fn degrees_are_drawn_anew() {
    let scene = Scene::new(json!({ "grid": "geographic", "min_zoom": 1 }), |_config| ()).await;
    let drawn = scene.tile(town(0)).await.unwrap();
    let picture = Picture::decode(&drawn.bytes).unwrap();
    assert_eq!(
        (picture.side(), &picture.rgba()[..4]),
        (256, &[200, 100, 50, 255][..])
    );
    // Latitude 31.91 lies in row (90 - 31.91) / 360 * 16384 = 2643.
    let asked = scene.source.asked();
    assert!(
        asked.contains(&"/14/13666/2643?tk=top%20secret".to_owned()),
        "{asked:?}"
    );
    assert!(asked.len() <= 2 && asked.iter().all(|each| each.starts_with("/14/13666/")));
    scene.tile(town(0)).await.unwrap();
    assert_eq!(scene.source.count(), asked.len());
}

#[tokio::test]
async fn shifted_sources_are_brought_back() {
    let scene = Scene::new(json!({ "datum": "gcj02", "max_zoom": 16 }), |_config| ()).await;
    scene.tile(town(0)).await.unwrap();
    let asked = scene.source.count();
    assert!((2..=4).contains(&asked), "{:?}", scene.source.asked());
    let beyond = scene.tile(Tile::new(17, 109_330, 53_270).unwrap()).await;
    assert_eq!(beyond.unwrap_err().code(), "geo.not_found");
}

#[tokio::test]
async fn without_its_key_a_source_is_off() {
    let scene = Scene::new(json!({}), |config| config.basemap.keys.clear()).await;
    let off = scene.tile(town(0)).await.unwrap_err();
    assert_eq!(off.code(), "geo.basemap_off");
    let listed = scene.listed();
    assert_eq!(
        (&listed[0]["usable"], &listed[0]["off"]["code"]),
        (&json!(false), &json!("no_key"))
    );
    assert_eq!(scene.source.count(), 0);
}

#[tokio::test]
async fn the_map_is_for_those_who_may_see_it() {
    let scene = Scene::plain().await;
    let nobody = actor(&["incident.read"], None, None);
    let now = scene.ground.now();
    let service = &scene.ground.service;
    assert_eq!(
        service.basemaps(&nobody, now).unwrap_err().code(),
        "geo.denied"
    );
    let denied = service.basemap_tile(&nobody, "map", town(0), now).await;
    assert_eq!(denied.unwrap_err().code(), "geo.denied");
    let missing = service
        .basemap_tile(&everybody(), "none", town(0), now)
        .await;
    assert_eq!(missing.unwrap_err().code(), "geo.not_found");
}

#[tokio::test]
async fn archives_are_read_from_their_folder() {
    let scene = Scene::plain().await;
    let fixtures = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../libs/basemap/tests/fixtures"
    );
    for name in ["raster.pmtiles", "leaves.pmtiles"] {
        let to = scene.folder.path().join(name);
        std::fs::copy(format!("{fixtures}/{name}"), to).unwrap();
    }
    std::fs::write(scene.folder.path().join("broken.pmtiles"), "nothing").unwrap();
    let file = |code: &str| json!({ "code": code, "title": { "zh": "离线" }, "kind": "pmtiles", "file": format!("{code}.pmtiles") });
    let files = ["raster", "leaves", "broken", "missing"].map(file);
    scene
        .ground
        .install_pack(&pack("basemaps", &json!(files)))
        .await;
    let listed = scene.listed();
    let told = |n: usize| {
        (
            listed[n]["content"].clone(),
            listed[n]["off"]["code"].clone(),
        )
    };
    assert_eq!(told(0), (json!("raster"), json!(null)));
    assert_eq!(told(1), (json!("vector"), json!(null)));
    assert_eq!(told(2).1, json!("bad_file"));
    assert_eq!(told(3).1, json!("no_file"));
    assert_eq!(
        (&listed[0]["min_zoom"], &listed[0]["max_zoom"]),
        (&json!(0), &json!(3))
    );
    assert_eq!(listed[1]["vector_layers"], json!(["roads"]));

    let (all, now) = (everybody(), scene.ground.now());
    let read = |code: &'static str, tile| scene.ground.service.basemap_tile(&all, code, tile, now);
    let tile = read("raster", Tile::new(3, 0, 0).unwrap()).await.unwrap();
    assert_eq!(tile.content_type, "image/png");
    let none = read("raster", Tile::new(3, 7, 0).unwrap()).await;
    assert_eq!(none.unwrap_err().code(), "geo.not_found");
    let off = read("missing", Tile::new(3, 0, 0).unwrap()).await;
    assert_eq!(off.unwrap_err().code(), "geo.basemap_off");
}
