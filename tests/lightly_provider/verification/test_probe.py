"""A probe against the local AWS: what a key may do is found out, what it lacks is refused, and nothing stays behind."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lightly_access.kinds.contents import OURS
from lightly_access.kinds.probe import ELSEWHERE, Answer, understood
from lightly_access.kinds.s3.probe import S3Target
from lightly_core.capability import Capability, Purpose, expected
from lightly_core.secret import Secret
from lightly_provider.verification.probe import Findings, examine, probe, run
from lightly_sandbox.process import ServerProcess, start

from tests.lightly_sandbox.kinds.s3.emulator.aws import REGION, Aws, Keys, policy, statement

NAME = "0123456789abcdef"
READING = ("s3:ListBucket", "s3:GetObject")
WRITING = (*READING, "s3:PutObject", "s3:DeleteObject")
LIGHTLY = {str(capability): wanted for capability, wanted in expected(Purpose.LIGHTLY).items()}
INPUT = {str(capability): wanted for capability, wanted in expected(Purpose.INPUT).items()}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    log: Path = tmp_path_factory.mktemp("aws") / "log.txt"
    with start("lightly_sandbox.kinds.s3.emulator", {"region": REGION}, log).wait() as running:
        yield running


@pytest.fixture
def aws(server: ServerProcess) -> Aws:
    return Aws(server.url, dict(server.announcement["accounts"]))


def grant(bucket: str, actions: tuple[str, ...], path: str = "dir/") -> str:
    """Least privilege for a path: listing bound by its prefix, the other actions by the objects' names."""
    listing = {"StringLike": {"s3:prefix": [path.rstrip("/"), path, f"{path}*"]}}
    objects = [action for action in actions if action != "s3:ListBucket"]
    statements = [statement("Allow", objects, f"arn:aws:s3:::{bucket}/{path}*")] if objects else []
    if "s3:ListBucket" in actions:
        statements.append(statement("Allow", "s3:ListBucket", f"arn:aws:s3:::{bucket}", Condition=listing))
    return policy(*statements)


def target(aws: Aws, bucket: str, keys: Keys, **more: Any) -> S3Target:
    given = {"scheme": "obs", "directory": "dir/", "region": REGION, "endpoint": aws.endpoint}
    return S3Target(
        **{**given, "bucket": bucket, "access_key_id": keys.id, "secret_access_key": Secret(keys.secret)} | more
    )


def ask(s3_target: S3Target) -> Findings:
    return probe({Purpose.LIGHTLY: s3_target}, NAME)[Purpose.LIGHTLY]


def can(found: Findings) -> dict[str, bool | None]:
    return {str(capability): answer.can for capability, answer in found.answers.items()}


def stored(aws: Aws, bucket: str) -> list[str]:
    return [content["Key"] for content in aws.client("s3").list_objects_v2(Bucket=bucket).get("Contents", ())]


@pytest.mark.parametrize(("actions", "lights"), [(READING, INPUT), (WRITING, LIGHTLY)])
def test_least_privilege_can_do_exactly_what_its_purpose_needs_and_leaves_nothing_behind(
    aws: Aws, actions: tuple[str, ...], lights: dict[str, bool]
) -> None:
    bucket = aws.bucket("dir/", "dir/cow.png", "other/x")
    before = stored(aws, bucket)
    found = ask(target(aws, bucket, aws.user(grant(bucket, actions))))
    assert (can(found), found.beyond, found.left) == (lights, (), ())
    assert all(answer.can or answer.refused for answer in found.answers.values())
    assert stored(aws, bucket) == before


@pytest.mark.parametrize(
    ("missing", "lost", "litter"),
    [
        ("s3:ListBucket", {"list"}, False),
        ("s3:GetObject", {"read"}, False),
        ("s3:PutObject", {"write", "overwrite"}, False),
        ("s3:DeleteObject", {"delete"}, True),
    ],
)
def test_each_missing_action_is_refused_in_the_services_words(
    aws: Aws, missing: str, lost: set[str], litter: bool
) -> None:
    bucket = aws.bucket("dir/cow.png")
    found = ask(target(aws, bucket, aws.user(grant(bucket, tuple(a for a in WRITING if a != missing)))))
    assert {name for name, yes in can(found).items() if yes is False} == lost
    assert all(missing in found.answers[Capability(name)].words for name in lost)
    key = f"dir/.lightly/probe-{NAME}"
    assert found.left == ((f"obs://{bucket}/{key}",) if litter else ())
    assert stored(aws, bucket) == ([key] if litter else []) + ["dir/cow.png"], "what is said to be left is left"


def test_the_litter_of_one_verification_is_one_object_however_often_it_asks(aws: Aws) -> None:
    bucket = aws.bucket("dir/cow.png")
    s3_target = target(aws, bucket, aws.user(grant(bucket, (*READING, "s3:PutObject"))))
    assert ask(s3_target).left == ask(s3_target).left
    assert len(stored(aws, bucket)) == 2


def test_what_goes_beyond_the_path_is_found_and_accepted_only_when_that_was_said(aws: Aws) -> None:
    bucket = aws.bucket("dir/cow.png")
    keys = aws.user(policy(statement("Allow", "s3:*", [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"])))
    assert ask(target(aws, bucket, keys)).beyond == ("list", "read", "write", "delete")
    assert ask(target(aws, bucket, keys, whole_store=True)).beyond == ()
    assert ask(target(aws, bucket, keys, directory="")).beyond == (), "of a whole bucket there is no beyond"
    assert stored(aws, bucket) == ["dir/cow.png"]


def test_a_grant_without_the_slash_at_its_end_reaches_a_neighbour(aws: Aws) -> None:
    bucket = aws.bucket("dir/cow.png")
    found = ask(target(aws, bucket, aws.user(grant(bucket, WRITING, "dir"))))
    assert found.beyond == ("list", "read", "write", "delete")


@pytest.mark.parametrize("actions", [READING, WRITING])
def test_an_empty_directory_says_nothing_of_reading_but_to_whom_may_write(aws: Aws, actions: tuple[str, ...]) -> None:
    bucket = aws.bucket()
    aws.client("s3").put_object(Bucket=bucket, Key="dir/", Body=b"")
    found = ask(target(aws, bucket, aws.user(grant(bucket, actions))))
    assert found.answers[Capability.READ].can is (True if actions == WRITING else None)
    assert found.answers[Capability.LIST].can


@pytest.mark.parametrize("directory", ["a b/", "ü ñ/", "{x}^%41~#[1]/", "a'b(c)!&=+,;:@/"])
def test_a_directory_of_any_characters_is_the_one_that_is_probed(aws: Aws, directory: str) -> None:
    bucket = aws.bucket(f"{directory}cow.png")
    keys = aws.user(policy(statement("Allow", "s3:*", [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"])))
    found = ask(target(aws, bucket, keys, directory=directory, whole_store=True))
    assert can(found) == LIGHTLY
    no_delete = aws.user(grant(bucket, (*READING, "s3:PutObject"), directory), what="other")
    assert ask(target(aws, bucket, no_delete, directory=directory)).left
    assert f"{directory}.lightly/probe-{NAME}" in stored(aws, bucket)


def test_a_probe_of_somebody_else_is_not_what_is_read(aws: Aws) -> None:
    bucket = aws.bucket("dir/.lightly/probe-of-another", "dir/cow.png")
    s3_target = target(aws, bucket, aws.user(grant(bucket, READING)))
    assert run(s3_target.client().list("dir/")) == "dir/cow.png"


def test_a_key_that_is_not_known_is_no_refusal(aws: Aws) -> None:
    bucket = aws.bucket("dir/cow.png")
    keys = aws.user(grant(bucket, READING))
    for bad, code in ((Keys("AKIANOBODY", "x" * 40), "InvalidAccessKeyId"), (Keys(keys.id, "x" * 40), "SignatureDoes")):
        found = ask(target(aws, bucket, bad))
        assert all(answer.code.startswith(code) for answer in found.answers.values() if answer.code)
        assert not any(answer.can or answer.refused for answer in found.answers.values())
        assert not found.left


def test_a_service_that_is_not_there_tells_nothing(aws: Aws) -> None:
    found = ask(target(aws, "any-bucket", aws.admin(), endpoint="http://127.0.0.1:9"))
    assert set(can(found).values()) == {None}
    assert found.unreachable
    assert (found.left, found.beyond) == ((), ())


def test_the_environment_of_whoever_deploys_lends_nothing_to_the_key(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = aws.bucket("dir/cow.png")
    admin, keys = aws.admin(), aws.user(grant(bucket, READING))
    for name, value in {
        "AWS_ACCESS_KEY_ID": admin.id, "AWS_SECRET_ACCESS_KEY": admin.secret, "AWS_SESSION_TOKEN": "another's",
        "AWS_SKIP_SIGNATURE": "true", "AWS_ENDPOINT": "http://127.0.0.1:9", "AWS_REGION": "us-west-2",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    assert can(ask(target(aws, bucket, keys))) == INPUT


def test_the_registered_kms_key_is_used(aws: Aws) -> None:
    bucket = aws.bucket("dir/cow.png")
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    found = ask(target(aws, bucket, aws.user(grant(bucket, WRITING)), kms_key_arn=key))
    assert found.answers[Capability.WRITE].can is False
    assert "kms:GenerateDataKey" in found.answers[Capability.WRITE].words


def test_an_object_without_content_can_be_read() -> None:
    text = "status code: 416 Range Not Satisfiable: <Error><Code>InvalidRange</Code><Message>no</Message></Error>"
    assert understood(text) == Answer(True)


@pytest.mark.parametrize(
    ("text", "code", "value"),
    [
        (
            "status code: 403 Forbidden: <Error><Code>AccessDenied</Code><Message>a &amp; b</Message>",
            "AccessDenied",
            False,
        ),
        ("DeleteObjects request failed for key a/b: not you (code: AccessDenied)", "AccessDenied", False),
        ("Server returned non-2xx status code: 403 Forbidden: ", "403", False),
        ("status code: 503 Slow Down: <Error><Code>SlowDown</Code><Message>x</Message>", "SlowDown", None),
        ("status code: 500 Oops: <html>", "500", None),
        ("status code: 404 Not Found: <Error><Code>NoSuchKey</Code><Message>x</Message>", "NoSuchKey", None),
        ("status code: 404 Not Found: <Error><Code>NoSuchBucket</Code><Message>x</Message>", "NoSuchBucket", False),
        ("HTTP error: error sending request", "Unreachable", None),
        (
            "Received redirect without LOCATION, this normally indicates an incorrectly configured region",
            ELSEWHERE,
            False,
        ),
        ("Server returned non-2xx status code: 307 Temporary Redirect: ", ELSEWHERE, False),
    ],
)
def test_the_code_is_read_from_the_text(text: str, code: str, value: bool | None) -> None:
    answer = understood(text)
    assert (answer.code, answer.can) == (code, value)
    assert "&amp;" not in answer.words


class Unsure:
    """A service that stores what it is given, and answers a write only with an error of its own."""

    def __init__(self) -> None:
        self.kept: set[str] = set()
        self.deleted: list[str] = []

    async def list(self, prefix: str) -> str | None:
        return None

    async def read(self, key: str) -> object:
        raise OSError("status code: 404 <Code>NoSuchKey</Code>")

    async def write(self, key: str) -> object:
        self.kept.add(key)
        raise OSError("status code: 500")

    async def delete(self, key: str) -> object:
        self.deleted.append(key)
        raise OSError("status code: 503")


def test_a_write_that_may_have_happened_is_deleted_and_named_when_that_fails() -> None:
    store = Unsure()
    s3_target = S3Target("obs", "b", "dir/", "A", Secret("s"), "r")
    found = run(examine(store, s3_target, NAME))
    assert set(store.deleted) == store.kept
    assert set(found.left) == {f"obs://b/{key}" for key in store.kept}


class Slow(Unsure):
    """A service that does what it is asked, one thing after the other, and lets others in between."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []

    async def read(self, key: str) -> object:
        await asyncio.sleep(0)
        if key not in self.kept:
            raise OSError("status code: 404 <Code>NoSuchKey</Code>")
        return b"x"

    async def write(self, key: str) -> object:
        self.taken += [key] if key not in self.taken else []
        self.kept.add(key)
        await asyncio.sleep(0)
        return key

    async def delete(self, key: str) -> object:
        self.kept.discard(key)
        await asyncio.sleep(0)
        return key


@dataclass(frozen=True)
class Shared:
    """One path by one key that somebody else made, for whichever purpose."""

    store: Slow
    directory: str = "dir/"
    whole_store: bool = False
    place: str = "obs://b/"

    def client(self) -> Slow:
        return self.store


def test_two_purposes_with_one_path_and_key_do_not_meet_each_others_probes() -> None:
    store = Slow()
    both = probe({Purpose.INPUT: Shared(store), Purpose.LIGHTLY: Shared(store)}, NAME)
    assert all(set(can(found).values()) == {True} for found in both.values())
    assert not any(found.left for found in both.values())
    assert store.kept == set()
    assert len(store.taken) == 4  # inside and beside the path, of each
    assert all(OURS.search(key) for key in store.taken)


class Strict(Unsure):
    """A service that reads `+` in a query as itself, so that no listing below a path with a space is signed right."""

    async def list(self, prefix: str) -> str | None:
        raise OSError("status code: 403 <Code>SignatureDoesNotMatch</Code>")


def test_a_listing_that_obstore_cannot_sign_is_not_taken_for_a_wrong_secret() -> None:
    for directory, can_list in (("a b/", None), ("ab/", False)):
        found = run(examine(Strict(), S3Target("obs", "b", directory, "A", Secret("s"), "r"), NAME))
        assert found.answers[Capability.LIST].can is can_list


def test_a_target_shows_no_secret() -> None:
    assert "the-secret" not in repr(S3Target("obs", "b", "dir/", "A", Secret("the-secret"), "r"))
