use std::time::Duration;

use super::*;
use crate::pace::limiter::Limiter;

fn room() -> Room<Limiter> {
    Room::new(Limiter::default(), |_| {})
}

fn namespace(name: &str) -> Arc<str> {
    name.into()
}

/// A room whose limiter was just throttled: five calls a second.
async fn throttled() -> Room<Limiter> {
    let room = room();
    room.enter(&namespace("first"), ()).await.note(Outcome::Throttled);
    room
}

fn watched(room: &Room<Limiter>) -> bool {
    room.shared.lock().watched
}

#[tokio::test(start_paused = true)]
async fn who_may_pass_passes_at_once() {
    let (room, start) = (room(), Instant::now());
    for _ in 0..1_000 {
        room.enter(&namespace("a"), ()).await.note(Outcome::Answered);
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert!(!watched(&room));
}

#[tokio::test(start_paused = true)]
async fn all_who_wait_pass_in_the_end_and_then_nobody_watches() {
    let (room, start) = (throttled().await, Instant::now());
    let waiting: Vec<_> = (0..50)
        .map(|_| {
            let room = room.clone();
            tokio::spawn(async move { room.enter(&namespace("a"), ()).await.note(Outcome::Answered) })
        })
        .collect();
    for task in waiting {
        task.await.unwrap();
    }
    let took = start.elapsed();
    assert!(took > Duration::from_secs(5) && took < Duration::from_secs(10), "{took:?}");
    tokio::task::yield_now().await;
    assert!(!watched(&room));
}

#[tokio::test(start_paused = true)]
async fn who_stops_waiting_costs_nobody_a_turn() {
    let (room, start) = (throttled().await, Instant::now());
    let ours = namespace("a");
    let mut gone: Vec<_> = (0..20).map(|_| Box::pin(room.enter(&ours, ()))).collect();
    for waiting in &mut gone {
        assert!(tokio::time::timeout(Duration::ZERO, waiting).await.is_err());
    }
    let staying = room.clone();
    let staying = tokio::spawn(async move { staying.enter(&namespace("a"), ()).await.note(Outcome::Answered) });
    tokio::task::yield_now().await;
    drop(gone);
    staying.await.unwrap();
    assert!(start.elapsed() < Duration::from_millis(250), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_is_not_used_goes_to_the_next() {
    let (room, start) = (throttled().await, Instant::now());
    drop(room.enter(&namespace("a"), ()).await);
    let turn = start.elapsed();
    room.enter(&namespace("a"), ()).await.note(Outcome::Answered);
    assert_eq!(start.elapsed(), turn);
    room.enter(&namespace("a"), ()).await.note(Outcome::Answered);
    assert!(start.elapsed() > turn);
}

#[tokio::test(start_paused = true)]
async fn a_change_is_told_once() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let room = Room::new(Limiter::default(), move |rate: &Option<f64>| tell.lock().unwrap().push(*rate));
    room.enter(&namespace("a"), ()).await.note(Outcome::Throttled);
    room.with(|_, _| ());
    assert_eq!(*told.lock().unwrap(), [Some(5.0)]);
}
