"""Which texts of a resource's properties a scrubber hides: its secrets, and not all that is sealed together with them.

The credentials to probe with travel as one secret input. The ids of their keys, ARNs, regions and endpoints are no
secrets, and a cause without them says nothing.
"""

from lightly_core.pulumi_values import Properties, SecretValue, Value, plain
from lightly_core.resource_types import PROBED_CREDENTIAL
from lightly_core.scrub import Scrubber

from lightly_provider.handlers.probing import CREDENTIALS

_PUBLIC = frozenset(each.name for each in PROBED_CREDENTIAL.properties if not each.secret)


def learn(scrubber: Scrubber, properties: Properties) -> None:
    """Have it hide every secret of these."""
    sealed = {CREDENTIALS: _secret_part(properties[CREDENTIALS])} if CREDENTIALS in properties else {}
    scrubber.learn_from({**properties, **sealed})


def _secret_part(value: Value) -> Value:
    table = plain(value)
    if not isinstance(table, dict):
        return value
    entries = {purpose: entry if isinstance(entry, dict) else {"": entry} for purpose, entry in table.items()}
    return SecretValue(
        {
            purpose: {name: inner for name, inner in entry.items() if name not in _PUBLIC}
            for purpose, entry in entries.items()
        }
    )
