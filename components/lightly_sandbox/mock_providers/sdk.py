"""What the SDK of a provider knows of its resource types, functions and settings.

A mock provider accepts and returns exactly these names; which of them it implements is in its table. An SDK takes long
to import, so it is asked only for a name that the table does not have.
"""

import importlib
import inspect
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from pulumi._types import input_type_py_to_pulumi_names, input_type_types, resource_py_to_pulumi_names


class Sdk:
    """One package, such as `pulumi_aws`."""

    def __init__(self, package: str) -> None:
        self._package = package

    @property
    def version(self) -> str:
        """The installed version, which is that of the provider."""
        return version(self._package.replace("_", "-"))

    def resource(self, token: str) -> Any:
        """The class of a type, such as `aws:s3/bucket:Bucket`."""
        return getattr(self._module(token), token.split(":")[2])

    def arguments(self, token: str, *path: str) -> Any:
        """The class of its inputs, or of those of a nested object. Raises LookupError when there is none."""
        resource = self.resource(token)
        module, name = inspect.getmodule(resource), resource.__name__
        found = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
        for step in path:
            found = next(_classes(input_type_types(found)[step]), None)
            if found is None:
                raise LookupError(f"{token} has no object at {'.'.join(path)}")
        return found

    def inputs(self, token: str, *path: str) -> frozenset[str]:
        """The names of its inputs, or of the fields of a nested object."""
        return frozenset(input_type_py_to_pulumi_names(self.arguments(token, *path)).values())

    def required(self, token: str, *path: str) -> frozenset[str]:
        """The inputs that must be given."""
        arguments = self.arguments(token, *path)
        names = input_type_py_to_pulumi_names(arguments)
        parameters = inspect.signature(arguments.__init__).parameters.items()
        empty = inspect.Parameter.empty
        return frozenset(names[name] for name, parameter in parameters if name in names and parameter.default is empty)

    def outputs(self, token: str) -> frozenset[str]:
        return frozenset(resource_py_to_pulumi_names(self.resource(token)).values())

    def secrets(self, token: str) -> frozenset[str]:
        """The outputs that the SDK marks as secret."""
        source = inspect.getsource(self.resource(token)._internal_init)
        _, _, marked = source.partition("additional_secret_outputs=[")
        return frozenset(name.strip().strip('"') for name in marked.partition("]")[0].split(",") if name.strip())

    def parameters(self, token: str) -> frozenset[str]:
        """The arguments of a function, such as `aws:index/getRegion:getRegion`, as the wire has them."""
        signature = inspect.signature(getattr(self._module(token), _snake(token.split(":")[2])))
        return frozenset(_camel(name) for name in signature.parameters if name != "opts")

    def results(self, token: str) -> frozenset[str]:
        """The names in the answer of a function, as the wire has them."""
        name = token.split(":")[2]
        result = getattr(self._module(token), f"{name[0].upper()}{name[1:]}Result")
        return frozenset(_camel(name) for name in inspect.signature(result.__init__).parameters if name != "self")

    def settings(self) -> frozenset[str]:
        """The names of the provider's settings."""
        arguments = importlib.import_module(self._package).ProviderArgs
        return frozenset(input_type_py_to_pulumi_names(arguments).values())

    def _module(self, token: str) -> Any:
        module = token.split(":")[1].split("/")[0]
        return importlib.import_module(self._package if module == "index" else f"{self._package}.{module}")


def _classes(annotation: Any) -> Iterator[Any]:
    """The argument classes in a type such as `Input[Sequence[Input[RuleArgs]]]`."""
    if inspect.isclass(annotation) and annotation.__name__.endswith("Args"):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _classes(inner)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)
