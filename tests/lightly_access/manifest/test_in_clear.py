"""Secrets that stand in clear in a stack's file: found under any name that says so, and never shown."""

from pathlib import Path

import pytest
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
    ],
)
@pytest.mark.parametrize("value", [CANARY, f"/{CANARY}", f"'{CANARY}'", f"|\n    {CANARY}\n    more"])
def test_a_secret_in_clear_is_a_problem_that_says_it_is_exposed(tmp_path: Path, key: str, value: str) -> None:
    (problem,) = check(tmp_path, f"  {key}: {value}\n")
    assert problem.startswith(f"'{key}': got a value in clear")
    assert "it is exposed" in problem
    assert f"pulumi config set --secret {key}" in problem
    assert "canary" not in problem


def test_a_secret_inside_of_a_table_is_found(tmp_path: Path) -> None:
    (problem,) = check(tmp_path, f"  aws:assumeRoles: [{{roleArn: x, externalId: {CANARY}}}]\n")
    assert "--secret --path aws:assumeRoles.0.externalId" in problem
    (problem,) = check(tmp_path, f'  gcp:credentials: \'{{"private_key": "{CANARY}"}}\'\n')
    assert "canary" not in problem


@pytest.mark.parametrize(
    "lines",
    [
        "  lightly:token:\n    secure: v1:abc\n",
        "  aws:secretKey: ''\n",
        "  aws:skipCredentialsValidation: true\n",
        "  gcp:credentials: /home/me/key.json\n",
        "  aws:accessKey: AKIAIOSFODNN7EXAMPLE\n  aws:profile: me\n",
        "  aws:assumeRoles: [{roleArn: x, externalId: {secure: v1:abc}}]\n",
    ],
)
def test_what_is_encrypted_or_no_secret_is_left_alone(tmp_path: Path, lines: str) -> None:
    assert check(tmp_path, lines) == []
