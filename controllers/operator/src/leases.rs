//! The leases that make up the right to act.
//!
//! Cairn's own is what the processes of one installation compete for. Under ACK's names there is one more for each
//! service: that by which ACK's controller of the service elects its leader; and under kro's there is kro's. Cairn holds
//! them all while it acts, and so of Cairn and a controller of theirs that elects a leader in the same namespace only one
//! acts. (ACK elects none unless its `leaderElection.enabled` says so.)

use std::{collections::BTreeSet, time::Duration};

use cairn_runtime::{
    admin::{Health, Pulse},
    claim::{Claim, ClaimKeeper, LeaseName, Timing},
    clock::Clock,
};
use kube::Client;
use tokio_util::sync::CancellationToken;

use crate::Settings;

/// The lease that all processes of one installation compete for.
const LEASE: &str = "cairn";

/// Keeps all leases.
#[derive(Debug)]
pub struct Leases {
    own: ClaimKeeper,
    peers: Vec<(String, ClaimKeeper)>,
    claim: Claim,
}

impl Leases {
    /// Leases in `namespace` for the process that is named `identity`. The client should serve nothing else, so that a
    /// renewal does not wait behind other traffic.
    #[must_use]
    pub fn new(settings: &Settings, client: &Client, namespace: &str, identity: &str, clock: &Clock) -> Self {
        let keep = |name: String| {
            let lease = LeaseName { namespace: namespace.into(), name };
            ClaimKeeper::new(client.clone(), lease, identity, timing(settings.lease), clock.clone())
        };
        let (claim, own) = keep(LEASE.into());
        let peers = names(settings).into_iter().map(|name| {
            let (claim, keeper) = keep(name.clone());
            (claim, (name, keeper))
        });
        let (claims, peers): (Vec<_>, Vec<_>) = peers.unzip();
        let behind = |(name, keeper): (String, ClaimKeeper)| (name, keeper.behind(claim.clone()));
        let peers: Vec<_> = peers.into_iter().map(behind).collect();
        let all = if claims.is_empty() { claim.clone() } else { claim.clone().with(claims) };
        Self { own, peers, claim: all }
    }

    /// The claim that is held while all leases are.
    #[must_use]
    pub fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Shows by the pulse that the renewals go on, and by the readiness of the process who holds a lease of ACK's or kro's.
    #[must_use]
    pub fn showing(self, pulse: Pulse, health: &Health) -> Self {
        let told = |(name, keeper): (String, ClaimKeeper)| {
            let keeper = keeper.telling(health.check(&format!("lease {name}")));
            (name, keeper)
        };
        Self { own: self.own.beating(pulse), peers: self.peers.into_iter().map(told).collect(), claim: self.claim }
    }

    /// Acquires and renews until `shutdown`, then releases. To be shut down after everything that acts under the claim.
    pub async fn run(self, shutdown: CancellationToken) {
        let peers = self.peers.into_iter().map(|(_, keeper)| keeper.run(shutdown.clone()));
        futures::join!(self.own.run(shutdown.clone()), futures::future::join_all(peers));
    }
}

/// The leases that ACK's controllers and kro's may hold.
fn names(settings: &Settings) -> BTreeSet<String> {
    let groups = &settings.groups;
    let services = cairn_crds::managed().map(|kind| kind.home.service());
    let acks = services.filter(|_| groups.is_ack()).map(|service| groups.ack_lease(service));
    let kros = (groups.is_kro() && settings.composition).then(|| groups.kro_lease());
    acks.chain(kros).collect()
}

fn timing(lease: Duration) -> Timing {
    let renew_every = lease.mul_f64(4.0 / 15.0);
    Timing { duration: lease, renew_every, retry_every: renew_every / 2 }
}
