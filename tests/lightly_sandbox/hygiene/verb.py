"""`lightly-access rehearse` with an ear on everything that it makes, and a phase more: run as a process of its own.

    python -m tests.lightly_sandbox.hygiene.verb FOLDER rehearse ...

The project is FOLDER/project. What was heard is written to FOLDER/heard/, a file a place; every secret that there was
goes to FOLDER/secrets.json, which only the test reads. In the phase `echo` Lightly repeats what it was asked and what
is registered, and then the clouds repeat in every answer all secrets that there are.
"""

import contextlib
import html
import json
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lightly_cli import rehearse as verb
from lightly_cli.main import main
from lightly_core.secret import Secret
from lightly_sandbox import rehearse, scenario
from lightly_sandbox.context import Context, Record
from lightly_sandbox.credential_clients import registered
from lightly_sandbox.credential_log import Credential, CredentialLog
from lightly_sandbox.deployer import Deployer, Event, Outcome, Project, State
from lightly_sandbox.deployer.command import ATTACH
from lightly_sandbox.excerpt import DATASETS
from lightly_sandbox.lights import datasets
from lightly_sandbox.sandbox import Sandbox
from lightly_sandbox.scenario import Phase

from tests.lightly_sandbox.tap import Tap

SPARE = "spare-Qw7zP1kd0XvN4s8LmT2yRb6"
"""A secret in the configuration of the stack."""
_OPAQUE = re.compile(r"[\w+/=.-]{20,}", re.ASCII)


class Ear:
    """Writes down what it hears, and keeps every secret that it is told."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder / "heard", threading.Lock()
        self._folder.mkdir()
        self._secrets_file = folder / "secrets.json"
        self._states: set[str] = set()
        self.secrets: dict[str, str] = {}
        self.foreign = False
        """Whether answers hold secrets that the provider which gets them never had: it cannot know them."""
        self.previews = 2
        self.tell("the secret of the configuration", SPARE)

    def hear(self, place: str, *said: object) -> None:
        """Add to what was heard at a place."""
        with self._lock, (self._folder / place).open("a") as file:
            file.write("".join(f"{text}\n" for text in said))

    def hear_state(self, text: str) -> None:
        """A state as it is on disk now: what of it was not there before."""
        new = [part for part in text.split('{"urn":') if part not in self._states]
        self._states.update(new)
        self.hear("states", *new)

    def tell(self, what: str, secret: str) -> None:
        """Remember a secret; another one of the same name gets a number."""
        if secret in self.secrets.values():
            return
        name = next(item for n in range(1000) if (item := f"{what} ({n})" if n else what) not in self.secrets)
        self.secrets[name] = secret
        beside = self._secrets_file.with_suffix(".new")  # we may be killed at any moment
        beside.write_text(json.dumps(self.secrets))
        beside.replace(self._secrets_file)

    def tell_sandbox(self, sandbox: Sandbox) -> None:
        """Lightly's token, the nonces, the tokens and keys of deployers, strangers and owners."""
        self.tell("Lightly's token", sandbox.token.reveal())
        self.tell("the nonce of Lightly", sandbox.lightly.nonce)
        for name, service in sandbox.services.items():
            for server in (service.server, service.mock_provider):
                if server:
                    self.tell(f"the nonce of {server.module}", server.nonce)
            for where, token in _tokens(service.announcement):
                self.tell(f"{where} of the deployer of {name}", token)
        for name, value in sandbox.given.items():
            if "SECRET" in name or value.startswith("{"):
                self.tell(f"the given {name}", value)

    def tell_state(self, state: State) -> None:
        """What is sealed in a state that shows its secrets: keys of accounts, passwords, tokens."""
        for resource in state["deployment"].get("resources", []):
            for what, text in _secret_values(resource, resource["type"]):
                if _OPAQUE.fullmatch(text) and not text.startswith("AKIA"):  # the id of a key is no secret
                    self.tell(f"{what}, sealed", text)


def _tokens(ready: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in ready.items():
        if isinstance(value, dict):
            yield from _tokens(value)
        elif key in ("token", "secret_access_key", "IDENTITY_HEADER"):
            yield key, value


def _secret_values(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """Texts inside of secrets, and whose they are."""
    if isinstance(value, list):
        for item in value:
            yield from _secret_values(item, where)
    elif isinstance(value, dict):
        if "plaintext" in value:
            yield from ((where, text) for text in _texts(json.loads(value["plaintext"])))
        else:
            for key, item in value.items():
                yield from _secret_values(item, f"{where.rpartition(':')[2].split('.')[0]}.{key}")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def listen(ear: Ear) -> None:
    """Put the ear everywhere."""
    note, play = CredentialLog.note, Context.play
    make, run, state, up = Deployer.__init__, Deployer._run, Deployer.state, Deployer.up

    def noted(self: CredentialLog, *credentials: Credential) -> None:
        for credential in credentials:
            ear.tell(f"the {credential.kind} {credential.identity}", credential.secret.reveal())
            if credential.session_token:
                ear.tell(f"the session token {credential.identity}", credential.session_token.reveal())
        note(self, *credentials)

    def played(self: Context, *args: Any) -> Record:
        ear.tell_sandbox(self.sandbox)
        record = play(self, *args)
        ear.hear("records", record)
        return record

    def heard(self: Deployer, project: Project, stack: str, folder: Path, env: Mapping[str, str], **rest: Any) -> None:
        def told(event: Event) -> None:
            ear.hear("events", event)
            tell(event)

        def failed(details: str) -> None:
            if not ear.foreign:
                ear.hear("details", details)

        if not env:  # it only makes the stack: nothing happens that could be told, and nobody is attached to
            make(self, project, stack, folder, env, **rest)
            return
        tell: Callable[[Event], None] = rest.pop("on_event")
        attached = dict(provider.split(":") for provider in env[ATTACH].split(","))
        taps = {name: Tap(int(port), failed=failed) for name, port in attached.items()}
        attach = ",".join(f"{name}:{tap.port}" for name, tap in taps.items())
        spare = {"lightly-keys:spare": Secret(SPARE)}
        make(self, project, stack, folder, {**env, ATTACH: attach}, config=spare, on_event=told, **rest)

    def shown(self: Deployer, *, show_secrets: bool = False) -> State:
        found = state(self, show_secrets=show_secrets)
        if show_secrets:
            ear.tell_state(found)
        return found

    def ran(self: Deployer, *args: Any, **options: Any) -> Outcome:
        outcome = run(self, *args, **options)
        ear.hear("results", outcome)
        ear.hear_state(self._state_file.read_text())
        return outcome

    def previewed_up(self: Deployer, *, config: Any = None, **options: Any) -> Outcome:
        if ear.previews:
            ear.previews -= 1
            self.preview(config=config)
        return up(self, config=config, **options)

    replaced: list[tuple[Any, str, Any]] = [
        (CredentialLog, "note", noted), (Context, "play", played), (Deployer, "__init__", heard),
        (Deployer, "state", shown), (Deployer, "up", previewed_up), (Deployer, "_run", ran),
    ]  # fmt: skip
    for where, name, ours in replaced:
        setattr(where, name, ours)


def echo(context: Context) -> None:
    """First Lightly repeats what it was asked, then the clouds repeat everything."""
    lightly = context.sandbox.lightly
    with context.sandbox.faults(lightly, {"call": "verify", "echo": True}):
        context.refresh()
        context.reporter.lights(context.deployer.state())
        red = {light.dataset for light in context.red()}
        context.check(
            red == set(datasets(context.deployer.state())), "Lightly says that nothing is possible anywhere", red
        )
    with context.sandbox.faults(lightly, {"call": "verify", "status": 400, "echo": True}):
        context.check(not context.refresh().ok, "verifications are bad requests, and repeated")
    with context.sandbox.faults(lightly, {"call": "put_datasource", "status": 422, "echo": True}):
        _rotate(context, "refused registrations")
        context.check(not context.up().ok, "registrations are refused, and repeated")
    context.check(context.up().ok, "then all is well again")

    ear.foreign = True
    known = [credential.secret.reveal() for credential in registered(context.deployer.state(show_secrets=True))]
    known = list(dict.fromkeys([*known, context.sandbox.token.reveal()]))
    text = " ".join([json.dumps({"said": known}), html.escape(json.dumps(known)), *known, *map(_quoted, known)])
    tokens = " ".join(item for token in known if "sig=" in token for item in (token, _quoted(token)))
    _rotate(context, "refused by the clouds")
    faults = {
        "aws": [_fault(action, text) for action in ("iam:CreateAccessKey", "iam:GetUser", "iam:GetRole")],
        "azure": [_fault(action, tokens) for action in ("SetContainerAcl", "GetContainerAcl", "ListBlobs")],
        "gcs": [_fault(action, text) for action in ("iam.serviceAccountKeys.create", "iam.serviceAccounts.get")],
    }
    with contextlib.ExitStack() as struck:
        for name in faults.keys() & context.sandbox.services.keys():
            its = faults[name]
            struck.enter_context(context.sandbox.faults(context.sandbox.services[name].server, *its))
        context.check(not context.up().ok and not context.refresh().ok, "the clouds repeat all secrets")
    context.check(context.up(refresh=True).ok and not context.red(), "then all is well again")
    ear.foreign = False


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _fault(action: str, message: str) -> dict[str, Any]:
    return {"action": action, "status": 400, "code": "Malformed", "message": message, "times": 99}


def _rotate(context: Context, why: str) -> None:
    """New credentials are wanted from here on."""
    changed = json.loads(json.dumps(context.config[DATASETS]))
    for dataset, purpose in (("dashcam", "lightly"), ("tractors", "lightly"), ("beehives", "lightly")):
        if dataset in changed:
            changed[dataset][purpose]["rotate_now"] = why
    context.config |= {DATASETS: changed}


if __name__ == "__main__":
    place = Path(sys.argv[1]).resolve()
    ear = Ear(place)
    listen(ear)
    vars(verb)["shared"] = lambda: place / "project"  # its files are written there
    os.chdir(place / "project")
    at = [phase.name for phase in scenario.PHASES].index("break")
    between = Phase("echo", "Everybody repeats secrets.", echo)
    vars(rehearse)["PHASES"] = (*scenario.PHASES[:at], between, *scenario.PHASES[at:])
    ear.tell("the passphrase", os.environ["PULUMI_CONFIG_PASSPHRASE"])
    main(sys.argv[2:])
