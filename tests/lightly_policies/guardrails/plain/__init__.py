"""A program of somebody else: plain pulumi_aws, none of our components."""
