//! What is dear to make: made once, shared while it is used, and forgotten when nobody asks for it any more.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::OnceCell, time::Instant};

/// Values by key, without a limit to their number.
#[derive(Debug)]
pub(crate) struct Cache<K, V> {
    idle: Duration,
    inner: Mutex<Inner<K, V>>,
}

#[derive(Debug)]
struct Inner<K, V> {
    entries: HashMap<K, Entry<V>>,
    swept: Instant,
}

#[derive(Debug)]
struct Entry<V> {
    cell: Arc<OnceCell<V>>,
    asked: Instant,
}

impl<K: Clone + Eq + Hash, V: Clone> Cache<K, V> {
    /// An empty cache, which forgets what nobody asked for during `idle`. Who holds a value keeps it.
    pub(crate) fn new(idle: Duration) -> Self {
        Self { idle, inner: Mutex::new(Inner { entries: HashMap::new(), swept: Instant::now() }) }
    }

    /// The value of a key. The first caller makes it and the others wait for that; a failure is not kept.
    pub(crate) async fn get<E, F>(&self, key: &K, make: impl FnOnce() -> F) -> Result<V, E>
    where
        F: Future<Output = Result<V, E>>,
    {
        self.cell(key).get_or_try_init(make).await.cloned()
    }

    fn cell(&self, key: &K) -> Arc<OnceCell<V>> {
        let now = Instant::now();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(inner.swept) > self.idle / 8 {
            inner.swept = now;
            inner.entries.retain(|_, entry| now.duration_since(entry.asked) < self.idle);
        }
        let entry = inner.entries.entry(key.clone()).or_insert_with(|| Entry { cell: Arc::default(), asked: now });
        entry.asked = now;
        Arc::clone(&entry.cell)
    }

    /// How many values there are.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).entries.len()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;

    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    async fn made(cache: &Cache<u8, usize>, key: u8, count: &AtomicUsize) -> usize {
        let make = || async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok::<_, ()>(count.fetch_add(1, Ordering::SeqCst))
        };
        cache.get(&key, make).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_value_is_made_once_for_all_who_ask() {
        let (cache, count) = (Cache::new(HOUR), AtomicUsize::new(0));
        let all = join_all((0..50).map(|_| made(&cache, 1, &count))).await;
        assert!(all.iter().all(|value| *value == 0));
        assert_eq!((made(&cache, 2, &count).await, cache.len()), (1, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_not_kept() {
        let cache: Cache<u8, u8> = Cache::new(HOUR);
        assert_eq!(cache.get(&1, || async { Err("no") }).await, Err("no"));
        assert_eq!(cache.get(&1, || async { Ok::<_, &str>(7) }).await, Ok(7));
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_asks_for_is_forgotten() {
        let (cache, count) = (Cache::new(HOUR), AtomicUsize::new(0));
        made(&cache, 1, &count).await;
        made(&cache, 2, &count).await;
        for _ in 0..6 {
            tokio::time::advance(HOUR / 4).await;
            assert_eq!(made(&cache, 1, &count).await, 0, "it is in use");
        }
        assert_eq!(cache.len(), 1);
        assert_eq!(made(&cache, 2, &count).await, 2, "it is made anew");
    }
}
