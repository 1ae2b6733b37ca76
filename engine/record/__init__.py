"""The only writers: facts become rows, entries of the chain, and one snapshot of the engine's state."""
