//! The peers: martin and tipg over one PostGIS with the same points, of the map's own projection and indexed.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use super::Source;
use crate::client::Client;
use crate::peer::{Cluster, free_port};

pub(super) struct Peers {
    cluster: Cluster,
}

/// A running peer; ended when dropped.
pub(super) struct Peer {
    child: Child,
    pub(super) source: Source,
}

impl Peers {
    pub(super) fn fill(home: &Path, csv: &Path) -> anyhow::Result<Self> {
        let home = tempfile::Builder::new().prefix("peer").tempdir_in(home)?;
        // The cluster's own account reads the file.
        let copy = home.path().join("components.csv");
        std::fs::copy(csv, &copy)?;
        let (cluster, _) = Cluster::start(&home.keep())?;
        let copy = copy.canonicalize()?;
        let sql = format!(
            "CREATE EXTENSION postgis;
             CREATE TABLE raw (code text, state text, lon float8, lat float8);
             COPY raw FROM '{}' CSV HEADER;
             CREATE TABLE component AS SELECT row_number() OVER ()::bigint AS id, code, substr(code, 7, 4) AS kind,
                 state, ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 3857)::geometry(Point, 3857) AS geom
                 FROM raw;
             ALTER TABLE component ADD PRIMARY KEY (id);
             CREATE INDEX component_geom ON component USING gist (geom);
             CLUSTER component USING component_geom;
             VACUUM ANALYZE component;
             DROP TABLE raw;",
            copy.display()
        );
        cluster.run(&sql)?;
        Ok(Self { cluster })
    }

    pub(super) async fn martin(&self, program: &Path) -> anyhow::Result<Peer> {
        let host = format!("127.0.0.1:{}", free_port()?);
        let child = Command::new(program)
            .args(["--listen-addresses", &host, &self.cluster.url()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start martin")?;
        let process = Some(child.id());
        Peer::ready(child, process, host, ("/component/", "")).await
    }

    pub(super) async fn tipg(&self, python: &Path) -> anyhow::Result<Peer> {
        let port = free_port()?;
        let child = Command::new(python)
            .args(["-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1"])
            .args([
                "--workers",
                "2",
                "--log-level",
                "error",
                "--port",
                &port.to_string(),
            ])
            .env("DATABASE_URL", self.cluster.url())
            .env("TIPG_DB_SCHEMAS", "[\"public\"]")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start tipg")?;
        let path = ("/collections/public.component/tiles/WebMercatorQuad/", "");
        // Its workers are processes of their own.
        Peer::ready(child, None, format!("127.0.0.1:{port}"), path).await
    }
}

impl Peer {
    async fn ready(
        child: Child,
        process: Option<u32>,
        host: String,
        path: (&'static str, &'static str),
    ) -> anyhow::Result<Self> {
        let source = Source {
            host,
            token: String::new(),
            path,
            process,
        };
        let peer = Self { child, source };
        for _ in 0..300 {
            if let Ok(mut client) = Client::connect(&peer.source.host, "").await {
                let (z, x, y) = super::ground::tile(17, 120.3, 31.9);
                let path = format!("{}{z}/{x}/{y}{}", path.0, path.1);
                let answer = client.get(&path).await?;
                ensure!(answer.status < 300, "the peer answers {}", answer.status);
                return Ok(peer);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("the peer does not listen")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Asked, so that its workers end too.
        let asked = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        if asked.is_err() {
            let _gone = self.child.kill();
        }
        let _ended = self.child.wait();
    }
}
