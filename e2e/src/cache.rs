//! What takes minutes to make is made once for all checkouts and all runs.

use std::{
    env,
    fmt::Write,
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{Error, Result, progress::Progress};

/// The directory of the cache: `CAIRN_CACHE`, else `cairn` in the user's cache directory.
///
/// # Errors
/// [`Error::Missing`] when no variable says where that is.
pub fn directory() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("CAIRN_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("cairn")))
        .or_else(|| set("HOME").map(|home| home.join(".cache").join("cairn")))
        .ok_or_else(|| Error::Missing { what: "a cache directory".into(), install: "set CAIRN_CACHE".into() })
}

/// A short name for what is made from these inputs.
#[must_use]
pub fn key(inputs: &[Vec<u8>]) -> String {
    let mut hash = Sha256::new();
    for input in inputs {
        // With its length, so that no input can pass for a part of another.
        hash.update((input.len() as u64).to_be_bytes());
        hash.update(input);
    }
    hex(&hash.finalize()[..8])
}

/// Bytes as text that suits file names and headers.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A String takes whatever is written to it.
        write!(text, "{byte:02x}").ok();
        text
    })
}

/// Gives the entry of that name, and makes it first when it is not there.
///
/// Two processes do not make it at once: the second waits for the first. An entry counts from the moment `make` has
/// returned: what an interrupted run left is made again.
///
/// # Errors
/// Whatever `make` fails with, and [`Error::Io`].
pub fn entry(name: &str, progress: &Progress, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let (entry, complete) = (directory()?.join(name), directory()?.join(format!("{name}.complete")));
    if complete.exists() {
        return Ok(entry);
    }
    let cache = directory()?;
    fs::create_dir_all(&cache).map_err(|source| Error::file(&cache, source))?;
    let _lock = lock(&cache.join(format!("{name}.lock")), progress)?;
    if !complete.exists() {
        remove(&entry)?;
        fs::create_dir_all(&entry).map_err(|source| Error::file(&entry, source))?;
        make(&entry)?;
        File::create(&complete).map_err(|source| Error::file(&complete, source))?;
    }
    Ok(entry)
}

fn remove(directory: &Path) -> Result<()> {
    match fs::remove_dir_all(directory) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(Error::file(directory, source)),
        _ => Ok(()),
    }
}

/// Holds the lock until the file is dropped; the system drops it with the process, however that ends.
fn lock(path: &Path, progress: &Progress) -> Result<File> {
    let file = File::create(path).map_err(|source| Error::file(path, source))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => progress.long("waiting for another process that builds the same"),
        Err(TryLockError::Error(source)) => return Err(Error::file(path, source)),
    }
    file.lock().map_err(|source| Error::file(path, source))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_depends_on_every_input_and_where_it_ends() {
        let key = |inputs: &[&str]| key(&inputs.iter().map(|input| input.as_bytes().to_vec()).collect::<Vec<_>>());
        assert_eq!(key(&["a", "b"]), key(&["a", "b"]));
        assert_ne!(key(&["a", "b"]), key(&["ab", ""]));
        assert_ne!(key(&["a"]), key(&["b"]));
        assert_eq!(key(&["a"]).len(), 16);
    }
}
