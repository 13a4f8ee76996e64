"""What differs in AWS from what we deployed: a role, a user with its group and keys, the policy of the bucket."""
