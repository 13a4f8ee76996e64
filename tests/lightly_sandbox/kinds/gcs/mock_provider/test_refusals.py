"""What the mock provider does when Google says no, says it later, or somebody else was first."""

import concurrent.futures
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import urllib3
from lightly_sandbox.kinds.gcs.mock_provider import Serving
from lightly_sandbox.process import ServerProcess

from tests.lightly_sandbox.kinds.gcs.mock_provider.conftest import Google
from tests.lightly_sandbox.kinds.gcs.mock_provider.test_lives import (
    ACCOUNT,
    BUCKET,
    KEY,
    MEMBER,
    OBJECT,
    ROLE,
    GoogleSurroundings,
)
from tests.lightly_sandbox.mock_providers.client import Plugin, ProviderError

Faults = Callable[..., None]
READER = "roles/storage.objectViewer"


def test_a_deployer_without_the_permission_is_refused_in_googles_words(serving: Serving, server: ServerProcess) -> None:
    stranger = Plugin(serving.port, {"accessToken": server.announcement["stranger"]["token"]})
    with pytest.raises(ProviderError) as refused:
        stranger.create(ACCOUNT, "account", {"accountId": "lightly-no"})
    resource = "//iam.googleapis.com/projects/acme-ml"
    assert refused.value.text.startswith(
        "could not create service account 'lightly-no' (gcp:serviceaccount/account:Account): googleapi: Error 403: "
        f"Permission 'iam.serviceAccounts.create' denied on resource '{resource}' (or it may not exist)."
    )
    assert server.announcement["stranger"]["token"] not in refused.value.text
    stranger.close()


def test_an_organisation_that_forbids_keys_is_named(plugin: Plugin, faults: Faults) -> None:
    around = GoogleSurroundings(plugin)
    owner = around.account()
    faults({"org_policy": "iam.disableServiceAccountKeyCreation"})
    with pytest.raises(ProviderError) as refused:
        plugin.create(KEY, "key", {"serviceAccountId": owner.id})
    said = "googleapi: Error 400: Key creation is not allowed on this service account."
    assert said in refused.value.text
    assert '"type": "constraints/iam.disableServiceAccountKeyCreation"' in refused.value.text
    assert refused.value.text.endswith(", failedPrecondition")
    around.clear()


def test_members_added_side_by_side_are_all_there(plugin: Plugin, google: Google) -> None:
    around = GoogleSurroundings(plugin)
    bucket, count = around.bucket(), 8
    members = [around.make(ACCOUNT, {"accountId": f"many-{around.tag}-{n}"})["member"] for n in range(count)]
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        wanted = [{"bucket": bucket, "role": READER, "member": member} for member in members]
        made = list(pool.map(lambda entry: plugin.create(MEMBER, entry["member"], entry), wanted))
        assert members_of(google, bucket) == set(members)
        list(pool.map(plugin.delete, made[1:]))
    assert members_of(google, bucket) == {members[0]}
    around.clear()


def test_a_member_is_added_although_somebody_else_writes_the_policy_all_the_time(
    plugin: Plugin, google: Google
) -> None:
    around = GoogleSurroundings(plugin)
    bucket, member = around.bucket(), around.account()["member"]
    path, stop, writes = f"/storage/v1/b/{bucket}/iam", threading.Event(), list[int]()

    def write() -> None:
        while not stop.is_set():
            google("PUT", path, {k: v for k, v in google("GET", path).items() if k != "etag"})
            writes.append(1)
            stop.wait(0.02)

    other = threading.Thread(target=write)
    other.start()
    try:
        for _ in range(5):
            made = plugin.create(MEMBER, "it", {"bucket": bucket, "role": READER, "member": member})
            plugin.delete(made)
    finally:
        stop.set()
        other.join()
    assert writes
    around.clear()


def test_a_stale_etag_is_tried_again(plugin: Plugin, faults: Faults) -> None:
    around = GoogleSurroundings(plugin)
    bucket, member = around.bucket(), around.account()["member"]
    conflict = {"status": 412, "reason": "conditionNotMet", "times": 2, "action": "storage.buckets.setIamPolicy"}
    faults({**conflict, "message": "At least one of the pre-conditions you specified did not hold."})
    made = plugin.create(MEMBER, "it", {"bucket": bucket, "role": READER, "member": member})
    assert plugin.read(made) is not None
    around.clear()


def test_a_refusal_that_does_not_pass_is_not_tried_again(plugin: Plugin, faults: Faults) -> None:
    around = GoogleSurroundings(plugin)
    bucket = around.bucket()
    with pytest.raises(ProviderError, match="412: The member bindings allUsers") as refused:
        plugin.create(MEMBER, "it", {"bucket": bucket, "role": READER, "member": "allUsers"})
    assert "public access prevention is enforced" in refused.value.text
    around.clear()


def test_an_account_that_policies_do_not_know_yet_is_waited_for(plugin: Plugin, faults: Faults, google: Google) -> None:
    around = GoogleSurroundings(plugin)
    bucket = around.bucket()
    faults({"propagation": {"invalid_seconds": 1}})
    member = around.account()["member"]
    plugin.create(MEMBER, "it", {"bucket": bucket, "role": READER, "member": member})
    assert members_of(google, bucket) == {member}
    around.clear()


def test_a_bucket_with_objects_is_kept_unless_it_may_be_emptied(plugin: Plugin, google: Google) -> None:
    name = f"acme-{uuid.uuid4().hex[:8]}"
    inputs: dict[str, Any] = {"name": name, "location": "EU", "versioning": {"enabled": True}}
    made = plugin.create(BUCKET, "bucket", inputs)
    for content in ("one", "two"):
        held = plugin.create(OBJECT, "object", {"bucket": name, "name": "herd/a.txt", "content": content})
    plugin.delete(held)
    with pytest.raises(ProviderError, match="hint: move them away, or set forceDestroy"):
        plugin.delete(made)
    plugin.delete(plugin.update(made, {**inputs, "forceDestroy": True}))
    google("GET", f"/storage/v1/b/{name}", expected=404)


def test_an_existing_bucket_is_not_taken_over(plugin: Plugin) -> None:
    around = GoogleSurroundings(plugin)
    with pytest.raises(ProviderError, match="409: Your previous request to create the named bucket succeeded"):
        plugin.create(BUCKET, "bucket", {"name": around.bucket(), "location": "EU"})
    around.clear()


def test_a_living_role_is_not_taken_over(plugin: Plugin) -> None:
    around = GoogleSurroundings(plugin)
    role_id = around.role().rpartition("/")[2]
    with pytest.raises(ProviderError, match="already exists and must be imported"):
        plugin.create(ROLE, "role", {"roleId": role_id, "title": "mine", "permissions": ["storage.objects.get"]})
    around.clear()


def test_a_directory_without_content_is_refused_as_the_provider_does(plugin: Plugin) -> None:
    with pytest.raises(ProviderError, match='either "content" or "source" must be specified'):
        plugin.create(OBJECT, "object", {"bucket": "acme", "name": "herd/", "content": ""})


def test_a_busy_google_is_asked_again(plugin: Plugin, faults: Faults) -> None:
    faults({"action": "iam.serviceAccounts.create", "status": 503, "times": 2})
    around = GoogleSurroundings(plugin)
    around.account()
    around.clear()


def test_settings_and_inputs_that_are_not_implemented_are_refused_by_name(plugin: Plugin) -> None:
    config = {"project": "p", "storageCustomEndpoint": "http://x", "credentials": "{}", "nonsense": "1"}
    assert {name for name, _ in plugin.check_config({**config, "batching": "{}"})} == {
        "storageCustomEndpoint",
        "nonsense",
    }
    _, failures = plugin.check(BUCKET, "it", {"location": "EU", "autoclass": {"enabled": True}, "lable": {}})
    assert set(failures) == {"autoclass", "lable"}


def test_a_server_that_is_gone_is_one_sentence(serving: Serving, settings: dict[str, str]) -> None:
    from lightly_sandbox.kinds.gcs.mock_provider.errors import explain

    with pytest.raises(urllib3.exceptions.HTTPError) as error:
        urllib3.request("GET", "http://127.0.0.1:1/", retries=False)
    assert explain(error.value) == "Google could not be reached (NewConnectionError)"


def members_of(google: Google, bucket: str) -> set[str]:
    bindings = google("GET", f"/storage/v1/b/{bucket}/iam?optionsRequestedPolicyVersion=3")["bindings"]
    return {member for binding in bindings if binding["role"] == READER for member in binding["members"]}
