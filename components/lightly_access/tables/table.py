"""What the tables of all kinds of store have in common."""

from pydantic import BaseModel, ConfigDict, Field

from lightly_access.tables.names import StoreNames
from lightly_access.tables.rules import only_with

CREATED = only_with("create", True, "an adopted store is never changed: leave this out, or set create: true")
VERSIONED = only_with("versioning", True, "there are no old versions without versioning: true")
OWNER = (
    "The name of one of the accounts, whose this is; without it your own login leads there. Decide before the first "
    "deployment: another account is another provider to Pulumi, which then makes everything of this store anew"
)


class Table(BaseModel):
    """A table of the manifest: no key that we do not know, no value turned into another type, never changed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class AccountTable(Table):
    """The table of an account; each cloud adds its keys."""

    aliases: StoreNames = Field(
        default=(),
        description="The keys that the account had before, in any order: its stores keep all that was made. Once it is "
        "deployed under its new key they may go",
    )


class StoreTable(Table):
    """The table of a store; each kind adds its keys, and narrows `kind` to its own name."""

    kind: str
    aliases: StoreNames = Field(
        default=(),
        description="The keys that the store had before, in any order: it keeps all that was made under them. Once it "
        "is deployed under its new key they may go",
    )
