"""A local Azure: Azurite's blob service behind a gateway, with the part of Resource Manager that storage accounts need.

Reading order: `gateway` (one call from request to answer) -> `data` (the blob service: what Azurite does not decide is
decided here, the rest by Azurite) and `arm` (Resource Manager) -> `azurite` (the child process).

Data: `https://127.0.0.1:<tls_port>/<account>/<container>/<blob>`. Clients have to trust the CA whose file is
announced. Tried: obstore 0.12.1 takes `SSL_CERT_FILE` (read when a store is made; it replaces the system's roots) with
`endpoint="https://127.0.0.1:<tls_port>/<account>"`; azure-storage-blob takes `REQUESTS_CA_BUNDLE` or
`connection_verify=<file>`.

What is not here is refused by name. Left out knowingly: the dfs endpoint (so no POSIX ACLs; a hierarchical account has
the blob API and `sr=d`), soft-deleted data, network rules, deny assignments and conditions of role assignments,
asynchronous operations of Resource Manager (everything is done when the answer comes).

Whoever deploys owns every subscription and all blobs in it. Others are managed identities, which Resource Manager
makes: the roles that they are given decide on their calls (`access`, `blob_actions`), and on the tokens that they sign.
"""
