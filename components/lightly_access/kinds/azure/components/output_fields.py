"""What only a component takes: values that may be the outputs of another resource."""

from collections.abc import Mapping
from typing import Annotated

import pulumi

from lightly_access.kinds.azure import names
from lightly_access.tables.rules import obeys

_Name = Annotated[str, obeys(names.tag_name)]
_Value = Annotated[str, obeys(names.tag_value)]
OutputTags = Annotated[Mapping[_Name, pulumi.Input[_Value]], obeys(names.tags)]
