//! A control plane of our own: etcd, kube-apiserver and kube-controller-manager on free ports of 127.0.0.1.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use super::{Programs, credentials, write};
use crate::{
    Error, Result,
    kubectl::Kubectl,
    port,
    process::Process,
    session,
    wait::{Look, until},
};

const READY: Duration = Duration::from_mins(2);
const GRACE: Duration = Duration::from_secs(10);

/// The controllers that the tests need: accounts and their tokens, garbage collection, namespaces, roles that gather
/// others, what stands behind a Deployment, and the checker of admission policies' types.
const CONTROLLERS: &str = "serviceaccount-controller,serviceaccount-token-controller,\
    root-ca-certificate-publisher-controller,garbage-collector-controller,namespace-controller,\
    clusterrole-aggregation-controller,deployment-controller,replicaset-controller,\
    validatingadmissionpolicy-status-controller";

/// The processes, in the order in which they must end.
#[derive(Debug)]
pub(super) struct ControlPlane {
    controller_manager: Process,
    apiserver: Process,
    etcd: Process,
    kubeconfig: PathBuf,
}

/// Where everything is.
struct Layout {
    directory: PathBuf,
    etcd_port: u16,
    api_port: u16,
    admin: PathBuf,
    manager: PathBuf,
}

impl ControlPlane {
    pub(super) fn start(programs: &Programs) -> Result<Self> {
        let layout = Layout::new()?;
        let mut etcd = Process::start("etcd", &mut layout.etcd(&programs.etcd)?)?;
        // It waits for etcd by itself: started together they are ready sooner.
        let mut apiserver = Process::start("kube-apiserver", &mut layout.apiserver(&programs.apiserver))?;
        let kubectl = Kubectl::new(programs.kubectl.clone(), &layout.admin)?;
        until_answers("a ready API server", &kubectl, &["get", "--raw=/readyz"], &mut [&mut etcd, &mut apiserver])?;
        let command = &mut layout.controller_manager(&programs.controller_manager)?;
        let mut controller_manager = Process::start("kube-controller-manager", command)?;
        let account = ["get", "serviceaccount", "default", "--namespace=default", "--output=name"];
        until_answers(
            "the default service account",
            &kubectl,
            &account,
            &mut [&mut etcd, &mut apiserver, &mut controller_manager],
        )?;
        Ok(Self { controller_manager, apiserver, etcd, kubeconfig: layout.admin })
    }

    pub(super) fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    pub(super) fn stop(mut self) -> Result<()> {
        let ends =
            [self.controller_manager.terminate(GRACE), self.apiserver.terminate(GRACE), self.etcd.terminate(GRACE)];
        ends.into_iter().try_for_each(|end| end.map(drop))
    }
}

/// Waits for kubectl to succeed, as long as the processes live that must make it so.
fn until_answers(what: &str, kubectl: &Kubectl, args: &[&str], needed: &mut [&mut Process]) -> Result<()> {
    let answered = until(what, READY, || {
        needed.iter_mut().try_for_each(|process| process.still_runs())?;
        match kubectl.run(args) {
            Ok(_) => Ok(Look::Done(())),
            Err(Error::Command { output, .. }) => Ok(Look::NotYet(output)),
            Err(error) => Err(error),
        }
    });
    answered.map_err(|error| {
        if !matches!(error, Error::Late { .. }) {
            return error;
        }
        let logs = needed.iter().map(|process| format!("{}:\n{}", process.log().display(), process.tail()));
        session::keep_logs().ok();
        error.with(logs.collect::<Vec<_>>().join("\n"))
    })
}

impl Layout {
    fn new() -> Result<Self> {
        let directory = session::work("cluster")?;
        let (etcd_port, api_port) = (port::free()?, port::free()?);
        let (admin, manager) = (credentials::token()?, credentials::token()?);
        let key = credentials::SigningKey::generate()?;
        write(&directory.join("sa.key"), &key.private)?;
        write(&directory.join("sa.pub"), &key.public)?;
        let tokens = format!(
            "{admin},admin,admin,\"system:masters\"\n{manager},system:kube-controller-manager,controller-manager,\n"
        );
        write(&directory.join("tokens.csv"), &tokens)?;
        let authority = directory.join("certs").join("apiserver.crt");
        let kubeconfig = |name: &str, token: &str| {
            write(&directory.join(name), &credentials::kubeconfig(api_port, &authority, token))
        };
        let (admin, manager) = (kubeconfig("kubeconfig", &admin)?, kubeconfig("manager.kubeconfig", &manager)?);
        Ok(Self { directory, etcd_port, api_port, admin, manager })
    }

    fn etcd(&self, program: &Path) -> Result<Command> {
        let (clients, peers) =
            (format!("http://127.0.0.1:{}", self.etcd_port), format!("http://127.0.0.1:{}", port::free()?));
        let mut command = Command::new(program);
        command.args(["--name=cairn", "--unsafe-no-fsync", "--log-level=warn"]);
        self.path(&mut command, "--data-dir", "etcd");
        command.args([
            format!("--listen-client-urls={clients}"),
            format!("--advertise-client-urls={clients}"),
            format!("--listen-peer-urls={peers}"),
            format!("--initial-advertise-peer-urls={peers}"),
            format!("--initial-cluster=cairn={peers}"),
        ]);
        Ok(command)
    }

    fn apiserver(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.args([
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            "--authorization-mode=RBAC",
            "--anonymous-auth=false",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--allow-privileged=true",
        ]);
        command.arg(format!("--secure-port={}", self.api_port));
        command.arg(format!("--etcd-servers=http://127.0.0.1:{}", self.etcd_port));
        self.path(&mut command, "--cert-dir", "certs");
        self.path(&mut command, "--token-auth-file", "tokens.csv");
        self.path(&mut command, "--service-account-key-file", "sa.pub");
        self.path(&mut command, "--service-account-signing-key-file", "sa.key");
        command
    }

    fn controller_manager(&self, program: &Path) -> Result<Command> {
        let mut command = Command::new(program);
        command.args(["--bind-address=127.0.0.1", "--leader-elect=false", "--use-service-account-credentials=true"]);
        command.arg(format!("--controllers={CONTROLLERS}")).arg(format!("--secure-port={}", port::free()?));
        command.arg(format!("--kubeconfig={}", self.manager.display()));
        self.path(&mut command, "--cert-dir", "certs-controller-manager");
        self.path(&mut command, "--service-account-private-key-file", "sa.key");
        self.path(&mut command, "--root-ca-file", "certs/apiserver.crt");
        Ok(command)
    }

    fn path(&self, command: &mut Command, option: &str, file: &str) {
        command.arg(format!("{option}={}", self.directory.join(file).display()));
    }
}
