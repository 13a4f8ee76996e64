"""What only a component takes: values that may be the outputs of another resource."""

from collections.abc import Mapping
from typing import Annotated

import pulumi

from lightly_access.kinds.s3 import names
from lightly_access.kinds.s3.fields import TagKey, TagValue
from lightly_access.tables.rules import obeys

OutputTags = Annotated[Mapping[TagKey, pulumi.Input[TagValue]], obeys(names.tags)]
