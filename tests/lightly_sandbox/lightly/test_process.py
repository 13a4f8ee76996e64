"""The local Lightly as a child process: it says its port, knows its nonce, ends with its parent."""

from pathlib import Path

import urllib3
from lightly_sandbox.process import start

from tests.lightly_sandbox.lightly.caller import LIGHTLYS_AWS, TOKEN, Api

SETTINGS = {
    "token": TOKEN,
    "aws": {
        "endpoint": LIGHTLYS_AWS.endpoint,
        "region": LIGHTLYS_AWS.region,
        "access_key_id": LIGHTLYS_AWS.access_key_id,
        "secret_access_key": LIGHTLYS_AWS.secret_access_key,
    },
}


def test_a_child_serves_until_its_parent_is_gone(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with start("lightly_sandbox.lightly", SETTINGS, log).wait() as server:
        api = Api(server.url)
        assert api.control("GET", "", nonce=server.nonce) == {"name": "lightly", "nonce": server.nonce}
        assert api.new_dataset()
        assert api("GET", "/v1/datasets", surprise=1).status == 400
        arguments = Path(f"/proc/{server._child.pid}/cmdline")
        if arguments.exists():
            assert TOKEN not in arguments.read_text()
    assert server._child.returncode == 0
    assert log.read_text() == ""
    with urllib3.PoolManager(retries=False) as pool:
        try:
            pool.request("GET", server.url)
        except urllib3.exceptions.HTTPError:
            return
    raise AssertionError("something still answers")
