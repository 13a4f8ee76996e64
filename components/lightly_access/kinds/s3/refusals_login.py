"""What keeps whoever deploys from logging in to AWS, in the words of its SDKs and of STS.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html,
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (Errors).
"""

from lightly_access.kinds.cause import Sign

_LOG_IN = "log in (`aws sso login`), or give AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
SIGNS = (
    Sign(
        "s3-oidc",
        r"AssumeRoleWithWebIdentity|InvalidIdentityToken|OpenIDConnect provider|Incorrect token audience",
        "the pipeline cannot enter AWS with its own identity (OIDC): the account does not know who signs it, or the "
        "role's trust policy does not admit this repository, branch or environment",
        "compare `sub` and `aud` in the trust policy of the deployment's role with what the pipeline says of itself "
        "(https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments)",
        False,
    ),
    Sign(
        "s3-single-sign-on-over",
        r"SSO ?(?:session|token)|sso login|UnauthorizedSSOToken|SSOTokenLoad",
        "the single sign-on of whoever deploys is over",
        "`aws sso login --profile <profile>`, then again",
        False,
    ),
    Sign(
        "s3-no-profile",
        r"shared config profile|config profile .{0,80}could not be found|ProfileNotFound",
        "there is no such profile in the configuration of AWS on this machine",
        "correct `aws:profile` or AWS_PROFILE, or make it: `aws configure sso`",
        False,
    ),
    Sign(
        "s3-session-over",
        r"(?:operation error (?:STS|IAM|KMS)|GetCallerIdentity|validat\w+ (?:AWS|provider) "
        r"credentials).*(?:ExpiredToken|"
        r"RequestExpired|token .{0,60}expired)",
        "the session of whoever deploys is over",
        "log in again; a pipeline asks for a session that lasts longer (`role-duration-seconds`)",
        False,
    ),
    Sign(
        "s3-not-logged-in",
        r"No valid credential sources|NoCredential(?:Providers|sError)|Unable to locate credentials|"
        r"failed to refresh cached credentials|no EC2 IMDS role found",
        "whoever deploys has no credentials of AWS",
        _LOG_IN,
        False,
    ),
)
