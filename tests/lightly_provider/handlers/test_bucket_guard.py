"""What is refused before a bucket or its key goes: by what the bucket holds, and by what nobody can tell."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from lightly_access.kinds import guarded
from lightly_access.kinds.contents import BucketUnreadableError, Contents, Version, contents, ours
from lightly_access.kinds.s3.bucket_contents import KeyState, Under
from lightly_api.errors import RequestRefusedError
from lightly_core.pulumi_values import UNKNOWN, SecretValue, Value
from lightly_provider.handlers import bucket_guard
from lightly_provider.handlers.bucket_guard import BucketGuardHandler
from lightly_provider.handlers.handler import Call

KEY = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
GUARDED: dict[str, Value] = {"bucket": "acme-kept", "region": "eu-central-1", "kmsKeyArn": KEY, "forceDestroy": False}
FULL = Contents(objects=2, versions=3, markers=1)
GUARD = BucketGuardHandler()
NEEDED = (
    "2 objects and 3 old versions, and cows/1.png is under it\nhint: write `kms_key: create`.*`old_kms_keys: .create"
)


@dataclass
class Aws:
    """What AWS would say."""

    held: Contents = field(default_factory=Contents)
    key: KeyState | None = None
    refuses: str = ""
    login: Any = None
    under: Under = field(default_factory=lambda: Under("cows/1.png"))
    unread: str = ""
    told: list[str] = field(default_factory=list)

    def say(self, answer: Any) -> Any:
        if self.refuses:
            raise BucketUnreadableError(self.refuses)
        return answer

    def delete(self, **changed: Value) -> None:
        GUARD.delete(Call(api=lambda: pytest.fail("Lightly is not asked"), tell=self.told.append), "acme-kept", {},
                     {**GUARDED, **changed})  # fmt: skip


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    said = Aws()

    class Account:
        def __init__(self, region: str, login: Any) -> None:
            said.login = login

        def clean(self, bucket: str) -> Contents:
            return said.say(said.held)  # type: ignore[no-any-return]

        contents = data = clean

        def under(self, bucket: str, arn: str, *, versions: bool) -> Under:
            assert versions, "an old version is lost with its key as well"
            if said.unread:
                raise BucketUnreadableError(said.unread)
            return said.under

        def key(self, arn: str) -> KeyState | None:
            return said.say(said.key)  # type: ignore[no-any-return]

    rows = {kind: replace(row, look=Account) for kind, row in guarded.GUARDED.items()}
    monkeypatch.setattr(guarded, "GUARDED", rows)
    monkeypatch.setattr(bucket_guard, "Account", Account)
    return said


def without_key() -> dict[str, Value]:
    return {name: value for name, value in GUARDED.items() if name != "kmsKeyArn"}


@pytest.mark.parametrize(
    "news", [without_key(), {**GUARDED, "kmsKeyArn": KEY[:-1] + "6"}, {**GUARDED, "kmsKeyArn": UNKNOWN}]
)
def test_a_key_is_given_up_only_when_nothing_needs_it(aws: Aws, news: dict[str, Value]) -> None:
    for forced in (False, True):
        aws.held, aws.key, aws.refuses = FULL, KeyState(KEY), ""
        with pytest.raises(RequestRefusedError, match=NEEDED):
            GUARD.diff(GUARDED, GUARDED, {**news, "forceDestroy": forced})
        aws.under = Under(more=True)
        with pytest.raises(RequestRefusedError, match="3 old versions, which are more than can be looked at"):
            GUARD.diff(GUARDED, GUARDED, {**news, "forceDestroy": forced})
        aws.under, aws.unread = Under("cows/1.png"), "AccessDenied (operation HeadObject)"
        with pytest.raises(RequestRefusedError, match="nobody could tell what is under it: AccessDenied"):
            GUARD.diff(GUARDED, GUARDED, {**news, "forceDestroy": forced})
        aws.unread = ""
        aws.key = KeyState(KEY, datetime(2026, 12, 5, tzinfo=UTC))
        with pytest.raises(RequestRefusedError, match=r"deletion on 2026-12-05(.|\n)*hint: .*cancel-key-deletion"):
            GUARD.diff(GUARDED, GUARDED, {**news, "forceDestroy": forced})
        aws.refuses = "AccessDenied (operation DescribeKey)"
        with pytest.raises(RequestRefusedError, match="nobody could tell whether objects need it: AccessDenied"):
            GUARD.diff(GUARDED, GUARDED, {**news, "forceDestroy": forced})
    aws.refuses, aws.key = "", None
    assert "kmsKeyArn" in GUARD.diff(GUARDED, GUARDED, news).changes
    aws.key, aws.held = KeyState(KEY), Contents()
    assert "kmsKeyArn" in GUARD.diff(GUARDED, GUARDED, news).changes
    aws.held, aws.under = FULL, Under()
    assert "kmsKeyArn" in GUARD.diff(GUARDED, GUARDED, news).changes, "all of it is under another key by now"


def test_nobody_is_asked_as_long_as_the_key_stays(aws: Aws) -> None:
    aws.refuses = "nobody is there"
    assert GUARD.diff(GUARDED, GUARDED, {**GUARDED, "forceDestroy": True}).changes == {"forceDestroy"}
    assert GUARD.diff(without_key(), without_key(), GUARDED).changes == {"kmsKeyArn"}, "a first key is no loss"


@pytest.mark.parametrize("news", ["acme-other", UNKNOWN])
@pytest.mark.parametrize("kind", ["s3", "gcs"])
def test_a_bucket_with_data_is_not_given_up_for_another_one(aws: Aws, kind: str, news: Value) -> None:
    other = {**without_key(), "kind": kind, "bucket": news, "region": "eu-west-1"}
    old: dict[str, Value] = {**without_key(), "kind": kind}
    assert GUARD.diff(old, old, other).replaces == {"bucket"}, "it holds nothing"
    for aws.held, aws.refuses, why in ((FULL, "", "2 objects, 3 old"), (Contents(), "AccessDenied", "AccessDenied")):
        with pytest.raises(RequestRefusedError, match=f"region: got eu-west-1.*holds data: .*{why}(.|\n)*hint: write"):
            GUARD.diff(old, old, other)
        assert GUARD.diff({**old, "forceDestroy": True}, old, other).replaces == {"bucket"}


@pytest.mark.parametrize("kind", ["s3", "gcs"])
def test_what_is_not_ours_keeps_the_bucket_unless_it_may_go(aws: Aws, kind: str) -> None:
    aws.held = FULL
    with pytest.raises(RequestRefusedError, match="bucket acme-kept is kept, because it holds objects: 2, with 3 old"):
        aws.delete(kind=kind)
    aws.held = Contents(versions=1, markers=2, more=True)
    with pytest.raises(
        RequestRefusedError, match="looks empty, and still has at least 1 old version and 2 delete mark"
    ):
        aws.delete(kind=kind)
    aws.held = Contents(versions=3)
    with pytest.raises(RequestRefusedError, match="still has 3 old versions of deleted objects\nhint: "):
        aws.delete(kind=kind)
    aws.delete(kind=kind, forceDestroy=True)
    aws.held = Contents()
    aws.delete(kind=kind)
    assert aws.told == []


def test_who_may_not_look_leaves_it_to_the_service_and_says_so(aws: Aws) -> None:
    aws.refuses = "AccessDenied (operation ListObjectVersions)"
    aws.delete()
    (told,) = aws.told
    assert told == f"bucket acme-kept: nobody could look for what we left in it ourselves: {aws.refuses}"


def test_a_login_is_a_secret_of_known_words(aws: Aws) -> None:
    login: dict[str, Value] = {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "the-secret"}
    checked = GUARD.check({**GUARDED, "login": login})
    assert not checked.failures
    assert isinstance(checked.inputs["login"], SecretValue)
    aws.delete(login=checked.inputs["login"])
    assert aws.login == login
    (failure,) = GUARD.check({**GUARDED, "login": {"password": "hunter2"}}).failures
    assert "hunter2" not in failure.reason


def test_a_bucket_of_google_has_no_key_of_ours_and_a_login_of_its_own() -> None:
    google: dict[str, Value] = {"kind": "gcs", "bucket": "acme-kept", "region": "EU"}
    assert not GUARD.check({**google, "login": {"accessToken": "ya29.the-token"}}).failures
    assert [each.property for each in GUARD.check({**GUARDED, **google}).failures] == ["kmsKeyArn"]
    (failure,) = GUARD.check({**google, "login": {"secretAccessKey": "hunter2"}}).failures
    assert "hunter2" not in failure.reason
    assert {each.property for each in GUARD.check({**google, "kind": "obs"}).failures} == {"kind", "region"}


@pytest.mark.parametrize(
    ("key", "mine"),
    [
        ("cows/.lightly/probe-0123456789abcdef", True),
        (".lightly/verify-0123456789abcdef", True),
        ("cows-probe-0123456789abcdef/.lightly/probe-0123456789abcdef", True),
        ("cows/.lightly/probe-plan.txt", False),
        ("cows/.lightly/probe-0123456789abcdef/1.png", False),
        ("cows/.lightly/relevant_filenames.txt", False),
        ("my.lightly/probe-0123456789abcdef", False),
        ("cows/", False),
    ],
)
def test_only_a_probe_of_ours_is_ours(key: str, mine: bool) -> None:
    found = [Version(key, "2", live=True, size=40), Version(key, "1", size=40), Version(key, "3", marker=True)]
    assert ours(found, 0) == (found if mine else [])


@pytest.mark.parametrize("placeholder", [0, 1])
def test_of_directories_only_placeholders_are_ours_that_are_deleted_and_hold_nothing(placeholder: int) -> None:
    """Whatever else has the same key keeps all of them: what is hidden under a marker would come to light."""
    old, marker = Version("cows/", "1", size=placeholder), Version("cows/", "2", live=True, marker=True)
    assert ours([old, marker], placeholder) == [old, marker]
    for theirs in (Version("cows/", "3", live=True, size=placeholder), Version("cows/", "3", size=placeholder + 1)):
        assert ours([old, marker, theirs], placeholder) == []
        held = contents([old, marker, theirs], placeholder, more=False)
        assert (held.objects, held.versions, held.markers) == (int(theirs.live), 1 + (not theirs.live), 1)
    assert ours([Version("cows", "1", size=placeholder)], placeholder) == []
