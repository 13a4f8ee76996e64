"""Values that are known late, in one output: what is known, secret or amiss of the whole, and how few it takes."""

from typing import Any

import pulumi
import pytest
from lightly_access.joined import joined
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


def test_the_values_inside_a_value_are_made_no_outputs_of(monkeypatch: pytest.MonkeyPatch) -> None:
    record()
    made, plain = list[object](), Output.from_input

    def counted(value: Any) -> Any:
        made.append(value)
        return plain(value)

    monkeypatch.setattr(Output, "from_input", staticmethod(counted))

    @pulumi.runtime.test  # type: ignore[untyped-decorator]
    def program() -> None:
        joined({str(number): {"list": {"actual": True}} for number in range(50)})

    program()
    assert made == [None, None]  # the second is what the decorator makes of the program
