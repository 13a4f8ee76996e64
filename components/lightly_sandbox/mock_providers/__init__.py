"""Stand-ins for Pulumi's cloud providers, over the local clouds: the resource types that our components use, no more.

What a stand-in accepts and returns has exactly the names of the SDK's classes. What it does not implement it refuses by
name. Read `resource.py` (what a type is), then a table such as `aws/table.py`, then `server.py` (gRPC).
"""
