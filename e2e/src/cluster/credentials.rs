//! What the parts of a control plane know each other by.

use std::path::Path;

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::{SecureRandom, SystemRandom},
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::{Error, Result, cache::hex};

/// The key with which tokens of service accounts are signed, in PEM.
pub(super) struct SigningKey {
    /// As PKCS#8.
    pub(super) private: String,
    /// As X.509 `SubjectPublicKeyInfo`.
    pub(super) public: String,
}

impl SigningKey {
    /// A new one.
    pub(super) fn generate() -> Result<Self> {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).map_err(no_randomness)?;
        let private = key.to_pkcs8v1().map_err(no_randomness)?;
        let public = AsDer::<PublicKeyX509Der<'_>>::as_der(key.public_key()).map_err(no_randomness)?;
        Ok(Self { private: pem("PRIVATE KEY", private.as_ref()), public: pem("PUBLIC KEY", public.as_ref()) })
    }
}

/// A secret that nobody guesses.
pub(super) fn token() -> Result<String> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(no_randomness)?;
    Ok(hex(&bytes))
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
        let key = SigningKey::generate().unwrap();
        for (text, label) in [(key.private, "PRIVATE KEY"), (key.public, "PUBLIC KEY")] {
            assert!(text.starts_with(&format!("-----BEGIN {label}-----\nM")), "{text}");
            assert!(text.ends_with(&format!("\n-----END {label}-----\n")), "{text}");
            assert!(text.lines().all(|line| line.len() <= 64), "{text}");
        }
    }

    #[test]
    fn tokens_differ() {
        assert_ne!(token().unwrap(), token().unwrap());
    }
}
