//! Roles: how often they are assumed, with what, and what becomes of failures.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use cairn_aws::{Sessions, Settings};
use cairn_core::{
    failure::Class,
    scope::{Role, Scope},
};
use cairn_testkit::{
    Fault, Matcher,
    aws::{Aws, RoleSeed},
};
use futures::future::join_all;

use crate::support::{OWN, Observed, THEIRS, arn, call, count, region, role, sessions, settings, under};

const MINUTE: Duration = Duration::from_mins(1);

fn aws_with(roles: &[&str]) -> Aws {
    let aws = Aws::new();
    roles.iter().for_each(|name| aws.put_role(RoleSeed::new(&arn(name))));
    aws
}

#[tokio::test(start_paused = true)]
async fn a_role_acts_in_its_account_and_costs_one_call_to_sts() {
    let aws = aws_with(&["a"]);
    let observed = Arc::new(Observed::default());
    let sessions = Sessions::new(settings(&aws, &observed));
    let session = sessions.session(&under(role("a"))).await.unwrap();
    assert_eq!(session.account().id, THEIRS);
    assert_eq!(aws.calls().len(), 0, "nothing is asked before the first call");
    for _ in 0..5 {
        call(&session).await.unwrap();
        call(&sessions.session(&under(role("a"))).await.unwrap()).await.unwrap();
    }
    assert!(aws.calls().iter().filter(|call| call.service == "s3").all(|call| call.account == THEIRS));
    let to_sts: Vec<_> =
        aws.calls().into_iter().filter(|call| call.service == "sts").map(|call| call.operation).collect();
    assert_eq!(to_sts, ["AssumeRole"]);
    assert_eq!(aws.sessions()[0].arn, session.account().caller);
    let metered = observed.calls.lock().unwrap().iter().filter(|operation| *operation == "AssumeRole").count();
    assert_eq!(metered, 1, "calls to STS are counted like all others");
}

#[tokio::test(start_paused = true)]
async fn the_operators_own_identity_is_asked_for_once_for_all_regions() {
    let aws = Aws::new();
    let observed = Arc::new(Observed::default());
    let sessions = Sessions::new(settings(&aws, &observed));
    assert_eq!(sessions.own_account(), None);
    for name in ["eu-west-1", "us-west-2", "eu-west-1"] {
        let session = sessions.session(&Scope::own(region(name))).await.unwrap();
        assert_eq!((session.account().id.as_str(), session.region().as_str()), (OWN, name));
        call(&session).await.unwrap();
    }
    assert_eq!(count(&aws, "GetCallerIdentity"), 1);
    assert_eq!(sessions.own_account().map(|own| own.id.as_str()), Some(OWN));
    let told = observed.identities.lock().unwrap().clone();
    assert_eq!(told, [(OWN.into(), format!("arn:aws:iam::{OWN}:user/testkit"), "eu-west-1".into())]);
}

#[tokio::test(start_paused = true)]
async fn however_many_wait_a_role_is_assumed_once() {
    let aws = aws_with(&["a"]);
    aws.fail("AssumeRole", Fault::Delay(Duration::from_secs(2)));
    let sessions = sessions(&aws);
    let calls = join_all((0..50).map(async |_| call(&sessions.session(&under(role("a"))).await.unwrap()).await)).await;
    assert!(calls.iter().all(Result::is_ok));
    assert_eq!(count(&aws, "AssumeRole"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_session_is_renewed_before_it_expires() {
    let aws = aws_with(&["a"]);
    let sessions = sessions(&aws);
    for _ in 0..600 {
        call(&sessions.session(&under(role("a"))).await.unwrap()).await.unwrap();
        tokio::time::advance(MINUTE).await;
    }
    let opened = aws.sessions();
    assert!((10..=11).contains(&opened.len()), "{} in ten hours", opened.len());
    for pair in opened.windows(2) {
        let left = pair[0].expires.duration_since(pair[1].began);
        assert!(left.as_secs() >= 60, "only {left} before it expired");
    }
}

#[tokio::test(start_paused = true)]
async fn there_is_no_limit_of_64_roles() {
    let names: Vec<_> = (0..150).map(|number| format!("r{number}")).collect();
    let aws = aws_with(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let sessions = sessions(&aws);
    for _ in 0..4 {
        for name in &names {
            call(&sessions.session(&under(role(name))).await.unwrap()).await.unwrap();
        }
        tokio::time::advance(10 * MINUTE).await;
    }
    assert_eq!(count(&aws, "AssumeRole"), names.len());
}

#[tokio::test(start_paused = true)]
async fn a_session_that_nobody_uses_is_dropped_and_costs_nothing() {
    let aws = aws_with(&["a", "b"]);
    let sessions = sessions(&aws);
    let first = sessions.session(&under(role("a"))).await.unwrap();
    let dropped = first.kept(|_| Arc::new(()));
    call(&first).await.unwrap();
    drop(first);
    for _ in 0..12 {
        tokio::time::advance(15 * MINUTE).await;
        call(&sessions.session(&under(role("b"))).await.unwrap()).await.unwrap();
    }
    assert_eq!(Arc::strong_count(&dropped), 1, "the session is gone with what was made of it");
    assert_eq!(aws.sessions().iter().filter(|session| session.role == arn("a")).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_session_is_asked_for_as_the_role_says() {
    let aws = Aws::new();
    let seed = RoleSeed::new(&arn("a")).external_id("tenant-7").require_tag("kubernetes-namespace", "team-a");
    aws.put_role(seed.longest_session(4 * 60 * MINUTE));
    let wanted = Role {
        external_id: Some("tenant-7".into()),
        session_name: "cairn-team-a".into(),
        session_tags: BTreeMap::from([("kubernetes-namespace".to_owned(), "team-a".to_owned())]),
        duration: 4 * 60 * MINUTE,
        ..role("a")
    };
    let sessions = sessions(&aws);
    call(&sessions.session(&under(wanted.clone())).await.unwrap()).await.unwrap();
    let [opened] = aws.sessions().try_into().unwrap();
    assert_eq!((opened.name.as_str(), opened.external_id), ("cairn-team-a", wanted.external_id.clone()));
    assert_eq!(opened.tags, wanted.session_tags);
    assert_eq!(opened.expires.duration_since(opened.began).as_secs(), 4 * 3_600);
    let other = Role { session_tags: BTreeMap::from([("kubernetes-namespace".into(), "team-b".into())]), ..wanted };
    let failure = call(&sessions.session(&under(other)).await.unwrap()).await.unwrap_err();
    assert_eq!(failure.class, Class::Denied, "sessions with other tags are other sessions");
}

/// Settings of an operator that is itself a session of a role of account [`OWN`], as in a pod.
async fn as_a_pod(aws: &Aws) -> Settings {
    let pod = format!("arn:aws:iam::{OWN}:role/cairn");
    aws.put_role(RoleSeed::new(&pod));
    let base = Sessions::new(settings(aws, &Arc::default())).session(&Scope::own(region("eu-west-1"))).await.unwrap();
    let sts = aws_sdk_sts::Client::new(&base.reading());
    let given = sts.assume_role().role_arn(&pod).role_session_name("pod-1").send().await.unwrap().credentials.unwrap();
    aws.clear_calls();
    let (key, secret, token) = (given.access_key_id, given.secret_access_key, given.session_token);
    let credentials = SharedCredentialsProvider::new(Credentials::new(key, secret, Some(token), None, "test"));
    Settings { credentials: Some(credentials), ..settings(aws, &Arc::default()) }
}

#[tokio::test(start_paused = true)]
async fn what_is_assumed_by_a_role_lasts_an_hour_at_most() {
    let aws = Aws::new();
    aws.put_role(RoleSeed::new(&arn("a")).longest_session(4 * 60 * MINUTE));
    let sessions = Sessions::new(as_a_pod(&aws).await);
    let wanted = Role { duration: 4 * 60 * MINUTE, ..role("a") };
    call(&sessions.session(&under(wanted)).await.unwrap()).await.unwrap();
    let opened = aws.sessions().pop().unwrap();
    assert_eq!(opened.expires.duration_since(opened.began).as_secs(), 3_600);
    assert!(aws.calls().iter().filter(|call| call.service == "sts").count() <= 2);
}

#[tokio::test(start_paused = true)]
async fn a_role_that_cannot_be_assumed_says_what_its_trust_policy_must_say() {
    let aws = Aws::new();
    aws.put_role(RoleSeed::new(&arn("a")).external_id("tenant-7"));
    let sessions = Sessions::new(as_a_pod(&aws).await);
    let wanted = Role {
        external_id: Some("tenant-8".into()),
        session_tags: BTreeMap::from([("x".to_owned(), "y".to_owned())]),
        ..role("a")
    };
    let failure = call(&sessions.session(&under(wanted)).await.unwrap()).await.unwrap_err();
    assert_eq!((failure.class, failure.operation.as_str(), failure.ambiguous), (Class::Denied, "AssumeRole", false));
    let said = failure.to_string();
    let caller = format!("arn:aws:sts::{OWN}:assumed-role/cairn/pod-1");
    let principal = format!("to arn:aws:iam::{OWN}:role/cairn under the external id");
    for word in [arn("a").as_str(), &caller, &principal, "trust policy", "sts:AssumeRole and sts:TagSession"] {
        assert!(said.contains(word), "{word:?} is missing: {said}");
    }
    assert!(!said.contains("tenant"), "the external id is nobody's business here: {said}");
    assert!(failure.request_id.is_some());
    assert!(aws.calls().iter().filter(|call| call.service == "sts").count() <= 2);

    aws.put_role(RoleSeed::new(&arn("a")).external_id("tenant-8").allow_tags());
    let wanted = Role { external_id: Some("tenant-8".into()), ..role("a") };
    call(&sessions.session(&under(wanted)).await.unwrap()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn other_failures_keep_their_class() {
    let cases = [
        (Fault::Error(400, "Throttling"), Class::Throttled),
        (Fault::Status(500), Class::Retry),
        (Fault::DropBefore, Class::Unreachable),
        (Fault::Error(403, "ExpiredToken"), Class::Unauthenticated),
        (Fault::Error(403, "RegionDisabledException"), Class::Denied),
    ];
    for (fault, class) in cases {
        let aws = aws_with(&["a"]);
        let sessions = sessions(&aws);
        let guard = aws.fail_while("AssumeRole", fault);
        let failure = call(&sessions.session(&under(role("a"))).await.unwrap()).await.unwrap_err();
        assert_eq!((failure.class, failure.ambiguous), (class, false), "{fault:?}: {failure}");
        assert!(failure.to_string().contains("AssumeRole"), "{failure}");
        drop(guard);
        call(&sessions.session(&under(role("a"))).await.unwrap()).await.unwrap();
    }
}

/// Gives a session that is about to be renewed.
async fn about_to_renew(aws: &Aws, sessions: &Sessions) {
    call(&sessions.session(&under(role("a"))).await.unwrap()).await.unwrap();
    aws.clear_calls();
    tokio::time::advance(58 * MINUTE).await;
}

#[tokio::test(start_paused = true)]
async fn while_sts_fails_the_last_session_is_used_as_long_as_it_is_good() {
    for fault in [Fault::Status(503), Fault::Never] {
        let aws = aws_with(&["a"]);
        let sessions = sessions(&aws);
        about_to_renew(&aws, &sessions).await;
        let guard = aws.fail_while("AssumeRole", fault);
        for _ in 0..20 {
            call(&sessions.session(&under(role("a"))).await.unwrap()).await.unwrap();
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        assert!(count(&aws, "AssumeRole") <= 4, "{fault:?}: {} attempts in 20 s", count(&aws, "AssumeRole"));
        tokio::time::advance(2 * MINUTE).await;
        let failure = call(&sessions.session(&under(role("a"))).await.unwrap()).await.unwrap_err();
        assert!(failure.class.passes_by_itself(), "{fault:?}: {failure:?}");
        drop(guard);
        call(&sessions.session(&under(role("a"))).await.unwrap()).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_role_that_is_taken_away_is_not_used_on() {
    let aws = aws_with(&["a"]);
    let sessions = sessions(&aws);
    about_to_renew(&aws, &sessions).await;
    aws.remove_role(&arn("a"));
    let failure = call(&sessions.session(&under(role("a"))).await.unwrap()).await.unwrap_err();
    assert_eq!(failure.class, Class::Denied);
}

#[tokio::test(start_paused = true)]
async fn one_regions_sts_does_not_matter_in_another() {
    let aws = aws_with(&["a"]);
    let sessions = sessions(&aws);
    let _down = aws.region_down("eu-west-1");
    let there = Scope { region: region("us-west-2"), role: Some(role("a")) };
    call(&sessions.session(&there).await.unwrap()).await.unwrap();
    let failure = call(&sessions.session(&under(role("a"))).await.unwrap()).await.unwrap_err();
    assert_eq!(failure.class, Class::Unreachable);
    assert!(sessions.session(&Scope::own(region("us-west-2"))).await.is_ok());
    let first = Matcher::operation("AssumeRole").and(|call: &cairn_testkit::aws::AwsCall| call.region == "us-west-2");
    aws.fail(first, Fault::Status(500));
    call(&sessions.session(&there).await.unwrap()).await.unwrap();
}
