"""Clients of AWS with the login of whoever deploys, as a resource or a provider of the stack has it.

A login is `profile`, `accessKeyId`, `secretAccessKey`, `sessionToken`, `roleArn`, `externalId`, or nothing: then the
environment's.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from lightly_access.kinds.contents import BucketUnreadableError
from lightly_access.kinds.s3.client import aws_client


def client(service: Any, region: str | None, login: Mapping[str, str]) -> Any:
    """A client in a region. Raises BucketUnreadableError."""
    try:
        import boto3
    except ModuleNotFoundError:
        raise BucketUnreadableError("boto3 is not installed: pip install 'lightly-access[aws]'") from None
    session = said(
        lambda: boto3.Session(
            profile_name=login.get("profile"),
            region_name=region,
            aws_access_key_id=login.get("accessKeyId"),
            aws_secret_access_key=login.get("secretAccessKey"),
            aws_session_token=login.get("sessionToken"),
            botocore_session=_with_known_models(),
        )
    )
    if role := login.get("roleArn"):
        session = said(lambda: _assumed(session, role, region, login))
    return said(lambda: aws_client(session, service, region or session.region_name))


def _assumed(session: Any, role: str, region: str | None, login: Mapping[str, str]) -> Any:
    import boto3

    asked = {"RoleArn": role, "RoleSessionName": "lightly-access"}
    if external_id := login.get("externalId"):
        asked["ExternalId"] = external_id
    issued = aws_client(session, "sts", region or session.region_name).assume_role(**asked)["Credentials"]
    return boto3.Session(
        region_name=region,
        aws_access_key_id=issued["AccessKeyId"],
        aws_secret_access_key=issued["SecretAccessKey"],
        aws_session_token=issued["SessionToken"],
        botocore_session=_with_known_models(),
    )


def _with_known_models() -> Any:
    """A session of botocore that holds no login and need not read the descriptions of AWS's services again, which
    takes most of the time to a client."""
    from botocore.session import get_session

    session = get_session()
    session.register_component("data_loader", _models(session.get_config_variable("data_path")))
    return session


@cache
def _models(data_path: str | None) -> Any:
    from botocore.loaders import create_loader

    return create_loader(data_path)


def said(ask: Any, *absent: str) -> Any:
    """The answer; None for the code that means that it is not there. Raises BucketUnreadableError."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return ask()
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in absent:
            return None
        raise BucketUnreadableError(f"{code} (operation {error.operation_name})") from None
    except BotoCoreError as error:  # no login, no answer: its class says which, its text may say more than it should
        raise BucketUnreadableError(type(error).__name__) from None
