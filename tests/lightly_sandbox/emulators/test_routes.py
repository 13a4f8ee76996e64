"""Which call has a path, and what the names in it are."""

import pytest
from lightly_sandbox.emulators.routes import Routes, UnknownCallError

ROUTES = Routes(
    [("GET", "/v1/datasets", "list"), ("GET", "/v1/datasets/{id}", "get"), ("DELETE", "/v1/datasets/{id}", "delete")]
)


def test_a_call_is_found_by_method_and_path_with_its_names_decoded() -> None:
    assert ROUTES.find("GET", "/v1/datasets") == ("list", ())
    assert ROUTES.find("DELETE", "/v1/datasets/a%2Fb") == ("delete", ("a/b",))


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("PUT", "/v1/datasets/1", True),
        ("GET", "/v1/datasets/", False),
        ("GET", "/v1/datasets/1/2", False),
        ("GET", "/V1/datasets", False),
        ("GET", "/v1.datasets", False),
    ],
)
def test_what_is_not_in_the_table_is_said_to_be_so(method: str, path: str, known: bool) -> None:
    with pytest.raises(UnknownCallError) as error:
        ROUTES.find(method, path)
    assert error.value.path_known is known


def test_a_table_may_be_blind_for_case_and_strict_about_names() -> None:
    blind = Routes([("GET", "/groups/{name}", 1)], ignore_case=True)
    assert blind.find("GET", "/GROUPS/Acme") == (1, ("Acme",))
    strict = Routes([("POST", "/accounts/{}:disable", 1)], segment="[^/:]+")
    assert strict.find("POST", "/accounts/a:disable") == (1, ("a",))
    with pytest.raises(UnicodeDecodeError):
        strict.find("POST", "/accounts/%ff:disable")
