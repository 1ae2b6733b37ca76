"""What can be done, in office verbs. Each act has four lines: find, refuse, decide, record."""
