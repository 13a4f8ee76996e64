"""The access list of a container is written by several hands, and nobody's policy is lost."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from azure.storage.blob import AccessPolicy
from lightly_access.kinds.azure.policy_id import fresh_id, is_of
from lightly_access.kinds.azure.storage_api.errors import AzureError, WrongKeyError
from lightly_access.kinds.azure.storage_api.policies import Container
from lightly_api.errors import RequestRefusedError
from lightly_core.azure import POLICY_ID_LIMIT
from lightly_core.secret import Secret
from lightly_policies.sas import StoredPolicy

from tests.lightly_provider.azure_storage import BEGIN, AzureStorage, Kept

KEY = "dGhlLWtleS1vZi10aGUtYWNjb3VudA=="
OURS = StoredPolicy("acme-cows-input-abc-11111111", "rl", BEGIN - timedelta(hours=1), BEGIN + timedelta(days=3650))
THEIRS = (
    "<SignedIdentifier><Id>theirs</Id><AccessPolicy><Start>2026-01-01T00:00:00.0000000Z</Start>"
    "<Permission>racwd</Permission></AccessPolicy></SignedIdentifier>"
)


def acl(*identifiers: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?><SignedIdentifiers>{"".join(identifiers)}</SignedIdentifiers>'


def named(name: str, expiry: str = "2036-01-01T00:00:00.0000000Z") -> str:
    policy = f"<AccessPolicy><Expiry>{expiry}</Expiry><Permission>r</Permission></AccessPolicy>"
    return f"<SignedIdentifier><Id>{name}</Id>{policy}</SignedIdentifier>"


@pytest.fixture
def azure() -> AzureStorage:
    return AzureStorage(containers={"lake": Kept()})


@pytest.fixture
def lake(azure: AzureStorage) -> Container:
    return at(azure)


def at(azure: AzureStorage, name: str = "lake") -> Container:
    endpoint = "https://acmephotos.blob.core.windows.net/"
    return Container("acmephotos", Secret(KEY), endpoint, name, azure.pause, azure.transport)


def test_a_policy_is_made_read_and_dropped(azure: AzureStorage, lake: Container) -> None:
    assert lake.policy(OURS.id) is None
    made = lake.make(OURS)
    assert lake.policy(made.id) == made
    assert lake.drop(made) is True
    assert (lake.policy(made.id), lake.drop(made)) == (None, False)
    assert azure.writes == 2


@pytest.mark.parametrize("asked", [OURS.id, f"{'very-long-' * 4}input-abcdefghij-11111111", "x" * POLICY_ID_LIMIT])
def test_no_id_comes_back(lake: Container, asked: str) -> None:
    """Whatever is asked for, and whoever asks: a token says nothing but the id."""
    made = []
    for _ in range(3):
        made.append(lake.make(replace(OURS, id=asked)))
        lake.drop(made[-1])
    assert len({each.id for each in made} | {asked}) == 4
    assert all(len(each.id) <= POLICY_ID_LIMIT and each == replace(OURS, id=each.id) for each in made)
    assert all(is_of(each.id, asked) and not is_of(each.id, f"{asked[:-1]}2") for each in made)


def test_what_was_ended_is_not_put_back_under_its_id(azure: AzureStorage, lake: Container) -> None:
    made = lake.make(OURS)
    lake.drop(made)
    with pytest.raises(RequestRefusedError, match=r"any more: somebody ended it\nhint: `pulumi up --refresh` makes"):
        lake.put(made)
    assert lake.policies() == ()


def test_an_id_that_says_of_no_directory_what_its_tokens_cover_is_not_taken_for_one() -> None:
    assert is_of(OURS.id, OURS.id)
    assert not is_of(OURS.id, OURS.id, "herd/cows/")


@pytest.mark.parametrize("left", [OURS.id, fresh_id(OURS.id)], ids=["version 0.1.0", "this version"])
def test_what_a_killed_run_made_is_used_by_the_next_one_while_it_lasts(
    azure: AzureStorage, lake: Container, left: str
) -> None:
    azure.containers["lake"].body = acl(named(left))
    assert lake.make(OURS).id == left
    azure.containers["lake"].body = acl(named(left, "2026-01-01T00:00:00Z"))
    assert lake.make(OURS).id != left
    assert lake.policy(left) is None


def test_what_is_as_it_should_be_is_not_written_again(azure: AzureStorage, lake: Container) -> None:
    made = lake.make(OURS)
    assert lake.make(OURS) == made
    lake.put(made)
    assert azure.writes == 1


def test_the_policies_of_others_and_public_access_stay_as_they_were(azure: AzureStorage, lake: Container) -> None:
    azure.containers["lake"] = Kept(acl(THEIRS, named("more")), public="blob")
    lake.drop(lake.make(OURS))
    left = azure.containers["lake"]
    assert left.public == "blob"
    theirs, more = lake.policy("theirs"), lake.policy("more")
    assert theirs == StoredPolicy("theirs", "racwd", datetime(2026, 1, 1, tzinfo=UTC), None)
    assert more == StoredPolicy("more", "r", None, datetime(2036, 1, 1, tzinfo=UTC))


def test_who_writes_in_between_is_not_overwritten(azure: AzureStorage, lake: Container) -> None:
    azure.before_write = [lambda: azure.set("lake", acl(THEIRS))]
    azure.now += timedelta(seconds=1)
    made = lake.make(OURS)
    assert lake.policy("theirs") is not None
    assert lake.policy(made.id) == made
    assert azure.writes == 2


def test_who_writes_within_the_same_second_is_not_overwritten_either(azure: AzureStorage, lake: Container) -> None:
    azure.containers["lake"].changed = azure.now  # somebody wrote in this very second, and will again
    azure.before_write = [lambda: azure.set("lake", acl(THEIRS))]
    made = lake.make(OURS)
    assert lake.policy("theirs") is not None
    assert lake.policy(made.id) == made


def test_who_never_gives_way_is_named(azure: AzureStorage, lake: Container) -> None:
    azure.before_write = [lambda: azure.set("lake", acl(THEIRS))] * 99
    with pytest.raises(AzureError, match="somebody else changed them, 6 times in a row"):
        lake.make(OURS)


def test_many_threads_make_their_policies_side_by_side(azure: AzureStorage) -> None:
    made = [StoredPolicy(f"p{number}-1", "rl", OURS.start, OURS.expiry) for number in range(5)]
    threads = [threading.Thread(target=at(azure).make, args=(policy,)) for policy in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(each.id.rpartition("-")[0] for each in at(azure).policies()) == [policy.id for policy in made]


def test_the_sixth_policy_is_refused_with_the_names_of_the_five(azure: AzureStorage, lake: Container) -> None:
    azure.containers["lake"].body = acl(*(named(name) for name in "abcde"))
    with pytest.raises(RequestRefusedError, match=r"has 5 stored access policies.*a, b, c, d, e\nhint: delete one"):
        lake.make(OURS)
    assert azure.writes == 0


def test_what_a_killed_deployment_left_behind_goes_when_its_time_is_over(azure: AzureStorage, lake: Container) -> None:
    over, lasting = "2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z"
    stem = OURS.id.rpartition("-")[0]
    azure.containers["lake"].body = acl(
        named(f"{stem}-00000000", over), named(f"{stem}-22222222", lasting), named("other-00000000", over)
    )
    lake.make(OURS)
    assert lake.policy(f"{stem}-00000000") is None
    assert lake.policy(f"{stem}-22222222") is not None, "the one that is in use until the new one is verified"
    assert lake.policy("other-00000000") is not None, "somebody else's"


def test_a_policy_that_another_resource_made_anew_is_not_dropped(azure: AzureStorage, lake: Container) -> None:
    made = lake.make(OURS)
    again = replace(made, expiry=datetime.now(UTC).replace(microsecond=0) + timedelta(days=1))
    lake.put(again)
    assert lake.drop(made) is False
    assert lake.policy(made.id) == again


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ((404, "ContainerNotFound", "The specified container does not exist."), "ContainerNotFound"),
        ((403, "KeyBasedAuthenticationNotPermitted", "Key based authentication is not permitted."), "user_delegation"),
        ((403, "AuthorizationFailure", "This request is not authorized."), "network rules"),
        ((409, "ContainerBeingDeleted", "It is being deleted."), "30 seconds"),
    ],
)
def test_a_refusal_is_said_in_azures_words_with_the_way_out(
    azure: AzureStorage, lake: Container, refusal: tuple[int, str, str], words: str
) -> None:
    azure.refusal = refusal
    with pytest.raises(AzureError, match=words) as refused:
        lake.policy(OURS.id)
    assert refusal[2].partition("\n")[0] in str(refused.value)
    assert refused.value.gone is (refusal[0] in (404, 409))


def test_a_wrong_key_is_told_from_a_wrong_clock_and_what_should_be_signed_is_not_shown(
    azure: AzureStorage, lake: Container
) -> None:
    words = "Server failed to authenticate the request."
    azure.refusal = (
        403,
        "AuthenticationFailed",
        f"{words}\nThe MAC signature found in 'the-signature' is not the same",
    )
    azure.now = datetime.now(UTC)
    with pytest.raises(WrongKeyError) as refused:
        lake.policy(OURS.id)
    assert "the-signature" not in str(refused.value)
    azure.now += timedelta(hours=1)
    with pytest.raises(AzureError, match="the clock of this machine is wrong") as other:
        lake.policy(OURS.id)
    assert not isinstance(other.value, WrongKeyError)


def test_the_key_is_not_shown(lake: Container) -> None:
    assert KEY not in repr(lake)


def test_the_sdk_takes_policies_that_say_nothing() -> None:
    """An identifier without a policy is None in the SDK, and goes back as it came."""
    azure = AzureStorage(containers={"lake": Kept(acl("<SignedIdentifier><Id>empty</Id></SignedIdentifier>"))})
    at(azure).make(OURS)
    assert at(azure).policy("empty") == StoredPolicy("empty")
    assert AccessPolicy().permission is None
