"""What only a component takes: values that may be the outputs of another resource."""

from collections.abc import Mapping
from typing import Annotated

import pulumi

from lightly_access.kinds.gcs import names
from lightly_access.tables.rules import obeys

_Name = Annotated[str, obeys(names.label_key)]
_Value = Annotated[str, obeys(names.label_value)]
OutputLabels = Annotated[Mapping[_Name, pulumi.Input[_Value]], obeys(names.labels)]
