"""What manifest/ says is made, registered at Lightly, and verified."""

from lightly_access import deploy_stack

deploy_stack()
