"""Questions to the records: they never write."""
