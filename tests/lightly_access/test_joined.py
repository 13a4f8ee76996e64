"""Values that are known late, in one output: what is known, secret or amiss of it, and that it is one."""

from typing import Any

import pulumi
import pytest
from lightly_access.joined import alone, joined, sealed
from lightly_access.resources import ExternalId
from pulumi import Output

from tests.lightly_access.recording import record


async def _later(value: object) -> object:
    return value


def test_the_table_is_what_its_values_are_in_the_order_in_which_they_were_given() -> None:
    record()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]  # the SDK's decorator has no types
    def program() -> Any:
        nested = joined({"kind": "s3", "path": Output.from_input("cows/")})
        table = joined({"b": nested, "a": None, "c": {"x": [1]}, "d": _later(2)})

        def check(found: dict[str, Any]) -> None:
            assert list(found.items()) == [
                ("b", {"kind": "s3", "path": "cows/"}),
                ("a", None),
                ("c", {"x": [1]}),
                ("d", 2),
            ]

        return Output.all(table.apply(check), joined({}).apply(lambda empty: empty == {} or pytest.fail(str(empty))))

    program()


@pytest.mark.parametrize(
    ("value", "known", "secret"), [(Output.secret, True, True), (lambda _: pulumi.UNKNOWN, False, False)]
)
def test_it_is_as_secret_and_as_unknown_as_any_value_of_it(value: Any, known: bool, secret: bool) -> None:
    record()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    async def program() -> None:
        table = joined({"a": Output.from_input(1), "b": Output.from_input(value("x")), "c": Output.from_input(3)})
        assert (await table.is_known(), await table.is_secret()) == (known, secret)

    program()


def test_what_is_amiss_with_a_value_is_amiss_with_the_table() -> None:
    record()

    def refuse(_: object) -> object:
        raise ValueError("no cow")

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def program() -> Any:
        return joined({"a": Output.from_input(1), "b": Output.from_input(1).apply(refuse)})

    with pytest.raises(ValueError, match="no cow"):
        program()


@pytest.mark.parametrize("made", [lambda values: joined({"a": values}), alone, sealed])
def test_it_is_one_output_whatever_is_inside(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    record()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def program() -> None:
        values = Output.from_input({str(number): {"list": {"actual": True}} for number in range(50)})
        tracked, plain = list[object](), Output._track

        def counted(self: Any) -> None:
            tracked.append(self)
            plain(self)

        monkeypatch.setattr(Output, "_track", counted)
        made(values)
        assert len(tracked) == 1

    program()


@pytest.mark.parametrize(("made", "secret"), [(alone, False), (sealed, True)])
def test_it_is_the_same_value_and_only_as_secret_as_said(made: Any, secret: bool) -> None:
    record()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    async def program() -> None:
        for value, was in (("x", False), (Output.from_input("x"), False), (Output.secret("x"), True), (_later("x"), 0)):
            output = made(value)
            assert (await output.future(), await output.is_secret()) == ("x", secret or bool(was))
        assert not await made(Output.from_input(pulumi.UNKNOWN)).is_known()

    program()


def test_what_stands_alone_is_made_from_nothing_and_all_else_from_what_its_values_are() -> None:
    record()

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    async def program() -> None:
        one, other = ExternalId("one"), ExternalId("other")
        table = joined({"a": one.value, "b": joined({"c": other.value})})
        assert await table.resources() == {one, other}
        assert await sealed(one.value).resources() == {one}
        assert await alone(table).resources() == set()
        assert await alone(table).is_secret()

    program()
