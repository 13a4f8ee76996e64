"""The network that reading and writing is bound to, for programs of users: a wrong one is told without a traceback."""

from lightly_policies import network

from lightly_access.arguments.values import value_of_users


@value_of_users
class Network(network.Network):
    """Where reading and writing is allowed from: any of these. Raises ArgumentsError for what is none, or nothing.

    Attributes:
        vpc_ids: VPCs that reach S3 through an endpoint of their own; without one AWS does not know the VPC.
        cidrs: public addresses, such as those of NAT gateways, offices, and of people who look at the pages of Lightly.

    Example:
        office = Network(vpc_ids=("vpc-0a1b2c3d",), cidrs=("203.0.113.0/24",))
    """
