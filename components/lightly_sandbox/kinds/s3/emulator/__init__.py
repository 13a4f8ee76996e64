"""A local AWS: moto's S3, IAM and KMS behind a gateway that authenticates and authorises every call.

Reading order: `gateway` (one call from request to answer) -> `call` (what came in) -> `authenticate` (who) ->
`operation` (what is asked, of which resource) -> `authorise` (may he) -> `moto_backends` (do it).
"""
