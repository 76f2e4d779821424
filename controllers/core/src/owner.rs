//! Who owns a resource in AWS: the ownership tags, and the decision from the evidence.

use std::collections::BTreeMap;

use cairn_crds::status::Record;

use crate::{digest, observed::Present, record, rules::KindRules};

/// The tag that decides. No setting changes its key: a resource must be recognised under every configuration.
pub const OWNER_TAG: &str = "cairn.run/owner";
/// Informs people: id of the cluster.
pub const CLUSTER_TAG: &str = "cairn.run/cluster";
/// Informs people: namespace of the object.
pub const NAMESPACE_TAG: &str = "cairn.run/namespace";
/// Informs people: name of the object.
pub const NAME_TAG: &str = "cairn.run/name";

/// The prefix of every tag key that is Cairn's own.
pub const TAG_PREFIX: &str = "cairn.run/";

/// The object that may own a resource. Its UID is no part of it: an object that is created again, in a rebuilt cluster
/// with the same id, takes its own back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Setting `cluster.id`; by default the UID of the namespace `kube-system`.
    pub cluster: String,
    /// AWS service, for example `s3`.
    pub service: String,
    /// Kind, for example `Bucket`.
    pub kind: String,
    /// Namespace of the object.
    pub namespace: String,
    /// Name of the object.
    pub name: String,
}

impl Owner {
    /// Value of [`OWNER_TAG`].
    #[must_use]
    pub fn tag(&self) -> String {
        let hash = digest::of_parts(&[&self.cluster, &self.service, &self.kind, &self.namespace, &self.name]);
        format!("v1:{hash}")
    }

    /// All ownership tags.
    #[must_use]
    pub fn tags(&self) -> BTreeMap<String, String> {
        [
            (OWNER_TAG, self.tag()),
            (CLUSTER_TAG, self.cluster.clone()),
            (NAMESPACE_TAG, self.namespace.clone()),
            (NAME_TAG, self.name.clone()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into()
    }
}

/// What the controller's own record says of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Nothing, or that the object had another resource of the same name.
    Nothing,
    /// This object created or adopted a resource of that name.
    Name,
    /// This object created or adopted this very resource.
    Resource,
}

/// What there is to decide by.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// Tags of the resource in AWS; `None` when they were not asked for.
    pub tags: Option<&'a BTreeMap<String, String>>,
    /// What the controller's own record says.
    pub recorded: Recorded,
    /// The record holds an unfinished create, before which a read found nothing.
    pub intended: bool,
    /// That create took no tags, and the resource is as old as what it makes.
    pub answers: bool,
    /// The AWS endpoint is overridden: an emulator may ignore tags in the creating call.
    pub emulated: bool,
}

impl<'a> Evidence<'a> {
    /// The evidence that a record gives beside the tags of the resource.
    #[must_use]
    pub fn of(record: &Record, present: &'a Present, emulated: bool) -> Self {
        let recorded = match (record.ownership, &record.incarnation, &present.incarnation) {
            (Some(_), Some(recorded), Some(found)) if recorded == found => Recorded::Resource,
            (Some(_), None, _) | (Some(_), _, None) => Recorded::Name,
            (None, ..) | (Some(_), Some(_), Some(_)) => Recorded::Nothing,
        };
        let answers = record.untagged && present.born.is_some_and(|born| record::may_have_made(record, born));
        Self { tags: present.tags.as_ref(), recorded, intended: record.intent.is_some(), answers, emulated }
    }

    /// The same for a resource of any kind: a setting has no owner, so whoever may speak for it is as good as one.
    #[must_use]
    pub fn of_kind(rules: &KindRules, record: &Record, present: &'a Present, emulated: bool) -> Self {
        // An emulator may ignore tags only where there are any.
        let evidence = Self::of(record, present, emulated && !rules.tags.is_empty());
        if rules.is_setting() { Self { recorded: Recorded::Resource, ..evidence } } else { evidence }
    }

    /// Whether the decision needs the tags, and they were not asked for.
    #[must_use]
    pub fn lacks_tags(&self) -> bool {
        self.tags.is_none() && self.recorded != Recorded::Resource
    }
}

/// Whose the resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This object's, and its tags say so.
    Ours,
    /// This object's, but the ownership tags are missing.
    OursUntagged,
    /// Nobody's, as far as its tags tell; why it is not this object's, in words that tell the way out.
    Unowned(String),
    /// Another object's; which, in words that tell the way out.
    Theirs(String),
}

impl Verdict {
    /// Whether the resource is this object's.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Ours | Self::OursUntagged)
    }
}

/// Decides whose a resource is (design §3.3, rules a to d, in that order).
#[must_use]
pub fn decide(owner: &Owner, evidence: Evidence<'_>) -> Verdict {
    let Some(tags) = evidence.tags else {
        return match evidence.recorded {
            Recorded::Resource => Verdict::Ours,
            Recorded::Name | Recorded::Nothing => Verdict::Unowned("its tags are not known".into()),
        };
    };
    match tags.get(OWNER_TAG) {
        Some(tag) if *tag == owner.tag() => Verdict::Ours,
        Some(_) => Verdict::Theirs(describe(owner, tags)),
        None if evidence.recorded != Recorded::Nothing => Verdict::OursUntagged,
        None if evidence.answers || (evidence.intended && evidence.emulated) => Verdict::OursUntagged,
        None => Verdict::Unowned(
            "it exists already and nothing says that this object created it; choose another name, set the annotation \
             adoption-policy to take it over, or delete it in AWS if it is not needed"
                .into(),
        ),
    }
}

fn describe(owner: &Owner, tags: &BTreeMap<String, String>) -> String {
    let tag = |key: &str| tags.get(key).map_or("?", String::as_str);
    let (cluster, namespace, name) = (tag(CLUSTER_TAG), tag(NAMESPACE_TAG), tag(NAME_TAG));
    if cluster != owner.cluster && namespace == owner.namespace && name == owner.name {
        return format!(
            "its tags say that {namespace}/{name} of cluster {cluster} owns it; if that is this cluster, rebuilt, set \
             cluster.id to {cluster}"
        );
    }
    let place = if cluster == owner.cluster { "this cluster".to_owned() } else { format!("cluster {cluster}") };
    format!("its tags say that {namespace}/{name} of {place} owns it; choose another name, or delete that object first")
}

#[cfg(test)]
mod tests {
    use cairn_crds::status::{Intent, Ownership};
    use jiff::Timestamp;

    use super::*;

    fn owner(cluster: &str, namespace: &str, name: &str) -> Owner {
        Owner {
            cluster: cluster.into(),
            service: "s3".into(),
            kind: "Bucket".into(),
            namespace: namespace.into(),
            name: name.into(),
        }
    }

    fn evidence(tags: &BTreeMap<String, String>) -> Evidence<'_> {
        Evidence { tags: Some(tags), recorded: Recorded::Nothing, intended: false, answers: false, emulated: false }
    }

    #[test]
    fn tags_that_name_this_object_decide_whatever_the_record_says() {
        let me = owner("c", "ns", "a");
        let tags = me.tags();
        assert_eq!(decide(&me, evidence(&tags)), Verdict::Ours);
        assert_eq!(
            decide(&me, Evidence { recorded: Recorded::Name, intended: true, ..evidence(&tags) }),
            Verdict::Ours
        );
    }

    #[test]
    fn tags_that_name_another_decide_against_any_record() {
        let tags = owner("c", "ns", "other").tags();
        let all =
            Evidence { tags: Some(&tags), recorded: Recorded::Resource, intended: true, answers: true, emulated: true };
        let Verdict::Theirs(why) = decide(&owner("c", "ns", "a"), all) else { panic!("not theirs") };
        assert!(why.contains("ns/other of this cluster"), "{why}");
    }

    #[test]
    fn without_tags_the_record_decides() {
        let (me, none) = (owner("c", "ns", "a"), BTreeMap::new());
        assert_eq!(decide(&me, Evidence { recorded: Recorded::Name, ..evidence(&none) }), Verdict::OursUntagged);
        assert!(matches!(decide(&me, evidence(&none)), Verdict::Unowned(_)));
    }

    #[test]
    fn an_unfinished_intent_counts_only_where_an_emulator_may_ignore_tags() {
        let (me, none) = (owner("c", "ns", "a"), BTreeMap::new());
        let intended = Evidence { intended: true, ..evidence(&none) };
        assert!(matches!(decide(&me, intended), Verdict::Unowned(_)));
        assert_eq!(decide(&me, Evidence { emulated: true, ..intended }), Verdict::OursUntagged);
        assert!(matches!(decide(&me, Evidence { emulated: true, ..evidence(&none) }), Verdict::Unowned(_)));
    }

    #[test]
    fn another_resource_of_the_same_name_is_not_what_the_record_speaks_of() {
        let me = owner("c", "ns", "a");
        let record = |incarnation: Option<&str>| Record {
            ownership: Some(Ownership::Created),
            incarnation: incarnation.map(Into::into),
            ..Record::default()
        };
        let found =
            |tags, incarnation: &str| Present { tags, incarnation: Some(incarnation.into()), ..Present::default() };
        let verdict = |record: &Record, present: &Present| decide(&me, Evidence::of(record, present, false));
        assert_eq!(verdict(&record(Some("1")), &found(None, "1")), Verdict::Ours);
        assert!(matches!(verdict(&record(Some("1")), &found(Some(BTreeMap::new()), "2")), Verdict::Unowned(_)));
        assert_eq!(verdict(&record(None), &found(Some(BTreeMap::new()), "2")), Verdict::OursUntagged);
        assert!(Evidence::of(&record(Some("1")), &found(None, "2"), false).lacks_tags());
        assert!(!Evidence::of(&record(Some("1")), &found(None, "1"), false).lacks_tags());
    }

    #[test]
    fn a_create_that_took_no_tags_is_answered_by_what_is_as_old() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let intent = Some(Intent::at(at(1_000)));
        let record = Record { intent, untagged: true, ..Record::default() };
        let verdict = |record: &Record, born| {
            let found = Present { tags: Some(BTreeMap::new()), born: Some(at(born)), ..Present::default() };
            decide(&owner("c", "ns", "a"), Evidence::of(record, &found, false)).is_ours()
        };
        assert!(verdict(&record, 1_001) && verdict(&record, 999), "AWS's clock may be behind ours");
        assert!(!verdict(&record, 900) && !verdict(&record, 1_100));
        assert!(!verdict(&Record { untagged: false, ..record.clone() }, 1_001), "that create would have left its tags");
        assert!(!verdict(&Record { intent: None, ..record }, 1_001));
    }

    #[test]
    fn a_rebuilt_cluster_is_told_which_id_to_set() {
        let Verdict::Theirs(why) = decide(&owner("new", "ns", "a"), evidence(&owner("old", "ns", "a").tags())) else {
            panic!("not theirs")
        };
        assert!(why.contains("set cluster.id to old"), "{why}");
    }

    #[test]
    fn the_owner_tag_never_changes_between_versions() {
        assert_eq!(owner("c", "ns", "a").tag(), "v1:2f731631681856b37516f75d3295a3d0");
        assert_ne!(owner("c", "n", "sa").tag(), owner("c", "ns", "a").tag());
    }
}
