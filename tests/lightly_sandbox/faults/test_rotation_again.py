"""Rotations that come before the last one has ended, for every kind of credential that rotates: one always works."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightly_sandbox import credential_clients
from lightly_sandbox.credential_log import Credential, CredentialLog
from lightly_sandbox.deployer import Deployer, Outcome
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.start import start_sandbox

from tests.deploying import ROOT, STACK, deployer, must, seed

KEPT = ("dashcam", "tractors", "beehives")
"""Of the rehearsal's datasets: keys of users, SAS tokens, keys of service accounts."""
REFUSED = {"call": "put_datasource", "status": 422}
NO = dict.fromkeys(("canList", "canRead", "canWrite", "canOverwrite"), False)
RED = {"call": "verify", "answer": NO}


class Herd:
    """The three datasets of one stack, rotated at once; every credential that was ever issued is remembered."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox, self._folder, self.log = sandbox, folder, CredentialLog()
        written = yaml.safe_load((ROOT / "stacks" / f"Pulumi.{STACK}.yaml").read_text())["config"]
        self._stores = {
            n: s for n, s in written["lightly-access:stores"].items() if s["kind"] in ("s3", "azure", "gcs")
        }
        self._datasets: dict[str, Any] = {name: written["lightly-access:datasets"][name] for name in KEPT}

    def up(self, text: str | None = None, days: int = 90) -> Outcome:
        """Deploy, with this `rotate_now` and `rotate_after` everywhere."""
        for dataset in self._datasets.values():
            for purpose in ("input", "lightly"):
                dataset[purpose] |= {"rotate_after": days, **({"rotate_now": text} if text else {})}
        verify = {"deadline": 3, "confirmations": 1}
        config = {
            "lightly-access:stores": self._stores,
            "lightly-access:datasets": self._datasets,
            "lightly-access:verify": verify,
        }
        self.stack: Deployer = deployer(self.sandbox, self._folder, config, checkpoints=True)
        done = self.stack.up()
        self.log.note(*self.current())
        return done

    def current(self) -> list[Credential]:
        """What the state registered last."""
        return credential_clients.registered(self.stack.state(show_secrets=True))

    def lightly_gets_in(self) -> bool:
        """Lightly uses what is registered with it, in every dataset."""
        found = self.sandbox.control(self.sandbox.lightly, "GET", "/state")["datasets"]
        return all(all(self._verified(each).values()) for each in found)

    def _verified(self, dataset_id: str) -> dict[str, bool]:
        import urllib3

        url = f"{self.sandbox.lightly.url}/v1/datasets/{dataset_id}/datasource/verify"
        answer = urllib3.request("GET", url, fields={"token": self.sandbox.token.reveal()}, retries=False)
        said: dict[str, Any] = answer.json()
        return {name: said[name] is True for name in ("canList", "canRead", "canWrite", "canOverwrite")}

    def only_the_last_works(self) -> None:
        now = {each.secret.reveal() for each in self.current() if each.registered}
        assert len(now) == 6
        for each in self.log.credentials.values():
            works = credential_clients.use(self.sandbox, each) is None
            assert works is (each.secret.reveal() in now), each


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox(kinds=("s3", "azure", "gcs")) as running:
        seed(running)
        yield running


@pytest.fixture(scope="module")
def herd(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Herd:
    herd = Herd(sandbox, tmp_path_factory.mktemp("stack"))
    must(herd.up())
    return herd


def test_a_text_that_goes_back_to_the_one_before_leaves_what_works(herd: Herd) -> None:
    must(herd.up("first"))
    for fault in (REFUSED, RED):
        with herd.sandbox.faults(herd.sandbox.lightly, fault):
            assert not herd.up("second").ok
        must(herd.up("first"))
        assert herd.lightly_gets_in()
        herd.only_the_last_works()


@pytest.mark.parametrize("fault", [REFUSED, RED], ids=["not registered", "not verified"])
def test_another_rotation_before_the_last_one_ended(herd: Herd, fault: dict[str, Any]) -> None:
    for text in ("one", "two"):
        with herd.sandbox.faults(herd.sandbox.lightly, fault):
            assert not herd.up(f"{text} {fault['call']}").ok
        assert herd.lightly_gets_in(), text
    must(herd.up(f"three {fault['call']}"))
    assert herd.lightly_gets_in()
    herd.only_the_last_works()
    assert herd.up().changes["replace"] == 0


def test_a_period_that_begins_and_is_taken_back_as_by_a_clock_at_its_edge(herd: Herd) -> None:
    with herd.sandbox.faults(herd.sandbox.lightly, RED):
        assert not herd.up("early", days=60).ok
    must(herd.up("early"))
    assert herd.lightly_gets_in()
    herd.only_the_last_works()
    must(herd.up("early", days=60))
    must(herd.up("early"))
    assert herd.lightly_gets_in()
    herd.only_the_last_works()
