"""The rig's cloud: one JSON file, so that effects survive a run and a test can act behind the engine's back.

`things` are what exists, by id. `switches` is what goes wrong or slow, set by a test between two runs:

    fail       {"create" | "update" | "delete" | "read": [names]}   the call fails and nothing happens
    unhealthy  [names]             created, updated or read, but not healthy (a partial failure)
    slow       {name: seconds}     create, update and delete take at least this long
    meet       [names]             each create, update or delete of these waits until all of them have begun: they must
                                   run side by side
"""

import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

MEET_SECONDS = 20.0


class RefusedError(Exception):
    """The cloud did not do it; the text says what and why."""


class Cloud:
    """The file at `path`; made when it is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._met = threading.Condition()
        self._arrived: set[str] = set()

    def read(self) -> dict[str, Any]:
        """All that the file holds."""
        if not self.path.exists():
            return {"things": {}, "made": {}, "switches": {}}
        data: dict[str, Any] = json.loads(self.path.read_text())
        return data

    def change(self, how: Callable[[dict[str, Any]], None]) -> None:
        """Change the content as one step, for other threads and after a crash alike."""
        with self._lock:
            data = self.read()
            how(data)
            draft = self.path.with_suffix(".draft")
            draft.write_text(json.dumps(data, indent=1))
            os.replace(draft, self.path)

    def prepare(self, switches: Mapping[str, Any], drift: Mapping[str, Mapping[str, object] | None]) -> None:
        """Replace all switches, then change or remove (None) things behind the engine's back, by name."""
        self._arrived.clear()
        self.change(lambda data: data.update(switches=dict(switches)))
        for name, values in drift.items():
            self._drift(name, values)

    def _drift(self, name: str, values: Mapping[str, object] | None) -> None:
        def apply(data: dict[str, Any]) -> None:
            newest = [thing_id for thing_id, thing in data["things"].items() if thing["name"] == name][-1]
            if values is None:
                del data["things"][newest]
            else:
                data["things"][newest]["inputs"].update(values)

        self.change(apply)

    def make(self, kind: str, name: str, inputs: Mapping[str, Any]) -> str:
        """Add a thing; its id is the name and how often one of that name was made: the same on every engine."""
        made = ""

        def apply(data: dict[str, Any]) -> None:
            nonlocal made
            data["made"][name] = data["made"].get(name, 0) + 1
            made = f"{name}-{data['made'][name]}"
            data["things"][made] = {"kind": kind, "name": name, "inputs": dict(inputs), "revision": 1}

        self.change(apply)
        return made

    def get(self, thing_id: str) -> dict[str, Any] | None:
        """The thing, or None when it is gone."""
        thing: dict[str, Any] | None = self.read()["things"].get(thing_id)
        return thing

    def update(self, thing_id: str, inputs: Mapping[str, Any]) -> None:
        """Give the thing these inputs and the next revision. Raises RefusedError when it is gone."""

        def apply(data: dict[str, Any]) -> None:
            if thing_id not in data["things"]:
                raise RefusedError(f"{thing_id} does not exist")
            thing = data["things"][thing_id]
            thing.update(inputs=dict(inputs), revision=thing["revision"] + 1)

        self.change(apply)

    def remove(self, thing_id: str) -> None:
        """Remove the thing. Raises RefusedError when it is gone: a second delete is an engine's mistake."""

        def apply(data: dict[str, Any]) -> None:
            if data["things"].pop(thing_id, None) is None:
                raise RefusedError(f"{thing_id} does not exist")

        self.change(apply)

    def weather(self, verb: str, name: str) -> None:
        """Be slow, wait for others, or raise Refused, as the switches say."""
        switches = self.read()["switches"]
        if verb != "read" and name in switches.get("meet", ()):
            self._meet(name, set(switches["meet"]))
        if verb != "read":
            time.sleep(switches.get("slow", {}).get(name, 0))
        if name in switches.get("fail", {}).get(verb, ()):
            raise RefusedError(f"the cloud refused to {verb} {name}")

    def unhealthy(self, name: str) -> bool:
        """Whether the thing shall be reported as made but not healthy."""
        return name in self.read()["switches"].get("unhealthy", ())

    def _meet(self, name: str, all_of_them: set[str]) -> None:
        with self._met:
            self._arrived.add(name)
            self._met.notify_all()
            if not self._met.wait_for(lambda: all_of_them <= self._arrived, MEET_SECONDS):
                raise RefusedError(f"{name} waited alone: the engine does not work side by side")
