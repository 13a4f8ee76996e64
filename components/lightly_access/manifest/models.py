"""The tables of the manifest that are the same for every kind of store: Dataset, Verify, the tags.

The descriptions are what editors show, through the JSON Schema. A rule between two fields stands at the later one.
"""

from typing import Annotated

from pydantic import ConfigDict, Field, RootModel

from lightly_access.kinds.s3.fields import Tags
from lightly_access.tables import fields
from lightly_access.tables.datasource import Datasource
from lightly_access.tables.rules import only_with
from lightly_access.tables.table import Table

_NOT_ADOPTED = only_with("adopt", False, "an adopted dataset is kept on destroy: leave one of the two out")


class Dataset(Table):
    """A dataset at Lightly: where Lightly reads raw data from (input), and where it also writes (lightly)."""

    type: fields.DatasetType = Field(description="What the dataset holds: images or videos")
    adopt: bool = Field(
        default=False, description="Take over a dataset of this name that exists at Lightly; destroy keeps it"
    )
    force_destroy: Annotated[bool, _NOT_ADOPTED] = Field(
        default=False, description="Let destroy delete the dataset together with its samples"
    )
    input: Datasource = Field(description="INPUT: where Lightly lists and reads the raw data")
    lightly: Datasource = Field(description="LIGHTLY: where Lightly also writes thumbnails, frames and predictions")


class Verify(Table):
    """How a verification waits until the clouds have caught up with a deployment."""

    deadline: fields.Deadline = Field(
        default=120, description="Seconds after which a light that is not as expected is final"
    )
    confirmations: fields.Confirmations = Field(
        default=2, description="Good answers in a row that make a dataset verified"
    )
    probe: bool = Field(
        default=True,
        description="Also try what each access key can really do; whoever deploys must reach the store for that",
    )


class TagTable(RootModel[Tags]):
    """Tags of everything that is made in AWS and Azure; Google's labels stand at each store."""

    model_config = ConfigDict(strict=True, frozen=True)
