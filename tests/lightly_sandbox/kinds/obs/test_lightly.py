"""A registered S3-compatible store is really used, at its own endpoint and with its own key."""

from typing import Any

import pytest
from lightly_sandbox.process import ServerProcess

from tests.lightly_sandbox.lightly import test_verify as s3
from tests.lightly_sandbox.lightly.caller import Api
from tests.lightly_sandbox.lightly.test_verify import FIELDS, READING, WRITING, Cloud, red, verified

aws, cloud, api = s3.aws, s3.cloud, s3.api


def obs(
    aws: ServerProcess, cloud: Cloud, purpose: str, path: str, key: tuple[str, str, str], **more: str
) -> dict[str, Any]:
    return {
        "purpose": purpose,
        "type": "OBS",
        "fullPath": f"obs://{cloud.bucket}/{path}",
        "obsEndpoint": aws.url,
        "obsAccessKeyId": key[1],
        "obsSecretAccessKey": key[2],
        **more,
    }


def test_external_keys_on_both_sides_are_green_and_leave_nothing_behind(
    aws: ServerProcess, api: Api, cloud: Cloud
) -> None:
    before = cloud.stored()
    inward = obs(aws, cloud, "INPUT", "in/", cloud.key(READING, "in/"))
    answers, errors = verified(api, inward, obs(aws, cloud, "LIGHTLY", "out/", cloud.key(WRITING, "out/")))
    assert (red(answers), errors) == ([], {})
    assert cloud.stored() == before


def test_obs_and_s3_can_be_mixed_and_an_error_names_the_one_it_is_about(
    aws: ServerProcess, api: Api, cloud: Cloud
) -> None:
    inward = obs(aws, cloud, "INPUT", "in/", cloud.key(["s3:ListBucket"], "in/"))
    answers, errors = verified(api, inward, cloud.delegated("LIGHTLY", "out/", cloud.role(WRITING, "out/")))
    assert red(answers) == ["canRead"]
    assert f"obs://{cloud.bucket}/in/a.png as access key {inward['obsAccessKeyId']}" in errors["canRead"]


@pytest.mark.parametrize(
    ("spoiled", "code"),
    [
        ({"obsSecretAccessKey": "another-secret"}, "SignatureDoesNotMatch"),
        ({"obsAccessKeyId": "AKIANOBODY"}, "InvalidAccessKeyId"),
        ({"fullPath": "obs://a-bucket-of-nobody/in/"}, "NoSuchBucket"),
        ({"obsEndpoint": "http://127.0.0.1:9"}, "Could not connect to the endpoint"),
    ],
)
def test_what_cannot_work_is_refused_everywhere_and_no_secret_is_said(
    aws: ServerProcess, api: Api, cloud: Cloud, spoiled: dict[str, str], code: str
) -> None:
    source = obs(aws, cloud, "LIGHTLY", "out/", cloud.key(WRITING, "out/")) | spoiled
    answers, errors = verified(api, source)
    assert red(answers) == list(FIELDS)
    assert code in errors["canList"]
    assert source["obsSecretAccessKey"] not in str(errors)
