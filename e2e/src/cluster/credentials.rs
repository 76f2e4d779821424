//! What the parts of a control plane know each other by.

use std::{fmt::Write, path::Path};

use aws_lc_rs::{
    rand::{SecureRandom, SystemRandom},
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::{Error, Result};

/// A new key for the tokens of service accounts, as PKCS#8 in PEM. The API server takes the public half from it.
pub(super) fn signing_key() -> Result<String> {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).map_err(no_randomness)?;
    let der = key.to_pkcs8v1().map_err(no_randomness)?;
    Ok(pem("PRIVATE KEY", der.as_ref()))
}

/// A secret that nobody guesses.
pub(super) fn token() -> Result<String> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(no_randomness)?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").ok();
        text
    }))
}

/// How a client finds the API server and says who it is.
pub(super) fn kubeconfig(port: u16, authority: &Path, token: &str) -> String {
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{
            "name": "cairn",
            "cluster": {"server": format!("https://127.0.0.1:{port}"), "certificate-authority": authority},
        }],
        "users": [{"name": "cairn", "user": {"token": token}}],
        "contexts": [{"name": "cairn", "context": {"cluster": "cairn", "user": "cairn"}}],
        "current-context": "cairn",
    })
    .to_string()
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    // Base64 is ASCII: chunks of bytes are chunks of characters.
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn no_randomness(_: aws_lc_rs::error::Unspecified) -> Error {
    Error::Wrong("cannot generate a key".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_pem_with_lines_of_64() {
        let key = signing_key().unwrap();
        assert!(key.starts_with("-----BEGIN PRIVATE KEY-----\n") && key.ends_with("\n-----END PRIVATE KEY-----\n"));
        assert!(key.lines().all(|line| line.len() <= 64), "{key}");
    }

    #[test]
    fn tokens_differ() {
        assert_ne!(token().unwrap(), token().unwrap());
    }
}
