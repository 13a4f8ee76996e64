"""What the mock providers for Pulumi's cloud providers share. They have the resource types that our components use.

What a mock provider accepts and returns has exactly the names of the SDK (`sdk.py`). What it does not implement it
refuses by name. Read `resource.py` (what a type is), then a table such as `kinds/s3/mock_provider/table.py`, then
`server.py` (gRPC).
"""
