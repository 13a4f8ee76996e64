"""No verb prints or writes a secret: of the environment, of Lightly's answers, of what is piped in, or of an error."""

import base64
import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from lightly_access.kinds.azure.storage_api import policies
from lightly_api import client
from lightly_cli.main import main

from tests.lightly_provider.echoing_cloud import HOWS, echoing_cloud
from tests.lightly_provider.fake_lightly import TOKEN, FakeLightly, Fault, fake_lightly
from tests.lightly_provider.fake_time import FakeTime
from tests.lightly_sandbox.hygiene.secret_search import SecretSearch
from tests.lightly_sandbox.reporter import ROOT

KEY = "kZ8+Wq3/Lm5Xv9Rt2Yb7Nc4Hd6Jf1Pg0As8Ue+Qi"
OTHER_KEY = "Jf1Pg0As8Ue+QikZ8+Wq3/Lm5Xv9Rt2Yb7Nc4Hd6"
EXTERNAL_ID = "Wq7Tz4Kp9Lm2Vx5Rb8Ns3"
SAS = f"sv=2022-11-02&sr=c&si=lightly-a&spr=https&sig={quote('c2lnbmF0dXJlLW9mLWEtY2FuYXJ5+/LzQ3MTE=', safe='')}"
ACCOUNT_KEY = base64.b64encode(b"canary: the key of an account, as Azure has it in base64").decode()
LINES = [base64.b64encode(f"{n:03d} of a private key's lines, no two alike".encode()).decode() for n in range(20)]
BODY = "\n".join(LINES)
KEY_FILE = json.dumps(
    {
        "type": "service_account",
        "project_id": "acme-ml",
        "private_key_id": "ab" * 20,
        "private_key": f"-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----\n",
        "client_email": "lightly@acme-ml.iam.gserviceaccount.com",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
)
ENVIRONMENT = {
    "LIGHTLY_TOKEN": TOKEN,
    "COWS_EXTERNAL_ID": EXTERNAL_ID,
    "COWS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "COWS_KEY_SECRET": KEY,
    "SHEEP_SAS": SAS,
    "SHEEP_KEY_FILE": KEY_FILE,
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLF",
    "AWS_SECRET_ACCESS_KEY": OTHER_KEY,
    "GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.canary-of-the-deployers-token-4711",
    "AZURE_STORAGE_KEY": ACCOUNT_KEY,
    "PULUMI_CONFIG_PASSPHRASE": "canary-of-a-passphrase-4711",
}
SEARCH = SecretSearch(
    {name: value for name, value in ENVIRONMENT.items() if not name.endswith(("KEY_ID", "_LOCATION"))}
)
DATASETS = ("cows", "sheep")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One with the stack of what others made: every secret is given by the environment."""
    (tmp_path / "stacks").mkdir()
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    shutil.copy(ROOT / "stacks/Pulumi.adopted.yaml", tmp_path / "stacks")
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def lightly(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLightly]:
    """A Lightly that shows all secrets of all datasources."""
    with fake_lightly() as fake:
        s3, a_key = {"fullPath": "s3://out/x/", "s3Region": "eu-central-1"}, {"s3AccessKeyId": "AKIAIOSFODNN7EXAMPLE"}
        cows, sheep = (fake.add(name) for name in DATASETS)
        for dataset_id, source in (
            (cows, {"type": "S3DelegatedAccess", **s3, "s3ARN": "arn:aws:iam::123456789012:role/x",
                    "s3ExternalId": EXTERNAL_ID, "purpose": "INPUT"}),
            (cows, {"type": "S3", **s3, **a_key, "s3SecretAccessKey": KEY, "purpose": "LIGHTLY"}),
            (sheep, {"type": "AZURE", "fullPath": "out/x", "accountName": "acme01", "accountKey": SAS,
                     "purpose": "INPUT"}),
            (sheep, {"type": "GCS", "fullPath": "gs://out-acme/x/", "gcsProjectId": "acme-ml",
                     "gcsCredentials": KEY_FILE, "purpose": "LIGHTLY"}),
        ):  # fmt: skip
            fake.datasources[dataset_id, str(source["purpose"])] = {**source, "id": "5577cdda19d7016d496d87a1"}
        monkeypatch.setenv("LIGHTLY_SERVER_LOCATION", fake.url)
        yield fake


def said(capfd: pytest.CaptureFixture[str], *words: str) -> str:
    """What a verb printed, however it ended."""
    with contextlib.suppress(SystemExit):
        main(list(words))
    printed = "".join(capfd.readouterr())
    assert printed, "it said something"
    return printed


VERBS = [
    ("check",), ("check", "--json"), ("analyze",), ("analyze", "--json"), ("analyze", "--markdown"),
    ("deployer-policy",), ("schema",),
    *(("worker-command", name) for name in DATASETS), *(("handoff", name, "--out", f"out-{name}") for name in DATASETS),
]  # fmt: skip


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_what_is_declared_is_shown_without_what_the_environment_gives(
    project: Path, capfd: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert SEARCH.found(said(capfd, *words)) == []
    files = [path for path in project.rglob("*") if path.is_file()]
    assert [file.name for file in files if SEARCH.found(file.read_text())] == []


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("how", [None, *HOWS])
def test_adopt_shows_nothing_of_what_lightly_and_the_clouds_repeat(
    lightly: FakeLightly,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    name: str,
    how: str | None,
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(policies, "options", lambda transport=None: {"retry_total": 0})
    with echoing_cloud(how or "404 as text", project) as cloud:
        cloud.knows += [value for name, value in ENVIRONMENT.items() if name != "LIGHTLY_TOKEN"] if how else []
        for variable in ("AWS_ENDPOINT_URL", "STORAGE_EMULATOR_HOST"):
            monkeypatch.setenv(variable, cloud.url)
        connection = f"DefaultEndpointsProtocol=http;AccountName=acme01;AccountKey={ACCOUNT_KEY};"
        monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", f"{connection}BlobEndpoint={cloud.url}/acme01")
        printed = said(capfd, "audit", name, "--json")
        printed += said(capfd, "audit", name, "--import-file", "import.json")
    assert SEARCH.found(printed) == []
    written = project / "import.json"
    assert SEARCH.found(written.read_text() if written.exists() else "") == []


@pytest.mark.parametrize("verb", [("audit", "cows"), ("schedule", "cows", "--samples", "10"), ("doctor",)])
@pytest.mark.parametrize("status", [400, 401, 403, 422, 500])
def test_an_error_of_lightly_that_repeats_the_request_is_shown_without_it(
    lightly: FakeLightly, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    verb: tuple[str, ...], status: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(client, "RetryPolicy", FakeTime().retry_policy)
    body = f"{lightly.url}/v1/datasets?token={quote(TOKEN)} {TOKEN}"
    for method in ("GET", "POST"):
        lightly.faults.append(Fault(method, ".*", status, body=json.dumps({"error": body}).encode(), times=99))
    assert SEARCH.found(said(capfd, *verb)) == []


def test_explain_repeats_nothing_of_what_is_piped_in(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    refusal = "Key creation is not allowed on this service account (constraints/iam.disableServiceAccountKeyCreation)"
    lines = [f"{value} {refusal} {value}" for value in ENVIRONMENT.values()]
    # What looks like the name of a constraint is shown; somebody's secret may stand right behind it.
    (project / "up.log").write_text("\n".join([*lines, f"constraints/iam.{'x' * 3}={KEY}", f"constraints/{KEY}"]))
    printed = said(capfd, "explain", "up.log")
    assert "iam.disableServiceAccountKeyCreation" in printed
    assert SEARCH.found(printed) == []


def test_an_error_that_nobody_foresaw_is_shown_without_what_the_environment_gives(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(" ".join(ENVIRONMENT.values()))

    monkeypatch.setattr("lightly_cli.declared.stack_manifest", broken)
    printed = said(capfd, "deployer-policy")
    assert "RuntimeError" in printed
    assert SEARCH.found(printed) == []
