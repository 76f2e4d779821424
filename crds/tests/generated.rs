//! What is generated must be what is committed, and must be readable by every YAML reader alike.

use std::{fs, path::Path};

use cairn_crds::{Groups, KINDS, generated, managed, manifest};

#[test]
fn generated_files_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (path, content) in generated().unwrap() {
        let committed = fs::read_to_string(root.join(&path)).unwrap_or_default();
        assert!(committed == content, "{path} is not what the types say: run `cargo generate`");
    }
}

#[test]
fn every_definition_fits_the_api_types_under_any_group() {
    for groups in [Groups::default(), Groups::new("services.k8s.aws", "kro.run").unwrap()] {
        for kind in KINDS {
            let crd = kind.definition(&groups).unwrap();
            assert_eq!(crd.spec.group, kind.group(&groups));
            assert_eq!(crd.metadata.name.unwrap(), format!("{}.{}", kind.plural, crd.spec.group));
        }
    }
}

#[test]
fn yaml_reads_back_as_written() {
    for kind in KINDS {
        let groups = Groups::default();
        let yaml = manifest::yaml(kind, &groups).unwrap();
        let by_serde_yaml: serde_json::Value = serde_yaml::from_str(&yaml).unwrap();
        let by_saphyr: serde_json::Value = serde_saphyr::from_str(&yaml).unwrap();
        assert_eq!(by_serde_yaml, kind.manifest(&groups));
        assert_eq!(by_saphyr, kind.manifest(&groups));
    }
}

#[test]
fn no_schema_marks_a_field_nullable() {
    for (path, content) in generated().unwrap() {
        assert!(!content.contains("nullable"), "{path}");
    }
}

#[test]
fn nothing_in_a_status_is_required_that_the_controller_may_leave_out() {
    for kind in managed() {
        let empty: cairn_crds::status::Record = serde_json::from_value(serde_json::json!({"version": 1})).unwrap();
        let written = serde_json::to_value(empty).unwrap();
        let record = &(kind.status)()["properties"]["record"];
        for required in record["required"].as_array().unwrap() {
            assert!(written.get(required.as_str().unwrap()).is_some(), "{}: {required}", kind.kind);
        }
    }
}
