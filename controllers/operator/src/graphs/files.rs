//! Files with manifests.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cairn_graph::schemas::Gvk;
use serde_json::Value as Json;

use super::located::{Located, documents};

/// Why files cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file cannot be opened or read.
    #[error("{}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no YAML; the message has the place.
    #[error("{}: {message}", .path.display())]
    Yaml {
        /// The file.
        path: PathBuf,
        /// Where, and why.
        message: String,
    },
}

/// A file with its text.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// One document of a file.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) source: Arc<Source>,
    pub(crate) tree: Located,
    pub(crate) json: Json,
}

impl Document {
    /// Group, version and kind, as far as it says them.
    pub(crate) fn gvk(&self) -> Option<Gvk> {
        let text = |name: &str| self.json.get(name).and_then(Json::as_str);
        Some(Gvk::new(text("apiVersion")?, text("kind")?))
    }

    /// The name of the object, or what stands for one that has none.
    pub(crate) fn name(&self) -> &str {
        self.json.pointer("/metadata/name").and_then(Json::as_str).unwrap_or("(without a name)")
    }
}

/// Reads every document of files and folders, in order; of a folder its YAML and JSON files by name.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<Document>, FileError> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            for file in within(path)? {
                found.extend(one(&file)?);
            }
        } else {
            found.extend(one(path)?);
        }
    }
    Ok(found)
}

fn within(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let failed = |source| FileError::Read { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let manifest = path.extension().is_some_and(|end| end == "yaml" || end == "yml" || end == "json");
        if manifest && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn one(path: &Path) -> Result<Vec<Document>, FileError> {
    let text = if path.as_os_str() == "-" { standard_input() } else { std::fs::read_to_string(path) };
    let text = text.map_err(|source| FileError::Read { path: path.to_owned(), source })?;
    parse(&path.display().to_string(), text)
        .map_err(|error| FileError::Yaml { path: path.to_owned(), message: error.to_string() })
}

fn standard_input() -> std::io::Result<String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}

/// Reads the documents of a text; lists of objects, as `kubectl get -o yaml` prints them, stay one document.
pub(crate) fn parse(path: &str, text: String) -> Result<Vec<Document>, serde_saphyr::Error> {
    let trees = documents(&text)?;
    let source = Arc::new(Source { path: path.to_owned(), text });
    let document = |tree: Located| Document { source: Arc::clone(&source), json: tree.json(), tree };
    Ok(trees.into_iter().map(document).collect())
}
