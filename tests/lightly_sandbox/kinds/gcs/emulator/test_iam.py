"""Service accounts, keys and custom roles as IAM keeps them."""

import pytest

from tests.lightly_sandbox.kinds.conftest import Control
from tests.lightly_sandbox.kinds.gcs.emulator.project import Project

DAY = 86400


def test_a_key_shows_its_private_half_once(google: Project) -> None:
    who = google.key(google.account())
    path = f"{google.account_path(who.email)}/keys"
    listed, one = google.done("GET", path), google.done("GET", f"{path}/{who.key_id}")
    assert [key["name"].rpartition("/")[2] for key in listed["keys"]] == [who.key_id]
    for shown in (*listed["keys"], one):
        assert "privateKeyData" not in shown
    assert (one["keyAlgorithm"], one["keyType"], one["validBeforeTime"]) == (
        "KEY_ALG_RSA_2048",
        "USER_MANAGED",
        "9999-12-31T23:59:59Z",
    )
    assert who.file["token_uri"] == "https://oauth2.googleapis.com/token"
    assert "127.0.0.1" not in str(who.file)


def test_an_account_has_ten_keys_at_most(google: Project) -> None:
    email = google.account()
    path = f"{google.account_path(email)}/keys"
    for _ in range(10):
        google.done("POST", path, {})
    answer = google.ask("POST", path, {})
    assert (answer.status, answer.json["error"]["status"]) == (400, "FAILED_PRECONDITION")


def test_an_organisation_may_forbid_keys(google: Project, control: Control) -> None:
    email = google.account()
    control("POST", "/faults", [{"org_policy": "iam.disableServiceAccountKeyCreation"}])
    answer = google.ask("POST", f"{google.account_path(email)}/keys", {})
    error = answer.json["error"]
    assert (answer.status, error["status"]) == (400, "FAILED_PRECONDITION")
    assert error["message"] == "Key creation is not allowed on this service account."
    (detail,) = error["details"]
    assert detail["@type"] == "type.googleapis.com/google.rpc.PreconditionFailure"
    assert detail["violations"][0]["type"] == "constraints/iam.disableServiceAccountKeyCreation"
    control("POST", "/faults", [])
    google.key(email)


@pytest.mark.parametrize("account_id", ["short", "x" * 31, "Capital-letters", "1-first-digit", "ends-with-", ""])
def test_a_bad_account_id_is_refused(google: Project, account_id: str) -> None:
    answer = google.ask("POST", f"/v1/projects/{google.project}/serviceAccounts", {"accountId": account_id})
    assert (answer.status, answer.json["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_an_account_exists_once(google: Project) -> None:
    email = google.account()
    body = {"accountId": email.partition("@")[0]}
    answer = google.ask("POST", f"/v1/projects/{google.project}/serviceAccounts", body)
    assert (answer.status, answer.json["error"]["status"]) == (409, "ALREADY_EXISTS")
    assert google.ask("GET", google.account_path("nobody@acme-ml.iam.gserviceaccount.com")).status == 404


def test_an_account_is_changed_by_a_mask(google: Project) -> None:
    path = google.account_path(google.account())
    body = {"serviceAccount": {"displayName": "seen", "description": "not seen"}, "updateMask": "displayName"}
    assert google.done("PATCH", path, body)["displayName"] == "seen"
    assert "description" not in google.done("GET", path)
    assert google.ask("PATCH", path, {"serviceAccount": {}, "updateMask": "email"}).status == 400


def test_a_deleted_role_keeps_its_id_for_37_days_and_comes_back_within_7(google: Project, control: Control) -> None:
    role = google.role("storage.objects.get")
    role_id = role.rpartition("/")[2]
    again = {"roleId": role_id, "role": {"title": "again", "includedPermissions": ["storage.objects.get"]}}
    roles = f"/v1/projects/{google.project}/roles"
    assert google.ask("POST", roles, again).status == 409
    assert google.done("DELETE", f"/v1/{role}")["deleted"] is True
    assert role not in [entry["name"] for entry in google.done("GET", roles).get("roles", ())]
    assert role in [known["name"] for known in google.done("GET", f"{roles}?showDeleted=true")["roles"]]

    answer = google.ask("POST", roles, again)
    assert (answer.status, answer.reason) == (400, "failedPrecondition")
    assert answer.message == f"You can't create a role_id ({role_id}) which has been marked for deletion."
    assert google.ask("PATCH", f"/v1/{role}", {"title": "other"}).status == 400
    assert "deleted" not in google.done("POST", f"/v1/{role}:undelete")
    assert google.ask("POST", f"/v1/{role}:undelete").status == 400

    google.done("DELETE", f"/v1/{role}")
    control("POST", "/faults", [{"clock_offset_seconds": 8 * DAY}])
    assert google.ask("GET", f"/v1/{role}").status == 404
    assert google.ask("POST", f"/v1/{role}:undelete").status == 404
    assert google.ask("POST", roles, again).status == 400
    control("POST", "/faults", [{"clock_offset_seconds": 38 * DAY}])
    assert google.ask("POST", roles, again).status == 200


@pytest.mark.parametrize(
    ("role_id", "role"),
    [
        ("no", {}),
        ("with-hyphen", {}),
        ("x" * 65, {}),
        ("fine_id", {"includedPermissions": ["storage.objects.read"]}),
        ("fine_id", {"stage": "SOMETIMES"}),
        ("fine_id", {"title": "x" * 101}),
        ("fine_id", {"permissions": []}),
    ],
)
def test_a_bad_role_is_refused(google: Project, role_id: str, role: dict[str, object]) -> None:
    body = {"roleId": role_id, "role": role}
    assert google.ask("POST", f"/v1/projects/{google.project}/roles", body).status == 400


def test_a_call_that_is_not_modelled_is_refused_by_name(google: Project) -> None:
    answer = google.ask("POST", f"{google.account_path(google.account())}:signBlob", {})
    assert (answer.status, answer.json["error"]["status"]) == (501, "UNIMPLEMENTED")
    assert "signBlob is not part of the local Google Cloud" in answer.message
