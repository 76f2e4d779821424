//! What is generated must be what is committed.

use std::{fs, path::Path};

#[test]
fn the_reference_pages_are_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (path, content) in cairn::docs::pages() {
        let committed = fs::read_to_string(root.join(&path)).unwrap_or_default();
        assert!(committed == content, "{path} is not what the code says: run `cargo generate`");
    }
}
