//! The map of the city: the domains, in the order data flows, and who answers whose questions.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use utoipa::openapi::OpenApi;
use yiwang_alerting::{AlertingService, Ear};
use yiwang_contracts::{
    Actor, AlarmFigures, Authenticate, CaseFigures, Cases, Catalog, DeviceFigures, Devices,
    Organisations, PackTarget, People,
};
use yiwang_geo::GeoService;
use yiwang_http::{Edge, LiveHub};
use yiwang_identity::IdentityService;
use yiwang_incident::IncidentService;
use yiwang_kernel::{Fault, FaultKind};
use yiwang_lake::{LakeService, LakeSettings};
use yiwang_packs::{PackError, PackService, Shelf};
use yiwang_runtime::{Finding, Node, Platform};
use yiwang_screens::ScreensService;
use yiwang_sensing::{EdgeAddresses, OpenEdge, SensingService, SensingSettings};
use yiwang_simulator::Weather;
use yiwang_store::DomainMigrations;
use yiwang_vitals::VitalsService;

use crate::{console, docs, storm};

/// An open city: everything that a command, the listener or a test needs of it.
pub struct City {
    pub node: Node,
    /// All routes with all layers on.
    pub app: Router,
    pub edge: Edge,
    pub live: LiveHub,
    pub openapi: OpenApi,
    pub identity: Arc<IdentityService>,
    pub packs: Arc<PackService>,
    pub incidents: Arc<IncidentService>,
    pub catalog: Arc<dyn Catalog>,
    pub lake: Arc<LakeService>,
    pub sensing: Arc<SensingService>,
    pub alerting: Arc<AlertingService>,
    pub geo: Arc<GeoService>,
    pub vitals: Arc<VitalsService>,
    pub screens: Arc<ScreensService>,
    /// The sky of the demo city.
    pub sky: Option<Arc<Weather>>,
}

/// The tables of every part, in an order in which they can be made.
pub fn migrations() -> Vec<DomainMigrations> {
    vec![
        yiwang_http::migrations(),
        yiwang_identity::migrations(),
        yiwang_catalog::migrations(),
        yiwang_packs::migrations(),
        yiwang_incident::migrations(),
        yiwang_lake::migrations(),
        yiwang_sensing::migrations(),
        yiwang_alerting::migrations(),
        yiwang_geo::migrations(),
        yiwang_vitals::migrations(),
        yiwang_screens::migrations(),
    ]
}

/// Opens every domain over a migrated store; the history is in the folder `lake`.
pub async fn open(platform: Platform, lake: &Path) -> anyhow::Result<City> {
    let identity = yiwang_identity::open(&platform)
        .await
        .context("identity does not open")?;
    let people = Arc::clone(&identity.service);

    let catalog = yiwang_catalog::open(&platform, people.clone() as Arc<dyn Organisations>)
        .await
        .context("the catalogue does not open")?;

    let incident = open_incident(&platform, &people, catalog.answers.clone()).await?;

    let asked = Asked {
        people: people.clone(),
        catalog: catalog.answers.clone(),
        cases: incident.service.clone(),
    };
    let net = open_net(&platform, lake, asked).await?;

    let geo = open_geo(&platform, people.clone(), catalog.answers.clone(), &net).await?;

    let answers = catalog.answers.clone();
    let vitals = open_vitals(&platform, (&people, answers), &incident.service, &net).await?;
    let screens = yiwang_screens::open(&platform);

    let targets: Vec<Arc<dyn PackTarget>> = vec![
        people.clone(),
        catalog.answers.clone(),
        incident.service.clone(),
        net.sensing.service.clone(),
        net.alerting.service.clone(),
        geo.service.clone(),
        vitals.service.clone(),
        screens.service.clone(),
    ];
    let packs = yiwang_packs::open(&platform, targets, Shelf::default());

    let (live, edge) = open_edge(&platform, &people).await?;
    let domains = vec![
        identity.domain,
        catalog.domain,
        incident.domain,
        net.lake.domain,
        net.sensing.domain,
        net.alerting.domain,
        geo.domain,
        vitals.domain,
        screens.domain,
        packs.domain,
    ];
    let sky = platform.config.demo.enabled.then(Arc::<Weather>::default);
    let (node, routes) = Node::new(platform, domains);
    let routes = routes
        .merge(yiwang_http::live_routes(live.clone()))
        .merge(storm::routes(sky.clone()));
    let (routes, openapi) = docs::split(routes);
    let pages = Router::new().fallback(console::file);
    let app = yiwang_http::finish(routes, Some(pages), &edge);
    Ok(City {
        node,
        app,
        edge,
        live,
        openapi,
        identity: people,
        packs: packs.packs,
        incidents: incident.service,
        catalog: catalog.answers,
        lake: net.lake.service,
        sensing: net.sensing.service,
        alerting: net.alerting.service,
        geo: geo.service,
        vitals: vitals.service,
        screens: screens.service,
        sky,
    })
}

/// What all requests share, and the stream of changes.
async fn open_edge(
    platform: &Platform,
    people: &Arc<IdentityService>,
) -> anyhow::Result<(LiveHub, Edge)> {
    let live = LiveHub::open(
        platform.db.clone(),
        &platform.counters,
        platform.config.live_options(),
        platform.tasks.stop_token(),
    )
    .await?;
    let edge = Edge::new(
        platform.db.clone(),
        Arc::clone(&platform.clock),
        people.clone() as Arc<dyn Authenticate>,
        platform.counters.clone(),
        platform.config.edge_options(),
    );
    Ok((live, edge))
}

/// Whom the sensing net asks.
struct Asked {
    people: Arc<IdentityService>,
    catalog: Arc<dyn Catalog>,
    cases: Arc<dyn Cases>,
}

/// The way of a reading: taken in, kept, judged.
struct Net {
    lake: yiwang_lake::Opened,
    sensing: yiwang_sensing::Opened,
    alerting: yiwang_alerting::Opened,
}

async fn open_net(platform: &Platform, lake: &Path, asked: Asked) -> anyhow::Result<Net> {
    let settings = LakeSettings::from(&platform.config.lake);
    let lake = yiwang_lake::open(platform, lake, settings)
        .await
        .context("the lake does not open")?;
    let orgs = asked.people.clone() as Arc<dyn Organisations>;
    let questions = yiwang_sensing::Questions {
        orgs: Arc::clone(&orgs),
        catalog: Arc::clone(&asked.catalog),
        audit: platform.audit.as_question(),
        people: asked.people as Arc<dyn Authenticate>,
        history: lake.history.clone(),
    };
    let settings = SensingSettings::try_from(platform.config.as_ref())?;
    let sensing = yiwang_sensing::open(platform, settings, questions)
        .await
        .context("the sensing net does not open")?;
    let devices = sensing.service.clone() as Arc<dyn Devices>;
    let ear = Ear::open(devices.clone())?;
    sensing.service.add_observer(ear.observer());
    let questions = yiwang_alerting::Questions {
        orgs,
        catalog: asked.catalog,
        devices,
        history: lake.history.clone(),
        cases: asked.cases,
    };
    let alerting = yiwang_alerting::open(platform, ear, questions)
        .await
        .context("the alarms do not open")?;
    Ok(Net {
        lake,
        sensing,
        alerting,
    })
}

/// The event hub.
async fn open_incident(
    platform: &Platform,
    people: &Arc<IdentityService>,
    catalog: Arc<dyn Catalog>,
) -> anyhow::Result<yiwang_incident::Opened> {
    let questions = yiwang_incident::Questions {
        catalog,
        orgs: people.clone() as Arc<dyn Organisations>,
        people: people.clone() as Arc<dyn People>,
        audit: platform.audit.as_question(),
    };
    let incident = yiwang_incident::open(platform, questions).await;
    incident.context("the event hub does not open")
}

/// The vital signs, over all that can be counted.
async fn open_vitals(
    platform: &Platform,
    (people, catalog): (&Arc<IdentityService>, Arc<dyn Catalog>),
    cases: &Arc<IncidentService>,
    net: &Net,
) -> anyhow::Result<yiwang_vitals::Opened> {
    let questions = yiwang_vitals::Questions {
        orgs: people.clone() as Arc<dyn Organisations>,
        catalog,
        audit: platform.audit.as_question(),
        cases: cases.clone() as Arc<dyn Cases>,
        case_figures: cases.clone() as Arc<dyn CaseFigures>,
        alarms: net.alerting.service.clone() as Arc<dyn AlarmFigures>,
        devices: net.sensing.service.clone() as Arc<dyn DeviceFigures>,
        history: net.lake.history.clone(),
        figures: net.lake.figures.clone(),
    };
    let vitals = yiwang_vitals::open(platform, questions).await;
    vitals.context("the vital signs do not open")
}

/// The map, over what the sensing net knows.
async fn open_geo(
    platform: &Platform,
    orgs: Arc<dyn Organisations>,
    catalog: Arc<dyn Catalog>,
    net: &Net,
) -> anyhow::Result<yiwang_geo::Opened> {
    let questions = yiwang_geo::Questions {
        orgs,
        catalog,
        audit: platform.audit.as_question(),
        devices: net.sensing.service.clone() as Arc<dyn Devices>,
        history: net.lake.history.clone(),
    };
    let geo = Box::pin(yiwang_geo::open(platform, questions))
        .await
        .context("the map does not open")?;
    net.sensing.service.add_observer(geo.observer.clone());
    Ok(geo)
}

impl City {
    /// Opens the edges of the sensing net; answers where they listen.
    pub async fn listen_to_devices(&self) -> anyhow::Result<Vec<OpenEdge>> {
        let platform = self.node.platform();
        let addresses = EdgeAddresses::of(&platform.config);
        let open = self.sensing.listen(platform, &addresses).await;
        open.context("devices cannot be listened to; see [sensing] in the settings")
    }

    /// Brings the shipped packs to this program's version: what a node does before it serves.
    pub async fn install_packs(&self) -> anyhow::Result<()> {
        let actor = Actor::system("start");
        let installed = match self.packs.install_shelf(&actor).await {
            Err(PackError::Faulty(findings)) => {
                let lines: Vec<String> = findings
                    .iter()
                    .map(|(pack, found)| {
                        format!("{pack}/{}:{}: {}", found.file, found.line, found.message)
                    })
                    .collect();
                anyhow::bail!("the packs have errors:\n{}", lines.join("\n"));
            }
            // The city goes on by what it has; whoever answers for its list takes the new one or mends it.
            Err(PackError::Target(fault))
                if fault.kind() == FaultKind::Refused
                    && !self.packs.installed().await?.is_empty() =>
            {
                self.say_packs_are_held(fault.as_ref());
                return Ok(());
            }
            outcome => outcome?,
        };
        for pack in installed.iter().filter(|pack| pack.is_changed) {
            tracing::info!(
                pack = pack.id,
                version = pack.version,
                "pack {} {} is installed",
                pack.id,
                pack.version
            );
        }
        Ok(())
    }

    /// Packs that came with the program were refused: said in the log and by the node's readiness.
    fn say_packs_are_held(&self, fault: &dyn Fault) {
        let hint = "yiwang pack install --accept-faults REASON takes them on the record";
        let faults = crate::pack::faults_told(&fault.data());
        tracing::error!(
            code = fault.code(),
            "the packs of this program are not installed: {fault}\n{}\n{hint}",
            faults.join("\n")
        );
        let told = format!("the packs of this program are not installed: {fault}; {hint}");
        self.node.health().add("packs", move || {
            std::future::ready(Finding::Degraded(told.clone()))
        });
    }
}
