"""Faults on demand, the count of calls, and the control plane's door."""

import concurrent.futures
import time

import pytest
import urllib3
from lightly_sandbox.process import ServerProcess

from tests.lightly_sandbox.kinds.conftest import Control
from tests.lightly_sandbox.kinds.gcs.emulator.project import READ, Project


@pytest.fixture(scope="module")
def bucket(google: Project) -> str:
    return google.bucket()


def test_a_new_key_is_unknown_then_without_rights_then_fine(google: Project, bucket: str, control: Control) -> None:
    google.anybody()
    propagation = {"propagation": {"invalid_seconds": 100, "denied_seconds": 100}}
    who = google.granted(bucket, *READ, fresh=True)
    control("POST", "/faults", [propagation])

    def at(seconds: int) -> int:
        control("POST", "/faults", [propagation, {"clock_offset_seconds": seconds}])
        now = int(time.time()) + seconds
        return google.ask("GET", f"/storage/v1/b/{bucket}/o", bearer=who.signed(iat=now, exp=now + 60)).status

    assert [at(0), at(150), at(250)] == [401, 403, 200]


def test_a_new_account_cannot_be_bound_at_once(google: Project, bucket: str, control: Control) -> None:
    control("POST", "/faults", [{"propagation": {"invalid_seconds": 100}}])
    email = google.account()
    answer = google.bind(bucket, "roles/storage.objectViewer", f"serviceAccount:{email}")
    assert (answer.status, answer.message) == (400, f"Service account {email} does not exist.")


def test_a_call_fails_as_often_as_asked(google: Project, bucket: str, control: Control) -> None:
    fault = {"action": "storage.objects.list", "status": 503, "message": "later", "times": 2}
    control("POST", "/faults", [fault])
    answers = [google.ask("GET", f"/storage/v1/b/{bucket}/o") for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 503, 200]
    assert answers[0].message == "later"


def test_every_call_takes_its_latency(google: Project, control: Control) -> None:
    control("POST", "/faults", [{"latency_ms": 400}])
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        urllib3.request("GET", f"{google.endpoint}/no-such-bucket", timeout=0.05, retries=False)


def test_calls_are_counted_by_principal_and_action(google: Project, bucket: str, control: Control) -> None:
    who = google.granted(bucket, *READ)
    before = control("GET", "/calls")
    google.ask("GET", f"/storage/v1/b/{bucket}/o", bearer=who.signed())
    google.ask("GET", f"/{bucket}/none", bearer=who.signed())
    google.ask("GET", f"/storage/v1/b/{bucket}/o", bearer="nonsense")
    after = control("GET", "/calls")
    assert after["by_principal"]["unauthenticated"] > before["by_principal"].get("unauthenticated", 0)
    assert after["by_principal"][who.email] - before["by_principal"].get(who.email, 0) == 2
    for action in ("storage.objects.list", "storage.objects.get"):
        assert after["by_action"][action] - before["by_action"].get(action, 0) == 1
    assert sum(after["by_action"].values()) == sum(after["by_principal"].values()) == after["total"]


def test_an_unknown_organisation_policy_is_refused(server: ServerProcess) -> None:
    url, nonce = f"{server.url}/_sandbox/faults", {"X-Sandbox-Nonce": server.nonce}
    assert urllib3.request("POST", url, headers=nonce, body=b'[{"org_policy": "compute.x"}]').status == 400


def test_a_foreign_host_name_is_refused(google: Project, bucket: str) -> None:
    assert google.ask("GET", f"/storage/v1/b/{bucket}", headers={"Host": "evil.example"}).status == 400


def test_many_callers_at_once_lose_nothing(google: Project, bucket: str) -> None:
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        done = list(pool.map(lambda n: google.put(bucket, f"many/{n:03}").status, range(100)))
    assert done == [200] * 100
    listed = google.done("GET", f"/storage/v1/b/{bucket}/o", query={"prefix": "many/"})["items"]
    assert len(listed) == 100
