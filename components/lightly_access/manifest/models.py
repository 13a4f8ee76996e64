"""The tables of the manifest that are the same for every kind of store: Dataset, Verify, the tags.

The descriptions are what editors show, through the JSON Schema. A rule between two fields stands at the later one.
"""

from collections.abc import Mapping
from typing import Annotated

from lightly_core.capability import Purpose
from lightly_core.fault import Fault
from lightly_core.lightly_rules import DELETE, KEEP
from pydantic import AfterValidator, ConfigDict, Field, RootModel, ValidationInfo

from lightly_access.kinds.s3.fields import Tags
from lightly_access.tables import fields, names
from lightly_access.tables.datasource import Datasource
from lightly_access.tables.rules import only_with, refuse
from lightly_access.tables.table import Table

_ADOPTED = only_with("adopt", True, "what is registered with a dataset of ours is ours: leave it out")
_NOT_ADOPTED = only_with("adopt", False, "an adopted dataset is kept on destroy: leave one of the two out")


def _goes(value: str | None, info: ValidationInfo) -> str | None:
    """An adopted dataset stays whatever happens, and nobody can keep and force at once."""
    if value == DELETE and info.data.get("adopt"):
        raise refuse(Fault("it only with adopt: false", "an adopted dataset is kept: leave one of the two out"))
    if value == KEEP and info.data.get("force_destroy"):
        raise refuse(Fault("it only without force_destroy: true", "keep it, or let it go: leave one of the two out"))
    return value


class Dataset(Table):
    """A dataset at Lightly: where Lightly reads raw data from (input), and where it also writes (lightly)."""

    type: fields.DatasetType = Field(description="What the dataset holds: images or videos")
    name: names.DatasetName | None = Field(default=None, description="Its name at Lightly. Default: its key here")
    aliases: names.DatasetNames = Field(
        default=(),
        description="The keys that it had before, in any order: it keeps all that was made under them. Once it is "
        "deployed under its new key they may go",
    )
    adopt: bool = Field(
        default=False, description="Take over a dataset of this name that exists at Lightly; destroy keeps it"
    )
    replace_registered: Annotated[bool, _ADOPTED] = Field(
        default=False,
        description="Register also where an adopted dataset has other datasources already: their secrets are then lost",
    )
    rename_adopted: bool = Field(
        default=False,
        description="Let another name rename a dataset that was adopted or imported, for everybody who uses it",
    )
    force_destroy: Annotated[bool, _NOT_ADOPTED] = Field(
        default=False, description="When the entry goes, delete the dataset at Lightly together with its samples"
    )
    on_remove: Annotated[fields.OnRemove, AfterValidator(_goes)] | None = Field(
        default=None,
        description="What becomes of the dataset at Lightly when the entry goes: keep (default), or delete, which "
        "spares one that holds samples. Lightly's access ends either way",
    )
    revoked: bool = Field(
        default=False, description="End Lightly's access now; the dataset, its samples and your data stay"
    )
    input: Datasource = Field(description="INPUT: where Lightly lists and reads the raw data")
    lightly: Datasource = Field(description="LIGHTLY: where Lightly also writes thumbnails, frames and predictions")

    @property
    def sources(self) -> Mapping[Purpose, Datasource]:
        """Both datasources by their purpose."""
        return {Purpose.INPUT: self.input, Purpose.LIGHTLY: self.lightly}


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
