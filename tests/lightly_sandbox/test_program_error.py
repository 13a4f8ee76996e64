"""A program of the user's that ends badly: what is said names the file, the line, the cause and a way out."""

import subprocess
import sys
from pathlib import Path

import pulumi
import pytest
from lightly_sandbox.deployer import Deployer, Project
from lightly_sandbox.deployer.program_error import in_words
from pulumi.runtime import stack

FAILING = {
    "import os\nprint('x'\nx = 1\n": ("__main__.py:2: SyntaxError: '(' was never closed, in `print('x'`", "mend it"),
    "import os\nimport nosuch.module\n": (
        "__main__.py:2: ModuleNotFoundError: No module named 'nosuch', in `import nosuch.module`",
        "install what brings nosuch there",
    ),
    "import helper\n": (
        "helper.py:1: SyntaxError: invalid syntax, in `def f(:`\n  __main__.py:1 in <module>: import",
        "",
    ),
    "def f():\n    raise ValueError('no cows')\nf()\n": (
        "__main__.py:2: ValueError: no cows, in `raise ValueError('no cows')`\n  __main__.py:3 in <module>: f()\n",
        "`pulumi up` would end there too",
    ),
    "import json\njson.loads('{')\n": ("__main__.py:2: JSONDecodeError: ", "decoder.py:"),
    "import sys\nsys.exit('no way')\n": ("__main__.py:2: it ended itself: no way", "RunError"),
    "raise SystemExit(3)\n": ("__main__.py:1: it ended itself: exit code 3", "RunError"),
    "raise KeyboardInterrupt\n": ("__main__.py:1: KeyboardInterrupt, in `raise KeyboardInterrupt`", ""),
    "from lightly_access import S3Bucket\nS3Bucket('x', cows=1)\n": ("__main__.py:2: ", "cows"),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: acme\nruntime: python\n")
    (tmp_path / "helper.py").write_text("def f(:\n    pass\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.fast
@pytest.mark.parametrize("program", FAILING)
def test_it_is_said_where_a_program_failed_and_why(project: Path, program: str) -> None:
    (project / "__main__.py").write_text(program)
    with pytest.raises(BaseException) as raised:  # noqa: PT011 - any
        Project.load(project).run()
    assert raised.value.__traceback__
    said = in_words(raised.value.with_traceback(raised.value.__traceback__.tb_next))  # without this line
    where, way_out = FAILING[program]
    assert said.startswith(f"the program failed: {where}")
    assert way_out in said
    assert said.splitlines()[-1].startswith("hint: ")
    assert "Traceback" not in said
    assert "project.py" not in said, "the frames of whoever runs it"


@pytest.mark.fast
def test_what_no_line_of_a_program_raised_has_its_whole_traceback() -> None:
    with pytest.raises(ValueError, match="not a number") as raised:
        raise ValueError("not a number")
    raised.value.__traceback__ = None
    assert in_words(raised.value).startswith("the program failed: ValueError: not a number\nhint: ")


@pytest.mark.fast
@pytest.mark.parametrize("main", ["", "main: nowhere\n", "main: program.py\n"])
def test_a_program_that_is_not_there_is_not_another_one(project: Path, main: str) -> None:
    (project / "Pulumi.yaml").write_text(f"name: acme\nruntime: python\n{main}")
    with pytest.raises(pulumi.RunError, match=r"there is no program: expected .*\.py\nhint: "):
        Project.load(project).run()


@pytest.mark.engine
@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import sys\nsys.exit()\n", None),
        ("import sys\nsys.exit(3)\n", "__main__.py:2: it ended itself: exit code 3\nhint: "),
        ("import pulumi\npulumi.Output.from_input(1).apply(lambda n: n / 0)\n", "__main__.py:2: ZeroDivisionError: "),
        ("import pulumi\nimport sys\npulumi.Output.from_input(1).apply(sys.exit)\n", "the program failed: "),
    ],
)
def test_the_engine_hears_how_a_program_ends(project: Path, program: str, said: str | None) -> None:
    (project / "__main__.py").write_text(program)
    outcome = Deployer(Project.load(project), "prod", project / "out", {}).up()
    assert outcome.ok is (said is None)
    assert [said in text for text in outcome.diagnostics if said] == [True] * (said is not None)


@pytest.mark.engine
@pytest.mark.parametrize("fails", ["1 / 0", "pulumi.Output.from_input(0).apply(lambda n: 1 / n)"])
def test_why_it_fails_is_told_once_and_before_the_server_of_its_hooks_ends(
    project: Path, fails: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that asks for a hook then fails, and ends the engine, which hears no more."""
    order, error, end = list[str](), pulumi.log.error, vars(stack)["_shutdown_callbacks"]

    def told(text: str) -> None:
        order.append("told")
        error(text)

    async def ended() -> None:
        order.append("hooks end")
        await end()

    monkeypatch.setattr(pulumi.log, "error", told)
    monkeypatch.setattr(stack, "_shutdown_callbacks", ended)
    (project / "__main__.py").write_text(f"import pulumi\n{fails}\n")
    outcome = Deployer(Project.load(project), "prod", project / "out", {}).up()
    assert not outcome.ok
    assert order == ["told", "hooks end"]


@pytest.mark.engine
def test_a_program_that_hangs_ends_with_the_process(project: Path) -> None:
    (project / "__main__.py").write_text("import time\nprint('begun', flush=True)\ntime.sleep(600)\n")
    deploy = (
        "from pathlib import Path; from lightly_sandbox.deployer import Deployer, Project; here = Path.cwd(); "
        "Deployer(Project.load(here), 'prod', here / 'out', {}).up()"
    )
    with subprocess.Popen([sys.executable, "-c", deploy], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        assert run.stdout
        assert run.stdout.readline() == b"begun\n"
        run.send_signal(2)
        run.wait(60)
