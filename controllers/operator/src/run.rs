//! `cairn run`: the process around the controllers.

use std::{sync::Arc, time::Duration};

use cairn_aws::{Meter, Sessions};
use cairn_core::scope::{Region, Scope};
use cairn_runtime::{
    admin::{Admin, Health},
    client,
    clock::Clock,
    events::{Events, Reporter},
    metrics::Metrics,
    source::Ready,
};
use kube::{Client, Config};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    Outcome, Settings,
    cli::RunArgs,
    cluster, definitions,
    leases::Leases,
    logging,
    meter::Metered,
    operator::{Operator, Parts},
};

/// How often it is looked whether the definitions have come.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// A loop that is silent for so long is stuck.
const LONGEST_SILENCE: Duration = Duration::from_mins(2);

/// Runs the controllers until the process is told to stop.
pub(crate) fn run(args: RunArgs) -> Outcome {
    let settings = Settings::new(args)?;
    logging::install(&settings.log_level, settings.log_format)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(settings))
}

async fn serve(mut settings: Settings) -> Outcome {
    let stop = stop_signal()?;
    let (metrics, health) = (Metrics::new(), Health::new());
    let config = Config::infer().await?;
    let lease_namespace = settings.lease_namespace.get_or_insert_with(|| config.default_namespace.clone()).clone();
    let client = client::build(config.clone(), &metrics)?;
    // A renewal must not wait behind other traffic.
    let lease_client = client::build(config, &metrics)?;
    let identity = settings.identity.clone().unwrap_or_else(random_name);
    let clock = Clock::system();

    let definitions = health.check("definitions");
    let pulse = health.pulse("claim", LONGEST_SILENCE);
    let leases = Leases::new(&settings, &lease_client, &lease_namespace, &identity, &clock).showing(pulse, &health);
    metrics.watch_claim(leases.claim());
    let reporter = Reporter { controller: format!("{}/operator", settings.groups.graph()), instance: identity };
    let (events, writer) = Events::new(client.clone(), &reporter, clock.clone(), metrics.clone());
    let cluster = cluster::id(settings.cluster_id.as_deref(), client.clone()).await?;
    let parts = Parts {
        sessions: sessions(&settings, &metrics),
        client,
        claim: leases.claim().clone(),
        events,
        metrics: metrics.clone(),
        clock,
        cluster,
    };
    let operator = Operator::new(&settings, &parts);
    if !settings.composition && !settings.namespaces.is_empty() {
        info!("with --watch-namespace resource graph definitions are not looked after: they are of the whole cluster");
    }

    let mut admin = Admin::new(health.clone(), metrics.clone());
    for (kind, queue) in operator.queues() {
        admin = admin.queue(kind, queue);
    }
    let bound = admin.bind(&settings.health_address, &settings.metrics_address).await?;
    info!(version = env!("CARGO_PKG_VERSION"), addresses = ?bound.addresses(), "started");

    let waits: Vec<_> = operator.ready().map(|(kind, ready)| until_listed(&health, kind, ready)).collect();
    // The claim and what reports go last: what still runs acts under them.
    let last = CancellationToken::new();
    let controllers = async {
        tokio::select! {
            () = stop.cancelled() => {}
            () = until_defined(&parts.client, &settings, &definitions) => operator.run(stop.clone()).await,
        }
        last.cancel();
    };
    futures::join!(
        controllers,
        bound.serve(last.clone()),
        writer.run(last.clone()),
        leases.run(last.clone()),
        until(last.clone(), futures::future::join_all(waits)),
        until(last.clone(), introduce(&parts.sessions, settings.region.as_deref())),
    );
    info!("stopped");
    Ok(())
}

/// Asks AWS who the operator is, so that the log and the metrics say it before the first object does.
async fn introduce(sessions: &Sessions, region: Option<&str>) {
    let Some(region) = region.and_then(|region| Region::parse(region).ok()) else {
        return info!("without --aws-region the operator's identity is not known before its first call to AWS");
    };
    let mut wait = LOOK_AGAIN;
    while let Err(error) = sessions.session(&Scope::own(region.clone())).await {
        warn!(%error, "the operator does not know yet who it is in AWS");
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(LONGEST_SILENCE);
    }
}

async fn until<T>(end: CancellationToken, work: impl Future<Output = T>) {
    tokio::select! {
        () = end.cancelled() => {}
        _ = work => {}
    }
}

/// Waits until the API server serves every kind with all fields, and tells so by the readiness probe.
async fn until_defined(client: &Client, settings: &Settings, check: &cairn_runtime::admin::Check) {
    loop {
        match definitions::unusable(client.clone(), settings).await {
            Ok(None) => return check.ready(),
            Ok(Some(why)) => {
                warn!(why, "waiting for definitions");
                check.not_ready(&why);
            }
            Err(error) => {
                warn!(error = %error, "definitions cannot be read");
                check.not_ready(&error.to_string());
            }
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

async fn until_listed(health: &Health, kind: &str, ready: Ready) {
    let check = health.check(&format!("list of {kind}"));
    ready.wait().await;
    check.ready();
}

fn sessions(settings: &Settings, metrics: &Metrics) -> Sessions {
    Sessions::new(cairn_aws::Settings {
        endpoint: settings.endpoint.clone(),
        identity_endpoint: settings.identity_endpoint.clone(),
        read_timeout: settings.read_timeout,
        mutation_timeout: settings.mutation_timeout(),
        use_fips: settings.use_fips,
        use_dual_stack: settings.use_dual_stack,
        time_source: None,
        http_client: None,
        credentials: None,
        meter: Meter::new(Arc::new(Metered(metrics.clone()))),
    })
}

/// A name that no other process has. Uniqueness is all that counts, and the hasher's keys are random for each.
fn random_name() -> String {
    use std::hash::{BuildHasher, Hasher, RandomState};
    format!("cairn-{}-{:016x}", std::process::id(), RandomState::new().build_hasher().finish())
}

fn stop_signal() -> std::io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        info!("stopping");
        told.cancel();
    });
    Ok(stop)
}
