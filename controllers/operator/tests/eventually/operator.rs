//! Operators that can be started, stopped and killed.

use std::sync::Arc;

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::time::SharedTimeSource;
use cairn::{
    Settings,
    cli::{Cli, Command},
    leases::Leases,
    operator::{Operator, Parts},
};
use cairn_aws::{AwsCall, CallObserver, Meter, Sessions};
use cairn_runtime::{
    claim::Claim,
    clock::Clock,
    events::{Events, Reporter},
    metrics::Metrics,
};
use cairn_testkit::Process;
use clap::Parser;
use tokio_util::sync::CancellationToken;

use crate::{
    defect::{Tampered, tampered_client},
    world::{REGION, World},
};

/// An operator that runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) process: Process,
    pub(crate) name: String,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Debug)]
struct Nobody;

impl CallObserver for Nobody {
    fn called(&self, _: AwsCall<'_>) {}
}

fn settings() -> Settings {
    let line = ["cairn", "run", &format!("--aws-region={REGION}"), "--adoption-namespaces=*"];
    let Command::Run(args) = Cli::try_parse_from(line).unwrap().command else { panic!("not run") };
    Settings::new(*args).unwrap()
}

fn sessions(world: &World, settings: &Settings, process: &Process) -> Sessions {
    let credentials = Credentials::new("KEY", "secret", None, None, "test");
    let http = world.aws.http_client_for(process);
    Sessions::new(cairn_aws::Settings {
        endpoint: None,
        identity_endpoint: None,
        read_timeout: settings.read_timeout,
        mutation_timeout: settings.mutation_timeout(),
        use_fips: false,
        use_dual_stack: false,
        time_source: Some(SharedTimeSource::new(world.aws.clock().clone())),
        http_client: Some(match world.defect {
            Some(defect) => Tampered::client(http, defect),
            None => http,
        }),
        credentials: Some(SharedCredentialsProvider::new(credentials)),
        meter: Meter::new(Arc::new(Nobody) as Arc<dyn CallObserver>),
    })
}

/// Starts an operator; `alone` by other means than a lease.
pub(crate) fn start(world: &World, name: String, alone: bool) -> Running {
    let (process, stop, metrics) = (Process::new(), CancellationToken::new(), Metrics::new());
    let settings = settings();
    let client = match world.defect {
        Some(defect) => tampered_client(world.api.service_for(&process), defect, &world.lists),
        None => world.api.client_for(&process),
    };
    let clock = Clock::simulated(world.api.clock().now());
    let own = world.api.client_for(&process);
    let leases = Leases::new(&settings, &own, "default", &name, &clock);
    let reporter = Reporter { controller: "cairn.run/operator".into(), instance: name.clone() };
    let (events, writer) = Events::new(client.clone(), &reporter, clock.clone(), metrics.clone());
    let parts = Parts {
        client,
        sessions: sessions(world, &settings, &process),
        claim: if alone { Claim::unfenced(Some(world.api.clock().now())) } else { leases.claim().clone() },
        events,
        metrics,
        clock,
        cluster: "cluster-1".into(),
    };
    let operator = Operator::new(&settings, &parts);
    let (first, last) = (stop.clone(), CancellationToken::new());
    let task = tokio::spawn(async move {
        let work = async {
            operator.run(first).await;
            last.cancel();
        };
        let keep = async {
            if !alone {
                leases.run(last.clone()).await;
            }
        };
        tokio::join!(work, writer.run(last.clone()), keep);
    });
    Running { process, name, stop, task }
}

impl Running {
    /// Ends the process as SIGKILL does.
    pub(crate) fn kill(self) {
        self.process.kill();
        self.task.abort();
    }

    /// Ends the process as SIGTERM does, and as the kubelet does where that takes too long.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        let abort = self.task.abort_handle();
        if tokio::time::timeout(std::time::Duration::from_secs(30), self.task).await.is_err() {
            self.process.kill();
            abort.abort();
        }
    }
}
