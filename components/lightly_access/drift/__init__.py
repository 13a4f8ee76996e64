"""What somebody changed beside a deployment: rights that we did not give, and what we made and is no more."""
