"""What the resource classes have in common: everything that their rows in `lightly_core.resource_types` say."""

from typing import Any, Self

import pulumi
from lightly_core.resource_types.resource_type import ResourceType
from pulumi import Input, Output, ResourceOptions

from lightly_access.arguments.check import replace_init, with_keywords
from lightly_access.joined import sealed


class LightlyResource(pulumi.CustomResource):
    """A resource of the `lightly` provider. A subclass names its row, and spells out its outputs and arguments for
    editors and type checkers; a test holds both to the row."""

    _row: ResourceType
    _arguments: type

    def __init_subclass__(cls, row: ResourceType) -> None:
        super().__init_subclass__()
        cls._row, cls._arguments = row, _arguments_class(row)
        replace_init(cls, with_keywords(cls.__name__, row, cls.__init__))
        for output in row.outputs:
            if output.python_name != output.name:
                setattr(cls, output.python_name, pulumi.property(output.name))
        lines = [f"    {each.python_name}: {each.description}" for each in (*row.inputs, *row.results)]
        cls.__doc__ = "\n".join([(cls.__doc__ or "").rstrip(), "", "    Properties:", *lines])

    def __init__(self, resource_name: str, opts: ResourceOptions | None, **inputs: Any) -> None:
        row = self._row
        for each in row.inputs:
            if each.secret and inputs[each.python_name] is not None:
                inputs[each.python_name] = _secret(inputs[each.python_name])
        arguments: Any = self._arguments(**inputs)
        # The SDK creates an output for every name in the arguments, so the outputs are named too.
        arguments.__dict__.update({each.python_name: None for each in row.results})
        secrets = [
            each.python_name
            for each in row.outputs
            if each.secret and (each in row.results or inputs[each.python_name] is not None)
        ]
        opts = ResourceOptions.merge(opts, ResourceOptions(additional_secret_outputs=secrets))
        super().__init__(row.token, resource_name, arguments, opts)

    @classmethod
    def get(cls, resource_name: str, id: Input[str], opts: ResourceOptions | None = None) -> Self:
        """One that exists, read and not managed, by its id. Where the class says so, the provider refuses: what is only
        in the state that made it cannot be read."""
        return cls(resource_name, opts=ResourceOptions.merge(opts, ResourceOptions(id=id)))


def _secret(value: Any) -> Output[Any]:
    """A table may hold outputs, and is looked into."""
    return sealed(value) if isinstance(value, Output | str) else Output.secret(value)


def _arguments_class(row: ResourceType) -> type:
    """The SDK's class of arguments, with the names of the wire: it would translate the keys inside a plain dict too."""
    names = {each.python_name: pulumi.property(each.name, default=None) for each in row.inputs}
    annotations = dict.fromkeys(names, Any)
    made: type = pulumi.input_type(
        type(f"{row.token.rpartition(':')[2]}Args", (), {"__annotations__": annotations, **names})
    )
    return made
