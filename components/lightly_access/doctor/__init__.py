"""What a deployment needs of this machine, of Lightly and of the clouds, examined without changing anything."""
