"""Whoever deploys to Google Cloud: who that is for each account of a manifest, and whether it may. Every call reads.

https://cloud.google.com/resource-manager/reference/rest/v1/projects/testIamPermissions and, for buckets,
https://cloud.google.com/storage/docs/json_api/v1/buckets/testIamPermissions say which of the permissions that they are
asked about the caller has. The login is found as `rest` finds it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from lightly_core.secret import Secret
from urllib3.exceptions import HTTPError

from lightly_access.doctor import http
from lightly_access.doctor.finding import Answer, ClockReading, Finding, NotReachedError, State
from lightly_access.doctor.question import Question
from lightly_access.doctor.stack import ClosedSecretError, Stack
from lightly_access.kinds.gcs.account import GcpProject
from lightly_access.kinds.gcs.deployer_permissions import of_buckets, of_project, projects
from lightly_access.kinds.gcs.rest import READ_WRITE, STORAGE, NoLoginError, Rest, emulator
from lightly_access.kinds.gcs.stack_login import actor_of, configured

_OAUTH = "https://oauth2.googleapis.com"
_PROJECTS = "https://cloudresourcemanager.googleapis.com"
_CREDENTIALS = "https://iamcredentials.googleapis.com"
_SHOWN = 6


def questions(stack: Stack) -> Iterator[Question]:
    """One an account: the login of stores without an owner, where it makes something, and each that is declared."""
    accounts = {name: each for name, each in stack.manifest.accounts.items() if isinstance(each, GcpProject)}
    plain = any(_permissions(stack, project, None) for project in projects(stack.manifest, None))
    for owner in [*([None] if plain else []), *accounts]:
        name = f"accounts.{owner}" if owner else "gcp"
        yield Question(f"{name} login", partial(ask, stack, owner), "Google Cloud")


def ask(stack: Stack, owner: str | None) -> Answer:
    """Who it is, and whether it may deploy in each project."""
    name = f"accounts.{owner}" if owner else "gcp"
    account = stack.manifest.accounts[owner] if owner else None
    assert account is None or isinstance(account, GcpProject)
    actor = actor_of(stack, owner)
    clocks: list[ClockReading] = []
    try:
        google = _Google(stack.environ, Rest(stack.environ, READ_WRITE, configured(stack)).token(), clocks)
        who = google.who()
        if actor:
            google.login, who = google.impersonated(actor), f"{actor}, impersonated by {who}"
        named = projects(stack.manifest, owner) or ((account.project,) if account else ())
        found = [finding for project in named for finding in _examined(name, stack, owner, project, google)]
    except ClosedSecretError as closed:
        fix = "log in where the stack's secrets are, or give its passphrase"
        return Answer((Finding(f"{name} login", State.BAD, str(closed), fix),))
    except HTTPError:
        raise NotReachedError(urlsplit(_OAUTH).netloc, "no connection") from None
    except NoLoginError as error:
        finding = Finding(f"{name} login", State.BAD, "there is no login of Google Cloud", str(error))
        return Answer((finding,), tuple(clocks))
    except _RefusedError as refused:
        finding = Finding(f"{name} login", State.BAD, refused.said, refused.fix)
        return Answer((finding,), tuple(clocks), reached=True)
    return Answer((Finding(f"{name} login", State.OK, who), *found), tuple(clocks[:1]), reached=True)


def _examined(name: str, stack: Stack, owner: str | None, project: str, google: "_Google") -> Iterator[Finding]:
    asked, lost = _permissions(stack, project, owner), list[str]()
    name = f"{name} permissions"
    try:
        for bucket, wanted in asked.items():
            has = google.has_on_bucket(bucket, wanted) if bucket else google.has_on_project(project, wanted)
            lost += [f"{each} on bucket {bucket}" if bucket else each for each in wanted if each not in has]
    except _RefusedError as refused:
        yield Finding(name, State.WARNING, f"project {project}: {refused.said}", refused.fix)
        return
    if lost:
        more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
        fix = "grant a role that has them: policies/README.md lists what a deployment needs in Google Cloud, and why"
        yield Finding(name, State.BAD, f"in project {project} it may not {', '.join(lost[:_SHOWN])}{more}", fix)
    elif asked:
        yield Finding(name, State.OK, f"all that it needs in project {project}")


def _permissions(stack: Stack, project: str, owner: str | None) -> dict[str, tuple[str, ...]]:
    """What is needed by bucket; on the project itself, by an empty name."""
    whole = of_project(stack.manifest, project, owner)
    return {**({"": whole} if whole else {}), **of_buckets(stack.manifest, project, owner)}


class _RefusedError(Exception):
    """Google refused; the fix is for whoever deploys."""

    def __init__(self, said: str, fix: str) -> None:
        self.said, self.fix = said, fix
        super().__init__(said)


@dataclass
class _Google:
    """A few calls of Google's APIs, with a login. Methods raise _RefusedError, NoLoginError or NotReachedError."""

    environ: Mapping[str, str]
    login: Secret
    clocks: list[ClockReading]

    def who(self) -> str:
        """What the token endpoint tells of the token; a token without the scope `email` names its client alone."""
        status, found = self._ask("POST", _OAUTH, "/tokeninfo")
        if status >= 400:
            fix = "gcloud auth application-default login, or a new GOOGLE_OAUTH_ACCESS_TOKEN: it lives for an hour"
            raise _RefusedError(f"the token is refused (HTTP {status})", fix)
        return str(found.get("email") or f"client {found.get('azp', 'unknown')}")

    def impersonated(self, email: str) -> Secret:
        """A token of the service account."""
        path = f"/v1/projects/-/serviceAccounts/{quote(email)}:generateAccessToken"
        status, found = self._ask("POST", _CREDENTIALS, path, {"scope": [READ_WRITE], "lifetime": "300s"})
        if status >= 400 or not isinstance(found.get("accessToken"), str):
            fix = f"grant your login roles/iam.serviceAccountTokenCreator on {email}"
            raise _RefusedError(f"{email} cannot be impersonated (HTTP {status})", fix)
        return Secret(found["accessToken"])

    def has_on_project(self, project: str, wanted: tuple[str, ...]) -> frozenset[str]:
        """Those of the permissions that the login has on the project."""
        path = f"/v1/projects/{quote(project)}:testIamPermissions"
        return self._has(f"project {project}", *self._ask("POST", _PROJECTS, path, {"permissions": [*wanted]}))

    def has_on_bucket(self, bucket: str, wanted: tuple[str, ...]) -> frozenset[str]:
        """Those of the permissions that the login has on the bucket, by the project or by the bucket itself."""
        query = urlencode([("permissions", each) for each in wanted])
        path = f"/storage/v1/b/{quote(bucket, safe='')}/iam/testPermissions?{query}"
        return self._has(f"bucket {bucket}", *self._ask("GET", STORAGE, path))

    def _has(self, what: str, status: int, found: dict[str, Any]) -> frozenset[str]:
        if status >= 400:
            fix = "is its name right, and are the APIs of Cloud Resource Manager and Cloud Storage on in the project?"
            raise _RefusedError(f"what it may do with {what} cannot be asked (HTTP {status})", fix)
        return frozenset(found.get("permissions", ()))

    def _ask(self, method: str, base: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        url = f"{emulator(self.environ) or base}{path}"
        try:
            return http.ask(method, url, self.login, self.clocks, body)
        except http.CertificateError as wrong:
            fix = "is there a proxy that opens TLS? SSL_CERT_FILE names the file of its authority"
            raise _RefusedError(str(wrong), fix) from None
