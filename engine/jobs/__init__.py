"""Work that takes longer than a page may: it is asked for at the desk, done in parts, and goes on where it stopped."""
