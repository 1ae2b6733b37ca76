"""The vocabulary of the engine: facts, officers, refusals, calendars. Pure: no database, no diagram."""
