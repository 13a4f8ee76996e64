"""Secrets that stand in clear in a stack's file: found under any name that says so, and never shown."""

from pathlib import Path

import pytest
import yaml
from lightly_access.manifest.stack_file import check_path

HEAD = "config:\n"
CANARY = "canary-4711/x+"


def check(tmp_path: Path, lines: str) -> list[str]:
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text(HEAD + lines)
    return [str(problem) for problem in check_path(file).problems if "in clear" in str(problem)]


@pytest.mark.parametrize(
    "key",
    [
        *("lightly:token", "aws:secretKey", "aws:token", "azure-native:clientSecret", "azure:clientSecret"),
        *("gcp:accessToken", "mine:db_password", "mine:apiKey", "cloudflare:apiToken", "lightly-keys:camera"),
        *("mine:secretAccessKey", "mine:connectionString", "mine:sas", "mine:db-pwd"),
    ],
)
@pytest.mark.parametrize("value", [CANARY, f"/{CANARY}", f"'{CANARY}'", f"|\n    {CANARY}\n    more"])
def test_a_secret_in_clear_is_a_problem_that_says_it_is_exposed(tmp_path: Path, key: str, value: str) -> None:
    (problem,) = check(tmp_path, f"  {key}: {value}\n")
    assert problem.startswith(f"'{key}': got a value in clear")
    assert "it is exposed" in problem
    assert f"pulumi config set --secret {key}" in problem
    assert "canary" not in problem


FORMS = [
    "https://me:canary@api.example.com",
    f"https://api.example.com/?token={CANARY}",
    "https://acme.blob.core.windows.net/results?sv=2024-11-04&sig=canary%2Bx",
    "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=canary4711==",
    '{"private_key": "canary"}',
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPcanar",
]


@pytest.mark.parametrize("value", FORMS)
@pytest.mark.parametrize("key", ["lightly:serverLocation", "mine:anything"])
def test_what_has_the_form_of_a_secret_is_one_under_any_key(tmp_path: Path, key: str, value: str) -> None:
    (problem,) = check(tmp_path, f"  {key}: '{value}'\n")
    assert "it is exposed" in problem
    assert "canar" not in problem


@pytest.mark.parametrize("value", FORMS)
@pytest.mark.parametrize(
    "key", ["access_key_id", "role_arn", "rotate_now", "path", "access", "kind", "secret", "store"]
)
def test_a_secret_at_the_wrong_place_of_the_manifest_is_not_shown(tmp_path: Path, key: str, value: str) -> None:
    store = {"kind": "obs", "bucket": "acme", "endpoint": value if key == "kind" else "https://obs.example.com"}
    source = {"store": "lake", "path": "x/", "access": "key", "access_key_id": "AK", "secret": "s", key: value}
    config = {
        "lightly-access:stores": {"lake": store},
        "lightly-access:datasets": {"cows": {"type": "images", "input": source, "lightly": {**source, "path": "y/"}}},
    }
    file = tmp_path / "Pulumi.prod.yaml"
    file.write_text(yaml.safe_dump({"config": config}))
    problems = "\n".join(map(str, check_path(file).problems))
    assert problems
    assert "canar" not in problems


def test_a_secret_inside_of_a_table_is_found(tmp_path: Path) -> None:
    for lines in (f"  lightly:token: [{CANARY}]\n", f"  lightly:token: {{value: {CANARY}}}\n"):
        assert check(tmp_path, lines)
    (problem,) = check(tmp_path, f"  aws:assumeRoles: [{{roleArn: x, externalId: {CANARY}}}]\n")
    assert "--secret --path aws:assumeRoles.0.externalId" in problem
    (problem,) = check(tmp_path, f'  gcp:credentials: \'{{"private_key": "{CANARY}"}}\'\n')
    assert "canary" not in problem


@pytest.mark.parametrize(
    "lines",
    [
        "  lightly:token:\n    secure: v1:abc\n",
        "  aws:secretKey: ''\n",
        "  lightly:serverLocation: https://api.lightly.ai\n  mine:bypass: x\n  mine:repository: ssh://git@example.com/x\n",
        "  mine:digest: 0123456789abcdef0123456789abcdef01234567\n",
        "  aws:skipCredentialsValidation: true\n",
        "  gcp:credentials: /home/me/key.json\n",
        "  aws:accessKey: AKIAIOSFODNN7EXAMPLE\n  aws:profile: me\n",
        "  aws:assumeRoles: [{roleArn: x, externalId: {secure: v1:abc}}]\n",
    ],
)
def test_what_is_encrypted_or_no_secret_is_left_alone(tmp_path: Path, lines: str) -> None:
    assert check(tmp_path, lines) == []
