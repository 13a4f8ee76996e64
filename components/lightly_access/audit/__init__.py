"""What exists already, at Lightly and in the cloud, compared with what Lightly needs: `lightly-access audit`.

Reading (`*/reading.py`, the edge) gives facts; comparing (pure) turns facts into findings; nothing changes anything.
"""
