//! Writes.

use cairn_testkit::api::ApiServer;
use serde_json::{Value, json};

use super::{Generator, NAMESPACES, Spot, put_edited};
use crate::{
    script::{Body, Class, Request, request},
    things::{Thing, gadget_status, metadata},
};

const MERGE: &str = "application/merge-patch+json";
const JSON: &str = "application/json-patch+json";
const APPLY: &str = "application/apply-patch+yaml";

const MANAGERS: [&str; 4] = ["alpha", "beta", "gamma", "delta"];

impl Generator {
    pub(super) fn write(&mut self, class: Class, server: &ApiServer) -> Request {
        match class {
            Class::CreateGenerated => self.create(true),
            Class::Update => self.update(server),
            Class::MergePatch => self.merge_patch(server),
            Class::JsonPatch => self.json_patch(server),
            Class::Apply | Class::ApplyForced => self.apply(server, class == Class::ApplyForced),
            Class::Status => self.status(server),
            Class::StatusApply => self.status_apply(server),
            Class::Scale => self.scale(server),
            Class::Finalizers => self.finalizers(server),
            Class::Delete => request("DELETE", self.taken_spot(server).path()),
            Class::DeletePrecondition => self.delete_with_preconditions(server),
            Class::DeleteCollection => self.delete_collection(),
            Class::DeletePropagation => self.delete_on_trial(server),
            Class::Owners => self.owners_on_trial(server),
            _ => self.create(false),
        }
    }

    fn manager(&mut self) -> &'static str {
        self.rng.pick(&MANAGERS)
    }

    fn managed(&mut self, request: Request) -> Request {
        if self.rng.percent(50) {
            let manager = self.manager();
            return request.with("fieldManager", manager);
        }
        request
    }

    fn create(&mut self, generated: bool) -> Request {
        let spot = self.spot();
        let (bad_content, bad_metadata) = (self.bad_luck(), self.rng.percent(6));
        let mut metadata = metadata(&self.rng, bad_metadata);
        if generated {
            let base = if self.bad_luck() { "Bad_" } else { self.rng.pick(&["gen-", "gen.x-", "g"]) };
            metadata["generateName"] = json!(format!("{base}{}-", self.step));
        } else {
            metadata["name"] = json!(spot.name);
        }
        let mut content = spot.thing.content(&self.rng, bad_content);
        if spot.thing == Thing::Gadget && self.rng.percent(20) {
            content["status"] = gadget_status(&self.rng, false);
        }
        let object = spot.thing.object(&metadata, content);
        let create = request("POST", spot.collection()).json(object);
        self.managed(create)
    }

    fn update(&mut self, server: &ApiServer) -> Request {
        let spot = self.taken_spot(server);
        let bad = self.bad_luck();
        let content = spot.thing.content(&self.rng, bad);
        let Some(step) = self.known(&spot, 12) else {
            let metadata = metadata(&self.rng, false);
            return request("PUT", spot.path()).json(spot.object(metadata, content));
        };
        let mut edit = content;
        if self.rng.percent(50) {
            let bad = self.rng.percent(8);
            edit["metadata"] = metadata(&self.rng, bad);
        }
        match self.rng.below(25) {
            0 => edit["metadata"]["resourceVersion"] = Value::Null,
            1 => edit["metadata"]["uid"] = json!("ffffffff-0000-4000-8000-00000000000a"),
            2 => edit["metadata"]["managedFields"] = json!([{}]),
            3 => edit["metadata"]["managedFields"] = Value::Null,
            4 => edit["metadata"]["creationTimestamp"] = Value::Null,
            5 => edit["metadata"]["generation"] = json!(77),
            6 => edit["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z"),
            7 => edit = json!({}),
            _ => {}
        }
        let update = put_edited(spot.path(), step, edit);
        self.managed(update)
    }

    fn merge_patch(&mut self, server: &ApiServer) -> Request {
        let spot = self.taken_spot(server);
        let bad = self.bad_luck();
        let mut patch = spot.thing.content(&self.rng, bad);
        if self.rng.percent(35) {
            let bad = self.rng.percent(8);
            patch["metadata"] = metadata(&self.rng, bad);
        }
        if self.rng.percent(40) {
            let (part, field) = self.rng.pick(&[
                ("spec", "size"),
                ("spec", "mode"),
                ("spec", "rules"),
                ("spec", "tags"),
                ("spec", "labels"),
                ("spec", "moons"),
                ("data", "a"),
                ("metadata", "labels"),
                ("metadata", "annotations"),
            ]);
            patch[part][field] = Value::Null;
        }
        if self.rng.percent(8)
            && let Some(step) = self.known(&spot, 50)
        {
            patch["metadata"]["resourceVersion"] = json!(format!("{{{{rv:{step}}}}}"));
        }
        if self.rng.percent(5) {
            patch = json!({});
        }
        let patch = request("PATCH", spot.path()).media(MERGE).json(patch);
        self.managed(patch)
    }

    fn json_patch(&mut self, server: &ApiServer) -> Request {
        let spot = self.taken_spot(server);
        let (part, key) = match spot.thing {
            Thing::ConfigMap => ("data", "a"),
            Thing::Gadget => ("spec", self.rng.pick(&["title", "size", "rules", "tags"])),
            Thing::Planet => ("spec", self.rng.pick(&["mass", "rings", "moons"])),
        };
        let value = spot.thing.content(&self.rng, false)[part][key].clone();
        let pointer = format!("/{part}/{key}");
        let operation = match self.rng.below(7) {
            0 => json!({ "op": "remove", "path": pointer }),
            1 => json!({ "op": "replace", "path": pointer, "value": value }),
            2 => json!({ "op": "test", "path": pointer, "value": value }),
            3 => json!({ "op": "add", "path": "/metadata/labels", "value": { "app": "a" } }),
            4 => json!({ "op": "copy", "from": "/metadata/name", "path": "/metadata/labels/app" }),
            5 => json!({ "op": "add", "path": format!("/{part}/unknown"), "value": 1 }),
            _ => json!({ "op": "add", "path": pointer, "value": value }),
        };
        let patch = request("PATCH", spot.path()).media(JSON).json(json!([operation]));
        self.managed(patch)
    }

    fn apply(&mut self, server: &ApiServer, force: bool) -> Request {
        let spot = if self.rng.percent(85) { self.taken_spot(server) } else { self.spot() };
        let bad = self.rng.percent(7);
        let content = spot.thing.content(&self.rng, bad);
        let bad = self.rng.percent(4);
        let metadata = if self.rng.percent(40) { metadata(&self.rng, bad) } else { json!({}) };
        let mut config = spot.object(metadata, content);
        match self.rng.below(40) {
            0 => config["metadata"]["resourceVersion"] = json!("1"),
            1 => config["metadata"]["uid"] = json!("ffffffff-0000-4000-8000-00000000000b"),
            2 => config["metadata"]["managedFields"] = json!([]),
            3 => drop(config["metadata"].as_object_mut().unwrap().remove("name")),
            4 => config["metadata"]["resourceVersion"] = json!("0"),
            5 => {
                if let Some(step) = self.known(&spot, 50) {
                    config["metadata"]["resourceVersion"] = json!(format!("{{{{rv:{step}}}}}"));
                }
            }
            6 if spot.thing == Thing::Gadget => config["status"] = gadget_status(&self.rng, false),
            _ => {}
        }
        let manager = self.manager();
        let apply = request("PATCH", spot.path()).media(APPLY).with("fieldManager", manager).json(config);
        if force { apply.with("force", "true") } else { apply }
    }

    fn status(&mut self, server: &ApiServer) -> Request {
        let spot = self.taken_spot_of(Thing::Gadget, server);
        let path = format!("{}/status", spot.path());
        let bad = self.bad_luck();
        let mut edit = json!({ "status": gadget_status(&self.rng, bad) });
        if self.rng.percent(20) {
            edit["spec"] = spot.thing.content(&self.rng, false)["spec"].clone();
            edit["metadata"] = metadata(&self.rng, false);
        }
        let known = self.known(&spot, 12);
        let status = match known {
            Some(step) if self.rng.percent(50) => put_edited(path, step, edit),
            _ => request("PATCH", path).media(MERGE).json(edit),
        };
        self.managed(status)
    }

    fn status_apply(&mut self, server: &ApiServer) -> Request {
        let spot = self.taken_spot_of(Thing::Gadget, server);
        let bad = self.rng.percent(8);
        let mut config = spot.object(json!({}), json!({ "status": gadget_status(&self.rng, bad) }));
        if self.rng.percent(15) {
            config["spec"] = json!({ "title": "status" });
            config["metadata"]["labels"] = json!({ "app": "a" });
        }
        let manager = self.manager();
        let apply = request("PATCH", format!("{}/status", spot.path())).media(APPLY).with("fieldManager", manager);
        if self.rng.percent(40) { apply.with("force", "true").json(config) } else { apply.json(config) }
    }

    fn scale(&mut self, server: &ApiServer) -> Request {
        let spot = self.taken_spot_of(Thing::Gadget, server);
        let path = format!("{}/scale", spot.path());
        let replicas = json!(self.rng.pick(&[0, 1, 2, 3, -1]));
        let mut scale = json!({ "spec": { "replicas": replicas } });
        if self.bad_luck() {
            scale["spec"]["replicas"] = json!("many");
        }
        let request = match self.rng.below(4) {
            0 => request("GET", path),
            1 => request("PATCH", path).media(MERGE).json(scale),
            2 => {
                scale["apiVersion"] = json!("autoscaling/v1");
                scale["kind"] = json!("Scale");
                scale["metadata"] = json!({ "name": spot.name });
                let manager = self.manager();
                request("PATCH", path).media(APPLY).with("fieldManager", manager).json(scale)
            }
            _ => {
                scale["metadata"] = json!({ "name": spot.name, "namespace": spot.namespace });
                if self.rng.percent(60) {
                    scale["apiVersion"] = json!("autoscaling/v1");
                }
                request("PUT", path).json(scale)
            }
        };
        if request.query.is_empty() { self.managed(request) } else { request }
    }

    fn finalizers(&mut self, server: &ApiServer) -> Request {
        let spot = self.taken_spot(server);
        let finalizers = match self.rng.below(6) {
            0 => json!(["conformance.example.org/hold"]),
            1 => json!(["conformance.example.org/hold", "conformance.example.org/more"]),
            2 => json!(["conformance.example.org/more"]),
            3 => json!([]),
            _ => Value::Null,
        };
        let patch = json!({ "metadata": { "finalizers": finalizers } });
        if self.rng.percent(20)
            && let Some(step) = self.known(&spot, 0)
        {
            return put_edited(spot.path(), step, patch);
        }
        let patch = request("PATCH", spot.path()).media(MERGE).json(patch);
        if self.rng.percent(10) { patch.with("dryRun", "All") } else { patch }
    }

    fn delete_with_preconditions(&mut self, server: &ApiServer) -> Request {
        let spot = self.taken_spot(server);
        let mut preconditions = json!({});
        if let Some(step) = self.known(&spot, 40) {
            for key in self.rng.some(&["uid", "resourceVersion"]) {
                let what = if key == "uid" { "uid" } else { "rv" };
                preconditions[key] = json!(format!("{{{{{what}:{step}}}}}"));
            }
        }
        if self.rng.percent(20) {
            preconditions["uid"] = json!("ffffffff-0000-4000-8000-00000000000c");
        }
        let options = json!({ "kind": "DeleteOptions", "apiVersion": "v1", "preconditions": preconditions });
        request("DELETE", spot.path()).json(options)
    }

    fn delete_collection(&mut self) -> Request {
        let spot = self.spot();
        let selector = self.rng.pick(&["app=a,tier=x", "legacy,app=b", "nothing=here", "app=c,!tier"]);
        let delete = request("DELETE", spot.collection()).with("labelSelector", selector);
        if self.rng.percent(15) { delete.with("dryRun", "All") } else { delete }
    }

    /// Foreground and orphan deletion, of which nothing may become before the garbage collector can be waited for.
    fn delete_on_trial(&mut self, server: &ApiServer) -> Request {
        let spot = self.taken_spot(server);
        let policy = self.rng.pick(&["Foreground", "Orphan", "Background"]);
        request("DELETE", spot.path()).with("propagationPolicy", policy).with("dryRun", "All")
    }

    fn owners_on_trial(&mut self, server: &ApiServer) -> Request {
        let spot = self.taken_spot(server);
        let owner = |name: &str, number: u32| {
            json!({
                "apiVersion": "v1", "kind": "ConfigMap", "name": name, "controller": number == 1,
                "uid": format!("ffffffff-0000-4000-8000-0000000000{number:02}"),
            })
        };
        let references = match self.rng.below(4) {
            0 => json!([owner("x", 1)]),
            1 => json!([owner("x", 1), owner("y", 2)]),
            2 => json!([owner("x", 2), owner("x", 2)]),
            _ => json!([owner("x", 1), owner("y", 1)]),
        };
        let metadata = json!({ "ownerReferences": references });
        let manager = self.manager();
        match self.rng.below(3) {
            0 => request("POST", spot.collection()).json(spot.object(metadata, spot.thing.content(&self.rng, false))),
            1 => request("PATCH", spot.path()).media(MERGE).json(json!({ "metadata": metadata })),
            _ => request("PATCH", spot.path())
                .media(APPLY)
                .with("fieldManager", manager)
                .json(spot.object(metadata, spot.thing.content(&self.rng, false))),
        }
        .with("dryRun", "All")
    }

    /// Any write, without effect.
    pub(super) fn dry_run(&mut self, server: &ApiServer) -> Request {
        let class = self.rng.pick(&[
            Class::Create,
            Class::CreateGenerated,
            Class::Update,
            Class::MergePatch,
            Class::Apply,
            Class::ApplyForced,
            Class::Status,
            Class::Delete,
        ]);
        let mut write = self.write(class, server);
        write.query.retain(|(key, _)| key != "dryRun");
        write.with("dryRun", "All")
    }

    /// Writes with unknown or repeated fields, under every strictness.
    pub(super) fn strict(&mut self, server: &ApiServer) -> Request {
        let validation = self.rng.pick(&["Strict", "Warn", "Ignore", "Strict"]);
        if self.rng.percent(40) {
            let repeated = r#"{"apiVersion":"conformance.example.org/v1","kind":"Gadget","metadata":{"name":"twice",
                "namespace":"conformance"},"spec":{"size":1,"size":2,"title":"a"},"top":1}"#;
            let (method, path, media) =
                self.rng.pick(&[("POST", "", "application/json"), ("PATCH", "/n0", MERGE), ("PATCH", "/n1", APPLY)]);
            let path = format!("{}{path}", Thing::Gadget.collection(NAMESPACES[0]));
            let write = request(method, path).media(media).body(Body::Text(repeated)).with("dryRun", "All");
            let write = if media == APPLY { write.with("fieldManager", "alpha") } else { write };
            return write.with("fieldValidation", validation);
        }
        let class = self.rng.pick(&[Class::Create, Class::Update, Class::MergePatch, Class::JsonPatch, Class::Apply]);
        let mut write = self.write(class, server);
        if let Body::Json(body) | Body::Edited { edit: body, .. } = &mut write.body
            && body.is_object()
        {
            let spot: &Spot = &self.spot_of(Thing::Gadget);
            body["metadata"]["unheard"] = json!(spot.name);
            body["of"] = json!({ "things": 1 });
        }
        write.with("fieldValidation", validation)
    }
}
