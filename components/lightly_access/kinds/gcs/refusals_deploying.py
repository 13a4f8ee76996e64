"""Refusals of Google Cloud to whoever deploys: they stand in the output of a deployment.

https://cloud.google.com/iam/docs/permission-error-messages, https://cloud.google.com/iam/quotas,
https://docs.cloud.google.com/storage/docs/json_api/v1/status-codes.md.txt; as users quote them:
https://github.com/terraform-google-modules/terraform-google-iam/issues/158 (a permission),
https://github.com/GoogleCloudPlatform/gke-autoneg-controller/issues/71 (a deleted role),
https://github.com/hashicorp/terraform-provider-google/issues/5107 (a role that is not supported there).
"""

from lightly_access.kinds.cause import Sign

SIGNS = (
    Sign(
        "gcs-deployer-lacks-permission",
        r"\A(?!.*Anonymous caller).*?(?:Permission '?|Required ['\"]?|does not have |permission: )"
        r"(?P<asked>(?:iam|resourcemanager|serviceusage|cloudkms|storage\.(?:buckets|managedFolders|hmacKeys))[\w.]*\.\w+)"
        r"(?! is not valid)",
        "whoever deploys lacks {asked}",
        "give it a role that has it in the store's project: roles/storage.admin, roles/iam.serviceAccountAdmin, "
        "roles/iam.serviceAccountKeyAdmin and roles/iam.roleAdmin have all that a deployment needs",
        False,
    ),
    Sign(
        "gcs-not-logged-in",
        r"could not find default credentials|default credentials were not found|application[- ]default|invalid_rapt|"
        r"rapt_required|reauth related error|Reauthentication (?:is )?(?:needed|failed|required)",
        "whoever deploys is not logged in to Google Cloud, or has to log in again",
        "`gcloud auth application-default login`, or set GOOGLE_CREDENTIALS",
        False,
    ),
    Sign(
        "gcs-exists-already",
        r"already own (?:it|this bucket)|requested bucket name is not available|bucket you tried to create "
        r"already exists|"
        r"Service account \S+ already exists|A role named \S+ .*already exists",
        "what shall be made exists already: another stack made it, a run that was killed, or somebody else",
        "use the bucket as it is (`create: false`) or name another one; `lightly-access recover --yes` takes over "
        "what a run of this stack left",
        False,
    ),
    Sign(
        "gcs-quota",
        r"Maximum number of (?:service accounts|keys|roles)|quotaExceeded|RESOURCE_EXHAUSTED|"
        r"Precondition check failed.{0,200}keys|keys?\b.{0,200}Precondition check failed",
        "a quota of the project is used up (100 service accounts, 300 custom roles, 10 keys an account)",
        "ask for more in the console (IAM, Quotas), or spread the stores over several projects: `accounts`",
        False,
    ),
    Sign(
        "gcs-domain-bucket",
        r"domain ownership verification|verified owner of the domain",
        "a bucket's name with dots is a domain's, and Google wants to know that the domain is yours",
        "name a bucket without dots in the store's `bucket`, or verify the domain "
        "(https://cloud.google.com/storage/docs/domain-name-verification)",
        False,
    ),
    Sign(
        "gcs-bucket-name",
        r"Invalid bucket name|bucket name .{0,60}(?:invalid|restricted|not allowed)",
        "the bucket's name breaks a rule of Cloud Storage",
        "correct the store's `bucket` (https://cloud.google.com/storage/docs/buckets#naming)",
        False,
    ),
    Sign(
        "gcs-bucket-not-empty",
        r"bucket you tried to delete (?:is|was) not empty|containing objects without `?force_destroy",
        "the bucket that shall go holds objects, or old versions of some",
        "move them away, or let them go with it: `force_destroy: true` for the store, `pulumi up`, and then again",
        False,
    ),
    Sign(
        "gcs-role-deleted",
        r"(?:role_id|role named).{0,160}(?:deleted state|soft.deleted)",
        "a custom role of this name was deleted, and its name stays taken",
        "for 7 days `gcloud iam roles undelete <role> --project <project>`, then `pulumi import`; later "
        "give the "
        "store another name in the manifest",
        False,
    ),
    Sign(
        "gcs-permission-not-for-roles",
        r"Permission (?P<asked>[\w.]+) is not valid",
        "a custom role of a project cannot hold {asked}: there is no such permission, or it is one of organisations",
        "look it up (https://cloud.google.com/iam/docs/custom-roles-permissions-support); ours hold "
        "storage.objects.* alone",
        False,
    ),
    Sign(
        "gcs-role-not-supported",
        r"Role \S+ is not supported for this resource",
        "that role cannot be granted there: it is no role of this project, or none of buckets",
        "name it whole, projects/<project>/roles/<role>; a custom role serves its own project alone",
        False,
    ),
    Sign(
        "gcs-condition-refused",
        r"condition.{0,80}(?:expression|invalid|not supported|malformed)|[Ee]xpression .{0,80}(?:pars|compil|invalid)|"
        r"Expression (?:could not|compilation)",
        "Google does not take the condition of a binding",
        "look at the bindings of the bucket's policy that are not ours (gcloud storage buckets get-iam-policy): "
        "ours name "
        "the path alone",
        False,
    ),
    Sign(
        "gcs-no-principal",
        r"Service account \S+ does not exist|Principal .{0,120}(?:does not exist|deleted)",
        "a policy names a service account that does not exist: deleted, or so new that not every server knows it",
        "run `pulumi up` again; if it was deleted, with `--refresh`, and take what is deleted out of the "
        "bucket's policy",
        True,
    ),
    Sign(
        "gcs-policy-changed-meanwhile",
        r"concurrent policy changes|conditionNotMet.{0,80}etag|etag.{0,80}(?:mismatch|does not match)",
        "somebody else changed the policy at the same moment",
        "run `pulumi up` again",
        True,
    ),
    Sign(
        "gcs-no-project",
        r"Unknown project|project .{0,80}(?:not found|does not exist)|PROJECT_NOT_FOUND|INVALID_PROJECT",
        "there is no such project, or whoever deploys does not see it",
        "correct the store's `project`: its id, not its name or number",
        False,
    ),
    Sign(
        "gcs-access-control-lists",
        r"legacy ACL|ACL .{0,80}uniform bucket-level access",
        "somebody asks for access control lists of a bucket that has none (uniform bucket-level access)",
        "nothing of ours does: take it out of the program that does",
        False,
    ),
    Sign(
        "gcs-token-over",
        r"invalid authentication credentials|UNAUTHENTICATED|ACCESS_TOKEN_(?:EXPIRED|TYPE_UNSUPPORTED)",
        "the token that was asked with is none of Google's, or is over: one lives for an hour",
        "`gcloud auth application-default login`, or a new GOOGLE_OAUTH_ACCESS_TOKEN; a pipeline asks for one when it "
        "begins",
        False,
    ),
)
