"""A project of one's own: the files that `lightly-access init` writes. Pure: answers in, texts out."""
