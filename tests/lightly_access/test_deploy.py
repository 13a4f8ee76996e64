"""What Pulumi prints after every run."""

from lightly_access.deploy import short


def light(expected: bool, actual: bool | None) -> dict[str, object]:
    return {"expected": expected, "actual": actual, "ok": expected is actual}


def test_the_lights_are_told_in_a_line_for_each_purpose_in_the_order_of_the_capabilities() -> None:
    lights = {
        "INPUT": {"write": light(False, False), "read": light(True, True), "list": light(True, True)},
        "LIGHTLY": {"list": light(True, True)},
    }
    assert short(lights) == {"INPUT": "list, read; not write", "LIGHTLY": "list"}


def test_what_is_not_as_expected_is_red_also_when_it_is_unknown() -> None:
    lights = {"LIGHTLY": {"list": light(True, True), "read": light(True, None), "write": light(True, False)}}
    assert short(lights) == {"LIGHTLY": "list; not write; RED: read, write"}
