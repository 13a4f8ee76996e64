"""What users import is told all that is wrong with its arguments, in one error and in the manifest's words."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any

import lightly_access
import pulumi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lightly_access import (
    AdoptedAccess,
    AzureContainer,
    AzureSasAccess,
    GcsBucket,
    GcsServiceAccountAccess,
    LightlyDataset,
    LocalAccess,
    LocalFolders,
    Network,
    ObsAccess,
    ObsBucket,
    Purpose,
    S3Bucket,
    S3DelegatedAccess,
    S3UserAccess,
    resources,
)
from lightly_access.arguments.check import Component
from lightly_access.arguments.error import ArgumentsError
from lightly_access.arguments.table import hidden, of_row, of_typed_dict
from lightly_access.kinds.s3.components import grant as s3_grant
from lightly_core.resource_types import RESOURCES
from lightly_policies.render_aws import aws_grant
from lightly_policies.rendering import UnrenderableDocumentError
from pulumi.runtime import MockResourceArgs

from tests.lightly_access.recording import Recording

Args = dict[str, Any]
ROLE, KEY = "arn:aws:iam::123456789012:role/lightly", "arn:aws:kms:eu-central-1:123456789012:key/1234-abcd"


def s3() -> S3Bucket:
    return S3Bucket("store", {"bucket": "acme-photos", "region": "eu-central-1"})


def dataset_access(purpose: Purpose) -> S3UserAccess:
    return S3UserAccess(f"of-{purpose}", {"store": s3(), "path": "in/", "purpose": purpose, "dataset": "cows"})


def place(store: object) -> Args:
    return {"store": store, "path": "in/", "purpose": Purpose.INPUT}


CONTAINER: Any = {"account": "acmephotos", "container": "lake", "resource_group": "acme"}
GOOD: Mapping[type[Component], Callable[[], Args]] = {
    S3Bucket: lambda: {
        "bucket": "acme-photos",
        "region": "eu-central-1",
        "create": True,
        "kms_key": "create",
        "versioning": True,
        "noncurrent_days": 30,
        "force_destroy": True,
        "tags": {"team": "cows"},
        "login": {},
    },
    S3DelegatedAccess: lambda: {
        **place(s3()),
        "dataset": "cows",
        "list_prefix_condition": True,
        "tags": {"team": "cows"},
        "permissions_boundary": "arn:aws:iam::123456789012:policy/b",
        "network": None,
    },
    S3UserAccess: lambda: {**place(s3()), "dataset": "cows", "rotate_after": 30, "rotate_now": "x"},
    AzureContainer: lambda: {
        **CONTAINER,
        "create": True,
        "create_account": True,
        "location": "westeurope",
        "hierarchical": True,
        "soft_delete_days": 7,
        "force_destroy": True,
        "tags": {},
    },
    AzureSasAccess: lambda: {
        **place(AzureContainer("store", CONTAINER)),
        "dataset": "cows",
        "method": "stored_policy",
        "rotate_after": 30,
        "rotate_anchor": datetime.date(2026, 1, 1),
        "rotate_now": "x",
    },
    GcsBucket: lambda: {
        "bucket": "acme-frames",
        "project": "acme-ml",
        "location": "europe-west3",
        "create": True,
        "versioning": True,
        "noncurrent_days": 30,
        "force_destroy": True,
        "labels": {},
    },
    GcsServiceAccountAccess: lambda: {
        **place(GcsBucket("store", {"bucket": "acme-frames", "project": "acme-ml"})),
        "dataset": "cows",
        "rotate_after": 30,
        "rotate_now": "x",
    },
    ObsAccess: lambda: {
        **place(ObsBucket("archive", "https://obs.example.com")),
        "access_key_id": "AKID",
        "secret_access_key": "s3cr3t",
        "whole_bucket": False,
    },
    LocalAccess: lambda: place(LocalFolders("/data/in", "/data/out")),
    AdoptedAccess: lambda: {
        **place(s3()),
        "access": "delegated",
        "role_arn": ROLE,
        "external_id": "an-external-id",
        "access_key_id": "AKIA0000000000000000",
        "secret": "s3cr3t",
        "whole_bucket": False,
    },
    LightlyDataset: lambda: {
        "type": "images",
        "input": dataset_access(Purpose.INPUT),
        "lightly": dataset_access(Purpose.LIGHTLY),
        "access": None,
        "revoked": False,
        "name": "cows",
        "adopt": False,
        "replace_registered": False,
        "rename_adopted": False,
        "on_remove": "keep",
        "force_destroy": False,
        "deadline": 60,
        "confirmations": 2,
        "probe": True,
    },
}
"""Of every component that users import: arguments that are right."""
VALUES: Mapping[Any, Args] = {
    ObsBucket: {"bucket": "archive", "endpoint": "https://obs.example.com", "region": "eu-de"},
    LocalFolders: {"input_mount": "/data/in", "lightly_mount": "/data/out", "web_server": "http://localhost:3456"},
    Network: {"vpc_ids": ("vpc-0a1b2c3d",), "cidrs": ("203.0.113.0/24",)},
}
"""Of every value that users make for one."""


class Clouds(Recording):
    """Clouds that take everything: the components alone are looked at."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        try:
            return super().new_resource(args)
        except Exception:
            return args.name, dict(args.inputs)


def run(program: Callable[[], object]) -> None:
    """The program with clouds of its own, to its very end."""
    pulumi.runtime.set_mocks(Clouds(), project="acme", stack="test", preview=False)
    pulumi.runtime.test(lambda: program() and None)()  # type: ignore[no-untyped-call]  # the SDK's


def refused(program: Callable[[], object]) -> str:
    with pytest.raises(ArgumentsError) as error:
        run(program)
    return str(error.value)


def said(program: Callable[[], object]) -> str:
    """What is refused, and nothing where all is taken; any other error is a fault."""
    try:
        run(program)
    except ArgumentsError as error:
        return str(error)
    return ""


def components(base: type = Component) -> Iterator[type]:
    each: type
    for each in base.__subclasses__():
        if each.__module__.startswith("lightly_access.") and "__init__" in each.__dict__:
            yield each
        yield from components(each)


NOT_MADE = {"Access", "Light", "Manifest", "Secret", "deploy", "deploy_stack"}
"""What a program inherits from, is given, wraps a text in, or calls."""


def test_every_public_name_that_takes_arguments_is_fuzzed() -> None:
    made = {name: getattr(lightly_access, name) for name in lightly_access.__all__ if name not in NOT_MADE}
    tables = {name for name, cls in made.items() if hasattr(cls, "__required_keys__")}  # they are of the components
    words = {name for name, cls in made.items() if issubclass(cls, Enum)}
    rows = {row.token.rpartition(":")[2] for row in RESOURCES}
    fuzzed = {cls.__name__ for cls in (*GOOD, *VALUES)}
    assert set(made) - tables - words - rows == fuzzed
    assert set(components()) == set(GOOD)


@pytest.mark.parametrize("cls", GOOD, ids=lambda cls: cls.__name__)
def test_what_is_right_is_taken(cls: Any) -> None:
    run(lambda: cls("x", GOOD[cls]()))


WRONG = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.binary(max_size=3),
    st.dates(),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.one_of(st.text(max_size=3), st.integers()), st.one_of(st.text(max_size=3), st.none())),
    st.sampled_from([object(), Purpose.LIGHTLY, str, ObsBucket("archive", "https://obs.example.com")]),
)
CHANGES = st.tuples(
    st.sampled_from(["drop", "add", "misspell", "change", "change", "late", "late secret"]),
    st.integers(min_value=0, max_value=30),
    WRONG,
)


def changed(good: Args, changes: list[tuple[str, int, Any]]) -> Args:
    args: dict[Any, Any] = dict(good)
    for what, at, value in changes:
        key = list(args)[at % len(args)] if args else "bucket"
        old = args.pop(key, None)
        if what == "add":
            args |= {key: old, (f"extra{at}" if at % 2 else at): value}
        elif what == "misspell":
            args[f"{key}s"] = old
        elif what == "change":
            args[key] = value
        elif what.startswith("late"):
            seal = pulumi.Output.secret if "secret" in what else pulumi.Output.from_input
            come = value if at % 2 else old
            args[key] = seal(None if isinstance(come, dict) else come)  # the SDK itself refuses keys that are no text
    return args


@pytest.mark.parametrize("cls", GOOD, ids=lambda cls: cls.__name__)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=st.lists(CHANGES, min_size=1, max_size=3))
def test_whatever_the_arguments_are_one_error_says_so(cls: Any, changes: list[tuple[str, int, Any]]) -> None:
    text = said(lambda: cls("x", changed(GOOD[cls](), changes)))
    assert not text or text.startswith(f"{cls.__name__} x")
    assert "object at 0x" not in text


@pytest.mark.parametrize("cls", VALUES, ids=lambda cls: cls.__name__)
@settings(max_examples=60, deadline=None)
@given(changes=st.lists(CHANGES, min_size=1, max_size=3), given=st.lists(WRONG, max_size=4))
def test_whatever_a_value_is_made_of_one_error_says_so(
    cls: Any, changes: list[tuple[str, int, Any]], given: list[Any]
) -> None:
    args = {str(key): value for key, value in changed(VALUES[cls], changes).items()}
    makers: list[Callable[[], object]] = [lambda: cls(**args), lambda: cls(*given), lambda: cls(*given, **args)]
    for make in makers:
        text = said(make)
        assert not text or text.startswith(cls.__name__)
        assert "object at 0x" not in text


def test_a_value_says_all_that_is_wrong_with_it() -> None:
    odd: Any = ObsBucket
    assert refused(lambda: odd(5, endpont="https://x")) == (
        "ObsBucket has 3 problems:\n"
        "  bucket: got 5, expected text\n  hint: put it in quotes\n"
        "  endpoint: got nothing, expected the service's URL, without the bucket\n"
        "  endpont: got 'endpont', expected one of the keys bucket, endpoint, region\n  hint: did you mean 'endpoint'?"
    )
    assert refused(lambda: LocalFolders("in", "/out", "ftp://x")).count(": got ") == 2
    assert refused(lambda: Network(("vpc-1",), ["10.0.0.1/8"])).count("network: ") == 2  # type: ignore[arg-type]
    assert "vpc_ids: got 'vpc-0a1b2c3d', expected" in refused(lambda: Network("vpc-0a1b2c3d"))  # type: ignore[arg-type]
    assert Network(cidrs=["203.0.113.0/24"]) == Network(cidrs=("203.0.113.0/24",))  # type: ignore[arg-type]


@pytest.mark.parametrize("cls", GOOD, ids=lambda cls: cls.__name__)
def test_a_table_that_is_none_is_refused(cls: Any) -> None:
    tables: list[Any] = [None, "text", 5, [], {}, pulumi.Output.from_input({})]
    for args in tables:
        with pytest.raises(ArgumentsError, match=f"^{cls.__name__} x"):
            cls("x", args)


def test_all_faults_stand_in_one_error_with_the_way_out() -> None:
    args: Any = {"bucket": pulumi.Output.from_input("b"), "regoin": "eu-central-1", "create": "yes"}
    text = refused(lambda: S3Bucket("photos", args))
    assert text.startswith("S3Bucket photos has 4 problems:\n")
    assert "  bucket: got an Output, expected text, known while the program is read\n  hint: names and docu" in text
    assert "  region: got nothing, expected its AWS region\n" in text
    assert "  create: got 'yes', expected true or false\n  hint: without quotes\n" in text
    assert "regoin: got 'regoin', expected one of the keys bucket, region" in text
    assert "hint: did you mean 'region'?" in text


def test_a_name_and_options_are_checked_like_the_rest() -> None:
    odd: Any = S3Bucket
    assert "name: got nothing" in refused(lambda: odd(None, {"bucket": "acme-photos", "region": "eu-central-1"}))
    assert "opts: got a table" in refused(lambda: odd("x", {"bucket": "acme-photos", "region": "eu-central-1"}, {}))
    assert "its arguments are one table" in refused(lambda: odd("x", bucket="acme-photos"))
    assert "its arguments are one table" in refused(lambda: odd())


@pytest.mark.parametrize(
    ("access", "store", "more"),
    [
        ("delegated", lambda: AzureContainer("store", CONTAINER), {"role_arn": ROLE, "external_id": "an-external-id"}),
        ("sas", s3, {"secret": "sv=1"}),
        ("service_account", s3, {"secret": "{}"}),
    ],
)
def test_a_store_of_another_cloud_is_refused(access: str, store: Callable[[], Any], more: Any) -> None:
    text = refused(lambda: AdoptedAccess("x", {**place(store()), "access": access, **more}))  # type: ignore[typeddict-item]
    assert "AdoptedAccess x: store: got " in text


@pytest.mark.parametrize(
    "value", [8675309, b"8675309", ["8675309"], {"key": 8675309}], ids=["int", "bytes", "list", "table"]
)
def test_no_secret_is_shown_however_wrong_it_is(value: Any) -> None:
    shown = 0
    for cls in GOOD:
        table: Any = vars(cls)["__init__"].__wrapped__.__annotations__["args"]
        for name in of_typed_dict(table).model_fields:
            if hidden(of_typed_dict(table), name):
                text = refused(lambda cls=cls, name=name: cls("x", {**GOOD[cls](), name: value}))  # type: ignore[misc]
                assert name in text
                assert "8675309" not in text
                shown += 1
    assert shown >= 6


@pytest.mark.parametrize("row", RESOURCES, ids=lambda row: row.token)
def test_a_resource_is_told_all_that_is_wrong_with_its_keywords(row: Any) -> None:
    cls = getattr(resources, row.token.rpartition(":")[2])
    names = list(of_row(row).model_fields)
    text = refused(lambda: cls("x", **dict.fromkeys(names, b"8675309"), nmae=1))
    assert text.startswith(f"{cls.__name__} x has {len(names) + 1} problems:")
    assert all(f"  {name}: got bytes" in text for name in [*names] if not hidden(of_row(row), name))
    assert "8675309" not in text
    for each in row.inputs:
        if each.required:
            assert f"{each.python_name}: got nothing" in refused(lambda: cls("x"))
    run(lambda: cls("x", **dict.fromkeys(names, pulumi.Output.from_input(None))))
    assert "name: got 2 arguments" in refused(lambda: cls("x", "y"))


LATE_KEY: Any = {"bucket": "acme-photos", "region": "eu-central-1", "kms_key": None}


@pytest.mark.parametrize("cls", [S3DelegatedAccess, S3UserAccess])
def test_a_document_that_a_late_value_spoils_ends_in_a_sentence(cls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(*args: object, kms_key_arn: str | None, **more: object) -> str:
        if kms_key_arn == KEY:
            raise UnrenderableDocumentError("INPUT grant", "10300 characters, expected at most 10240, the quota of AWS")
        return real(*args, kms_key_arn=kms_key_arn, **more)  # type: ignore[arg-type]

    real = aws_grant
    monkeypatch.setattr(s3_grant, "aws_grant", too_long)
    for late, said in ((KEY, "10300 characters"), ("not-a-key", "KMS key: got 'not-a-key'")):
        store = {**LATE_KEY, "kms_key": pulumi.Output.from_input(late)}
        args = {"path": "in/", "purpose": Purpose.INPUT, "dataset": "cows"}
        text = refused(lambda store=store, args=args: cls("x", {**args, "store": S3Bucket("store", store)}))  # type: ignore[misc]
        assert text.startswith(f"{cls.__name__} x: INPUT grant: {said}")


def test_an_output_works_where_it_can() -> None:
    late = pulumi.Output.from_input
    args: Any = {**GOOD[AdoptedAccess](), "role_arn": late(ROLE), "external_id": late("an-external-id")}
    seen: list[str] = []
    spoilt = {**GOOD[ObsAccess](), "secret_access_key": late(8675309)}
    assert refused(lambda: ObsAccess("x", spoilt)) == (  # type: ignore[arg-type]  # what a user may write
        "ObsAccess x: secret_access_key: got an Output of int (not shown), expected text"
    )
    run(lambda: AdoptedAccess("x", args).identity.apply(seen.append))
    assert seen == [ROLE]
    boundary: Any = {**GOOD[S3DelegatedAccess](), "permissions_boundary": late(ROLE), "tags": {"team": late("cows")}}
    run(lambda: S3DelegatedAccess("y", boundary))
