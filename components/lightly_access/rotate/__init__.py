"""What is replaced when somebody says so, and what is not, because there is nothing of ours to replace."""
