"""Buckets and their policies over the JSON API."""

from typing import Any

import pytest

from tests.lightly_sandbox.kinds.gcs.emulator.project import Project

V3 = {"optionsRequestedPolicyVersion": 3}


def test_a_bucket_says_what_it_was_given_and_what_it_has_of_itself(google: Project) -> None:
    name = google.bucket(labels={"team": "vision"}, versioning={"enabled": True})
    shown = google.done("GET", f"/storage/v1/b/{name}")
    assert (shown["location"], shown["locationType"], shown["storageClass"]) == ("EUROPE-WEST3", "region", "STANDARD")
    assert shown["labels"] == {"team": "vision"}
    assert shown["iamConfiguration"]["uniformBucketLevelAccess"]["enabled"] is True
    assert shown["iamConfiguration"]["publicAccessPrevention"] == "inherited"
    assert shown["softDeletePolicy"]["retentionDurationSeconds"] == "604800"
    body = {"labels": {"team": None, "stage": "test"}, "versioning": {"enabled": False}}
    changed = google.done("PATCH", f"/storage/v1/b/{name}", body)
    assert (changed["labels"], changed["versioning"], changed["metageneration"]) == (
        {"stage": "test"},
        {"enabled": False},
        "2",
    )
    assert google.ask("PATCH", f"/storage/v1/b/{name}?ifMetagenerationMatch=1", {}).status == 412
    listed = google.done("GET", "/storage/v1/b", query={"project": google.project, "prefix": name})
    assert [item["name"] for item in listed["items"]] == [name]


def test_a_name_is_taken_once_in_the_whole_world(google: Project) -> None:
    name = google.bucket()
    mine = google.ask("POST", f"/storage/v1/b?project={google.project}", {"name": name})
    assert (mine.status, mine.reason) == (409, "conflict")
    assert "you already own it" in mine.message
    other = Project(google.endpoint, google.announcement["stranger"])
    theirs = other.ask("POST", f"/storage/v1/b?project={other.project}", {"name": name})
    assert (theirs.status, "shared by all users" in theirs.message) == (409, True)


@pytest.mark.parametrize(
    "name",
    [
        "ab",
        "x" * 64,
        "Capital",
        "-first",
        "last-",
        "goog-mine",
        "my-google",
        "my-g00g1e",
        "10.0.0.1",
        "a..b",
        "_a_b",
        "",
    ],
)
def test_a_bad_name_is_refused(google: Project, name: str) -> None:
    assert google.ask("POST", f"/storage/v1/b?project={google.project}", {"name": name}).status == 400


DAY = 86400
DELETE, COLDER = {"type": "Delete"}, {"type": "SetStorageClass"}
SETTINGS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a location": ({"location": "atlantis"}, {"location": "eur4"}),
    "a class": ({"storageClass": "CHEAP"}, {"storageClass": "ARCHIVE"}),
    "versions": ({"versioning": {"enabled": "yes"}}, {"versioning": {"enabled": True}}),
    "a soft delete of 6 days": (
        {"softDeletePolicy": {"retentionDurationSeconds": 6 * DAY}},
        {"softDeletePolicy": {"retentionDurationSeconds": 7 * DAY}},
    ),
    "a soft delete of 91 days": (
        {"softDeletePolicy": {"retentionDurationSeconds": f"{91 * DAY}"}},
        {"softDeletePolicy": {"retentionDurationSeconds": "0"}},
    ),
    "a label's key": ({"labels": {"Team": "x"}}, {"labels": {"team_1-a": "x"}}),
    "a label's digit": ({"labels": {"1team": "x"}}, {"labels": {"téam": "x"}}),
    "a label's value": ({"labels": {"team": "a b"}}, {"labels": {"team": ""}}),
    "a long label": ({"labels": {"team": "x" * 64}}, {"labels": {"team": "x" * 63}}),
    "65 labels": (
        {"labels": {f"k{number}": "v" for number in range(65)}},
        {"labels": {f"k{number}": "v" for number in range(64)}},
    ),
    "a negative age": (
        {"lifecycle": {"rule": [{"action": DELETE, "condition": {"age": -1}}]}},
        {"lifecycle": {"rule": [{"action": DELETE, "condition": {"age": 0}}]}},
    ),
    "a date with a time": (
        {"lifecycle": {"rule": [{"action": DELETE, "condition": {"createdBefore": "2026-01-01T00:00:00Z"}}]}},
        {"lifecycle": {"rule": [{"action": DELETE, "condition": {"createdBefore": "2026-01-01"}}]}},
    ),
    "an unknown class in a rule": (
        {"lifecycle": {"rule": [{"action": {**COLDER, "storageClass": "X"}, "condition": {"age": 1}}]}},
        {"lifecycle": {"rule": [{"action": {**COLDER, "storageClass": "NEARLINE"}, "condition": {"age": 1}}]}},
    ),
    "an empty list of prefixes": (
        {"lifecycle": {"rule": [{"action": DELETE, "condition": {"matchesPrefix": []}}]}},
        {"lifecycle": {"rule": [{"action": DELETE, "condition": {"matchesPrefix": ["a/"]}}]}},
    ),
    "101 rules": (
        {"lifecycle": {"rule": [{"action": DELETE, "condition": {"age": 1}}] * 101}},
        {"lifecycle": {"rule": [{"action": DELETE, "condition": {"age": 1}}] * 100}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SETTINGS)
def test_a_setting_that_no_bucket_has_is_refused_and_the_nearest_is_taken(google: Project, case: str) -> None:
    wrong, right = SETTINGS[case]
    for settings, status in ((wrong, 400), (right, 200)):
        body = {"name": google.name("set"), "location": "europe-west3", **settings}
        assert google.ask("POST", f"/storage/v1/b?project={google.project}", body).status == status


def test_a_name_with_dots_is_a_domain_that_nobody_has_proved(google: Project) -> None:
    answer = google.ask("POST", f"/storage/v1/b?project={google.project}", {"name": "data.example.com"})
    assert (answer.status, "domain ownership" in answer.message) == (403, True)


def test_a_binding_that_no_policy_has_is_refused(google: Project) -> None:
    name = google.bucket()
    member, viewer = f"serviceAccount:{google.account()}", "roles/storage.objectViewer"
    fine = {"title": "t", "expression": "resource.name != ''"}

    def put(version: int = 3, role: str = viewer, members: tuple[str, ...] = (member,), **condition: str) -> int:
        binding = {"role": role, "members": [*members], "condition": {**fine, **condition}}
        return google.ask("PUT", f"/storage/v1/b/{name}/iam", {"version": version, "bindings": [binding]}).status

    assert put() == 200
    assert put(version=2) == 400
    assert put(title="x" * 101) == 400
    assert put(description="x" * 257) == 400
    assert put(expression=" && ".join(["resource.name != ''"] * 13)) == 200
    assert put(expression=" && ".join(["resource.name != ''"] * 14)) == 400
    assert put(expression="resource.name != '" + "&&" * 20 + "'") == 200, "what is quoted is no operator"
    assert put(members=("allUsers",)) == 400
    assert put(members=tuple(f"user:u{number}@example.com" for number in range(1501))) == 400


def test_only_an_empty_bucket_can_be_deleted_and_old_versions_count(google: Project) -> None:
    name = google.bucket(versioning={"enabled": True})
    google.put(name, "a")
    answer = google.ask("DELETE", f"/storage/v1/b/{name}")
    assert (answer.status, answer.message) == (409, "The bucket you tried to delete is not empty.")
    google.done("DELETE", google.object(name, "a"))
    assert google.ask("DELETE", f"/storage/v1/b/{name}").status == 409
    (old,) = google.done("GET", f"/storage/v1/b/{name}/o", query={"versions": "true"})["items"]
    google.done("DELETE", google.object(name, "a"), query={"generation": old["generation"]})
    assert google.ask("DELETE", f"/storage/v1/b/{name}").status == 204
    for path in (f"/storage/v1/b/{name}", f"/storage/v1/b/{name}/o", f"/{name}?list-type=2", f"/{name}/a"):
        assert google.ask("GET", path).status == 404


@pytest.mark.parametrize(
    "rule",
    [
        {"action": {"type": "Burn"}, "condition": {"age": 1}},
        {"action": {"type": "Delete"}, "condition": {}},
        {"action": {"type": "SetStorageClass"}, "condition": {"age": 1}},
        {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"numNewerVersions": 1}},
        {"action": {"type": "Delete"}, "condition": {"days": 1}},
    ],
)
def test_a_bad_lifecycle_rule_is_refused(google: Project, rule: dict[str, Any]) -> None:
    name = google.bucket()
    assert google.ask("PATCH", f"/storage/v1/b/{name}", {"lifecycle": {"rule": [rule]}}).status == 400


def test_settings_that_are_not_modelled_are_refused_by_name(google: Project) -> None:
    name = google.bucket()
    answer = google.ask("PATCH", f"/storage/v1/b/{name}", {"retentionPolicy": {"retentionPeriod": "10"}})
    assert (answer.status, "retentionPolicy is not part of" in answer.message) == (501, True)
    assert google.ask("PATCH", f"/storage/v1/b/{name}", {"location": "US"}).status == 400


class TestPolicies:
    """The IAM policy of a bucket."""

    def test_who_was_second_must_read_again(self, google: Project) -> None:
        path = f"/storage/v1/b/{google.bucket()}/iam"
        first = google.done("GET", path)
        member = f"serviceAccount:{google.account()}"
        bindings = [*first["bindings"], {"role": "roles/storage.objectViewer", "members": [member]}]
        changed = google.done("PUT", path, {**first, "bindings": bindings})
        assert changed["etag"] != first["etag"]
        answer = google.ask("PUT", path, first)
        assert (answer.status, answer.reason) == (412, "conditionNotMet")
        assert google.done("GET", path)["bindings"] == bindings
        assert google.ask("PUT", path, {**first, "etag": ""}).status == 200  # without an etag the last one wins

    def test_conditions_need_version_3_on_both_ways(self, google: Project) -> None:
        name = google.bucket()
        member = f"serviceAccount:{google.account()}"
        assert google.bind(name, "roles/storage.objectViewer", member, "true").status == 200
        path = f"/storage/v1/b/{name}/iam"
        answer = google.ask("GET", path)
        said = "Requested policy version (1) cannot be less than the existing policy version (3)."
        assert (answer.status, answer.message) == (400, said)
        policy = google.done("GET", path, query=V3)
        assert policy["version"] == 3
        assert google.ask("PUT", path, {**policy, "version": 1}).status == 400
        assert google.ask("PUT", path, {"bindings": policy["bindings"]}).status == 400

    def test_conditions_need_uniform_access(self, google: Project) -> None:
        name = google.bucket(iamConfiguration={})
        member = f"serviceAccount:{google.account()}"
        answer = google.bind(name, "roles/storage.objectViewer", member, "true")
        assert (answer.status, answer.reason) == (412, "conditionNotMet")
        assert "enable uniform bucket-level access" in answer.message

    @pytest.mark.parametrize(
        "member",
        ["nobody", "serviceAccount:nobody@acme-ml.iam.gserviceaccount.com", "robot:a@b", "user:", "serviceAccount:x"],
    )
    def test_a_member_that_does_not_exist_is_refused(self, google: Project, member: str) -> None:
        answer = google.bind(google.bucket(), "roles/storage.objectViewer", member)
        assert (answer.status, answer.reason) == (400, "invalid")

    def test_a_role_that_does_not_exist_is_refused_and_one_that_was_deleted_may_stay(self, google: Project) -> None:
        name, member = google.bucket(), f"serviceAccount:{google.account()}"
        role = google.role("storage.objects.get")
        other = Project(google.endpoint, google.announcement["stranger"]).role("storage.objects.get")
        for bad in ("roles/storage.god", "projects/acme-ml/roles/none", other):
            assert google.bind(name, bad, member).status == 400
        assert google.bind(name, role, member).status == 200
        google.done("DELETE", f"/v1/{role}")
        assert google.bind(google.bucket(), role, member).status == 400
        assert google.bind(name, "roles/storage.objectViewer", member).status == 200

    def test_the_same_binding_twice_is_one(self, google: Project) -> None:
        name, member = google.bucket(), f"serviceAccount:{google.account()}"
        for _ in range(2):
            google.bind(name, "roles/storage.objectViewer", member)
        bindings = google.done("GET", f"/storage/v1/b/{name}/iam")["bindings"]
        assert bindings[-1] == {"role": "roles/storage.objectViewer", "members": [member]}

    @pytest.mark.parametrize(
        "policy",
        [
            {"bindings": [{"role": "roles/storage.objectViewer"}]},
            {"binding": []},
            {"version": 3, "bindings": [{"role": "r", "members": [], "condition": {"expression": "true"}}]},
            {"version": 3, "bindings": [{"role": "r", "members": [], "condition": {"title": "t"}}]},
            {"version": 3, "bindings": [{"role": "r", "members": [], "condition": {"title": "t", "location": "x"}}]},
        ],
    )
    def test_a_malformed_policy_is_refused(self, google: Project, policy: dict[str, Any]) -> None:
        assert google.ask("PUT", f"/storage/v1/b/{google.bucket()}/iam", policy).status == 400
