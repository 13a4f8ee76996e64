"""Verify really uses what was registered: each refusal of the local AWS is the light it belongs to, in AWS's words."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from lightly_sandbox.emulators.server import listening
from lightly_sandbox.kinds.obs.lightly import ObsStorage
from lightly_sandbox.kinds.s3.lightly import S3Storage
from lightly_sandbox.lightly.app import App
from lightly_sandbox.lightly.storage import Storages
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_sandbox.lightly.caller import NONCE, TOKEN, Api

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client

REGION: Final = "eu-central-1"
EXTERNAL_ID = "the-external-id-of-the-test"
READING = ["s3:ListBucket", "s3:GetObject"]
WRITING = [*READING, "s3:PutObject", "s3:DeleteObject"]
FIELDS = ("canList", "canRead", "canWrite", "canOverwrite")


@dataclass
class Cloud:
    """The customer's account, seen by its administrator, with a bucket of its own for each test."""

    s3: "S3Client"
    iam: "IAMClient"
    kms: "KMSClient"
    bucket: str

    def document(self, actions: list[str], path: str, extra: list[dict[str, Any]] | None = None) -> str:
        bucket = f"arn:aws:s3:::{self.bucket}"
        resources = [bucket, f"{bucket}/{path}*"]
        statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement, *(extra or [])]})

    def role(self, actions: list[str], path: str, *, hours: int = 12, extra: list[dict[str, Any]] | None = None) -> str:
        name = f"role-{uuid4().hex[:8]}"
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::916419735646:root"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
                }
            ],
        }
        made = self.iam.create_role(
            RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), MaxSessionDuration=hours * 3600
        )
        self.iam.put_role_policy(
            RoleName=name, PolicyName="lightly", PolicyDocument=self.document(actions, path, extra)
        )
        return made["Role"]["Arn"]

    def key(self, actions: list[str], path: str) -> tuple[str, str, str]:
        name = f"user-{uuid4().hex[:8]}"
        self.iam.create_user(UserName=name)
        self.iam.put_user_policy(UserName=name, PolicyName="lightly", PolicyDocument=self.document(actions, path))
        made = self.iam.create_access_key(UserName=name)["AccessKey"]
        return name, made["AccessKeyId"], made["SecretAccessKey"]

    def stored(self) -> list[str]:
        return [item["Key"] for item in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", ())]

    def delegated(self, purpose: str, path: str, arn: str, **more: str) -> dict[str, Any]:
        return {
            "purpose": purpose,
            "type": "S3DelegatedAccess",
            "fullPath": f"s3://{self.bucket}/{path}",
            "s3Region": REGION,
            "s3ARN": arn,
            "s3ExternalId": EXTERNAL_ID,
        } | more

    def user(self, purpose: str, path: str, key: tuple[str, str, str]) -> dict[str, Any]:
        return {
            "purpose": purpose,
            "type": "S3",
            "fullPath": f"s3://{self.bucket}/{path}",
            "s3Region": REGION,
            "s3AccessKeyId": key[1],
            "s3SecretAccessKey": key[2],
        }


@pytest.fixture(scope="module")
def aws() -> Iterator[ServerProcess]:
    with start("lightly_sandbox.kinds.s3.emulator", {"region": REGION}).wait() as server:
        yield server


@pytest.fixture
def cloud(aws: ServerProcess) -> Cloud:
    account = aws.announcement["accounts"]["customer"]
    session = boto3.Session(account["access_key_id"], account["secret_access_key"], region_name=REGION)
    config = Config(proxies={}, s3={"addressing_style": "path"})

    def client(service: Any) -> Any:
        return session.client(service, endpoint_url=aws.url, config=config)

    made = Cloud(client("s3"), client("iam"), client("kms"), f"bucket-{uuid4().hex[:12]}")
    made.s3.create_bucket(Bucket=made.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    made.s3.put_object(Bucket=made.bucket, Key="in/a.png", Body=b"a picture")
    made.s3.put_object(Bucket=made.bucket, Key="out/", Body=b"")
    return made


@pytest.fixture
def api(aws: ServerProcess) -> Iterator[Api]:
    account = aws.announcement["accounts"]["lightly"]
    lightly = S3Storage(aws.url, REGION, account["access_key_id"], account["secret_access_key"])
    with listening(App(NONCE, TOKEN, Storages(lightly, ObsStorage()))) as url:
        yield Api(url)


def verified(api: Api, *sources: dict[str, Any]) -> tuple[dict[str, bool], dict[str, str]]:
    """Register on a new dataset and verify: the four answers and the errors."""
    return verified_again(api, registered(api, *sources))


def registered(api: Api, *sources: dict[str, Any]) -> str:
    dataset = api.new_dataset(f"dataset-{uuid4().hex[:8]}")
    for source in sources:
        answer = api("PUT", f"/v1/datasets/{dataset}/datasource", source)
        assert answer.status == 200, answer.data
    return dataset


def verified_again(api: Api, dataset: str) -> tuple[dict[str, bool], dict[str, str]]:
    body = api("GET", f"/v1/datasets/{dataset}/datasource/verify").json()
    errors = body.pop("errors", {})
    assert set(body) == set(FIELDS)
    assert set(errors) == {field for field in FIELDS if not body[field]}, "what is refused says why, and nothing else"
    assert EXTERNAL_ID not in str(errors)
    return body, errors


def red(answers: dict[str, bool]) -> list[str]:
    return [field for field in FIELDS if not answers[field]]


def test_least_privilege_on_both_sides_is_green_and_leaves_nothing_behind(api: Api, cloud: Cloud) -> None:
    before = cloud.stored()
    answers, errors = verified(
        api,
        cloud.delegated("INPUT", "in/", cloud.role(READING, "in/")),
        cloud.delegated("LIGHTLY", "out/", cloud.role(WRITING, "out/")),
    )
    assert (red(answers), errors) == ([], {})
    assert cloud.stored() == before


def test_a_users_key_on_both_sides_is_green(api: Api, cloud: Cloud) -> None:
    inward, outward = cloud.key(READING, "in/"), cloud.key(WRITING, "out/")
    answers, errors = verified(api, cloud.user("INPUT", "in/", inward), cloud.user("LIGHTLY", "out/", outward))
    assert (red(answers), errors) == ([], {})


@pytest.mark.parametrize(
    ("missing", "expected"),
    [("s3:ListBucket", ["canList"]), ("s3:GetObject", ["canRead"]), ("s3:PutObject", ["canWrite", "canOverwrite"])],
)
def test_a_missing_action_is_its_own_light(api: Api, cloud: Cloud, missing: str, expected: list[str]) -> None:
    arn = cloud.role([action for action in WRITING if action != missing], "out/")
    answers, errors = verified(api, cloud.delegated("LIGHTLY", "out/", arn))
    assert red(answers) == expected
    for text in errors.values():
        assert "AccessDenied" in text
        assert missing in text, "the action"
        assert f"assumed-role/{arn.rpartition('/')[2]}" in text, "the identity"
        assert cloud.bucket in text, "the resource"


def test_a_refused_input_shows_although_lightly_is_fine(api: Api, cloud: Cloud) -> None:
    answers, errors = verified(
        api,
        cloud.delegated("INPUT", "in/", cloud.role(["s3:ListBucket"], "in/")),
        cloud.delegated("LIGHTLY", "out/", cloud.role(WRITING, "out/")),
    )
    assert red(answers) == ["canRead"]
    assert f"s3://{cloud.bucket}/in/a.png" in errors["canRead"]


def test_writing_speaks_of_lightly_and_of_input_only_when_it_is_alone(api: Api, cloud: Cloud) -> None:
    inward = cloud.delegated("INPUT", "in/", cloud.role(READING, "in/"))
    alone, errors = verified(api, inward)
    assert red(alone) == ["canWrite", "canOverwrite"]
    assert "s3:PutObject" in errors["canWrite"]
    outward = cloud.delegated("LIGHTLY", "out/", cloud.role(READING, "out/"))
    both, errors = verified(api, cloud.delegated("INPUT", "in/", cloud.role(WRITING, "in/")), outward)
    assert red(both) == ["canWrite", "canOverwrite"]
    assert "/out/" in errors["canWrite"]


def test_a_wrong_region_refuses_everything_however_often_it_is_asked(api: Api, cloud: Cloud) -> None:
    for by in (
        cloud.delegated("LIGHTLY", "in/", cloud.role(WRITING, "in/"), s3Region="eu-west-1"),
        cloud.user("LIGHTLY", "in/", cloud.key(WRITING, "in/")) | {"s3Region": "us-east-1"},
    ):
        dataset = registered(api, {**by, "purpose": "INPUT"}, by)
        for _ in range(2):  # boto3 would follow S3 to the bucket's region, and remember it
            lights, errors = verified_again(api, dataset)
            assert not any(lights.values())
            assert errors


def test_a_wrong_external_id_refuses_everything(api: Api, cloud: Cloud) -> None:
    source = cloud.delegated("LIGHTLY", "out/", cloud.role(WRITING, "out/"))
    answers, errors = verified(api, source | {"s3ExternalId": "the-external-id-of-another"})
    assert red(answers) == list(FIELDS)
    assert "AccessDenied" in errors["canList"]
    assert "sts:AssumeRole" in errors["canList"]
    assert source["s3ARN"] in errors["canList"]
    assert "the-external-id-of-another" not in str(errors)


def test_a_role_that_allows_one_hour_refuses_everything(api: Api, cloud: Cloud) -> None:
    answers, errors = verified(api, cloud.delegated("LIGHTLY", "out/", cloud.role(WRITING, "out/", hours=1)))
    assert red(answers) == list(FIELDS)
    assert "DurationSeconds" in errors["canList"]


def test_a_role_that_is_not_there_refuses_everything(api: Api, cloud: Cloud) -> None:
    answers, errors = verified(api, cloud.delegated("INPUT", "in/", "arn:aws:iam::123456789012:role/nobody"))
    assert red(answers) == list(FIELDS)
    assert "AccessDenied" in errors["canList"]


def test_revoking_is_seen_at_once(api: Api, cloud: Cloud) -> None:
    arn = cloud.role(WRITING, "out/")
    dataset = registered(api, cloud.delegated("LIGHTLY", "out/", arn))
    assert red(verified_again(api, dataset)[0]) == []
    name = arn.rpartition("/")[2]
    cloud.iam.put_role_policy(RoleName=name, PolicyName="lightly", PolicyDocument=cloud.document(READING, "out/"))
    assert red(verified_again(api, dataset)[0]) == ["canWrite", "canOverwrite"]
    cloud.iam.delete_role_policy(RoleName=name, PolicyName="lightly")
    assert red(verified_again(api, dataset)[0]) == list(FIELDS)


def test_a_deleted_key_is_refused(api: Api, cloud: Cloud) -> None:
    key = cloud.key(WRITING, "out/")
    dataset = registered(api, cloud.user("LIGHTLY", "out/", key))
    assert red(verified_again(api, dataset)[0]) == []
    cloud.iam.update_access_key(UserName=key[0], AccessKeyId=key[1], Status="Inactive")
    assert "InvalidAccessKeyId" in verified_again(api, dataset)[1]["canList"]
    cloud.iam.delete_access_key(UserName=key[0], AccessKeyId=key[1])
    answers, errors = verified_again(api, dataset)
    assert red(answers) == list(FIELDS)
    assert "InvalidAccessKeyId" in errors["canList"]
    assert f"access key {key[1]}" in errors["canList"]
    assert key[2] not in str(errors)


def test_a_wrong_secret_is_refused(api: Api, cloud: Cloud) -> None:
    name, key_id, _ = cloud.key(WRITING, "out/")
    answers, errors = verified(api, cloud.user("LIGHTLY", "out/", (name, key_id, "x" * 40)))
    assert red(answers) == list(FIELDS)
    assert "SignatureDoesNotMatch" in errors["canList"]


def test_a_directory_that_is_not_there_cannot_be_listed(api: Api, cloud: Cloud) -> None:
    answers, errors = verified(api, cloud.delegated("LIGHTLY", "new/", cloud.role(WRITING, "new/")))
    assert red(answers) == ["canList", "canRead"]
    assert "not even a placeholder" in errors["canList"]
    assert "NoSuchKey" in errors["canRead"]


def test_a_neighbour_with_the_same_beginning_is_not_the_directory(api: Api, cloud: Cloud) -> None:
    cloud.s3.put_object(Bucket=cloud.bucket, Key="input-of-others/a.png", Body=b"x")
    answers, _ = verified(api, cloud.delegated("INPUT", "input", cloud.role(READING, "input")))
    assert "canList" in red(answers)


@pytest.mark.parametrize(("actions", "expected"), [(WRITING, []), (["s3:ListBucket"], ["canRead"])])
def test_an_empty_bucket_may_be_the_directory(api: Api, cloud: Cloud, actions: list[str], expected: list[str]) -> None:
    for key in cloud.stored():
        cloud.s3.delete_object(Bucket=cloud.bucket, Key=key)
    answers, _ = verified(api, cloud.delegated("LIGHTLY", "", cloud.role(actions, "")))
    assert [field for field in red(answers) if field in ("canList", "canRead")] == expected


def test_where_deleting_is_refused_the_probe_stays_and_writing_is_green(api: Api, cloud: Cloud) -> None:
    answers, _ = verified(api, cloud.delegated("LIGHTLY", "out/", cloud.role([*READING, "s3:PutObject"], "out/")))
    assert red(answers) == []
    left = [key for key in cloud.stored() if key not in ("in/a.png", "out/")]
    assert len(left) == 1
    assert left[0].startswith("out/.lightly/verify-")


def test_a_registered_kms_key_is_used_and_must_be_permitted(api: Api, cloud: Cloud) -> None:
    key = cloud.kms.create_key()["KeyMetadata"]["Arn"]
    permit = {"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt", "kms:Encrypt"], "Resource": key}
    refused, errors = verified(
        api, cloud.delegated("LIGHTLY", "out/", cloud.role(WRITING, "out/"), s3ServerSideEncryptionKMSKey=key)
    )
    assert red(refused) == ["canWrite", "canOverwrite"]
    assert "kms:GenerateDataKey" in errors["canWrite"]
    may_not_delete = cloud.role([*READING, "s3:PutObject"], "out/", extra=[permit])
    allowed, _ = verified(api, cloud.delegated("LIGHTLY", "out/", may_not_delete, s3ServerSideEncryptionKMSKey=key))
    assert red(allowed) == []
    probe = next(name for name in cloud.stored() if name.startswith("out/.lightly/"))
    assert cloud.s3.head_object(Bucket=cloud.bucket, Key=probe)["SSEKMSKeyId"] == key


def test_verifications_at_once_do_not_disturb_each_other(api: Api, cloud: Cloud) -> None:
    good = registered(api, cloud.delegated("LIGHTLY", "out/", cloud.role(WRITING, "out/")))
    bad = registered(api, cloud.delegated("LIGHTLY", "out/", cloud.role(READING, "out/")))
    before = cloud.stored()
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda dataset: red(verified_again(api, dataset)[0]), [good, bad] * 6))
    assert seen[0::2] == [[]] * 6
    assert seen[1::2] == [["canWrite", "canOverwrite"]] * 6
    assert cloud.stored() == before
