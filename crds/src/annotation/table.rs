//! The table itself. The text above a row is its meaning, for readers of the code and of the reference page alike.

use super::{Annotation, Form, Place, Prefix, Writer};

/// What most rows have in common.
const ROW: Annotation = Annotation {
    key: "",
    prefix: Prefix::Suffix,
    place: Place::Object,
    form: Form::Text,
    writer: Writer::People,
    meaning: "",
    ack: "",
};

macro_rules! annotations {
    ($($(#[doc = $meaning:literal])+ $name:ident { $($field:ident: $value:expr),+ $(,)? })+) => {
        $(
            $(#[doc = $meaning])+
            pub const $name: Annotation = Annotation { meaning: concat!($($meaning),+).trim_ascii_start(), $($field: $value,)+ ..ROW };
        )+

        /// Every annotation, in the order of the reference page.
        pub const ANNOTATIONS: &[Annotation] = &[$($name),+];
    };
}

annotations! {
    /// Observe only: the status says what AWS has and what would differ, nothing is written to AWS, and deleting the
    /// object leaves AWS as it is. Goes before `mode`.
    READ_ONLY { key: "read-only", form: Form::Boolean, ack: "as ACK, and the status says what differs" }

    /// `Plan` publishes in the status what would be done, step by step, and does nothing; an object that is deleted waits
    /// as well. `Manage` is the default.
    MODE { key: "mode", form: Form::Words(&["Plan", "Manage"]), ack: "not in ACK" }

    /// The brake: AWS is observed and the status shows the plan, but nothing is changed. Deleting the object is not held
    /// up. On a Namespace it holds for every object in it; the flag `--paused` holds for all.
    PAUSED { key: "paused", place: Place::Both, form: Form::Boolean, ack: "not in ACK" }

    /// As `paused`, and ends by itself at this time. It pauses without `paused` beside it.
    PAUSED_UNTIL { key: "paused-until", place: Place::Both, form: Form::Moment, ack: "not in ACK" }

    /// Take over a resource that exists. `adopt` fills the spec from what AWS has; `adopt-or-create` brings AWS in line
    /// with the spec, and creates what is missing. A resource that carries another object's ownership tags is not taken.
    /// The flag `--adoption-namespaces` says which Namespaces may adopt.
    ADOPTION_POLICY {
        key: "adoption-policy",
        form: Form::Words(&["adopt", "adopt-or-create"]),
        ack: "as ACK, but what another object owns is refused",
    }

    /// What identifies the resource to adopt, where the spec does not: `name`, `arn` or what the kind calls it.
    ADOPTION_FIELDS { key: "adoption-fields", form: Form::Strings, ack: "as ACK" }

    /// The resource was adopted. It informs: written by anybody else it proves nothing.
    ADOPTED { key: "adopted", form: Form::Boolean, writer: Writer::Controller, ack: "as ACK, but no evidence" }

    /// What becomes of the resource when the object is deleted: `delete` it too, or `retain` it in AWS. Goes before the
    /// Namespace's annotation and the flag. Without it, an adopted resource is retained, except under ACK's names.
    DELETION_POLICY { key: "deletion-policy", form: Form::Words(&["delete", "retain"]), ack: "as ACK" }

    /// The same for all objects of one service in the Namespace that do not say. Goes before the flag
    /// `--deletion-policy`.
    SERVICE_DELETION_POLICY {
        key: "deletion-policy",
        prefix: Prefix::Service,
        place: Place::Namespace,
        form: Form::Words(&["delete", "retain"]),
        ack: "as ACK",
    }

    /// Refuses to delete: the API server refuses to delete the object, and Cairn to delete the resource in AWS. On a
    /// Namespace it protects the Namespace and every object of an AWS kind in it, whatever those say themselves.
    DELETION_PROTECTION { key: "deletion-protection", place: Place::Both, form: Form::Boolean, ack: "not in ACK" }

    /// How long Cairn waits between two checks of an unchanged resource against AWS; `0` is the default, an hour after a
    /// change and ever longer up to a day. Goes before the flags.
    RESYNC_PERIOD { key: "resync-period", form: Form::Period, ack: "not in ACK, which has flags only" }

    /// Fields that somebody else may change in AWS: they are set when the resource is created, and no difference in them
    /// is mended afterwards. Case does not count; a field stands for all below it.
    IGNORE_FIELD_DRIFT { key: "ignore-field-drift", form: Form::FieldPaths, ack: "as ACK, without a feature gate" }

    /// The AWS region of the resource. Goes before the Namespace's `default-region` and the flag `--aws-region`; a
    /// resource that exists does not move.
    REGION { key: "region", form: Form::Region, ack: "as ACK, and a change is told on the object" }

    /// The AWS region of objects in the Namespace that name none.
    DEFAULT_REGION { key: "default-region", place: Place::Namespace, form: Form::Region, ack: "as ACK" }

    /// The AWS account of the objects in the Namespace. The `ConfigMap` `ack-role-account-map` names the role for it.
    OWNER_ACCOUNT_ID { key: "owner-account-id", place: Place::Namespace, form: Form::Account, ack: "as ACK" }

    /// Names the team whose role is used. Objects in such a Namespace are not worked on, because the role would be
    /// another than meant.
    TEAM_ID {
        key: "team-id",
        place: Place::Namespace,
        form: Form::NotOffered { instead: "give the namespace its role by an IAMRoleSelector" },
        ack: "not offered; in ACK behind a feature gate",
    }

    /// The endpoint of AWS. Objects in such a Namespace are not worked on, because AWS would be another than meant.
    ENDPOINT_URL {
        key: "endpoint-url",
        place: Place::Namespace,
        form: Form::NotOffered { instead: "set the endpoint for the whole operator by --aws-endpoint-url" },
        ack: "not offered; in ACK honoured for the first object of an account and region only",
    }

    /// Check against AWS now. Any new value does; `status.lastHandledReconcileAt` repeats it when that is done. A time or
    /// a number of seconds since 1970 compares best with the annotation below.
    REQUESTED_AT { key: "requested-at", ack: "not in ACK" }

    /// The same, as Flux's tools write it. Of the two the later counts.
    FLUX_REQUESTED_AT { key: "reconcile.fluxcd.io/requestedAt", prefix: Prefix::Foreign, ack: "not in ACK" }
}
