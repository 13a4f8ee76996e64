"""The rig's resources as classes for programs, written as an SDK would be generated."""

from collections.abc import Sequence

import pulumi

Text = pulumi.Input[str] | None


class Thing(pulumi.CustomResource):
    """`value`, `links`, `password` update in place, `key` replaces, `slot` replaces with delete before create."""

    handle: pulumi.Output[str]
    revision: pulumi.Output[int]
    value: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        value: Text = None,
        key: Text = None,
        slot: Text = None,
        links: Sequence[pulumi.Input[str]] | None = None,
        password: Text = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        props = {"value": value, "key": key, "slot": slot, "links": links, "password": password}
        super().__init__("rig:index:Thing", name, {**props, "handle": None, "revision": None}, opts)


class Credential(pulumi.CustomResource):
    """Like an access key: any change makes a new one, whose `secret` is an output."""

    key_id: pulumi.Output[str]
    secret: pulumi.Output[str]

    def __init__(
        self, name: str, user: pulumi.Input[str], generation: Text, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        props = {"user": user, "generation": generation, "key_id": None, "secret": None}
        super().__init__("rig:index:Credential", name, props, opts)

    def translate_output_property(self, prop: str) -> str:
        return {"keyId": "key_id"}.get(prop, prop)

    def translate_input_property(self, prop: str) -> str:
        return {"key_id": "keyId"}.get(prop, prop)


class Verification(pulumi.CustomResource):
    """Healthy or not, as the cloud's switches say."""

    verified: pulumi.Output[bool]

    def __init__(self, name: str, target: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rig:index:Verification", name, {"target": target, "verified": None}, opts)


class Group(pulumi.ComponentResource):
    """A component with nothing of its own."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rig:index:Group", name, {}, opts)


class Provider(pulumi.ProviderResource):
    """An explicit provider; another `region` replaces everything that it made."""

    def __init__(self, name: str, region: str, token: Text = None, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rig", name, {"region": region, "token": token}, opts)


def lookup(name: pulumi.Input[str], opts: pulumi.InvokeOutputOptions | None = None) -> pulumi.Output[dict[str, str]]:
    """The function `rig:index:lookup`."""
    return pulumi.runtime.invoke_output("rig:index:lookup", {"name": name}, opts)
