"""Which bytes are asked for: RFC 9110, section 14."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_access.kinds.local.serving.ranges import Unsatisfiable, span

OUTSIDE = Unsatisfiable.OUTSIDE


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (None, None),
        ("bytes=0-499", (0, 500)),
        ("bytes=500-999", (500, 1000)),
        ("bytes=-500", (500, 1000)),
        ("bytes=900-", (900, 1000)),
        ("bytes=0-0", (0, 1)),
        ("bytes=999-2000", (999, 1000)),
        ("bytes=-5000", (0, 1000)),
        ("Bytes = 0-0", (0, 1)),
        ("bytes=00000000000000000000000007-00000000000000000000000008", (7, 9)),
        ("bytes=1000-", OUTSIDE),
        ("bytes=1000-1001", OUTSIDE),
        ("bytes=-0", OUTSIDE),
        ("bytes=" + "9" * 6000 + "-", OUTSIDE),
        ("bytes=0-" + "9" * 6000, (0, 1000)),
        ("bytes=2-1", None),
        ("bytes=-", None),
        ("bytes=", None),
        ("bytes=a-b", None),
        ("bytes=0-1,5-6", None),
        ("bytes=\u0661-\u0662", None),
        ("lines=0-1", None),
        ("0-1", None),
    ],
)
def test_a_range_is_read_or_ignored_as_the_rfc_says(header: str | None, found: object) -> None:
    assert span(header, 1000) == found


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=-1", "bytes=0-0"])
def test_an_empty_file_has_no_bytes_to_ask_for(header: str) -> None:
    assert span(header, 0) is OUTSIDE


@given(
    header=st.one_of(st.text(), st.from_regex(r"bytes=[0-9]{0,20}-[0-9]{0,20}", fullmatch=True)), size=st.integers(0)
)
def test_a_span_is_never_empty_and_never_outside_of_the_file(header: str, size: int) -> None:
    found = span(header, size)
    if isinstance(found, tuple):
        assert 0 <= found[0] < found[1] <= size
