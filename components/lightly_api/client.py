"""Lightly's REST API, the calls that the provider makes; knows no Pulumi.

Paths and bodies are those of Lightly's own client 1.5.26
(`lightly/openapi_generated/swagger_client/api/{datasets_api,datasources_api,docker_api}.py`). The token travels in
the query, as it does there; no URL is ever part of a message. Unknown fields in answers are ignored.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from lightly_core.capability import Capability, Purpose
from lightly_core.scrub import Scrubber
from lightly_core.secret import Secret

from lightly_api.errors import RefusedError, UnreadableAnswerError
from lightly_api.retry import RetryPolicy, TransientError
from lightly_api.transport import HttpTransport, NoAnswerError, Request, Response, Transport

_CREATOR = "USER_PIP"
_DETAIL, _LONGEST = 300, 1000  # characters of a refusal, and of what is said of one light
_VERIFIED = {
    Capability.LIST: "canList",
    Capability.READ: "canRead",
    Capability.WRITE: "canWrite",
    Capability.OVERWRITE: "canOverwrite",
}
_CREDENTIALS_REFUSED = {"DATASET_DATASOURCE_CREDENTIALS_ERROR", "DATASET_DATASOURCE_INVALID"}


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset as Lightly describes it: `type` is Lightly's word (`Images`), `samples` None when it did not say."""

    id: str
    name: str
    type: str
    samples: int | None


@dataclass(frozen=True, slots=True)
class Permissions:
    """What Lightly's verification found: per capability true, false or None (not said), and its words of refusal."""

    can: Mapping[Capability, bool | None]
    errors: Mapping[Capability, str] = field(default_factory=dict)


class LightlyApi:
    """One server and one token. Every method raises LightlyError with a sentence that can be shown."""

    def __init__(
        self,
        token: Secret,
        server: str,
        *,
        transport: Transport | None = None,
        retry_policy: RetryPolicy | None = None,
        scrubber: Scrubber | None = None,
    ) -> None:
        self._token = token
        self._transport = transport or HttpTransport(server)
        self._patience = retry_policy or RetryPolicy()
        self._scrubber = scrubber or Scrubber()
        self._scrubber.learn(token.reveal())

    def dataset_named(self, name: str) -> Dataset | None:
        """The dataset of exactly this name that the token's owner has."""
        what = f"look up dataset {name!r}"
        return self._patience.keep_trying(what, lambda left: self._dataset_named(what, name, left))

    def dataset(self, dataset_id: str) -> Dataset | None:
        """The dataset of this id; None when it is gone."""
        what = f"read dataset {dataset_id}"
        found = self._unless_missing(what, "GET", _dataset_path(dataset_id))
        return _dataset(what, found) if found else None

    def datasets(self, most: int) -> tuple[Dataset, ...]:
        """Datasets that the token's owner has, in Lightly's order, at most so many of them."""
        what = "list the datasets"
        query = {"shared": "False", "pageSize": str(most), "pageOffset": "0"}
        found = self._call(what, "GET", "/v1/datasets", query=query)
        if found is not None and not isinstance(found, list):
            raise UnreadableAnswerError(what, "with something that is no list of datasets")
        return tuple(_dataset(what, item) for item in found or [])[:most]

    def create_dataset(self, name: str, kind: str) -> str:
        """Make a dataset of Lightly's type `kind` and return its id.

        When an answer is lost the name is looked up before the request is sent again, and what is found then is taken
        as made by the lost one: there are never two. The caller has looked up the name before.
        """
        what = f"create dataset {name!r}"
        unsure = False

        def attempt(left: float) -> str:
            nonlocal unsure
            if unsure and (found := self._dataset_named(what, name, left)):
                return found.id
            try:
                made = self._send(what, "POST", "/v1/datasets", left, {"name": name, "type": kind, "creator": _CREATOR})
            except _LostError:
                unsure = True
                raise
            except RefusedError as refusal:  # the lost request was carried out after we looked
                if unsure and refusal.status == 409 and (found := self._dataset_named(what, name, left)):
                    return found.id
                raise
            return _id(what, made)

        return self._patience.keep_trying(what, attempt)

    def rename_dataset(self, dataset_id: str, name: str) -> None:
        """Give a dataset another name."""
        self._call(f"rename dataset {dataset_id} to {name!r}", "PUT", _dataset_path(dataset_id), {"name": name})

    def delete_dataset(self, dataset_id: str) -> None:
        """Delete a dataset; one that is gone already is deleted."""
        self._unless_missing(f"delete dataset {dataset_id}", "DELETE", _dataset_path(dataset_id))

    def put_datasource(self, dataset_id: str, purpose: Purpose, body: Mapping[str, Any]) -> None:
        """Register, or register anew, the datasource of this purpose."""
        what = f"register the {purpose} datasource of dataset {dataset_id}"
        self._call(what, "PUT", f"{_dataset_path(dataset_id)}/datasource", {**body, "purpose": str(purpose)})

    def datasource(self, dataset_id: str, purpose: Purpose) -> Mapping[str, Any] | None:
        """The datasource of this purpose as Lightly stores it, secrets possibly masked; None when there is none."""
        what = f"read the {purpose} datasource of dataset {dataset_id}"
        path = f"{_dataset_path(dataset_id)}/datasource"
        found = self._unless_missing(what, "GET", path, {"purpose": str(purpose)})
        if found is None:
            return None
        if not isinstance(found, dict):
            raise UnreadableAnswerError(what, "with something that is no datasource")
        return found

    def verify(self, dataset_id: str) -> Permissions:
        """Ask Lightly to use the registered credentials. There is no purpose parameter: it speaks of the dataset."""
        what = f"verify dataset {dataset_id}"
        try:
            found = self._call(what, "GET", f"{_dataset_path(dataset_id)}/datasource/verify")
        except RefusedError as refusal:
            if refusal.code not in _CREDENTIALS_REFUSED:
                raise
            return Permissions(dict.fromkeys(_VERIFIED, False), dict.fromkeys(_VERIFIED, refusal.detail))
        if not isinstance(found, dict):
            raise UnreadableAnswerError(what, "without permissions")
        return self._permissions(found)

    def create_worker_config(
        self, selection: Mapping[str, Any], *, process_all: bool = False, bypass_verify: bool = False
    ) -> str:
        """Store what a run of the worker shall select, version 4 as Lightly's client sends it; its id.

        `bypass_verify`: the worker does not first ask Lightly's servers whether they can read and write.

        One that nobody schedules does nothing, so a lost answer is asked for again.
        """
        what = "store the configuration of a run"
        options = {"processAll": process_all, "bypassVerify": bypass_verify}
        chosen = {name: True for name, value in options.items() if value}
        docker = {"docker": {"datasource": chosen}} if chosen else {}
        config = {"workerType": "FULL", **docker, "selection": {**selection, "autoTasks": []}}
        body = {"version": "V4", "creator": _CREATOR, "config": config}
        return _id(what, self._call(what, "POST", "/v1/docker/worker/config/vX", body))

    def schedule_run(self, dataset_id: str, config_id: str, runs_on: Sequence[str] = ()) -> str:
        """Put a run of the worker into the queue of a dataset, for workers with all these labels; its id.

        When an answer is lost the queue is looked at before the request is sent again: a configuration is scheduled
        once.
        """
        what = f"schedule a run for dataset {dataset_id}"
        path = f"{_dataset_path(dataset_id)}/docker/worker/schedule"
        body = {"configId": config_id, "priority": "MID", "runsOn": [*runs_on], "creator": _CREATOR}
        unsure = False

        def attempt(left: float) -> str:
            nonlocal unsure
            if unsure and (found := self._scheduled(what, path, config_id, left)):
                return found
            try:
                return _id(what, self._send(what, "POST", path, left, body))
            except _LostError:
                unsure = True
                raise

        return self._patience.keep_trying(what, attempt)

    def _scheduled(self, what: str, path: str, config_id: str, left: float) -> str | None:
        """The run of this configuration in the queue."""
        found = self._send(what, "GET", path, left)
        if found is not None and not isinstance(found, list):
            raise UnreadableAnswerError(what, "with something that is no list of runs")
        ours = (run for run in found or [] if isinstance(run, dict) and run.get("configId") == config_id)
        return next((_id(what, run) for run in ours), None)

    def _permissions(self, found: Mapping[str, Any]) -> Permissions:
        can = {light: found[key] if isinstance(found.get(key), bool) else None for light, key in _VERIFIED.items()}
        given = found.get("errors")
        errors = given if isinstance(given, dict) else {}
        texts = {light: errors[key] for light, key in _VERIFIED.items() if isinstance(errors.get(key), str)}
        return Permissions(can, {light: self._shown(text, _LONGEST) for light, text in texts.items()})

    def _dataset_named(self, what: str, name: str, left: float) -> Dataset | None:
        query = {"shared": "False", "exact": "True", "pageSize": "5000", "pageOffset": "0"}
        found = self._send(what, "GET", f"/v1/datasets/query/name/{quote(name, safe='')}", left, query=query)
        if found is not None and not isinstance(found, list):
            raise UnreadableAnswerError(what, "with something that is no list of datasets")
        return next((dataset for item in found or [] if (dataset := _dataset(what, item)).name == name), None)

    def _unless_missing(self, what: str, method: str, path: str, query: Mapping[str, str] | None = None) -> Any:
        try:
            return self._call(what, method, path, query=query)
        except RefusedError as refusal:
            if refusal.status == 404:
                return None
            raise

    def _call(
        self,
        what: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Any:
        return self._patience.keep_trying(what, lambda left: self._send(what, method, path, left, body, query))

    def _send(
        self,
        what: str,
        method: str,
        path: str,
        left: float,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Any:
        """One exchange. Raises TransientError (`_Lost` when it may have had its effect), RefusedError or Unreadable."""
        sent = json.dumps(body).encode() if body is not None else None
        try:
            answer = self._transport(
                Request(method, path, {**(query or {}), "token": self._token.reveal()}, sent, left)
            )
        except NoAnswerError as failure:
            if failure.lasting:
                raise UnreadableAnswerError(what, f"nothing: {failure.reason}") from None
            raise (_LostError if failure.sent else TransientError)(failure.reason) from None
        if answer.status < 300:
            return _json(what, method, answer)
        raise self._failure(what, answer)

    def _failure(self, what: str, answer: Response) -> Exception:
        code, detail = self._words(answer)
        wait = self._patience.retry_after(answer.headers.get("retry-after"))
        reason = f"Lightly answered {answer.status}" + (f" ({detail})" if detail else "")
        if answer.status == 429:
            return TransientError(reason, wait)
        if answer.status == 408 or answer.status >= 500:
            return _LostError(reason, wait)
        return RefusedError(what, answer.status, code, detail)

    def _words(self, answer: Response) -> tuple[str, str]:
        """Lightly's error code and its text, on one line, cut and scrubbed; an HTML page is only named."""
        text = answer.body.decode("utf-8", "replace").strip()
        if text.startswith("<"):
            return "", "an HTML page"
        try:
            found = json.loads(text)
        except ValueError:
            return "", self._shown(text, _DETAIL)
        if not isinstance(found, dict):
            return "", ""
        code, error = str(found.get("code") or ""), str(found.get("error") or "")
        return code, self._shown(": ".join(filter(None, (code, error))), _DETAIL)

    def _shown(self, text: str, longest: int) -> str:
        """Scrubbed, then cut: half a secret (a key file is longer than any message) would not be known as one."""
        return _one_line(self._scrubber.scrub(text), longest)


class _LostError(TransientError):
    """The request may have been carried out."""


def _dataset_path(dataset_id: str) -> str:
    return f"/v1/datasets/{quote(dataset_id, safe='')}"


def _json(what: str, method: str, answer: Response) -> Any:
    if not answer.body.strip():
        return None
    try:
        return json.loads(answer.body)
    except ValueError:
        if method in ("PUT", "DELETE"):  # done, and nothing in the answer is needed
            return None
        kind = "an HTML page" if answer.body.lstrip().startswith(b"<") else "something that is no JSON"
        raise UnreadableAnswerError(what, f"{answer.status} with {kind}") from None


def _id(what: str, found: object) -> str:
    value = found.get("id") if isinstance(found, dict) else None
    if not isinstance(value, str) or not value:
        raise UnreadableAnswerError(what, "without an id")
    return value


def _dataset(what: str, found: object) -> Dataset:
    dataset_id = _id(what, found)
    assert isinstance(found, dict)
    samples = found.get("nSamples")
    counted = samples if isinstance(samples, int) and not isinstance(samples, bool) else None
    return Dataset(dataset_id, str(found.get("name", "")), str(found.get("type", "")), counted)


def _one_line(text: str, longest: int) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= longest else f"{line[:longest]}..."
