//! From flags to an open platform: where the city lives and how it is set.

use std::sync::Arc;

use anyhow::Context;
use yiwang_kernel::{Clock, SystemClock};
use yiwang_runtime::{Config, ConfigSources, Platform};
use yiwang_store::{Blobs, Db};

use crate::city::{self, City};
use crate::cli::Place;

/// Settings read whole: default, file, environment, flags.
pub(crate) fn settings(place: &Place, more: &[(&str, String)]) -> anyhow::Result<Config> {
    let mut sources = ConfigSources::of_process(&place.data, place.config.clone());
    if let Some(listen) = &place.listen {
        sources = sources.with_flag("server.listen", listen);
    }
    if let Some(database) = &place.database {
        sources = sources.with_flag("store.url", database);
    }
    for (name, value) in more {
        sources = sources.with_flag(name, value);
    }
    Ok(Config::load(&sources)?.with_files_in(&place.data))
}

/// The platform over a store that is at this program's version.
pub(crate) async fn platform(config: Config, place: &Place) -> anyhow::Result<Platform> {
    let folder = place.data.display();
    std::fs::create_dir_all(&place.data)
        .with_context(|| format!("cannot make the data folder {folder}"))?;
    let options = config.store_options(&place.data);
    let db = Db::open(&options)
        .await
        .with_context(|| format!("cannot open the store of {folder}"))?;
    for step in db.migrate(&city::migrations()).await? {
        tracing::info!("migrated: {step}");
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let blobs = Blobs::at(config.media_folder(&place.data));
    Ok(Platform::new(db, blobs, clock, Arc::new(config)))
}

/// The city for a command that does one thing and stops: quiet logs, packs in place, nothing running.
pub(crate) async fn for_command(place: &Place) -> anyhow::Result<City> {
    let config = settings(place, &[("log.level", "warn".to_owned())])?;
    yiwang_runtime::init_logging(&config.log)?;
    let lake = config.lake_folder(&place.data);
    let city = Box::pin(city::open(platform(config, place).await?, &lake)).await?;
    city.install_packs().await?;
    Ok(city)
}
