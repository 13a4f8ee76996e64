"""The whole life of each type against the local Google Cloud, which authenticates and authorises.

Preview, create, second run, refresh, import, change, replace trigger, delete, delete again.
"""

import base64
import json
import uuid
from collections.abc import Callable

import pytest
from lightly_core.pulumi_values import SecretValue
from lightly_sandbox.kinds.gcs.mock_provider.table import TYPES

from tests.lightly_sandbox.mock_providers.client import Made, Plugin
from tests.lightly_sandbox.mock_providers.life import Life, Surroundings, live

PROJECT = "acme-ml"
BUCKET, OBJECT = "gcp:storage/bucket:Bucket", "gcp:storage/bucketObject:BucketObject"
MEMBER, ROLE = "gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:projects/iAMCustomRole:IAMCustomRole"
ACCOUNT, KEY = "gcp:serviceaccount/account:Account", "gcp:serviceaccount/key:Key"


class GoogleSurroundings(Surroundings):
    """What is made around a resource here."""

    def bucket(self) -> str:
        hardened = {"uniformBucketLevelAccess": True, "publicAccessPrevention": "enforced"}
        return self.make(BUCKET, {"location": "europe-west3", **hardened}).id

    def account(self) -> Made:
        return self.make(ACCOUNT, {})

    def role(self) -> str:
        wanted = {"title": "around", "permissions": ["storage.objects.get"], "roleId": f"around_{self.tag}"}
        return self.make(ROLE, wanted).id


def bucket(around: GoogleSurroundings) -> Life:
    name = f"acme-{around.tag}"
    first = {"name": name, "location": "europe-west3", "uniformBucketLevelAccess": True}
    uploads = {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}}
    versions = {"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": 30, "withState": "ARCHIVED"}}
    return Life(
        {
            **first,
            "publicAccessPrevention": "enforced",
            "labels": {"team": "vision"},
            "lifecycleRules": [uploads],
            "versioning": {"enabled": False},
        },
        {
            **first,
            "labels": {"stage": "test"},
            "forceDestroy": True,
            "lifecycleRules": [uploads, versions],
            "versioning": {"enabled": True},
            "softDeletePolicy": {"retentionDurationSeconds": 0},
        },
        {**first, "location": "europe-west1"},
        name,
        {
            "url": f"gs://{name}",
            "selfLink": f"https://www.googleapis.com/storage/v1/b/{name}",
            "project": PROJECT,
            "storageClass": "STANDARD",
            "effectiveLabels": {"team": "vision", "goog-pulumi-provisioned": "true"},
            "forceDestroy": False,
        },
        name,
    )


def placeholder(around: GoogleSurroundings) -> Life:
    name = around.bucket()
    first = {"bucket": name, "name": "projects/herd/"}  # the SDK makes the content a secret
    return Life(
        {**first, "content": SecretValue(" ")},
        {**first, "content": SecretValue("{}")},
        {**first, "name": "projects/barn/", "content": SecretValue(" ")},
        None,
        {
            "outputName": "projects/herd/",
            "md5hexhash": "7215ee9c7d9dc229d2921a40e899ec5f",
            "md5hash": "chXunH2dwinSkhpA6JnsXw==",
            "crc32c": "csDdjw==",
            "contentType": "text/plain; charset=utf-8",
            "selfLink": f"https://www.googleapis.com/storage/v1/b/{name}/o/projects%2Fherd%2F",
        },
        f"{name}-projects/herd/",
    )


def member(around: GoogleSurroundings) -> Life:
    name, role, who = around.bucket(), around.role(), around.account()["member"]
    expression = f'resource.name.startsWith("projects/_/buckets/{name}/objects/herd/")'
    first = {
        "bucket": name,
        "role": role,
        "member": who,
        "condition": {"title": "Lightly: one directory", "description": "Objects", "expression": expression},
    }
    return Life(
        first,
        None,
        {**first, "condition": {"title": "Lightly: one directory", "expression": "false"}},
        f"b/{name} {role} {who} Lightly: one directory",
        {},
        f"b/{name}/{role}/{who}/Lightly: one directory/Objects/{expression}",
    )


def role(around: GoogleSurroundings) -> Life:
    name = f"lightly_{around.tag}"
    first = {"roleId": name, "title": "Lightly INPUT", "permissions": ["storage.objects.list", "storage.objects.get"]}
    full = f"projects/{PROJECT}/roles/{name}"
    return Life(
        first,
        {"roleId": name, "title": "Lightly", "description": "reads", "permissions": ["storage.objects.get"]},
        {**first, "roleId": f"{name}_2"},
        full,
        {"name": full, "project": PROJECT, "deleted": False, "stage": "GA"},
        full,
        stays=True,
    )


def account(around: GoogleSurroundings) -> Life:
    id = f"lightly-{around.tag}"
    email = f"{id}@{PROJECT}.iam.gserviceaccount.com"
    full = f"projects/{PROJECT}/serviceAccounts/{email}"
    return Life(
        {"accountId": id, "displayName": "Lightly, INPUT of herd"},
        {"accountId": id, "description": "reads", "disabled": True},
        {"accountId": f"{id}-2"},
        full,
        {"email": email, "member": f"serviceAccount:{email}", "name": full, "project": PROJECT, "disabled": False},
        full,
    )


def key(around: GoogleSurroundings) -> Life:
    name = around.account()["name"]
    first = {"serviceAccountId": name, "keepers": {"slot": "1"}}
    computed = {"keyAlgorithm": "KEY_ALG_RSA_2048", "validBefore": "9999-12-31T23:59:59Z"}
    return Life(first, None, {**first, "keepers": {"slot": "2"}}, None, computed)


LIVES: dict[str, Callable[[GoogleSurroundings], Life]] = {
    BUCKET: bucket,
    OBJECT: placeholder,
    MEMBER: member,
    ROLE: role,
    ACCOUNT: account,
    KEY: key,
}


def test_every_type_of_the_table_lives_here() -> None:
    assert LIVES.keys() == TYPES.keys()


@pytest.mark.parametrize("token", LIVES)
def test_the_life_of_a_resource(plugin: Plugin, token: str) -> None:
    around = GoogleSurroundings(plugin)
    life = LIVES[token](around)
    made = live(plugin, TYPES[token], life)
    assert made.id == (life.id or made["name"])
    around.clear()


def test_the_private_key_is_the_key_file_in_base64_a_secret_and_survives_a_refresh(plugin: Plugin) -> None:
    around = GoogleSurroundings(plugin)
    owner = around.account()
    made = plugin.create(KEY, "key", {"serviceAccountId": owner["email"]})
    assert isinstance(made.outputs["privateKey"], SecretValue)
    file = json.loads(base64.b64decode(made["privateKey"]))
    assert (file["type"], file["client_email"], file["project_id"]) == ("service_account", owner["email"], PROJECT)
    assert made.id == f"{owner['name']}/keys/{file['private_key_id']}"
    assert base64.b64decode(made["publicKey"]).startswith(b"-----BEGIN CERTIFICATE-----")
    again = plugin.read(made)
    assert again is not None
    assert again.outputs == made.outputs
    plugin.delete(made)
    around.clear()


def test_a_role_that_was_deleted_is_seen_as_such_and_brought_back_with_what_is_wanted(plugin: Plugin) -> None:
    tag = uuid.uuid4().hex[:8]
    first = {"roleId": f"phoenix_{tag}", "title": "one", "permissions": ["storage.objects.get"]}
    made = plugin.create(ROLE, "role", first)
    plugin.delete(made)
    gone = plugin.read(made)
    assert gone is not None
    assert gone["deleted"] is True
    back = plugin.create(ROLE, "role", {**first, "title": "two", "permissions": ["storage.objects.list"]})
    assert (back.id, back["deleted"], back["title"]) == (made.id, False, "two")
    seen = plugin.read(back)
    assert seen is not None
    assert seen["permissions"] == ["storage.objects.list"]
    plugin.delete(back)
