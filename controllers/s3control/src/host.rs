//! Host names without the account's id.

use aws_sdk_s3control::{
    config::{ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeTransmitInterceptorContextMut},
    error::BoxError,
};

/// Takes the account's id, which the SDK puts in front of every host name, away from it again. The header
/// `x-amz-account-id` says the same.
#[derive(Debug)]
pub(crate) struct PlainHost {
    front: String,
}

impl PlainHost {
    pub(crate) fn new(account: &str) -> Self {
        Self { front: format!("://{account}.") }
    }

    fn plain(&self, uri: &str) -> String {
        uri.replacen(&self.front, "://", 1)
    }
}

impl Intercept for PlainHost {
    fn name(&self) -> &'static str {
        "CairnPlainHost"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        let plain = self.plain(request.uri());
        Ok(request.set_uri(plain)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_account_in_front_goes() {
        let host = PlainHost::new("111122223333");
        let plain = |uri| host.plain(uri);
        assert_eq!(plain("http://111122223333.localhost:5000/v20180820/a"), "http://localhost:5000/v20180820/a");
        assert_eq!(plain("http://127.0.0.1:5000/111122223333."), "http://127.0.0.1:5000/111122223333.");
    }
}
