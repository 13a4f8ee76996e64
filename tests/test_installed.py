"""The package as it is installed, without a clone: rehearsal and sandbox work, and write where the user is."""

import signal
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; its dependencies are those of the environment of the tests."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "env", symlinks=True)
    python = str(folder / "env" / "bin" / "python")
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip())
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    subprocess.run([*pip, "--python", python, "install", "--no-deps", str(wheel)], check=True)
    return folder / "env" / "bin" / "lightly-access"


@pytest.mark.engine
def test_the_rehearsal_of_a_project_of_ones_own_needs_no_clone(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    answers = ["acme", "--input", "azure", "--lightly", "local", "--dataset", "farm-animals"]
    subprocess.run([str(installed), "init", *answers], cwd=tmp_path, check=True, capture_output=True)
    here = tmp_path / "acme"
    run = [str(installed), "rehearse", "--only", "up"]
    done = subprocess.run(run, cwd=here, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("playing acme/prod by its own program: 1 dataset, 2 stores; local here: ")
    assert "no guardrail of policies/ objects" in done.stdout
    assert "written: build/rehearsal/lights.json" in done.stdout
    assert {path.name for path in (here / "build" / "rehearsal").iterdir()} >= {"lights.json", "stack.json"}


@pytest.mark.sandbox
def test_the_sandbox_needs_no_clone(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    told = tmp_path / "sandbox.env"
    with subprocess.Popen(
        [str(installed), "sandbox", "--env-file", str(told)], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr
        assert any("the local clouds are ready" in line for line in iter(running.stderr.readline, ""))
        names = {line.partition("=")[0].removeprefix("export ") for line in told.read_text().splitlines()}
        running.send_signal(signal.SIGINT)
        assert running.stderr.read() == "# stopped\n"
    assert running.returncode == 0
    assert names >= {"AWS_ENDPOINT_URL", "ARM_SUBSCRIPTION_ID", "LIGHTLY_SERVER_LOCATION", "LIGHTLY_TOKEN"}
    assert list(tmp_path.iterdir()) == []
