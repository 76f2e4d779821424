//! Reading the contents of Secrets.

use std::collections::BTreeMap;

use cairn_core::reference::{Sealed, SecretKey, Secrets, Unresolved, Why};
use k8s_openapi::api::core::v1::Secret;
use kube::Api;

use super::References;

impl References {
    /// Reads what `sealed`, by the way to the field below the spec, stands for: the newest content, which may be newer.
    ///
    /// # Errors
    /// When Kubernetes does not answer. Otherwise each field that cannot be filled.
    pub(crate) async fn open(
        &self,
        sealed: &BTreeMap<String, Sealed>,
    ) -> Result<Result<Secrets, Vec<Unresolved>>, kube::Error> {
        let (mut secrets, mut unresolved) = (Secrets::default(), Vec::new());
        for (field, sealed) in sealed {
            match self.content(sealed.secret()).await? {
                Ok(text) => secrets.insert(sealed, text),
                Err(why) => {
                    let (field, target) = (field.clone(), sealed.secret().to_string());
                    unresolved.push(Unresolved { field, target, why });
                }
            }
        }
        Ok(if unresolved.is_empty() { Ok(secrets) } else { Err(unresolved) })
    }

    async fn content(&self, secret: &SecretKey) -> Result<Result<String, Why>, kube::Error> {
        let api: Api<Secret> = Api::namespaced(self.shared.client.clone(), &secret.namespace);
        let found = match api.get_opt(&secret.name).await {
            Err(kube::Error::Api(status)) if status.is_forbidden() => {
                return Ok(Err(Why::NotReadable(status.message.clone())));
            }
            found => found?,
        };
        let Some(found) = found else { return Ok(Err(Why::Missing)) };
        let content = found.data.unwrap_or_default().remove(&secret.key);
        Ok(match content.map(|content| String::from_utf8(content.0)) {
            None => Err(Why::NoKey(secret.key.clone())),
            Some(Err(_)) => Err(Why::NoText(secret.key.clone())),
            Some(Ok(text)) => Ok(text),
        })
    }
}
