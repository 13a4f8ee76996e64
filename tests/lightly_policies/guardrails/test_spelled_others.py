"""What is too wide on Azure and Google Cloud is said however it is spelled, and however it comes to Lightly."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_policies.guardrails.view import Resource, Stack

from tests.examples import examples
from tests.lightly_policies.guardrails.examples_others import GOOD_ACCOUNT, ROBOT, TOKEN, registered
from tests.lightly_policies.guardrails.given import resource, said, stack

MEMBER = "serviceAccount:barn@acme-ml.iam.gserviceaccount.com"
ACCOUNT = resource("gcp:serviceaccount/account:Account", "barn", email=MEMBER.partition(":")[2])
KEY = resource("gcp:serviceaccount/key:Key", "key", {"serviceAccountId": ACCOUNT})
ROBOTS = "serviceAccount:robot@acme-ml.iam.gserviceaccount.com"
Way = Callable[[str, str, str], Resource]


def one(place: str, role: str, member: str) -> Resource:
    return resource(f"gcp:{place}Member:{_last(place)}Member", "grant", role=role, member=member)


def several(place: str, role: str, member: str) -> Resource:
    members = ["user:anna@acme.example", member]
    return resource(f"gcp:{place}Binding:{_last(place)}Binding", "grant", role=role, members=members)


def whole(place: str, role: str, member: str) -> Resource:
    bindings = [{"role": "roles/viewer", "members": ["user:a@b.c"]}, {"role": role, "members": [member]}]
    text = json.dumps({"bindings": bindings})
    return resource(f"gcp:{place}Policy:{_last(place)}Policy", "grant", policyData=text)


def _last(place: str) -> str:
    name = place.rpartition("/")[2]
    return name[0].upper() + name[1:]


WAYS = st.sampled_from([one, several, whole])
BUCKETS = st.sampled_from(["storage/bucketIAM", "storage/managedFolderIam"])
LIGHTLYS = st.sampled_from(["projects/iAM", "folder/iAM", "organizations/iAM", "serviceaccount/iAM"])
PROJECTS = st.sampled_from(["projects/iAM", "folder/iAM", "organizations/iAM"])


def used(purpose: str, *more: Resource) -> Stack:
    source = resource("lightly:index:Datasource", "herd", {"credentials": KEY}, purpose=purpose)
    return stack(ACCOUNT, KEY, source, *more)


@given(WAYS, BUCKETS, st.sampled_from([MEMBER, MEMBER.replace("barn@", "BARN@")]))
@examples(2)
def test_an_input_that_may_write_is_said(way: Way, place: str, member: str) -> None:
    seen = used("INPUT", way(place, "roles/storage.objectAdmin", member))
    assert said("gcs-input-never-writes", seen) == ["it grants INPUT roles/storage.objectAdmin"]
    assert said("gcs-input-never-writes", used("INPUT", way(place, "roles/storage.objectViewer", member))) == []
    assert said("gcs-input-never-writes", used("INPUT", way(place, "roles/storage.objectAdmin", ROBOTS))) == []


@given(WAYS, BUCKETS, st.sampled_from([MEMBER, MEMBER.replace("barn@", "BARN@")]))
@examples(2)
def test_one_that_writes_and_may_change_policies_is_said(way: Way, place: str, member: str) -> None:
    seen = used("LIGHTLY", way(place, "roles/storage.admin", member))
    assert said("gcs-data-only", seen) == ["it grants Lightly roles/storage.admin"]
    assert said("gcs-data-only", used("LIGHTLY", way(place, "roles/storage.objectUser", member))) == []
    assert said("gcs-data-only", used("LIGHTLY", way(place, "roles/storage.admin", ROBOTS))) == []


@given(WAYS, BUCKETS, st.sampled_from(["allUsers", "allAuthenticatedUsers"]))
@examples(2)
def test_a_grant_to_everyone_is_said(way: Way, place: str, member: str) -> None:
    assert said("gcs-no-public-members", way(place, "r", member)) == [f"it grants {_role(way)} to {member}"]


def _role(way: Way) -> str:
    return "access" if way is whole else "r"


@pytest.mark.parametrize("kind", ["bucketACL", "defaultObjectACL", "objectACL"])
@pytest.mark.parametrize("written", [{"roleEntities": ["READER:allUsers"]}, {"predefinedAcl": "publicReadWrite"}])
def test_an_acl_for_everyone_is_said(kind: str, written: dict[str, Any]) -> None:
    acl = resource(f"gcp:storage/{kind}:{kind[0].upper()}{kind[1:]}", "acl", **written)
    assert said("gcs-no-public-members", acl) == ["it grants access to allUsers"]


@given(
    WAYS,
    PROJECTS,
    st.sampled_from(
        [
            *("roles/owner", "roles/storage.objectViewer", "roles/compute.admin", "roles/iam.serviceAccountKeyAdmin"),
            *("roles/resourcemanager.projectIamAdmin", "roles/iam.workloadIdentityUser"),
        ]
    ),
)
@examples(2)
def test_a_wide_grant_of_a_project_is_said(way: Way, place: str, role: str) -> None:
    assert said("gcp-no-project-grants", stack(ROBOT, way(place, role, ROBOTS))) == [
        f"it grants {role} to robot for more than a bucket"
    ]
    assert said("gcp-no-project-grants", stack(ROBOT, way(place, "roles/logging.logWriter", ROBOTS))) == []


@pytest.mark.parametrize(
    "permission", ["storage.objects.get", "iam.serviceAccounts.actAs", "resourcemanager.projects.setIamPolicy"]
)
def test_a_custom_role_is_as_wide_as_its_permissions(permission: str) -> None:
    own = resource(
        "gcp:projects/iAMCustomRole:IAMCustomRole", "own", name="projects/p/roles/own", permissions=[permission]
    )
    seen = stack(ROBOT, own, one("projects/iAM", "projects/p/roles/own", ROBOTS))
    assert said("gcp-no-project-grants", seen) == ["it grants projects/p/roles/own to robot for more than a bucket"]


@given(WAYS, LIGHTLYS)
@examples(2)
def test_an_account_that_a_datasource_uses_gets_nothing_but_buckets(way: Way, place: str) -> None:
    seen = used("LIGHTLY", way(place, "roles/iam.serviceAccountTokenCreator", MEMBER))
    words = "it grants roles/iam.serviceAccountTokenCreator to barn for more than a bucket"
    assert said("gcp-no-project-grants", seen) == [words]


def test_others_may_be_let_in_to_an_account() -> None:
    grant = one("serviceaccount/iAM", "roles/iam.workloadIdentityUser", ROBOTS)
    assert said("gcp-no-project-grants", stack(ROBOT, grant)) == []


@pytest.mark.parametrize(
    "kind",
    [
        "azure-native:storage/v20230101:{}",
        "azure-native:storage/v20240101preview:{}",
        "azure-native_storage_v20240101:storage:{}",
    ],
)
def test_a_version_of_a_type_is_that_type(kind: str) -> None:
    opened = resource(kind.format("StorageAccount"), "photos", **{**GOOD_ACCOUNT, "allowBlobPublicAccess": True})
    assert said("azure-no-public-blobs", opened) == ["allowBlobPublicAccess is not false"]
    container = resource(kind.format("BlobContainer"), "lake", publicAccess="Blob")
    assert said("azure-no-public-blobs", container) == ["publicAccess is Blob, expected None"]


@pytest.mark.parametrize("more", ["&SP=racwdl", "&sp=rl&sp=racwdl", "&sp=rl&Sp=racwdl"])
def test_what_a_sas_permits_is_seen_in_any_case_and_however_often(more: str) -> None:
    assert said("sas-least", registered(TOKEN + more))[-1].endswith("a, c, d, w is more than INPUT needs")
