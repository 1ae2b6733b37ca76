"""What an administrator does from a terminal: one module per kind of work, each command as short as a view."""
