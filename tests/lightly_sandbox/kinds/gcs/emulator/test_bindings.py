"""What a caller may do follows from roles, bindings and their conditions, in every detail."""

from datetime import UTC, datetime, timedelta

import obstore
import pytest

from tests.lightly_sandbox.kinds.conftest import Control
from tests.lightly_sandbox.kinds.gcs.emulator.project import READ, WRITE, Project, Who, below


@pytest.fixture(scope="module")
def bucket(google: Project) -> str:
    """With objects in herd/ and barn/."""
    name = google.bucket()
    for entry in ("herd/a.jpg", "herd/b.jpg", "herds/a.jpg", "barn/a.jpg"):
        assert google.put(name, entry).status == 200
    return name


def lists(google: Project, bucket: str, who: Who, prefix: str | None = None) -> int:
    query = {} if prefix is None else {"prefix": prefix}
    return google.ask("GET", f"/storage/v1/b/{bucket}/o", bearer=who.signed(), query=query).status


def gets(google: Project, bucket: str, who: Who, name: str) -> int:
    return google.ask("GET", google.object(bucket, name), bearer=who.signed()).status


def test_an_account_without_a_binding_is_refused_in_googles_words(google: Project, bucket: str) -> None:
    who = google.outsider(bucket)
    answer = google.ask("GET", f"/storage/v1/b/{bucket}/o", bearer=who.signed())
    message = (
        f"{who.email} does not have storage.objects.list access to the Google Cloud Storage bucket. "
        "Permission 'storage.objects.list' denied on resource (or it may not exist)."
    )
    one = {"message": message, "domain": "global", "reason": "forbidden"}
    assert answer.json == {"error": {"code": 403, "message": message, "errors": [one]}}
    xml = google.ask("GET", f"/{bucket}/herd/a.jpg", bearer=who.signed())
    assert xml.status == 403
    assert b"<Code>AccessDenied</Code><Message>Access denied.</Message><Details>" in xml.body
    assert b"storage.objects.get access to the Google Cloud Storage object." in xml.body


def test_each_permission_opens_its_own_door_only(google: Project, bucket: str) -> None:
    doors = {
        "storage.objects.list": ("GET", f"/storage/v1/b/{bucket}/o"),
        "storage.objects.get": ("GET", google.object(bucket, "herd/a.jpg")),
        "storage.objects.create": ("POST", f"/upload/storage/v1/b/{bucket}/o?uploadType=media&name=fresh"),
        "storage.objects.delete": ("DELETE", google.object(bucket, "doomed")),
        "storage.buckets.get": ("GET", f"/storage/v1/b/{bucket}"),
        "storage.buckets.getIamPolicy": ("GET", f"/storage/v1/b/{bucket}/iam?optionsRequestedPolicyVersion=3"),
        "storage.buckets.update": ("PATCH", f"/storage/v1/b/{bucket}"),
    }
    for permission in doors:
        who = google.granted(bucket, permission)
        google.put(bucket, "doomed")
        google.ask("DELETE", google.object(bucket, "fresh"))
        opened = {
            item
            for item, (method, path) in doors.items()
            if google.ask(method, path, {} if method == "PATCH" else None, bearer=who.signed()).status < 300
        }
        assert opened == {permission}


def test_to_overwrite_takes_create_and_delete(google: Project, bucket: str) -> None:
    creator = google.granted(bucket, "storage.objects.create")
    name = google.name("herd/new")
    assert google.put(bucket, name, bearer=creator.signed()).status == 200
    again = google.put(bucket, name, bearer=creator.signed())
    assert (again.status, "storage.objects.delete" in again.message) == (403, True)
    assert google.ask("PUT", f"/{bucket}/{name}", b"two", bearer=creator.signed()).status == 403
    writer = google.granted(bucket, *WRITE)
    assert google.put(bucket, name, b"two", bearer=writer.signed()).status == 200


def test_a_condition_on_object_names_alone_denies_listing(google: Project, bucket: str) -> None:
    names = f'resource.name.startsWith("projects/_/buckets/{bucket}/objects/herd/")'
    who = google.granted(bucket, *READ, expression=names)
    assert gets(google, bucket, who, "herd/a.jpg") == 200
    assert gets(google, bucket, who, "barn/a.jpg") == 403
    assert lists(google, bucket, who, "herd/") == 403


def test_a_condition_with_the_prefix_of_listings_opens_that_directory_only(google: Project, bucket: str) -> None:
    who = google.granted(bucket, *READ, *WRITE, expression=below(bucket, "herd/"))
    assert [lists(google, bucket, who, known) for known in ("herd/", "herd/a", "herd", "", "barn/", None)] == [
        200,
        200,
        403,
        403,
        403,
        403,
    ]
    assert gets(google, bucket, who, "herd/a.jpg") == 200
    assert [gets(google, bucket, who, entry) for entry in ("barn/a.jpg", "herds/a.jpg", "barn/missing")] == [
        403,
        403,
        403,
    ]
    assert google.put(bucket, "barn/x", bearer=who.signed()).status == 403
    assert google.put(bucket, "herd/x", bearer=who.signed()).status == 200
    store = google.store(bucket, who)
    with pytest.raises(Exception, match=r"storage\.objects\.list"):
        list(obstore.list(store))


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("true", True),
        ("false", False),
        ('resource.type == "storage.googleapis.com/Object"', True),
        ('resource.type != "storage.googleapis.com/Object" || resource.name.endsWith("a.jpg")', True),
        ('resource.type == "storage.googleapis.com/Bucket"', False),
        ('resource.service == "storage.googleapis.com"', True),
        ('resource.name.extract("/objects/{dir}/") == "herd"', True),
        ('resource.name.extract("/objects/{dir}/") == "barn"', False),
        ('resource.name.extract("/nothing/{dir}/") == ""', True),
        ('resource.name.matches("objects/herd/.*")', True),
        ('request.time < timestamp("2020-01-01T00:00:00Z")', False),
        ('request.time < timestamp("2120-01-01T00:00:00Z")', True),
        ('request.time.getHours("Europe/Berlin") >= 0', True),
        ('!(resource.name.startsWith("projects/_/buckets/"))', False),
    ],
)
def test_conditions_are_really_evaluated(google: Project, bucket: str, expression: str, allowed: bool) -> None:
    who = google.granted(bucket, "storage.objects.get", expression=expression)
    assert gets(google, bucket, who, "herd/a.jpg") == (200 if allowed else 403)


def test_a_condition_sees_the_time_of_the_request(google: Project, bucket: str, control: Control) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    who = google.granted(bucket, "storage.objects.get", expression=f'request.time < timestamp("{soon}")')
    assert gets(google, bucket, who, "herd/a.jpg") == 200
    control("POST", "/faults", [{"clock_offset_seconds": 3700}])
    later = int(datetime.now(UTC).timestamp()) + 3700
    bearer = who.signed(iat=later, exp=later + 60)
    assert google.ask("GET", google.object(bucket, "herd/a.jpg"), bearer=bearer).status == 403


@pytest.mark.parametrize(
    "expression",
    ["resource.name.startsWith(", "1 + 1", "resource.nme == 'x'", "nonsense", "resource.matchTag('a', 'b')"],
)
def test_a_condition_that_cannot_be_evaluated_is_not_stored(google: Project, bucket: str, expression: str) -> None:
    answer = google.bind(bucket, "roles/storage.objectViewer", f"serviceAccount:{google.account()}", expression)
    assert (answer.status, answer.reason) == (400, "invalid")


def test_a_binding_is_gone_as_soon_as_the_policy_says_so(google: Project, bucket: str) -> None:
    who = google.granted(bucket, *READ)
    path = f"/storage/v1/b/{bucket}/iam"
    policy = google.done("GET", path, query={"optionsRequestedPolicyVersion": 3})
    kept = [binding for binding in policy["bindings"] if who.member not in binding["members"]]
    google.done("PUT", path, {**policy, "version": 3, "bindings": kept})
    assert lists(google, bucket, who) == 403


def test_a_role_is_what_it_is_now(google: Project, bucket: str) -> None:
    who, role = google.outsider(bucket), google.role("storage.objects.list")
    assert google.bind(bucket, role, who.member).status == 200
    assert (lists(google, bucket, who), gets(google, bucket, who, "herd/a.jpg")) == (200, 403)
    google.done("PATCH", f"/v1/{role}", {"includedPermissions": list(READ)})
    assert gets(google, bucket, who, "herd/a.jpg") == 200
    google.done("DELETE", f"/v1/{role}")
    assert lists(google, bucket, who) == 403
    google.done("POST", f"/v1/{role}:undelete")
    assert lists(google, bucket, who) == 200
    google.done("PATCH", f"/v1/{role}", {"stage": "DISABLED"})
    assert lists(google, bucket, who) == 403


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("roles/storage.objectViewer", {"list", "get"}),
        ("roles/storage.objectCreator", {"create"}),
        ("roles/storage.objectAdmin", {"list", "get", "create", "delete"}),
        ("roles/storage.objectUser", {"list", "get", "create", "delete"}),
        ("roles/storage.legacyBucketReader", {"list"}),
        ("roles/storage.legacyObjectReader", {"get"}),
    ],
)
def test_predefined_roles(google: Project, bucket: str, role: str, may: set[str]) -> None:
    who, name = google.outsider(bucket), google.name("herd/it")
    assert google.bind(bucket, role, who.member).status == 200
    google.put(bucket, f"{name}.old")
    found = {
        "list": lists(google, bucket, who),
        "get": gets(google, bucket, who, "herd/a.jpg"),
        "create": google.put(bucket, name, bearer=who.signed()).status,
        "delete": google.ask("DELETE", google.object(bucket, f"{name}.old"), bearer=who.signed()).status,
    }
    assert {verb for verb, status in found.items() if status < 300} == may


def test_an_account_made_again_has_none_of_the_old_rights(google: Project, bucket: str) -> None:
    who = google.granted(bucket, *READ, fresh=True)
    google.done("DELETE", google.account_path(who.email))
    shown = google.done("GET", f"/storage/v1/b/{bucket}/iam", query={"optionsRequestedPolicyVersion": 3})
    members = [member for binding in shown["bindings"] for member in binding["members"]]
    assert [entry for entry in members if entry.startswith(f"deleted:{who.member}?uid=")]
    account_id = who.email.partition("@")[0]
    google.done("POST", f"/v1/projects/{google.project}/serviceAccounts", {"accountId": account_id})
    assert lists(google, bucket, google.key(who.email)) == 403


def test_everybody_may_only_where_public_access_is_not_prevented(google: Project) -> None:
    name = google.bucket()
    google.put(name, "a.txt", b"hello")
    assert google.bind(name, "roles/storage.objectViewer", "allUsers").status == 200
    assert google.ask("GET", google.object(name, "a.txt"), bearer=None).status == 200
    prevented = {"iamConfiguration": {"publicAccessPrevention": "enforced"}}
    google.done("PATCH", f"/storage/v1/b/{name}", prevented)
    assert google.ask("GET", google.object(name, "a.txt"), bearer=None).status == 401
    assert google.ask("GET", f"/{name}/a.txt", bearer=None).status == 403
    shut = google.bucket(
        iamConfiguration={**prevented["iamConfiguration"], "uniformBucketLevelAccess": {"enabled": True}}
    )
    for member in ("allUsers", "allAuthenticatedUsers"):
        answer = google.bind(shut, "roles/storage.objectViewer", member)
        assert (answer.status, answer.reason) == (412, "conditionNotMet")
        assert "public access prevention is enforced" in answer.message


def test_any_google_account_is_not_nobody(google: Project) -> None:
    name = google.bucket()
    google.put(name, "a.txt")
    assert google.bind(name, "roles/storage.objectViewer", "allAuthenticatedUsers").status == 200
    assert google.ask("GET", google.object(name, "a.txt"), bearer=None).status == 401
    stranger = google.announcement["stranger"]["token"]
    assert google.ask("GET", google.object(name, "a.txt"), bearer=stranger).status == 200


def test_asked_permissions_are_those_on_the_bucket(google: Project, bucket: str) -> None:
    who = google.granted(bucket, *READ, expression=f'resource.name == "projects/_/buckets/{bucket}"')
    path = f"/storage/v1/b/{bucket}/iam/testPermissions"
    asked = "?permissions=storage.objects.list&permissions=storage.objects.create&permissions=storage.objects.get"
    assert google.done("GET", path + asked, bearer=who.signed())["permissions"] == sorted(READ, reverse=True)
    assert "permissions" not in google.done("GET", path + asked, bearer=google.outsider(bucket).signed())
