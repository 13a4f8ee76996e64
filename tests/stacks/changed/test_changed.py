"""Somebody else changes things: what `verify` says of each, what `pulumi up --refresh` does, and the guide's table."""

from collections.abc import Iterator

import pytest
import yaml

from tests.deploying import ROOT
from tests.stacks.changed import aws, google, lightly, microsoft
from tests.stacks.changed.change import Change
from tests.stacks.changed.deployment import STACK, Deployment, deployed

GUIDE = ROOT / "docs" / "guides" / "somebody-else-changes-things.md"
ROUNDS: dict[str, tuple[Change, ...]] = {
    "beside": (*aws.BESIDE, *microsoft.BESIDE, *google.BESIDE),
    "gone": (*aws.GONE, *microsoft.GONE, *google.GONE),
    "identities gone": (*aws.WHOLE, *microsoft.WHOLE, *google.WHOLE),
    "stores gone": (*aws.MORE, *microsoft.MORE, *google.MORE),
    "at Lightly": (*lightly.CHANGES, *microsoft.ACCOUNT),
    # One at a time: a run ends at its first failure, and says no more.
    "your bucket gone": aws.YOURS,
    "your container gone": microsoft.YOURS,
    "yours gone at Google": google.YOURS,
    "keys forbidden": microsoft.REFUSING,
    "roles gone": google.REFUSING,
}
"""What is done at once, and is seen, and mended, side by side."""


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployed(tmp_path_factory.mktemp("changed")) as found:
        yield found


@pytest.mark.sandbox
@pytest.mark.parametrize("name", ROUNDS)
def test_verify_says_what_was_changed_and_a_refresh_does_what_the_guide_says(deployment: Deployment, name: str) -> None:
    changes = ROUNDS[name]
    for change in changes:
        change.do(deployment)
    try:
        found = deployment.verify()
        assert found["code"] == 1
        assert [str(each) for each in changes if not each.seen(found)] == []

        ended = deployment.up()
        said = "\n".join(ended.diagnostics)
        found = deployment.verify()
        for change in changes:
            mended = change.refresh in ("puts it back", "makes it again")
            assert change.seen(found) is not mended, f"{change}\n{said}"
            if change.refresh == "fails, and says so":
                assert not ended.ok
                assert change.told in said
    finally:
        for change in changes:
            if change.undo:
                change.undo(deployment)
    assert deployment.up().ok
    assert deployment.verify()["code"] == 0


@pytest.mark.sandbox
def test_without_a_login_it_says_so_in_a_line_a_cloud_and_the_lights_count(deployment: Deployment) -> None:
    none = {
        "AWS_ACCESS_KEY_ID": "",
        "AWS_SECRET_ACCESS_KEY": "",
        "AWS_PROFILE": "",
        "AWS_EC2_METADATA_DISABLED": "true",
        "IDENTITY_ENDPOINT": "",
        "GOOGLE_OAUTH_ACCESS_TOKEN": "",
        "GOOGLE_APPLICATION_CREDENTIALS": "/nonexistent",
    }
    found = deployment.verify(**none)
    assert found["code"] == 0
    for cloud, dataset in {"AWS": "cows", "Azure": "tractors", "Google Cloud": "bees"}.items():
        (note,) = found["datasets"][dataset]["notes"]
        assert f"not looked at in the cloud: anything of {cloud} (" in note
        assert "login" in note


@pytest.mark.sandbox
def test_a_login_of_another_account_takes_nothing_for_gone(deployment: Deployment) -> None:
    stranger = deployment.sandbox.accounts["stranger"]
    keys = {"AWS_ACCESS_KEY_ID": stranger.access_key_id, "AWS_SECRET_ACCESS_KEY": stranger.secret_access_key.reveal()}
    found = deployment.verify("cows", **keys)
    assert found["code"] == 0
    assert found["datasets"]["cows"]["drift"] == []
    assert f"the login is one of account {stranger.account}" in str(found["datasets"]["cows"]["notes"])


@pytest.mark.sandbox
def test_token_and_server_are_the_stacks_where_they_stand_there(deployment: Deployment) -> None:
    server, token = deployment.sandbox.lightly.url, deployment.sandbox.token.reveal()
    file = deployment.folder / "project" / f"Pulumi.{STACK}.yaml"
    before = file.read_text()
    own = {"lightly:serverLocation": server, "lightly:token": token}
    document = yaml.safe_load(before)
    file.write_text(yaml.safe_dump({**document, "config": {**document["config"], **own}}))
    try:
        wrong = {"LIGHTLY_TOKEN": "wrong", "LIGHTLY_SERVER_LOCATION": "http://127.0.0.1:1"}
        assert deployment.verify("cows", **wrong)["code"] == 0
    finally:
        file.write_text(before)


def test_the_guide_has_a_row_for_each_change() -> None:
    kinds = ("s3", "azure", "gcs", "Lightly")
    rows = sorted((each for changes in ROUNDS.values() for each in changes), key=lambda each: kinds.index(each.kind))
    table = "\n".join(f"| {each.kind} | {each.what} | {_said(each)} | {each.refresh} |" for each in rows)
    assert table in GUIDE.read_text()


def _said(change: Change) -> str:
    rule, _, words = change.said.partition(": ")
    return f"red: {words}" if rule == "light" else f"`{rule}`"


if __name__ == "__main__":  # prints the table
    kinds = ("s3", "azure", "gcs", "Lightly")
    for each in sorted((row for rows in ROUNDS.values() for row in rows), key=lambda row: kinds.index(row.kind)):
        print(f"| {each.kind} | {each.what} | {_said(each)} | {each.refresh} |")
