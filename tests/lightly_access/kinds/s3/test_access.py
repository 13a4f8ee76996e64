import json
from datetime import date
from typing import Any

import pulumi
import pytest
from lightly_access.access import LeastPrivilegeError
from lightly_access.kinds.s3.components import (
    Network,
    S3AccessArgs,
    S3Bucket,
    S3BucketArgs,
    S3DelegatedAccess,
    S3UserAccess,
    S3UserAccessArgs,
)
from lightly_access.kinds.s3.components import grant as grant_module
from lightly_core.capability import Purpose, expected
from lightly_core.pulumi_struct import SIGNATURE
from lightly_policies.render_aws import aws_grant

from tests.lightly_access.recording import Recording, record

HERE: S3BucketArgs = {"bucket": "acme-results", "region": "eu-central-1"}
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"


def access(cls: type[Any], purpose: Purpose, **more: Any) -> tuple[Recording, dict[str, Any]]:
    recording = record()
    seen: dict[str, Any] = {}

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        store = S3Bucket("results", {**HERE, "create": True, "kms_key": "create"})
        args: S3AccessArgs = {"store": store, "path": "farm/", "purpose": purpose, "dataset": "farm"}
        made = cls("farm-access", {**args, **more})
        seen["component"] = made
        everything = {name: getattr(made, name) for name in ("identity", "proof", "fingerprint", "credential")}
        secrecy = pulumi.Output.all(*(pulumi.Output.from_input(value.is_secret()) for value in everything.values()))
        return pulumi.Output.all(pulumi.Output.from_input(everything), secrecy).apply(
            lambda both: seen.update(both[0], secrecy=both[1])
        )

    program()
    return recording, seen


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("cls", [S3DelegatedAccess, S3UserAccess])
def test_the_deployed_documents_prove_the_lights_of_the_purpose(cls: type[Any], purpose: Purpose) -> None:
    _, seen = access(cls, purpose)
    assert seen["proof"] == {str(capability): value for capability, value in expected(purpose).items()}


def test_the_role_trusts_lightlys_account_with_the_external_id_and_nothing_else() -> None:
    recording, _ = access(S3DelegatedAccess, Purpose.LIGHTLY, permissions_boundary=BOUNDARY)
    role = recording.only("aws:iam/role:Role")
    assert role["maxSessionDuration"] == 43200
    assert role["path"] == "/lightly/"
    assert role["permissionsBoundary"] == BOUNDARY
    assert SIGNATURE in role["assumeRolePolicy"], "the trust policy holds the external ID, so it is a secret"
    (statement,) = json.loads(role["assumeRolePolicy"]["value"])["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::916419735646:root"}
    assert statement["Action"] in ("sts:AssumeRole", ["sts:AssumeRole"])
    assert statement["Condition"] == {
        "StringEquals": {"sts:ExternalId": "an-external-id-of-43-characters-000000000000"}
    }


def test_a_role_has_one_inline_policy_and_no_managed_one() -> None:
    recording, _ = access(S3DelegatedAccess, Purpose.INPUT)
    assert recording.only("aws:iam/rolePolicy:RolePolicy")["name"] == "lightly-input"
    assert not [kind for kind in recording.found if "Attachment" in kind]


def test_the_user_has_no_policy_of_its_own_only_a_group_that_carries_it() -> None:
    recording, _ = access(S3UserAccess, Purpose.INPUT)
    assert "aws:iam/userPolicy:UserPolicy" not in recording.found
    assert recording.only("aws:iam/groupPolicy:GroupPolicy")["name"] == "lightly-input"
    member = recording.only("aws:iam/userGroupMembership:UserGroupMembership")
    assert member["groups"] == [recording.only("aws:iam/group:Group")["name"]]


def test_a_user_takes_keys_along_that_no_state_knows() -> None:
    recording, _ = access(S3UserAccess, Purpose.INPUT)
    assert recording.only("aws:iam/user:User")["forceDestroy"] is True


@pytest.mark.parametrize(("cls", "secret"), [(S3DelegatedAccess, "external_id"), (S3UserAccess, "secret_access_key")])
def test_the_secret_is_registered_as_a_secret_and_stands_nowhere_else(cls: type[Any], secret: str) -> None:
    recording, seen = access(cls, Purpose.INPUT)
    assert seen["secrecy"] == [False] * 4
    shown = json.dumps([seen["identity"], seen["proof"], seen["fingerprint"], seen["credential"]])
    assert "the-secret-access-key" not in shown
    assert "an-external-id" not in shown
    assert secret in seen["component"].registration
    assert "an-external-id" not in str({k: v for k, v in recording.found.items() if k != "aws:iam/role:Role"})


def test_documents_that_are_not_least_privilege_are_not_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = aws_grant
    monkeypatch.setattr(grant_module, "aws_grant", lambda *a, **k: honest(*a, **k).replace("s3:GetObject", "s3:Get*"))
    with pytest.raises(LeastPrivilegeError, match="wider") as refused:
        access(S3DelegatedAccess, Purpose.INPUT)
    assert refused.value.access == "farm-access"


def test_a_key_says_when_its_time_is_over() -> None:
    _, seen = access(S3UserAccess, Purpose.INPUT, rotate_after=10, rotate_anchor=date(2026, 1, 1))
    assert seen["credential"]["kind"] == "access key"
    due = date.fromisoformat(seen["credential"]["rotates"])
    assert (due - date(2026, 1, 1)).days % 10 == 0


def test_user_access_takes_the_arguments_of_every_access() -> None:
    assert set(S3AccessArgs.__annotations__) < set(S3UserAccessArgs.__annotations__)


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("cls", [S3DelegatedAccess, S3UserAccess])
def test_a_hardened_access_lets_lightlys_servers_list_and_is_not_probed(cls: type[Any], purpose: Purpose) -> None:
    recording, seen = access(cls, purpose, network=Network(("vpc-0a1b2c3d",), ("203.0.113.0/24",)))
    listing = {str(capability): value for capability, value in expected(purpose, hardened=True).items()}
    assert seen["proof"] == seen["component"].expected == listing
    assert seen["component"].probe_credential is None, (
        "what a key can do depends on where it is used, and we are not Lightly"
    )
    kind = "aws:iam/rolePolicy:RolePolicy" if cls is S3DelegatedAccess else "aws:iam/groupPolicy:GroupPolicy"
    assert "vpc-0a1b2c3d" in json.dumps(recording.only(kind)["policy"])
    _, open_ = access(cls, purpose)
    assert open_["component"].expected is None
