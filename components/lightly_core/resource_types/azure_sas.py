"""`lightly:index:AzureSas`."""

from lightly_core.resource_types.resource_type import FLAG, TEXT, Property, ResourceType

AZURE_SAS = ResourceType(
    "lightly:index:AzureSas",
    "The SAS token of one datasource, and the stored access policy that it lives by.",
    inputs=(
        Property("accountName", TEXT, "The storage account.", required=True, replaces=True),
        Property("accountKey", TEXT, "A key of the account; none for `user_delegation`.", secret=True),
        Property("endpoint", TEXT, "The account's blob endpoint (`primaryEndpoints.blob`).", required=True),
        Property("container", TEXT, "The container.", required=True, replaces=True),
        Property("directory", TEXT, "The directory inside it, ending in `/`; empty for the container.", replaces=True),
        Property(
            "hierarchical",
            FLAG,
            "Whether the account has a hierarchical namespace, so that the token can be bound to the directory.",
            default=False,
            replaces=True,
        ),
        Property("purpose", TEXT, "`INPUT` or `LIGHTLY`.", required=True, replaces=True),
        Property(
            "policy",
            TEXT,
            "What the stored access policy is for; another one is another token. As an output it is the policy's id, "
            "which ends in a part by chance: none comes back, and no token that was ended works again.",
            required=True,
            replaces=True,
        ),
        Property(
            "method",
            TEXT,
            "`stored_policy` (can be revoked at once) or `user_delegation` (lives 7 days at most, cannot "
            "be revoked alone).",
            required=True,
            replaces=True,
        ),
        Property(
            "start",
            TEXT,
            "When it begins, such as 2026-11-21T00:00:00Z; at least 15 minutes in the past, because clocks differ.",
            required=True,
        ),
        Property("expiry", TEXT, "When it ends.", required=True),
    ),
    results=(
        Property("permissions", TEXT, "What Azure has for it: `rl` or `rwdl`."),
        Property("sasToken", TEXT, "The token without `?`.", secret=True),
        Property("created", TEXT, "When it was signed, such as 2026-11-21T08:00:00Z."),
    ),
)
