//! The schemas of the built-in kinds, as far as decoding, merging and ownership go by them.

use std::sync::LazyLock;

use super::{Additional, Empty, ListType, MapType, Schema, Type};

static OBJECT_META: LazyLock<Schema> = LazyLock::new(|| {
    object([
        ("name", text()),
        ("generateName", text()),
        ("namespace", text()),
        ("selfLink", text()),
        ("uid", text()),
        ("resourceVersion", text()),
        ("generation", number()),
        ("creationTimestamp", time()),
        ("deletionTimestamp", time()),
        ("deletionGracePeriodSeconds", number().kept()),
        ("labels", map(text().kept())),
        ("annotations", map(text().kept())),
        ("ownerReferences", list(owner_reference()).keyed(&["uid"])),
        ("finalizers", list(text().kept()).set()),
        ("managedFields", list(managed_fields())),
    ])
});

/// `metadata` of every object.
pub(crate) fn object_meta() -> &'static Schema {
    &OBJECT_META
}

/// The schema of a built-in kind.
pub(crate) fn of_builtin(group: &str, plural: &str) -> Schema {
    let fields = match (group, plural) {
        ("", "configmaps") => {
            object([("immutable", flag().kept()), ("data", map(text().kept())), ("binaryData", map(bytes().kept()))])
        }
        ("", "secrets") => object([
            ("immutable", flag().kept()),
            ("data", map(bytes().kept())),
            ("stringData", map(text().kept())),
            ("type", Schema { default: Some("Opaque".into()), ..text() }),
        ]),
        ("", "namespaces") => object([
            ("spec", object([("finalizers", list(text().kept()))]).kept()),
            ("status", object([("phase", text()), ("conditions", list(free()).keyed(&["type"]))]).kept()),
        ]),
        ("", "events") => core_event(),
        ("events.k8s.io", "events") => event(),
        ("coordination.k8s.io", "leases") => object([("spec", lease_spec().kept())]),
        ("apiextensions.k8s.io", "customresourcedefinitions") => definition(),
        _ => free(),
    };
    with_meta(fields)
}

/// `Scale` of `autoscaling/v1`.
pub(crate) fn scale() -> Schema {
    with_meta(object([
        ("spec", object([("replicas", number())]).kept()),
        ("status", object([("replicas", number().kept()), ("selector", text())]).kept()),
    ]))
}

/// What every object has.
pub(crate) fn type_and_object_meta() -> [(&'static str, Schema); 3] {
    [("apiVersion", text()), ("kind", text()), ("metadata", object_meta().clone().kept())]
}

fn with_meta(mut schema: Schema) -> Schema {
    schema.fields.extend(type_and_object_meta().map(|(name, field)| (name.to_owned(), field)));
    schema
}

fn owner_reference() -> Schema {
    let fields = object([
        ("apiVersion", text().kept()),
        ("kind", text().kept()),
        ("name", text().kept()),
        ("uid", text().kept()),
        ("controller", flag().kept()),
        ("blockOwnerDeletion", flag().kept()),
    ]);
    fields.atomic()
}

fn managed_fields() -> Schema {
    object([
        ("manager", text()),
        ("operation", text()),
        ("apiVersion", text()),
        ("time", time()),
        ("fieldsType", text()),
        ("fieldsV1", free()),
        ("subresource", text()),
    ])
}

fn reference() -> Schema {
    object([
        ("kind", text()),
        ("namespace", text()),
        ("name", text()),
        ("uid", text()),
        ("apiVersion", text()),
        ("resourceVersion", text()),
        ("fieldPath", text()),
    ])
    .atomic()
}

fn source() -> Schema {
    object([("component", text()), ("host", text())])
}

fn series() -> Schema {
    object([("count", number()), ("lastObservedTime", micro_time())])
}

fn core_event() -> Schema {
    object([
        ("involvedObject", reference().kept()),
        ("reason", text()),
        ("message", text()),
        ("source", source().kept()),
        ("firstTimestamp", time()),
        ("lastTimestamp", time()),
        ("count", number()),
        ("type", text()),
        ("eventTime", micro_time()),
        ("series", series()),
        ("action", text()),
        ("related", reference()),
        ("reportingComponent", text().kept()),
        ("reportingInstance", text().kept()),
    ])
}

fn event() -> Schema {
    object([
        ("eventTime", micro_time()),
        ("series", series()),
        ("reportingController", text()),
        ("reportingInstance", text()),
        ("action", text()),
        ("reason", text()),
        ("regarding", reference().kept()),
        ("related", reference()),
        ("note", text()),
        ("type", text()),
        ("deprecatedSource", source().kept()),
        ("deprecatedFirstTimestamp", time()),
        ("deprecatedLastTimestamp", time()),
        ("deprecatedCount", number()),
    ])
}

fn lease_spec() -> Schema {
    object([
        ("holderIdentity", text().kept()),
        ("leaseDurationSeconds", number().kept()),
        ("acquireTime", micro_time()),
        ("renewTime", micro_time()),
        ("leaseTransitions", number().kept()),
        ("strategy", text().kept()),
        ("preferredHolder", text().kept()),
    ])
}

fn names() -> Schema {
    object([
        ("plural", text().kept()),
        ("singular", text()),
        ("shortNames", list(text().kept())),
        ("kind", text().kept()),
        ("listKind", text()),
        ("categories", list(text().kept())),
    ])
}

fn definition() -> Schema {
    let spec = object([
        ("group", text().kept()),
        ("names", names().kept()),
        ("scope", text().kept()),
        ("versions", list(free()).kept()),
        ("conversion", free()),
        ("preserveUnknownFields", flag()),
    ]);
    let status = object([
        ("conditions", list(free()).keyed(&["type"])),
        ("acceptedNames", names().kept()),
        ("storedVersions", list(text().kept())),
        ("observedGeneration", number()),
    ]);
    object([("spec", spec.kept()), ("status", status.kept())])
}

fn object<const N: usize>(fields: [(&str, Schema); N]) -> Schema {
    let fields = fields.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    Schema { fields, additional: Some(Additional::Nothing), ..of(Type::Object) }
}

fn map(values: Schema) -> Schema {
    Schema { additional: Some(Additional::Of(Box::new(values))), ..of(Type::Object) }
}

fn list(items: Schema) -> Schema {
    Schema { items: Some(Box::new(items)), ..of(Type::Array) }
}

fn of(kind: Type) -> Schema {
    Schema { kind: Some(kind), empty: Empty::Omitted, ..Schema::default() }
}

fn text() -> Schema {
    of(Type::String)
}

fn number() -> Schema {
    of(Type::Integer)
}

fn flag() -> Schema {
    of(Type::Boolean)
}

fn free() -> Schema {
    Schema::any().clone()
}

fn formatted(format: &str) -> Schema {
    Schema { format: Some(format.to_owned()), ..text() }
}

fn time() -> Schema {
    formatted("date-time")
}

fn micro_time() -> Schema {
    formatted("micro-time")
}

fn bytes() -> Schema {
    formatted("byte")
}

impl Schema {
    fn kept(self) -> Self {
        Self { empty: Empty::Kept, ..self }
    }

    fn atomic(self) -> Self {
        Self { map: MapType::Atomic, ..self }
    }

    fn set(self) -> Self {
        Self { list: ListType::Set, ..self }
    }

    fn keyed(self, keys: &[&str]) -> Self {
        Self { list: ListType::Keyed(keys.iter().map(|key| (*key).to_owned()).collect()), ..self }
    }
}
