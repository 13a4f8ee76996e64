"""A team's project in a repository, the clouds that it deploys to, and the machine on which its pipelines run."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lightly_cli.main import app
from lightly_policies.cases_pipeline import AWS_AUDIENCE, WEB_IDENTITY, provider_arn
from lightly_policies.evaluator.aws import Policies, Principal, Request, decide
from lightly_policies.evaluator.document import ALLOWS_EVERYTHING, Document
from lightly_policies.pipeline import Pipeline
from lightly_policies.pipeline_github import GitHubPipeline
from lightly_policies.render_aws import aws_pipeline_trust
from lightly_sandbox.deployer.command import ATTACH, without_logins
from lightly_sandbox.kinds.s3.client import account
from lightly_sandbox.process import ServerProcess, spawn
from lightly_sandbox.pulumi_cli.finder import find
from lightly_sandbox.sandbox import REGION, Sandbox
from lightly_sandbox.services import PROVIDER
from typer.testing import CliRunner

from tests import another_user
from tests.pipelines.workflow_runner import Runner, Running, Values

HERE = Path(__file__).parent
REPOSITORY = "acme/lightly"
STACK = "prod"
LAKE = "acme-lake"
LOGIN = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
MANIFEST = """datasets:
  cows:
    type: images
    on_remove: delete
    input: {store: images, path: cows/, access: delegated}
    lightly: {store: results, path: lightly/cows/, access: user, rotate_after: 30}
"""
STORES = f"""stores:
  images: {{kind: s3, bucket: {LAKE}, region: {REGION}}}
  results: {{kind: s3, bucket: acme-results, region: {REGION}, create: true}}
"""


def built(folder: Path) -> Path:
    """The wheel of this clone."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    subprocess.run(build, cwd=HERE.parents[1], check=True, capture_output=True)
    (wheel,) = (folder / "dist").iterdir()
    return wheel


@dataclass
class Farm:
    """All of it."""

    sandbox: Sandbox
    folder: Path
    provider: ServerProcess

    @classmethod
    def made(cls, sandbox: Sandbox, folder: Path, wheel: Path, ci: str) -> "Farm":
        """With a stack that is configured, and not deployed."""
        # The provider knows no token of its environment, as on a machine of a pipeline: it has the stack's.
        environment = {name: value for name, value in sandbox.environment().items() if name != "LIGHTLY_TOKEN"}
        provider = spawn(PROVIDER).configure({"environment": environment}).wait()
        farm = cls(sandbox, folder, provider)
        farm.tools()
        customer = account(sandbox, "customer")
        customer.s3.create_bucket(Bucket=LAKE, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        customer.s3.put_object(Bucket=LAKE, Key="cows/image.png", Body=b"x")
        words = ["--name", "acme-lightly", "--dataset", "cows", "--wheel", str(wheel), "--ci", ci]
        done = CliRunner().invoke(app, ["init", str(farm.repository), *words])
        assert done.exit_code == 0, done.output
        farm.git("init", "--quiet", "--initial-branch=main")
        farm.write("manifest/datasets/cows.yaml", MANIFEST)
        farm.write("manifest/stores.yaml", STORES)
        (folder / "backend").mkdir()
        farm.pulumi("stack", "init", STACK)
        farm.pulumi("config", "set", "--secret", "lightly:token", sandbox.token.reveal(), "--stack", STACK)
        farm.pulumi("config", "set", "--path", "lightly-access:verify.deadline", "5", "--stack", STACK)
        farm.commit("A project")
        return farm

    # --- the repository

    @property
    def repository(self) -> Path:
        return self.folder / "repository"

    def write(self, name: str, text: str) -> None:
        (self.repository / name).write_text(text)

    def commit(self, message: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD").strip()

    def proposed(self, name: str, text: str) -> str:
        """A pull request that changes one file: the commit that GitHub makes of it and `main`."""
        self.git("switch", "--quiet", "--force-create", "proposal", "main")
        self.write(name, text)
        self.commit(f"Change {name}")
        self.git("switch", "--quiet", "--detach", "main")
        self.git("merge", "--quiet", "--no-ff", "--message", "Merge", "proposal")
        merged = self.git("rev-parse", "HEAD").strip()
        self.git("switch", "--quiet", "main")
        return merged

    def git(self, *words: str, cwd: Path | None = None) -> str:
        return self.shell("git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words, cwd=cwd)

    def shell(self, *words: str, cwd: Path | None = None) -> str:
        ended = subprocess.run(words, cwd=cwd or self.repository, capture_output=True, text=True, env=self.owner())
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def pulumi(self, *words: str) -> str:
        return self.shell(str(find().path), "--non-interactive", *words)

    # --- the machine

    def owner(self) -> dict[str, str]:
        """Of whoever set this up: nothing but where things are."""
        return {**without_logins(os.environ), **self.outside()}

    def outside(self) -> dict[str, str]:
        """What every machine has here: where the clouds are, and no login. The passphrase stands for a key of KMS."""
        clouds = {name: value for name, value in self.sandbox.environment().items() if "_ENDPOINT" in name}
        attached = f"{self.sandbox.environment()[ATTACH]},lightly:{self.provider.port}"
        return {
            **clouds,
            ATTACH: attached,
            "LIGHTLY_SERVER_LOCATION": self.sandbox.lightly.url,
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_BACKEND_URL": (self.folder / "backend").as_uri(),
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "phrase-canary-0b7e",
        }

    def machine(self) -> dict[str, str]:
        """The environment of a job: no login, no backend, and pip installs the wheel alone, for the rest is here."""
        rest = {name: value for name, value in self.outside().items() if name != "PULUMI_BACKEND_URL"}
        return {
            **rest,
            **another_user.environment(self.folder),
            "PATH": f"{self.folder / 'tools'}:/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "PYTHONPATH": sysconfig.get_path("purelib"),
            "PIP_NO_DEPS": "1",
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "FAKE_GITHUB": str(self.folder / "github.json"),
        }

    def tools(self) -> None:
        """`python` and `gh` that a machine has, and what the action of Pulumi installs."""
        base = Path(sys._base_executable)  # type: ignore[attr-defined] # of which no environment is active
        pulumi = [str(self.work / ".venv/bin/python"), str(HERE / "language_host.py"), str(find().path)]
        scripts = {
            "tools/python": f'exec {shlex.quote(str(base))} "$@"',
            "tools/gh": f'exec {shlex.join([sys.executable, str(HERE / "fake_gh.py")])} "$@"',
            "pulumi/pulumi": f'exec {shlex.join(pulumi)} "$@"',
        }
        for name, script in scripts.items():
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (self.folder / name).chmod(0o755)

    @property
    def work(self) -> Path:
        return self.folder / "work"

    def clone(self, commit: str, depth: int) -> None:
        """As actions/checkout and a runner of GitLab do; the environment of the job before is as from a cache."""
        work, kept = self.work, self.folder / "kept"
        if (work / ".venv").exists():
            (work / ".venv").rename(kept)
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        if kept.exists():
            kept.rename(work / ".venv")
        self.git("init", "--quiet", cwd=work)
        self.git("fetch", "--quiet", f"--depth={depth}", str(self.repository), commit, cwd=work)
        self.git("checkout", "--quiet", "--detach", "FETCH_HEAD", cwd=work)

    def logged_in(self) -> dict[str, str]:
        """What a login to AWS leaves in the environment."""
        found = self.sandbox.environment()
        return {name: found[name] for name in (*LOGIN, "AWS_REGION", "AWS_DEFAULT_REGION") if name in found}

    # --- GitHub

    def runner(self) -> Runner:
        github = {"repository": REPOSITORY, "tokens": {}, "comments": {"7": []}, "issues": []}
        (self.folder / "github.json").write_text(json.dumps(github))
        roles = {STACK: "deploys", f"{STACK}-read": "reads"}
        backend = (self.folder / "backend").as_uri()
        return Runner(
            REPOSITORY,
            self.folder,
            self.work,
            self.machine(),
            {
                "actions/checkout": self._checkout,
                "actions/setup-python": lambda _, given: _takes(given, {"python-version"}),
                "pulumi/actions": self._install_pulumi,
                "aws-actions/configure-aws-credentials": self._log_in,
            },
            self.folder / "github.json",
            {
                environment: {"AWS_ROLE_ARN": f"{self.role(role)}", "PULUMI_BACKEND_URL": backend}
                for environment, role in roles.items()
            },
            once="Install what the lock says",
        )

    def at_github(self) -> Any:
        return json.loads((self.folder / "github.json").read_text())

    def event(self, name: str, commit: str, **more: Any) -> dict[str, Any]:
        self.clone(commit, 2)  # where the workflows are read
        known = {"event_name": name, "sha": commit, "repository": REPOSITORY, "run_id": "1"}
        return {**known, "server_url": "https://github.com", "event": more, "ref": "refs/heads/main"}

    def pull_request(self, commit: str, of: str = REPOSITORY) -> dict[str, Any]:
        asked = {"number": 7, "head": {"repo": {"full_name": of}}}
        return {**self.event("pull_request", commit, pull_request=asked), "ref": "refs/pull/7/merge"}

    def _checkout(self, running: Running, given: Values) -> None:
        _takes(given, {"persist-credentials", "fetch-depth"})
        assert given["persist-credentials"] is False
        assert running.permissions.get("contents") == "read"
        self.clone(running.event["sha"], given.get("fetch-depth", 1))

    def _install_pulumi(self, running: Running, given: Values) -> None:
        _takes(given, {"pulumi-version"})
        running.added["PATH"] = f"{self.folder / 'pulumi'}:{running.env['PATH']}"

    def role(self, name: str) -> str:
        return f"arn:aws:iam::{self.sandbox.accounts['customer'].account}:role/{name}"

    def _log_in(self, running: Running, given: Values) -> None:
        """As AWS decides by the trust policies that `deployer-policy --ci github` prints."""
        _takes(given, {"role-to-assume", "aws-region"})
        assert running.permissions.get("id-token") == "write", "no token: the job has no permission id-token: write"
        where = f"environment:{running.environment}" if running.environment else f"ref:{running.event['ref']}"
        assert self.lets_in(
            str(given["role-to-assume"]),
            {
                self.role(role): GitHubPipeline(REPOSITORY, environment=environment)
                for environment, role in ((STACK, "deploys"), (f"{STACK}-read", "reads"))
            },
            f"repo:{REPOSITORY}:{where}",
        ), "AccessDenied"
        running.added.update(self.logged_in())

    def lets_in(self, role: str, trusted: Mapping[str, Pipeline], subject: str, audience: str = AWS_AUDIENCE) -> bool:
        """Whether AWS gives this role to a token, by the trust policy that `deployer-policy --ci` prints for it."""
        owner, pipeline = self.sandbox.accounts["customer"].account, trusted[role]
        host = pipeline.issuer.removeprefix("https://")
        claims = {f"{host}:aud": (audience,), f"{host}:sub": (subject,)}
        who = Principal(provider_arn(owner, "aws", host), owner, "federated")
        request = Request(who, WEB_IDENTITY, role, owner, claims)
        trust = Document.parse("trust", aws_pipeline_trust(pipeline, owner))
        return decide(request, Policies(identity=(ALLOWS_EVERYTHING,), resource=trust)).allowed


def _takes(given: Values, known: set[str]) -> None:
    assert given.keys() <= known, given
