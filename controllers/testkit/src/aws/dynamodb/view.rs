//! Looking at tables, and changing them behind everybody's back.

use jiff::Timestamp;

use super::{
    super::{Aws, world::DEFAULT_ACCOUNT},
    model::{Caller, Dynamo, Table},
};
use crate::sync::lock;

impl Aws {
    /// Looks at DynamoDB, turns its settings, or changes what is in it behind everybody's back; `act` is given the time
    /// too.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let aws = cairn_testkit::aws::Aws::new();
    /// aws.dynamodb(|dynamo, _| dynamo.settings_mut().timing.create = std::time::Duration::from_millis(200));
    /// assert!(aws.dynamodb(|dynamo, now| dynamo.tables(now)).is_empty());
    /// # });
    /// ```
    pub fn dynamodb<T>(&self, act: impl FnOnce(&mut Dynamo, Timestamp) -> T) -> T {
        let world = &mut *lock(&self.world);
        let now = world.clock.now();
        world.dynamodb.change(now, |dynamo| {
            dynamo.settle(now);
            act(dynamo, now)
        })
    }

    /// A table of the default account as it is, whatever reads would show.
    #[must_use]
    pub fn table(&self, region: &str, name: &str) -> Option<Table> {
        self.dynamodb(|dynamo, now| dynamo.table(&Caller::new(DEFAULT_ACCOUNT, region), name, now))
    }

    /// All tables of all accounts and regions as they are.
    #[must_use]
    pub fn tables(&self) -> Vec<Table> {
        self.dynamodb(|dynamo, now| dynamo.tables(now))
    }

    /// Changes a table of the default account behind everybody's back; false if there is none.
    #[must_use]
    pub fn edit_table(&self, region: &str, name: &str, change: impl FnOnce(&mut Table)) -> bool {
        self.dynamodb(|dynamo, now| {
            let Some(mut table) = dynamo.table(&Caller::new(DEFAULT_ACCOUNT, region), name, now) else {
                return false;
            };
            change(&mut table);
            dynamo.put(table);
            true
        })
    }
}
