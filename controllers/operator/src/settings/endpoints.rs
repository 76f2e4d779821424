//! Whether the endpoints can be used.

use super::SettingsError;
use crate::cli::RunArgs;

/// Checks the endpoints, each by itself and with what they exclude.
pub(super) fn check(args: &RunArgs) -> Result<(), SettingsError> {
    let safe = |flag, url: &Option<String>| check_one(flag, url.as_deref(), args.allow_unsafe_aws_endpoint_urls);
    safe("--aws-endpoint-url", &args.aws_endpoint_url)?;
    safe("--aws-identity-endpoint-url", &args.aws_identity_endpoint_url)?;
    alone(args)
}

fn check_one(flag: &'static str, url: Option<&str>, allow_unsafe: bool) -> Result<(), SettingsError> {
    let refuse = |why: &str| Err(SettingsError::Endpoint { flag, why: why.into() });
    match url {
        None | Some("") => Ok(()),
        Some(url) if url.starts_with("https://") => Ok(()),
        Some(url) if url.starts_with("http://") && allow_unsafe => Ok(()),
        Some(url) if url.starts_with("http://") => {
            refuse("the endpoint is not encrypted; --allow-unsafe-aws-endpoint-urls permits that")
        }
        Some(_) => refuse("it is no URL; it must start with https://"),
    }
}

/// The SDK refuses every call to an endpoint of one's own with a choice among AWS's.
fn alone(args: &RunArgs) -> Result<(), SettingsError> {
    let choices = [
        ("--aws-use-fips-endpoint", args.aws_use_fips_endpoint),
        ("--aws-use-dualstack-endpoint", args.aws_use_dualstack_endpoint),
    ];
    let given = args.aws_endpoint_url.as_deref().is_some_and(|url| !url.is_empty());
    match choices.into_iter().find(|(_, chosen)| given && *chosen) {
        None => Ok(()),
        Some((flag, _)) => {
            let why = "it chooses among AWS's own endpoints, so it cannot be given together with --aws-endpoint-url";
            Err(SettingsError::Endpoint { flag, why: why.into() })
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::tests::settings;

    #[test]
    fn an_unencrypted_endpoint_can_be_permitted() {
        assert!(settings(&["--aws-endpoint-url=http://x", "--allow-unsafe-aws-endpoint-urls"]).is_ok());
        assert!(settings(&["--aws-endpoint-url=https://x"]).is_ok());
    }

    #[test]
    fn an_endpoint_of_ones_own_leaves_no_choice_among_those_of_aws() {
        for flag in ["--aws-use-fips-endpoint", "--aws-use-dualstack-endpoint"] {
            assert!(settings(&[flag]).is_ok());
            assert!(settings(&[flag, "--aws-endpoint-url="]).is_ok());
            assert!(settings(&[flag, "--aws-identity-endpoint-url=https://x"]).is_ok());
            let error = settings(&[flag, "--aws-endpoint-url=https://x"]).unwrap_err().to_string();
            assert!(error.contains(flag) && error.contains("--aws-endpoint-url"), "{error}");
        }
        let both = settings(&["--aws-use-fips-endpoint", "--aws-use-dualstack-endpoint"]).unwrap();
        assert!(both.use_fips && both.use_dual_stack);
    }
}
