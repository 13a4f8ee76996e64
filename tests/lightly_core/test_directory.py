"""Paths: what is refused means something else to S3 or IAM."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lightly_core.directory import contains, directory_path, normalised, remark


@pytest.mark.parametrize("path", ["", "cows", "cows/", "projects/farm animals/", "a.b/..c/", "été/", "a" * 767])
def test_a_directory_is_accepted_and_ends_in_a_slash(path: str) -> None:
    assert directory_path(path) is None
    assert normalised(path) in {"", path.removesuffix("/") + "/"}


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/cows/", "no / at the start"),
        ("a//b/", "no // inside"),
        ("a/../b/", "no . or .."),
        ("./a/", "no . or .."),
        ("..", "no . or .."),
        ("a\\b/", "backslash"),
        ("s3://acme/a/", "the path alone"),
        ("a*/", "wildcards"),
        ("a?/", "wildcards"),
        ("${aws:username}/", "wildcards"),
        ("a\n/", "control"),
        ("a\x00", "control"),
        ("a\u200b/", "invisible"),
        ("a\ud800/", "broken"),
        ("a\u00a0b/", "invisible"),
        ("a" * 768, "768"),
        ("é" * 128, "768"),
    ],
)
def test_what_means_something_else_is_refused_with_the_reason(path: str, reason: str) -> None:
    fault = directory_path(path)
    assert fault is not None
    assert reason in fault.sentence(path)


@given(st.text(max_size=40))
def test_a_normalised_directory_stays_as_it_is_and_stays_accepted(path: str) -> None:
    if directory_path(path) is None:
        once = normalised(path)
        assert normalised(once) == once
        assert directory_path(once) is None
        assert not set(once) & set("*?$\\")
        assert "" not in once.split("/")[:-1]


def test_a_sibling_with_the_same_beginning_is_not_inside() -> None:
    assert contains("cows/", "cows/brown/")
    assert contains("", "cows/")
    assert not contains("cows/", "cows-old/")


@pytest.mark.parametrize(("path", "remarked"), [("a#b/", True), ("é/", True), ("a / b/", True), ("plain/", False)])
def test_paths_that_clients_read_differently_get_a_remark(path: str, remarked: bool) -> None:
    assert (remark(path) is not None) is remarked
