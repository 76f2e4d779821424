//! `cargo demo`: Cairn from `helm install` to a bucket in AWS, on this machine. With `--check` it also changes and
//! deletes the bucket, and fails if anything is off.

mod story;

use std::{
    env,
    io::{Write, stderr},
    process::ExitCode,
};

use cairn_e2e::{Result, progress::Progress, session};
use tokio::signal::unix::{SignalKind, signal};

const USAGE: &str = "usage: cargo demo [-- --check]

Installs Cairn with Helm on a Kubernetes control plane of its own, with an AWS emulator, and applies examples/bucket.
Without --check it goes on until Ctrl-C.

  CAIRN_CACHE          where what is built is kept (default: cairn in the user's cache directory)
  CAIRN_E2E_CONTEXT    a context of your kubeconfig, to use that cluster instead
  KUBEBUILDER_ASSETS   a directory with etcd, kube-apiserver, kube-controller-manager, kubectl and helm
";

fn main() -> ExitCode {
    // The alias ends in `--`: of `cargo demo -- --check` both dashes come here.
    let arguments: Vec<_> = env::args().skip(1).filter(|argument| argument != "--").collect();
    let check = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--check"] => true,
        ["--help" | "-h"] => return say(USAGE, ExitCode::SUCCESS),
        _ => return say(USAGE, ExitCode::from(2)),
    };
    let outcome = play(check);
    session::finish();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => say(&format!("\nThe demo failed: {error}\n"), ExitCode::FAILURE),
    }
}

fn play(check: bool) -> Result<()> {
    let progress = Progress::every_step();
    let story = story::Story::begin(progress)?;
    if check {
        story.change_and_delete()?;
        progress.step("everything is as it must be");
    } else {
        story.invite();
        until_interrupted();
        progress.step("stopping");
    }
    story.end()
}

fn until_interrupted() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return };
    runtime.block_on(async {
        let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) =
            (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()))
        else {
            return;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    });
}

fn say(text: &str, code: ExitCode) -> ExitCode {
    stderr().write_all(text.as_bytes()).ok();
    code
}
