//! All limiters and regions of a process.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};
use tracing::{info, warn};

use super::{
    Caller, Lane, Refused,
    flight::Flight,
    guard::{Entry, Health},
    limiter::Limiter,
    region::Region,
    room::Room,
};
use crate::CallObserver;

/// Lets attempts pass. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Pacer(Arc<Inner>);

struct Inner {
    observer: Arc<dyn CallObserver>,
    limiters: Mutex<HashMap<Lane, Room<Limiter>>>,
    doors: Mutex<HashMap<RegionOfService, Door>>,
}

/// A region, and a service in it.
type RegionOfService = (Arc<str>, Arc<str>);

/// The door to one region of one service.
#[derive(Clone, Debug)]
pub(super) struct Door {
    pub(super) room: Room<Region>,
    pub(super) health: watch::Receiver<Health>,
}

impl fmt::Debug for Pacer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pacer").finish_non_exhaustive()
    }
}

impl Pacer {
    pub(crate) fn new(observer: Arc<dyn CallObserver>) -> Self {
        Self(Arc::new(Inner { observer, limiters: Mutex::default(), doors: Mutex::default() }))
    }

    pub(super) fn observer(&self) -> &Arc<dyn CallObserver> {
        &self.0.observer
    }

    /// Waits until one attempt may be sent: as long as the caller's patience, and no longer than `at_most` if that is
    /// given. May be dropped while waiting: nothing was sent then.
    ///
    /// # Errors
    /// Why it may not be sent.
    pub(crate) async fn board(&self, lane: &Lane, at_most: Option<Duration>) -> Result<Flight, Refused> {
        let (caller, door, asked) = (Caller::current(), self.door(lane), Instant::now());
        let until = at_most.map_or(caller.until(), |limit| caller.until().min(asked + limit));
        let boarded = timeout_at(until, self.pass(lane, &caller, &door)).await;
        self.0.observer.waited(lane, asked.elapsed());
        let refused = match boarded {
            Ok(Ok(flight)) => return Ok(flight),
            Err(_) if *door.health.borrow() == Health::Up => return Err(Refused::NoTurn),
            Ok(Err(Down)) | Err(_) => Refused::Down { region: lane.region.clone(), service: lane.service.clone() },
        };
        caller.call_back(|| door.room.with(Region::come_back));
        Err(refused)
    }

    async fn pass(&self, lane: &Lane, caller: &Caller, door: &Door) -> Result<Flight, Down> {
        if door.room.with(|region, now| region.refuses(now, lane.access)) {
            return Err(Down);
        }
        let slot = self.limiter(lane).enter(caller.namespace(), ()).await;
        let entry = door.room.enter(caller.namespace(), lane.access).await;
        if *entry.pass() == Entry::Refused {
            return Err(Down);
        }
        Ok(Flight::new(lane.clone(), caller.clone(), door.clone(), slot, entry))
    }

    fn limiter(&self, lane: &Lane) -> Room<Limiter> {
        let mut limiters = self.0.limiters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(limiter) = limiters.get(lane) {
            return limiter.clone();
        }
        let (observer, of) = (Arc::clone(&self.0.observer), lane.clone());
        let limiter = Room::new(Limiter::default(), move |rate| observer.paced(&of, *rate));
        limiters.insert(lane.clone(), limiter.clone());
        limiter
    }

    fn door(&self, lane: &Lane) -> Door {
        let mut doors = self.0.doors.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (lane.region.clone(), lane.service.clone());
        doors.entry(key).or_insert_with(|| Door::new(lane, Arc::clone(&self.0.observer))).clone()
    }
}

/// The region does not answer.
struct Down;

impl Door {
    fn new(lane: &Lane, observer: Arc<dyn CallObserver>) -> Self {
        let (tell, health) = watch::channel(Health::Up);
        let (region, service) = (lane.region.clone(), lane.service.clone());
        let room = Room::new(Region::default(), move |health: &Health| {
            match health {
                Health::Up => info!(%region, %service, "region answers"),
                Health::Returning => info!(%region, %service, "region answers again; calls come back slowly"),
                Health::Down => warn!(%region, %service, "region does not answer; it is tried once a second"),
            }
            observer.region(&region, &service, *health != Health::Down);
            tell.send_replace(*health);
        });
        Self { room, health }
    }
}
