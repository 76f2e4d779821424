//! When all is as declared, nothing is written any more.

use std::time::Duration;

use crate::{operator, scenario::Driver};

/// How long those that lived through it all are watched: longer than any backoff.
const AFTERWARDS: Duration = Duration::from_mins(10);

/// After this long every object was checked since anything last happened to it.
const CHECKED: Duration = Duration::from_hours(5);

const DAY: Duration = Duration::from_hours(24);

/// The most checks of an object that fall into the time that is watched: the periods double from an hour to a day.
const CHECKS: usize = 7;

impl Driver {
    pub(crate) async fn stays_quiet(&mut self) -> Result<(), String> {
        if !self.world.may_differ() {
            self.forget_calls();
            tokio::time::sleep(AFTERWARDS).await;
            self.wrote_nothing("the operators that lived through it")?;
        }
        self.leave_one().await?;
        self.settles(true).await?;
        self.delete_refused().await;
        self.settles(true).await?;
        self.has_what_is_declared()?;
        self.forget_calls();
        self.calmly(DAY).await;
        self.wrote_nothing("a day later")?;
        self.checked_no_more_than_due()
    }

    fn forget_calls(&self) {
        self.world.aws.clear_calls();
        self.world.api.clear_calls();
    }

    async fn calmly(&self, duration: Duration) {
        self.world.api.calm_watches(true);
        tokio::time::sleep(duration).await;
        self.world.api.calm_watches(false);
    }

    /// Ends all operators and goes on with one that has no lease to renew, until it has checked everything.
    async fn leave_one(&mut self) -> Result<(), String> {
        for running in std::mem::take(&mut self.operators) {
            running.stop().await;
        }
        self.forget_calls();
        self.operators.push(operator::start(&self.world, "the last".into(), true));
        if !self.world.may_differ() {
            tokio::time::sleep(Duration::from_mins(1)).await;
            self.wrote_nothing("a restart")?;
        }
        self.calmly(CHECKED).await;
        Ok(())
    }

    /// Deletes the objects that are refused for ever, for which AWS is asked again and again.
    async fn delete_refused(&mut self) {
        for n in 0..self.slots.len() {
            let owner = self.owner(&self.slots[n]).map(|owner| owner.name);
            let slot = &mut self.slots[n];
            if slot.wanted.is_some() && owner != Some(slot.name) {
                slot.wanted = None;
                self.world.delete(&self.slots[n]).await;
            }
        }
    }

    fn wrote_nothing(&self, who: &str) -> Result<(), String> {
        let aws = self.world.aws.calls().into_iter().find(cairn_testkit::aws::AwsCall::is_write);
        let to_kubernetes = |call: &cairn_testkit::api::ApiCall| call.is_write() && call.resource != "leases";
        let kubernetes = self.world.api.calls().into_iter().find(to_kubernetes);
        match (aws, kubernetes) {
            (None, None) => Ok(()),
            (aws, kubernetes) => Err(format!("{who} wrote: {aws:?} {kubernetes:?}")),
        }
    }

    fn checked_no_more_than_due(&self) -> Result<(), String> {
        let calls = self.world.aws.calls();
        for slot in &self.slots {
            let about = |call: &&cairn_testkit::aws::AwsCall| {
                [&call.bucket, &call.table].into_iter().flatten().any(|name| name == slot.resource)
            };
            let declared = slot.wanted.as_ref().map_or(0, |wanted| wanted.parts.len() + 2);
            let (found, due) = (calls.iter().filter(about).count(), CHECKS * declared);
            // Of two slots with one resource, one has an object.
            let other = self.owner(slot).is_some_and(|owner| owner.name != slot.name);
            if found > due && !other {
                return Err(format!("{} was asked for {found} times in a day, and not {due}", slot.resource));
            }
        }
        Ok(())
    }
}
