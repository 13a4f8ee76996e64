"""Where could a secret of a rehearsal be found? Everywhere that can be looked at, it is looked for."""
