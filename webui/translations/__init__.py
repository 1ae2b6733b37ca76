"""English for every Chinese sentence of the pages: one catalogue per room, all of them read together."""
