"""The provider's own configuration: which server, and where the token comes from.

The token is never in the state. The engine asks CheckConfig for the inputs that it will store and hand to Configure, so
CheckConfig leaves the token out and keeps it in memory for the Configure that follows in the same process. A `refresh`
or `destroy` starts a process with what the state has and without CheckConfig; for the default provider the engine then
puts the stack's `lightly:*` config, decrypted, into the variable PULUMI_CONFIG of this process (read in Pulumi 3.260,
pkg/host/host.go), and else there is LIGHTLY_TOKEN.
"""

import json
from collections.abc import Mapping

from lightly_api.server_location import DEFAULT_SERVER, VARIABLE, ServerLocationError, server_location
from lightly_core.fault import Fault
from lightly_core.pulumi_values import Properties, Unknown, Value, plain
from lightly_core.resource_types.configuration import CONFIGURATION
from lightly_core.secret import Secret

from lightly_provider.handlers.handler import Checked
from lightly_provider.handlers.inputs import Inputs, text_of


class Settings:
    """Of one provider process. It serves one configuration after another when several engines attach to it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._checked: dict[str, Secret] = {}
        self._later: set[str] = set()
        self.token: Secret | None = None
        self.token_is_coming = False
        """Whether the token is one that a deployment will know and a preview cannot."""
        self.server = environ.get("LIGHTLY_SERVER_LOCATION") or DEFAULT_SERVER

    def check(self, urn: str, news: Mapping[str, Value]) -> Checked:
        """The config and what is wrong with it, by name. Its token is remembered for this provider."""
        inputs = Inputs(news, CONFIGURATION)
        token = inputs.text("token", _token, needed=False)
        inputs.text("serverLocation", server_location, needed=False)
        surrounding = self._environ.get(VARIABLE)
        if surrounding and not inputs.has("serverLocation") and (fault := server_location(surrounding)):
            inputs.fault("serverLocation", str(ServerLocationError(VARIABLE, surrounding, fault)))
        self._checked.pop(urn, None)
        (self._later.add if isinstance(plain(news.get("token")), Unknown) else self._later.discard)(urn)
        if token:
            self._checked[urn] = Secret(token)
        return inputs.checked()

    def use(self, urn: str, name: str, args: Properties) -> None:
        """Configure: `args` are the inputs that CheckConfig let through, or those of the state."""
        given = plain(args.get("token"))
        token = given if isinstance(given, str) and given else None
        if token is None and urn in self._checked:
            token = self._checked[urn].reveal()
        if token is None and name.startswith("default"):
            token = _stack_config(self._environ).get("token")
        token = token or self._environ.get("LIGHTLY_TOKEN")
        self.token = Secret(token) if token else None
        self.token_is_coming = urn in self._later or isinstance(given, Unknown)
        self.server = text_of(args, "serverLocation") or self._environ.get("LIGHTLY_SERVER_LOCATION") or DEFAULT_SERVER

    def secrets(self) -> list[Secret]:
        """Every token that it knows of, used or not."""
        texts = (self._environ.get("LIGHTLY_TOKEN"), _stack_config(self._environ).get("token"))
        tokens = (self.token, *self._checked.values(), *(Secret(text) for text in texts if text))
        return [token for token in tokens if token]


def changed_server(old: Properties, new: Properties) -> bool:
    """Whether two configs differ in the only thing that is stored."""
    before, after = plain(old.get("serverLocation")), plain(new.get("serverLocation"))
    return isinstance(after, Unknown) or before != after


def _token(value: str) -> Fault | None:
    good = bool(value) and value.isprintable() and not any(c.isspace() for c in value)
    return None if good else Fault("a token: printable characters without spaces")


def _stack_config(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The stack's config of this package as the engine hands it over; empty when it is absent or unreadable."""
    try:
        found = json.loads(environ.get("PULUMI_CONFIG", "{}"))
    except ValueError:
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}
