"""The local Google Cloud: Cloud Storage (JSON and XML API), IAM (accounts, keys, custom roles), a token endpoint.

Everything is in memory. Nobody is let in without a token that this cloud gave or a signature of a key that it made, and
every call is authorised against the bucket's IAM policy, conditions included. What is not here is refused by name.
"""
