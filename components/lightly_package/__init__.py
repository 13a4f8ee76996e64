"""The component package: the components for Pulumi programs in TypeScript, Go, C#, Java, YAML and Python.

A plugin of its own beside the `lightly` provider: Pulumi finds a plugin by the first word of a resource's type, and
`lightly-access:aws:S3Bucket` is what deployed stacks are made of. This process loads the SDK of a cloud when the first
component of that cloud is made.
"""
