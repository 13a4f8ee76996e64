"""Rules on what is registered at Lightly, and on the credentials that it gets: verified, young, and secret."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from lightly_core import resource_types
from lightly_core.pulumi_values import Properties, Unknown, Value, leaves, secret_texts

from lightly_policies.guardrails import gcs, iam
from lightly_policies.guardrails.rule import Found, each, stack_rule
from lightly_policies.guardrails.view import Resource, Stack, UnknownValueError

DATASOURCE: Final = resource_types.DATASOURCE.token
VERIFICATION: Final = resource_types.VERIFICATION.token
_OLDEST: Final = 90
_STACK: Final = "pulumi:pulumi:Stack"
_LONG_ENOUGH: Final = 16
"""Shorter secrets are not looked for elsewhere: they would be found by chance."""
SECRET_OUTPUTS: Final[Mapping[str, tuple[str, ...]]] = {
    iam.KEY: ("secret", "sesSmtpPasswordV4"),
    gcs.KEY: ("privateKey",),
    **{row.token: row.secrets for row in resource_types.RESOURCES},
}
"""Properties that must be secret in the state, by type."""


@stack_rule(
    "datasource-verified",
    level="mandatory",
    severity="high",
    fix="add a lightly:index:Verification of its dataset that comes after it, or use LightlyDataset, which does",
    source="https://docs.lightly.ai/docs/cloud-storage",
)
def datasource_verified(stack: Stack) -> Iterator[Found]:
    """Every datasource is verified: nobody finds out later that Lightly cannot read."""
    verified: set[str] = set()
    for verification in stack.of(VERIFICATION):
        verified |= verification.dependencies
        verified |= {urn for urns in verification.property_dependencies.values() for urn in urns}
    for source in stack.of(DATASOURCE):
        if source.urn not in verified:
            yield Found("no Verification comes after it", source)


@stack_rule(
    "key-age",
    level="mandatory",
    severity="high",
    fix="replace the key: components do it every rotate_after days, 90 at most, at the next deployment",
    source="https://github.com/prowler-cloud/prowler",
    controls=("CIS AWS 7.0: 2.12", "CIS GCP 5.0: 1.8"),
    manifest="run `pulumi up`, which replaces it when `rotate_after` days are over (90 at most), or at once with "
    "`rotate_now: <any new text>`",
)
def key_age(stack: Stack) -> Iterator[Found]:
    """Keys of users and service accounts are at most 90 days old."""

    def check(key: Resource) -> Iterator[str]:
        name = "createDate" if key.type == iam.KEY else "validAfter"
        made = _moment(key.text(name))
        if made is None:
            yield f"{name} is {key.get(name)!r}, expected the time at which it was made"
        elif (stack.now - made).days > _OLDEST:
            yield f"it is {(stack.now - made).days} days old, expected {_OLDEST} at most"

    return each(stack.of(iam.KEY, gcs.KEY), check)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@stack_rule(
    "secret-in-plain",
    level="mandatory",
    severity="critical",
    fix="wrap it in pulumi.Output.secret, or name it in additional_secret_outputs; then replace it: the state has it",
    source="https://pulumi.com/docs/iac/concepts/state-and-backends/",
)
def secret_in_plain(stack: Stack) -> Iterator[Found]:
    """No secret stands in the state in clear: not where it is made, and not where it is passed on."""
    missing = []
    for resource in stack.resources:
        for name in SECRET_OUTPUTS.get(resource.type, ()):
            value = resource.properties.get(name)
            if name in resource.secret_outputs or _is_secret(value):
                continue
            if resource.knows(name):
                yield Found(f"its {name} is not a secret", resource)
            else:
                missing.append(f"{resource.name}.{name}")
        missing += [f"{resource.name}.{path}" for path in _unknown(resource.properties, secret=True)]
        if resource.type == _STACK:  # where secrets are shown by mistake
            missing += [f"{resource.name}.{path}" for path in _unknown(resource.properties, secret=False)]
    yield from _passed_on(stack)
    if missing:
        raise UnknownValueError(", ".join(missing))


def _passed_on(stack: Stack) -> Iterator[Found]:
    """Secrets of one resource that stand in clear in another, the stack's outputs among them."""
    clear = [(resource, path, text) for resource in stack.resources for path, text in _clear_texts(resource.properties)]
    everything = "\0".join(text for _, _, text in clear)
    secrets = {secret for resource in stack.resources for secret in secret_texts(resource.properties)}
    # An ARN is a name, also beside an external ID in a login that is secret as a whole.
    wanted = (secret for secret in secrets if len(secret) >= _LONG_ENOUGH and not secret.startswith("arn:"))
    leaked = [secret for secret in wanted if secret in everything]
    for resource, path, text in clear if leaked else ():
        if any(secret in text for secret in leaked):
            yield Found(f"its {path} holds a secret of the stack in clear", resource)


def _unknown(properties: Properties, *, secret: bool) -> Iterator[str]:
    found = leaves(properties)
    return (leaf.path for leaf in found if leaf.secret is secret and isinstance(leaf.value, Unknown))


def _clear_texts(properties: Properties) -> Iterator[tuple[str, str]]:
    found = leaves(properties)
    return ((leaf.path, leaf.value) for leaf in found if not leaf.secret and isinstance(leaf.value, str))


def _is_secret(value: Value) -> bool:
    """Whether all texts in it are secret, and what may be one."""
    return all(leaf.secret or leaf.value == "" or not isinstance(leaf.value, str | Unknown) for leaf in leaves(value))
