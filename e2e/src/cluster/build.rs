//! The programs of a cluster, built from their Go modules.

use std::{
    fs,
    io::ErrorKind,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Error, Result, cache,
    command::{run, run_long},
    progress::Progress,
    workspace,
};

/// What the one binary is, by the name it is called by.
const NAMES: [&str; 5] = ["etcd", "helm", "kube-apiserver", "kube-controller-manager", "kubectl"];

/// The programs learn their version from the linker; `e2e/cluster/main.go` says why they must.
const LINK: &str = "-s -w \
    -X k8s.io/component-base/version.gitVersion=v1.35.4 \
    -X k8s.io/component-base/version.gitMajor=1 \
    -X k8s.io/component-base/version.gitMinor=35 \
    -X k8s.io/component-base/version.gitTreeState=clean \
    -X helm.sh/helm/v4/internal/version.version=v4.1.4";

/// The directory that holds the programs, built first if they are not there.
pub(super) fn programs(progress: &Progress) -> Result<PathBuf> {
    let module = workspace().join("e2e").join("cluster");
    let name = format!("cluster-{}", cache::key(&inputs(&module)?));
    cache::entry(&name, progress, |directory| {
        progress.long(
            "building kube-apiserver, kube-controller-manager, etcd, kubectl and helm (about six minutes the first time)",
        );
        build(&module, &directory.join("cluster"), progress)?;
        NAMES.iter().try_for_each(|name| link(&directory.join(name)))
    })
}

/// Everything that decides what comes out.
fn inputs(module: &Path) -> Result<Vec<Vec<u8>>> {
    let files = fs::read_dir(module).map_err(|source| Error::file(module, source))?;
    let mut files: Vec<_> = files.filter_map(|file| Some(file.ok()?.path())).filter(|file| is_source(file)).collect();
    files.sort();
    let mut inputs = vec![go_version(module)?.into_bytes(), LINK.as_bytes().to_vec()];
    for file in files {
        inputs.push(fs::read(&file).map_err(|source| Error::file(&file, source))?);
    }
    Ok(inputs)
}

fn is_source(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("go" | "mod" | "sum"))
}

/// The version that is used for this module, which may be another than the one that is installed.
fn go_version(module: &Path) -> Result<String> {
    if let Err(source) = Command::new("go").arg("version").output()
        && source.kind() == ErrorKind::NotFound
    {
        return Err(Error::Missing {
            what: "Go".into(),
            install:
                "install it from https://go.dev/dl, or set CAIRN_E2E_CONTEXT to the context of a cluster that you have"
                    .into(),
        });
    }
    run(Command::new("go").arg("version").current_dir(module), None)
}

fn build(module: &Path, output: &Path, progress: &Progress) -> Result<()> {
    let mut go = Command::new("go");
    go.current_dir(module).env("CGO_ENABLED", "0");
    go.args(["build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", LINK, "-o"]).arg(output).arg(".");
    run_long(go, progress)
}

fn link(name: &Path) -> Result<()> {
    symlink("cluster", name).map_err(|source| Error::file(name, source))
}
